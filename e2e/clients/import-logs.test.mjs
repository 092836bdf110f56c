// Matomo's log importer: access logs of several servers, with the options that people run it with.

import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { column, matomo, only, report } from '../harness/apis.mjs'
import { checkoutTest, run, startServer, workDirectory } from '../harness/clients.mjs'
import { admin } from '../harness/footfall.mjs'
import * as logs from '../stories/access-logs.mjs'

const importer = { variable: 'MATOMO_LOG_ANALYTICS_SRC', repository: 'matomo-org/matomo-log-analytics', file: 'import_logs.py', program: 'python3' }
const places = new URL('../../scripts/geo_fixture.py', import.meta.url).pathname
const byToken = [`--token-auth=${admin.token}`]

checkoutTest('import_logs.py', importer, async (t, checkout) => {
  const directory = await workDirectory(t)
  const database = join(directory, 'places.mmdb')
  await run('python3', [places, database])
  const server = await startServer(t, { settings: { FOOTFALL_GEO_DATABASE: database } })
  const importing = stage(server, checkout, directory)

  await t.test('a combined log', () => aCombinedLog(importing))
  await t.test('with errors, redirects, bots and static files, by login and password', () => everything(importing))
  await t.test('each request by itself', () => oneByOne(importing, directory))
  await t.test('sites are made for new hosts', () => newHosts(importing))
  await t.test('IIS and nginx', () => otherServers(importing))
  await t.test('the number of recorders loses nothing', () => recorders(importing))
  await t.test('logs of the importer itself', () => itsOwnLogs(importing, checkout))
  await t.test('requests of a tracker are replayed', () => replayed(importing, checkout))
})

/** The server, a way to make sites on it, and one to import logs. */
function stage(server, checkout, directory) {
  const script = join(checkout, 'import_logs.py')
  return {
    server,
    addSite: async () => {
      const site = { siteName: 'Shop', 'urls[0]': 'http://shop.test', timezone: 'UTC' }
      return (await matomo(server, 'SitesManager.addSite', site)).value
    },
    /** Imports files, or lines, and gives what the importer says of it: how many requests it recorded, and how many not. */
    async load(lines, ...options) {
      const files = typeof lines[0] === 'string' && lines[0].startsWith('/') ? lines : [join(directory, 'access.log')]
      if (files !== lines) await writeFile(files[0], lines.join('\n') + '\n')
      const said = await run('python3', [script, `--url=${server.url}`, '--retry-max-attempts=1', ...options, ...files])
      const figure = text => Number(new RegExp(`(\\d+) ${text}`).exec(said)?.[1])
      return { recorded: figure('requests imported successfully'), ignored: figure('requests ignored'), made: figure('sites were created') }
    }
  }
}

/** The figures of a day that every format must come to. */
async function figures(server, idSite, date, ...names) {
  return Object.values(only(await report(server, idSite, 'VisitsSummary.get', { date }), ...names))
}

async function aCombinedLog({ server, addSite, load }) {
  const idSite = await addSite()
  const { recorded, ignored } = await load(logs.shop, ...byToken, `--idsite=${idSite}`, '--recorders=1')
  assert.deepEqual({ recorded, ignored }, { recorded: 6, ignored: 5 })
  const ask = (method, parameters) => report(server, idSite, method, { date: '2025-03-10', ...parameters })

  assert.deepEqual(await figures(server, idSite, '2025-03-10', 'nb_visits', 'nb_actions', 'bounce_count', 'sum_visit_length'), [1, 3, 0, 361])
  assert.deepEqual(await figures(server, idSite, '2025-03-11', 'nb_visits', 'nb_uniq_visitors', 'nb_actions'), [2, 2, 3])
  assert.deepEqual(column(await ask('Actions.getPageUrls', { flat: 1 }), 'nb_hits'), { '/': 1, '/boots?size=8': 1 })
  assert.deepEqual((await ask('Actions.getDownloads', { flat: 1 })).map(row => row.url), ['http://shop.test/files/sizes.pdf'])
  assert.deepEqual(column(await ask('Actions.getPageUrls', { flat: 1, date: '2025-03-11' }), 'nb_hits'), { '/laces': 2, '/laces/red ones': 1 })
  assert.deepEqual(column(await ask('Referrers.getWebsites'), 'nb_visits'), { 'news.test': 1 })
  assert.deepEqual(column(await ask('UserCountry.getCity'), 'nb_visits'), { 'Boxford, England, United Kingdom': 1 })
  assert.deepEqual(column(await ask('UserCountry.getCity', { date: '2025-03-11' }), 'nb_visits'), { 'Milton, Washington, United States': 2 })
  assert.deepEqual(column(await ask('DevicesDetection.getBrowsers'), 'nb_visits'), { Firefox: 1 })
  assert.deepEqual(column(await ask('DevicesDetection.getBrowsers', { date: '2025-03-11' }), 'nb_visits'), { Chrome: 2 })
  const codes = await ask('CustomVariables.getCustomVariables')
  assert.deepEqual(column(codes, 'nb_actions'), { 'HTTP-code': 3 })
  const log = await ask('Live.getLastVisitsDetails', { date: '2025-03-11', filter_limit: 5 })
  assert.deepEqual(log.map(visit => [visit.serverTimePrettyFirstAction, visit.actions]), [['05:00:00', 1], ['04:00:00', 2]])
}

