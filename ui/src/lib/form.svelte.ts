import { ApiError } from '../api/client';
import { say } from './toast.svelte';

/** A form being sent: whether it is, what the server said about its fields, and about the whole. */
export class Sending {
  busy = $state(false);
  error = $state<string>();
  hint = $state<string>();
  fields = $state<Record<string, string>>({});

  /** Runs it; true when the server agreed. What it objects to is kept for the form to show. */
  async run(work: () => Promise<unknown>, done?: string): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.error = this.hint = undefined;
    this.fields = {};
    try {
      await work();
      if (done) say(done);
      return true;
    } catch (reason) {
      const body = reason instanceof ApiError ? reason.body : { code: 'unexpected', message: String(reason) };
      this.fields = Object.fromEntries(Object.entries(body.fields ?? {}).map(([k, v]) => [k, sentence(v)]));
      this.error = sentence(body.message);
      this.hint = body.hint;
      return false;
    } finally {
      this.busy = false;
    }
  }
}

/** The server's words as a sentence on a page. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?…]$/.test(text) ? '' : '.');
