//! Sentences that explain metrics and reports. The words are ours; a server whose owner keeps Matomo's language files beside it
//! shows theirs, found by the keys those files have.

use std::{collections::HashMap, sync::Arc};

use super::language::{Dictionary, Language, Languages, Spoken};

/// Texts by their keys in Matomo's language files, such as `General_ColumnNbVisits`; none unless the server was given some.
#[derive(Clone, Debug, Default)]
pub struct Texts(HashMap<String, String>, Spoken);

impl Texts {
    /// Texts by key.
    pub fn new(texts: impl IntoIterator<Item = (String, String)>) -> Texts {
        Texts(texts.into_iter().collect(), Spoken::default())
    }

    /// The same with other languages beside the English.
    #[must_use]
    pub fn with_languages(self, languages: Arc<dyn Languages>) -> Texts {
        Texts(self.0, Spoken::of(languages))
    }

    /// The languages there are texts in; none where only English was given.
    pub(in crate::matomo) fn languages(&self) -> &[Language] {
        self.1.from.as_ref().map_or(&[], |from| from.all())
    }

    /// The texts in a language by their keys, in order.
    pub(in crate::matomo) fn texts_of(&self, code: &str) -> Vec<(String, String)> {
        let mut texts: Vec<(String, String)> = match &self.1.from {
            Some(from) if code != "en" => from.texts(code),
            _ => self.0.iter().map(|(key, text)| (key.clone(), text.clone())).collect(),
        };
        texts.sort();
        texts
    }

    /// How many of the English texts a language has, in percent.
    pub(in crate::matomo) fn share_of(&self, code: &str) -> usize {
        let filled = |(key, text): &&(String, String)| !text.is_empty() && self.0.contains_key(key);
        let has = self.texts_of(code).iter().filter(filled).count();
        if self.0.is_empty() { 100 } else { (has * 100 + self.0.len() / 2) / self.0.len() }
    }

    /// What English texts are in the language of this code; `None` where there is no such language.
    pub(in crate::matomo) fn dictionary(&self, code: &str) -> Option<Arc<Dictionary>> {
        self.1.dictionary(code, &self.0)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text of a key with `%s` filled in order, or `%1$s` by number.
    fn filled(&self, key: &str, with: &[&str]) -> Option<String> {
        let mut text = self.0.get(key)?.clone();
        for (n, part) in with.iter().enumerate() {
            text = text.replace(&format!("%{}$s", n + 1), part);
            text = text.replacen("%s", part, 1);
        }
        Some(text)
    }

    /// A template such as `{Key|first|second}<br />{Other}`; `None` where a key is not known.
    fn template(&self, template: &str) -> Option<String> {
        let mut out = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (inner, behind) = after.split_once('}')?;
            let mut parts = inner.split('|');
            let key = parts.next()?;
            // A part that begins with `@` is the key of a text that stands in quotes.
            let parts: Vec<String> = parts
                .map(|part| match part.strip_prefix('@') {
                    Some(key) => self.0.get(key).map(|text| format!("&quot;{text}&quot;")).unwrap_or_default(),
                    None => part.to_owned(),
                })
                .collect();
            out.push_str(before);
            out.push_str(&self.filled(key, &parts.iter().map(String::as_str).collect::<Vec<_>>())?);
            rest = behind;
        }
        out.push_str(rest);
        Some(out)
    }
}

/// The text of a key in a language; `None` where the server was given none.
pub(in crate::matomo) fn text(texts: &Texts, language: &str, key: &str) -> Option<String> {
    if language == "en" {
        return texts.filled(key, &[]);
    }
    texts.dictionary(language)?.text(key).map(str::to_owned)
}

/// What explains a metric, by the key of its text.
pub(super) fn by_key(texts: &Texts, key: &str) -> Option<String> {
    if let Some(text) = texts.filled(key, &[]) {
        return Some(text);
    }
    OWN.iter().find(|(known, _)| *known == key).map(|(_, text)| (*text).to_owned())
}

