import { describe, expect, it } from 'vitest';
import { addsSites, deletesSites, givable, managesTeam, ROLES, seesTeam } from './team';

const as = (role: (typeof ROLES)[number] | null) => ({ role });

describe('what roles may', () => {
  it('is asked of each', () => {
    const may = (role: (typeof ROLES)[number] | null) => [addsSites, deletesSites, managesTeam, seesTeam].map((asks) => asks(as(role)));
    expect(may('owner')).toEqual([true, true, true, true]);
    expect(may('admin')).toEqual([true, true, true, true]);
    expect(may('editor')).toEqual([true, false, false, false]);
    expect(may('billing')).toEqual([false, false, false, true]);
    expect(may('viewer')).toEqual([false, false, false, false]);
    expect(may(null)).toEqual([false, false, false, false]);
    expect(addsSites(null)).toBe(false);
  });

  it('leaves owners to owners', () => {
    expect(givable(as('owner'), 'owner')).toEqual(ROLES);
    expect(givable(as('admin'), 'viewer')).toEqual(['admin', 'editor', 'billing', 'viewer']);
    expect(givable(as('admin'), null)).toEqual(['admin', 'editor', 'billing', 'viewer']);
    expect(givable(as('admin'), 'owner')).toEqual([]);
    expect(givable(as('editor'), null)).toEqual([]);
  });
});
