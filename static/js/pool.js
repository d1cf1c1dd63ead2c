// The pool page moves while it is open: where the note stands is asked for again and put in place.
// Often while something happens, ever less often while nothing does, and never in a hidden tab.

const SHORTEST = 5_000;
const LONGEST = 60_000;
const state = document.querySelector("[data-pool-state]");
const news = document.querySelector("[data-pool-news]");
let etag = state.dataset.etag;
let wait = SHORTEST;
let timer = null;
let asking = false;
let over = false;

const rests = () => state.querySelector("[data-rests]") !== null;
// What is worth saying aloud, the weightiest first. Minutes that pass are not among it.
const told = () => [...state.querySelectorAll("[data-said]")].map((part) => part.getAttribute("aria-label") ?? part.textContent.trim());

// With a tag of our own the browser hands on the 304 instead of answering from its cache.
async function ask() {
  const headers = { "HX-Request": "true", "If-None-Match": etag };
  const answer = await fetch(location.pathname, { headers }).catch(() => null);
  if (!answer) return false;
  // Logged out, not theirs any more, or gone: an open page does not lead anybody elsewhere.
  over = [401, 403, 404].includes(answer.status) || answer.headers.has("HX-Redirect");
  if (over || answer.status !== 200) return false;
  return show(await answer.text(), answer.headers.get("ETag"));
}

// Whether something happened to the note, and not only to the clock.
function show(html, tag) {
  const before = told();
  state.innerHTML = html;
  etag = tag;
  const fresh = told().find((words) => !before.includes(words));
  if (fresh) news.textContent = fresh;
  return fresh !== undefined;
}

async function look() {
  if (asking) return;
  asking = true;
  const moved = await ask().catch(() => false);
  asking = false;
  wait = moved ? SHORTEST : Math.min(LONGEST, wait * 2);
  sleep();
}

function sleep() {
  clearTimeout(timer);
  over ||= rests();
  if (!over && document.visibilityState === "visible") timer = setTimeout(look, wait);
}

document.addEventListener("visibilitychange", () => {
  clearTimeout(timer);
  if (over || document.visibilityState !== "visible") return;
  wait = SHORTEST;
  look();
});

sleep();
