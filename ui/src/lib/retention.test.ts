import { describe, expect, it } from 'vitest';
import { isShorter, retentionName } from './retention';

describe('how long visits are kept', () => {
  it('has names', () => {
    expect([0, 183, 365, 730, 90, 1].map(retentionName)).toEqual(['Never', 'After 6 months', 'After 1 year', 'After 2 years', 'After 90 days', 'After 1 day']);
  });

  it('is shorter when more is deleted', () => {
    expect([isShorter(365, 730), isShorter(365, 0), isShorter(0, 365), isShorter(730, 365), isShorter(365, 365)]).toEqual([true, true, false, false, false]);
  });
});
