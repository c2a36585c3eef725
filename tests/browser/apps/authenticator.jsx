/** @jsxRuntime automatic */
// A page behind Amplify's Authenticator. `window.settings` are those of Amplify, `window.properties` the component's.
import { Authenticator } from "@aws-amplify/ui-react";
import { Amplify } from "aws-amplify";
import { fetchAuthSession } from "aws-amplify/auth";
import { createRoot } from "react-dom/client";

Amplify.configure(window.settings);
window.claims = async () => (await fetchAuthSession()).tokens?.idToken.payload;

createRoot(document.getElementById("root")).render(
  <Authenticator {...window.properties}>
    {({ signOut, user }) => (
      <main>
        <h1>Hello {user.username}</h1>
        <button onClick={signOut}>Sign out</button>
      </main>
    )}
  </Authenticator>
);
