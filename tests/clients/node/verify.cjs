// aws-jwt-verify on tokens. Says on its last line, as JSON, the claims of each or why it is refused.
const { CognitoJwtVerifier, JwtVerifier } = require("aws-jwt-verify");
const { SimpleJwksCache } = require("aws-jwt-verify/jwk");

const asked = JSON.parse(process.argv[2]);

// Its own fetcher takes https alone; this one takes the keys from the server, whatever the issuer is called.
const fetcher = { fetch: async () => (await fetch(asked.jwks)).arrayBuffer() };

async function verifier() {
  const made = asked.options.userPoolId ? CognitoJwtVerifier : JwtVerifier;
  if (asked.keys === "fetcher") return made.create(asked.options, { jwksCache: new SimpleJwksCache({ fetcher }) });
  const plain = made.create(asked.options);
  if (asked.keys === "cached") plain.cacheJwks(await (await fetch(asked.jwks)).json());
  return plain;
}

async function main() {
  const one = await verifier();
  const answers = {};
  for (const [name, token] of Object.entries(asked.tokens)) {
    answers[name] = await one.verify(token).catch((error) => ({ error: error.constructor.name }));
  }
  return answers;
}

main().then((answers) => console.log(JSON.stringify(answers)));
