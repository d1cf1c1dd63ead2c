// The crop dialog: a frame over the picture, moved and drawn by pointer, by arrow keys or by sliders.
// `crop(source, {type, from})` resolves with {blob, box}, or with null where nothing is to change.
import { fitted, moved, nearness, pixels, place, placed, ratioIn, resized, WHOLE, zoomed } from "./crop_rules.js";

// Browsers on phones draw no larger canvas; more is never shown either.
const LONGEST = 4096;
const QUALITY = 0.95;
const STEP = 0.01;
const STRIDE = 0.05;

export async function crop(source, { type = "image/jpeg", from = WHOLE } = {}) {
  const image = new Image();
  image.alt = "";
  image.draggable = false;
  image.src = source;
  await image.decode(); // rejects for what this browser cannot show
  const box = await ask(image, from);
  return box && { blob: await cut(image, box, type), box };
}

// Drawn upright: an image element's pixels are those one sees, whatever the camera noted.
function cut(image, box, type) {
  const size = { width: image.naturalWidth, height: image.naturalHeight };
  const { part, width, height } = pixels(box, size, LONGEST);
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").drawImage(image, part.x, part.y, part.width, part.height, 0, 0, width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error())), type === "image/png" ? type : "image/jpeg", QUALITY);
  });
}

function ask(image, from) {
  const dialog = document.getElementById("cropper").content.firstElementChild.cloneNode(true);
  const stage = dialog.querySelector("[data-stage]");
  const frame = dialog.querySelector("[data-frame]");
  const sliders = dialog.querySelectorAll("input[type=range]");
  const size = { width: image.naturalWidth, height: image.naturalHeight };
  let box = from;
  let k = null;
  stage.prepend(image);
  stage.style.aspectRatio = `${size.width} / ${size.height}`;
  stage.style.setProperty("--form", size.width / size.height);

  function show(next) {
    box = next;
    for (const [side, share] of [["left", box.x], ["top", box.y], ["width", box.width], ["height", box.height]]) frame.style[side] = `${share * 100}%`;
    const told = { near: nearness(box), across: place(box), down: place({ x: box.y, width: box.height }) };
    sliders.forEach((slider) => { slider.value = Math.round(told[slider.dataset.slider] * 100); });
  }

  const slide = {
    near: (share) => zoomed(box, share),
    across: (share) => ({ ...box, x: placed(box.width, share) }),
    down: (share) => ({ ...box, y: placed(box.height, share) }),
  };
  sliders.forEach((slider) => slider.addEventListener("input", () => show(slide[slider.dataset.slider](slider.value / 100))));
  dialog.addEventListener("change", ({ target }) => {
    if (target.name !== "ratio") return;
    k = ratioIn(target.value, size);
    show(fitted(target.value ? box : WHOLE, k));
  });
  frame.addEventListener("keydown", (event) => {
    const next = byKey(event, box, k);
    if (next) { event.preventDefault(); show(next); }
  });
  byPointer(stage, frame, () => box, () => k, show);

  show(from);
  document.body.append(dialog);
  dialog.showModal();
  frame.focus();
  return new Promise((resolve) => {
    dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "crop" ? box : null);
    });
  });
}

// Arrows move the frame; with Shift they draw its lower right corner; + and - look nearer or farther.
function byKey({ key, shiftKey, ctrlKey }, box, k) {
  const step = ctrlKey ? STRIDE : STEP;
  const [across, down] = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[key] ?? [];
  if (across !== undefined) return shiftKey ? drawn(box, across, down, k) : moved(box, across, down);
  if (key === "+" || key === "=") return zoomed(box, nearness(box) + STRIDE);
  return key === "-" ? zoomed(box, nearness(box) - STRIDE) : null;
}

// With a ratio one side follows the other, so that one arrow is enough to make the frame smaller.
function drawn(box, across, down, k) {
  if (!k) return resized(box, "se", across, down, k);
  const by = across || down * k;
  return resized(box, "se", by, by / k, k);
}

function byPointer(stage, frame, box, k, show) {
  frame.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    frame.focus({ preventScroll: true });
    const { width, height } = stage.getBoundingClientRect();
    const corner = event.target.dataset.corner;
    const [start, begun] = [box(), [event.clientX, event.clientY]];
    const move = ({ clientX, clientY }) => {
      const [across, down] = [(clientX - begun[0]) / width, (clientY - begun[1]) / height];
      show(corner ? resized(start, corner, across, down, k()) : moved(start, across, down));
    };
    frame.setPointerCapture(event.pointerId);
    frame.addEventListener("pointermove", move);
    for (const end of ["pointerup", "pointercancel"]) frame.addEventListener(end, () => frame.removeEventListener("pointermove", move), { once: true });
  });
}
