// AWS Amplify's API clients at guarded APIs: REST and GraphQL, signed with credentials, and with tokens.
// usage: node guarded.cjs '{"url", "tokens": {"id_token", "access_token"}, "credentials": {…}, "query"}'
const { Amplify } = require("aws-amplify");
const { get } = require("aws-amplify/api");
const { generateClient } = require("aws-amplify/api");
const { decodeJWT } = require("aws-amplify/auth");

const asked = JSON.parse(process.argv[2]);
const { tokens, credentials } = asked;

const session = {
  Auth: {
    tokenProvider: {
      getTokens: async () => ({ accessToken: decodeJWT(tokens.access_token), idToken: decodeJWT(tokens.id_token) }),
    },
    credentialsProvider: {
      getCredentialsAndIdentityId: async () => ({
        credentials: {
          accessKeyId: credentials.AccessKeyId,
          secretAccessKey: credentials.SecretKey,
          sessionToken: credentials.SessionToken,
        },
      }),
      clearCredentialsAndIdentityId: () => {},
    },
  },
};

Amplify.configure(
  {
    API: {
      REST: { shop: { endpoint: `${asked.url}/_api/shop/prod`, region: "us-east-1", service: "execute-api" } },
      GraphQL: { endpoint: `${asked.url}/_api/graph/graphql`, region: "us-east-1", defaultAuthMode: "userPool" },
    },
  },
  session,
);

async function rest(path) {
  try {
    const { statusCode, body } = await get({ apiName: "shop", path }).response;
    return [statusCode, await body.json()];
  } catch (error) {
    return [error.response?.statusCode, JSON.parse(error.response?.body ?? "null")];
  }
}

async function graphql(authMode) {
  try {
    return await generateClient().graphql({ query: asked.query, authMode });
  } catch (error) {
    return { data: error.data, errors: error.errors };
  }
}

(async () => {
  console.log(
    JSON.stringify({
      allowed: await rest("/free/a"),
      denied: await rest("/premium/b"),
      iam: await graphql("iam"),
      pool: await graphql("userPool"),
    }),
  );
})();
