import { createAuthRouteHandlers } from "../../../../shop.js";

export const GET = createAuthRouteHandlers({ redirectOnSignInComplete: "/", redirectOnSignOutComplete: "/" });
