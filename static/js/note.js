// The page of a note: the strip's dots and steps, its video, a large view, the share sheet, replies.

// ---------------------------------------------------------------- the strip of pictures
function enhance(strip) {
  if (strip.dataset.enhanced) return;
  strip.dataset.enhanced = "1";
  const items = [...strip.querySelectorAll(".strip__item")];
  if (items.length < 2) return;
  const dots = [...(strip.parentElement.querySelectorAll(".strip__dots a") ?? [])];
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let here = 0;
  const go = (index) => {
    const to = Math.max(0, Math.min(items.length - 1, index));
    strip.scrollTo({ left: items[to].offsetLeft, behavior: still.matches ? "auto" : "smooth" });
  };
  const steps = [step("chevron-left", "strip__step--back", () => go(here - 1)), step("chevron-right", "strip__step--on", () => go(here + 1))];
  strip.after(...steps);
  const mark = () => {
    here = Math.round(strip.scrollLeft / strip.clientWidth);
    dots.forEach((dot, index) => (index === here ? dot.setAttribute("aria-current", "true") : dot.removeAttribute("aria-current")));
    steps[0].disabled = here === 0;
    steps[1].disabled = here === items.length - 1;
  };
  strip.addEventListener("scroll", mark, { passive: true });
  strip.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by) { event.preventDefault(); go(here + by); }
  });
  dots.forEach((dot, index) => dot.addEventListener("click", (event) => { event.preventDefault(); go(index); }));
  mark();
}

function step(symbol, css, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `icon-button strip__step ${css}`;
  button.tabIndex = -1; // the strip itself listens to the arrow keys
  button.setAttribute("aria-hidden", "true");
  button.append(icon(symbol));
  button.addEventListener("click", act);
  return button;
}

// A symbol of the sprite whose address the page already uses.
function icon(name) {
  const sprite = document.querySelector("svg.icon use").getAttribute("href").split("#")[0];
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

// ---------------------------------------------------------------- the video
// One large button on the poster; the browser's own controls as soon as it was pressed. A tap starts
// it muted, and its own control switches the sound on.
function enhanceVideo(video) {
  const button = video.parentElement.querySelector("[data-play]");
  if (!button || video.dataset.enhanced) return;
  video.dataset.enhanced = "1";
  const offer = (open) => { button.hidden = !open; video.controls = !open; };
  button.addEventListener("click", () => { video.muted = true; video.play().catch(() => offer(false)); video.focus(); });
  video.addEventListener("play", () => offer(false));
  offer(true);
}

// ---------------------------------------------------------------- the large view
function zoom(link) {
  const dialog = document.createElement("dialog");
  dialog.className = "zoom";
  const image = new Image();
  image.decoding = "async"; // the dark ground does not wait for it
  image.src = link.href;
  image.alt = link.querySelector("img:last-child")?.alt ?? "";
  const close = document.createElement("button");
  close.type = "button";
  close.className = "icon-button";
  close.append(icon("x"));
  close.setAttribute("aria-label", "Esc");
  dialog.append(image, close);
  close.addEventListener("click", () => dialog.close());
  // A click looks closer, where there is more to see; the next one leaves.
  image.addEventListener("click", () => {
    const larger = image.naturalWidth > image.clientWidth * 1.2 && !dialog.classList.contains("is-close");
    if (larger) dialog.classList.add("is-close");
    else dialog.close();
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => { dialog.remove(); link.focus({ preventScroll: true }); });
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-zoom]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.classList.contains("is-pressed")) return; // a second press on the way
  // The press is answered at once; that the whole page steps back for the large view takes its time.
  link.classList.add("is-pressed");
  requestAnimationFrame(() => setTimeout(() => {
    link.classList.remove("is-pressed");
    zoom(link);
  }));
});

// ---------------------------------------------------------------- the share sheet
function enhanceShare(box) {
  const field = box.querySelector("[data-share-link]");
  if (!field) return;
  const copy = box.querySelector("[data-copy]");
  const native = box.querySelector("[data-native-share]");
  field.addEventListener("focus", () => field.select());
  if (navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(field.value);
      box.querySelector("[data-copied]").hidden = false;
    });
  }
  if (navigator.share) {
    native.hidden = false;
    native.addEventListener("click", () => navigator.share({ title: field.dataset.title, url: field.value }).catch(() => {}));
  }
}

// ---------------------------------------------------------------- what htmx brought
function enhanceAll(root) {
  root.querySelectorAll?.("[data-strip]").forEach(enhance);
  root.querySelectorAll?.("[data-watch]").forEach(enhanceVideo);
  root.querySelectorAll?.("[data-share]").forEach(enhanceShare);
}

document.addEventListener("htmx:afterSwap", (event) => {
  const { target } = event.detail;
  if (target.id === "sheet" && !target.open) target.showModal();
  enhanceAll(target);
});

// A note that came over a feed.
document.addEventListener("rockpool:arrived", ({ detail: root }) => enhanceAll(root));

// A reply was written: fold its form away again.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status < 400) event.detail.requestConfig.elt.closest("details.reply")?.removeAttribute("open");
});

document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("details.reply[open]")) event.target.querySelector("textarea")?.focus();
}, true);

// The bar's invitation leads into the field itself.
document.addEventListener("click", (event) => {
  const say = event.target.closest("[data-say]");
  const field = say && document.getElementById("comment-body");
  if (!field) return;
  event.preventDefault();
  field.focus();
});

// Ctrl or Cmd and Enter sends.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.target.closest(".comment-form")?.requestSubmit();
});

enhanceAll(document);
