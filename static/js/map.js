// A map to point at, drawn from the outlines that Rockpool carries (static/maps/world.json).
// `openMap(box, {point, picked, chosen})`: `picked({latitude, longitude})` as strings when a point was
// set, `chosen(place)` when it was a known place. Returns {show(point)} for points set elsewhere.
import { around, bounds, decimals, dragged, fromPixel, settled, toPixel, toWorld, zoomed } from "./map_rules.js";

const SVG = "http://www.w3.org/2000/svg";
const LAYERS = ["land", "lakes", "rivers", "borders"];
const AREAS = ["land", "lakes"];
// Farther away than this rivers are only noise.
const RIVERS_FROM = 256 * 2 ** 4;
const WORLD_WIDE = 600;
const A_REGION = 256 * 2 ** 6;
const STEP = 12; // pixels an arrow key moves the point
const STILL = 5; // pixels a finger may tremble in a press
const PAUSE = 300;
const HUNDREDTHS = 100;

export async function openMap(box, { point, picked, chosen }) {
  const outlines = unpacked(await fetch(box.dataset.world).then((got) => got.json()));
  const sheet = drawnIn(box);
  let room = { width: box.clientWidth, height: box.clientHeight };
  let here = point;
  let places = [];
  let view = here ? around(here.longitude, here.latitude, A_REGION, room) : around(20, 25, WORLD_WIDE, room);
  let due = 0;
  let timer = null;

  function see(next) {
    view = settled(next, room);
    cancelAnimationFrame(due);
    due = requestAnimationFrame(() => { draw(sheet, outlines, view, room); mark(sheet, { view, room, here, places }); });
    clearTimeout(timer);
    timer = setTimeout(async () => { places = await known(box.dataset.places, bounds(view, room)); mark(sheet, { view, room, here, places }); }, PAUSE);
  }

  function set(at) {
    const to = fromPixel(view, room, at);
    const precise = decimals(view);
    here = { latitude: to.latitude.toFixed(precise), longitude: to.longitude.toFixed(precise) };
    see(view);
    picked(here);
  }

  const pixel = () => (here ? toPixel(view, room, toWorld(Number(here.longitude), Number(here.latitude))) : { x: room.width / 2, y: room.height / 2 });

  function press(at) {
    const place = places.find((one) => Math.hypot(...Object.values(apart(toPixel(view, room, toWorld(one.longitude, one.latitude)), at))) < 14);
    if (!place) return set(at);
    return chosen(place);
  }

  listen(box, {
    press,
    drag: (across, down) => see(dragged(view, across, down, room)),
    zoom: (factor, at = pixel()) => see(zoomed(view, factor, at, room)),
    step(across, down) {
      const at = pixel();
      const to = here ? { x: at.x + across * STEP, y: at.y + down * STEP } : at;
      if (to.x < 0 || to.x > room.width || to.y < 0 || to.y > room.height) see(dragged(view, -across * room.width / 3, -down * room.height / 3, room));
      set(here ? { x: pixel().x + across * STEP, y: pixel().y + down * STEP } : at);
    },
  });
  new ResizeObserver(() => { room = { width: box.clientWidth, height: box.clientHeight }; see(view); }).observe(box);
  // Set elsewhere: only what is out of sight moves the map.
  function show(next) {
    here = next;
    const { x, y } = pixel();
    const isSeen = x > 0 && x < room.width && y > 0 && y < room.height && view.scale >= A_REGION;
    see(next && !isSeen ? around(Number(next.longitude), Number(next.latitude), Math.max(view.scale, A_REGION), room) : view);
  }
  return { show };
}

const apart = (one, other) => ({ x: one.x - other.x, y: one.y - other.y });

async function known(address, { south, west, north, east }) {
  const box = [south, west, north, east].map((side) => side.toFixed(3)).join(",");
  const answer = await fetch(`${address}?${new URLSearchParams({ box })}`).then((got) => (got.ok ? got.json() : null)).catch(() => null);
  return answer?.places ?? [];
}

// ---------------------------------------------------------------- the outlines
// Each line as points of the world, with the span it covers.
function unpacked(world) {
  return Object.fromEntries(LAYERS.map((layer) => [layer, world[layer].map((packed) => {
    const line = [];
    let [longitude, latitude] = [0, 0];
    for (let n = 0; n < packed.length; n += 2) {
      longitude += packed[n];
      latitude += packed[n + 1];
      line.push(toWorld(longitude / HUNDREDTHS, latitude / HUNDREDTHS));
    }
    const [xs, ys] = [line.map(([x]) => x), line.map(([, y]) => y)];
    return { line, west: Math.min(...xs), east: Math.max(...xs), north: Math.min(...ys), south: Math.max(...ys) };
  })]));
}

