// Auth.js, the core of NextAuth, with its Cognito provider, as the server of a site. Tells as JSON who is signed in.
const { pathToFileURL } = require("node:url");
const { Browser } = require("./browser.cjs");

const asked = JSON.parse(process.argv[2]);
const site = "http://localhost:3000/auth";
const cookies = new Map();

async function main() {
  const { Auth, skipCSRFCheck } = await import(pathToFileURL(require.resolve("@auth/core")));
  const { default: Cognito } = await import(pathToFileURL(require.resolve("@auth/core/providers/cognito")));
  const errors = [];
  const config = {
    basePath: "/auth",
    trustHost: true,
    secret: "testing",
    skipCSRFCheck,
    logger: { error: (error) => errors.push(error.cause?.err?.error ?? error.cause?.err?.message ?? error.message) },
    providers: [
      Cognito({
        clientId: asked.client,
        clientSecret: asked.secret,
        issuer: asked.issuer,
        checks: ["pkce", "state", "nonce"],
      }),
    ],
  };

  const ask = async (url, method = "GET") => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await Auth(new Request(url, { method, headers: { cookie } }), config);
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]*)=([^;]*)/.exec(line);
      cookies.set(name, value);
    }
    return answer;
  };

  const begun = await ask(`${site}/signin/cognito`, "POST");
  const back = await new Browser().signIn(begun.headers.get("location"), asked, asked.callback);
  const done = await ask(asked.tamper ? back.replace(/state=[^&]*/, "state=another") : back);
  const session = await (await ask(`${site}/session`)).json();
  return { location: done.headers.get("location"), user: session?.user ?? null, errors };
}

main().then((answer) => console.log(JSON.stringify(answer)));
