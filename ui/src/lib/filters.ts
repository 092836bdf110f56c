import type { Filter, Op } from '../api/types';

const OPS: readonly Op[] = ['is', 'is_not', 'contains', 'contains_not', 'matches', 'matches_not'];

const escape = (text: string) => text.replace(/[\\,]/g, '\\$&');

/** A filter as it stands in the address of a page: `is,visit:country,DE,FR`; a comma in a value has a backslash before it. */
export function encodeFilter([op, dimension, values]: Filter): string {
  return [op, dimension, ...values].map(escape).join(',');
}

/** The filter that the text says, or null when it says none. */
export function decodeFilter(text: string): Filter | null {
  const parts: string[] = [];
  let part = '';
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\' && i + 1 < text.length) part += text[++i];
    else if (text[i] === ',') {
      parts.push(part);
      part = '';
    } else part += text[i];
  }
  const [op, dimension, ...values] = [...parts, part];
  if (!OPS.includes(op as Op) || !/^(visit|event):./.test(dimension ?? '') || values.length === 0) return null;
  return [op as Op, dimension!, values];
}

export function sameFilter(a: Filter, b: Filter): boolean {
  return encodeFilter(a) === encodeFilter(b);
}

/** Adds `dimension is value`. A value that is already asked for is taken away: a second click undoes the first. */
export function toggleValue(filters: Filter[], dimension: string, value: string): Filter[] {
  const at = filters.findIndex(([op, d]) => op === 'is' && d === dimension);
  if (at < 0) return [...filters, ['is', dimension, [value]]];
  const values = filters[at]![2];
  if (values.length === 1 && values[0] === value) return filters.filter((_, i) => i !== at);
  return filters.map((f, i): Filter => (i === at ? ['is', dimension, [value]] : f));
}

export function withFilter(filters: Filter[], filter: Filter, at = -1): Filter[] {
  if (at >= 0) return filters.map((f, i) => (i === at ? filter : f));
  return filters.some((f) => sameFilter(f, filter)) ? filters : [...filters, filter];
}

export const withoutFilter = (filters: Filter[], at: number): Filter[] => filters.filter((_, i) => i !== at);

export function activeValues(filters: Filter[], dimension: string): string[] {
  return filters.flatMap(([op, d, values]) => (op === 'is' && d === dimension ? values : []));
}

export const hasGoalFilter = (filters: Filter[]): boolean => filters.some(([op, d]) => d === 'event:goal' && op === 'is');
