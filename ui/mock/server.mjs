// A stand-in for the server, with made-up data: `npm run mock`, then open the address it prints. Login: ada / footfall-demo.
import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SITES, Visits } from './data.mjs';
import { answer, liveVisit, QueryError } from './engine.mjs';
import { authenticate, keptAtFirst, openedBy, routeKept } from './kept.mjs';

const DIST = join(fileURLToPath(new URL('..', import.meta.url)), 'dist');
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json' };
const CSP = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'";

const no = (status, code, message, more = {}) => ({ status, body: { error: { code, message, ...more } } });
const ok = (body, status = 200) => ({ status, body });

/** The state of one stand-in: sites, people, settings and who is signed in. */
function makeState({ setup, now }) {
  const sites = SITES.map(({ size, ...site }) => ({
    ...site, urls: [`https://${site.domain}`], timezone: 'UTC', currency: 'EUR', ecommerce: false, public: site.id === 2, created_at: '2025-01-05T09:12:00Z', last_hit_at: size ? new Date(now()).toISOString() : null, access: 'superuser', sets_up: true,
    site_search: true, site_search_params: ['q', 'query'], site_search_category_params: [], excluded_ips: ['203.0.113.0/24'], excluded_query_params: ['gclid', 'fbclid'], excluded_user_agents: [], keep_url_fragments: false, excluded_countries: [], excluded_pages: [], allowed_hostnames: [], allowed_properties: [],
  }));
  const goal = (id, name, match, pattern, revenue_from_event = false) => ({ id, name, match, pattern, pattern_type: 'exact', case_sensitive: false, allow_multiple: false, revenue: null, revenue_from_event, currency: null, props: {}, scroll_depth: null });
  return {
    setup, sites, kept: new Map(sites.map((s) => [s.id, keptAtFirst(s, now())])), sessions: new Map(), visits: new Map(), nextId: 100,
    goals: new Map(sites.map((s) => [s.id, [goal(1, 'Signup', 'event', 'Signup', true), goal(2, 'Visit pricing', 'path', '/pricing'), goal(3, 'Read install guide', 'path', '/docs/install'), goal(4, 'Watch the tour', 'event', 'Video play')]])),
    dimensions: new Map(sites.map((s) => [s.id, s.policy === 'matomo' ? [{ id: 1, index: 1, name: 'Visitor type', scope: 'visit', active: true, case_sensitive: true, extractions: [] }] : []])),
    users: [
      { login: 'ada', name: 'Ada Lovelace', email: 'ada@example.com', superuser: true, role: 'owner', created_at: '2025-01-05T09:12:00Z', last_seen_at: new Date(now()).toISOString(), access: [], password: 'footfall-demo', theme: 'system' },
      { login: 'grace', name: 'Grace Hopper', email: 'grace@example.com', superuser: false, role: null, created_at: '2025-02-01T10:00:00Z', last_seen_at: null, access: [{ site_id: 1, access: 'view' }], password: 'footfall-demo', theme: 'system' },
    ],
    tokens: [{ id: 1, description: 'Nightly export', created_at: '2025-03-01T08:00:00Z', last_used_at: new Date(now() - 36e5).toISOString(), expires_at: null, scopes: [] }],
    settings: { instance_name: 'Footfall', base_url: null, default_timezone: 'Europe/Berlin', default_currency: 'EUR', default_policy: 'matomo', retention_days: 730, anonymize_ip_bytes: 2, honour_do_not_track: false, system: { version: '0.1.0-mock', engine: 'made-up data', hits: 1_204_331, disk_bytes: 58_200_000, journal_waiting: 0, place_data: 'built-in countries', device_data: 'built-in' } },
  };
}

const REASONS = [
  ['bot', 'Came from a bot', 'Crawlers and scripts that say so, or are known to be one.', 412], ['prefetch', 'Prefetched, not seen', 'The browser loaded the page ahead of time.', 87], ['ignored-address', 'Came from an excluded address', 'Remove it under “Shields” in the site’s settings to count it.', 31],
  ['spam-referrer', 'Referrer is known for spam', 'Listed senders of fake visits.', 6], ['opted-out', 'The visitor opted out', 'They used the opt-out of this server.', 0], ['too-old', 'Too far in the past', 'Backdated hits need a token.', 0], ['unknown-site', 'No such site', 'Check the site id or domain in the code.', 0],
];

