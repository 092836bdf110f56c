import { encode } from './url'
import { isDefined, isObject } from './values'
import type { Cookies } from './cookies'
import type { Settings } from './settings'

type Variables = Record<string, [string, string]>
type Scope = 'visit' | 'page' | 'event'

const longest = 200

/** Custom variables of visit, page and event scope. Those of the visit are read from their cookie when first needed. */
export function makeCustomVariables(settings: Settings, cookies: Cookies) {
  const sets: { visit?: Variables; page: Variables; event: Variables } = { page: {}, event: {} }
  let persistent = false

  function fromCookie(): Variables {
    try {
      const known = JSON.parse(cookies._read(cookies._nameOf('cvar')) || '{}')
      return isObject(known) && known ? (known as Variables) : {}
    } catch {
      return {}
    }
  }

  /** Scopes also go by number, as other vendors count them. */
  const scopeOf = (given: unknown = 'visit'): Scope =>
    given === 2 ? 'visit' : given === 3 ? 'page' : (given as Scope)

  /** The variables of a scope; of a scope that does not exist, none that will be kept. */
  function setOf(given: unknown): Variables {
    const scope = scopeOf(given)
    if (scope === 'visit' && !sets.visit) {
      sets.visit = fromCookie()
    }
    return sets[scope] || {}
  }

  const asParameter = (name: string, variables: Variables): string => {
    const text = JSON.stringify(variables)
    return text.length > 2 ? '&' + name + '=' + encode(text) : ''
  }

  const methods = {
    setCustomVariable(index: number, name?: unknown, value: unknown = '', scope?: unknown) {
      if (isDefined(name) && index > 0) {
        setOf(scope)[index] = [String(name).slice(0, longest), String(value).slice(0, longest)]
      }
    },
    getCustomVariable(index: number, scope?: unknown) {
      const variable = setOf(scope)[index]
      return variable && variable[0] !== '' ? variable : false
    },
    deleteCustomVariable(index: number, scope?: unknown) {
      if (methods.getCustomVariable(index, scope)) {
        methods.setCustomVariable(index, '', '', scope)
      }
    },
    deleteCustomVariables(scope?: unknown) {
      if (scope) {
        sets[scopeOf(scope)] = {}
      }
    },
    storeCustomVariablesInCookie() {
      persistent = true
    }
  }

  return {
    _methods: methods,
    /** The parameters of all three scopes. Deleted variables of the visit are sent once, empty, and then forgotten. */
    _asParameters(): string {
      let parameters = asParameter('cvar', sets.page) + asParameter('e_cvar', sets.event)
      const { visit } = sets
      if (visit) {
        parameters += asParameter('_cvar', visit)
        for (const index of Object.keys(visit)) {
          if (visit[index][0] === '' || visit[index][1] === '') {
            delete visit[index]
          }
        }
        if (persistent) {
          cookies._write(cookies._nameOf('cvar'), JSON.stringify(visit), settings._sessionTimeout)
        }
      }
      return parameters
    },
    /** Reads the cookie anew: its name has changed. */
    _reload(): void {
      if (sets.visit) {
        sets.visit = fromCookie()
      }
    }
  }
}

export type CustomVariables = ReturnType<typeof makeCustomVariables>
