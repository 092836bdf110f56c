import { describe, expect, it } from 'vitest'
import { openTracked, own } from './open'

function clicked(link: string, calls: unknown[][] = [], options: { type?: string; button?: number } = {}) {
  const page = openTracked([...calls, ['enableLinkTracking']], { html: `<p>${link}</p>` })
  page.document.querySelector('a, area')!.addEventListener('click', event => event.preventDefault())
  page.click('a, area', options)
  return page.requests().map(own)
}

describe('what a click on a link means', () => {
  it.each([
    ['<a href="https://other.example/a?b=1">x</a>', { link: 'https://other.example/a?b=1' }],
    ['<a href="https://OTHER.example/">x</a>', { link: 'https://other.example/' }],
    ['<a href="/guide.pdf">x</a>', { download: 'https://example.org/guide.pdf' }],
    ['<a href="/get?file=guide.PDF&x=1">x</a>', { download: 'https://example.org/get?file=guide.PDF&x=1' }],
    ['<a href="https://other.example/guide.zip">x</a>', { download: 'https://other.example/guide.zip' }],
    ['<a href="/report" download>x</a>', { download: 'https://example.org/report' }],
    ['<a class="big matomo_download" href="/report">x</a>', { download: 'https://example.org/report' }],
    ['<a class="piwik-link" href="/inside">x</a>', { link: 'https://example.org/inside' }],
    ['<a href="https://other.example/%F6">x</a>', { link: 'https://other.example/ö' }]
  ])('%s', (link, expected) => {
    expect(clicked(link)).toEqual([expected])
  })

  it.each([
    ['<a href="/inside">x</a>'],
    ['<a href="https://example.org/inside">x</a>'],
    ['<a href="javascript:void 0">x</a>'],
    ['<a href="mailto:jo@example.org">x</a>'],
    ['<a href="tel:123">x</a>'],
    ['<a>x</a>'],
    ['<a class="matomo_ignore" href="https://other.example/">x</a>'],
    ['<a href="https://stats.example.org/matomo.php?redirect=1.zip">x</a>']
  ])('nothing: %s', link => {
    expect(clicked(link)).toEqual([])
  })
})

it('follows clicks on what lies within a link', () => {
  const page = openTracked([['enableLinkTracking']], { html: '<a href="https://other.example/"><b id="in">x</b></a>' })
  page.click('#in')
  expect(page.requests().map(own)).toEqual([{ link: 'https://other.example/' }])
})

it.each([
  [[['setDomains', ['*.example.com', 'example.org']]], 'https://shop.example.com/', []],
  [[['setDomains', 'example.com/shop']], 'https://example.com/shop/a', []],
  [[['setDomains', 'example.com/shop']], 'https://example.com/shopping', ['https://example.com/shopping']],
  [[['setDomains', 'example.com/shop*']], 'https://example.com/shopping', []],
  [[['setDomains', 'example.com/shop']], 'https://example.org/', ['https://example.org/']],
  [[['setDomains', 'example.com']], 'https://example.org/', []]
])('with %j, %s is an outlink: %j', (calls, href, expected) => {
  expect(clicked(`<a href="${href}">x</a>`, calls as unknown[][]).map(one => one.link)).toEqual(expected)
})

it.each([
  [[['setDownloadExtensions', 'abc|def']], 'a.abc', true],
  [[['setDownloadExtensions', ['abc']]], 'a.pdf', false],
  [[['addDownloadExtensions', 'abc']], 'a.abc', true],
  [[['addDownloadExtensions', ['abc']]], 'a.pdf', true],
  [[['removeDownloadExtensions', 'pdf|zip']], 'a.pdf', false],
  [[['removeDownloadExtensions', 'zip']], 'a.pdf', true]
])('with %j, %s is a download: %s', (calls, file, expected) => {
  expect(clicked(`<a href="/${file}">x</a>`, calls as unknown[][])).toHaveLength(expected ? 1 : 0)
})

it('takes classes of the page’s own for links, downloads and those to ignore', () => {
  const calls = [
    ['setLinkClasses', 'out'],
    ['setDownloadClasses', ['load', 'get']],
    ['setIgnoreClasses', 'no']
  ]
  expect(clicked('<a class="out" href="/a">x</a>', calls)).toEqual([{ link: 'https://example.org/a' }])
  expect(clicked('<a class="get" href="/a">x</a>', calls)).toEqual([{ download: 'https://example.org/a' }])
  expect(clicked('<a class="no" href="/a.pdf">x</a>', calls)).toEqual([])
})

describe('buttons', () => {
  const link = '<a href="https://other.example/">x</a>'

  it('counts a middle click once, by press and release', () => {
    const page = openTracked([['enableLinkTracking', true]], { html: link })
    page.click('a', { type: 'mousedown', button: 1 })
    page.click('a', { type: 'mouseup', button: 1 })
    page.click('a', { type: 'click', button: 1 })
    expect(page.requests()).toHaveLength(1)
  })

  it('does not count a press and a release on different links', () => {
    const page = openTracked([['enableLinkTracking', true]], { html: link + '<a id="b" href="https://b.example/">y</a>' })
    page.click('a', { type: 'mousedown', button: 1 })
    page.click('#b', { type: 'mouseup', button: 1 })
    expect(page.sent).toEqual([])
  })

  it('counts a context menu only with the pseudo handler', () => {
    expect(clicked(link, [['enableLinkTracking', true]], { type: 'contextmenu', button: 2 })).toHaveLength(1)
    const page = openTracked([['enableLinkTracking', false]], { html: link })
    page.click('a', { type: 'contextmenu', button: 2 })
    expect(page.sent).toEqual([])
  })
})

it('stops and starts again without counting twice', () => {
  const page = openTracked([['enableLinkTracking']], { html: '<a href="https://other.example/">x</a>' })
  page.push('disableLinkTracking')
  page.click('a')
  expect(page.sent).toHaveLength(0)
  page.push('enableLinkTracking')
  page.click('a')
  expect(page.sent).toHaveLength(1)
})
