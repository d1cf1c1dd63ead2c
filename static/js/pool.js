// The pool page moves while it is open: where the note stands is asked for again and put in place.
import { keepCurrent } from "./live.js";

const state = document.querySelector("[data-pool-state]");
const news = document.querySelector("[data-pool-news]");

// What is worth saying aloud, the weightiest first. Minutes that pass are not among it.
const told = () => [...state.querySelectorAll("[data-said]")].map((part) => part.getAttribute("aria-label") ?? part.textContent.trim());

// Whether something happened to the note, and not only to the clock.
function show(html) {
  const before = told();
  state.innerHTML = html;
  const fresh = told().find((words) => !before.includes(words));
  if (fresh) news.textContent = fresh;
  return fresh !== undefined;
}

keepCurrent({
  address: location.pathname,
  etag: state.dataset.etag,
  show,
  rests: () => state.querySelector("[data-rests]") !== null,
});
