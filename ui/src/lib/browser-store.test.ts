import { afterEach, describe, expect, it, vi } from 'vitest';
import { keep, kept } from './browser-store';

afterEach(() => vi.restoreAllMocks());

describe('what the browser keeps', () => {
  it('is told again', () => {
    expect(keep('a', '1')).toBe(true);
    expect(kept('a')).toBe('1');
    expect(keep('a', '2', 'sessionStorage')).toBe(true);
    expect([kept('a'), kept('a', 'sessionStorage'), kept('b')]).toEqual(['1', '2', null]);
  });

  it('is nothing where the store is denied', () => {
    vi.spyOn(window, 'localStorage', 'get').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    expect(kept('a')).toBeNull();
    expect(keep('a', '1')).toBe(false);
  });
});
