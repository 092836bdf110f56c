import { apiUrl } from '../api/client';
import type { LivePulse } from '../api/types';

/** The pulse of one site, pushed by the server. The browser reconnects by itself; while it cannot, `on` is false. */
export class LiveStream {
  visitors = $state<number | null>(null);
  lastHitAt = $state<string | null>(null);
  on = $state(false);
  #source: EventSource | undefined;

  open(siteId: number) {
    this.close();
    if (typeof EventSource === 'undefined') return;
    const source = new EventSource(apiUrl('/sites/{site_id}/live/stream', { site_id: siteId }));
    source.addEventListener('pulse', (event) => {
      const pulse = JSON.parse((event as MessageEvent<string>).data) as LivePulse;
      this.visitors = pulse.visitors;
      this.lastHitAt = pulse.last_hit_at;
      this.on = true;
    });
    source.onerror = () => (this.on = false);
    this.#source = source;
  }

  close() {
    this.#source?.close();
    this.#source = undefined;
    this.on = false;
    this.visitors = null;
    this.lastHitAt = null;
  }
}
