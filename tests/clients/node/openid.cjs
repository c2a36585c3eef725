// openid-client as a relying party. Says on its last line, as JSON, what came of one journey.
const { pathToFileURL } = require("node:url");
const { Browser } = require("./browser.cjs");

const asked = JSON.parse(process.argv[2]);
const browser = new Browser();
let oidc; // it is no CommonJS module

async function found() {
  const insecure = asked.issuer.startsWith("http:") ? [oidc.allowInsecureRequests] : [];
  const prove = { basic: oidc.ClientSecretBasic, post: oidc.ClientSecretPost }[asked.method];
  const proof = prove ? prove(asked.secret) : oidc.None();
  const execute = [...insecure, oidc.enableNonRepudiationChecks]; // the signature is checked by the JWKS
  return oidc.discovery(new URL(asked.issuer), asked.client, undefined, proof, { execute });
}

// The address at which a sign-in begins, and what its answer is checked against.
async function begun(config, parameters = {}) {
  const verifier = oidc.randomPKCECodeVerifier();
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: asked.callback,
    scope: "openid email",
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
    ...parameters,
  });
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
  return { url: url.href, checks };
}

async function signedIn(config, more = {}) {
  const { url, checks } = await begun(config);
  const back = await browser.signIn(url, asked, asked.callback);
  return oidc.authorizationCodeGrant(config, new URL(back), { ...checks, ...more });
}

const journeys = {
  async code() {
    const config = await found();
    const tokens = await signedIn(config);
    const claims = tokens.claims();
    const info = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
    const fresh = await oidc.refreshTokenGrant(config, tokens.refresh_token);
    return { claims, info, fresh: fresh.claims(), keys: oidc.getJwksCache(config).jwks.keys.length };
  },
  // A sign-in in another browser: its beginning, and its end with the address that the browser came back to.
  async begin() {
    return begun(await found(), asked.parameters);
  },
  async finish() {
    const config = await found();
    const tokens = await oidc.authorizationCodeGrant(config, new URL(asked.back), asked.checks);
    const claims = tokens.claims();
    return { claims, info: await oidc.fetchUserInfo(config, tokens.access_token, claims.sub) };
  },
  async otherState() {
    return signedIn(await found(), { expectedState: "another" });
  },
  async otherNonce() {
    return signedIn(await found(), { expectedNonce: "another" });
  },
  async otherVerifier() {
    return signedIn(await found(), { pkceCodeVerifier: oidc.randomPKCECodeVerifier() });
  },
  async otherUser() {
    const config = await found();
    return oidc.fetchUserInfo(config, (await signedIn(config)).access_token, "another");
  },
  async revocation() {
    const config = await found();
    const tokens = await signedIn(config);
    await oidc.tokenRevocation(config, tokens.refresh_token);
    return { refused: await refused(oidc.refreshTokenGrant(config, tokens.refresh_token)) };
  },
  async endSession() {
    const config = await found();
    await signedIn(config);
    await signedIn(config, {}); // by the session's cookie alone
    const end = oidc.buildEndSessionUrl(config, { logout_uri: asked.bye });
    const { url } = await browser.go(end.href, (address) => address.startsWith(asked.bye));
    const again = oidc.buildAuthorizationUrl(config, { redirect_uri: asked.callback, scope: "openid" });
    const page = await browser.go(again.href, (address) => address.startsWith(asked.callback));
    return { url, then: new URL(page.url).pathname };
  },
  async clientCredentials() {
    return oidc.clientCredentialsGrant(await found(), asked.scope ? { scope: asked.scope } : {});
  },
};

const refused = (promise) => promise.then(() => null, told);
const told = (error) => ({
  error: error.error ?? error.code ?? error.name,
  description: error.error_description,
  message: error.message,
});

async function main() {
  oidc = await import(pathToFileURL(require.resolve("openid-client")));
  return journeys[asked.journey]();
}

main().then(
  (answer) => console.log(JSON.stringify(answer)),
  (error) => console.log(JSON.stringify({ ...told(error), cause: error.cause?.message })),
);
