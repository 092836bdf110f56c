// What servers wrote down of one day, in the formats that they write.

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Gecko/20100101 Firefox/136.0'
const chrome = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Safari/537.36'
const crawler = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'

/** Addresses that the place database of the tests knows: in Boxford and in Milton. */
export const boxford = '2.125.160.217'
export const milton = '216.160.83.57'

/** A line of Apache's combined format. */
const combined = ({ ip, at, request, status = 200, size = 1000, referrer = '-', agent = firefox }) =>
  `${ip} - - [${at}] "${request} HTTP/1.1" ${status} ${size} "${referrer}" "${agent}"`

/** Two people, a stylesheet, what is not there any more, and a crawler. */
export const shop = [
  { ip: boxford, at: '10/Mar/2025:10:00:00 +0000', request: 'GET /', referrer: 'https://news.test/article' },
  { ip: boxford, at: '10/Mar/2025:10:00:01 +0000', request: 'GET /style.css' },
  { ip: boxford, at: '10/Mar/2025:10:05:00 +0000', request: 'GET /boots?size=8' },
  { ip: boxford, at: '10/Mar/2025:10:06:00 +0000', request: 'GET /files/sizes.pdf', size: 51200 },
  { ip: boxford, at: '10/Mar/2025:10:07:00 +0000', request: 'GET /gone', status: 404, referrer: 'http://shop.test/boots' },
  { ip: boxford, at: '10/Mar/2025:10:08:00 +0000', request: 'GET /old', status: 301 },
  // Eleven in the evening in New York is four in the morning of the next day in Greenwich.
  { ip: milton, at: '10/Mar/2025:23:00:00 -0500', request: 'GET /laces', agent: chrome },
  { ip: milton, at: '10/Mar/2025:23:10:00 -0500', request: 'GET /laces/red%20ones', agent: chrome },
  // Half an hour later begins another visit.
  { ip: milton, at: '11/Mar/2025:00:00:00 -0500', request: 'POST /laces', agent: chrome },
  { ip: '192.0.2.66', at: '10/Mar/2025:12:00:00 +0000', request: 'GET /boots', agent: crawler },
  { ip: '192.0.2.66', at: '10/Mar/2025:12:00:10 +0000', request: 'GET /laces', agent: crawler }
].map(combined)

/** Lines that begin with the host, of two hosts and of one that is the first's other name. */
export const hosts = ['blog.test', 'docs.test', 'blog.test', 'blog.test:443'].map(
  (host, n) => `${host.split(':')[0]} 198.51.100.${n} - - [10/Mar/2025:08:0${n}:00 +0000] "GET /${n} HTTP/1.1" 200 100`
)

/** What Microsoft's server writes, with the time taken in milliseconds. */
export const iis = [
  '#Software: Microsoft Internet Information Services 10.0',
  '#Version: 1.0',
  '#Date: 2025-03-10 06:00:00',
  '#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) cs-host sc-status sc-bytes time-taken',
  `2025-03-10 06:00:00 10.0.0.1 GET /catalogue page=2 443 ada 198.51.100.7 ${firefox.replaceAll(' ', '+')} https://news.test/boots shop.test 200 700 250`,
  `2025-03-10 06:01:30 10.0.0.1 GET /catalogue/boots - 443 ada 198.51.100.7 ${firefox.replaceAll(' ', '+')} - shop.test 200 700 750`
]

/** What nginx writes when it is told to write JSON, with the time taken in seconds. */
export const nginx = [
  { path: '/json', generation_time_milli: 0.5, date: '2025-03-10T07:00:00+02:00', referrer: 'https://news.test/json' },
  { path: '/json/two', generation_time_milli: 0.25, date: '2025-03-10T07:02:00+02:00', referrer: '' }
].map(line => JSON.stringify({ idsite: 1, ip: '198.51.100.8', host: 'shop.test', status: '200', user_agent: chrome, length: 300, ...line }))

/** A thousand lines of 40 addresses, which take turns: 25 pages of each within its half hour. */
export const busy = Array.from({ length: 1000 }, (_, n) => {
  const minute = Math.floor(n / 40)
  return combined({
    ip: `203.0.113.${n % 40}`,
    at: `12/Mar/2025:09:${String(minute).padStart(2, '0')}:${String(n % 40).padStart(2, '0')} +0000`,
    request: `GET /page/${n % 7}`
  })
})
