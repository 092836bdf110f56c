import { expect, inject, it } from 'vitest'
import { openPage } from './page'

function openHost() {
  const page = openPage({
    html: '<iframe plausible-embed src="https://stats.example/share/a"></iframe><iframe src="https://stats.example/b"></iframe>'
  })
  const frames = [...page.document.querySelectorAll('iframe')]
  const asked: unknown[] = []
  frames[0].contentWindow!.postMessage = ((message: unknown, origin: string) => asked.push([message, origin])) as never
  page.run(inject('scripts').embedHost)
  const say = (frame: number, origin: string, data: unknown) => {
    const source = frames[frame].contentWindow
    page.window.dispatchEvent(new page.window.MessageEvent('message', { source: source as never, origin, data }))
    return frames.map(one => one.style.height)
  }
  return { asked, say }
}

it('asks the dashboard for its height and gives the frame what it says', () => {
  const { asked, say } = openHost()
  expect(asked).toEqual([[{ type: 'footfall:resize' }, 'https://stats.example']])
  expect(say(0, 'https://stats.example', { type: 'footfall:height', height: 1234.2 })).toEqual(['1235px', ''])
})

it.each([
  [0, 'https://evil.example', { type: 'footfall:height', height: 10 }],
  [1, 'https://stats.example', { type: 'footfall:height', height: 10 }],
  [0, 'https://stats.example', { type: 'footfall:height', height: -1 }],
  [0, 'https://stats.example', { type: 'footfall:height', height: 1e9 }],
  [0, 'https://stats.example', { type: 'footfall:height', height: '10px;position:fixed' }],
  [0, 'https://stats.example', { type: 'other', height: 10 }],
  [0, 'https://stats.example', null]
])('does not listen to frame %i at %s saying %j', (frame, origin, data) => {
  expect(openHost().say(frame, origin, data)).toEqual(['', ''])
})
