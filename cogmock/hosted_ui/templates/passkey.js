(() => {
  const form = document.getElementById("passkey");
  const [button, kind] = [form.querySelector("button"), form.dataset.kind];
  const toBytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const toText = (bytes) =>
    btoa(String.fromCharCode(...new Uint8Array(bytes)))
      .replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

  // Browsers read and write the JSON of WebAuthn level 3 themselves; the older ones are helped.
  const read = (options) => {
    const name = kind === "create" ? "parseCreationOptionsFromJSON" : "parseRequestOptionsFromJSON";
    if (PublicKeyCredential[name]) return PublicKeyCredential[name](options);
    const named = (list) => list?.map((of) => ({ ...of, id: toBytes(of.id) }));
    return {
      ...options,
      challenge: toBytes(options.challenge),
      ...(options.user && { user: { ...options.user, id: toBytes(options.user.id) } }),
      ...(options.allowCredentials && { allowCredentials: named(options.allowCredentials) }),
      ...(options.excludeCredentials && { excludeCredentials: named(options.excludeCredentials) }),
    };
  };
  const write = (made) => {
    if (made.toJSON) return made.toJSON();
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
      if (made.response[part]) response[part] = toText(made.response[part]);
    if (made.response.getTransports) response.transports = made.response.getTransports();
    const { id, type, authenticatorAttachment } = made;
    return { id, rawId: toText(made.rawId), type, authenticatorAttachment, response, clientExtensionResults: {} };
  };
  const send = (name, value) => {
    form.elements[name].value = value;
    form.elements[name].disabled = false;
    form.submit();
  };

  if (!window.PublicKeyCredential || !navigator.credentials) {
    document.getElementById("passkey-unsupported").hidden = false;
    return;
  }
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const publicKey = read(JSON.parse(form.dataset.options));
      send("credential", JSON.stringify(write(await navigator.credentials[kind]({ publicKey }))));
    } catch (fault) {
      send("fault", fault.name);
    }
  });
})();
