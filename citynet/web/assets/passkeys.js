// Passkeys (WebAuthn): what a page asks of the device, and what the device answers.

// Browsers refuse them on a bare address such as 127.0.0.1.
const isNumber = /^[\d.]+$|^\[/.test(location.hostname);
const isPossible = Boolean(window.PublicKeyCredential) && !isNumber;

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// The answer as the standard writes it in JSON; older browsers have no `toJSON` for it.
function asJson(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

function withBytes(list) {
  return (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
}

async function optionsFrom(url, form) {
  const data = new FormData();
  for (const name of ["csrf_token", "name", "current"]) {
    if (form.elements[name]) data.set(name, form.elements[name].value);
  }
  const answer = await fetch(url, { method: "POST", body: data, headers: { Accept: "application/json" } });
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
  if (!answer.ok || !isJson) throw new Refused(answer.status < 500 && !answer.redirected ? await answer.text() : "");
  const options = await answer.json();
  return { ...options, challenge: bytes(options.challenge) };
}

// A sentence of the server's own, unless it is a whole page.
class Refused extends Error {
  constructor(sentence) {
    super(sentence.trimStart().startsWith("<") ? "" : sentence);
  }
}

// Runs one ceremony and hands the answer to `send`; what goes wrong is said beside the button.
async function ask(form, button, ceremony, send) {
  const note = form.querySelector("[data-passkey-failed]");
  note.textContent = "";
  button.disabled = true;
  try {
    const credential = await ceremony();
    form.elements.credential.value = asJson(credential);
    button.disabled = false;
    send();
  } catch (error) {
    button.disabled = false;
    note.textContent = (error instanceof Refused && error.message) || note.dataset.passkeyFailed;
  }
}

for (const place of document.querySelectorAll("[data-passkey]")) {
  if (!isPossible) continue;
  place.hidden = false;
  const button = place.querySelector("button");
  button.addEventListener("click", (event) => {
    const form = button.form;
    event.preventDefault();
    ask(form, button, async () => {
      const publicKey = await optionsFrom(button.dataset.passkeyOptions, form);
      publicKey.allowCredentials = withBytes(publicKey.allowCredentials);
      return navigator.credentials.get({ publicKey });
    }, () => form.requestSubmit(button));
  });
}

for (const form of document.querySelectorAll("form[data-passkey-new]")) {
  if (!isPossible) continue;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(form, form.querySelector("button"), async () => {
      const publicKey = await optionsFrom(form.dataset.passkeyNew, form);
      publicKey.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
      publicKey.excludeCredentials = withBytes(publicKey.excludeCredentials);
      return navigator.credentials.create({ publicKey });
    }, () => {
      form.elements.current.value = "";
      form.submit();
    });
  });
}

for (const words of document.querySelectorAll("[data-passkey-none]")) words.hidden = isPossible;
