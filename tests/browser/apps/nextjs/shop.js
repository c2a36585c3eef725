// What all pages share: Amplify's adapter, with the configuration of the environment.
import { createServerRunner } from "@aws-amplify/adapter-nextjs";

export const config = JSON.parse(process.env.SHOP_AMPLIFY ?? "{}");
export const { runWithAmplifyServerContext, createAuthRouteHandlers } = createServerRunner({
  config,
  runtimeOptions: { cookies: { sameSite: "lax" } },
});
