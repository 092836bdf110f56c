// Questions about values that pages hand in. Pages are not type-checked, so every setter asks before it believes.

export const isDefined = (value: unknown): boolean => value !== undefined

export const isFunction = (value: unknown): value is (...given: unknown[]) => unknown => typeof value === 'function'

/** Says yes to `null` and to boxed strings as well, as callers of the dialect expect. */
export const isObject = (value: unknown): value is object => typeof value === 'object'

export const isString = (value: unknown): value is string => typeof value === 'string' || value instanceof String

/** A number, or a string that is not empty: what counts as a given id, name or category. */
export function isGiven(value: unknown): boolean {
  return typeof value === 'number' || value instanceof Number || (isString(value) && value.length > 0)
}

/** Trims strings and leaves everything else alone. */
export function trim<T>(value: T): T {
  return typeof value === 'string' ? (value.trim() as T & string) : value
}

/** One name or a list of names, always as a list. */
export const listOf = <T>(given: T | T[]): T[] => (isString(given) ? [given] : given) as T[]

/** The page's clock in milliseconds. */
export const now = (): number => new Date().getTime()

/** The page's clock in whole seconds, as cookies keep it. */
export const nowSeconds = (): number => Math.round(now() / 1000)

/** Tells the page's developer about a mistake without breaking the page, whatever it has done to its console. */
export function report(...message: unknown[]): void {
  if (console.error) {
    console.error(...message)
  }
}
