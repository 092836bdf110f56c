// Which hosts and paths belong to a site, by its list of aliases such as `*.example.org/shop*`.

import { plainDomain } from './url'

/** Compares a host with an alias; an alias that starts with a dot takes in the domain itself and all below it. */
export function isSameHost(host: string, alias: string): boolean {
  host = String(host).toLowerCase()
  alias = String(alias).toLowerCase()
  return host === alias || (alias[0] === '.' && ('.' + host).endsWith(alias))
}

/** Whether a path lies below an alias path. `*` at its end matches within a name, otherwise whole names count. */
export function isBelowPath(path: string, alias: string): boolean {
  path = slashed(path).toLowerCase()
  alias = slashed(alias).toLowerCase()
  if (alias.endsWith('*')) {
    return path.startsWith(alias.slice(0, -1))
  }
  return (path.replace(/\/?$/, '/')).startsWith(alias.replace(/\/?$/, '/'))
}

/** The path of an address or alias. */
export function pathOf(url: string): string {
  if (!/^(\/\/|http)/.test(url)) {
    url = 'http://' + url.replace(/^\*/, '').replace(/^\./, '')
  }
  try {
    return new URL(url, location.href).pathname
  } catch {
    return ''
  }
}

/** Whether host and path are covered by one of the aliases. */
export function isCovered(aliases: string[], host: string, path: string): boolean {
  return aliases.some(alias => isSameHost(host, plainDomain(alias)) && isBelowPath(path, pathOf(alias)))
}

/** Whether the host alone is covered by one of the aliases. */
export function isCoveredHost(aliases: string[], host: string): boolean {
  return aliases.some(alias => isSameHost(host, plainDomain(alias)))
}

const slashed = (path: string): string => (path[0] === '/' ? path : '/' + path)
