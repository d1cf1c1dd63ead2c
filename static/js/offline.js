// The page without a network: the feed that was read last, as it was, and a way on once the network is back.
// Keeping it is the work of js/kept.js, which also sees to it that it is this reader's own.

const box = document.getElementById("kept");

async function show() {
  const known = await (await caches.open("kept")).match("/kept/feed");
  if (!known) return;
  const feed = await known.json();
  const list = box.querySelector("[data-list]");
  list.className = feed.look;
  list.innerHTML = feed.cards.join("");
  // What needs the server is taken away rather than left to fail.
  list.querySelectorAll(".heart").forEach((heart) => { heart.disabled = true; });
  list.querySelectorAll(".card__why svg").forEach((sign) => sign.remove());
  box.querySelector("time").dateTime = new Date(feed.at).toISOString();
  box.querySelector("time").textContent = new Date(feed.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  box.hidden = false;
}

show().catch(() => { /* nothing kept */ });
// Browsers do not always notice that a network is back, and never that a server is.
async function lookAgain() {
  if (document.visibilityState !== "visible") return;
  const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
  if (answer?.ok) location.reload();
}
addEventListener("online", lookAgain);
setInterval(lookAgain, 5000);
document.getElementById("again").addEventListener("click", () => location.reload());
