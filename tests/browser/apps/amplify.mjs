// A page whose people sign in with Amplify. What it hears of their doings is kept for whoever asks.
import { Amplify } from "aws-amplify";
import * as auth from "aws-amplify/auth";
import { Hub } from "aws-amplify/utils";

const heard = [];
Hub.listen("auth", ({ payload }) => {
  const error = payload.data?.error;
  heard.push(error ? `${payload.event}: ${error.name}: ${error.message}` : payload.event);
});
Amplify.configure(window.settings);
window.amplify = { ...auth, heard };
