// One sign-in with Amplify. Says on its last line, as JSON, what came of it.
globalThis.navigator ??= { userAgent: "node", platform: "node" }; // it names the device by its browser
const { Amplify } = require("aws-amplify");
const auth = require("aws-amplify/auth");
const { cognitoUserPoolsTokenProvider } = require("aws-amplify/auth/cognito");

const asked = JSON.parse(process.argv[2]);
const kept = new Map(Object.entries(asked.storage ?? {}));

Amplify.configure({
  Auth: {
    Cognito: { userPoolId: asked.pool, userPoolClientId: asked.client, userPoolEndpoint: asked.url },
  },
});
cognitoUserPoolsTokenProvider.setKeyValueStorage({
  setItem: async (key, value) => void kept.set(key, value),
  getItem: async (key) => kept.get(key) ?? null,
  removeItem: async (key) => void kept.delete(key),
  clear: async () => kept.clear(),
});

const ANSWERS = {
  CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED: "newPassword",
  CONFIRM_SIGN_IN_WITH_SMS_CODE: "code",
  CONFIRM_SIGN_IN_WITH_EMAIL_CODE: "code",
  CONFIRM_SIGN_IN_WITH_TOTP_CODE: "code",
  CONFIRM_SIGN_IN_WITH_PASSWORD: "password",
  CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE: "answer",
  CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION: "choice",
  CONTINUE_SIGN_IN_WITH_MFA_SELECTION: "choice",
};

async function main() {
  const steps = [];
  const options = { authFlowType: asked.flow ?? "USER_SRP_AUTH" };
  if (asked.preferred) options.preferredChallenge = asked.preferred;
  let { nextStep } = await auth.signIn({ username: asked.username, password: asked.password, options });
  while (nextStep.signInStep !== "DONE") {
    steps.push(nextStep.signInStep);
    const challengeResponse = asked[ANSWERS[nextStep.signInStep]];
    if (challengeResponse === undefined || steps.length > 6) throw new Error(nextStep.signInStep);
    ({ nextStep } = await auth.confirmSignIn({ challengeResponse }));
  }
  const answer = { steps, ...(await session()) };
  if (asked.then?.includes("refresh")) answer.refreshed = (await session({ forceRefresh: true })).access;
  if (asked.then?.includes("devices")) {
    await auth.rememberDevice();
    answer.devices = (await auth.fetchDevices()).map((of) => of.id);
  }
  if (asked.then?.includes("attributes")) answer.attributes = await auth.fetchUserAttributes();
  if (asked.then?.includes("signOut")) await auth.signOut({ global: true });
  answer.storage = Object.fromEntries(kept);
  return answer;
}

async function session(options) {
  const { tokens } = await auth.fetchAuthSession(options);
  return { id: tokens.idToken.payload, access: tokens.accessToken.payload };
}

main().then(
  (answer) => console.log(JSON.stringify(answer)),
  (error) => console.log(JSON.stringify({ error: error.name, message: error.message }))
);
