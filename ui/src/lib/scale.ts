/** Round numbers from 0 to at least `max`, about `wanted` steps; for seconds, steps people count in. */
export function niceTicks(max: number, wanted = 4, seconds = false): number[] {
  if (!(max > 0)) return [0, 1];
  const rough = max / wanted;
  const time = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (seconds && time.find((s) => s >= rough)) || [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999)!;
  const ticks: number[] = [];
  for (let i = 0; ticks.length === 0 || ticks[ticks.length - 1]! < max - step * 1e-9; i++) ticks.push(round(i * step));
  return ticks;
}

const round = (value: number) => Number(value.toPrecision(12));

export type Point = [x: number, y: number];

/** A smooth line through the points that never swings past one (monotone in x, Fritsch and Carlson 1980). */
export function smoothPath(points: Point[]): string {
  const n = points.length;
  if (n === 0) return '';
  const p = (v: number) => v.toFixed(1).replace(/\.0$/, '');
  let path = `M${p(points[0]![0])},${p(points[0]![1])}`;
  if (n === 2) return `${path}L${p(points[1]![0])},${p(points[1]![1])}`;
  const slope = (i: number) => (points[i + 1]![1] - points[i]![1]) / (points[i + 1]![0] - points[i]![0]);
  const tangent = points.map((_, i) => {
    if (i === 0) return n > 1 ? slope(0) : 0;
    if (i === n - 1) return slope(n - 2);
    const a = slope(i - 1);
    const b = slope(i);
    return a * b <= 0 ? 0 : Math.sign(a) * Math.min((Math.abs(a) + Math.abs(b)) / 2, 3 * Math.min(Math.abs(a), Math.abs(b)));
  });
  for (let i = 0; i < n - 1; i++) {
    const [x0, y0] = points[i]!;
    const [x1, y1] = points[i + 1]!;
    const third = (x1 - x0) / 3;
    path += `C${p(x0 + third)},${p(y0 + third * tangent[i]!)} ${p(x1 - third)},${p(y1 - third * tangent[i + 1]!)} ${p(x1)},${p(y1)}`;
  }
  return path;
}

/** Which of `count` labels to show so that each has `room`: every so many, from the first. */
export function everyNth(count: number, width: number, room: number): number {
  if (count <= 1) return 1;
  const least = Math.ceil(count / Math.max(1, Math.floor(width / room)));
  return [1, 2, 3, 4, 5, 6, 7, 10, 12, 14, 15, 20, 24, 30, 48, 60, 72, 90, 120, 168].find((n) => n >= least) ?? least;
}
