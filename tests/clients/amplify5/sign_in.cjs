// One sign-in with Amplify 5, which is configured by the text of aws-exports.js and nothing else.
globalThis.navigator ??= { userAgent: "node", platform: "node" }; // it names the device by its browser
const { Amplify } = require("@aws-amplify/core");
const { Auth } = require("@aws-amplify/auth");

const asked = JSON.parse(process.argv[2]);
const exported = {};
new Function("exported", asked.exports.replace("export default", "exported.found ="))(exported);
Amplify.configure(exported.found);

async function main() {
  const user = await Auth.signIn(asked.username, asked.password);
  const session = await Auth.currentSession();
  const attributes = await Auth.userAttributes(user);
  return {
    claims: session.getIdToken().payload,
    attributes: Object.fromEntries(attributes.map((of) => [of.Name, of.Value])),
    configured: Auth.configure(),
  };
}

main().then(
  (answer) => console.log(JSON.stringify(answer)),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