export function startMock({ port = 18102, base = '/', setup = false, firstHitAfter = 4000, now = Date.now } = {}) {
  const state = makeState({ setup, now });
  const streams = new Set();
  const visits = (site) => {
    if (!state.visits.has(site.id)) state.visits.set(site.id, new Visits({ ...site, size: SITES.find((s) => s.id === site.id)?.size ?? 0 }, now()));
    return state.visits.get(site.id);
  };
  const lively = (site) => {
    if (visits(site).empty) return site.last_hit_at ? 1 : 0;
    const list = visits(site).between(now() - 864e5, now());
    // A gentle wave around the true number, so that the page is seen to move.
    return Math.max(1, Math.round(list.filter((v) => now() - v.end < 300_000).length + 2 * Math.sin(now() / 9000)));
  };
  const asSession = (held) => ({ authenticated: !!held.user, setup_required: state.setup, csrf_token: held.csrf, user: held.user ? (({ login, name, email, superuser, role, theme }) => ({ login, name, email, superuser, role, theme }))(held.user) : null, version: '0.1.0-mock', instance_name: state.settings.instance_name, sends_mail: true });
  const publicUser = ({ password: _p, theme: _t, invitation: _i, ...user }) => ({ invited_until: null, ...user });
  const dropReport = (days) => {
    const reasons = REASONS.map(([code, title, hint, n]) => ({ code, title, hint, count: Math.round((n * days) / 7), last_at: n ? new Date(now() - 600_000).toISOString() : null }));
    return { from: new Date(now() - (days - 1) * 864e5).toISOString().slice(0, 10), to: new Date(now()).toISOString().slice(0, 10), accepted: 18_204 * days, dropped: reasons.reduce((sum, r) => sum + r.count, 0), reasons };
  };

  function route(method, path, query, body, held, opened) {
    const [, head, key, part, sub, tail] = path.split('/');
    const user = opened ? null : held.user;
    const limits = opened?.filters ?? [];
    if (path === '/session') return ok(asSession(held));
    if (path === '/login' && method === 'POST') {
      const found = state.users.find((u) => (u.login === body.login || u.email === body.login) && u.password === body.password);
      if (!found) return no(401, 'wrong_credentials', 'login or password is wrong');
      return { ...ok(null), signIn: found };
    }
    if (path === '/setup' && method === 'POST') {
      if (!state.setup) return no(409, 'conflict', 'this server is set up already');
      if (body.token !== 'let-me-in') return no(403, 'setup_token', 'the set-up token is not right', { hint: 'it is in the log of the first start' });
      state.setup = false;
      const made = { login: body.login, name: body.login, email: body.email, superuser: true, role: 'owner', created_at: new Date(now()).toISOString(), last_seen_at: null, access: [], password: body.password, theme: 'system' };
      state.users = [made];
      return { ...ok(null), signIn: made };
    }
    if (path === '/password/forgotten') return { status: 204 };
    if (path === '/password/reset') return body.token === 'let-me-in' ? { status: 204 } : no(403, 'forbidden', 'the link is not known, or no longer counts', { hint: 'ask for a new one' });
    if (path === '/invitation') {
      const invited = state.users.find((u) => u.invitation && u.invitation === (query.get('token') ?? body?.token));
      if (!invited) return no(403, 'forbidden', 'the invitation is not known, or no longer counts');
      if (method === 'GET') return ok({ login: invited.login, email: invited.email, invited_by: 'ada' });
      Object.assign(invited, { password: body.password, name: body.name ?? invited.name, invitation: undefined, invited_until: null });
      return { ...ok(null), signIn: invited };
    }
    if (path === '/logout') return { ...ok(null), signIn: null };
    const siteOf = () => state.sites.find((s) => String(s.id) === key);
    const shown = part === undefined || part === 'query' || part === 'dimensions' || part === 'goals' || part === 'funnels' || (part === 'properties' && limits.length === 0);
    const openToAll = head === 'sites' && (siteOf()?.public || siteOf()?.id === opened?.site) && shown;
    if (!user && !openToAll) return no(401, 'unauthenticated', 'sign in to see this');

    if (head === 'account') {
      if (body.password) {
        if (body.password.current !== user.password) return no(422, 'invalid', 'a field is not right', { fields: { password: 'this is not the current password' } });
        user.password = body.password.new;
      }
      for (const field of ['name', 'email', 'theme']) if (body[field] !== undefined) user[field] = body[field];
      return ok(asSession(held));
    }
    if (head === 'settings') {
      if (method === 'PATCH') Object.assign(state.settings, body);
      return ok(state.settings);
    }
    if (head === 'dropped') return ok({ ...dropReport(Number(query.get('days') ?? 7)), reasons: [], dropped: 0 });
    if (head === 'tokens') {
      if (method === 'GET') return ok({ tokens: state.tokens });
      if (method === 'DELETE') {
        state.tokens = state.tokens.filter((t) => String(t.id) !== key);
        return { status: 204 };
      }
      const token = { id: state.nextId++, description: body.description, created_at: new Date(now()).toISOString(), last_used_at: null, expires_at: body.expires_at ?? null, scopes: body.scopes ?? [] };
      state.tokens = [token, ...state.tokens];
      return ok({ token, secret: 'ff_3f9c2a7e51d84b06a1c9e0d2b7f4865a' }, 201);
    }
    if (head === 'team') return ok({ id: 'ef828bca-8a1b-89f6-b829-dee1c9f7d628', name: state.settings.instance_name, role: user.role, members: state.users.filter((u) => u.role).map(({ login, name, email, role, invited_until }) => ({ login, name, email, role, invited_until: invited_until ?? null })), usage: { sites: state.sites.length, hits: 1_204_331, hits_before: 988_020 } });
    if (head === 'users') {
      if (!key && method === 'GET') return ok({ users: state.users.map(publicUser) });
      if (!key) {
        if (state.users.some((u) => u.login === body.login)) return no(409, 'conflict', `the login \`${body.login}\` is taken`, { fields: { login: `the login \`${body.login}\` is taken` } });
        const made = { name: '', role: null, ...body, superuser: body.role === 'owner', created_at: new Date(now()).toISOString(), last_seen_at: null, access: [], theme: 'system' };
        if (!made.password) Object.assign(made, { invitation: `let-${made.login}-in`, invited_until: new Date(now() + 7 * 864e5).toISOString() });
        state.users.push(made);
        return ok({ ...publicUser(made), ...(made.invitation ? { invitation_url: `${base}invitation?token=${made.invitation}` } : {}) }, 201);
      }
      const one = state.users.find((u) => u.login === decodeURIComponent(key));
      if (!one) return no(404, 'not_found', `there is no user \`${key}\``);
      if (part === 'invitation') return ok({ invitation_url: `${base}invitation?token=${one.invitation}`, expires_at: one.invited_until, sent: true });
      if (part === 'role') {
        if (one.superuser && body.role !== 'owner' && state.users.filter((u) => u.superuser).length === 1) return no(409, 'conflict', `\`${one.login}\` is the only superuser, and one must stay`);
        Object.assign(one, { role: body.role, superuser: body.role === 'owner' });
      } else if (part === 'access') one.access = [...one.access.filter((a) => a.site_id !== body.site_id), ...(body.access ? [body] : [])];
      else if (method === 'DELETE') {
        state.users = state.users.filter((u) => u !== one);
        return { status: 204 };
      } else Object.assign(one, body);
      return ok(publicUser(one));
    }
    if (head !== 'sites') return no(404, 'not_found', `there is nothing at \`${path}\``);

    const search = (query.get('search') ?? '').toLowerCase();
    const found = state.sites.filter((s) => `${s.name} ${s.domain}`.toLowerCase().includes(search));
    if (!key && method === 'GET') return ok({ sites: [...found].sort((a, b) => a.name.localeCompare(b.name)), meta: { total: found.length, after: null, before: null, limit: 100 } });
    if (!key) {
      if (state.sites.some((s) => s.domain === body.domain)) return no(409, 'conflict', `the domain \`${body.domain}\` is taken`, { fields: { domain: `the domain \`${body.domain}\` is taken` } });
      if (!/^[\w.-]+(:\d+)?$/.test(body.domain)) return no(422, 'invalid', 'a field is not right', { fields: { domain: `\`${body.domain}\` is not a domain` } });
      const made = { ...state.sites[0], id: state.nextId++, public: false, last_hit_at: null, created_at: new Date(now()).toISOString(), name: body.domain, urls: [`https://${body.domain}`], excluded_ips: [], ...body };
      state.sites.push(made);
      state.goals.set(made.id, []);
      state.dimensions.set(made.id, []);
      state.kept.set(made.id, keptAtFirst(made, now()));
      setTimeout(() => (made.last_hit_at = new Date(now()).toISOString()), firstHitAfter).unref();
      return ok(made);
    }
    if (key === 'overview') {
      const period = query.get('period') ?? '24h';
      const list = found.map((site) => {
        const unit = period === '24h' ? 'time:hour' : 'time:day';
        const result = answer(visits(site), [], { range: { period }, compare: 'previous', metrics: ['visitors', 'pageviews'], dimensions: [unit], limit: 1000 }, now());
        const [visitors, pageviews] = result.totals.metrics;
        const [before] = result.totals.comparison;
        return { site, visitors, previous_visitors: before, pageviews, change: before ? ((visitors - before) / before) * 100 : null, live: lively(site), sparkline: result.rows.map((row) => row.metrics[0]) };
      });
      return ok({ sites: list.sort((a, b) => b.visitors - a.visitors), meta: { total: list.length, limit: 100, period } });
    }
    const site = siteOf();
    if (!site) return no(404, 'not_found', `there is no site \`${key}\``);
    const goals = state.goals.get(site.id);
    if (limits.length) body = { ...body, filters: [...(body.filters ?? []), ...limits] };
    const kept = routeKept({ kept: state.kept.get(site.id), site, goals, visits: visits(site), method, part, sub, tail, query, body, user, now: now() });
    if (kept) return kept;
    switch (part) {
      case undefined:
        if (method === 'PATCH') Object.assign(site, body);
        if (method === 'DELETE') {
          state.sites = state.sites.filter((s) => s !== site);
          return { status: 204 };
        }
        return ok(site);
      case 'snippets': {
        const origin = 'https://stats.example.com';
        return ok({
          matomo: `<script>\n  var _paq = window._paq = window._paq || [];\n  _paq.push(['trackPageView']);\n  _paq.push(['enableLinkTracking']);\n  (function () {\n    var u = '${origin}/';\n    _paq.push(['setTrackerUrl', u + 'matomo.php']);\n    _paq.push(['setSiteId', '${site.id}']);\n    var d = document, g = d.createElement('script'), s = d.getElementsByTagName('script')[0];\n    g.async = true; g.src = u + 'matomo.js'; s.parentNode.insertBefore(g, s);\n  })();\n</script>`,
          plausible: `<script defer data-domain="${site.domain}" src="${origin}/js/script.js"></script>`,
          image: `<img src="${origin}/matomo.php?idsite=${site.id}&amp;rec=1" style="border:0" alt="" />`,
        });
      }
      case 'goals':
      case 'dimensions': {
        const isGoal = part === 'goals';
        const map = isGoal ? state.goals : state.dimensions;
        const list = map.get(site.id);
        if (!sub && method === 'GET') return ok({ [part]: list });
        if (!sub) {
          if (list.some((one) => one.name === body.name)) return no(422, 'invalid', 'a field is not right', { fields: { name: `the name \`${body.name}\` is taken` } });
          const made = isGoal
            ? { id: Math.max(0, ...list.map((g) => g.id)) + 1, pattern: '', pattern_type: 'exact', case_sensitive: false, allow_multiple: false, revenue: null, revenue_from_event: false, currency: null, props: {}, scroll_depth: null, ...body }
            : { id: Math.max(0, ...list.map((g) => g.id)) + 1, index: list.filter((d) => d.scope === body.scope).length + 1, active: true, case_sensitive: true, extractions: [], ...body };
          list.push(made);
          return ok(made, 201);
        }
        const one = list.find((g) => String(g.id) === sub);
        if (!one) return no(404, 'not_found', `there is no ${isGoal ? 'goal' : 'dimension'} \`${sub}\``);
        if (method === 'DELETE') {
          map.set(site.id, list.filter((g) => g !== one));
          return { status: 204 };
        }
        return ok(Object.assign(one, body));
      }
      case 'properties':
        return ok({ properties: !visits(site).empty ? [{ name: 'tier', events: 410 }, { name: 'method', events: 410 }, { name: 'length', events: 390 }, { name: 'theme', events: 390 }] : [] });
      case 'dropped':
        return ok(dropReport(Number(query.get('days') ?? 7)));
      case 'query':
        try {
          return ok(answer(visits(site), goals, body, now()));
        } catch (error) {
          if (error instanceof QueryError || error instanceof SyntaxError) return no(400, 'invalid_query', error.message);
          throw error;
        }
      case 'live': {
        const limit = Number(query.get('limit') ?? 30);
        const before = query.get('before');
        const filters = JSON.parse(query.get('filters') ?? '[]');
        const all = visits(site).between(now() - 7 * 864e5, now());
        const kept = filters.length ? all.filter((v) => answer({ first: v.start, between: () => [v] }, goals, { range: { period: 'custom', from: '2000-01-01', to: '2100-01-01' }, metrics: ['visits'], filters }, now()).totals.metrics[0] > 0) : all;
        const ordered = kept.slice(-600).sort((a, b) => b.end - a.end);
        const at = before ? ordered.findIndex((v) => String(v.id) === before) : 0;
        const page = ordered.slice(at, at + limit);
        const minutes = Array.from({ length: 30 }, (_, i) => all.slice(-300).reduce((sum, v) => sum + v.actions.filter((a) => a.kind === 'pageview' && Math.floor((now() - a.time) / 60_000) === 29 - i).length, 0));
        return ok({ visitors: lively(site), minutes, visits: page.map((v) => liveVisit(v, goals, now(), site.domain)), next: ordered[at + limit] ? String(ordered[at + limit].id) : null });
      }
      default:
        return no(404, 'not_found', `there is nothing at \`${path}\``);
    }
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://mock');
    response.setHeader('content-security-policy', url.pathname.includes('/share/') ? CSP.replace("frame-ancestors 'none'", 'frame-ancestors *') : CSP);
    response.setHeader('x-content-type-options', 'nosniff');
    if (!url.pathname.startsWith(base)) return response.writeHead(404).end();
    const path = `/${url.pathname.slice(base.length)}`;
    const shared = /^\/share\/([^/]+)\/authenticate$/.exec(path);
    if (shared) {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const { status, body } = authenticate(state, decodeURIComponent(shared[1]), JSON.parse(Buffer.concat(chunks).toString()));
      response.writeHead(status, { 'content-type': 'application/json' });
      return response.end(JSON.stringify(body));
    }
    if (!path.startsWith('/api/v1/')) {
      const file = normalize(join(DIST, path));
      const found = file.startsWith(DIST) && extname(file) && existsSync(file) ? file : null;
      if (!found && path.startsWith('/assets/')) return response.writeHead(404).end();
      const bytes = readFileSync(found ?? join(DIST, 'index.html'));
      response.writeHead(200, { 'content-type': TYPES[extname(found ?? 'x.html')] ?? 'application/octet-stream', 'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache' });
      return response.end(found ? bytes : bytes.toString().replace('<base href="/" />', `<base href="${base}" />`));
    }
    const id = /footfall_session=(\w+)/.exec(request.headers.cookie ?? '')?.[1];
    let held = id && state.sessions.get(id);
    const renew = (user) => {
      const fresh = `s${state.nextId++}${Math.abs(Math.imul(state.nextId, 2654435761))}`;
      held = { csrf: `csrf-${fresh}`, user };
      state.sessions.set(fresh, held);
      response.setHeader('set-cookie', `footfall_session=${fresh}; Path=${base}; HttpOnly; SameSite=Lax`);
    };
    if (!held) renew(null);
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const api = path.slice('/api/v1'.length);
    const stream = /^\/sites\/(\d+)\/live\/stream$/.exec(api);
    if (stream) {
      const site = state.sites.find((s) => String(s.id) === stream[1]);
      if (!site || (!held.user && !site.public)) return response.writeHead(404).end();
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      const beat = () => response.write(`event: pulse\ndata: ${JSON.stringify({ visitors: lively(site), last_hit_at: site.last_hit_at })}\n\n`);
      beat();
      const timer = setInterval(beat, 2000);
      streams.add(response);
      request.on('close', () => {
        clearInterval(timer);
        streams.delete(response);
      });
      return;
    }
    let result;
    try {
      const opened = openedBy(state, request.headers['x-shared-link']);
      const isPublicQuery = /^\/sites\/\d+\/(funnels\/\d+\/)?query$/.test(api) && (opened || !held.user);
      const sent = Buffer.concat(chunks).toString();
      if (request.method !== 'GET' && !isPublicQuery && request.headers['x-csrf-token'] !== held.csrf) result = no(403, 'csrf', 'the header `x-csrf-token` is missing or old', { hint: 'load the page anew' });
      else result = route(request.method, api, url.searchParams, api.endsWith('/import/events') ? { text: sent } : request.headers['content-type'] === 'application/zip' ? { source: url.searchParams.get('source'), files: { 'imported_visitors.csv': 'date,visitors\n2025-01-01,5\n2025-01-02,7\n' } } : sent ? JSON.parse(sent) : {}, held, opened);
      if ('signIn' in result) {
        renew(result.signIn);
        result = ok(asSession(held));
      }
    } catch (error) {
      result = no(500, 'internal', String(error?.stack ?? error));
    }
    response.writeHead(result.status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(result.status === 204 ? undefined : JSON.stringify(result.body));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      resolve({
        url: `http://127.0.0.1:${server.address().port}${base}`,
        close: () => {
          for (const stream of streams) stream.end();
          server.closeAllConnections();
          return new Promise((done) => server.close(done));
        },
      });
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const mock = await startMock({ port: Number(process.env.PORT ?? 18102), base: process.env.MOCK_BASE ?? '/', setup: !!process.env.MOCK_SETUP });
  console.log(`stand-in server with made-up data on ${mock.url} (login ada, password footfall-demo)`);
}
