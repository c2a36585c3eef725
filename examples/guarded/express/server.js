// An API in Express, behind a guard: PORT=3000 node server.js
const express = require("express");

const app = express();

// Who called: the authorizer's part of the request context, as in the event of a Lambda function.
app.use((request, _response, next) => {
  const context = JSON.parse(request.get("x-amzn-request-context") ?? "{}");
  request.caller = context.authorizer ?? {};
  next();
});

app.get("/health", (_request, response) => response.json({ status: "ok" }));

app.get("/me", (request, response) => {
  const { claims } = request.caller.jwt;
  response.json({ name: claims["cognito:username"], groups: claims["cognito:groups"] });
});

app.get("/reports/:report", (request, response) => {
  const { identityId } = request.caller.iam.cognitoIdentity;
  response.json({ report: request.params.report, identity: identityId });
});

const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => {
  console.log(`listening on ${server.address().port}`);
});
