// The Model Context Protocol's TypeScript SDK: an agent that signs a user in to call an MCP server.
// Says on its last line, as JSON, what the server answered and how the agent was known.
const { Client } = require("@modelcontextprotocol/sdk/client/index.js");
const { StreamableHTTPClientTransport } = require("@modelcontextprotocol/sdk/client/streamableHttp.js");
const { UnauthorizedError } = require("@modelcontextprotocol/sdk/client/auth.js");
const { Browser } = require("./browser.cjs");

const asked = JSON.parse(process.argv[2]);

class Agent {
  clientMetadataUrl = asked.document;
  opened = [];
  kept = {};
  get redirectUrl() { return asked.callback; }
  get clientMetadata() {
    return { redirect_uris: [asked.callback], client_name: "Example Agent", token_endpoint_auth_method: asked.method };
  }
  clientInformation() { return this.kept.client; }
  saveClientInformation(client) { this.kept.client = client; }
  tokens() { return this.kept.tokens; }
  saveTokens(tokens) { this.kept.tokens = tokens; }
  saveCodeVerifier(verifier) { this.kept.verifier = verifier; }
  codeVerifier() { return this.kept.verifier; }
  redirectToAuthorization(url) { this.opened.push(url.href); }
}

async function called(agent) {
  const client = new Client({ name: "agent", version: "1.0.0" });
  let transport = new StreamableHTTPClientTransport(new URL(asked.server), { authProvider: agent });
  try {
    await client.connect(transport);
  } catch (error) {
    if (!(error instanceof UnauthorizedError)) throw error;
    const back = await new Browser().signIn(agent.opened.at(-1), asked, asked.callback);
    await transport.finishAuth(new URL(back).searchParams.get("code"));
    transport = new StreamableHTTPClientTransport(new URL(asked.server), { authProvider: agent });
    await client.connect(transport);
  }
  const result = await client.callTool({ name: "whoami", arguments: {} });
  await client.close();
  return result.content[0].text;
}

async function main() {
  const agent = new Agent();
  const first = await called(agent);
  const tokens = agent.kept.tokens;
  agent.kept.tokens = { ...tokens, access_token: `${tokens.access_token}x` }; // the server refuses it
  const again = await called(agent);
  const renewed = agent.kept.tokens.access_token !== tokens.access_token;
  return { first, again, renewed, client: agent.kept.client.client_id, signIns: agent.opened.length };
}

main().then((answer) => console.log(JSON.stringify(answer)), (error) => console.log(JSON.stringify({ error: String(error) })));
