const answer = (content) => ({
  statusCode: 200,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(content),
});

exports.health = async () => answer({ status: "ok" });
exports.me = async (event) => answer(event.requestContext.authorizer ?? {});
