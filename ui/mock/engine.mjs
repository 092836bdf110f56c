// Answers queries of the described API over the made-up visits. Time zone: the mock's sites are all on UTC.

const MS_DAY = 86_400_000;
const iso = (time) => new Date(time).toISOString().slice(0, 10);
const at = (day) => Date.parse(`${day}T00:00:00Z`);
const UNITS = { visitors: 'count', visits: 'count', pageviews: 'count', views_per_visit: 'number', bounce_rate: 'percent', visit_duration: 'seconds', events: 'count', actions: 'count', time_on_page: 'seconds', scroll_depth: 'percent', conversions: 'count', conversion_rate: 'percent', group_conversion_rate: 'percent', revenue: 'currency' };
const ROLLING = { '7d': 7, '28d': 28, '30d': 30, '91d': 91 };

export class QueryError extends Error {}

/** First moment and the one after the last. */
export function window({ period, date, from, to }, now, first) {
  const anchor = at(date ?? iso(now));
  const d = new Date(anchor);
  const [y, m] = [d.getUTCFullYear(), d.getUTCMonth()];
  if (from && to && (!period || period === 'custom')) return [at(from), at(to) + MS_DAY];
  if (ROLLING[period]) return [anchor - (ROLLING[period] - 1) * MS_DAY, anchor + MS_DAY];
  switch (period) {
    case 'realtime': return [Math.floor(now / 60_000) * 60_000 - 29 * 60_000, Math.floor(now / 60_000) * 60_000 + 60_000];
    case '24h': return [Math.floor(now / 3_600_000) * 3_600_000 - 23 * 3_600_000, Math.floor(now / 3_600_000) * 3_600_000 + 3_600_000];
    case 'day': return [anchor, anchor + MS_DAY];
    case 'month': return [Date.UTC(y, m, 1), Date.UTC(y, m + 1, 1)];
    case 'year': return [Date.UTC(y, 0, 1), Date.UTC(y + 1, 0, 1)];
    case '12mo': return [Date.UTC(y, m - 11, 1), Date.UTC(y, m + 1, 1)];
    case 'all': return [at(iso(first)), at(iso(now)) + MS_DAY];
    default: throw new QueryError(`unknown period \`${period}\``);
  }
}

function compared(compare, range, [from, to], now) {
  if (!compare || range.period === 'all') return null;
  const yearBefore = (time) => {
    const d = new Date(time);
    return Date.UTC(d.getUTCFullYear() - 1, d.getUTCMonth(), d.getUTCDate(), d.getUTCHours());
  };
  let other;
  if (typeof compare === 'object') other = [at(compare.from), at(compare.to) + MS_DAY];
  else if (compare === 'year') other = [yearBefore(from), yearBefore(to)];
  else {
    const d = new Date(from);
    if (range.period === 'month') other = [Date.UTC(d.getUTCFullYear(), d.getUTCMonth() - 1, 1), from];
    else if (range.period === 'year') other = [Date.UTC(d.getUTCFullYear() - 1, 0, 1), from];
    else other = [from - (to - from), from];
  }
  return { range: other, until: Math.min(other[1], to > now ? other[0] + (now - from) : other[1]) };
}

function start(time, unit) {
  const d = new Date(time);
  switch (unit) {
    case 'minute': return Math.floor(time / 60_000) * 60_000;
    case 'hour': return Math.floor(time / 3_600_000) * 3_600_000;
    case 'day': return Math.floor(time / MS_DAY) * MS_DAY;
    case 'week': return Math.floor(time / MS_DAY) * MS_DAY - ((d.getUTCDay() + 6) % 7) * MS_DAY;
    default: return Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), 1);
  }
}

function following(time, unit) {
  const d = new Date(time);
  const step = { minute: 60_000, hour: 3_600_000, day: MS_DAY, week: 7 * MS_DAY }[unit];
  return step ? time + step : Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + 1, 1);
}

