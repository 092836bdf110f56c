import { expect, it } from 'vitest'
import { openScripted } from './open'

/** A page of 2000 pixels seen through a window of 500. */
function openTall(extensions: string[] = []) {
  const page = openScripted(extensions)
  const shape = { height: 2000 }
  Object.defineProperty(page.document.documentElement, 'scrollHeight', { get: () => shape.height })
  Object.assign(page.window, { innerHeight: 500 })
  const scroll = (to: number) => {
    Object.assign(page.window, { pageYOffset: to })
    page.document.dispatchEvent(new page.window.Event('scroll', { bubbles: true }))
  }
  scroll(0)
  const engagements = () =>
    page
      .events()
      .filter(({ n }) => n === 'engagement')
      .map(({ sd, e }) => [sd, e])
  return { page, shape, scroll, engagements }
}

it('says at the first turning away how much was seen, and how long', () => {
  const { page } = openTall()
  page.pass(1200)
  page.show('hidden', false)
  expect(page.events()[1]).toEqual({
    n: 'engagement',
    v: 1,
    u: 'https://example.org/path',
    d: 'example.org',
    e: 1200,
    sd: 25
  })
})

it('says no more until more was seen, or three more seconds passed in sight', () => {
  const { page, scroll, engagements } = openTall()
  page.pass(1000)
  page.show('hidden', false)
  page.pass(60_000)
  page.show('visible', true)
  page.pass(2000)
  page.show('visible', false)
  expect(engagements()).toEqual([[25, 1000]])
  page.show('visible', true)
  page.pass(1000)
  page.show('visible', false)
  expect(engagements()).toEqual([[25, 1000], [25, 3000]])
  page.show('visible', true)
  scroll(500)
  scroll(100)
  page.pass(10)
  page.window.dispatchEvent(new page.window.Event('blur'))
  expect(engagements()).toHaveLength(2)
  page.show('visible', false)
  expect(engagements()).toEqual([[25, 1000], [25, 3000], [50, 10]])
})

it('never sees more than there is', () => {
  const { page, shape, scroll, engagements } = openTall()
  shape.height = 300
  scroll(0)
  page.show('hidden', false)
  expect(engagements()).toEqual([[100, 0]])
})

it('closes a page with engagement before the next page view', () => {
  const { page, scroll } = openTall()
  scroll(1000)
  page.pass(5000)
  Object.assign(page.window, { pageYOffset: 0 })
  page.window.history.pushState({}, '', '/next')
  page.pass(100)
  page.show('hidden', false)
  expect(page.events().map(({ n, u, sd, e }) => [n, u, sd, e])).toEqual([
    ['pageview', 'https://example.org/path', undefined, undefined],
    ['engagement', 'https://example.org/path', 75, 5000],
    ['pageview', 'https://example.org/next', undefined, undefined],
    ['engagement', 'https://example.org/next', 25, 100]
  ])
})

it('belongs to the page view as it was sent', () => {
  const { page } = openTall(['manual', 'hash'])
  page.show('hidden', false)
  expect(page.sent).toEqual([])
  page.plausible('pageview', { u: 'https://example.org/mine', props: { a: 'b' } })
  page.show('visible', false)
  expect(page.events()[1]).toMatchObject({ n: 'engagement', u: 'https://example.org/mine', p: { a: 'b' }, h: 1 })
})

it('is silent for pages that were not counted', () => {
  const { page, engagements } = openTall()
  page.show('hidden', false)
  page.window.localStorage.setItem('plausible_ignore', 'true')
  page.window.history.pushState({}, '', '/next')
  page.show('visible', true)
  page.pass(10_000)
  page.show('hidden', false)
  expect(engagements()).toHaveLength(1)
})