function draw(sheet, outlines, view, room) {
  sheet.setAttribute("viewBox", `0 0 ${room.width} ${room.height}`);
  for (const layer of LAYERS) {
    const parts = [];
    if (layer !== "rivers" || view.scale >= RIVERS_FROM) for (const turn of [-1, 0, 1]) outlines[layer].forEach((one) => { if (isSeen(one, turn, view, room)) parts.push(pathOf(one.line, turn, view, room, AREAS.includes(layer))); });
    sheet.querySelector(`.map__${layer}`).setAttribute("d", parts.join(""));
  }
}

function isSeen({ west, east, north, south }, turn, view, room) {
  const [across, down] = [room.width / view.scale / 2, room.height / view.scale / 2];
  return west + turn < view.x + across && east + turn > view.x - across && north < view.y + down && south > view.y - down;
}

// Points closer than a pixel are drawn once.
function pathOf(line, turn, view, room, closed) {
  let path = "";
  let [before, above] = [Infinity, Infinity];
  for (const [x, y] of line) {
    const across = room.width / 2 + (x + turn - view.x) * view.scale;
    const down = room.height / 2 + (y - view.y) * view.scale;
    if (Math.abs(across - before) + Math.abs(down - above) < 1) continue;
    path += `${path ? "L" : "M"}${across.toFixed(1)} ${down.toFixed(1)}`;
    [before, above] = [across, down];
  }
  return closed ? `${path}Z` : path;
}

function drawnIn(box) {
  const sheet = document.createElementNS(SVG, "svg");
  sheet.setAttribute("class", "map__sheet");
  sheet.setAttribute("aria-hidden", "true");
  for (const layer of LAYERS) sheet.append(shape("path", { class: `map__${layer}` }));
  sheet.append(shape("g", { class: "map__marks" }));
  box.prepend(sheet);
  return sheet;
}

function shape(kind, attributes) {
  const made = document.createElementNS(SVG, kind);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  return made;
}

function mark(sheet, { view, room, here, places }) {
  const dots = places.map((place) => {
    const at = toPixel(view, room, toWorld(place.longitude, place.latitude));
    const dot = shape("circle", { class: "map__known", cx: at.x, cy: at.y, r: 5 });
    dot.append(document.createElementNS(SVG, "title"));
    dot.firstChild.textContent = place.name;
    return dot;
  });
  if (here) {
    const { x, y } = toPixel(view, room, toWorld(Number(here.longitude), Number(here.latitude)));
    dots.push(shape("circle", { class: "map__ripple", cx: x, cy: y, r: 15 }), shape("circle", { class: "map__point", cx: x, cy: y, r: 6 }));
  }
  sheet.querySelector(".map__marks").replaceChildren(...dots);
}

// ---------------------------------------------------------------- what people do with it
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function listen(box, { press, drag, zoom, step }) {
  box.addEventListener("keydown", (event) => {
    if (event.target !== box) return;
    const arrow = ARROWS[event.key];
    const factor = { "+": 2, "=": 2, "-": 0.5 }[event.key];
    if (!arrow && !factor) return;
    event.preventDefault();
    if (arrow) step(...arrow);
    else zoom(factor);
  });
  // The wheel belongs to the page until the map was chosen.
  box.addEventListener("wheel", (event) => {
    if (!box.contains(document.activeElement)) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.25 : 0.8, within(box, event));
  }, { passive: false });
  box.querySelectorAll("[data-zoom-by]").forEach((button) => button.addEventListener("click", () => zoom(Number(button.dataset.zoomBy))));
  fingers(box, { press, drag, zoom });
}

function within(box, { clientX, clientY }) {
  const { left, top } = box.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

// One finger or the mouse presses or drags; two fingers zoom.
function fingers(box, { press, drag, zoom }) {
  const down = new Map();
  let wandered = 0;
  const spread = () => { const [one, other] = [...down.values()]; return Math.hypot(one.x - other.x, one.y - other.y); };
  box.addEventListener("pointerdown", (event) => {
    if (event.button || event.target.closest("button")) return;
    box.setPointerCapture(event.pointerId);
    if (!down.size) wandered = 0;
    down.set(event.pointerId, within(box, event));
  });
  box.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    const at = within(box, event);
    const wide = down.size === 2 && spread();
    down.set(event.pointerId, at);
    wandered += Math.hypot(at.x - before.x, at.y - before.y);
    if (wide) zoom(spread() / wide, at);
    else if (wandered > STILL) drag(at.x - before.x, at.y - before.y);
  });
  box.addEventListener("pointerup", (event) => {
    if (down.delete(event.pointerId) && !down.size && wandered <= STILL) press(within(box, event));
  });
  box.addEventListener("pointercancel", (event) => down.delete(event.pointerId));
}
