// Writing a note: pictures sent one by one as they are picked, order, autosave, counters.
// Without this module the same form does all with its buttons.
import { counters } from "./counters.js";
import { placePicker } from "./places.js";
import { tagPicker } from "./tags.js";

const form = document.getElementById("compose");
const words = form.dataset;
const rows = document.getElementById("picture-rows");
const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
const saved = document.getElementById("saved");
const AUTOSAVE_AFTER = 2500;
const LOOK_AGAIN_AFTER = 1500;

const post = (address, body = new FormData()) =>
  fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token, Accept: "application/json" } });

// ---------------------------------------------------------------- the draft behind the page
let starting = null;

// The note this page writes; made by the first act that needs one.
function draft() {
  if (words.pictures) return Promise.resolve(words);
  starting ??= post(words.start).then(async (answer) => {
    if (!answer.ok) throw new Error((await answer.json()).error);
    const made = await answer.json();
    Object.assign(words, { edit: made.edit, pictures: made.pictures, save: made.save });
    form.action = made.edit;
    history.replaceState(null, "", made.edit);
    return words;
  }).catch((error) => { starting = null; throw error; });
  return starting;
}

// ---------------------------------------------------------------- pictures
const pick = document.getElementById("pick");
const dropzone = document.getElementById("dropzone");
const most = Number(words.most);

const queue = [];
let sending = 0;

function take(files) {
  for (const file of files) {
    const row = waitingRow(file);
    rows.append(row);
    if (rows.querySelectorAll(".picture-row:not(.picture-row--refused)").length > most) refuse(row, file, words.tooMany);
    else if (file.size > Number(words.largest)) refuse(row, file, words.tooLarge);
    else queue.push([file, row]);
  }
  recount();
  next();
}

// Two at a time: more only slow each other on a phone's line.
function next() {
  while (sending < 2 && queue.length) {
    sending += 1;
    upload(...queue.shift()).finally(() => { sending -= 1; next(); });
  }
}

function waitingRow(file) {
  const row = document.createElement("li");
  row.className = "picture-row";
  row.innerHTML = '<div class="picture-row__view"></div><div class="picture-row__words"><p class="small"></p><progress max="100" value="0"></progress></div>';
  row.querySelector("p").textContent = file.name;
  row.preview = URL.createObjectURL(file);
  const image = new Image();
  image.alt = "";
  image.src = row.preview;
  image.addEventListener("error", () => image.remove());
  row.firstElementChild.append(image);
  return row;
}

async function upload(file, row) {
  try {
    const { pictures } = await draft();
    const answer = await sendWithProgress(pictures, file, (share) => { row.querySelector("progress").value = share; });
    if (answer.row) settle(row, answer);
    else refuse(row, file, answer.error ?? words.failed, !answer.error);
  } catch (error) {
    refuse(row, file, error.message || words.failed, true);
  }
}

function sendWithProgress(address, file, tell) {
  const body = new FormData();
  body.append("picture", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("X-CSRFToken", token);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => tell((event.loaded / event.total) * 100));
    request.addEventListener("load", () => resolve(request.response ?? {}));
    request.addEventListener("error", () => reject(new Error(words.failed)));
    request.send(body);
  });
}

// The server's row takes the place of the waiting one and keeps its preview until the picture is ready.
function settle(waiting, answer) {
  const box = document.createElement("template");
  box.innerHTML = answer.row;
  const row = box.content.firstElementChild;
  const preview = waiting.querySelector("img");
  if (preview) row.querySelector("[data-handle]").replaceChildren(preview);
  row.preview = waiting.preview;
  waiting.replaceWith(row);
  recount();
  changed();
  watch(row);
}

function refuse(row, file, why, again = false) {
  row.classList.add("picture-row--refused");
  row.querySelector(".picture-row__words").innerHTML = '<p class="small"></p><p class="field__error" role="alert"></p><div class="row"></div>';
  row.querySelector("p").textContent = file.name;
  row.querySelector(".field__error").textContent = why;
  const acts = row.querySelector(".row");
  if (again) acts.append(button(words.again, () => { const fresh = waitingRow(file); row.replaceWith(fresh); queue.push([file, fresh]); next(); }));
  acts.append(button(words.remove, () => { forget(row); }));
  recount();
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button button--small";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

function forget(row) {
  if (row.preview) URL.revokeObjectURL(row.preview);
  row.remove();
  recount();
}

// Being prepared: look again until it is ready or refused.
async function watch(row) {
  if (row.dataset.state !== "processing" || !row.isConnected) return;
  await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_AFTER));
  const answer = await fetch(row.dataset.stateUrl).then((got) => got.json()).catch(() => ({ state: "processing" }));
  row.dataset.state = answer.state;
  if (answer.state === "processing") return watch(row);
  row.querySelector("[data-processing]")?.remove();
  tellPictures();
  if (answer.state === "ready" && !row.querySelector("[data-handle] img")) {
    const image = new Image();
    image.src = answer.src;
    image.alt = "";
    row.querySelector("[data-handle]").replaceChildren(image);
  }
  if (answer.state === "refused") {
    const error = document.createElement("p");
    error.className = "field__error";
    error.setAttribute("role", "alert");
    error.textContent = answer.why;
    row.classList.add("picture-row--refused");
    row.querySelector(".picture-row__words").prepend(error);
  }
  return undefined;
}