const bucketName = (time, unit) => (unit === 'minute' || unit === 'hour' ? new Date(time).toISOString().slice(0, 19) : iso(time));

function buckets([from, to], unit) {
  const list = [];
  for (let time = start(from, unit); time < to; time = following(time, unit)) list.push(time);
  return list;
}

function actionValues(action, dimension, goals) {
  if (dimension.startsWith('event:props:')) return [action.props[dimension.slice(12)] ?? '(none)'];
  switch (dimension) {
    case 'event:page': return [action.page];
    case 'event:title': return action.kind === 'pageview' ? [action.title ?? '(not set)'] : [];
    case 'event:name': return [action.name];
    case 'event:goal': return goals.filter((goal) => reaches(action, goal)).map((goal) => goal.name);
    case 'event:download': return [action.download ?? '(not set)'];
    case 'event:outlink': return [action.outlink ?? '(not set)'];
    case 'event:search_keyword': return [action.search ?? '(not set)'];
    case 'event:event_category': return [action.category ?? '(not set)'];
    case 'event:event_action': return [action.action ?? '(not set)'];
    case 'event:event_name': return [action.label ?? '(not set)'];
    case 'event:hostname': return ['footfall.example'];
    default: return ['(not set)'];
  }
}

const reaches = (action, goal) => (goal.match === 'event' ? action.name === goal.pattern : goal.match === 'path' ? action.kind === 'pageview' && action.page === goal.pattern : false);

function test(op, values, given) {
  const any = (check) => given.some((value) => values.some((wanted) => check(value, wanted)));
  switch (op) {
    case 'is': return any((v, w) => v === w);
    case 'is_not': return !any((v, w) => v === w);
    case 'contains': return any((v, w) => v.toLowerCase().includes(w.toLowerCase()));
    case 'contains_not': return !any((v, w) => v.toLowerCase().includes(w.toLowerCase()));
    case 'matches': return any((v, w) => new RegExp(w, 'i').test(v));
    case 'matches_not': return !any((v, w) => new RegExp(w, 'i').test(v));
    default: throw new QueryError(`unknown operator \`${op}\``);
  }
}

function passes(filter, visit, action, goals) {
  const [op, a, b] = filter;
  if (op === 'and') return a.every((f) => passes(f, visit, action, goals));
  if (op === 'or') return a.some((f) => passes(f, visit, action, goals));
  if (op === 'not') return !passes(a, visit, action, goals);
  return test(op, b, a.startsWith('visit:') ? [visit.facts[a] ?? '(not set)'] : actionValues(action, a, goals));
}

const mentionsEvent = (filter) => JSON.stringify(filter).includes('"event:');

class Sum {
  visitors = new Set();
  visits = new Set();
  pageviews = 0; events = 0; actions = 0; bounces = 0; seconds = 0; pages = 0; pageSeconds = 0; scroll = 0; conversions = 0; revenue = 0;

  add(visit, action, goals) {
    this.visitors.add(visit.visitor);
    if (!this.visits.has(visit)) {
      this.visits.add(visit);
      this.bounces += visit.bounce ? 1 : 0;
      this.seconds += (visit.end - visit.start) / 1000;
      this.pages += visit.pageviews;
    }
    this.events++;
    this.actions++;
    if (action.kind === 'pageview') {
      this.pageviews++;
      this.pageSeconds += action.duration;
      this.scroll += action.scroll;
    }
    const reached = goals.filter((goal) => reaches(action, goal));
    this.conversions += reached.length;
    if (reached.length) this.revenue += action.revenue ?? 0;
  }

