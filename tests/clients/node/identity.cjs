// One sign-in with amazon-cognito-identity-js. Says on its last line, as JSON, what came of it.
const { AuthenticationDetails, CognitoUser, CognitoUserPool } = require("amazon-cognito-identity-js");

const asked = JSON.parse(process.argv[2]);
const kept = new Map(Object.entries(asked.storage ?? {}));
const Storage = {
  setItem: (key, value) => kept.set(key, value),
  getItem: (key) => kept.get(key) ?? null,
  removeItem: (key) => kept.delete(key),
  clear: () => kept.clear(),
};
const pool = new CognitoUserPool({
  UserPoolId: asked.pool,
  ClientId: asked.client,
  endpoint: asked.url,
  Storage,
});
const user = new CognitoUser({ Username: asked.username, Pool: pool, Storage });
const steps = [];

function told(session) {
  return {
    steps,
    id: session.getIdToken().payload,
    access: session.getAccessToken().payload,
    refresh: session.getRefreshToken().getToken(),
  };
}

function signIn() {
  return new Promise((resolve, reject) => {
    const callbacks = {
      onSuccess: (session, necessary) => resolve({ session, necessary }),
      onFailure: reject,
      newPasswordRequired: (attributes) => {
        steps.push("newPasswordRequired");
        user.completeNewPasswordChallenge(asked.newPassword, {}, callbacks);
      },
      mfaRequired: () => {
        steps.push("mfaRequired");
        user.sendMFACode(asked.code, callbacks);
      },
      totpRequired: () => {
        steps.push("totpRequired");
        user.sendMFACode(asked.code, callbacks, "SOFTWARE_TOKEN_MFA");
      },
      customChallenge: (parameters) => {
        steps.push(`customChallenge ${parameters.question}`);
        user.sendCustomChallengeAnswer(asked.answer, callbacks);
      },
    };
    const details = new AuthenticationDetails({ Username: asked.username, Password: asked.password });
    if (asked.flow) user.setAuthenticationFlowType(asked.flow);
    if (asked.flow === "CUSTOM_AUTH" && !asked.password) user.initiateAuth(details, callbacks);
    else user.authenticateUser(details, callbacks);
  });
}

const call = (name, ...given) =>
  new Promise((resolve, reject) =>
    user[name](...given, (error, result) => (error ? reject(error) : resolve(result)))
  );

const answers = (name) =>
  new Promise((resolve, reject) => user[name]({ onSuccess: resolve, onFailure: reject }));

async function main() {
  const { session, necessary } = await signIn();
  let answer = told(session);
  answer.necessary = necessary ?? null;
  if (asked.then?.includes("remember")) answer.remembered = await answers("setDeviceStatusRemembered");
  if (asked.then?.includes("attributes"))
    answer.attributes = Object.fromEntries(
      (await call("getUserAttributes")).map((of) => [of.getName(), of.getValue()])
    );
  if (asked.then?.includes("refresh"))
    answer.refreshed = told(await call("refreshSession", session.getRefreshToken())).access;
  if (asked.then?.includes("signOut")) answer.signedOut = await answers("globalSignOut");
  answer.storage = Object.fromEntries(kept);
  return answer;
}

main().then(
  (answer) => console.log(JSON.stringify(answer)),
  (error) => console.log(JSON.stringify({ error: error.name, message: error.message, steps }))
);
