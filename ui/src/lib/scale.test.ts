import { describe, expect, it } from 'vitest';
import { makeWorld, project, unwrap } from '../../build/world-map';
import { everyNth, niceTicks, smoothPath } from './scale';

describe('scales', () => {
  it('have round steps that reach the top', () => {
    expect(niceTicks(240)).toEqual([0, 100, 200, 300]);
    expect(niceTicks(7)).toEqual([0, 2, 4, 6, 8]);
    expect(niceTicks(100)).toEqual([0, 25, 50, 75, 100]);
    expect(niceTicks(0)).toEqual([0, 1]);
    expect(niceTicks(0.3)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(niceTicks(190, 4, true)).toEqual([0, 60, 120, 180, 240]);
  });

  it('thin labels out to what has room', () => {
    expect(everyNth(30, 600, 60)).toBe(3);
    expect(everyNth(24, 2400, 60)).toBe(1);
    expect(everyNth(1, 10, 60)).toBe(1);
    expect(everyNth(10_000, 300, 60)).toBe(2000);
  });

  it('draw lines that pass through the points and no further', () => {
    expect(smoothPath([])).toBe('');
    expect(smoothPath([[0, 5]])).toBe('M0,5');
    expect(smoothPath([[0, 5], [10, 0]])).toBe('M0,5L10,0');
    // A flat stretch stays flat: its control points lie on it.
    expect(smoothPath([[0, 10], [10, 10], [20, 0]])).toMatch(/^M0,10C3\.3,10 6\.7,10 10,10C/);
  });
});

describe('the world', () => {
  const world = makeWorld();

  it('has every country once, the small ones as dots', () => {
    const codes = [...world.shapes, ...world.dots].map(([code]) => code).filter(Boolean);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.length).toBeGreaterThan(225);
    expect(world.shapes.map(([code]) => code)).toEqual(expect.arrayContaining(['DE', 'US', 'RU', 'FJ', 'XK', 'LS']));
    expect(world.dots.map(([code]) => code)).toEqual(expect.arrayContaining(['SG', 'MT', 'LI']));
    // A country within another is drawn after it.
    expect(world.shapes.findIndex(([code]) => code === 'LS')).toBeGreaterThan(world.shapes.findIndex(([code]) => code === 'ZA'));
  });

  it('is cut where the map ends', () => {
    const pieces = unwrap([[170, 0], [170, 10], [-170, 10], [-170, 0]]);
    expect(pieces).toHaveLength(2);
    for (const piece of pieces) expect(Math.max(...piece.map(([x]) => x)) - Math.min(...piece.map(([x]) => x))).toBe(10);
    for (const [, x, y] of world.dots) {
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(world.width);
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThan(world.height);
    }
  });

  it('keeps areas true at the edge', () => {
    expect(project(0, 0)).toEqual([0, 0]);
    expect(project(180, 0)[0]).toBeCloseTo(2.7066, 3);
    expect(project(0, 90)[1]).toBeCloseTo(1.3173, 3);
  });
});