  read(metric, everyone, group) {
    const visits = this.visits.size;
    const round = (value) => Math.round(value * 100) / 100;
    switch (metric) {
      case 'visitors': return this.visitors.size;
      case 'visits': return visits;
      case 'views_per_visit': return visits ? round(this.pages / visits) : 0;
      case 'bounce_rate': return visits ? round((this.bounces / visits) * 100) : 0;
      case 'visit_duration': return visits ? round(this.seconds / visits) : 0;
      case 'time_on_page': return this.pageviews ? round(this.pageSeconds / this.pageviews) : null;
      case 'scroll_depth': return this.pageviews ? round(this.scroll / this.pageviews) : null;
      case 'conversion_rate': return everyone ? round((this.visitors.size / everyone) * 100) : 0;
      case 'group_conversion_rate': return group ? round((this.visitors.size / group) * 100) : 0;
      case 'revenue': return round(this.revenue);
      default: return this[metric];
    }
  }
}

function group(visits, goals, query, [from, to], names) {
  const groups = new Map();
  const total = new Sum();
  const everyone = new Set();
  const visitFilters = (query.filters ?? []).filter((f) => !mentionsEvent(f));
  const eventFilters = (query.filters ?? []).filter(mentionsEvent);
  for (const visit of visits.between(from, to)) {
    if (visit.end < from || visit.start >= to) continue;
    if (!visitFilters.every((f) => passes(f, visit, null, goals))) continue;
    for (const action of visit.actions) {
      if (action.time < from || action.time >= to) continue;
      everyone.add(visit.visitor);
      if (!eventFilters.every((f) => passes(f, visit, action, goals))) continue;
      total.add(visit, action, goals);
      let keys = [[]];
      for (const dimension of query.dimensions ?? []) {
        let values;
        if (dimension === 'time:hour_of_day') values = [String(new Date(action.time).getUTCHours())];
        else if (dimension === 'time:day_of_week') values = [String(((new Date(action.time).getUTCDay() + 6) % 7) + 1)];
        else if (dimension.startsWith('time:')) values = [bucketName(start(action.time, dimension.slice(5)), dimension.slice(5))];
        else if (dimension.startsWith('visit:')) values = [visit.facts[dimension] ?? '(not set)'];
        else values = actionValues(action, dimension, goals);
        if (dimension === 'visit:country' && visit.names.country) names['visit:country'][visit.facts[dimension]] = visit.names.country;
        if (dimension === 'visit:region' && visit.names.region) names['visit:region'][visit.facts[dimension]] = visit.names.region;
        keys = keys.flatMap((key) => values.map((value) => [...key, value]));
      }
      for (const key of keys) {
        const name = key.join('\u0000');
        if (!groups.has(name)) groups.set(name, new Sum());
        const wanted = query.dimensions?.includes('event:goal') ? goals.filter((g) => g.name === key[query.dimensions.indexOf('event:goal')]) : goals;
        groups.get(name).add(visit, action, wanted);
      }
    }
  }
  return { groups, total, everyone: everyone.size };
}

