/** A calendar day as `2026-02-11`. All arithmetic is on the calendar, so no time zone can bend it. */
export type Day = string;

const MS = 86_400_000;
const toTime = (day: Day) => Date.UTC(+day.slice(0, 4), +day.slice(5, 7) - 1, +day.slice(8, 10));
const fromTime = (time: number): Day => new Date(time).toISOString().slice(0, 10);

export function isDay(text: string | null | undefined): text is Day {
  return !!text && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(toTime(text)) && fromTime(toTime(text)) === text;
}

export const addDays = (day: Day, n: number): Day => fromTime(toTime(day) + n * MS);
export const daysBetween = (from: Day, to: Day): number => Math.round((toTime(to) - toTime(from)) / MS);
/** 0 is Monday. */
export const weekday = (day: Day): number => (new Date(toTime(day)).getUTCDay() + 6) % 7;
export const startOfMonth = (day: Day): Day => `${day.slice(0, 7)}-01`;
export const startOfYear = (day: Day): Day => `${day.slice(0, 4)}-01-01`;

export function daysInMonth(day: Day): number {
  return new Date(Date.UTC(+day.slice(0, 4), +day.slice(5, 7), 0)).getUTCDate();
}

export const endOfMonth = (day: Day): Day => `${day.slice(0, 7)}-${daysInMonth(day)}`;
export const endOfYear = (day: Day): Day => `${day.slice(0, 4)}-12-31`;

/** The same day so many months away, or the last one of a shorter month. */
export function addMonths(day: Day, n: number): Day {
  const first = new Date(Date.UTC(+day.slice(0, 4), +day.slice(5, 7) - 1 + n, 1)).toISOString().slice(0, 10);
  return `${first.slice(0, 8)}${String(Math.min(+day.slice(8, 10), daysInMonth(first))).padStart(2, '0')}`;
}

/** The day it is at `now` on a clock in `timezone`. */
export function dayAt(now: Date, timezone: string): Day {
  try {
    const parts = new Intl.DateTimeFormat('en-CA', { timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now);
    return isDay(parts) ? parts : fromTime(now.getTime());
  } catch {
    return fromTime(now.getTime());
  }
}

/** Six weeks of days around a month, Monday first, for a calendar sheet. */
export function monthSheet(month: Day): Day[] {
  const first = startOfMonth(month);
  const start = addDays(first, -weekday(first));
  return Array.from({ length: 42 }, (_, i) => addDays(start, i));
}