async function everything({ server, addSite, load }) {
  const idSite = await addSite()
  const byPassword = [`--login=${admin.login}`, `--password=${admin.password}`]
  const all = ['--enable-http-errors', '--enable-http-redirects', '--enable-bots', '--enable-static']
  const few = ['--recorders=4', '--recorder-max-payload-size=2']
  const { recorded, ignored } = await load(logs.shop, ...byPassword, `--idsite=${idSite}`, ...all, ...few)
  assert.deepEqual({ recorded, ignored }, { recorded: 11, ignored: 0 })
  const wrong = [byPassword[0], '--password=guessed', `--idsite=${idSite}`]
  await assert.rejects(load(logs.shop, ...wrong), /error fetching authentication token.*: The current password you entered is not correct/)
  const ask = (method, parameters) => report(server, idSite, method, { date: '2025-03-10', ...parameters })

  assert.deepEqual(await figures(server, idSite, '2025-03-10', 'nb_visits', 'nb_actions'), [2, 8])
  const actions = await ask('Actions.get')
  assert.deepEqual(only(actions, 'nb_pageviews', 'nb_downloads'), { nb_pageviews: 6, nb_downloads: 2 })
  assert.deepEqual(column(await ask('Actions.getPageTitles', { flat: 1 }), 'nb_hits'), {
    'Page Name not defined': 4,
    '301/URL = http://shop.test/old': 1,
    '404/URL = http://shop.test/gone/From = http://shop.test/boots': 1
  })
  const bots = await ask('CustomVariables.getCustomVariables')
  assert.deepEqual(column(bots, 'nb_visits'), { 'HTTP-code': undefined, Bot: 1, 'Not-Bot': 1 })
}

/**
 * The same log comes to the same figures when nothing is sent in bulk. The importer then ends without waiting for the file it
 * took last, so one of a single request on a later day stands behind the log.
 */
async function oneByOne({ server, addSite, load }, directory) {
  const idSite = await addSite()
  const files = ['first.log', 'last.log'].map(name => join(directory, name))
  await writeFile(files[0], logs.shop.join('\n') + '\n')
  await writeFile(files[1], logs.shop[0].replace('10/Mar/2025', '20/Mar/2025') + '\n')
  const single = ['--disable-bulk-tracking', '--recorders=1']
  const { recorded, ignored } = await load(files, ...byToken, `--idsite=${idSite}`, ...single)
  assert.ok([6, 7].includes(recorded), `${recorded} were recorded`)
  assert.equal(ignored, 5)
  const ask = (method, parameters) => report(server, idSite, method, { date: '2025-03-10', ...parameters })

  assert.deepEqual(await figures(server, idSite, '2025-03-10', 'nb_visits', 'nb_actions', 'bounce_count', 'sum_visit_length'), [1, 3, 0, 361])
  assert.deepEqual(await figures(server, idSite, '2025-03-11', 'nb_visits', 'nb_uniq_visitors', 'nb_actions'), [2, 2, 3])
  assert.deepEqual(column(await ask('Actions.getPageUrls', { flat: 1 }), 'nb_hits'), { '/': 1, '/boots?size=8': 1 })
  assert.deepEqual(column(await ask('Referrers.getWebsites'), 'nb_visits'), { 'news.test': 1 })
  const log = await ask('Live.getLastVisitsDetails', { date: '2025-03-11', filter_limit: 5 })
  assert.deepEqual(log.map(visit => [visit.serverTimePrettyFirstAction, visit.actions]), [['05:00:00', 1], ['04:00:00', 2]])
}

async function newHosts({ server, load }) {
  const known = Object.keys(await matomo(server, 'SitesManager.getAllSites')).length
  const first = await load(logs.hosts, ...byToken, '--add-sites-new-hosts')
  assert.deepEqual([first.recorded, first.made], [4, 2])
  const second = await load(logs.hosts, ...byToken, '--add-sites-new-hosts', '--recorders=2')
  assert.deepEqual([second.recorded, second.made], [4, 0])
  assert.equal(Object.keys(await matomo(server, 'SitesManager.getAllSites')).length, known + 2)
  for (const [host, visits] of [['blog.test', 3], ['docs.test', 1]]) {
    const [{ idsite }] = await matomo(server, 'SitesManager.getSitesIdFromSiteUrl', { url: `http://${host}` })
    assert.deepEqual(await figures(server, idsite, '2025-03-10', 'nb_visits', 'nb_actions'), [visits, visits * 2], host)
  }
}

