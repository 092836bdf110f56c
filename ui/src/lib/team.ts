import type { SessionUser, TeamRole } from '../api/types';

/** Every role, in the order people are offered them. */
export const ROLES = ['owner', 'admin', 'editor', 'billing', 'viewer'] as const satisfies readonly TeamRole[];

type Member = Pick<SessionUser, 'role'> | null | undefined;

/** Whether somebody may add sites. */
export const addsSites = (user: Member) => user?.role === 'owner' || user?.role === 'admin' || user?.role === 'editor';

/** Whether somebody may delete sites. */
export const deletesSites = (user: Member) => user?.role === 'owner' || user?.role === 'admin';

/** Whether somebody may invite and remove people. */
export const managesTeam = deletesSites;

/** Whether somebody sees who is in the team, and how much is used. */
export const seesTeam = (user: Member) => managesTeam(user) || user?.role === 'billing';

/** The roles somebody may give to another person who has `from`; none where they may not change it. */
export function givable(user: Member, from: TeamRole | null): readonly TeamRole[] {
  if (user?.role === 'owner') return ROLES;
  return user?.role === 'admin' && from !== 'owner' ? ROLES.filter((role) => role !== 'owner') : [];
}
