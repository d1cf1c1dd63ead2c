// What a crop is: {x, y, width, height} as shares of the picture, so that the same figures hold on
// a small screen and in the full picture. `k` is the frame's width by its height in those shares;
// null where it is free.

export const WHOLE = { x: 0, y: 0, width: 1, height: 1 };
// No side becomes shorter than this share, so that a frame can always be caught again.
export const LEAST = 0.08;

const within = (value, least, most) => Math.min(Math.max(value, least), most);

// A ratio as it is said ("3:4"; "" is free) on a picture of this size in pixels.
export function ratioIn(said, { width, height }) {
  if (!said) return null;
  const [across, down] = said.split(":").map(Number);
  return (across / down) / (width / height);
}

// The largest frame of this ratio around the middle of the one there is.
export function fitted(box, k) {
  if (!k) return box;
  const width = Math.min(1, k);
  return around(box, width, width / k);
}

function around(box, width, height) {
  const x = within(box.x + box.width / 2 - width / 2, 0, 1 - width);
  const y = within(box.y + box.height / 2 - height / 2, 0, 1 - height);
  return { x, y, width, height };
}

export function moved(box, across, down) {
  return { ...box, x: within(box.x + across, 0, 1 - box.width), y: within(box.y + down, 0, 1 - box.height) };
}

// One corner is dragged ("nw", "ne", "sw", "se"), the opposite one stays.
export function resized(box, corner, across, down, k) {
  const [west, north] = [corner.includes("w"), corner.includes("n")];
  const room = { width: west ? box.x + box.width : 1 - box.x, height: north ? box.y + box.height : 1 - box.y };
  let width = within(box.width + (west ? -across : across), LEAST, room.width);
  let height = within(box.height + (north ? -down : down), LEAST, room.height);
  if (k) {
    width = Math.min(Math.max(width, height * k, LEAST, LEAST * k), room.width, room.height * k);
    height = width / k;
  }
  return { x: west ? box.x + box.width - width : box.x, y: north ? box.y + box.height - height : box.y, width, height };
}

// How near one looks, from 0 (as much as fits) to 1 (as little as may be); the frame keeps its form.
export function nearness(box) {
  const [most, least] = reach(box);
  return most === least ? 0 : (most - box.width) / (most - least);
}

export function zoomed(box, near) {
  const [most, least] = reach(box);
  const width = most + (least - most) * within(near, 0, 1);
  return around(box, width, width * (box.height / box.width));
}

function reach({ width, height }) {
  const form = width / height;
  return [Math.min(1, form), Math.max(LEAST, LEAST * form)];
}

// Where the frame lies in the room it can move in, from 0 to 1; and one that lies there.
export const place = ({ x, width }) => (width >= 1 ? 0.5 : x / (1 - width));
export const placed = (width, share) => (1 - width) * within(share, 0, 1);

// The part of the picture to draw, in its pixels, and the size to draw it in: no larger than it
// is, no side beyond `most`.
export function pixels(box, size, most) {
  const part = {
    x: Math.round(box.x * size.width), y: Math.round(box.y * size.height),
    width: Math.max(1, Math.round(box.width * size.width)), height: Math.max(1, Math.round(box.height * size.height)),
  };
  const scale = Math.min(1, most / Math.max(part.width, part.height));
  return { part, width: Math.max(1, Math.round(part.width * scale)), height: Math.max(1, Math.round(part.height * scale)) };
}
