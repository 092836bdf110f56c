;(function (settings) {
  'use strict'

  var words = settings.words
  var THIRTY_YEARS = 946080000000
  var tries = (Number(settings.useCookiesTimeout) || 0) * 4

  // The visitor's choice in the website's own cookies, as matomo.js reads it.
  var consent = {
    CONSENT_COOKIE_NAME: 'mtm_consent',
    CONSENT_REMOVED_COOKIE_NAME: 'mtm_consent_removed',
    getCookie: function (name) {
      var found = document.cookie.split(/; */).filter(function (pair) {
        return pair.indexOf(name + '=') === 0
      })[0]
      return found ? decodeURIComponent(found.slice(name.length + 1)) : 0
    },
    setCookie: function (name, value, lifetime) {
      var parts = [name + '=' + encodeURIComponent(value), 'expires=' + new Date(Date.now() + lifetime).toUTCString()]
      parts.push('path=' + (settings.cookiePath || '/'), 'SameSite=' + (settings.cookieSameSite || 'Lax'))
      if (settings.cookieDomain) parts.push('domain=' + settings.cookieDomain)
      if (settings.useSecureCookies && location.protocol === 'https:') parts.push('secure')
      document.cookie = parts.join(';')
    },
    hasConsent: function () {
      return !consent.getCookie(consent.CONSENT_REMOVED_COOKIE_NAME)
    },
    consentGiven: function () {
      consent.setCookie(consent.CONSENT_REMOVED_COOKIE_NAME, '', -THIRTY_YEARS)
      consent.setCookie(consent.CONSENT_COOKIE_NAME, Date.now(), THIRTY_YEARS)
    },
    consentRevoked: function () {
      consent.setCookie(consent.CONSENT_COOKIE_NAME, '', -THIRTY_YEARS)
      consent.setCookie(consent.CONSENT_REMOVED_COOKIE_NAME, Date.now(), THIRTY_YEARS)
    },
  }
  window.MatomoConsent = consent

  var byCookies = {
    ask: function (answer) {
      answer(consent.hasConsent())
    },
    choose: function (isIn) {
      isIn ? consent.consentGiven() : consent.consentRevoked()
    },
  }
  var byTracker = {
    ask: function (answer) {
      if (settings.cookieDomain) window._paq.push(['setCookieDomain', settings.cookieDomain])
      if (settings.cookiePath) window._paq.push(['setCookiePath', settings.cookiePath])
      window._paq.push([
        function () {
          answer(!this.isUserOptedOut())
        },
      ])
    },
    choose: function (isIn) {
      window._paq.push([isIn ? 'forgetUserOptOut' : 'optUserOut'])
    },
  }

  function part(tag, text, parent) {
    var made = document.createElement(tag)
    if (text) made.textContent = text
    if (parent) parent.appendChild(made)
    return made
  }

  function warning(text, parent) {
    part('p', text, parent).style.cssText = 'color: red; font-weight: bold;'
  }

  function show(place, by, isIn) {
    place.textContent = ''
    if (location.protocol !== 'https:') warning(words.notSecure, place)
    if (settings.showIntro) part('p', isIn ? words.mayOptOut : words.optedOut, place)
    var box = part('input', '', place)
    box.type = 'checkbox'
    box.id = 'trackVisits'
    box.checked = isIn
    box.onclick = function () {
      by.choose(!isIn)
      show(place, by, !isIn)
    }
    var label = part('label', '', place)
    label.htmlFor = box.id
    part('strong', isIn ? words.uncheck : words.check, label)
  }

  function begin() {
    var place = document.getElementById(settings.divId)
    if (!place) {
      place = document.createElement('div')
      document.body.insertBefore(place, document.body.firstChild)
      return warning('Unable to find opt-out content div: "' + settings.divId + '"', place)
    }
    if (settings.style) place.style.cssText += settings.style
    if (!navigator.cookieEnabled) return warning(words.noCookies, place)
    var ask = function (by) {
      by.ask(function (isIn) {
        show(place, by, isIn)
      })
    }
    var look = function () {
      if (settings.alone) return ask(byCookies)
      if (window._paq) return ask(byTracker)
      if (tries-- > 0) return void setTimeout(look, 250)
      settings.useCookiesIfNoTracker ? ask(byCookies) : warning(words.noTracker, place)
    }
    look()
  }

  if (document.readyState === 'loading' && !document.getElementById(settings.divId)) {
    document.addEventListener('DOMContentLoaded', begin)
  } else {
    begin()
  }
})(
