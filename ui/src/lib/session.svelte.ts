import { api, onRefusal, setCsrfToken } from '../api/client';
import type { Session, Site } from '../api/types';
import { refreshAll } from './resource.svelte';
import { href } from './router.svelte';
import { theme } from './theme.svelte';

/** Who is signed in, and the sites they see. `ready` once the server has said so. */
export const session = $state<{ ready: boolean; now: Session | null; sites: Site[]; sitesTotal: number }>({ ready: false, now: null, sites: [], sitesTotal: 0 });

export function takeSession(answer: Session) {
  setCsrfToken(answer.csrf_token);
  // What one person was shown is not kept for the next.
  if (session.now?.user?.login !== answer.user?.login) refreshAll();
  session.now = answer;
  session.ready = true;
  if (answer.user?.theme) theme.set(answer.user.theme, false);
}

export async function loadSession() {
  takeSession(await api.get('/session'));
}

// The session may have ended, or been renewed in another tab.
onRefusal(loadSession);

/** Fetches the list behind the site switcher. */
export async function loadSites() {
  const { sites, meta } = await api.get('/sites', { query: { limit: 1000 } });
  session.sites = sites;
  session.sitesTotal = meta.total;
}

/** Ends the session, and with a page loaded anew everything this one holds of it. */
export async function signOut() {
  await api.post('/logout');
  location.assign(href('/login'));
}
