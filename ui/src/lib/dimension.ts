import type { Site } from '../api/types';
import { named } from './format';
import { type MessageKey, maybe, t } from './i18n.svelte';
import type { IconName } from '../parts/Icon.svelte';

/** What people call a dimension: the name of a property, or of a custom dimension where the site gave it one. */
export function dimensionName(dimension: string, custom: { id: number; name: string }[] = []): string {
  if (dimension.startsWith('event:props:')) return dimension.slice('event:props:'.length);
  const number = /^(?:visit|event):dimension(\d+)$/.exec(dimension)?.[1];
  if (number) return custom.find((d) => d.id === Number(number))?.name ?? t('dimension.custom', { number });
  return maybe(`dimension.${dimension}`) ?? dimension;
}

/** What people call a value of it. */
export function valueName(dimension: string, value: string, label?: string): string {
  if (value === '(not set)') return t('value.not-set');
  if (value === '(none)') return t('value.none');
  if (value === 'Direct / None') return t('value.direct');
  if (dimension === 'visit:visitor_type') return maybe(`value.${value}`) ?? value;
  return named(dimension, value, label);
}

const DEVICE_ICONS: Record<string, IconName> = { Desktop: 'desktop', Laptop: 'desktop', Mobile: 'phone', Smartphone: 'phone', Phablet: 'phone', Tablet: 'tablet' };

export function deviceIcon(device: string | null): IconName {
  return DEVICE_ICONS[device ?? ''] ?? 'desktop';
}

const EMPTY = new Set(['(not set)', '(none)', 'Direct / None', '']);

/** Where a value can be looked at, when it is an address. */
export function valueLink(dimension: string, value: string, site: Site): string | undefined {
  if (EMPTY.has(value)) return undefined;
  if (dimension === 'event:page' || dimension === 'visit:entry_page' || dimension === 'visit:exit_page') {
    if (/^https?:\/\//.test(value)) return value;
    const home = site.urls[0] ?? `https://${site.domain}`;
    return value.startsWith('/') && !value.startsWith('//') ? home.replace(/\/+$/, '') + value : undefined;
  }
  if (dimension === 'event:outlink' || dimension === 'event:download' || dimension === 'visit:referrer') {
    if (/^https?:\/\//.test(value)) return value;
    return dimension === 'visit:referrer' && /^[\w-]+(\.[\w-]+)+(\/|$)/.test(value) ? `https://${value}` : undefined;
  }
  return undefined;
}

/** Dimensions that a filter can be made of, by group, in the order they are offered. */
export const FILTER_GROUPS: { group: MessageKey; dimensions: string[] }[] = [
  { group: 'group.source', dimensions: ['visit:source', 'visit:channel', 'visit:referrer', 'visit:keyword', 'visit:utm_source', 'visit:utm_medium', 'visit:utm_campaign', 'visit:utm_content', 'visit:utm_term'] },
  { group: 'group.page', dimensions: ['event:page', 'visit:entry_page', 'visit:exit_page', 'event:title', 'event:hostname'] },
  { group: 'group.location', dimensions: ['visit:country', 'visit:region', 'visit:city', 'visit:language'] },
  { group: 'group.device', dimensions: ['visit:device', 'visit:browser', 'visit:browser_version', 'visit:os', 'visit:os_version', 'visit:resolution'] },
  { group: 'group.behaviour', dimensions: ['event:goal', 'event:name', 'event:event_category', 'event:event_action', 'event:event_name', 'event:download', 'event:outlink', 'event:search_keyword', 'visit:visitor_type'] },
];
