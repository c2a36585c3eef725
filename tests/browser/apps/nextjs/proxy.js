// Only users get to /private. Tokens that have expired are renewed on the way.
import { fetchAuthSession } from "aws-amplify/auth/server";
import { NextResponse } from "next/server";
import { runWithAmplifyServerContext } from "./shop.js";

export const config = { matcher: "/private" };

export async function proxy(request) {
  const response = NextResponse.next();
  const { tokens } = await runWithAmplifyServerContext({
    nextServerContext: { request, response },
    operation: fetchAuthSession,
  });
  return tokens ? response : NextResponse.redirect(new URL("/api/auth/sign-in", process.env.AMPLIFY_APP_ORIGIN));
}
