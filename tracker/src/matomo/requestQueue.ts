import { isUnloading, plugins } from './page'
import type { Sender } from './sender'

/** Collects requests for a moment and sends them together; at once when the page goes away. */
export function makeRequestQueue(sender: Sender, name: string) {
  const queue = {
    enabled: true,
    requests: [] as string[],
    timeout: null as ReturnType<typeof setTimeout> | null,
    /** Milliseconds of quiet before the collected requests leave. */
    interval: 2500,

    sendRequests(): void {
      const { requests } = queue
      queue.requests = []
      if (requests.length === 1) {
        sender._send(requests[0])
      } else {
        sender._sendBulk(requests)
      }
    },
    canQueue: (): boolean => !isUnloading && queue.enabled,
    pushMultiple(requests: string[]): void {
      if (queue.canQueue()) {
        requests.forEach(queue.push)
      } else {
        sender._sendBulk(requests)
      }
    },
    push(request: string | undefined): void {
      if (!request) {
        return
      }
      if (!queue.canQueue()) {
        sender._send(request)
        return
      }
      queue.requests.push(request)
      clearTimeout(queue.timeout!)
      queue.timeout = setTimeout(() => {
        queue.timeout = null
        queue.sendRequests()
      }, queue.interval)
      plugins[name] = plugins[name] || {
        unload() {
          clearTimeout(queue.timeout!)
          queue.sendRequests()
        }
      }
    }
  }
  return queue
}

export type RequestQueue = ReturnType<typeof makeRequestQueue>

export function queueMethods(queue: RequestQueue) {
  return {
    getRequestQueue: () => queue,
    disableQueueRequest() {
      queue.enabled = false
    },
    setRequestQueueInterval(interval: number) {
      if (interval < 1000) {
        throw new Error('interval is below 1000')
      }
      queue.interval = interval
    }
  }
}
