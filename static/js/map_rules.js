// Where things lie on a map, in Mercator's projection: the world is a square of side 1, of which a
// view shows a part. A view is {x, y, scale}: the point in its middle, and pixels for the whole world.

export const FARTHEST_NORTH = 83;
// Nearer than this the outlines are coarser than what one looks for.
const NEAREST = 256 * 2 ** 11;
const ONE_METRE = 5;

const within = (value, least, most) => Math.min(Math.max(value, least), most);
const radians = (degrees) => (degrees * Math.PI) / 180;

export function toWorld(longitude, latitude) {
  const north = radians(within(latitude, -FARTHEST_NORTH, FARTHEST_NORTH));
  return [(longitude + 180) / 360, 0.5 - Math.log(Math.tan(Math.PI / 4 + north / 2)) / (2 * Math.PI)];
}

export function toPlace(x, y) {
  const longitude = (((x % 1) + 1) % 1) * 360 - 180;
  const latitude = (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
  return { longitude, latitude: within(latitude, -FARTHEST_NORTH, FARTHEST_NORTH) };
}

// A view as it may be: no farther than the world fills the room, no nearer than there is to see.
export function settled({ x, y, scale }, { width, height }) {
  const [north, south] = [toWorld(0, FARTHEST_NORTH)[1], toWorld(0, -FARTHEST_NORTH)[1]];
  const fit = within(scale, Math.max(width, height / (south - north)), NEAREST);
  const half = height / fit / 2;
  return { x: ((x % 1) + 1) % 1, y: within(y, north + half, south - half), scale: fit };
}

export const around = (longitude, latitude, scale, room) => {
  const [x, y] = toWorld(longitude, latitude);
  return settled({ x, y, scale }, room);
};

// What lies under a pixel stays under it.
export function zoomed(view, factor, at, room) {
  const { scale } = settled({ ...view, scale: view.scale * factor }, room);
  const by = 1 / view.scale - 1 / scale;
  return settled({ x: view.x + (at.x - room.width / 2) * by, y: view.y + (at.y - room.height / 2) * by, scale }, room);
}

export const dragged = (view, across, down, room) => settled({ ...view, x: view.x - across / view.scale, y: view.y - down / view.scale }, room);

// Pixels of a point of the world; of its turns around the globe the one nearest to the middle.
export function toPixel(view, room, [x, y]) {
  const turn = x - view.x - Math.round(x - view.x);
  return { x: room.width / 2 + turn * view.scale, y: room.height / 2 + (y - view.y) * view.scale };
}

export const fromPixel = (view, room, at) => toPlace(view.x + (at.x - room.width / 2) / view.scale, view.y + (at.y - room.height / 2) / view.scale);

// As many decimals as a pixel is worth: nobody points at a metre on a map of the world.
export function decimals({ scale }) {
  return within(Math.ceil(Math.log10(scale / 360)), 1, ONE_METRE - 1);
}

// South, west, north and east of what is seen, for asking which places lie there.
export function bounds(view, room) {
  const half = Math.min(0.5, room.width / view.scale / 2);
  const [top, bottom] = [fromPixel(view, room, { x: 0, y: 0 }), fromPixel(view, room, { x: 0, y: room.height })];
  const west = (view.x - half) * 360 - 180;
  return { south: bottom.latitude, west, north: top.latitude, east: west + half * 720 };
}
