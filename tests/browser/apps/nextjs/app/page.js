// What the server knows of its visitor, as JSON: null for nobody.
import { fetchAuthSession, fetchUserAttributes, getCurrentUser } from "aws-amplify/auth/server";
import { cookies } from "next/headers";
import { runWithAmplifyServerContext } from "../shop.js";

export const dynamic = "force-dynamic";

async function visitor(context) {
  const { tokens } = await fetchAuthSession(context);
  if (!tokens) return null;
  const [user, attributes] = [await getCurrentUser(context), await fetchUserAttributes(context)];
  return { user, attributes, claims: tokens.idToken.payload };
}

export default async function Page() {
  const found = await runWithAmplifyServerContext({ nextServerContext: { cookies }, operation: visitor });
  return <pre>{JSON.stringify(found)}</pre>;
}
