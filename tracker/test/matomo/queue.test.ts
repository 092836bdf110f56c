import { expect, inject, it } from 'vitest'
import { openPage } from '../page'
import { openTracked, own } from './open'
import { pluginMark } from '../../build/matomo.mjs'

const script = inject('scripts').matomo
const [definition, boot] = script.split(pluginMark)

it('configures first, whatever order the page wrote its calls in', () => {
  const page = openPage()
  page.window._paq = page.window.eval(
    `[['trackPageView'], ['setUserId', 'jo'], ['setSiteId', 5], ['setTrackerUrl', '/m.php'], ['setDocumentTitle', 'T']]`
  )
  page.run(script)
  expect(page.sent[0].url.split('?')[0]).toBe('/m.php')
  expect(page.requests().map(request => [request.get('idsite'), request.get('uid'), request.get('action_name')])).toEqual(
    [['5', 'jo', 'Home']]
  )
})

it('goes on taking calls, several in one push, and functions', () => {
  const page = openTracked()
  page.window._paq.push(['setUserId', 'a'], ['trackEvent', 'c', 'd'])
  page.window._paq.push([
    function (this: { getUserId(): string }, suffix: string) {
      page.window.seen = this.getUserId() + suffix
    },
    '!'
  ])
  expect(own(page.requests()[0])).toEqual({ e_c: 'c', e_a: 'd', ca: '1', uid: 'a' })
  expect(page.window.seen).toBe('a!')
})

it('does not change the calls it is given', () => {
  const call = ['setUserId', 'a']
  openTracked([call])
  expect(call).toEqual(['setUserId', 'a'])
})

it('complains about methods that do not exist', () => {
  const page = openTracked()
  expect(() => page.push('trackPageVeiw')).toThrow('the method `trackPageVeiw` was not found in "_paq" variable')
  expect(page.errors).toEqual(['the method `trackPageVeiw` was not found in "_paq" variable'])
})

it('says so when a setting is made twice before the script comes', () => {
  const page = openTracked([
    ['setUserId', 'a'],
    ['setUserId', 'b'],
    ['addTracker', '/m.php', 2],
    ['addTracker', '/m.php', 3]
  ])
  expect(page.errors).toEqual(['`setUserId` was called twice'])
  expect(page.tracker().getUserId()).toBe('b')
})

it('sends what is tracked to every tracker, settings of address and site to the first alone', () => {
  const page = openTracked([['addTracker', 'https://two.example/m.php', 2]])
  page.push('setSiteId', 9)
  page.push('trackPageView')
  expect(page.sent.map(({ url }) => /^[^?]*|idsite=\d+/g[Symbol.match](url))).toEqual([
    ['https://stats.example.org/matomo.php', '', 'idsite=9', ''],
    ['https://two.example/m.php', '', 'idsite=2', '']
  ].map(parts => expect.arrayContaining(parts.filter(Boolean))))
})

it('keeps calls of plugins that are not there yet', () => {
  const page = openTracked([
    ['Shop::open', 1],
    ['Shop.sell', 2]
  ])
  const seen: unknown[] = []
  page.window.Matomo.Shop = { open: (what: number) => seen.push(['open', what]) }
  page.tracker().Shop = { sell: (what: number) => seen.push(['sell', what]) }
  page.window.Matomo.retryMissedPluginCalls()
  page.window.Matomo.retryMissedPluginCalls()
  expect(seen).toEqual([
    ['open', 1],
    ['sell', 2]
  ])
})

it('lets plugins set up between the halves, then the page, then tracks', () => {
  const page = openPage({
    globals: {
      matomoAsyncInit: () => page.window.order.push('page'),
      piwikAsyncInit: () => page.window.order.push('old page'),
      matomoPluginAsyncInit: [() => page.window.order.push('plugin')],
      order: []
    }
  })
  page.window.matomoPluginAsyncInit = (page.window.eval('[]') as unknown[]).concat(page.window.matomoPluginAsyncInit)
  page.window._paq = page.window.eval(`[['setSiteId', 1], ['trackPageView']]`)
  page.run(definition)
  page.window.Matomo.on('TrackerSetup', () => page.window.order.push('tracker'))
  page.window.Matomo.on('MatomoInitialized', () => page.window.order.push('ready'))
  page.run(boot)
  expect(page.window.order).toEqual(['plugin', 'old page', 'page', 'tracker', 'ready'])
})

it('lets a plugin forbid cookies for good', () => {
  const page = openPage()
  page.window._paq = page.window.eval(`[['setSiteId', 1], ['setTrackerUrl', '/m.php'], ['trackPageView']]`)
  page.run(definition)
  page.window.Matomo.on('TrackerSetup', (tracker: Record<string, any>) => {
    tracker.setCookieConsentGiven = () => undefined
    tracker.disableCookies()
  })
  page.run(boot)
  page.window._paq.push(['setConsentGiven'])
  page.window._paq.push(['trackEvent', 'a', 'b'])
  expect(page.document.cookie).toBe('')
  expect(page.requests()[0].get('_id')).toBe('')
})

it('makes no tracker where nothing was asked for, and says so', () => {
  const page = openPage()
  page.run(script)
  expect(page.window.Matomo.getAsyncTrackers()).toHaveLength(0)
  page.window._paq.push(['trackPageView'])
  expect(page.errors).toEqual(['no tracker: `_paq` was empty when the script came'])
})

it('does nothing when it is loaded twice', () => {
  const page = openTracked([['trackPageView']])
  const { Matomo } = page.window
  page.run(script)
  expect(page.window.Matomo).toBe(Matomo)
  expect(page.sent).toHaveLength(1)
})

it('understands the oldest snippet', () => {
  const page = openTracked()
  page.window.piwik_log('Title', 3, '/old.php', { a: 1 })
  expect(page.sent[0].url.split('?')[0]).toBe('/old.php')
  expect(own(page.requests()[0])).toEqual({ action_name: 'Title', data: '{"a":1}' })
})