/// The key of what explains a metric as a rule; `None` where nothing does.
pub(super) fn key_of(metric: &str) -> Option<&'static str> {
    DEFAULTS.iter().chain(METRICS).find(|(known, _)| *known == metric).map(|(_, key)| *key)
}

/// Metrics that are explained whether a report has them or not, with what explains them.
pub(super) fn defaults(texts: &Texts) -> impl Iterator<Item = (&'static str, String)> {
    DEFAULTS.iter().filter_map(|(metric, key)| Some((*metric, by_key(texts, key)?)))
}

/// What explains a report.
pub(super) fn of_report(texts: &Texts, method: &str, own: &str) -> String {
    let template = REPORTS.iter().find(|(known, _)| *known == method).map(|(_, template)| *template);
    template.filter(|_| !texts.is_empty()).and_then(|template| texts.template(template)).unwrap_or_else(|| own.to_owned())
}

/// A template of the keys of Matomo's texts, filled; `None` where a key is not known.
pub(super) fn by_template(texts: &Texts, template: &str) -> Option<String> {
    if texts.is_empty() { None } else { texts.template(template) }
}

/// Metrics of every report and the keys of what explains them.
const DEFAULTS: &[(&str, &str)] = &[
    ("nb_visits", "General_ColumnNbVisitsDocumentation"),
    ("nb_uniq_visitors", "General_ColumnNbUniqVisitorsDocumentation"),
    ("nb_actions", "General_ColumnNbActionsDocumentation"),
    ("nb_users", "General_ColumnNbUsersDocumentation"),
    ("nb_actions_per_visit", "General_ColumnActionsPerVisitDocumentation"),
    ("avg_time_on_site", "General_ColumnAvgTimeOnSiteDocumentation"),
    ("bounce_rate", "General_ColumnBounceRateDocumentation"),
    ("conversion_rate", "General_ColumnConversionRateDocumentation"),
    ("avg_time_on_page", "General_ColumnAverageTimeOnPageDocumentation"),
    ("nb_hits", "General_ColumnPageviewsDocumentation"),
    ("exit_rate", "General_ColumnExitRateDocumentation"),
    ("nb_pageviews", "General_ColumnPageviewsDocumentation"),
    ("nb_uniq_pageviews", "General_ColumnUniquePageviewsDocumentation"),
    ("nb_downloads", "Actions_ColumnClicksDocumentation"),
    ("nb_uniq_downloads", "Actions_ColumnUniqueClicksDocumentation"),
    ("nb_outlinks", "Actions_ColumnClicksDocumentation"),
    ("nb_uniq_outlinks", "Actions_ColumnUniqueClicksDocumentation"),
    ("nb_searches", "Actions_ColumnSearchesDocumentation"),
    ("avg_time_generation", "General_ColumnAverageGenerationTimeDocumentation"),
    ("entry_nb_visits", "General_ColumnEntrancesDocumentation"),
    ("entry_bounce_count", "General_ColumnBouncesDocumentation"),
    ("exit_nb_visits", "General_ColumnExitsDocumentation"),
    ("nb_events", "Events_TotalEventsDocumentation"),
    ("sum_event_value", "Events_TotalValueDocumentation"),
    ("min_event_value", "Events_MinValueDocumentation"),
    ("max_event_value", "Events_MaxValueDocumentation"),
    ("avg_event_value", "Events_AvgValueDocumentation"),
    ("nb_events_with_value", "Events_EventsWithValueDocumentation"),
    ("nb_impressions", "Contents_ImpressionsMetricDocumentation"),
    ("nb_interactions", "Contents_InteractionsMetricDocumentation"),
];

