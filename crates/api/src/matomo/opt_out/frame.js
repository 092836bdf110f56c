;(function () {
  'use strict'

  var box = document.getElementById('trackVisits')
  var form = box.form
  var isHeard = false

  function show() {
    ;['textOptOut', 'labelOptOut'].forEach(function (id) {
      var part = document.getElementById(id)
      if (part) part.hidden = !box.checked
    })
    ;['textOptIn', 'labelOptIn'].forEach(function (id) {
      var part = document.getElementById(id)
      if (part) part.hidden = box.checked
    })
  }

  function tell(state) {
    if (window.parent !== window) window.parent.postMessage(JSON.stringify(state), '*')
  }

  // The tracker of the page around this frame keeps the choice in the website's own cookies.
  window.addEventListener('message', function (event) {
    var told
    try {
      told = JSON.parse(event.data)
    } catch (_) {
      return
    }
    if (!told || typeof told.maq_url !== 'string' || new URL(told.maq_url, location.href).host !== location.host) return
    isHeard = true
    var state = told.maq_confirm_opted_in === undefined ? told.maq_opted_in : told.maq_confirm_opted_in
    if (state === undefined) return
    box.checked = !!state
    show()
  })

  // Without such a tracker it is kept in a cookie of this server, which a window of its own may set.
  box.onclick = function () {
    show()
    isHeard ? tell({ maq_opted_in: box.checked }) : form.submit()
  }

  document.getElementById('notSecure').hidden = location.protocol === 'https:'
  document.getElementById('noCookies').hidden = navigator.cookieEnabled
  show()
  tell({ maq_initial_value: box.checked })
})()
