// A site behind cognito-at-edge: somebody comes, signs in, comes again, and signs out. Says on its last line, as JSON,
// what the authenticator answered to each request.
const { Authenticator } = require("cognito-at-edge");
const { Browser } = require("./browser.cjs");

const asked = JSON.parse(process.argv[2]);
const SITE = "site.example";
const authenticator = new Authenticator({
  region: "us-east-1",
  userPoolId: asked.pool,
  userPoolAppId: asked.client,
  userPoolAppSecret: asked.secret,
  userPoolDomain: asked.domain,
  logLevel: "silent",
  logoutConfiguration: { logoutUri: "/signout", logoutRedirectUri: `https://${SITE}/bye` },
});

// The event of CloudFront for a request with these cookies.
function event(address, cookies = {}) {
  const { pathname, search } = new URL(address, `https://${SITE}`);
  const cookie = Object.entries(cookies).map(([name, value]) => ({ key: "Cookie", value: `${name}=${value}` }));
  const headers = { host: [{ key: "Host", value: SITE }], ...(cookie.length ? { cookie } : {}) };
  return { Records: [{ cf: { request: { uri: pathname, querystring: search.slice(1), headers } } }] };
}

async function handled(address, cookies) {
  try {
    const answer = await authenticator.handle(event(address, cookies));
    if (!answer.status) return { forwarded: answer.uri };
    const set = (answer.headers["set-cookie"] ?? []).map(({ value }) => /^([^=]*)=([^;]*)/.exec(value));
    return {
      status: answer.status,
      location: answer.headers.location[0].value,
      cookies: Object.fromEntries(set.map(([, name, value]) => [name, value])),
    };
  } catch (error) {
    return { error: error.response?.data?.error ?? String(error) };
  }
}

async function main() {
  const left = await handled("/private?page=2");
  const back = await new Browser().signIn(left.location, asked, `https://${SITE}`);
  const entered = await handled(back);
  const named = (suffix) => Object.keys(entered.cookies).find((name) => name.endsWith(suffix));
  const [id, refresh] = [named(".idToken"), named(".refreshToken")];
  const { [id]: token, ...withoutIdToken } = entered.cookies;
  return {
    left,
    back,
    entered: { ...entered, cookies: Object.keys(entered.cookies) },
    again: await handled("/private", entered.cookies),
    forged: await handled("/private", { [id]: `${token.slice(0, -8)}AAAAAAAA` }),
    renewed: await handled("/private", withoutIdToken),
    out: await handled("/signout", entered.cookies),
    afterwards: await handled("/private", { [refresh]: entered.cookies[refresh] }),
    replayed: await handled(back),
  };
}

main().then((answer) => console.log(JSON.stringify(answer)));
