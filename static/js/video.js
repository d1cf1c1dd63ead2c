// The one video of a note: sent by itself, watched while the server prepares it, removed.
// `page` is what the compose page lends: its form, words, token, draft(), post(), changed(), told().
import { sendWithProgress } from "./upload.js";

const FIRST_LOOK = 1000;
const LAST_LOOK = 15000;

export function videoPicker(page) {
  const rows = document.getElementById("video-rows");
  const pick = document.getElementById("pick-video");
  const dropzone = document.getElementById("video-dropzone");
  const { words, token } = page;
  let sending = 0;

  async function take(file) {
    const row = waitingRow(file);
    rows.replaceChildren(row);
    if (file.size > Number(words.largestVideo)) { refuse(row, words.videoTooLarge); return; }
    sending += 1;
    try {
      const { video } = await page.draft();
      const bar = row.querySelector("progress");
      const answer = await sendWithProgress(video, "video", file, {
        token, failed: words.failed, tell: (share) => { bar.value = share; }, stop: (abort) => { row.abort = abort; },
      });
      if (answer.row) settle(row, answer);
      else if (!answer.stopped) refuse(row, answer.error ?? words.failed);
    } catch (error) {
      refuse(row, error.message || words.failed);
    }
    sending -= 1;
  }

  function waitingRow(file) {
    const row = document.createElement("li");
    row.className = "picture-row video-row";
    row.innerHTML = '<div class="picture-row__view"></div><div class="picture-row__words"><p class="small"></p><progress max="100" value="0"></progress><div class="row"></div></div>';
    row.querySelector("p").textContent = file.name;
    row.querySelector("progress").setAttribute("aria-label", file.name);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "button button--small";
    remove.textContent = words.remove;
    remove.addEventListener("click", () => { row.abort?.(); row.remove(); });
    row.querySelector(".row").append(remove);
    return row;
  }

  function settle(waiting, answer) {
    const box = document.createElement("template");
    box.innerHTML = answer.row;
    const row = box.content.firstElementChild;
    waiting.replaceWith(row);
    page.changed();
    page.told();
    watch(row);
  }

  function refuse(row, why) {
    row.classList.add("picture-row--refused");
    row.querySelector("progress")?.remove();
    row.querySelector("[data-processing]")?.remove();
    const error = document.createElement("p");
    error.className = "field__error";
    error.setAttribute("role", "alert");
    error.textContent = why;
    row.querySelector(".picture-row__words").prepend(error);
    page.told();
  }

  // Being prepared takes minutes: look soon at first, then less and less often.
  async function watch(row) {
    for (let pause = FIRST_LOOK; row.isConnected && row.dataset.state === "processing"; pause = Math.min(LAST_LOOK, pause * 1.3)) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      const answer = await fetch(row.dataset.stateUrl).then((got) => got.json()).catch(() => ({ state: "processing" }));
      if (answer.state === "processing" || (answer.state === "ready" && !answer.src)) show(row, answer);
      else finish(row, answer);
    }
  }

  function show(row, { progress }) {
    if (progress === undefined) return;
    row.querySelector("[data-progress]").value = progress;
    row.querySelector("[data-percent]").textContent = `${progress} %`;
  }

  function finish(row, answer) {
    row.dataset.state = answer.state;
    if (answer.state === "refused") { refuse(row, answer.why); return; }
    row.querySelector("[data-processing]")?.remove();
    row.querySelector("[data-progress]")?.remove();
    if (answer.state !== "ready") return;
    const image = new Image();
    image.src = answer.src;
    image.alt = "";
    const length = row.querySelector("[data-length]");
    length.textContent = answer.length;
    row.querySelector("[data-handle]").replaceChildren(image, length);
    page.told();
  }

  rows.addEventListener("click", async (event) => {
    const row = event.target.closest("[data-video]");
    if (!row || !event.target.closest("[data-remove]")) return;
    event.preventDefault();
    const answer = await page.post(row.dataset.removeUrl).catch(() => null);
    if (answer?.ok || answer?.status === 404) { row.remove(); rows.replaceChildren(); page.changed(); page.told(); }
  });

  dropzone.classList.add("is-ready");
  pick.addEventListener("change", () => { if (pick.files.length) take(pick.files[0]); pick.value = ""; });
  page.form.addEventListener("submit", () => { pick.disabled = true; });
  addEventListener("pageshow", () => { pick.disabled = false; });
  addEventListener("beforeunload", (event) => { if (sending) event.preventDefault(); });
  for (const [kind, over] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
    dropzone.addEventListener(kind, (event) => {
      event.preventDefault();
      dropzone.classList.toggle("is-over", over);
      const file = kind === "drop" && [...event.dataTransfer.files].find((one) => one.type.startsWith("video/"));
      if (file) take(file);
    });
  }
  rows.querySelectorAll("[data-video]").forEach(watch);
}
