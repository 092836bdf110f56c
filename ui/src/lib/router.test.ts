import { afterEach, describe, expect, it } from 'vitest';
import { basePath } from './base';
import { go, href, match, place, startRouter } from './router.svelte';
import { apiUrl } from '../api/client';

function mountAt(base: string) {
  document.head.innerHTML = `<base href="${base}">`;
}

afterEach(() => {
  document.head.innerHTML = '';
  document.body.innerHTML = '';
});

describe('routes', () => {
  it('match by their parts', () => {
    expect(match('/sites/:id', '/sites/3')).toEqual({ id: '3' });
    expect(match('/sites/:id/:section', '/sites/3/visitors')).toEqual({ id: '3', section: 'visitors' });
    expect(match('/sites/:id', '/sites/3/visitors')).toBeNull();
    expect(match('/users/:login', '/users/a%2Fb')).toEqual({ login: 'a/b' });
    expect(match('/users/:login', '/users/%E0%A4%A')).toBeNull();
    expect(match('/', '/')).toEqual({});
  });

  it('live below the base, whatever it is', () => {
    mountAt('/stats/');
    expect(basePath()).toBe('/stats/');
    expect(href('/sites/3')).toBe('/stats/sites/3');
    expect(apiUrl('/sites/{site_id}/goals', { site_id: 3 }, { search: 'a b', limit: undefined })).toBe('/stats/api/v1/sites/3/goals?search=a+b');
    go('/sites/3?period=day');
    expect(location.pathname).toBe('/stats/sites/3');
    expect(place).toMatchObject({ path: '/sites/3', search: '?period=day' });
  });

  it('take plain clicks on links of ours and leave all others', () => {
    mountAt('/');
    startRouter();
    const click = (html: string, init: MouseEventInit = {}) => {
      document.body.innerHTML = html;
      const event = new MouseEvent('click', { bubbles: true, cancelable: true, ...init });
      document.body.querySelector('a')!.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(click('<a href="/sites/7">x</a>')).toBe(true);
    expect(place.path).toBe('/sites/7');
    document.addEventListener('click', (event) => event.preventDefault());
    go('/');
    click('<a href="/sites/8">x</a>', { ctrlKey: true });
    click('<a href="/sites/8" target="_blank">x</a>');
    click('<a href="https://example.com/">x</a>');
    click('<a href="/api/v1/openapi.json">x</a>');
    expect(place.path).toBe('/');
  });
});
