import { asParameters, encode } from './url'
import type { Settings } from './settings'

interface UserAgentData {
  brands: unknown
  platform: string
  getHighEntropyValues(hints: string[]): Promise<Record<string, unknown>>
}

const hintNames = ['brands', 'model', 'platform', 'platformVersion', 'uaFullVersion', 'fullVersionList', 'formFactors']

const pluginTypes: [string, string][] = [
  ['pdf', 'application/pdf'],
  ['qt', 'video/quicktime'],
  ['realp', 'audio/x-pn-realaudio-plugin'],
  ['wma', 'application/x-mplayer2'],
  ['fla', 'application/x-shockwave-flash'],
  ['java', 'application/x-java-vm'],
  ['ag', 'application/x-silverlight']
]

/**
 * What is sent about the browser: plug-ins, cookies, resolution and client hints. Hints arrive later, so requests
 * wait for them; `onHints` is called once they are there or will never come.
 */
export function makeFeatures(settings: Settings, onHints: () => void) {
  let found: Record<string, string> = {}
  let hints: object = {}
  let resolved = false
  let resolving = false

  const agentData = (): UserAgentData | undefined => {
    const data = (navigator as unknown as { userAgentData?: UserAgentData }).userAgentData
    return data && typeof data.getHighEntropyValues === 'function' ? data : undefined
  }

  function askForHints(data: UserAgentData): void {
    if (resolved || resolving) {
      return
    }
    resolving = true
    hints = { brands: data.brands, platform: data.platform }
    const settle = () => {
      resolved = true
      resolving = false
      onHints()
    }
    data.getHighEntropyValues(hintNames).then(values => {
      if (values.fullVersionList) {
        delete values.brands
        delete values.uaFullVersion
      }
      hints = values
      settle()
    }, settle)
  }

  /** Finds out what is not known yet. */
  function detect(): Record<string, string> {
    if (!settings._detectFeatures) {
      return {}
    }
    const data = agentData()
    if (data) {
      askForHints(data)
    }
    if (found.res === undefined) {
      const types = navigator.mimeTypes
      if (types && types.length) {
        for (const [name, type] of pluginTypes) {
          const known = types.namedItem(type)
          found[name] = known && known.enabledPlugin ? '1' : '0'
        }
      }
      found.cookie = navigator.cookieEnabled ? '1' : '0'
      found.res = Math.floor(screen.width) + 'x' + Math.floor(screen.height)
    }
    return found
  }

  return {
    _detect: detect,
    /** Whether requests must wait for client hints. */
    _isWaiting: (): boolean => settings._detectFeatures && !resolved && !!agentData(),
    /** Stops waiting: the page is going away. */
    _giveUp(): void {
      if (agentData() && !resolved) {
        resolved = true
        onHints()
      }
    },
    _disable(): void {
      settings._detectFeatures = false
      found = {}
      if (agentData()) {
        onHints()
      }
    },
    _enable(): void {
      settings._detectFeatures = true
      detect()
    },
    /** The parameters every request carries. */
    _asParameters(): string {
      return (
        '&uadata=' +
        encode(JSON.stringify(hints)) +
        asParameters(found)
      )
    }
  }
}

export type Features = ReturnType<typeof makeFeatures>
