// Page views without being asked: when the page is shown, and when it moves to another address by itself.

import { config } from './config'
import { track } from './track'

/*!if !manual*/
var lastPath: string

export function watchPages(): void {
  /*!if web*/
  if (config.autoCapturePageviews == false) {
    return
  }
  /*!end*/
  /*!if hash*/
  addEventListener('hashchange', showPage)
  /*!else*/
  var onMove = (): unknown => lastPath != location.pathname && showPage()
  /*!if web*/
  if (config.hashBasedRouting) {
    onMove = () => 0
    addEventListener('hashchange', showPage)
  }
  /*!end*/
  var push = history.pushState
  history.pushState = function (this: History) {
    push.apply(this, arguments as never)
    onMove()
  }
  addEventListener('popstate', onMove)
  /*!end*/
  addEventListener('pageshow', event => event.persisted && showPage())
  addEventListener('visibilitychange', onVisible)
  onVisible()
}

function onVisible(): void {
  lastPath || (document.visibilityState == 'visible' && showPage())
}

function showPage(): void {
  lastPath = location.pathname
  track('pageview')
}
/*!end*/
