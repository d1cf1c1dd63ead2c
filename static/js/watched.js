// How long a video is watched: of a page with one, its playing is what counts from the first time on.

// Who plays it over and over is not watching any more.
const MOST_TIMES = 3;

// `signal` ends it. `turn` is called before and after each change of what is true: `playing` null (never started, as on
// a page without a video), true or false, and `left` the seconds that may still count.
export function watchVideos(turn, signal) {
  const watch = { playing: null, left: Infinity };
  // Events of media do not bubble, and the video may come later, when it is ready.
  for (const [kind, plays] of [["playing", true], ["pause", false], ["waiting", false], ["ended", false]]) {
    document.addEventListener(kind, ({ target }) => {
      if (!target.matches?.("[data-watch]") || (watch.playing === null && !plays)) return;
      turn();
      if (watch.playing === null) watch.left = MOST_TIMES * Number(target.dataset.seconds);
      watch.playing = plays;
      turn();
    }, { capture: true, signal });
  }
  return watch;
}
