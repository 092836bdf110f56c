import { expect, it } from 'vitest'
import { openTracked } from './open'

/** Every method that pages and plugins may call on a tracker. */
const names = `
  addDownloadExtensions addEcommerceItem addListener addPlugin addTracker alwaysUseSendBeacon appendToTrackingUrl
  areCookiesEnabled clearEcommerceCart clearEnableTrackOnlyVisibleContent clearTrackedContentImpressions deleteCookies
  deleteCustomDimension deleteCustomVariable deleteCustomVariables disableAlwaysUseSendBeacon
  disableBrowserFeatureDetection disableCampaignParameters disableCookies disableCrossDomainLinking
  disableHeartBeatTimer disableLinkTracking disablePerformanceTracking disableQueueRequest discardHashTag
  enableBrowserFeatureDetection enableCrossDomainLinking enableFileTracking enableHeartBeatTimer enableJSErrorTracking
  enableLinkTracking enableTrackOnlyVisibleContent forgetConsentGiven forgetCookieConsentGiven forgetUserOptOut
  getAttributionCampaignKeyword getAttributionCampaignName getAttributionInfo getAttributionReferrerTimestamp
  getAttributionReferrerUrl getConfigCookieSameSite getConfigDownloadExtensions getConfigIdPageView
  getConfigVisitorCookieTimeout getConsentRequestsQueue getContent getCookie getCookieDomain getCookiePath
  getCrossDomainLinkingUrlParameter getCurrentUrl getCustomData getCustomDimension getCustomPagePerformanceTiming
  getCustomVariable getDomains getEcommerceItems getExcludedReferrers getHook getJavascriptErrors getLinkTrackingTimer
  getMatomoUrl getNumTrackedPageViews getPageViewId getPiwikUrl getQuery getRememberedConsent getRememberedCookieConsent
  getRequest getRequestQueue getSessionCookieTimeout getSiteId getTrackedContentImpressions getTrackerUrl getUserId
  getVisitorId getVisitorInfo hasConsent hasCookies hasRememberedConsent isConsentRequired isCrossDomainLinkingEnabled
  isUserOptedOut isUsingAlwaysUseSendBeacon killFrame logAllContentBlocksOnPage optUserOut ping queueRequest
  redirectFile rememberConsentGiven rememberCookieConsentGiven removeAllAsyncTrackersButFirst removeDownloadExtensions
  removeEcommerceItem requireConsent requireCookieConsent resetUserId setAPIUrl setCampaignKeywordKey
  setCampaignNameKey setConsentGiven setConversionAttributionFirstReferrer setCookieConsentGiven setCookieDomain
  setCookieNamePrefix setCookiePath setCookieSameSite setCountPreRendered setCrossDomainLinkingTimeout setCustomData
  setCustomDimension setCustomRequestProcessing setCustomUrl setCustomVariable setDoNotTrack setDocumentTitle setDomains
  setDownloadClasses setDownloadExtensions setEcommerceView setExcludedQueryParams setExcludedReferrers
  setGenerationTimeMs setIgnoreClasses setLinkClasses setLinkTrackingTimer setPagePerformanceTiming setPageViewId
  setReferralCookieTimeout setReferrerUrl setRequestContentType setRequestMethod setRequestQueueInterval setSecureCookie
  setSessionCookie setSessionCookieTimeout setSiteId setTrackerUrl setUserId setVisitorCookieTimeout setVisitorId
  storeCustomVariablesInCookie trackAllContentImpressions trackContentImpression trackContentImpressionsWithinNode
  trackContentInteraction trackContentInteractionNode trackEcommerceCartUpdate trackEcommerceOrder trackEvent trackGoal
  trackLink trackPageView trackRequest trackSiteSearch trackVisibleContentImpressions unsetPageIsUnloading
`
  .trim()
  .split(/\s+/)

it('has every method of the dialect', () => {
  const tracker = openTracked().tracker()
  expect(names.filter(name => typeof tracker[name] !== 'function')).toEqual([])
})

it('has every method of the page object, under all its names', () => {
  const { window } = openTracked()
  const methods =
    'addPlugin addTracker getAsyncTracker getAsyncTrackers getTracker off on retryMissedPluginCalls trigger'.split(' ')
  expect(methods.filter(name => typeof window.Matomo[name] !== 'function')).toEqual([])
  expect([window.Piwik === window.Matomo, window.AnalyticsTracker === window.Matomo]).toEqual([true, true])
  expect(window.Matomo.initialized).toBe(true)
})