async function otherServers({ server, addSite, load }) {
  const idSite = await addSite()
  const ask = (method, parameters) => report(server, idSite, method, { date: '2025-03-10', ...parameters })
  assert.equal((await load(logs.iis, ...byToken, `--idsite=${idSite}`, '--w3c-time-taken-millisecs')).recorded, 2)
  assert.equal((await load(logs.nginx, ...byToken, `--idsite=${idSite}`)).recorded, 2)
  assert.deepEqual(await figures(server, idSite, '2025-03-10', 'nb_visits', 'nb_users', 'nb_actions', 'sum_visit_length'), [2, 1, 4, 212])
  const pages = await ask('Actions.getPageUrls', { flat: 1 })
  assert.deepEqual(column(pages, 'avg_time_server'), {
    '/catalogue?page=2': 0.25,
    '/catalogue/boots': 0.75,
    '/json': 0.5,
    '/json/two': 0.25
  })
  const log = await ask('Live.getLastVisitsDetails')
  assert.deepEqual(log.map(visit => [visit.serverTimePrettyFirstAction, visit.userId, visit.referrerUrl]), [
    ['06:00:00', 'ada', 'https://news.test/boots'],
    ['05:00:00', null, 'https://news.test/json']
  ])
}

async function recorders({ server, addSite, load }) {
  for (const options of [['--recorders=1'], ['--recorders=4', '--recorder-max-payload-size=30']]) {
    const idSite = await addSite()
    assert.equal((await load(logs.busy, ...byToken, `--idsite=${idSite}`, ...options)).recorded, 1000)
    assert.deepEqual(await figures(server, idSite, '2025-03-12', 'nb_visits', 'nb_uniq_visitors', 'nb_actions'), [40, 40, 1000])
    const rows = await report(server, idSite, 'Actions.getPageUrls', { date: '2025-03-12', flat: 1 })
    const hits = Array.from({ length: 7 }, (_, page) => [`/page/${page}`, page < 6 ? 143 : 142])
    assert.deepEqual(column(rows, 'nb_hits'), Object.fromEntries(hits))
  }
}

async function itsOwnLogs({ server, addSite, load }, checkout) {
  const idSite = await addSite()
  const names = ['ncsa_extended', 'common_complete', 'iis', 'caddy_json', 'netscaler', 'splitted_date_and_time']
  const files = names.map(name => join(checkout, 'tests/logs', `${name}.log`))
  const loaded = await load(files, ...byToken, `--idsite=${idSite}`, '--enable-http-redirects', '--enable-http-errors')
  assert.deepEqual(only(loaded, 'recorded', 'ignored'), { recorded: 6, ignored: 11 })
  const years = await report(server, idSite, 'VisitsSummary.getVisits', { period: 'year', date: '2012-01-01,2023-12-31' })
  assert.deepEqual(Object.entries(years).filter(([, visits]) => visits > 0), [['2012', 3], ['2015', 1], ['2023', 1]])
  const pages = await report(server, idSite, 'Actions.getPageUrls', { flat: 1, period: 'range', date: '2012-01-01,2023-12-31' })
  assert.deepEqual(column(pages, 'nb_hits'), {
    '/': 2,
    '/beta/': 1,
    '/Citrix/XenApp/Wan/auth/login.jsp': 1,
    '/foo/bar?topCat1=divinity&submit=Search': 1,
    '/stream?title=UKR Nights': 1
  })
}

/** What is replayed belongs to the site that it was tracked for. */
async function replayed({ server, load }, checkout) {
  const { recorded, ignored } = await load([join(checkout, 'tests/logs/logs_to_tests.log')], ...byToken, '--replay-tracking')
  assert.deepEqual({ recorded, ignored }, { recorded: 3, ignored: 3 })
  const ask = method => report(server, 1, method, { date: '2013-02-05' })
  assert.deepEqual(await figures(server, 1, '2013-02-05', 'nb_visits', 'nb_actions', 'sum_visit_length'), [1, 3, 21])
  assert.deepEqual(column(await ask('Resolution.getResolution'), 'nb_visits'), { '1680x1050': 1 })
  assert.deepEqual((await ask('Live.getLastVisitsDetails')).map(visit => visit.visitorId), ['1da79fc743e8bcc4'])
}
