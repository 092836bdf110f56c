import { asParameters, encode } from './url'
import { isGiven } from './values'

/** Sku, name, category or categories, price, quantity. */
type Item = [string, unknown, unknown, unknown, unknown]
type Track = (request: string) => void

const isFilled = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== false && String(value).length > 0

/** The cart, the product on view, and what orders and cart updates send. */
export function makeEcommerce(track: Track) {
  let view: Record<string, unknown> = {}
  let items: Record<string, Item> = {}

  function amounts(names: string[], values: unknown[]): string {
    return names.map((name, at) => (isFilled(values[at]) ? '&' + name + '=' + encode(values[at] as string) : '')).join('')
  }

  function send(orderId: unknown, grandTotal: unknown, parts: unknown[]): void {
    const listed = Object.keys(items).map(sku => {
      const [id, name = '', category = '', price, quantity] = items[sku]
      return [id, name, category, isPriced(price) ? price : 0, isPriced(quantity) ? quantity : 1]
    })
    track(
      'idgoal=0' +
        (isFilled(orderId) ? '&ec_id=' + encode(orderId as string) : '') +
        '&revenue=' +
        grandTotal +
        amounts(['ec_st', 'ec_tx', 'ec_sh', 'ec_dt'], parts) +
        '&ec_items=' +
        encode(JSON.stringify(listed))
    )
    if (isFilled(orderId)) {
      items = {}
    }
  }

  return {
    /** The product or category on view. */
    _viewParameters: (): string => asParameters(view),
    _methods: {
      setEcommerceView(sku?: unknown, name?: unknown, category?: unknown, price?: unknown) {
        view = {
          _pkc: Array.isArray(category) ? JSON.stringify(category) : isGiven(category) ? String(category) : ''
        }
        if (isFilled(price)) {
          view._pkp = price
        }
        if (isGiven(sku)) {
          view._pks = sku
        }
        if (isGiven(sku) || isGiven(name)) {
          view._pkn = isGiven(name) ? name : ''
        }
      },
      getEcommerceItems: () => JSON.parse(JSON.stringify(items)),
      addEcommerceItem(sku: unknown, name?: unknown, category?: unknown, price?: unknown, quantity?: unknown) {
        if (isGiven(sku)) {
          items[String(sku)] = [String(sku), name, category, price, quantity]
        }
      },
      removeEcommerceItem(sku: unknown) {
        delete items[String(sku)]
      },
      clearEcommerceCart() {
        items = {}
      },
      trackEcommerceOrder(orderId: unknown, grandTotal?: unknown, ...parts: unknown[]) {
        if (isFilled(orderId) && grandTotal !== undefined) {
          send(orderId, grandTotal, parts)
        }
      },
      trackEcommerceCartUpdate(grandTotal?: unknown) {
        if (grandTotal !== undefined) {
          send('', grandTotal, [])
        }
      }
    }
  }
}

const isPriced = (value: unknown): boolean => value !== undefined && String(value).length > 0

export type Ecommerce = ReturnType<typeof makeEcommerce>
