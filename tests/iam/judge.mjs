// Reads the table of decisions on stdin, writes what another simulator decides: [decision or "error: …", …].
// usage: node judge.mjs DIRECTORY_WITH_NODE_MODULES
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const packages = join(process.argv[2], "node_modules", "@cloud-copilot");
const load = (...path) => import(pathToFileURL(join(packages, ...path)));
const inside = (path) => load("iam-simulate", "dist", "esm", ...path.split("/"));

const { loadPolicy } = await load("iam-policy", "dist", "esm", "index.js");
// Its public entry refuses context keys that the service does not know, and takes no session policy unchecked.
const { authorize } = await inside("core_engine/CoreSimulatorEngine.js");
const { DiscoveryContextKeyConstraints } = await inside("context_keys/discoveryContextKeyConstraints.js");
const { AwsRequestImpl } = await inside("request/request.js");
const { RequestContextImpl } = await inside("requestContext.js");

const everything = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }],
};
const words = { Allowed: "allowed", ExplicitlyDenied: "explicitDeny", ImplicitlyDenied: "implicitDeny" };

function judge(pair) {
  const named = (documents, name) => documents.map((document, at) => loadPolicy(document, { name: `${name}-${at}` }));
  // There can be only one session policy there; all of ours are one layer.
  const session = pair.session && {
    Version: "2012-10-17",
    Statement: pair.session.flatMap((document) => document.Statement),
  };
  const principal = pair.federated || pair.principal;
  const analysis = authorize({
    request: new AwsRequestImpl(
      principal,
      { resource: pair.resource, accountId: pair.resource_account },
      pair.action,
      new RequestContextImpl(pair.context),
    ),
    sessionPolicy: session ? loadPolicy(session, { name: "session" }) : undefined,
    identityPolicies: named(pair.identity, "identity"),
    serviceControlPolicies: [],
    resourceControlPolicies: [{ orgIdentifier: "root", policies: named([everything], "rcp") }],
    resourcePolicy: pair.resource_policy ? loadPolicy(pair.resource_policy, { name: "resource" }) : undefined,
    permissionBoundaries: pair.boundary ? named([pair.boundary], "boundary") : undefined,
    vpcEndpointPolicies: undefined,
    simulationParameters: {
      simulationMode: "Strict",
      discoveryContextKeyConstraints: new DiscoveryContextKeyConstraints([]),
    },
    serviceSettings: {},
  });
  return words[analysis.result];
}

const attempts = JSON.parse(readFileSync(0, "utf8")).map((pair) => {
  try {
    return judge(pair);
  } catch (error) {
    return `error: ${error.message}`;
  }
});
process.stdout.write(JSON.stringify(attempts));
