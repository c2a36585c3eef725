"use client";
import { Amplify } from "aws-amplify";
import { signIn, signOut } from "aws-amplify/auth";
import { useEffect, useState } from "react";

export function SignIn({ config }) {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    Amplify.configure(config, { ssr: true });
    setReady(true);
  }, [config]);

  async function submit(data) {
    await signIn({ username: data.get("username"), password: data.get("password") });
    window.location.assign("/");
  }

  async function leave() {
    await signOut();
    window.location.assign("/");
  }

  return (
    <form action={submit}>
      <label>Username <input name="username" /></label>
      <label>Password <input name="password" type="password" /></label>
      <button disabled={!ready}>Sign in</button>
      <button type="button" disabled={!ready} onClick={leave}>Sign out</button>
    </form>
  );
}
