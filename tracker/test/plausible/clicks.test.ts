import { describe, expect, it } from 'vitest'
import { openScripted } from './open'

const all = ['outbound-links', 'file-downloads', 'tagged-events', 'revenue', 'manual']

function clicked(html: string, { extensions = all, selector = '#x', tag = {}, type = 'click', button = 0 } = {}) {
  const page = openScripted(extensions, { html, tag })
  page.document.addEventListener('click', event => event.preventDefault(), true)
  page.click(selector, { type, button })
  return page.events().map(({ n, p, $ }) => ($ ? [n, p, $] : [n, p]))
}

describe('links', () => {
  it.each([
    ['<a id="x" href="https://other.example/a?b=1">x</a>', [['Outbound Link: Click', { url: 'https://other.example/a?b=1' }]]],
    ['<a href="https://other.example/"><b id="x">x</b></a>', [['Outbound Link: Click', { url: 'https://other.example/' }]]],
    ['<a id="x" href="https://other.example/a.pdf">x</a>', [['Outbound Link: Click', { url: 'https://other.example/a.pdf' }]]],
    ['<a id="x" href="/a.pdf?v=2">x</a>', [['File Download', { url: 'https://example.org/a.pdf' }]]],
    ['<a id="x" href="/a.zip.txt">x</a>', [['File Download', { url: 'https://example.org/a.zip.txt' }]]],
    ['<a id="x" href="/pdf">x</a>', []],
    ['<a id="x" href="/inside">x</a>', []],
    ['<a id="x" href="mailto:a@b.example">x</a>', []],
    ['<a id="x">x</a>', []],
    ['<svg><a id="x" href="https://other.example/"><text>x</text></a></svg>', []]
  ])('%s', (html, expected) => {
    expect(clicked(html)).toEqual(expected)
  })

  it('are told by the extensions the script has', () => {
    const both = '<a id="x" href="https://other.example/a.pdf">x</a>'
    expect(clicked(both, { extensions: ['manual', 'file-downloads'] })).toEqual([
      ['File Download', { url: 'https://other.example/a.pdf' }]
    ])
    expect(clicked(both, { extensions: ['manual'] })).toEqual([])
  })

  it('count when opened by the middle button, not by the right one', () => {
    const link = '<a id="x" href="https://other.example/">x</a>'
    expect(clicked(link, { type: 'auxclick', button: 1 })).toHaveLength(1)
    expect(clicked(link, { type: 'auxclick', button: 2 })).toHaveLength(0)
  })

  it.each([
    [{ 'file-types': 'abc,def' }, 'a.abc', 1],
    [{ 'file-types': 'abc,def' }, 'a.pdf', 0],
    [{ 'add-file-types': 'abc' }, 'a.abc', 1],
    [{ 'add-file-types': 'abc' }, 'a.pdf', 1]
  ])('with %j, %s is a download: %i', (tag, file, expected) => {
    expect(clicked(`<a id="x" href="/${file}">x</a>`, { tag })).toHaveLength(expected)
  })
})

describe('tagged elements', () => {
  it.each([
    ['<button id="x" class="plausible-event-name=Sign+up">x</button>', [['Sign up', {}]]],
    ['<button id="x" class="big plausible-event-name--Signup  plausible-event-plan--Big+one">x</button>', [['Signup', { plan: 'Big one' }]]],
    ['<div class="plausible-event-name=Up"><p><b><i id="x">x</i></b></p></div>', [['Up', {}]]],
    ['<div class="plausible-event-name=Up"><p><b><i><u id="x">x</u></i></b></p></div>', []],
    ['<a class="plausible-event-name=Go" href="https://other.example/"><b id="x">x</b></a>', [['Go', { url: 'https://other.example/' }]]],
    ['<p class="plausible-event-name=Near"><a id="x" href="https://other.example/">x</a></p>', [['Near', { url: 'https://other.example/' }]]],
    [
      '<b id="x" class="plausible-event-name=Buy plausible-revenue-amount=9.5 plausible-revenue-currency--EUR">x</b>',
      [['Buy', {}, { amount: '9.5', currency: 'EUR' }]]
    ],
    ['<form class="plausible-event-name=Send"><b id="x">x</b></form>', []],
    ['<b id="x" class="plausible-event-name=">x</b>', []],
    ['<b id="x" class="plausible-event-plan=Big">x</b>', []]
  ])('%s', (html, expected) => {
    expect(clicked(html)).toEqual(expected)
  })

  it('stand for the submission of a form', () => {
    const page = openScripted(all, { html: '<form class="plausible-event-name=Send plausible-event-to=us"></form>' })
    const form = page.document.querySelector('form')!
    form.dispatchEvent(new page.window.Event('submit', { bubbles: true, cancelable: true }))
    expect(page.events().map(({ n, p }) => [n, p])).toEqual([['Send', { to: 'us' }]])
  })

  it('have no revenue without the extension', () => {
    const html = '<b id="x" class="plausible-event-name=Buy plausible-revenue-amount=9.5">x</b>'
    expect(clicked(html, { extensions: ['manual', 'tagged-events'] })).toEqual([['Buy', {}]])
  })
})
