// passport-openidconnect: two requests of one visitor, as Express would make them. Tells as JSON what came of it.
const Strategy = require("passport-openidconnect");
const { Browser } = require("./browser.cjs");

const asked = JSON.parse(process.argv[2]);
const settings = {
  issuer: asked.issuer,
  authorizationURL: `${asked.url}/oauth2/authorize`,
  tokenURL: `${asked.url}/oauth2/token`,
  userInfoURL: `${asked.url}/oauth2/userInfo`,
  clientID: asked.client,
  clientSecret: asked.secret,
  callbackURL: asked.callback,
  scope: ["email", "profile"],
  nonce: "once",
};

function outcome(request) {
  return new Promise((resolve) => {
    const verify = (issuer, profile, done) => done(null, { issuer, ...profile });
    const strategy = new Strategy(settings, verify);
    strategy.redirect = (url) => resolve({ redirect: url });
    strategy.success = (user) => resolve({ user });
    strategy.fail = (info, status) => resolve({ failed: info.message, status });
    strategy.error = (error) => resolve({ error: error.code ?? error.message });
    strategy.authenticate(request, {});
  });
}

async function main() {
  const session = {};
  const { redirect } = await outcome({ session, query: {} });
  const back = await new Browser().signIn(redirect, asked, asked.callback);
  const query = Object.fromEntries(new URL(back).searchParams);
  return outcome({ session, query: asked.tamper ? { ...query, state: "another" } : query });
}

main().then((answer) => console.log(JSON.stringify(answer)));