/// The same of metrics that single reports explain.
const METRICS: &[(&str, &str)] = &[
    ("nb_hits_following_search", "General_ColumnViewedAfterSearchDocumentation"),
    ("interaction_rate", "Contents_InteractionRateMetricDocumentation"),
    ("avg_time_network", "PagePerformance_ColumnAverageTimeNetworkDocumentation"),
    ("avg_time_server", "PagePerformance_ColumnAverageTimeServerDocumentation"),
    ("avg_time_transfer", "PagePerformance_ColumnAverageTimeTransferDocumentation"),
    ("avg_time_dom_processing", "PagePerformance_ColumnAverageTimeDomProcessingDocumentation"),
    ("avg_time_dom_completion", "PagePerformance_ColumnAverageTimeDomCompletionDocumentation"),
    ("avg_time_on_load", "PagePerformance_ColumnAverageTimeOnLoadDocumentation"),
    ("avg_page_load_time", "PagePerformance_ColumnAveragePageLoadTimeDocumentation"),
];

/// Our own sentences by the keys of Matomo's.
const OWN: &[(&str, &str)] = &[
    (
        "General_ColumnNbVisitsDocumentation",
        "How many visits began. A visitor who comes back after a long pause begins a new one.",
    ),
    (
        "General_ColumnNbUniqVisitorsDocumentation",
        "How many different visitors there were. Each counts once, however often they came.",
    ),
    ("General_ColumnNbActionsDocumentation", "How many page views, searches, downloads, outlinks and events there were."),
    ("General_ColumnNbUsersDocumentation", "How many different users there were whom the site told apart by a name of its own."),
    ("General_ColumnActionsPerVisitDocumentation", "How many actions a visit had on average."),
    ("General_ColumnAvgTimeOnSiteDocumentation", "How long a visit lasted on average."),
    ("General_ColumnBounceRateDocumentation", "The share of visits that ended after one page view."),
    ("General_ColumnConversionRateDocumentation", "The share of visits in which a goal was reached."),
    ("General_ColumnAverageTimeOnPageDocumentation", "How long visitors stayed on this page on average."),
    ("General_ColumnPageviewsDocumentation", "How often this page was viewed."),
    ("General_ColumnUniquePageviewsDocumentation", "In how many visits this page was viewed, once or more often."),
    ("General_ColumnExitRateDocumentation", "The share of this page's visits that ended with it."),
    ("General_ColumnPageBounceRateDocumentation", "The share of visits beginning with this page that went no further."),
    ("General_ColumnBounceRateForPageDocumentation", "The share of visits beginning here that went no further."),
    ("General_ColumnAverageGenerationTimeDocumentation", "How long the server took to make the page on average."),
    ("General_ColumnEntrancesDocumentation", "How many visits began with this page."),
    ("General_ColumnBouncesDocumentation", "How many visits began and ended with this page."),
    ("General_ColumnExitsDocumentation", "How many visits ended with this page."),
    ("General_ColumnViewedAfterSearchDocumentation", "How often this page was opened right after a search on the site."),
    ("Actions_ColumnClicksDocumentation", "How often this link was followed."),
    ("Actions_ColumnUniqueClicksDocumentation", "In how many visits this link was followed, once or more often."),
    ("Actions_ColumnSearchesDocumentation", "In how many visits this was searched for on the site."),
    ("Actions_ColumnPagesPerSearchDocumentation", "How many pages of results were looked at for a search on average."),
    ("Actions_ColumnSearchExitsDocumentation", "The share of visits that ended after this search."),
    ("Events_TotalEventsDocumentation", "How many events there were."),
    ("Events_TotalValueDocumentation", "The values of the events added up."),
    ("Events_MinValueDocumentation", "The least value of an event."),
    ("Events_MaxValueDocumentation", "The greatest value of an event."),
    ("Events_AvgValueDocumentation", "The value of an event on average."),
    ("Events_EventsWithValueDocumentation", "How many events came with a value."),
    ("Contents_ImpressionsMetricDocumentation", "How often the content came into view."),
    ("Contents_InteractionsMetricDocumentation", "How often somebody did something with the content."),
    ("Contents_InteractionRateMetricDocumentation", "Interactions as a share of impressions."),
    ("PagePerformance_ColumnAverageTimeNetworkDocumentation", "How long it took to reach the server on average."),
    ("PagePerformance_ColumnAverageTimeServerDocumentation", "How long the server took to answer on average."),
    ("PagePerformance_ColumnAverageTimeTransferDocumentation", "How long the answer was on its way on average."),
    ("PagePerformance_ColumnAverageTimeDomProcessingDocumentation", "How long the browser took to read the page on average."),
    ("PagePerformance_ColumnAverageTimeDomCompletionDocumentation", "How long the rest of the page took to load on average."),
    ("PagePerformance_ColumnAverageTimeOnLoadDocumentation", "How long what ran after loading took on average."),
    ("PagePerformance_ColumnAveragePageLoadTimeDocumentation", "How long a page took from the request to its end on average."),
];

