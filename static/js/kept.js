// What a browser keeps of this site for its reader: the worker, the last feed for when there is no
// network, and the figure on the app's sign.

const KEPT = "kept";
const OWNER = "/kept/owner";
const FEED = "/kept/feed";
// So many cards are read offline, with the pictures that were already here.
const CARDS = 40;
const owner = document.body.dataset.person ?? "";

// What one person read is never shown to the next: the cache has an owner, and changes hands empty.
async function ours() {
  const known = await (await caches.open(KEPT)).match(OWNER);
  if (known && (await known.text()) === owner) return caches.open(KEPT);
  await caches.delete(KEPT);
  const empty = await caches.open(KEPT);
  await empty.put(OWNER, new Response(owner));
  return empty;
}

async function keepFeed(cards) {
  const cache = await ours();
  const some = [...cards.querySelectorAll(".card")].slice(0, CARDS);
  const feed = { title: document.title, address: location.pathname, at: Date.now(), look: cards.className, cards: some.map((card) => card.outerHTML) };
  await cache.put(FEED, Response.json(feed));
  const pictures = some.flatMap((card) => [...card.querySelectorAll("picture img")]).filter((image) => image.complete && image.currentSrc);
  await Promise.all(pictures.map(async ({ currentSrc }) => {
    if (!(await cache.match(currentSrc))) await cache.add(currentSrc);
  }));
}

const later = (act) => (window.requestIdleCallback ?? setTimeout)(() => act().catch(() => { /* no room, no harm */ }));

if ("caches" in window && "serviceWorker" in navigator) {
  const cards = document.querySelector("[data-cards]");
  navigator.serviceWorker.register("/sw.js", { scope: "/" }).catch(() => {});
  later(ours);
  if (cards && document.body.dataset.feed && !new URLSearchParams(location.search).has("cursor")) {
    const keep = () => later(() => keepFeed(cards));
    if (document.readyState === "complete") keep();
    else addEventListener("load", keep);
  }
}

// ---------------------------------------------------------------- the figure on the app's sign
if (navigator.setAppBadge && owner) {
  document.addEventListener("htmx:afterSettle", () => {
    const unread = [...document.querySelectorAll("[data-unread]")].reduce((sum, mark) => sum + Number(mark.dataset.unread), 0);
    (unread ? navigator.setAppBadge(unread) : navigator.clearAppBadge()).catch(() => {});
  });
}
