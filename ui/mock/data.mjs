// Made-up visits, the same on every run for the same day: nothing here is random.

const MS_DAY = 86_400_000;

/** A generator of numbers below 1 that always gives the same ones for a seed (mulberry32). */
export function numbers(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function weighted(pairs) {
  const sum = pairs.reduce((total, [, weight]) => total + weight, 0);
  return (r) => {
    let left = r * sum;
    for (const [value, weight] of pairs) {
      left -= weight;
      if (left < 0) return value;
    }
    return pairs[pairs.length - 1][0];
  };
}

const SOURCES = weighted([
  [{ source: 'Direct / None', channel: 'Direct', referrer: 'Direct / None' }, 34],
  [{ source: 'Google', channel: 'Organic Search', referrer: 'google.com', keywords: true }, 27],
  [{ source: 'GitHub', channel: 'Referral', referrer: 'github.com/footfall' }, 9],
  [{ source: 'Hacker News', channel: 'Organic Social', referrer: 'news.ycombinator.com/item' }, 6],
  [{ source: 'DuckDuckGo', channel: 'Organic Search', referrer: 'duckduckgo.com', keywords: true }, 5],
  [{ source: 'Bing', channel: 'Organic Search', referrer: 'bing.com', keywords: true }, 4],
  [{ source: 'newsletter', channel: 'Email', referrer: '(not set)', utm_source: 'newsletter', utm_medium: 'email', utm_campaign: 'spring-release' }, 4],
  [{ source: 'Reddit', channel: 'Organic Social', referrer: 'reddit.com/r/selfhosted' }, 4],
  [{ source: 'Google', channel: 'Paid Search', referrer: 'google.com', utm_source: 'google', utm_medium: 'cpc', utm_campaign: 'brand-eu', utm_term: 'web analytics' }, 3],
  [{ source: 'LinkedIn', channel: 'Organic Social', referrer: 'linkedin.com/feed' }, 2],
  [{ source: 'lobste.rs', channel: 'Referral', referrer: 'lobste.rs/s/analytics' }, 2],
  [{ source: 'Mastodon', channel: 'Organic Social', referrer: 'mastodon.social' }, 1.5],
  [{ source: 'linkedin', channel: 'Paid Social', referrer: 'linkedin.com', utm_source: 'linkedin', utm_medium: 'paid-social', utm_campaign: 'platform-teams', utm_content: 'carousel' }, 1.5],
  [{ source: 'ChatGPT', channel: 'AI Assistants', referrer: 'chatgpt.com' }, 1.5],
  [{ source: 'heise.de', channel: 'Referral', referrer: 'heise.de/news/Web-Analyse' }, 1],
]);
const KEYWORDS = weighted([['(not set)', 60], ['self hosted analytics', 9], ['matomo alternative', 7], ['plausible self host', 5], ['web analytics without cookies', 4], ['footfall analytics', 3]]);
const PLACES = weighted([
  [['DE', 'Germany', 'DE-BE', 'Berlin', 'Berlin', 'de'], 14], [['DE', 'Germany', 'DE-BY', 'Bavaria', 'Munich', 'de'], 8], [['US', 'United States', 'US-CA', 'California', 'San Francisco', 'en-US'], 11], [['US', 'United States', 'US-NY', 'New York', 'New York', 'en-US'], 9],
  [['GB', 'United Kingdom', 'GB-ENG', 'England', 'London', 'en-GB'], 9], [['FR', 'France', 'FR-IDF', 'Île-de-France', 'Paris', 'fr'], 7], [['IN', 'India', 'IN-KA', 'Karnataka', 'Bengaluru', 'en-IN'], 6], [['NL', 'Netherlands', 'NL-NH', 'North Holland', 'Amsterdam', 'nl'], 5],
  [['BR', 'Brazil', 'BR-SP', 'São Paulo', 'São Paulo', 'pt-BR'], 4], [['CA', 'Canada', 'CA-ON', 'Ontario', 'Toronto', 'en-CA'], 4], [['JP', 'Japan', 'JP-13', 'Tokyo', 'Tokyo', 'ja'], 3], [['PL', 'Poland', 'PL-14', 'Mazovia', 'Warsaw', 'pl'], 3],
  [['ES', 'Spain', 'ES-CT', 'Catalonia', 'Barcelona', 'es'], 3], [['AU', 'Australia', 'AU-NSW', 'New South Wales', 'Sydney', 'en-AU'], 3], [['SE', 'Sweden', 'SE-AB', 'Stockholm', 'Stockholm', 'sv'], 2], [['CH', 'Switzerland', 'CH-ZH', 'Zurich', 'Zurich', 'de-CH'], 2],
  [['AT', 'Austria', 'AT-9', 'Vienna', 'Vienna', 'de-AT'], 2], [['SG', 'Singapore', '(not set)', '(not set)', 'Singapore', 'en-SG'], 1.5], [['ZA', 'South Africa', 'ZA-WC', 'Western Cape', 'Cape Town', 'en-ZA'], 1], [['MX', 'Mexico', 'MX-CMX', 'Mexico City', 'Mexico City', 'es-MX'], 1],
  [['KE', 'Kenya', 'KE-30', 'Nairobi', 'Nairobi', 'en-KE'], 0.7], [['MT', 'Malta', '(not set)', '(not set)', 'Valletta', 'en-MT'], 0.4], [['(not set)', '', '(not set)', '', '(not set)', 'en'], 1],
]);
const DEVICES = weighted([
  [['Desktop', 'Chrome', '144', 'Windows', '11', '1920x1080'], 24], [['Desktop', 'Chrome', '144', 'Mac', '15', '1728x1117'], 12], [['Desktop', 'Firefox', '147', 'GNU/Linux', '(not set)', '2560x1440'], 10], [['Desktop', 'Safari', '19', 'Mac', '15', '1512x982'], 9],
  [['Mobile', 'Mobile Safari', '19', 'iOS', '19', '390x844'], 17], [['Mobile', 'Chrome Mobile', '144', 'Android', '16', '412x915'], 15], [['Desktop', 'Edge', '143', 'Windows', '11', '1920x1080'], 6], [['Tablet', 'Mobile Safari', '18', 'iPadOS', '18', '820x1180'], 3], [['Mobile', 'Samsung Browser', '28', 'Android', '15', '384x854'], 3], [['Desktop', 'Firefox', '146', 'Windows', '10', '1366x768'], 3],
]);
const TITLES = {
  '/': 'Footfall: web analytics you own', '/pricing': 'Pricing', '/docs': 'Documentation', '/docs/install': 'Install', '/docs/tracking': 'Tracking', '/docs/api': 'API', '/docs/kubernetes': 'Kubernetes', '/blog': 'Blog', '/blog/why-no-cookies': 'Why no cookies', '/blog/one-binary': 'One binary, two dialects',
  '/blog/duckdb': 'What DuckDB taught us', '/compare/matomo': 'Coming from Matomo', '/compare/plausible': 'Coming from Plausible', '/signup': 'Sign up', '/thank-you': 'Thank you', '/changelog': 'Changelog', '/about': 'About', '/contact': 'Contact', '/search': 'Search', '/docs/import': 'Importing your data', '/legal/privacy': 'Privacy',
};
const ENTRY = weighted([['/', 30], ['/docs', 12], ['/blog/one-binary', 11], ['/pricing', 7], ['/docs/install', 9], ['/compare/matomo', 8], ['/compare/plausible', 6], ['/blog/why-no-cookies', 7], ['/blog/duckdb', 6], ['/changelog', 2], ['/docs/api', 4]]);
const NEXT = weighted([['/', 8], ['/docs', 11], ['/docs/install', 12], ['/docs/tracking', 8], ['/docs/api', 7], ['/docs/kubernetes', 6], ['/docs/import', 4], ['/pricing', 10], ['/blog', 5], ['/blog/one-binary', 3], ['/compare/matomo', 4], ['/signup', 7], ['/changelog', 3], ['/about', 2], ['/contact', 2], ['/search', 4], ['/legal/privacy', 1]]);
const SEARCHES = weighted([['helm chart', 5], ['custom dimensions', 4], ['oidc', 3], ['goals', 3], ['retention', 2], ['clickhouse', 2], ['import matomo', 2]]);
const HOURS = weighted([5, 4, 3, 3, 3, 4, 6, 9, 13, 17, 19, 19, 17, 18, 20, 20, 19, 17, 15, 14, 14, 13, 10, 7].map((weight, hour) => [hour, weight]));
const TIERS = weighted([['community', 6], ['team', 3], ['enterprise', 1]]);

/** One visit with its actions; all that happens in it follows from the numbers given. */
function visit(id, start, random, site) {
  const from = SOURCES(random());
  const place = PLACES(random());
  const device = DEVICES(random());
  const returning = site.policy === 'matomo' && random() < 0.34;
  const actions = [];
  let time = start;
  const add = (action, seconds) => {
    const duration = Math.round(seconds);
    actions.push({ time, duration, scroll: 0, props: {}, ...action });
    time += duration * 1000;
  };
  const view = (page) => {
    const scroll = Math.round(25 + random() * 75);
    add({ kind: 'pageview', name: 'pageview', page, title: TITLES[page], scroll }, 8 + random() * random() * 260);
    if (page === '/search') add({ kind: 'search', name: 'site_search', page, search: SEARCHES(random()) }, 5);
    if (page === '/docs/install' && random() < 0.4) add({ kind: 'download', name: 'file_download', page, download: `https://${site.domain}/dl/footfall-${random() < 0.7 ? 'linux-x64' : 'macos-arm64'}.tar.gz` }, 4);
    if (random() < 0.08) add({ kind: 'outlink', name: 'outbound_link', page, outlink: random() < 0.6 ? 'https://github.com/footfall/footfall' : 'https://duckdb.org/docs' }, 2);
    if (random() < 0.1) add({ kind: 'event', name: 'Video play', page, category: 'Media', action: 'play', label: 'Two-minute tour', props: { length: random() < 0.5 ? '30s' : '2m', theme: random() < 0.4 ? 'dark' : 'light' } }, 20);
    if (page === '/signup' && random() < 0.45) {
      const tier = TIERS(random());
      add({ kind: 'event', name: 'Signup', page, props: { tier, method: random() < 0.6 ? 'email' : 'sso' }, revenue: { community: 0, team: 29, enterprise: 290 }[tier] }, 6);
      add({ kind: 'pageview', name: 'pageview', page: '/thank-you', title: TITLES['/thank-you'], scroll: 100 }, 12);
    }
  };
  view(ENTRY(random()));
  const more = random() < 0.46 ? 0 : Math.floor(1 + random() * random() * 9);
  for (let i = 0; i < more; i++) view(NEXT(random()));
  const pages = actions.filter((a) => a.kind === 'pageview');
  const interactive = actions.length > 1;
  return {
    id, start, end: time, actions, bounce: !interactive, returning, count: returning ? 2 + Math.floor(random() * 9) : 1,
    visitor: Math.floor(returning ? random() * 900 : 1e6 + id),
    pageviews: pages.length,
    facts: {
      'visit:source': from.source, 'visit:channel': from.channel, 'visit:referrer': from.referrer, 'visit:keyword': from.keywords ? KEYWORDS(random()) : '(not set)',
      'visit:utm_source': from.utm_source ?? '(not set)', 'visit:utm_medium': from.utm_medium ?? '(not set)', 'visit:utm_campaign': from.utm_campaign ?? '(not set)', 'visit:utm_content': from.utm_content ?? '(not set)', 'visit:utm_term': from.utm_term ?? '(not set)',
      'visit:entry_page': pages[0].page, 'visit:exit_page': pages[pages.length - 1].page,
      'visit:country': place[0], 'visit:region': place[2], 'visit:city': place[4], 'visit:language': place[5],
      'visit:device': device[0], 'visit:browser': device[1], 'visit:browser_version': `${device[1]} ${device[2]}`, 'visit:os': device[3], 'visit:os_version': device[4] === '(not set)' ? device[3] : `${device[3]} ${device[4]}`, 'visit:resolution': device[5],
      'visit:visitor_type': returning ? 'returning' : 'new', 'visit:dimension1': returning ? 'customer' : 'prospect',
    },
    names: { country: place[1], region: place[3], browserVersion: device[2], osVersion: device[4] },
  };
}

export const SITES = [
  ['Footfall', 'footfall.example', 'matomo', 1], ['Documentation', 'docs.footfall.example', 'plausible', 0.55], ['Developer portal', 'portal.acme.example', 'plausible', 0.4], ['Acme shop', 'shop.acme.example', 'matomo', 0.7], ['Blog', 'blog.footfall.example', 'plausible', 0.3], ['Status page', 'status.acme.example', 'plausible', 0.12], ['Careers', 'careers.acme.example', 'matomo', 0.16], ['Fresh site', 'fresh.example', 'matomo', 0],
].map(([name, domain, policy, size], index) => ({ id: index + 1, name, domain, policy, size }));

const DAYS = 430;

/** The visits of a site up to `now`, made day by day as they are asked for. */
export class Visits {
  #days = new Map();
  #site;
  #now;

  constructor(site, now) {
    this.#site = site;
    this.#now = now;
    this.first = now - DAYS * MS_DAY;
  }

  get empty() {
    return !this.#site.size;
  }

  /** Those that may touch the time from `from` to `to`, oldest first. */
  between(from, to) {
    if (this.empty) return [];
    const list = [];
    const today = Math.floor(this.#now / MS_DAY);
    for (let day = Math.max(today - DAYS, Math.floor(from / MS_DAY) - 1); day <= Math.min(today, Math.floor(to / MS_DAY)); day++) {
      if (!this.#days.has(day)) this.#days.set(day, this.#make(day, today));
      list.push(...this.#days.get(day));
    }
    return list;
  }

  #make(day, today) {
    const site = this.#site;
    const random = numbers(day * 31 + site.id * 7919);
    const weekend = [0, 6].includes(new Date(day * MS_DAY).getUTCDay()) ? 0.58 : 1;
    const growth = 0.55 + (0.45 * (day - today + DAYS)) / DAYS;
    const spike = day % 53 === 17 ? 2.1 : day % 53 === 18 ? 1.5 : 1;
    const count = Math.round(112 * site.size * weekend * growth * spike * (0.86 + random() * 0.28));
    const starts = Array.from({ length: count }, () => day * MS_DAY + HOURS(random()) * 3_600_000 + Math.floor(random() * 3_600_000)).sort((a, b) => a - b);
    let id = (site.id * 100_000 + day) * 1000;
    const visits = starts.map((start) => visit(++id, start, random, site)).filter((one) => one.start <= this.#now);
    if (day < today) return visits;
    // Some are on the site right now, whatever the hour.
    for (let i = 0; i < Math.ceil(14 * site.size); i++) {
      const one = visit(++id, this.#now - Math.floor(random() * random() * 1_700_000), random, site);
      one.actions = one.actions.filter((a) => a.time <= this.#now);
      one.end = Math.min(one.end, this.#now);
      visits.push(one);
    }
    return visits.sort((a, b) => a.start - b.start);
  }
}
