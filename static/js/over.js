// On wide screens a note opens over its feed, with its own address: back closes it, and the feed is where it
// was. A reload, a new tab or a narrow screen get the note's page, which is the same note.
import { watchNote } from "./dwell.js";

const WIDE = matchMedia("(min-width: 62rem)");
let over = null;
let opening = false;

async function open(link) {
  const answer = await fetch(link.href).catch(() => null);
  const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  const note = page?.querySelector("[data-note-page]");
  if (!note) return location.assign(link.href);
  await Promise.all([styles(page), scripts(page)]);
  show(link, page.title, note);
}

// What the note's page needs and this one has not got yet.
const styles = (page) => Promise.all([...page.querySelectorAll("link[rel=stylesheet]")]
  .map((sheet) => new URL(sheet.getAttribute("href"), location.href).href)
  .filter((href) => ![...document.styleSheets].some((known) => known.href === href))
  .map((href) => new Promise((resolve) => {
    const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    sheet.addEventListener("load", resolve);
    sheet.addEventListener("error", resolve);
    document.head.append(sheet);
  })));

const scripts = (page) => Promise.all([...page.querySelectorAll("head script[type=module]")]
  .map((script) => import(new URL(script.getAttribute("src"), location.href).href)));

function show(link, title, note) {
  const dialog = document.createElement("dialog");
  dialog.className = "over";
  dialog.setAttribute("aria-label", title);
  dialog.append(closer(dialog), note);
  document.body.append(dialog);
  dialog.addEventListener("click", within);
  over = { dialog, link, title: document.title, stop: watchNote(Number(note.dataset.notePage)), back: true };
  dialog.addEventListener("close", closed);
  dialog.showModal();
  history.pushState({ over: true }, "", link.href);
  document.title = title;
  window.htmx?.process(note);
  document.dispatchEvent(new CustomEvent("rockpool:arrived", { detail: note }));
}

// Beside the note closes it. A link to a part of it only scrolls: a step in the history would count as leaving.
function within(event) {
  const dialog = event.currentTarget;
  if (event.target === dialog) return dialog.close();
  const part = event.target.closest("a[href^='#']");
  if (!part || event.defaultPrevented) return;
  event.preventDefault();
  dialog.querySelector(part.hash)?.scrollIntoView({ block: "nearest" });
}

function closer(dialog) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "icon-button over__close";
  button.setAttribute("aria-label", document.getElementById("words").dataset.close);
  button.textContent = "✕";
  button.addEventListener("click", () => dialog.close());
  return button;
}

function closed() {
  const { dialog, link, title, stop, back } = over;
  over = null;
  stop();
  dialog.remove();
  document.title = title;
  if (back) history.back();
  link.focus({ preventScroll: true });
}

addEventListener("popstate", () => {
  if (!over) return;
  over.back = false; // this was the way back
  over.dialog.close();
});

document.querySelector("[data-cards]")?.addEventListener("click", (event) => {
  const link = event.target.closest(".card__title a");
  const asUsual = !link || !WIDE.matches || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (asUsual || over) return;
  event.preventDefault();
  if (opening) return; // a second click on the way
  opening = true;
  open(link).catch(() => location.assign(link.href)).finally(() => { opening = false; });
});
