import { afterEach, describe, expect, it } from 'vitest';
import { toCsv } from './csv';
import { ago, bucket, bytes, change, day, dayRange, duration, metric, named, percent, short, spanText } from './format';
import { locale, pickLocale, t } from './i18n.svelte';

afterEach(() => {
  locale.code = 'en';
});

describe('figures', () => {
  it('are short only where they are long', () => {
    expect(short(9999)).toBe('9,999');
    expect(short(12_345)).toBe('12.3K');
    expect(short(1_234_567)).toBe('1M');
    expect(metric(12_345, 'count', { compact: false })).toBe('12,345');
    expect(metric(null, 'count')).toBe('–');
    expect(metric(2.5472, 'number')).toBe('2.55');
    expect(metric(41.27, 'percent')).toBe('41%');
    expect(metric(4.27, 'percent')).toBe('4.3%');
    expect(metric(12.5, 'currency', { currency: 'EUR' })).toBe('€12.50');
    expect(metric(12.5, 'currency', { currency: 'no such' })).toBe('12.5 no such');
    expect(percent(0)).toBe('0%');
  });

  it('follow the reader’s region', () => {
    locale.code = 'de-DE';
    expect(metric(1234.5, 'number')).toBe('1.234,5');
    expect(day('2026-02-11')).toBe('11. Feb. 2026');
  });

  it('say how long', () => {
    expect(duration(0)).toBe('0s');
    expect(duration(59.6)).toBe('1m 00s');
    expect(duration(134)).toBe('2m 14s');
    expect(duration(7512)).toBe('2h 05m');
    expect(duration(-3)).toBe('0s');
    expect(ago('2026-02-11T10:00:00Z', Date.parse('2026-02-11T12:10:00Z'))).toBe('2 hr. ago');
    expect(bytes(58_200_000)).toBe('58.2 MB');
    expect(bytes(0)).toBe('0 byte');
  });

  it('say how much changed', () => {
    expect(change(110, 100)).toBeCloseTo(10);
    expect(change(0, 0)).toBe(0);
    expect(change(5, 0)).toBeNull();
    expect(change(5, null)).toBeNull();
    expect(change(undefined, 5)).toBeNull();
  });
});

/** Some of the spaces that date formats use look like others. */
const plain = (text: string) => text.replace(/[\u2009\u202f\u00a0]/g, ' ');

describe('dates', () => {
  it('say nothing twice', () => {
    expect(plain(dayRange('2026-02-01', '2026-02-11'))).toBe('Feb 1 – 11, 2026');
    expect(plain(dayRange('2025-12-30', '2026-01-02'))).toBe('Dec 30, 2025 – Jan 2, 2026');
    expect(dayRange('2026-02-11', '2026-02-11')).toBe('Wed, Feb 11, 2026');
    expect(spanText({ period: 'month' }, '2026-02-11')).toBe('February 2026');
    expect(spanText({ period: 'year', date: '2025-06-01' }, '2026-02-11')).toBe('2025');
    expect(spanText({ period: 'all' }, '2026-02-11')).toBe('');
  });

  it('name buckets', () => {
    expect(plain(bucket('2026-02-11T14:00:00', 'hour', 'axis'))).toBe('2 PM');
    expect(bucket('2026-02-11T00:00:00', 'hour', 'axis', true)).toBe('Feb 11');
    expect(bucket('2026-02-11', 'day', 'axis')).toBe('Feb 11');
    expect(plain(bucket('2026-02-09', 'week', 'full'))).toBe('Feb 9 – 15, 2026');
    expect(bucket('2026-01-01', 'month', 'axis')).toBe('Jan 2026');
    expect(bucket('2026-02-01', 'month', 'axis')).toBe('Feb');
    expect(bucket('2026-02-01', 'month', 'full')).toBe('February 2026');
  });
});

describe('names', () => {
  it('come from the browser, else from the server, else stay codes', () => {
    expect(named('visit:country', 'DE', 'x')).toBe('Germany');
    expect(named('visit:country', 'ZZZ', 'Somewhere')).toBe('Somewhere');
    expect(named('visit:language', 'pt-BR', undefined)).toBe('Brazilian Portuguese');
    expect(named('visit:language', '???', undefined)).toBe('???');
    expect(named('visit:region', 'DE-BE', 'Berlin')).toBe('Berlin');
  });
});

describe('messages', () => {
  it('count', () => {
    expect(t('rows', { n: 1 })).toBe('1 row');
    expect(t('rows', { n: 12 })).toBe('12 rows');
    expect(t('filter.exactly', { text: '{n}' })).toBe('Exactly “{n}”');
  });

  it('are in the language the reader prefers of those there are', () => {
    expect(pickLocale(['de-AT', 'en'], ['de', 'fr'])).toBe('de');
    expect(pickLocale(['pt-BR', 'fr'], ['pt', 'pt-BR'])).toBe('pt-BR');
    expect(pickLocale(['xx', 'en-GB', 'de'], ['de'])).toBe('en');
    expect(pickLocale([], ['de'])).toBe('en');
  });
});

describe('CSV', () => {
  it('quotes what needs it and runs nothing', () => {
    expect(toCsv(['Page', 'Visitors'], [['/a', 3], ['say "hi", all', null], ['=HYPERLINK("x")', 1.5], ['-1', 0], ['line\nbreak', 2]])).toBe(
      'Page,Visitors\r\n/a,3\r\n"say ""hi"", all",\r\n"\'=HYPERLINK(""x"")",1.5\r\n\'-1,0\r\n"line\nbreak",2\r\n',
    );
  });
});
