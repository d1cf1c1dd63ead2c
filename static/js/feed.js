// Feed pages: tell the server which cards were really seen, and come back to the same place.
// A card was seen when half of it was visible for a second. No card is told twice.

const LONG_ENOUGH = 1000;
const BATCH_EVERY = 3000;
const isMember = "person" in document.body.dataset;
const cards = document.querySelector("[data-cards]");

// ---------------------------------------------------------------- impressions
const timers = new Map();
const told = new Set();
const waiting = new Map(); // page token -> cards seen and not yet told

// Cards follow the mark of the batch they came with.
function tokenOf(card) {
  let node = card;
  while (node && !node.matches(".batch")) node = node.previousElementSibling;
  return node?.dataset.token ?? "";
}

function saw(card) {
  const note = Number(card.dataset.note);
  if (told.has(note)) return;
  told.add(note);
  const token = tokenOf(card);
  if (!waiting.has(token)) waiting.set(token, []);
  waiting.get(token).push({ note, position: Number(card.dataset.position) });
}

// The note's own page tells its dwell with the token of the page that led there.
function remember(note, token) {
  try {
    sessionStorage.setItem("came-from", JSON.stringify({ note, token }));
  } catch { /* no room, no harm */ }
}

function tell() {
  for (const [token, seen] of waiting) {
    waiting.delete(token);
    const body = JSON.stringify({ token, seen, key: crypto.randomUUID?.() });
    if (!navigator.sendBeacon?.("/events/", body)) {
      fetch("/events/", { method: "POST", body, keepalive: true }).catch(() => {});
    }
  }
}

const watcher = new IntersectionObserver((entries) => entries.forEach(({ target, intersectionRatio }) => {
  clearTimeout(timers.get(target));
  timers.delete(target);
  if (intersectionRatio >= 0.5 && document.visibilityState === "visible") {
    timers.set(target, setTimeout(() => { saw(target); watcher.unobserve(target); }, LONG_ENOUGH));
  }
}), { threshold: [0, 0.5] });

const watch = () => cards.querySelectorAll(".card:not([data-watched])").forEach((card) => {
  card.dataset.watched = "";
  watcher.observe(card);
});

if (cards && isMember) {
  watch();
  new MutationObserver(watch).observe(cards, { childList: true });
  setInterval(tell, BATCH_EVERY);
  addEventListener("pagehide", tell);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") return;
    timers.forEach(clearTimeout);
    timers.clear();
    tell();
  });
  cards.addEventListener("click", (event) => {
    const card = event.target.closest(".card");
    if (card) remember(Number(card.dataset.note), tokenOf(card));
  });
}

// ---------------------------------------------------------------- back to the same place
// Browsers keep the page as it was (bfcache). Where one does not, the loaded cards are kept for
// the way back: this tab, this person, this address, ten minutes.
const KEPT = "kept-cards";
const TEN_MINUTES = 600_000;
const owner = document.body.dataset.person ?? "";
const arrived = Date.now();

if (cards) {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  const [visit] = performance.getEntriesByType("navigation");
  const fits = kept && kept.address === location.href && kept.owner === owner && Date.now() - kept.at < TEN_MINUTES;
  if (visit?.type === "back_forward" && fits) {
    cards.innerHTML = kept.html;
    cards.querySelectorAll("[data-watched]").forEach((card) => card.removeAttribute("data-watched"));
    window.htmx?.process(cards);
    scrollTo({ top: kept.top, behavior: "instant" });
  }
  if (kept?.address === location.href) sessionStorage.removeItem(KEPT);
  addEventListener("pagehide", (event) => {
    if (event.persisted || cards.querySelectorAll(".batch").length < 2) return;
    try {
      const state = { address: location.href, owner, at: Date.now(), top: scrollY, html: cards.innerHTML };
      sessionStorage.setItem(KEPT, JSON.stringify(state));
    } catch { /* too large: the way back starts at the top */ }
  });
}

// A page that rested for long offers what is new instead of jumping to it.
document.addEventListener("visibilitychange", () => {
  const rested = Date.now() - arrived > TEN_MINUTES;
  if (document.visibilityState !== "visible" || !rested || document.querySelector(".fresh-pill")) return;
  const pill = document.createElement("a");
  pill.className = "fresh-pill";
  pill.href = location.pathname + location.search.replace(/[?&]cursor=[^&]*/, "");
  pill.textContent = document.getElementById("words").dataset.fresh;
  document.body.append(pill);
});
