// What every page gains from JavaScript: hearts that answer at once, sheets, toasts, keys.
// Everything here also works without it; other modules speak to this one by events.

const words = document.getElementById("words").dataset;
const sheet = document.getElementById("sheet");
const isMember = "person" in document.body.dataset;
const token = () => document.querySelector("#act [name=csrfmiddlewaretoken]")?.value ?? "";

// ---------------------------------------------------------------- toasts
function toast(text, act, label) {
  const line = document.createElement("p");
  line.className = "toast";
  line.append(text);
  if (act) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => { line.remove(); act(); });
    line.append(button);
  }
  show(line, act ? 8000 : 4000);
}

function show(line, time) {
  const box = document.getElementById("toasts");
  while (box.children.length > 1) box.firstElementChild.remove();
  if (!line.isConnected) box.append(line);
  setTimeout(() => line.remove(), time);
}

document.addEventListener("rockpool:toast", (event) => toast(event.detail.text, event.detail.act, event.detail.label));

// Toasts that the server put there go by themselves, too.
new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) => {
  if (node.nodeType === 1) setTimeout(() => node.remove(), 8000);
}))).observe(document.getElementById("toasts"), { childList: true });

// ---------------------------------------------------------------- asking the server
async function send(address, body = new FormData()) {
  const headers = { "HX-Request": "true", "X-CSRFToken": token() };
  const answer = await fetch(address, { method: "POST", body, headers });
  const elsewhere = answer.headers.get("HX-Redirect");
  if (elsewhere) location.assign(elsewhere);
  if (!answer.ok) throw new Refusal(await answer.text());
  return answer;
}

class Refusal extends Error {
  constructor(html) {
    const toastLine = new DOMParser().parseFromString(html, "text/html").querySelector(".toast");
    super(toastLine?.textContent ?? words.failed);
  }
}

const sorry = (error) => toast(error instanceof Refusal ? error.message : navigator.onLine ? words.failed : words.offline);

// ---------------------------------------------------------------- hearts
async function toggle(heart) {
  const was = heart.getAttribute("aria-pressed") === "true";
  const address = heart.getAttribute("formaction");
  const count = heart.querySelector("[data-count]");
  const [number, shown] = [Number(count.dataset.count), count.textContent];
  paint(heart, !was);
  count.dataset.count = Math.max(0, number + (was ? -1 : 1));
  // A shortened figure (1.2k) does not change by one.
  if (/^\d*$/.test(shown)) count.textContent = Number(count.dataset.count) || "";
  try {
    await send(address);
  } catch (error) {
    paint(heart, was);
    count.dataset.count = number;
    count.textContent = shown;
    sorry(error);
  }
}

function paint(heart, on) {
  const address = heart.getAttribute("formaction");
  heart.setAttribute("aria-pressed", on);
  heart.setAttribute("formaction", on ? address.replace("/like/", "/unlike/") : address.replace("/unlike/", "/like/"));
}

document.addEventListener("click", (event) => {
  const heart = event.target.closest("[data-like]");
  if (heart && isMember) {
    event.preventDefault();
    if (!heart.dataset.busy) {
      heart.dataset.busy = "1";
      toggle(heart).finally(() => delete heart.dataset.busy);
    }
    return;
  }
  const opener = event.target.closest("a[data-sheet]");
  if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    openSheet(opener);
  } else if (event.target === sheet || event.target.closest("[data-close]")) {
    sheet.close();
  }
});

