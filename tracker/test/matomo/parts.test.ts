// Parts that need no page.

import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isBelowPath, isSameHost } from '../../src/matomo/hosts'
import { chunked } from '../../src/matomo/sender'
import { sha1 } from '../../src/matomo/sha1'
import { timingParameters } from '../../src/matomo/timing'
import { decode, hostOf, parameterOf, plainDomain, undoProxy, withoutParameter, withParameter } from '../../src/matomo/url'

it('digests texts of every length as SHA-1', () => {
  for (let length = 0; length < 200; length++) {
    const text = 'aé中😀'.repeat(50).slice(0, length * 2).replace(/[\ud800-\udbff]$/, '')
    expect(sha1(text)).toBe(createHash('sha1').update(text).digest('hex'))
  }
})

it.each([
  ['http://example.org', 'example.org'],
  ['https://jo:secret@example.org:8080/a@b', 'example.org'],
  ['https://example.org/@jo', 'example.org'],
  ['https://example.org?a=b', 'example.org'],
  ['example.org/a', 'example.org/a']
])('reads the host of %s', (url, expected) => {
  expect(hostOf(url)).toBe(expected)
})

it.each([
  ['https://e.org/?a=1&b=2#c=3', 'b', '2'],
  ['https://e.org/?a=1#c=%20x', 'c', ' x'],
  ['https://e.org/?ab=1', 'b', ''],
  ['https://e.org/?a=%F6', 'a', 'ö']
])('reads from %s the parameter %s', (url, name, expected) => {
  expect(parameterOf(url, name)).toBe(expected)
})

it.each([
  ['https://e.org/?a=1&b=2&a=3#x', 'a', 'https://e.org/?b=2#x'],
  ['https://e.org/?a=1', 'a', 'https://e.org/'],
  ['https://e.org/#a=1', 'a', 'https://e.org/'],
  ['https://e.org/#?a=1&b=2', 'a', 'https://e.org/#?b=2'],
  ['https://e.org/?ba=1#top', 'a', 'https://e.org/?ba=1#top']
])('removes from %s the parameter %s', (url, name, expected) => {
  expect(withoutParameter(url, name)).toBe(expected)
})

it.each([
  ['https://e.org/', 'https://e.org/?a=1%262'],
  ['https://e.org/?', 'https://e.org/?a=1%262'],
  ['https://e.org/?b#c', 'https://e.org/?b&a=1%262#c']
])('adds to %s a parameter', (url, expected) => {
  expect(withParameter(url, 'a', '1&2')).toBe(expected)
})

it('decodes what is no UTF-8 byte by byte', () => {
  expect([decode('%C3%B6'), decode('%F6'), decode('100%')]).toEqual(['ö', 'ö', '100%'])
})

it.each([
  ['example.org.', 'example.org'],
  ['*.example.org/a', '.example.org'],
  ['example.org/a*', 'example.org']
])('takes %s for the domain %s', (given, expected) => {
  expect(plainDomain(given)).toBe(expected)
})

it('finds the page behind a translation', () => {
  const href = 'https://translate.googleusercontent.com/translate_c?u=http://example.org/a'
  expect(undoProxy('translate.googleusercontent.com', href, '', () => '')).toEqual(['example.org', 'http://example.org/a', href])
})

describe('hosts and paths of a site', () => {
  it.each([
    ['example.org', 'EXAMPLE.org', true],
    ['a.example.org', '.example.org', true],
    ['example.org', '.example.org', true],
    ['badexample.org', '.example.org', false],
    ['a.example.org', 'example.org', false]
  ])('%s is of %s: %s', (host, alias, expected) => {
    expect(isSameHost(host, alias)).toBe(expected)
  })

  it.each([
    ['/shop', '/shop', true],
    ['/Shop/a', 'shop/', true],
    ['/shopping', '/shop', false],
    ['/shopping', '/shop*', true],
    ['/anything', '/', true],
    ['/anything', '/*', true]
  ])('%s is below %s: %s', (path, alias, expected) => {
    expect(isBelowPath(path, alias)).toBe(expected)
  })
})

it('cuts lists into chunks', () => {
  expect([chunked([1, 2, 3], 2), chunked([1, 2], 2), chunked([1])]).toEqual([[[1, 2], [3]], [[1, 2]], [[1]]])
})

describe('the time a page took', () => {
  const marks = {
    fetchStart: 100,
    connectEnd: 110.6,
    requestStart: 120,
    responseStart: 150,
    responseEnd: 160,
    domInteractive: 300,
    domComplete: 400,
    loadEventStart: 401,
    loadEventEnd: 405
  }

  it('is told in six spans', () => {
    expect(timingParameters(marks)).toBe('&pf_net=11&pf_srv=30&pf_tfr=10&pf_dm1=140&pf_dm2=100&pf_onl=4')
    expect(timingParameters({ ...marks, domLoading: 200 })).toContain('&pf_dm1=100&')
  })

  it('leaves out what has not happened yet, and everything if a span is below zero', () => {
    expect(timingParameters({ ...marks, domComplete: 0, loadEventEnd: 0 })).toBe(
      '&pf_net=11&pf_srv=30&pf_tfr=10&pf_dm1=140'
    )
    expect(timingParameters({ ...marks, responseEnd: 1 })).toBe('')
  })
})
