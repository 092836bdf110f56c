// The script itself: starts what the variant has, carries out what the page asked for before, and takes over.

import { configure, page } from './config'
import { watchLinks } from './clicks'
import { watchPages } from './pageviews'
import { watchTags } from './tags'
import { track } from './track'
import type { Init, Plausible } from './types'

/*!if web*/
/** Starts once, with what the page asks for. */
var start = (wanted?: Init): void => {
  if (page.plausible!.l) {
    console.warn('plausible.init was called twice, the first call counts')
  } else {
    configure(wanted || {})
    watchPages()
    watchLinks()
    watchTags()
    var waiting = before.q || []
    waiting.forEach(call => track.apply(null, call as never))
    page.plausible = Object.assign(track, { init: start, v: VERSION, s: 'web', l: true })
  }
}
var before = (page.plausible = page.plausible || ({} as Plausible))
before.init = start
if (before.o) {
  start(before.o)
}
/*!else*/
/*!if !manual*/
watchPages()
/*!end*/
/*!if outbound-links|file-downloads*/
watchLinks()
/*!end*/
/*!if tagged-events*/
watchTags()
/*!end*/
var calls = (page.plausible && page.plausible.q) || []
calls.forEach(call => track.apply(null, call as never))
page.plausible = track
/*!end*/
