// Writing a note: pictures sent one by one as they are picked, order, autosave, counters.
// Without this module the same form does all with its buttons.
import { counters } from "./counters.js";
import { draggable } from "./order.js";
import { placePicker } from "./places.js";
import { whatWasShared } from "./shared.js";
import { tagPicker } from "./tags.js";
import { forgetUnsent, keepUnsent, putBack } from "./unsent.js";
import { sendWithProgress } from "./upload.js";
import { videoPicker } from "./video.js";

const form = document.getElementById("compose");
const words = form.dataset;
const rows = document.getElementById("picture-rows");
const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
const saved = document.getElementById("saved");
const overtaken = document.getElementById("overtaken");
const AUTOSAVE_AFTER = 2500;
const LOOK_AGAIN_AFTER = 1500;

const post = (address, body = new FormData()) =>
  fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token, Accept: "application/json" } });

const toast = (text) => document.dispatchEvent(new CustomEvent("rockpool:toast", { detail: { text } }));

// ---------------------------------------------------------------- the draft behind the page
let starting = null;

// The note this page writes; made by the first act that needs one.
function draft() {
  if (words.pictures) return Promise.resolve(words);
  starting ??= post(words.start).then(async (answer) => {
    if (!answer.ok) throw new Error((await answer.json()).error);
    const made = await answer.json();
    Object.assign(words, { edit: made.edit, pictures: made.pictures, video: made.video, save: made.save });
    form.action = made.edit;
    form.elements.version.value = made.version;
    overtaken.querySelector("a").href = made.edit;
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
  row.file = file;
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
    const tell = (share) => { row.querySelector("progress").value = share; };
    const answer = await sendWithProgress(pictures, "picture", file, { token, failed: words.failed, tell });
    if (answer.row) settle(row, answer);
    else refuse(row, file, answer.error ?? words.failed, !answer.error);
  } catch (error) {
    refuse(row, file, error.message || words.failed, true);
  }
}

// The server's row takes the place of the waiting one and keeps its preview until the picture is ready.
function settle(waiting, answer) {
  const box = document.createElement("template");
  box.innerHTML = answer.row;
  const row = box.content.firstElementChild;
  const preview = waiting.querySelector("img");
  if (preview) row.querySelector("[data-handle]").replaceChildren(preview);
  Object.assign(row, { preview: waiting.preview, file: waiting.file, box: waiting.box });
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
  if (again) {
    const retry = button(words.again, () => { const fresh = waitingRow(file); row.replaceWith(fresh); queue.push([file, fresh]); next(); });
    retry.dataset.again = "";
    acts.append(retry);
  }
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
  if (!row.isConnected || row.inert) return watch(row); // another is about to take its place
  const answer = await fetch(row.dataset.stateUrl).then((got) => got.json()).catch(() => ({ state: "processing" }));
  row.dataset.state = answer.state;
  if (answer.largest) row.dataset.largest = answer.largest;
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
  const pressed = event.target.closest("button:is([data-earlier], [data-later], [data-crop], [data-remove])");
  if (!row || !pressed) return;
  event.preventDefault();
  if ("crop" in pressed.dataset) {
    const { recrop } = await import("./recrop.js");
    await recrop(row, { words, token, settle, toast, versionField: form.elements.version }).catch(() => toast(words.noCrop));
    return;
  }
  if ("remove" in pressed.dataset) {
    const answer = await post(row.dataset.removeUrl).catch(() => null);
    if (answer?.ok) form.elements.version.value = (await answer.json()).version;
    if (answer?.ok || answer?.status === 404) { forget(row); changed(); }
    return;
  }
  if ("earlier" in pressed.dataset) row.previousElementSibling?.before(row);
  else row.nextElementSibling?.after(row);
  pressed.focus();
  changed();
});

draggable(rows, changed);

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
let saving = null; // the save that is on its way
let waiting = false; // typed and not saved yet
let kept = said(); // what the server has
let refused = null; // what it would not take

// All that the form says, as one text: what is as it was is not saved again.
function said() {
  const body = new FormData(form);
  for (const other of ["pictures", "video", "version", "csrfmiddlewaretoken"]) body.delete(other);
  return new URLSearchParams(body).toString();
}

function changed() {
  waiting = said() !== kept;
  if (!overtaken.hidden) return;
  if ("save" in words || !words.edit) {
    clearTimeout(timer);
    if (waiting && said() !== refused) saved.textContent = words.unsaved;
    if (waiting && said() !== refused) timer = setTimeout(save, AUTOSAVE_AFTER);
  }
}

function save() {
  saving ??= send().finally(() => { saving = null; changed(); });
  return saving;
}

async function send() {
  const sent = said();
  saved.textContent = words.saving;
  try {
    const { save: address } = await draft();
    const body = new FormData(form);
    body.delete("pictures");
    body.delete("video");
    const answer = await (await post(address, body)).json();
    if (answer.saved) { kept = sent; form.elements.version.value = answer.version; forgetUnsent(); }
    saved.textContent = answer.saved ? `${words.saved} ${answer.at}` : words.unsaved;
    if (answer.errors) saved.textContent = Object.values(answer.errors)[0][0].message;
    refused = answer.errors ? sent : null;
    if (answer.code === "stale") tellOvertaken(answer.version);
  } catch {
    saved.textContent = words.unsaved;
    keepUnsent(form);
  }
}

// Another window wrote this draft: nothing is saved by itself until a button decides.
function tellOvertaken(version) {
  form.elements.version.value = version;
  overtaken.hidden = false;
  overtaken.scrollIntoView({ block: "nearest" });
}

form.addEventListener("input", (event) => { if (event.target.type !== "file") changed(); });
form.addEventListener("rockpool:changed", changed);
// Sent by its own button: pictures are there already, and nothing is to be asked. A save on its way
// is waited for, so that the form does not overtake it.
form.addEventListener("submit", async (event) => {
  clearTimeout(timer);
  if (saving) {
    event.preventDefault();
    await saving;
    clearTimeout(timer);
    if (overtaken.hidden) form.requestSubmit(event.submitter);
    return;
  }
  if (!navigator.onLine) {
    event.preventDefault();
    keepUnsent(form);
    toast(document.getElementById("words").dataset.offline);
    return;
  }
  waiting = false;
  pick.disabled = true;
  forgetUnsent();
});
addEventListener("pageshow", () => { pick.disabled = false; });
addEventListener("pagehide", () => { if (waiting) keepUnsent(form); });
// The network is back: what did not go through goes again.
addEventListener("online", () => {
  rows.querySelectorAll("[data-again]").forEach((again) => again.click());
  changed();
});
addEventListener("beforeunload", (event) => { if (waiting || sending) event.preventDefault(); });

counters(form);
tagPicker(form);
placePicker(form);
videoPicker({ form, words, token, draft, post, changed, told: tellPictures });
rows.querySelectorAll(".picture-row").forEach(watch);

// ---------------------------------------------------------------- what is brought along
if (putBack(form)) {
  toast(words.putBack);
  changed();
}
if (new URLSearchParams(location.search).has("shared")) {
  whatWasShared().then(({ title, body, files }) => {
    if (!form.elements.title.value) form.elements.title.value = title;
    if (!form.elements.body.value) form.elements.body.value = body;
    if (files.length) take(files);
    changed();
  }).catch(() => { /* nothing was kept */ });
}
