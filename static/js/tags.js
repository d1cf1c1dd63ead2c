// Tags while one writes: chosen ones as chips to take away, offers as chips to add, each with its
// kind and reason; and the channel that the text sounds like.

const PAUSE = 500;
const TEXT_SENT = 600;
const SEPARATORS = /[,，、;；#＃]/;

export function tagPicker(form) {
  const box = form.querySelector("[data-tag-picker]");
  const field = box.querySelector("input[name=tags]");
  const offers = box.querySelector(".tag-picker__offers");
  const chips = offers.querySelector(".chips");
  const chosenChips = box.querySelector("[data-chosen]");
  const guess = form.querySelector("[data-channel-guess]");
  const text = (name) => form.elements[name].value;
  const chosen = () => field.value.split(SEPARATORS).map((tag) => tag.trim()).filter(Boolean);
  let timer = null;
  let asked = 0;

  // What stands behind the last comma, while it is being typed.
  const begun = () => (document.activeElement === field ? field.value.split(SEPARATORS).pop().trim() : "");

  async function ask() {
    const body = text("body").slice(0, TEXT_SENT);
    const query = new URLSearchParams(begun() ? { q: begun() } : { title: text("title"), body, chosen: chosen().join(",") });
    const mine = (asked += 1);
    const answer = await fetch(`${form.dataset.tags}?${query}`).then((got) => got.json()).catch(() => null);
    if (!answer || mine !== asked) return;
    show(answer.tags);
    if (!query.has("q")) offerChannel(answer.channel);
  }

  function show(tags) {
    const taken = new Set(chosen().map((tag) => tag.toLowerCase()));
    const fresh = tags.filter(({ name }) => !taken.has(name.toLowerCase()) || name === begun());
    chips.replaceChildren(...fresh.map(offer));
    offers.hidden = !fresh.length;
  }

  function part(className, words) {
    const span = document.createElement("span");
    span.className = className;
    span.textContent = words;
    return span;
  }

  function chip(className, words) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `chip ${className}`;
    button.textContent = words;
    return button;
  }

  function write(tags) {
    field.value = tags.join(", ");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function offer({ name, kind_name: kind, reason }) {
    const button = chip("chip--tag", `+ ${name}`);
    if (kind) button.append(" ", part("chip__kind", kind));
    if (reason) {
      button.title = reason;
      button.append(part("visually-hidden", `: ${reason}`));
    }
    button.addEventListener("click", () => {
      const parts = chosen();
      if (begun() || field.dataset.begun) parts.pop();
      button.remove();
      offers.hidden = !chips.children.length;
      write([...parts, name]);
    });
    // A click takes the focus from the field first: remember that a word was begun there.
    button.addEventListener("pointerdown", () => { if (begun()) field.dataset.begun = "1"; else delete field.dataset.begun; });
    return button;
  }

  function showChosen() {
    const tags = chosen();
    chosenChips.replaceChildren(...tags.map((name, at) => {
      const button = chip("chip--on", `${name} ×`);
      button.setAttribute("aria-label", `${box.dataset.remove}: ${name}`);
      button.addEventListener("click", () => write(tags.filter((_, other) => other !== at)));
      return button;
    }));
    chosenChips.hidden = !tags.length;
  }

  function offerChannel(channel) {
    const select = form.elements.channel;
    const fits = channel && channel.slug !== select.value && [...select.options].some(({ value }) => value === channel.slug);
    guess.hidden = !fits;
    if (!fits) return;
    const button = chip("chip--tag", channel.name);
    button.addEventListener("click", () => {
      select.value = channel.slug;
      select.dispatchEvent(new Event("input", { bubbles: true }));
      guess.hidden = true;
    });
    guess.querySelector(".chips").replaceChildren(button);
  }

  // Campaigns arrive after the page; a press joins by the tag, and stands among the chosen.
  box.addEventListener("click", ({ target }) => {
    const name = target.closest("[data-adds-tag]")?.dataset.addsTag;
    if (name && !chosen().some((tag) => tag.toLowerCase() === name.toLowerCase())) write([...chosen(), name]);
  });

  const later = () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); };
  for (const name of ["title", "body", "tags"]) form.elements[name].addEventListener("input", later);
  field.addEventListener("input", showChosen);
  form.elements.channel.addEventListener("input", () => { guess.hidden = true; });
  // What the form offers by itself is asked for again as buttons.
  chips.replaceChildren();
  offers.hidden = guess.hidden = true;
  showChosen();
  if (text("title") || text("body")) ask();
}
