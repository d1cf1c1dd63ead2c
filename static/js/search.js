// What a search field offers while one types. Without this module it is a plain search.
// An ARIA combobox: arrows move, Enter opens what is chosen, Escape closes and keeps the words.

const PAUSE = 120;
const A_BLINK = 300; // what takes longer is announced by its outlines
let boxes = 0;

function searchbox(form) {
  const field = form.querySelector("input[name=q]");
  const box = document.createElement("div");
  box.className = "suggest";
  box.hidden = true;
  box.id = `suggest-${(boxes += 1)}`;
  form.append(box);
  Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": box.id, "aria-autocomplete": "list", "aria-haspopup": "listbox" })
    .forEach(([key, value]) => field.setAttribute(key, value));
  let timer = null;
  let asked = null;
  let shown = null; // the words that the list in view is about
  let typed = field.value;

  const options = () => [...box.querySelectorAll("[role=option]")];
  const chosen = () => box.querySelector("[aria-selected=true]");

  async function ask() {
    const query = field.value.trim();
    if (shown === query && box.firstChild) return open();
    asked?.abort();
    asked = new AbortController();
    const slow = setTimeout(() => { if (!box.firstChild) { box.innerHTML = "<i></i><i></i><i></i>"; box.hidden = false; } }, A_BLINK);
    const address = `${form.dataset.suggests}?${new URLSearchParams({ q: query })}`;
    const answer = await fetch(address, { signal: asked.signal }).then((got) => (got.ok ? got.text() : null)).catch(() => null);
    clearTimeout(slow);
    if (answer === null || document.activeElement !== field || query !== field.value.trim()) {
      if (!options().length) { box.replaceChildren(); box.hidden = true; }
      return undefined;
    }
    box.innerHTML = answer;
    options().forEach((option, index) => { option.id = `${box.id}-${index}`; });
    shown = query;
    return open();
  }

  function open() {
    box.hidden = !options().length;
    field.setAttribute("aria-expanded", String(!box.hidden));
  }

  function close() {
    clearTimeout(timer);
    asked?.abort();
    choose(null);
    box.hidden = true;
    field.setAttribute("aria-expanded", "false");
  }

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    field.removeAttribute("aria-activedescendant");
    if (!option) return;
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  }

  function move(step) {
    const all = options();
    const next = all.indexOf(chosen()) + step;
    // Before the first and after the last stand the words as they were typed.
    const option = next === -2 ? all[all.length - 1] : all[next] ?? null;
    choose(option);
    field.value = option ? option.dataset.text : typed;
  }

  field.addEventListener("input", (event) => {
    typed = field.value;
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, PAUSE);
  });
  field.addEventListener("compositionend", () => { typed = field.value; timer = setTimeout(ask, PAUSE); });
  // Where a page begins with the field, what would be offered stands below it already.
  field.addEventListener("focus", () => { if (!field.value.trim() && !field.autofocus) ask(); });
  field.addEventListener("blur", () => setTimeout(() => { if (!form.contains(document.activeElement)) close(); }, 150));
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (box.hidden) ask();
      else move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape" && !box.hidden) {
      event.preventDefault();
      field.value = typed;
      close();
    } else if (event.key === "Enter" && chosen()) {
      event.preventDefault();
      location.assign(chosen().dataset.url);
    }
  });
  // The field keeps the focus until the click has gone through.
  box.addEventListener("pointerdown", (event) => event.preventDefault());
  box.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.url);
  });
}

document.querySelectorAll("form[data-suggests]").forEach(searchbox);
