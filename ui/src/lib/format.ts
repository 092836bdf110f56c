import type { Unit } from '../api/types';
import type { Interval, Span } from './period';
import { spanDays } from './period';
import { addDays, type Day } from './days';
import { locale } from './i18n.svelte';

const made = new Map<string, unknown>();

function memo<T>(key: string, make: () => T): T {
  const full = `${locale.code}|${key}`;
  if (!made.has(full)) made.set(full, make());
  return made.get(full) as T;
}

const number = (options: Intl.NumberFormatOptions) => memo(`n${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale.code, options));
const date = (options: Intl.DateTimeFormatOptions) => memo(`d${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(locale.code, { timeZone: 'UTC', ...options }));
const atUtc = (local: string) => new Date(local.length === 10 ? `${local}T00:00:00Z` : `${local.slice(0, 19)}Z`);

/** `1.2k` where room is short; exact below 10 000. */
export function short(value: number): string {
  return Math.abs(value) < 10_000 ? number({ maximumFractionDigits: 0 }).format(value) : number({ notation: 'compact', maximumFractionDigits: Math.abs(value) < 100_000 ? 1 : 0 }).format(value);
}

export const exact = (value: number): string => number({ maximumFractionDigits: 2 }).format(value);
export const percent = (value: number, digits = Math.abs(value) < 10 ? 1 : 0): string => `${number({ maximumFractionDigits: digits }).format(value)}%`;

/** `2m 14s`; hours from 60 minutes on. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s}s`;
  if (s < 3600) return `${Math.floor(s / 60)}m ${String(s % 60).padStart(2, '0')}s`;
  return `${Math.floor(s / 3600)}h ${String(Math.floor((s % 3600) / 60)).padStart(2, '0')}m`;
}

function money(value: number, currency: string, compact: boolean): string {
  try {
    return number({ style: 'currency', currency, ...(compact && Math.abs(value) >= 10_000 ? { notation: 'compact', maximumFractionDigits: 1 } : { maximumFractionDigits: 2 }) }).format(value);
  } catch {
    return `${exact(value)} ${currency}`;
  }
}

export type FormatOptions = { currency?: string; compact?: boolean };

/** A figure with its unit; a dash where there is none. */
export function metric(value: number | null | undefined, unit: Unit, { currency = 'USD', compact = true }: FormatOptions = {}): string {
  if (value === null || value === undefined) return '–';
  switch (unit) {
    case 'percent':
      return percent(value);
    case 'seconds':
      return duration(value);
    case 'currency':
      return money(value, currency, compact);
    case 'number':
      return exact(value);
    default:
      return compact ? short(value) : exact(value);
  }
}

/** How much `now` differs from `before`, in percent; null where that has no meaning. */
export function change(now: number | null | undefined, before: number | null | undefined): number | null {
  if (now === null || now === undefined || before === null || before === undefined) return null;
  if (before === 0) return now === 0 ? 0 : null;
  return ((now - before) / before) * 100;
}

export function day(value: Day, withYear = true): string {
  return date({ day: 'numeric', month: 'short', ...(withYear ? { year: 'numeric' } : {}) }).format(atUtc(value));
}

export const month = (value: Day): string => date({ month: 'long', year: 'numeric' }).format(atUtc(value));
export const weekdayName = (index: number, style: 'short' | 'long' | 'narrow' = 'short'): string => date({ weekday: style }).format(new Date(Date.UTC(2024, 0, 1 + index)));
export const monthName = (index: number): string => date({ month: 'short' }).format(new Date(Date.UTC(2024, index, 1)));
export const hour = (index: number): string => date({ hour: 'numeric' }).format(new Date(Date.UTC(2024, 0, 1, index)));

/** Two days as one phrase, saying nothing twice. */
export function dayRange(from: Day, to: Day): string {
  if (from.slice(0, 10) === to.slice(0, 10)) return date({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).format(atUtc(from.slice(0, 10)));
  return date({ day: 'numeric', month: 'short', year: 'numeric' }).formatRange(atUtc(from.slice(0, 10)), atUtc(to.slice(0, 10)));
}

/** The words for a span that name its days; empty where the period's own name says it best. */
export function spanText(span: Span, today: Day): string {
  const days = spanDays(span, today);
  if (!days) return '';
  if (span.period === 'month') return month(days[0]);
  if (span.period === 'year') return days[0].slice(0, 4);
  return dayRange(days[0], days[1]);
}

/** The name of a bucket on the axis (`short`) or in a tooltip. */
export function bucket(value: string, interval: Interval, style: 'axis' | 'full', axisSpansDays = false): string {
  const at = atUtc(value);
  switch (interval) {
    case 'minute':
      return date({ hour: 'numeric', minute: '2-digit' }).format(at);
    case 'hour':
      if (style === 'axis') return axisSpansDays && value.slice(11, 13) === '00' ? day(value.slice(0, 10), false) : date({ hour: 'numeric' }).format(at);
      return date({ weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric' }).format(at);
    case 'day':
      return style === 'axis' ? day(value, false) : date({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).format(at);
    case 'week':
      return style === 'axis' ? day(value, false) : dayRange(value, addDays(value, 6));
    case 'month':
      return style === 'axis' ? date(value.slice(5, 7) === '01' ? { month: 'short', year: 'numeric' } : { month: 'short' }).format(at) : month(value);
  }
}

/** A moment on the reader's own clock. */
export function moment(iso: string, style: 'time' | 'full' = 'full'): string {
  const options: Intl.DateTimeFormatOptions = style === 'time' ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' };
  return memo(`m${style}`, () => new Intl.DateTimeFormat(locale.code, options)).format(new Date(iso));
}

/** How long ago, in the largest unit that fits. */
export function ago(iso: string, now: number): string {
  const seconds = Math.round((new Date(iso).getTime() - now) / 1000);
  const relative = memo('rel', () => new Intl.RelativeTimeFormat(locale.code, { numeric: 'auto', style: 'short' }));
  for (const [unit, size] of [['day', 86400], ['hour', 3600], ['minute', 60]] as const) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  }
  return relative.format(Math.min(0, seconds), 'second');
}

const display = (type: 'region' | 'language') => memo(`n${type}`, () => new Intl.DisplayNames(locale.code, { type, fallback: 'none' }));

/** The name of a coded value in the reader's language; what the server called it where the browser knows no better. */
export function named(dimension: string, value: string, label: string | undefined): string {
  try {
    if (dimension === 'visit:country' && /^[A-Z]{2}$/.test(value)) return display('region').of(value) ?? label ?? value;
    if (dimension === 'visit:language' && /^[a-zA-Z]{2,3}(-|$)/.test(value)) return display('language').of(value) ?? label ?? value;
  } catch {
    // A code the browser rejects is shown as it is.
  }
  return label ?? value;
}

export function bytes(value: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return number({ style: 'unit', unit: units[power], unitDisplay: 'short', maximumFractionDigits: 1 }).format(value / 1000 ** power);
}
