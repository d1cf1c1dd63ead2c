// A note's page: that it was opened, and for how many seconds it was really looked at.
// The page names its note: <main data-note-page="123"> or any element with that attribute.

const note = Number(document.querySelector("[data-note-page]")?.dataset.notePage);

if (note && "person" in document.body.dataset) {
  let seconds = 0;
  let since = document.visibilityState === "visible" ? performance.now() : null;
  let opened = false;

  const token = () => {
    const from = JSON.parse(sessionStorage.getItem("came-from") ?? "null");
    return from?.note === note ? from.token : "";
  };

  const tell = () => {
    if (since !== null) seconds += (performance.now() - since) / 1000;
    since = null;
    const events = [];
    if (!opened) events.push({ note, kind: "open" });
    opened = true;
    if (seconds >= 1) events.push({ note, kind: "dwell", value: Math.round(seconds * 10) / 10 });
    seconds = 0;
    if (events.length) navigator.sendBeacon("/events/", JSON.stringify({ token: token(), events, key: crypto.randomUUID?.() }));
  };

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") since = performance.now();
    else tell();
  });
  addEventListener("pagehide", tell);
  addEventListener("pageshow", (event) => { if (event.persisted) since = performance.now(); });
}
