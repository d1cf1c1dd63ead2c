// Passkeys: asks the browser for one and puts its answer into the form, which then goes as any other.
//   <form data-passkey="add|get|login" data-options="id of a JSON script">: name="credential" is filled.
// `login` fetches its options when pressed: the page may have been open for an hour.
const known = window.PublicKeyCredential && window.webauthnJSON;

async function options(form) {
  if (form.dataset.passkey === "login") {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("no options");
    return (await answer.json()).request_options;
  }
  const data = JSON.parse(document.getElementById(form.dataset.options).textContent);
  return data.creation_options ?? data.request_options;
}

function aloneOrSecond(asked, form) {
  const alone = form.elements.passwordless?.checked ?? false;
  const choice = (asked.publicKey.authenticatorSelection ??= {});
  choice.residentKey = alone ? "required" : "discouraged";
  choice.requireResidentKey = alone;
  if (alone) choice.userVerification = "required";
  return asked;
}

function say(form, which) {
  const trouble = form.querySelector("[data-passkey-trouble]");
  trouble.textContent = which ? trouble.dataset[which] : "";
  trouble.hidden = !which;
}

async function ask(form) {
  const asked = await options(form);
  if (form.dataset.passkey === "add") return window.webauthnJSON.create(aloneOrSecond(asked, form));
  return window.webauthnJSON.get(asked);
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = false;
  const button = form.querySelector("button");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!known) return say(form, "none");
    say(form, "");
    button.disabled = true;
    try {
      form.elements.credential.value = JSON.stringify(await ask(form));
      form.submit();
    } catch {
      say(form, "failed");
    } finally {
      button.disabled = false;
    }
  });
}
