import { expect, it } from 'vitest'
import { openTracked, own } from './open'

const ad = `<div data-track-content data-content-name="Ad"><a id="go" href="/buy"><img data-content-piece src="a.png"></a></div>`
const plain = `<div class="matomoTrackContent" title="Hint">text</div>`
const old = `<p class="piwikTrackContent"><video src="/v.mp4"></video><i class="piwikContentTarget" id="t">x</i></p>`

const impression = (request: URLSearchParams) => {
  const { ca, ...rest } = own(request)
  expect(ca).toBe('1')
  return rest
}

it('sends every block of a page once a page view', () => {
  const page = openTracked([], { html: ad + plain + old + plain })
  page.push('trackAllContentImpressions')
  page.push('trackAllContentImpressions')
  page.pass(2500)
  expect(page.requests().map(impression)).toEqual([
    { c_n: 'Ad', c_p: 'https://example.org/a.png' },
    { c_n: 'Unknown', c_p: 'Unknown' },
    { c_n: 'Hint', c_p: 'Unknown' }
  ])
  page.push('trackPageView')
  page.push('trackAllContentImpressions')
  expect(page.tracker().getTrackedContentImpressions()).toHaveLength(3)
})

it('finds blocks within a node, those of either class and of the attribute', () => {
  const page = openTracked([], { html: `<section>${ad}${plain}${old}</section>${plain.replace('Hint', 'Out')}` })
  page.push('trackContentImpressionsWithinNode', page.document.querySelector('section'))
  page.pass(2500)
  expect(page.requests().map(request => request.get('c_n')).sort()).toEqual(['Ad', 'Hint', 'Unknown'])
})

it('takes impressions and interactions by hand', () => {
  const page = openTracked([
    ['trackContentImpression', ' Name '],
    ['trackContentImpression', ''],
    ['trackContentInteraction', 'click', 'Name', 'Piece', 'https://t.example/'],
    ['trackContentInteraction', 'click']
  ])
  page.pass(2500)
  expect(page.requests().map(impression)).toEqual([
    { c_n: 'Name', c_p: 'Unknown' },
    { c_i: 'click', c_n: 'Name', c_p: 'Piece', c_t: 'https://t.example/' }
  ])
})

it('sends clicks on blocks it has shown, and only on their targets', () => {
  const page = openTracked([], { html: old })
  page.push('trackAllContentImpressions')
  page.pass(2500)
  page.click('video')
  page.click('#t')
  page.pass(2500)
  expect(page.requests().slice(1).map(impression)).toEqual([{ c_i: 'click', c_n: 'Unknown', c_p: 'Unknown' }])
})

it('adds the interaction to the outlink it leads to', () => {
  const html = ad.replace('/buy', 'https://shop.example/')
  const page = openTracked([['enableLinkTracking']], { html })
  page.push('trackAllContentImpressions')
  page.pass(2500)
  page.click('#go img')
  page.pass(1000)
  expect(page.requests().slice(1).map(impression)).toEqual([
    {
      link: 'https://shop.example/',
      c_i: 'click',
      c_n: 'Ad',
      c_p: 'https://example.org/a.png',
      c_t: 'https://shop.example/'
    }
  ])
})

it('leaves blocks alone that say so', () => {
  const page = openTracked([], { html: ad.replace('<a ', '<a data-content-target data-content-ignoreinteraction ') })
  page.push('trackAllContentImpressions')
  page.pass(2500)
  page.click('#go')
  page.pass(2500)
  expect(page.requests()).toHaveLength(1)
})
