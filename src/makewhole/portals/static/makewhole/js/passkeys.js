// Passkeys. A form marked data-passkey is shown where the browser knows them: "create" and "get" do what the page's
// data-options ask for, "sign-in" asks for fresh options first. The answer goes into the form's hidden field.
const START = { "sign-in": signIn, create, get };

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => submitted(event, form));
  }
}

async function submitted(event, form) {
  const credential = form.elements.credential;
  if (credential.value) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const told = form.querySelector("[data-passkey-error]");
  told.hidden = true;
  try {
    credential.value = JSON.stringify(await START[form.dataset.passkey](form));
    release(form);
    form.requestSubmit();
  } catch (error) {
    told.hidden = false; // stopped by its owner, or not possible on this device
    release(form);
  }
}

// frame.js marks a form as sent once it is submitted; this one was not.
function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
}

async function signIn(form) {
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("no options");
  return used((await answer.json()).request_options);
}

function get(form) {
  return used(JSON.parse(form.dataset.options));
}

async function used({ publicKey }) {
  const found = await navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      allowCredentials: (publicKey.allowCredentials ?? []).map((each) => ({ ...each, id: bytes(each.id) })),
    },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
  return {
    ...of(found),
    response: {
      clientDataJSON: letters(clientDataJSON),
      authenticatorData: letters(authenticatorData),
      signature: letters(signature),
      userHandle: userHandle ? letters(userHandle) : null,
    },
  };
}

async function create(form) {
  const { publicKey } = JSON.parse(form.dataset.options);
  const made = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: (publicKey.excludeCredentials ?? []).map((each) => ({ ...each, id: bytes(each.id) })),
    },
  });
  const { clientDataJSON, attestationObject } = made.response;
  return {
    ...of(made),
    response: {
      clientDataJSON: letters(clientDataJSON),
      attestationObject: letters(attestationObject),
      transports: made.response.getTransports?.() ?? [],
    },
  };
}

function of(credential) {
  return {
    id: credential.id,
    rawId: letters(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function letters(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