/** The answer to a query, or a QueryError that says what is wrong with it. */
export function answer(visits, goals, query, now) {
  if (!Array.isArray(query.metrics) || query.metrics.length === 0) throw new QueryError('`metrics` must name at least one metric');
  for (const metric of query.metrics) if (!UNITS[metric]) throw new QueryError(`unknown metric \`${metric}\``);
  const dimensions = query.dimensions ?? [];
  for (const dimension of dimensions) if (!/^(time|visit|event):./.test(dimension) || dimension === 'event:props:') throw new QueryError(`unknown dimension \`${dimension}\``);
  const range = window(query.range, now, visits.first);
  const other = compared(query.compare, query.range, range, now);
  const names = { 'visit:country': {}, 'visit:region': {} };
  const main = group(visits, goals, query, range, names);
  const before = other && group(visits, goals, query, [other.range[0], other.until], names);
  const read = (sum, everyone, group) => query.metrics.map((metric) => sum.read(metric, everyone, group));
  const grouped = query.metrics.includes('group_conversion_rate');
  const withoutGoals = { ...query, filters: (query.filters ?? []).filter((f) => !JSON.stringify(f).includes('event:goal')) };
  const base = grouped ? group(visits, goals, withoutGoals, range, names) : null;
  const baseBefore = grouped && other ? group(visits, goals, withoutGoals, [other.range[0], other.until], names) : null;
  const empty = new Sum();
  const timeUnit = dimensions.length === 1 && /^time:(minute|hour|day|week|month)$/.exec(dimensions[0])?.[1];
  const meta = {
    from: query.range.period === 'realtime' || query.range.period === '24h' ? new Date(range[0]).toISOString().slice(0, 19) : iso(range[0]), to: query.range.period === 'realtime' || query.range.period === '24h' ? new Date(range[1] - 1000).toISOString().slice(0, 19) : iso(range[1] - 1),
    compare_from: other ? iso(other.range[0]) : null, compare_to: other ? iso(other.range[1] - 1) : null, timezone: 'UTC', currency: 'EUR', now: new Date(now).toISOString().slice(0, 19), labels: {},
  };
  let rows;
  if (timeUnit) {
    const all = buckets(range, timeUnit);
    const old = other ? buckets(other.range, timeUnit) : [];
    meta.time_labels = all.map((time) => bucketName(time, timeUnit));
    rows = all.filter((time) => time <= now).map((time, i) => {
      const row = { dimensions: [bucketName(time, timeUnit)], metrics: read(main.groups.get(bucketName(time, timeUnit)) ?? empty, main.everyone) };
      if (other && old[i] !== undefined) {
        row.comparison_dimensions = [bucketName(old[i], timeUnit)];
        row.comparison = read(before.groups.get(bucketName(old[i], timeUnit)) ?? empty, before.everyone);
      }
      return row;
    });
    meta.total_rows = rows.length;
  } else {
    rows = [...main.groups].map(([key, sum]) => ({
      dimensions: dimensions.length ? key.split('\u0000') : [],
      metrics: read(sum, main.everyone, base?.groups.get(key)?.visitors.size),
      ...(other ? { comparison: read(before.groups.get(key) ?? empty, before.everyone, baseBefore?.groups.get(key)?.visitors.size) } : {}),
    }));
    if (dimensions.length === 0 && rows.length === 0) rows = [{ dimensions: [], metrics: read(empty, 0), ...(other ? { comparison: read(before.total, before.everyone) } : {}) }];
    for (const dimension of Object.keys(names)) if (dimensions.includes(dimension)) meta.labels[dimension] = names[dimension];
    if (query.include?.empty === false) rows = rows.filter((row) => !row.dimensions.some((v) => v === '(not set)' || v === '(none)'));
    if (query.search) rows = rows.filter((row) => `${row.dimensions[0]} ${meta.labels[dimensions[0]]?.[row.dimensions[0]] ?? ''}`.toLowerCase().includes(query.search.toLowerCase()));
    const order = query.order_by ?? [[query.metrics[0], 'desc']];
    rows.sort((a, b) => {
      for (const [name, way] of order) {
        const m = query.metrics.indexOf(name);
        const d = dimensions.indexOf(name);
        const [x, y] = m >= 0 ? [a.metrics[m] ?? -1, b.metrics[m] ?? -1] : [a.dimensions[d], b.dimensions[d]];
        if (x !== y) return (x < y ? -1 : 1) * (way === 'desc' ? -1 : 1);
      }
      return a.dimensions.join() < b.dimensions.join() ? -1 : 1;
    });
    meta.total_rows = rows.length;
  }
  const offset = query.offset ?? 0;
  return {
    rows: rows.slice(offset, offset + (query.limit ?? 100)),
    totals: { metrics: read(main.total, main.everyone), ...(other ? { comparison: read(before.total, before.everyone) } : {}) },
    metrics: query.metrics.map((name) => ({ name, unit: UNITS[name] })),
    meta,
  };
}

