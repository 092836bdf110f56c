// Runs Matomo's own JavaScript test suite against our script in Chromium, and prints how many assertions pass.
// The suite comes from a checkout that `MATOMO_SRC` names. With `--original` its own script is tested, for comparison.
// With `--list` every assertion that does not pass is printed.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildMatomo, pluginMark } from '../build/matomo.mjs'
import { hasChromium, withPage } from '../browser/chromium.mjs'
import { renderPage } from './page.mjs'
import { serveSuite } from './server.mjs'

const root = process.env.MATOMO_SRC
const isOriginal = process.argv.includes('--original')
const isListing = process.argv.includes('--list')
const wantedPercent = 80
const longestRun = 1_200_000

if (!root) {
  console.log('skipped: MATOMO_SRC does not name a checkout of matomo-org/matomo')
  process.exit(0)
}
if (!hasChromium()) {
  console.error('there is no chromium to run the suite in')
  process.exit(1)
}

const plugin = await readFile(join(root, 'plugins/ExampleTracker/tracker.js'), 'utf8')
const script = (
  isOriginal ? await readFile(join(root, 'js/piwik.js'), 'utf8') : await buildMatomo({ debug: true })
).replace(pluginMark, () => pluginMark + '\n' + plugin)
const page = renderPage(await readFile(join(root, 'tests/javascript/index.php'), 'utf8'), script)
const server = await serveSuite(root, page, script)

const results = await withPage(async browserPage => {
  await browserPage.addInitScript(() => {
    window.assertions = []
    addEventListener('DOMContentLoaded', () => {
      const { QUnit } = window
      if (!QUnit) {
        return
      }
      QUnit.log(({ result, module, name, message, actual, expected }) => {
        const text = value => {
          try {
            return JSON.stringify(value)?.slice(0, 300)
          } catch {
            return String(value)
          }
        }
        window.assertions.push({ result, module, name, message, actual: text(actual), expected: text(expected) })
      })
      QUnit.done(() => (window.isDone = true))
    })
  })
  await browserPage.goto(server.url)
  await browserPage.waitForFunction(() => window.isDone, undefined, { timeout: longestRun })
  return browserPage.evaluate(() => window.assertions)
})
server.end()

const tests = new Map()
for (const { result, module, name } of results) {
  const key = module + ' / ' + name
  const counts = tests.get(key) || { passed: 0, failed: 0 }
  counts[result ? 'passed' : 'failed']++
  tests.set(key, counts)
}
for (const [name, { passed, failed }] of tests) {
  if (failed) {
    console.log(`${name}: ${passed} of ${passed + failed}`)
  }
}
if (isListing) {
  for (const { result, name, message, actual, expected } of results) {
    if (!result) {
      console.log(`\n${name}\n  ${message}\n  expected ${expected}\n  actual   ${actual}`)
    }
  }
}
const passed = results.filter(({ result }) => result).length
const percent = (100 * passed) / results.length
console.log(`${passed} of ${results.length} assertions pass (${percent.toFixed(1)} %), in ${tests.size} tests`)
process.exit(percent < wantedPercent ? 1 : 0)