function recount() {
  const kept = rows.querySelectorAll(".picture-row:not(.picture-row--refused)").length;
  document.getElementById("picture-count").textContent = `${kept}/${most}`;
  dropzone.classList.toggle("is-full", kept >= most);
  tellPictures();
}

// What looks at the pictures, as the quality report does, looks again.
function tellPictures() {
  form.dispatchEvent(new CustomEvent("rockpool:pictures"));
}

// ---------------------------------------------------------------- order: buttons, and dragging
rows.addEventListener("click", async (event) => {
  const row = event.target.closest(".picture-row");
  const pressed = event.target.closest("button:is([data-earlier], [data-later], [data-remove])");
  if (!row || !pressed) return;
  event.preventDefault();
  if ("remove" in pressed.dataset) {
    const answer = await post(row.dataset.removeUrl).catch(() => null);
    if (answer?.ok || answer?.status === 404) { forget(row); changed(); }
    return;
  }
  if ("earlier" in pressed.dataset) row.previousElementSibling?.before(row);
  else row.nextElementSibling?.after(row);
  pressed.focus();
  changed();
});

rows.dataset.sortable = "1";
rows.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest("[data-handle]");
  if (!handle || event.button) return;
  event.preventDefault();
  const row = handle.closest(".picture-row");
  row.classList.add("is-dragged");
  const move = ({ clientY }) => {
    const others = [...rows.children].filter((other) => other !== row);
    const after = others.find((other) => clientY < other.getBoundingClientRect().top + other.offsetHeight / 2);
    if (after) { if (row.nextElementSibling !== after) after.before(row); } else if (rows.lastElementChild !== row) rows.append(row);
  };
  const drop = () => {
    row.classList.remove("is-dragged");
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", drop);
    removeEventListener("pointercancel", drop);
    changed();
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", drop);
  addEventListener("pointercancel", drop);
});

// ---------------------------------------------------------------- picking and dropping files
dropzone.classList.add("is-ready");
pick.addEventListener("change", () => { take(pick.files); pick.value = ""; });
for (const [kind, over] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
  dropzone.addEventListener(kind, (event) => {
    event.preventDefault();
    dropzone.classList.toggle("is-over", over);
    if (kind === "drop") take([...event.dataTransfer.files].filter((file) => file.type.startsWith("image/") || !file.type));
  });
}
addEventListener("paste", (event) => { if (event.clipboardData?.files.length) take(event.clipboardData.files); });

// ---------------------------------------------------------------- autosave
let timer = null;
let busy = false;
let waiting = false; // typed since the last save went out

function changed() {
  waiting = true;
  if ("save" in words || !words.edit) {
    saved.textContent = words.unsaved;
    clearTimeout(timer);
    timer = setTimeout(save, AUTOSAVE_AFTER);
  }
}

async function save() {
  if (busy) return;
  busy = true;
  waiting = false;
  saved.textContent = words.saving;
  try {
    const { save: address } = await draft();
    const body = new FormData(form);
    body.delete("pictures");
    const answer = await (await post(address, body)).json();
    saved.textContent = answer.saved ? `${words.saved} ${answer.at}` : words.unsaved;
    if (answer.errors) saved.textContent = Object.values(answer.errors)[0][0].message;
  } catch {
    waiting = true;
    saved.textContent = words.unsaved;
  }
  busy = false;
  if (waiting) changed();
}

form.addEventListener("input", (event) => { if (event.target !== pick) changed(); });
form.addEventListener("rockpool:changed", changed);
// Sent by its own button: pictures are there already, and nothing is to be asked.
form.addEventListener("submit", () => { clearTimeout(timer); waiting = false; pick.disabled = true; });
addEventListener("pageshow", () => { pick.disabled = false; });
addEventListener("beforeunload", (event) => { if (waiting || sending) event.preventDefault(); });

counters(form);
tagPicker(form);
placePicker(form);
rows.querySelectorAll(".picture-row").forEach(watch);
