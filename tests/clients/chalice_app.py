"""An API in Chalice, as its documentation writes one: CognitoUserPoolAuthorizer, and a route without it."""

from chalice import Chalice, CognitoUserPoolAuthorizer

app = Chalice(app_name="shop")
pool = CognitoUserPoolAuthorizer(
    "Shop", provider_arns=["arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Shop"]
)


@app.route("/health")
def health():
    return {"status": "ok"}


@app.route("/me", authorizer=pool)
def me():
    return app.current_request.context.get("authorizer", {})