/** A visit as the live list shows it. */
export function liveVisit(visit, goals, now, domain) {
  const known = (name) => (visit.facts[name] === '(not set)' ? null : visit.facts[name]);
  const when = (time) => new Date(time).toISOString();
  return {
    id: String(visit.id), visitor_id: visit.visitor.toString(16).padStart(16, '0'), user_id: null, started_at: when(visit.start), last_action_at: when(visit.end), duration: (visit.end - visit.start) / 1000, live: now - visit.end < 300_000,
    returning: visit.returning, visit_count: visit.count, country: known('visit:country'), country_name: visit.names.country || null, region: visit.names.region || null, city: known('visit:city'), language: known('visit:language'),
    device: known('visit:device'), browser: known('visit:browser'), browser_version: visit.names.browserVersion, os: known('visit:os'), os_version: visit.names.osVersion === '(not set)' ? null : visit.names.osVersion, resolution: known('visit:resolution'),
    source: visit.facts['visit:source'], channel: visit.facts['visit:channel'], referrer: known('visit:referrer') === 'Direct / None' ? null : known('visit:referrer'), campaign: known('visit:utm_campaign'), keyword: known('visit:keyword'),
    pageviews: visit.pageviews, events: visit.actions.filter((a) => a.kind === 'event').length, goals: goals.filter((goal) => visit.actions.some((a) => reaches(a, goal))).map((goal) => goal.name), revenue: visit.actions.reduce((sum, a) => sum + (a.revenue ?? 0), 0) || null,
    dimensions: { 1: visit.facts['visit:dimension1'] }, actions_total: visit.actions.length,
    actions: visit.actions.slice(0, 500).map((a) => ({ kind: a.kind, time: when(a.time), title: a.kind === 'search' ? a.search : a.kind === 'event' ? (a.category ? a.label : a.name) : (a.title ?? null), url: a.download ?? a.outlink ?? `https://${domain}${a.page}`, duration: a.duration, value: a.revenue ?? null, category: a.category ?? null, action: a.action ?? null, props: a.props })),
  };
}

const share = (part, whole) => (whole ? Math.round((part / whole) * 10_000) / 100 : 0);

/** Visitors of each step of a funnel within a range, after the steps before. */
function stepsOf(visits, goals, steps, filters, [from, to]) {
  const reached = new Map();
  for (const visit of visits.between(from, to)) {
    for (const action of visit.actions) {
      if (action.time < from || action.time >= to || !filters.every((filter) => passes(filter, visit, action, goals))) continue;
      const step = reached.get(visit.visitor) ?? 0;
      reached.set(visit.visitor, step < steps.length && reaches(action, steps[step]) ? step + 1 : step);
    }
  }
  return { all: reached.size, steps: steps.map((_, i) => [...reached.values()].filter((n) => n > i).length) };
}

/** How far visitors get, as the described API tells it. */
export function funnel(visits, goals, { id, name, steps }, { range, compare, filters = [] }, now) {
  const wanted = steps.map((step) => goals.find((goal) => goal.id === step.goal_id)).filter(Boolean);
  const span = window(range, now, visits.first);
  const other = compared(compare, range, span, now);
  const found = stepsOf(visits, goals, wanted, filters, span);
  const before = other && stepsOf(visits, goals, wanted, filters, [other.range[0], other.until]);
  const [entering] = found.steps;
  return {
    id, name, all_visitors: found.all, entering_visitors: entering, entering_rate: share(entering, found.all), conversion_rate: share(found.steps.at(-1), entering),
    steps: wanted.map((goal, i) => {
      const [n, last] = [found.steps[i], found.steps[i - 1] ?? entering];
      return { goal_id: goal.id, name: goal.name, visitors: n, conversion_rate: share(n, entering), conversion_rate_step: share(n, last), dropoff: last - n, dropoff_rate: share(last - n, last) };
    }),
    comparison: before && { all_visitors: before.all, entering_visitors: before.steps[0], conversion_rate: share(before.steps.at(-1), before.steps[0]), steps: before.steps },
    meta: { from: iso(span[0]), to: iso(span[1] - 1), compare_from: other && iso(other.range[0]), compare_to: other && iso(other.range[1] - 1) },
  };
}
