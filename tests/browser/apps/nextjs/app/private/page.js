export { default } from "../page.js";

export const dynamic = "force-dynamic";