const CUSTOM_VARIABLES: &str = "{CustomVariables_CustomVariablesReportDocumentation|<br />|<a href=\"https://matomo.org/docs/custom-variables/\" \
         rel=\"noreferrer noopener\" target=\"_blank\">|</a>}";

/// Reports and what explains them, by the keys of Matomo's texts.
const REPORTS: &[(&str, &str)] = &[
    ("API.get", "{API_MainMetricsReportDocumentation}"),
    ("Actions.get", "{Actions_MainMetricsReportDocumentation}"),
    ("Actions.getDownloads", "{Actions_DownloadsReportDocumentation|<br />}"),
    (
        "Actions.getEntryPageTitles",
        "{Actions_EntryPageTitlesReportDocumentation|<br />} {General_UsePlusMinusIconsDocumentation}",
    ),
    ("Actions.getEntryPageUrls", "{Actions_EntryPagesReportDocumentation|<br />}<br />{General_UsePlusMinusIconsDocumentation}"),
    ("Actions.getExitPageTitles", "{Actions_ExitPageTitlesReportDocumentation|<br />} {General_UsePlusMinusIconsDocumentation}"),
    ("Actions.getExitPageUrls", "{Actions_ExitPagesReportDocumentation|<br />}<br />{General_UsePlusMinusIconsDocumentation}"),
    (
        "Actions.getOutlinks",
        "{Actions_OutlinksReportDocumentation} {Actions_OutlinkDocumentation}<br />{General_UsePlusMinusIconsDocumentation}",
    ),
    ("Actions.getPageTitles", "{Actions_PageTitlesReportDocumentation|<br />|&lt;title&gt;}"),
    (
        "Actions.getPageTitlesFollowingSiteSearch",
        "{Actions_SiteSearchFollowingPagesDoc}<br/>{General_UsePlusMinusIconsDocumentation}",
    ),
    ("Actions.getPageUrls", "{Actions_PagesReportDocumentation|<br />}<br />{General_UsePlusMinusIconsDocumentation}"),
    (
        "Actions.getPageUrlsFollowingSiteSearch",
        "{Actions_SiteSearchFollowingPagesDoc}<br/>{General_UsePlusMinusIconsDocumentation}",
    ),
    ("Actions.getSiteSearchCategories", "{Actions_SiteSearchCategories1}<br/>{Actions_SiteSearchCategories2}"),
    ("Actions.getSiteSearchKeywords", "{Actions_SiteSearchKeywordsDocumentation}<br/><br/>{Actions_SiteSearchIntro}"),
    (
        "Actions.getSiteSearchNoResultKeywords",
        "{Actions_SiteSearchIntro}<br /><br />{Actions_SiteSearchKeywordsNoResultDocumentation}",
    ),
    ("Contents.getContentNames", "{Contents_ContentNameReportDocumentation}"),
    ("Contents.getContentPieces", "{Contents_ContentPieceReportDocumentation}"),
    ("CustomVariables.getCustomVariables", CUSTOM_VARIABLES),
    ("CustomVariables.getCustomVariablesValuesFromNameId", CUSTOM_VARIABLES),
    ("DevicePlugins.getPlugin", "{DevicePlugins_WidgetPluginsDocumentation|<br />}"),
    ("DevicesDetection.getBrand", "{DevicesDetection_DeviceBrandReportDocumentation}"),
    ("DevicesDetection.getBrowserEngines", "{DevicesDetection_BrowserEngineDocumentation|<br />}"),
    ("DevicesDetection.getBrowserVersions", "{DevicesDetection_WidgetBrowserVersionsDocumentation}"),
    ("DevicesDetection.getBrowsers", "{DevicesDetection_WidgetBrowsersDocumentation}"),
    ("DevicesDetection.getModel", "{DevicesDetection_DeviceModelReportDocumentation}"),
    ("DevicesDetection.getOsFamilies", "{DevicesDetection_OperatingSystemFamiliesReportDocumentation}"),
    ("DevicesDetection.getOsVersions", "{DevicesDetection_OperatingSystemVersionsReportDocumentation}"),
    ("DevicesDetection.getType", "{DevicesDetection_DeviceTypeReportDocumentation}"),
    ("Events.getAction", "{Events_EventActionsReportDocumentation}"),
    ("Events.getCategory", "{Events_EventCategoriesReportDocumentation}"),
    ("Events.getName", "{Events_EventNamesReportDocumentation}"),
    ("Goals.get", "{Goals_OverviewReportDocumentation}"),
    ("Goals.get of one", "{Goals_OverviewReportDocumentation}"),
    ("Goals.getDaysToConversion", "{Goals_DaysToConvReportDocumentation}"),
    ("Goals.getItemsCategory", ""),
    ("Goals.getItemsName", ""),
    ("Goals.getItemsSku", ""),
    ("Goals.getVisitsUntilConversion", "{Goals_VisitsUntilConvReportDocumentation}"),
    ("MultiSites.getAll", "{MultiSites_AllWebsitesDashboardDocumentation}"),
    ("MultiSites.getOne", "{MultiSites_SingleWebsitesDashboardDocumentation}"),
    ("PagePerformance.get", "{PagePerformance_OverviewDocumentation}"),
    ("Referrers.get", "{Referrers_ReferrersOverviewDocumentation}"),
    ("Referrers.getAll", "{Referrers_AllReferrersReportDocumentation|<br />}"),
    ("Referrers.getCampaigns", "{Referrers_CampaignsReportDocumentation}"),
    (
        "Referrers.getKeywords",
        "{Referrers_KeywordsReportDocumentation|<br /><br />}<br /><br />{Referrers_KeywordsReportDocumentationNote}",
    ),
    (
        "Referrers.getReferrerType",
        "{Referrers_TypeReportDocumentation}<br /><b>{Referrers_DirectEntry}:</b> {Referrers_DirectEntryDocumentation}<br />\
         <b>{Referrers_SearchEngines}:</b> {Referrers_SearchEnginesDocumentation|<br />|@Referrers_SubmenuSearchEngines}<br />\
         <b>{Referrers_Websites}:</b> {Referrers_WebsitesDocumentation|<br />|@Referrers_SubmenuWebsitesOnly}<br />\
         <b>{Referrers_Campaigns}:</b> {Referrers_CampaignsDocumentation|<br />|@Referrers_Campaigns}",
    ),
    ("Referrers.getSearchEngines", "{Referrers_SearchEnginesReportDocumentation|<br />}"),
    ("Referrers.getSocials", "{Referrers_WebsitesReportDocumentation|<br />}"),
    ("Referrers.getUrlsForSocial", "{Referrers_WebsitesReportDocumentation|<br />}"),
    ("Referrers.getUrlsFromWebsiteId", "{Referrers_WebsitesReportDocumentation|<br />}"),
    ("Referrers.getWebsites", "{Referrers_WebsitesReportDocumentation|<br />}"),
    ("Resolution.getConfiguration", "{Resolution_WidgetGlobalVisitorsDocumentation|<br />}"),
    ("Resolution.getResolution", "{Resolution_WidgetResolutionsDocumentation}"),
    (
        "UserCountry.getCity",
        "{UserCountry_getCityDocumentation}<br/>{UserCountry_GeoIPDocumentationSuffix|<a rel=\"noreferrer noopener\" target=\"_blank\" \
         href=\"http://www.maxmind.com/?rId=piwik\">|</a>|<a rel=\"noreferrer noopener\" target=\"_blank\" \
         href=\"http://www.maxmind.com/en/city_accuracy?rId=piwik\">|</a>}",
    ),
    ("UserCountry.getContinent", "{UserCountry_getContinentDocumentation}"),
    ("UserCountry.getCountry", "{UserCountry_getCountryDocumentation}"),
    (
        "UserCountry.getRegion",
        "{UserCountry_getRegionDocumentation}<br/>{UserCountry_GeoIPDocumentationSuffix|<a rel=\"noreferrer noopener\" target=\"_blank\" \
         href=\"http://www.maxmind.com/?rId=piwik\">|</a>|<a rel=\"noreferrer noopener\" target=\"_blank\" \
         href=\"http://www.maxmind.com/en/city_accuracy?rId=piwik\">|</a>}",
    ),
    ("UserId.getUsers", "{UserId_UserReportDocumentation}"),
    ("UserLanguage.getLanguage", "{UserLanguage_getLanguageDocumentation}"),
    ("UserLanguage.getLanguageCode", "{UserLanguage_getLanguageCodeDocumentation}"),
    ("VisitFrequency.get", "{VisitFrequency_VisitFrequencyReportDocumentation}"),
    ("VisitTime.getByDayOfWeek", "{VisitTime_WidgetByDayOfWeekDocumentation}"),
    ("VisitTime.getVisitInformationPerLocalTime", "{VisitTime_WidgetLocalTimeDocumentation|<strong>|</strong>}"),
    ("VisitTime.getVisitInformationPerServerTime", "{VisitTime_WidgetSiteTimeDocumentation|<strong>|</strong>}"),
    ("VisitorInterest.getNumberOfVisitsByDaysSinceLast", "{VisitorInterest_WidgetVisitsByDaysSinceLastDocumentation}"),
    (
        "VisitorInterest.getNumberOfVisitsByVisitCount",
        "{VisitorInterest_WidgetVisitsByNumDocumentation}<br />{General_ChangeTagCloudView}",
    ),
    ("VisitorInterest.getNumberOfVisitsPerPage", "{VisitorInterest_WidgetPagesDocumentation}<br />{General_ChangeTagCloudView}"),
    (
        "VisitorInterest.getNumberOfVisitsPerVisitDuration",
        "{VisitorInterest_WidgetLengthsDocumentation}<br />{General_ChangeTagCloudView}",
    ),
    ("VisitsSummary.get", "{VisitsSummary_VisitsSummaryReportDocumentation}"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_explained_in_our_words() {
        for (metric, key) in METRICS {
            assert!(by_key(&Texts::default(), key).is_some(), "`{metric}` is not explained");
        }
    }

    #[test]
    fn texts_of_the_owner_stand_before_ours() {
        let texts = Texts::new([
            ("A_B".to_owned(), "x%1$sy%2$s".to_owned()),
            ("Events_MinValueDocumentation".to_owned(), "min".to_owned()),
        ]);
        assert_eq!(texts.template("{A_B|1|2}-{A_B|3}").as_deref(), Some("x1y2-x3y%2$s"));
        assert_eq!(texts.template("{A_C}"), None);
        assert_eq!(by_key(&texts, "Events_MinValueDocumentation").as_deref(), Some("min"));
        assert_eq!(of_report(&texts, "Actions.get", "ours"), "ours");
        assert_eq!(texts.len(), 2);
    }
}
