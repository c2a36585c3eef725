// A sign-in in the browser, whose tokens reach the server as cookies.
import { config } from "../../shop.js";
import { SignIn } from "./form.js";

export const dynamic = "force-dynamic";

export default function Page() {
  return <SignIn config={config} />;
}
