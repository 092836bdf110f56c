import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { feature } from 'topojson-client';
import type { Plugin } from 'vite';

type Ring = [number, number][];
type Geometry = { type: 'Polygon'; coordinates: Ring[] } | { type: 'MultiPolygon'; coordinates: Ring[][] };
type Country = { id?: string; properties: { name: string }; geometry: Geometry };

const MODULE = 'virtual:world-map';
export const WIDTH = 1000;
export const HEIGHT = 460;
const TOP_LATITUDE = 84;
const BOTTOM_LATITUDE = -57;

/** Equal Earth (Šavrič, Patterson, Jenny 2018): areas stay true, so colours compare fairly. */
export function project(longitude: number, latitude: number): [number, number] {
  const rad = Math.PI / 180;
  const t = Math.asin((Math.sqrt(3) / 2) * Math.sin(latitude * rad));
  const t2 = t * t;
  const t6 = t2 * t2 * t2;
  const x = (longitude * rad * Math.cos(t)) / ((Math.sqrt(3) / 2) * (1.340264 - 3 * 0.081106 * t2 + t6 * (7 * 0.000893 + 9 * 0.003796 * t2)));
  const y = t * (1.340264 - 0.081106 * t2 + t6 * (0.000893 + 0.003796 * t2));
  return [x, y];
}

const xMax = project(180, 0)[0];
const yTop = project(0, TOP_LATITUDE)[1];
const yBottom = project(0, BOTTOM_LATITUDE)[1];

function toScreen([longitude, latitude]: [number, number]): [number, number] {
  const [x, y] = project(longitude, Math.max(BOTTOM_LATITUDE, latitude));
  return [((x + xMax) / (2 * xMax)) * WIDTH, ((yTop - y) / (yTop - yBottom)) * HEIGHT];
}

function area(ring: [number, number][]): number {
  return Math.abs(ring.reduce((sum, [x, y], i) => {
    const [nx, ny] = ring[(i + 1) % ring.length]!;
    return sum + x * ny - nx * y;
  }, 0) / 2);
}

/** One ring as relative SVG moves, in tenths of a unit, leaving out points that do not move. */
function ringPath(ring: [number, number][]): string {
  let [px, py] = ring[0]!.map((v) => Math.round(v * 10)) as [number, number];
  let path = `M${px / 10} ${py / 10}l`;
  const steps: string[] = [];
  for (const point of ring.slice(1)) {
    const [x, y] = point.map((v) => Math.round(v * 10)) as [number, number];
    if (Math.abs(x - px) + Math.abs(y - py) < 4) continue;
    steps.push(`${(x - px) / 10} ${(y - py) / 10}`);
    [px, py] = [x, y];
  }
  path += steps.join(' ').replace(/ -/g, '-').replace(/\b0\./g, '.');
  return steps.length > 1 ? `${path}z` : '';
}

/** The part of a ring on one side of a meridian. */
function clip(ring: Ring, meridian: number, east: boolean): Ring {
  const inside = ([longitude]: [number, number]) => (east ? longitude >= meridian : longitude <= meridian);
  return ring.flatMap((point, i): Ring => {
    const before = ring[(i + ring.length - 1) % ring.length]!;
    const crossing: Ring = [];
    if (inside(point) !== inside(before)) {
      const share = (meridian - before[0]) / (point[0] - before[0]);
      crossing.push([meridian, before[1] + share * (point[1] - before[1])]);
    }
    return inside(point) ? [...crossing, point] : crossing;
  });
}

/** A ring that goes round the back of the map, as the pieces that lie on it. */
export function unwrap(ring: Ring): Ring[] {
  let turn = 0;
  const whole = ring.map(([longitude, latitude], i): [number, number] => {
    const before = ring[i - 1]?.[0] ?? longitude;
    if (longitude - before > 180) turn -= 360;
    if (before - longitude > 180) turn += 360;
    return [longitude + turn, latitude];
  });
  const longitudes = whole.map(([longitude]) => longitude);
  const pieces = [clip(clip(whole, 180, false), -180, true)];
  if (Math.max(...longitudes) > 180) pieces.push(clip(whole, 180, true).map(([longitude, latitude]) => [longitude - 360, latitude]));
  if (Math.min(...longitudes) < -180) pieces.push(clip(whole, -180, false).map(([longitude, latitude]) => [longitude + 360, latitude]));
  return pieces.filter((piece) => piece.length > 2);
}

function rings(geometry: Geometry): Ring[] {
  const outer = geometry.type === 'Polygon' ? [geometry.coordinates[0]!] : geometry.coordinates.map((polygon) => polygon[0]!);
  return outer.flatMap(unwrap);
}

function countries(file: string): Country[] {
  const path = createRequire(import.meta.url).resolve(`world-atlas/${file}`);
  const topology = JSON.parse(readFileSync(path, 'utf8'));
  return (feature(topology, topology.objects.countries) as unknown as { features: Country[] }).features;
}

/** The world as `{ width, height, shapes: [code, path][], dots: [code, x, y][] }`: dots stand for countries too small to see. */
export function makeWorld() {
  const codes = createRequire(import.meta.url)('i18n-iso-countries/codes.json') as [string, string, string][];
  const alpha2 = new Map(codes.map(([two, , numeric]) => [numeric, two]));
  const codeOf = (country: Country) => (country.id ? alpha2.get(country.id) : undefined) ?? (country.properties.name === 'Kosovo' ? 'XK' : undefined);
  const drawn: { code: string; path: string; size: number }[] = [];
  const seen = new Set<string>();
  for (const country of countries('countries-110m.json')) {
    const code = codeOf(country) ?? '';
    if (code === 'AQ') continue;
    const outlines = rings(country.geometry).map((ring) => ring.map(toScreen));
    const path = outlines.map(ringPath).join('');
    if (!path) continue;
    drawn.push({ code, path, size: outlines.reduce((sum, ring) => sum + area(ring), 0) });
    seen.add(code);
  }
  // Small countries are drawn last, so that one inside another stays visible.
  const shapes = drawn.sort((a, b) => b.size - a.size).map(({ code, path }): [string, string] => [code, path]);
  const dots: [string, number, number][] = [];
  for (const country of countries('countries-50m.json')) {
    const code = codeOf(country);
    if (!code || seen.has(code) || code === 'AQ') continue;
    const largest = rings(country.geometry).map((ring) => ring.map(toScreen)).sort((a, b) => area(b) - area(a))[0]!;
    const [x, y] = [0, 1].map((axis) => largest.reduce((sum, point) => sum + point[axis]!, 0) / largest.length);
    dots.push([code, Math.round(x! * 10) / 10, Math.round(y! * 10) / 10]);
    seen.add(code);
  }
  return { width: WIDTH, height: HEIGHT, shapes, dots };
}

/** Serves the world map as a module, made from Natural Earth's public-domain geometry while building. */
export function worldMap(): Plugin {
  return {
    name: 'footfall-world-map',
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : undefined),
    load: (id) => (id === `\0${MODULE}` ? `export default JSON.parse(${JSON.stringify(JSON.stringify(makeWorld()))})` : undefined),
  };
}
