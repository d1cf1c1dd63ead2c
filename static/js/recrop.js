// A row's picture, cropped and sent again in its place. The file that was picked is cut as long as
// this page has it, so that a second crop begins with all of it again; else what the server shows.
import { crop } from "./crop.js";
import { sendWithProgress } from "./upload.js";

const SUFFIX = { "image/png": "png", "image/jpeg": "jpg" };

export async function recrop(row, { words, token, settle, toast, versionField }) {
  const done = await cropped(row);
  row.querySelector("[data-crop]").focus();
  if (!done) return;
  const file = new File([done.blob], `crop.${SUFFIX[done.blob.type]}`, { type: done.blob.type });
  const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0, ariaLabel: words.saving });
  row.querySelector(".picture-row__words").prepend(bar);
  row.inert = true;
  const answer = await sendWithProgress(row.dataset.replaceUrl, "picture", file, {
    token, failed: words.failed, tell: (share) => { bar.value = share; },
  }).catch((error) => ({ error: error.message }));
  row.inert = false;
  bar.remove();
  if (!answer.row) { toast(answer.error ?? words.failed); return; }
  take(row, file, done);
  versionField.value = answer.version;
  settle(row, { ...answer, row: withWhatWasTyped(row, answer.row) });
}

// Some pictures of a phone are shown by no browser: then the one that the server made of it is cut.
async function cropped(row) {
  const { file, box } = row;
  const address = file && URL.createObjectURL(file);
  try {
    if (address) return await crop(address, { type: file.type, from: box });
  } catch {
    row.file = null;
  } finally {
    if (address) URL.revokeObjectURL(address);
  }
  if (!row.dataset.largest) throw new Error();
  return crop(row.dataset.largest);
}

function take(row, file, { box }) {
  if (row.preview) URL.revokeObjectURL(row.preview);
  row.preview = URL.createObjectURL(file);
  row.box = row.file ? box : undefined;
  const image = row.querySelector("[data-handle] img") ?? new Image();
  image.alt = "";
  image.src = row.preview;
  row.querySelector("[data-handle]").replaceChildren(image);
}

// What stands in the row and is not saved yet goes along.
function withWhatWasTyped(row, html) {
  const box = document.createElement("template");
  box.innerHTML = html;
  const words = box.content.querySelector("input[type=text]");
  words?.setAttribute("value", row.querySelector("input[type=text]")?.value ?? words.value);
  const second = row.querySelector("input[name=second_cover]")?.checked;
  box.content.querySelector("input[name=second_cover]")?.toggleAttribute("checked", Boolean(second));
  return box.innerHTML;
}
