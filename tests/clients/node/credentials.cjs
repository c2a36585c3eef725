// fromCognitoIdentityPool, and STS with the credentials that it finds.
const { fromCognitoIdentityPool } = require("@aws-sdk/credential-providers");
const { GetCallerIdentityCommand, STSClient } = require("@aws-sdk/client-sts");

async function main({ url, identityPool, logins, customRoleArn }) {
  const provider = fromCognitoIdentityPool({
    identityPoolId: identityPool,
    logins,
    customRoleArn,
    clientConfig: { endpoint: url, region: "us-east-1" },
  });
  const sts = new STSClient({ endpoint: url, region: "us-east-1", credentials: provider });
  const caller = await sts.send(new GetCallerIdentityCommand({}));
  const credentials = await provider();
  return { arn: caller.Arn, identityId: credentials.identityId, expires: credentials.expiration };
}

main(JSON.parse(process.argv[2])).then(
  (answer) => console.log(JSON.stringify(answer)),
  (error) => console.log(JSON.stringify({ error: error.name, message: error.message })),
);
