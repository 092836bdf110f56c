import { t } from './i18n.svelte';

/** Times that are offered, in days; 0 is for ever. */
export const RETENTIONS: readonly number[] = [0, 183, 365, 730];

/** What people call so many days. */
export function retentionName(days: number): string {
  switch (days) {
    case 0: return t('retention.never');
    case 183: return t('retention.6m');
    case 365: return t('retention.1y');
    case 730: return t('retention.2y');
    default: return t('retention.days', { n: days });
  }
}

/** Whether more is deleted with the new time than with the old one. */
export const isShorter = (now: number, before: number): boolean => now !== 0 && (before === 0 || now < before);
