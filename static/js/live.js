// A part of an open page is asked for again and put in place: often while something happens, ever
// less often while nothing does, and never in a hidden tab.

// `show(html)` puts it in place and says whether something happened that is worth asking again soon;
// `rests()` whether nothing more will happen. Answers to take over from an act: `put(tag)`.
export function keepCurrent({ address, etag, show, rests = () => false, shortest = 5_000, longest = 60_000 }) {
  let wait = shortest;
  let timer = null;
  let asking = false;
  let over = false;
  let turn = 0;

  // With a tag of our own the browser hands on the 304 instead of answering from its cache.
  async function ask() {
    const began = turn;
    const headers = { "HX-Request": "true", "If-None-Match": etag };
    const answer = await fetch(address, { headers }).catch(() => null);
    if (!answer) return false;
    // Logged out, not theirs any more, or gone: an open page does not lead anybody elsewhere.
    over = [401, 403, 404].includes(answer.status) || answer.headers.has("HX-Redirect");
    if (over || answer.status !== 200) return false;
    const html = await answer.text();
    if (began !== turn) return true; // overtaken by what the person did meanwhile
    etag = answer.headers.get("ETag");
    return show(html);
  }

  async function look() {
    if (asking) return;
    asking = true;
    const moved = await ask().catch(() => false);
    asking = false;
    wait = moved ? shortest : Math.min(longest, wait * 2);
    sleep();
  }

  function sleep() {
    clearTimeout(timer);
    over ||= rests();
    if (!over && document.visibilityState === "visible") timer = setTimeout(look, wait);
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (over || document.visibilityState !== "visible") return;
    wait = shortest;
    look();
  });

  sleep();
  return {
    put(tag) {
      turn += 1;
      etag = tag;
      wait = shortest;
      sleep();
    },
  };
}