// ---------------------------------------------------------------- sheets: the card menu, the keys
async function openSheet(opener) {
  try {
    const answer = await fetch(opener.href, { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Refusal(await answer.text());
    sheet.innerHTML = await answer.text();
    window.htmx?.process(sheet);
    const why = sheet.querySelector("[data-why]");
    if (why) why.textContent = opener.querySelector("span").textContent;
    sheet.showModal();
  } catch (error) {
    if (error instanceof Refusal) sorry(error);
    else location.assign(opener.href);
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-quiet]");
  if (!form || !form.closest("dialog")) return;
  event.preventDefault();
  sheet.close();
  const wish = new FormData(form);
  const cards = wish.has("undo") ? [] : cardsOf(form.dataset);
  cards.forEach((card) => { card.hidden = true; });
  const comeBack = () => cards.forEach((card) => { card.hidden = false; });
  try {
    const answer = await send(form.action, wish);
    const text = new DOMParser().parseFromString(await answer.text(), "text/html").body.textContent.trim();
    const undo = () => { wish.set("undo", "1"); comeBack(); send(form.action, wish).catch(sorry); };
    toast(text, wish.has("undo") ? null : undo, words.undo);
  } catch (error) {
    comeBack();
    sorry(error);
  }
});

// The card one asked from; for an author all of theirs.
function cardsOf({ kind, gone }) {
  const card = document.getElementById(`note-${gone}`);
  if (!card || kind !== "author") return card ? [card] : [];
  const author = card.querySelector(".card__author").getAttribute("href");
  return [...document.querySelectorAll(".card")].filter((one) => one.querySelector(".card__author").getAttribute("href") === author);
}

// ---------------------------------------------------------------- small things
document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-submits]")) event.target.form.requestSubmit();
});

document.addEventListener("click", (event) => {
  document.querySelectorAll("details.drop[open]").forEach((open) => { if (!open.contains(event.target)) open.open = false; });
});

const current = document.querySelector(":is(.channel-bar, .settings-tabs) [aria-current]");
if (current) current.parentElement.scrollLeft = current.offsetLeft - current.parentElement.clientWidth / 2 + current.offsetWidth / 2;

// htmx: an answer that is not meant for this place is not put there.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status >= 400 && !xhr.getResponseHeader("HX-Retarget")) {
    event.detail.shouldSwap = false;
    toast(words.failed);
  }
});
document.addEventListener("htmx:sendError", () => toast(words.offline));
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token();
});

// Cards that take longer than a blink are announced by their outlines.
const A_BLINK = 300;
const slow = new Map();
document.addEventListener("htmx:beforeRequest", ({ detail: { xhr, target } }) => {
  if (target.querySelector(".skeletons")) slow.set(xhr, setTimeout(() => target.classList.add("is-slow"), A_BLINK));
});
document.addEventListener("htmx:afterRequest", ({ detail: { xhr, target } }) => {
  clearTimeout(slow.get(xhr));
  if (slow.delete(xhr)) target.classList.remove("is-slow");
});

// ---------------------------------------------------------------- keys
const links = () => [...document.querySelectorAll(".card:not([hidden]) .card__title a")];
const focused = () => document.activeElement?.closest?.(".card");

function step(by) {
  const all = links();
  const at = all.indexOf(focused()?.querySelector(".card__title a"));
  const inView = all.findIndex((link) => link.getBoundingClientRect().top > 0);
  const next = all[at < 0 ? inView : at + by];
  next?.focus({ preventScroll: true });
  next?.closest(".card").scrollIntoView({ block: "nearest" });
}

async function collect(card) {
  try {
    await send(`/notes/${card.dataset.note}/collect/`);
    toast(words.collected);
  } catch (error) {
    sorry(error);
  }
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  l: () => (focused() ?? document).querySelector("[data-like]")?.click(),
  c: () => (focused() && isMember ? collect(focused()) : document.querySelector("[data-collect]")?.click()),
  m: () => focused()?.querySelector("[data-sheet]")?.click(),
  "/": () => { const box = [...document.querySelectorAll("input[type=search]")].find((input) => input.offsetParent); box ? box.focus() : location.assign("/search/"); },
  "?": () => document.querySelector("[href='/keys/']")?.click(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]") || sheet.open;
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
  event.preventDefault();
  keys[event.key]();
});
