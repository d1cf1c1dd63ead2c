// Push messages for this browser: switched on and off with one button, and kept known to the server.

const box = document.querySelector("[data-push]");
const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const registered = () => navigator.serviceWorker.register("/sw.js", { scope: "/" }).then(() => navigator.serviceWorker.ready);

async function tell(subscription) {
  const body = new FormData(box.querySelector("form"));
  const { endpoint, keys } = subscription.toJSON();
  for (const [name, value] of Object.entries({ endpoint, ...keys })) body.set(name, value);
  const answer = await fetch(box.dataset.push, { method: "POST", body, headers: { "HX-Request": "true" } });
  if (!answer.ok) throw new Error(String(answer.status));
}

async function fresh(manager) {
  const options = { userVisibleOnly: true, applicationServerKey: bytes(box.dataset.key) };
  try {
    return await manager.subscribe(options);
  } catch (error) {
    if (error.name !== "InvalidStateError") throw error;
    // It was made with another key of this community.
    await (await manager.getSubscription())?.unsubscribe();
    return manager.subscribe(options);
  }
}

async function switchOn() {
  if ((await Notification.requestPermission()) !== "granted") return say("denied");
  const { pushManager } = await registered();
  await tell(await fresh(pushManager));
  location.reload();
}

function say(what) {
  const line = box.querySelector("[data-say]");
  line.textContent = box.dataset[what];
  line.hidden = false;
}

if (box && able) {
  const button = box.querySelector("button");
  button.hidden = false;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    button.disabled = true;
    switchOn().catch(() => say("failed")).finally(() => { button.disabled = false; });
  });
  // A browser that was switched on stays known, also after its log-in was renewed.
  if (Notification.permission === "granted") {
    registered()
      .then(({ pushManager }) => pushManager.getSubscription())
      .then((subscription) => {
        if (!subscription) return;
        button.hidden = true;
        if (box.dataset.known !== "1") say("here");
        tell(subscription).catch(() => {});
      });
  }
} else if (box) {
  say("unable");
}
