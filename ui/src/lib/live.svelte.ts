import { apiUrl } from '../api/client';
import type { LivePulse } from '../api/types';

/**
 * The pulse of one site, pushed by the server. The browser reconnects by itself; while it cannot, `on` is false. A hidden tab
 * listens to nothing: browsers hold only a handful of connections to one host, and other tabs need them.
 */
export class LiveStream {
  visitors = $state<number | null>(null);
  lastHitAt = $state<string | null>(null);
  on = $state(false);
  #source: EventSource | undefined;

  #site = 0;
  #watch = () => (document.hidden ? this.#hush() : this.#listen());

  open(siteId: number) {
    this.close();
    if (typeof EventSource === 'undefined') return;
    this.#site = siteId;
    document.addEventListener('visibilitychange', this.#watch);
    if (!document.hidden) this.#listen();
  }

  close() {
    document.removeEventListener('visibilitychange', this.#watch);
    this.#hush();
    this.visitors = null;
    this.lastHitAt = null;
  }

  #listen() {
    if (this.#source) return;
    const source = new EventSource(apiUrl('/sites/{site_id}/live/stream', { site_id: this.#site }));
    source.addEventListener('pulse', (event) => {
      const pulse = JSON.parse((event as MessageEvent<string>).data) as LivePulse;
      this.visitors = pulse.visitors;
      this.lastHitAt = pulse.last_hit_at;
      this.on = true;
    });
    source.onerror = () => (this.on = false);
    this.#source = source;
  }

  #hush() {
    this.#source?.close();
    this.#source = undefined;
    this.on = false;
  }
}
