import { encode } from './url'
import { report } from './values'
import { onLoad } from './page'
import type { Settings } from './settings'

type Marks = Partial<Record<string, number>>

const names = ['pf_net', 'pf_srv', 'pf_tfr', 'pf_dm1', 'pf_dm2', 'pf_onl']

/** How long the page took to load, sent once with a page view or with the first request after it has loaded. */
export function makeTiming(settings: Settings) {
  let custom = ''
  let available = false
  let sent = false

  onLoad(() => setTimeout(() => (available = true), 0))

  function measured(): string {
    if (custom) {
      sent = true
      return custom
    }
    const { performance } = window
    if (!performance) {
      return ''
    }
    const marks = (performance.timing || performance.getEntriesByType?.('navigation')[0]) as unknown as
      | Marks
      | undefined
    return marks ? timingParameters(marks) : ''
  }

  return {
    /** What a page view appends, even while the page still loads. */
    _forPageView: (): string => (settings._performance && !sent ? measured() : ''),
    /** What any request appends once the page has loaded. */
    _forRequest(): string {
      if (!settings._performance || !available || sent) {
        return ''
      }
      const parameters = measured()
      sent = true
      return parameters
    },
    _methods: {
      disablePerformanceTracking() {
        settings._performance = false
      },
      getCustomPagePerformanceTiming: () => custom,
      setGenerationTimeMs() {
        report('use `setPagePerformanceTiming`')
      },
      setPagePerformanceTiming(...given: unknown[]) {
        let parameters = ''
        for (const [at, name] of names.entries()) {
          const value = given[at]
          if (value !== undefined) {
            if (!/^\d+(\.\d+)?$/.test(String(value))) {
              report('`' + name + '` is not a number')
              return
            }
            parameters += '&' + name + '=' + encode(Math.round(Number(value)))
          }
        }
        custom = parameters
        if (!parameters) {
          report('no timing given')
          return
        }
        sent = false
        available = true
      }
    }
  }
}

export type Timing = ReturnType<typeof makeTiming>

/** The spans between the marks of a page load. Browsers have reported spans below zero: then none is sent. */
export function timingParameters(marks: Marks): string {
  const spans: [string, string][] = [
    ['connectEnd', 'fetchStart'],
    ['responseStart', 'requestStart'],
    ['responseEnd', 'responseStart'],
    ['domInteractive', marks.domLoading === undefined ? 'responseEnd' : 'domLoading'],
    ['domComplete', 'domInteractive'],
    ['loadEventEnd', 'loadEventStart']
  ]
  let parameters = ''
  for (const [at, [end, start]] of spans.entries()) {
    const span = marks[end]! - marks[start]!
    if (marks[end] && marks[start]) {
      if (span < 0) {
        return ''
      }
      parameters += '&' + names[at] + '=' + Math.round(span)
    }
  }
  return parameters
}
