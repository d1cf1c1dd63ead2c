// The queue of cases by keyboard: a letter opens a verdict on the case at hand and puts the focus on
// its confirmation, so that Enter, or the same letter again, gives it. Without this file the same
// buttons lead to the same form on a page of its own.

const queue = document.querySelector("[data-queue]");
const cases = [...queue.querySelectorAll("[data-case]")];
let at = 0;
let busy = false;

const here = () => cases[at];
const openForm = () => here()?.querySelector("[data-verdict]");
const typing = (target) => target.closest("textarea, select, input:not([type=checkbox])") !== null;

function show(index, { focus = true } = {}) {
  if (!cases.length) return;
  at = Math.max(0, Math.min(cases.length - 1, index));
  for (const each of cases) each.classList.toggle("is-here", each === here());
  if (!focus) return;
  here().focus({ preventScroll: true });
  here().scrollIntoView({ block: "nearest" });
}

// Take the case in hand and put the verdict's form below it.
async function open(button) {
  const form = button.form;
  const slot = here().querySelector("[data-slot]");
  if (busy || !slot) return;
  busy = true;
  const body = new FormData(form, button);
  body.set("part", "1");
  const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
  busy = false;
  // The form alone, or why not; anything else is for a page of its own.
  const fits = answer?.status === 409 || (answer?.ok && new URL(answer.url).searchParams.has("part"));
  if (!fits) {
    form.requestSubmit(button);
    return;
  }
  slot.innerHTML = await answer.text();
  slot.querySelector("[data-confirm]")?.focus();
}

// Back to the queue: somebody else may take it.
function putBack() {
  const button = openForm()?.querySelector("[data-let-go]");
  button?.form.requestSubmit(button);
}

function step(key) {
  if (key === "j") show(at + 1);
  else if (key === "k") show(at - 1);
  else if (key === "o") here()?.querySelector("[data-open]")?.click();
  else if (key === "x") here()?.querySelector("input[name=case]")?.click();
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !cases.length) return;
  if (event.key === "Escape" && openForm()) {
    event.preventDefault();
    putBack();
    return;
  }
  if (typing(event.target)) return;
  const key = event.key.toLowerCase();
  const form = openForm();
  if (form && key === form.dataset.key) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-confirm]"));
    return;
  }
  const button = here()?.querySelector(`[data-verdicts] [data-key="${CSS.escape(key)}"]`);
  if (button) {
    event.preventDefault();
    open(button);
  } else if (step(key)) event.preventDefault();
});

queue.addEventListener("click", (event) => {
  const of = event.target.closest("[data-case]");
  if (of) show(cases.indexOf(of), { focus: false });
  const button = event.target.closest("[data-verdicts] [data-key]");
  if (!button || !of.querySelector("[data-slot]")) return;
  event.preventDefault();
  open(button);
});

// A page that was opened with a form is confirmed at once.
show(0, { focus: false });
queue.querySelector("[data-confirm]")?.focus();
