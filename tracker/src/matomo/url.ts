// Addresses as text. Nothing here touches the page.

export const encode = encodeURIComponent

const latin1 = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))

/** Decodes percent signs, also where a page of another charset wrote bytes that are not UTF-8. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return latin1(text)
  }
}

/** The UTF-8 bytes of a text, one character each. */
export const utf8 = (text: string): string => latin1(encode(text))

export function protocolOf(url: string): string | null {
  const found = /^([a-z]+):/.exec(url)
  return found && found[1]
}

/** The host of an absolute web address; the given text itself where there is none. */
export function hostOf(url: string): string {
  const found = /^(?:https?|ftp):\/*(?:[^/@]+@)?([^:/?#]+)/.exec(url)
  return found ? found[1] : url
}

/** The decoded value of a parameter in the query or the fragment, or an empty string. */
export function parameterOf(url: string, name: string): string {
  const found = new RegExp('[?&#]' + name + '=([^&#]*)').exec(url)
  return found ? decode(found[1]) : ''
}

/** Appends a parameter to the query, in front of a fragment. */
export function withParameter(url: string, name: string, value?: string): string {
  const [base, fragment] = splitAt(String(url), '#')
  const joint = !base.includes('?') ? '?' : base.endsWith('?') ? '' : '&'
  return base + joint + encode(name) + '=' + encode(value || '') + fragment
}

/** Removes every occurrence of a parameter from the query and from a fragment that looks like a query. */
export function withoutParameter(url: string, name: string): string {
  url = String(url)
  if (!['?', '&', '#'].some(before => url.includes(before + name + '='))) {
    return url
  }
  const keep = (pairs: string) => pairs.split('&').filter(pair => pair.split('=')[0] !== name).join('&')
  const [address, fragment] = splitAt(url, '#')
  const [base, query] = splitAt(address, '?')
  const kept = keep(query.slice(1))
  let left = fragment
  if (fragment.indexOf('=') > 1) {
    const mark = fragment[1] === '?' ? '#?' : '#'
    const pairs = keep(fragment.slice(mark.length))
    left = pairs && mark + pairs
  }
  return base + (kept && '?' + kept) + left
}

/** Prepares a configured host for comparison: no trailing dot, no path, `*.example.org` becomes `.example.org`. */
export function plainDomain(domain: string): string {
  return domain.replace(/\.$/, '').replace(/^\*\./, '.').split('/')[0]
}

/** Named values as parameters that follow others. */
export const asParameters = (values: Record<string, unknown>, prefix = ''): string =>
  Object.keys(values)
    .map(name => '&' + prefix + name + '=' + encode(values[name] as string))
    .join('')

/** Undoes what translating proxies and search engine caches did to host, address and referrer of a page. */
export function undoProxy(host: string, href: string, referrer: string, firstLink: () => string): [string, string, string] {
  host = host || ''
  href = href || ''
  if (host === 'translate.googleusercontent.com') {
    const original = parameterOf(href, 'u')
    return [hostOf(original), original, referrer === '' ? href : referrer]
  }
  if (host === 'cc.bingj.com' || host === 'webcache.googleusercontent.com' || host.startsWith('74.6.')) {
    href = firstLink()
    host = hostOf(href)
  }
  return [host, href, referrer]
}

function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at)]
}
