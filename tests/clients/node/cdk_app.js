// Synthesises two stacks with aws-cdk-lib: a user pool with all that belongs to it, and an identity pool that imports it.
const cdk = require("aws-cdk-lib");
const cognito = require("aws-cdk-lib/aws-cognito");
const iam = require("aws-cdk-lib/aws-iam");
const lambda = require("aws-cdk-lib/aws-lambda");
const s3 = require("aws-cdk-lib/aws-s3");

const { outdir } = JSON.parse(process.argv[2]);
const app = new cdk.App({ outdir });

const auth = new cdk.Stack(app, "Auth", { env: { region: "eu-central-1" } });
const check = new lambda.Function(auth, "PreSignUp", {
  functionName: "check",
  runtime: lambda.Runtime.NODEJS_LATEST,
  handler: "index.handler",
  code: lambda.Code.fromInline("exports.handler = async event => event"),
});
const users = new cognito.UserPool(auth, "Users", {
  userPoolName: "shop",
  selfSignUpEnabled: true,
  signInAliases: { email: true },
  standardAttributes: { email: { required: true, mutable: true } },
  customAttributes: { tenant: new cognito.StringAttribute({ mutable: true, maxLen: 20 }) },
  mfa: cognito.Mfa.OPTIONAL,
  mfaSecondFactor: { sms: false, otp: true },
  lambdaTriggers: { preSignUp: check },
  passwordPolicy: { minLength: 10 },
  accountRecovery: cognito.AccountRecovery.EMAIL_ONLY,
});
const read = new cognito.ResourceServerScope({ scopeName: "read", scopeDescription: "Read" });
const articles = users.addResourceServer("Articles", { identifier: "articles", scopes: [read] });
const google = new cognito.UserPoolIdentityProviderGoogle(auth, "Google", {
  userPool: users,
  clientId: "id",
  clientSecretValue: cdk.SecretValue.unsafePlainText("secret"),
  attributeMapping: { email: cognito.ProviderAttribute.GOOGLE_EMAIL },
});
const web = users.addClient("web", {
  authFlows: { userSrp: true, userPassword: true },
  oAuth: {
    flows: { authorizationCodeGrant: true },
    scopes: [cognito.OAuthScope.OPENID, cognito.OAuthScope.resourceServer(articles, read)],
    callbackUrls: ["http://localhost:3000/cb"],
  },
  accessTokenValidity: cdk.Duration.minutes(10),
});
web.node.addDependency(google);
const jobs = users.addClient("jobs", {
  generateSecret: true,
  oAuth: { flows: { clientCredentials: true }, scopes: [cognito.OAuthScope.resourceServer(articles, read)] },
});
users.addDomain("Domain", {
  cognitoDomain: { domainPrefix: "shop-cdk" },
  managedLoginVersion: cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
});
new cognito.CfnManagedLoginBranding(auth, "Style", {
  userPoolId: users.userPoolId,
  clientId: web.userPoolClientId,
  useCognitoProvidedValues: true,
});
users.addGroup("Admins", { groupName: "admins", precedence: 1 });
new cdk.CfnOutput(auth, "PoolId", { value: users.userPoolId });
new cdk.CfnOutput(auth, "JobsId", { value: jobs.userPoolClientId });

const inner = new cdk.NestedStack(auth, "Guests");
const guests = new cognito.UserPool(inner, "GuestPool", { userPoolName: "guests" });
new cdk.CfnOutput(auth, "GuestsId", { value: guests.userPoolId });

const identity = new cdk.Stack(app, "Identity", { env: { region: "eu-central-1" } });
const files = new s3.Bucket(identity, "Files", { bucketName: "shop-files" });
const pool = new cognito.CfnIdentityPool(identity, "Pool", {
  allowUnauthenticatedIdentities: false,
  cognitoIdentityProviders: [{ clientId: web.userPoolClientId, providerName: users.userPoolProviderName }],
});
const trust = {
  StringEquals: { "cognito-identity.amazonaws.com:aud": pool.ref },
  "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "authenticated" },
};
const member = new iam.Role(identity, "Member", {
  assumedBy: new iam.FederatedPrincipal("cognito-identity.amazonaws.com", trust, "sts:AssumeRoleWithWebIdentity"),
});
files.grantRead(member);
new cognito.CfnIdentityPoolRoleAttachment(identity, "Attachment", {
  identityPoolId: pool.ref,
  roles: { authenticated: member.roleArn },
});
new cdk.CfnOutput(identity, "IdentityPoolId", { value: pool.ref });

app.synth();
console.log(JSON.stringify({ done: true }));
