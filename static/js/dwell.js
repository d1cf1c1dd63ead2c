// A note's page: that it was opened, and for how many seconds it was looked at.
// A page names its note: <article data-note-page="123">. Over a feed it comes and goes (js/over.js).
import { watchVideos } from "./watched.js";

// Returns what to call when the note is left while the page stays.
export function watchNote(note) {
  if (!note || !("person" in document.body.dataset)) return () => {};
  let seconds = 0;
  let since = null;
  let opened = false;
  const here = new AbortController();

  const watch = watchVideos(() => turn(), here.signal);
  const counts = () => document.visibilityState === "visible" && watch.playing !== false && watch.left > 0;

  function turn(on = true) {
    const now = performance.now();
    if (since !== null) {
      const passed = Math.min((now - since) / 1000, watch.left);
      if (watch.playing) watch.left -= passed;
      seconds += passed;
    }
    since = on && counts() ? now : null;
  }

  const token = () => {
    const from = JSON.parse(sessionStorage.getItem("came-from") ?? "null");
    return from?.note === note ? from.token : "";
  };

  const tell = () => {
    turn(false);
    const events = [];
    if (!opened) events.push({ note, kind: "open" });
    opened = true;
    if (seconds >= 1) events.push({ note, kind: "dwell", value: Math.round(seconds * 10) / 10 });
    seconds = 0;
    if (events.length) navigator.sendBeacon("/events/", JSON.stringify({ token: token(), events, key: crypto.randomUUID?.() }));
  };

  const listen = (target, kind, act) => target.addEventListener(kind, act, { signal: here.signal });
  listen(document, "visibilitychange", () => {
    if (document.visibilityState === "visible") turn();
    else tell();
  });
  listen(window, "pagehide", tell);
  listen(window, "pageshow", (event) => { if (event.persisted) turn(); });
  turn();
  return () => { tell(); here.abort(); };
}

watchNote(Number(document.querySelector("[data-note-page]")?.dataset.notePage));
