// What the stand-in keeps with a site: funnels, annotations, segments, shared links, guests, imports, and how long it keeps visits.
import { funnel } from './engine.mjs';

const ok = (body, status = 200) => ({ status, body });
const no = (status, code, message, more = {}) => ({ status, body: { error: { code, message, ...more } } });
const invalid = (field, message) => no(422, 'invalid', 'a field is not right', { fields: { [field]: message } });
const day = (time) => new Date(time).toISOString().slice(0, 10);

/** What a site has at first; `made` is the moment of the start. */
export function keptAtFirst(site, made) {
  const first = site.id === 1;
  return {
    funnels: first ? [{ id: 1, name: 'From pricing to sign-up', steps: [2, 1] }, { id: 2, name: 'Evaluation', steps: [3, 2, 1] }] : [],
    annotations: first
      ? [
          { id: 0, date: day(made - 4 * 864e5), note: 'Version 0.2 released', starred: true, login: 'ada', created_at: new Date(made).toISOString() },
          { id: 1, date: day(made - 12 * 864e5), note: 'The new pricing page went live', starred: false, login: 'grace', created_at: new Date(made).toISOString() },
        ]
      : [],
    segments: first ? [{ id: 1, name: 'German visitors', filters: [['is', 'visit:country', ['DE']]] }] : [],
    links: first
      ? [
          { slug: 'open', name: 'For everybody', password: '', segment_id: null },
          { slug: 'locked', name: 'For the board', password: 'open sesame', segment_id: null },
          { slug: 'german', name: 'Our German partner', password: '', segment_id: 1 },
        ].map((link) => ({ ...link, created_at: new Date(made).toISOString() }))
      : [],
    guests: first ? [{ email: 'linus@example.com', role: 'editor', accepted: false, invited_at: new Date(made).toISOString() }] : [],
    imports: first ? [{ id: 1, source: 'plausible', from: '2024-01-01', to: '2024-12-31', rows: 18_204, created_at: new Date(made).toISOString(), state: 'completed', deletable: true }, { id: 2, source: 'events', from: '2025-01-01', to: '2025-01-31', rows: 4_210, created_at: new Date(made).toISOString(), state: 'completed', deletable: false, batch_id: 'january', lines: 4_212, refused: 2 }] : [],
    retention: { days: null, server_days: 730 },
    emailReports: { weekly: ['ada@example.com'], monthly: [], traffic_spike: null, traffic_drop: null, sends_mail: true },
  };
}

const next = (list, from = 1) => Math.max(from - 1, ...list.map((one) => one.id)) + 1;

