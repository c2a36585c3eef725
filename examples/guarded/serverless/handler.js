// Functions that are the same on AWS: there the event has the request context, here a header brings it.
const authorizerOf = (event) => {
  const header = event.headers["x-amzn-request-context"];
  return (header ? JSON.parse(header) : event.requestContext).authorizer;
};
const answer = (content) => ({
  statusCode: 200,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(content),
});

exports.health = async () => answer({ status: "ok" });

exports.me = async (event) => {
  const { claims } = authorizerOf(event).jwt;
  return answer({ name: claims["cognito:username"], groups: claims["cognito:groups"] });
};

exports.report = async (event) => {
  const { identityId } = authorizerOf(event).iam.cognitoIdentity;
  return answer({ report: event.pathParameters.report, identity: identityId });
};
