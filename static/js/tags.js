// Tags offered while one types: from the text, or those that begin as the last word in the field.

const PAUSE = 500;
const TEXT_SENT = 600;

export function tagPicker(form) {
  const box = form.querySelector("[data-tag-picker]");
  const field = box.querySelector("input");
  const offers = box.querySelector(".tag-picker__offers");
  const chips = offers.querySelector(".chips");
  const text = (name) => form.elements[name].value;
  const chosen = () => field.value.split(/[,，、;；#＃]/).map((tag) => tag.trim()).filter(Boolean);
  let timer = null;
  let asked = 0;

  // What stands behind the last comma, while it is being typed.
  const begun = () => (document.activeElement === field ? field.value.split(/[,，、;；#＃]/).pop().trim() : "");

  async function ask() {
    const query = new URLSearchParams(begun() ? { q: begun() } : { title: text("title"), body: text("body").slice(0, TEXT_SENT) });
    const mine = (asked += 1);
    const answer = await fetch(`${form.dataset.tags}?${query}`).then((got) => got.json()).catch(() => null);
    if (answer && mine === asked) show(answer.tags);
  }

  function show(tags) {
    const taken = new Set(chosen().map((tag) => tag.toLowerCase()));
    const fresh = tags.filter((tag) => !taken.has(tag.toLowerCase()) || tag === begun());
    chips.replaceChildren(...fresh.map(chip));
    offers.hidden = !fresh.length;
  }

  function chip(tag) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "chip chip--tag";
    button.textContent = `+ ${tag}`;
    button.addEventListener("click", () => {
      const parts = chosen();
      if (begun() || field.dataset.begun) parts.pop();
      field.value = [...parts, tag].join(", ");
      button.remove();
      offers.hidden = !chips.children.length;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    // A click takes the focus from the field first: remember that a word was begun there.
    button.addEventListener("pointerdown", () => { if (begun()) field.dataset.begun = "1"; else delete field.dataset.begun; });
    return button;
  }

  const later = () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); };
  for (const name of ["title", "body", "tags"]) form.elements[name].addEventListener("input", later);
  if (text("title") || text("body")) ask();
}