/** Answers a request below a site, or gives undefined where it is about something else. */
export function routeKept({ kept, site, goals, visits, method, part, sub, tail, query, body, user, now }) {
  const told = ({ steps, ...one }) => ({ ...one, steps: steps.map((id) => ({ goal_id: id, name: goals.find((goal) => goal.id === id)?.name ?? '' })) });
  const link = ({ password, ...one }) => ({ ...one, url: `https://stats.example.com/share/${site.domain}?auth=${one.slug}`, has_password: !!password });
  const drop = (name, key = 'id') => {
    const before = kept[name].length;
    kept[name] = kept[name].filter((one) => String(one[key]) !== decodeURIComponent(sub));
    return before === kept[name].length ? no(404, 'not_found', `site \`${site.id}\` has no such thing`) : { status: 204 };
  };
  const one = (name) => kept[name].find((held) => String(held.id) === sub);
  switch (part) {
    case 'funnels': {
      if (tail === 'query') return ok(funnel(visits, goals, told(one('funnels')), body, now));
      if (method === 'GET') return ok({ funnels: kept.funnels.map(told) });
      if (method === 'DELETE') return drop('funnels');
      if (body.name && kept.funnels.some((held) => held.name === body.name && String(held.id) !== sub)) return invalid('name', `the site has a funnel \`${body.name}\` already`);
      const held = sub ? one('funnels') : { id: next(kept.funnels) };
      Object.assign(held, body);
      if (!sub) kept.funnels.push(held);
      return ok(told(held), sub ? 200 : 201);
    }
    case 'annotations': {
      const [from, to] = [query.get('from'), query.get('to')];
      if (method === 'GET') return ok({ annotations: kept.annotations.filter((held) => !from || (held.date >= from && held.date <= to)).sort((a, b) => b.date.localeCompare(a.date) || b.id - a.id) });
      if (method === 'DELETE') return drop('annotations');
      const held = sub ? one('annotations') : { id: next(kept.annotations, 0), starred: false, login: user.login, created_at: new Date(now).toISOString() };
      Object.assign(held, body);
      if (!sub) kept.annotations.push(held);
      return ok(held, sub ? 200 : 201);
    }
    case 'segments':
      if (method === 'GET') return ok({ segments: kept.segments });
      if (method === 'DELETE') {
        const limited = kept.links.find((held) => String(held.segment_id) === sub);
        return limited ? no(422, 'invalid', `the segment \`${sub}\` limits the shared link \`${limited.name}\``) : drop('segments');
      }
      kept.segments.push({ id: next(kept.segments), ...body });
      return ok(kept.segments.at(-1), 201);
    case 'shared-links': {
      if (method === 'GET') return ok({ shared_links: kept.links.map(link) });
      if (method === 'DELETE') return drop('links', 'slug');
      if (kept.links.some((held) => held.name === body.name)) return invalid('name', `\`name\` must be unique, and \`${body.name}\` is taken`);
      const made = { slug: `made${kept.links.length}`, name: body.name, password: body.password ?? '', segment_id: body.segment_id ?? null, created_at: new Date(now).toISOString() };
      kept.links.push(made);
      return ok(link(made), 201);
    }
    case 'guests':
      if (method === 'GET') return ok({ guests: kept.guests });
      if (method === 'DELETE') return drop('guests', 'email');
      kept.guests.push({ accepted: false, invited_at: new Date(now).toISOString(), ...body });
      return ok(kept.guests.at(-1), 201);
    case 'imports': {
      if (method === 'GET') return ok({ imports: kept.imports });
      if (method === 'DELETE') return drop('imports');
      const wrong = Object.keys(body.files).find((name) => !/^imported_\w+\.csv$/.test(name));
      if (wrong) return invalid('files', `\`${wrong}\` is not a file of an archive, such as \`imported_pages.csv\``);
      const rows = Object.values(body.files).flatMap((text) => text.trim().split('\n').slice(1));
      const dates = rows.map((row) => row.slice(0, 10)).sort();
      kept.imports.push({ id: next(kept.imports), source: body.source ?? 'plausible', from: dates[0], to: dates.at(-1), rows: rows.length, created_at: new Date(now).toISOString(), state: 'completed', deletable: true });
      return ok(kept.imports.at(-1), 201);
    }
    case 'import': {
      const lines = body.text.trim().split('\n');
      const bad = lines.flatMap((line, i) => (line.startsWith('{') ? [] : [{ line: i + 1, reason: 'no JSON object: expected value' }]));
      return ok({ batch_id: 'made', lines: lines.length, accepted: lines.length - bad.length, bad });
    }
    case 'export':
      return ok({ files: { [`imported_visitors_${day(now).replaceAll('-', '')}.csv`]: `date,visitors\n${day(now)},5\n` } });
    case 'email-reports':
      if (method === 'PUT') kept.emailReports = { weekly: [], monthly: [], traffic_spike: null, traffic_drop: null, ...body, sends_mail: true };
      return ok(kept.emailReports);
    case 'retention':
      if (method === 'PUT') kept.retention.days = body.days;
      return ok(kept.retention);
    default:
      return undefined;
  }
}

/** What a shared link opens, told by the key it gave; undefined where it opens nothing. */
export function openedBy(state, header) {
  const [slug, key] = (header ?? '').split('.');
  for (const [site, kept] of state.kept) {
    const link = kept.links.find((held) => held.slug === slug);
    if (link && key === `key-${slug}`) return { site, filters: kept.segments.find((held) => held.id === link.segment_id)?.filters };
  }
  return undefined;
}

/** `POST /share/{slug}/authenticate`. */
export function authenticate(state, slug, { password }) {
  for (const [site_id, kept] of state.kept) {
    const link = kept.links.find((held) => held.slug === slug);
    if (link && (!link.password || link.password === password)) return ok({ site_id, name: link.name, key: `key-${slug}`, segment: kept.segments.find((held) => held.id === link.segment_id)?.name ?? null });
  }
  return no(401, 'password', 'the password is needed, or is another one');
}
