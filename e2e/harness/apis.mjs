import { inTime } from './eventually.mjs'
import { admin } from './footfall.mjs'

/** Asks Matomo's API. */
export async function matomo(server, method, parameters = {}) {
  const query = new URLSearchParams({ module: 'API', format: 'json', token_auth: admin.token, method, ...parameters })
  return read(await fetch(`${server.url}/index.php?${query}`, { signal: inTime() }), method)
}

/** Asks a report of Matomo's API about a site's day. */
export const report = (server, idSite, method, parameters = {}) =>
  matomo(server, method, { idSite, period: 'day', date: 'today', ...parameters })

/** Asks Plausible's Stats API v2 about a site's day: `[{ dimensions, metrics }]`. */
export async function query(server, site, metrics, dimensions = [], filters = []) {
  const body = { site_id: site, date_range: 'day', metrics, dimensions, filters }
  return (await plausible(server, 'POST', '/api/v2/query', body)).results
}

/** The same as an object from the dimension's value to the metrics. */
export async function table(server, site, metrics, dimension, filters = []) {
  const rows = await query(server, site, metrics, [dimension], filters)
  return Object.fromEntries(rows.map(({ dimensions, metrics }) => [dimensions[0], metrics.length > 1 ? metrics : metrics[0]]))
}

/** Asks Plausible's Stats API v1 for a site's figures of the day. */
export async function aggregate(server, site, metrics) {
  const asked = new URLSearchParams({ site_id: site, period: 'day', metrics: metrics.join(',') })
  const { results } = await plausible(server, 'GET', `/api/v1/stats/aggregate?${asked}`)
  return Object.fromEntries(Object.entries(results).map(([name, { value }]) => [name, value]))
}

/** Asks one of Plausible's APIs. */
export async function plausible(server, method, path, body) {
  const headers = { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' }
  return read(await fetch(server.url + path, { method, headers, body: body && JSON.stringify(body), signal: inTime() }), path)
}

async function read(response, what) {
  const text = await response.text()
  let answer
  try {
    answer = JSON.parse(text)
  } catch {
    throw new Error(`\`${what}\` answered ${response.status} and no JSON: ${text.slice(0, 500)}`)
  }
  if (!response.ok || answer.result === 'error' || answer.error) throw new Error(`\`${what}\` answered ${response.status}: ${text.slice(0, 500)}`)
  return answer
}

/** Only these members of an object. */
export const only = (object, ...names) => Object.fromEntries(names.map(name => [name, object[name]]))

/** Rows of a report of Matomo's API as an object from label to a column. */
export const column = (rows, name) => Object.fromEntries(rows.map(row => [row.label, row[name]]))

const hoursToNoon = now => 12 - now.getUTCHours()

/** A time zone where it is about noon, so that no test's visit has a midnight in it. */
export function noonZone(now = new Date()) {
  const ahead = hoursToNoon(now)
  return ahead === 0 ? 'Etc/UTC' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`
}

/** The same as Matomo names it: a difference to UTC. */
export function noonOffset(now = new Date()) {
  const ahead = hoursToNoon(now)
  return ahead === 0 ? 'UTC' : `UTC${ahead > 0 ? '+' : ''}${ahead}`
}
