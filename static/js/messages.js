// New messages appear on an open page, in the list and in a thread; the composer sends in place.
import { keepCurrent } from "./live.js";

const part = document.querySelector("[data-live]");
const news = document.querySelector("[data-news]");
const composer = document.getElementById("composer");

const newest = () => Math.max(0, ...[...part.querySelectorAll("[data-line]")].map((line) => Number(line.dataset.line)));
const atTheEnd = () => window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 160;
const toTheEnd = () => window.scrollTo({ top: document.documentElement.scrollHeight });

// Whether somebody said something; a read mark or a picture that became ready is put in place too.
function show(html) {
  const before = newest();
  const follows = composer && atTheEnd();
  part.innerHTML = html;
  window.htmx?.process(part);
  const after = newest();
  if (follows) toTheEnd();
  if (after > before) news.textContent = part.querySelector(`[data-line="${after}"]`).textContent.replace(/\s+/g, " ").trim().slice(0, 200);
  return after > before;
}

const current = part && keepCurrent({
  address: part.dataset.live,
  etag: part.dataset.etag,
  show,
  shortest: 4_000,
  longest: composer ? 30_000 : 60_000,
});

// ---------------------------------------------------------------- the composer
function chosen() {
  const files = [...composer.querySelectorAll("[name=picture]")].flatMap((input) => [...input.files]);
  const line = composer.querySelector("[data-chosen]");
  line.textContent = files.map((file) => file.name).join(", ");
  line.hidden = files.length === 0;
}

if (composer) {
  const words = composer.querySelector("textarea");
  const once = composer.querySelector("[name=once]");
  toTheEnd();
  composer.addEventListener("change", chosen);
  // Enter sends where there is a keyboard; with Shift, or while a word is being composed, it does not.
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    composer.requestSubmit();
  });
  composer.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) return;
    current.put(event.detail.xhr.getResponseHeader("ETag"));
    composer.reset();
    once.value = crypto.randomUUID?.().replaceAll("-", "") ?? String(Date.now());
    chosen();
    toTheEnd();
    words.focus();
  });
}
