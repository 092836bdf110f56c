//! What explains the places of widgets. The words are ours; where the texts of Matomo are there, theirs are shown.

use super::super::{Texts, docs};

/// What explains a category, or a place within one; empty where nothing does.
pub(super) fn of(texts: &Texts, category: &str, subcategory: &str) -> String {
    let known = HELP.iter().find(|help| help.category == category && help.subcategory == subcategory);
    known.map_or_else(String::new, |help| {
        docs::by_template(texts, help.template).unwrap_or_else(|| format!("<p>{}</p>", help.own))
    })
}

struct Help {
    category: &'static str,
    subcategory: &'static str,
    /// Our own sentence.
    own: &'static str,
    /// The keys of Matomo's texts and what stands around them.
    template: &'static str,
}

const fn help(category: &'static str, subcategory: &'static str, own: &'static str, template: &'static str) -> Help {
    Help { category, subcategory, own, template }
}

/// A link to a page of Matomo's manual, with the key of its text.
macro_rules! guide {
    ($page:literal, $from:literal, $key:literal) => {
        concat!(
            "<p><a href=\"https://matomo.org/docs/",
            $page,
            "?mtm_campaign=Matomo_App&mtm_source=Matomo_App_OnPremise&mtm_medium=App.",
            $from,
            "\" rel=\"noreferrer noopener\" target=\"_blank\">{",
            $key,
            "}</a></p>"
        )
    };
}

const HELP: &[Help] = &[
    help(
        "Dashboard_Dashboard",
        "",
        "A page of widgets that you arrange yourself.",
        "<p>{Dashboard_DashboardCategoryHelp|<strong>|</strong>}</p>",
    ),
    help(
        "General_Visitors",
        "",
        "Who came: when, from where, and with which devices.",
        "<p>{CoreHome_VisitorsCategoryHelp1}</p><p>{CoreHome_VisitorsCategoryHelp2|<a href=\"#\" \
         onclick=\"this.href=broadcast.buildReportingUrl('category=General_Visitors&subcategory=Live_VisitorLog')\">|</a>}</p>",
    ),
    help(
        "General_Visitors",
        "General_Overview",
        "How many came, and how that changed.",
        "<p>{CoreHome_VisitorsOverviewHelp}</p>",
    ),
    help(
        "General_Visitors",
        "Live_VisitorLog",
        "Every visit with all it did, the newest first.",
        "<p>{Live_VisitorLogSubcategoryHelp1}</p><p>{Live_VisitorLogSubcategoryHelp2}</p><p><a \
         href=\"https://matomo.org/docs/real-time/?mtm_campaign=Matomo_App&mtm_source=Matomo_App_OnPremise&\
         mtm_medium=App.Live.getLastVisitsDetails\" target=\"_blank\" rel=\"noreferrer noopener\">\
         {Live_VisitorLogSubcategoryHelp3}</a></p>",
    ),
    help(
        "General_Visitors",
        "General_RealTime",
        "The visits of the last minutes as they happen.",
        "<p>{Live_RealTimeHelp1}</p><p>{Live_RealTimeHelp2}</p>",
    ),
    help(
        "General_Visitors",
        "UserCountryMap_RealTimeMap",
        "Where the visitors of the last minutes are.",
        "<p>{UserCountryMap_RealTimeMapHelp}</p>",
    ),
    help(
        "General_Visitors",
        "UserCountry_SubmenuLocations",
        "Where visitors came from, and the languages of their browsers.",
        "<p>{UserCountry_LocationsSubcategoryHelp}</p>",
    ),
    help(
        "General_Visitors",
        "DevicesDetection_Devices",
        "The devices of visitors, their makers and screens.",
        "<p>{CoreHome_DevicesSubcategoryHelp}</p>",
    ),
    help(
        "General_Visitors",
        "DevicesDetection_Software",
        "The browsers and systems of visitors.",
        "<p>{CoreHome_SoftwareSubcategoryHelp}</p>",
    ),
    help("General_Visitors", "VisitTime_SubmenuTimes", "When visitors came.", "<p>{VisitTime_TimesSubcategoryHelp}</p>"),
    help(
        "General_Visitors",
        "UserId_UserReportTitle",
        "The users whom your site told apart by a name of its own.",
        "<p>{UserId_VisitorsUserSubcategoryHelp}</p><p><a target=\"_blank\" rel=\"noopener noreferrer\" \
         href=\"https://matomo.org/docs/user-id?mtm_campaign=Matomo_App&mtm_source=Matomo_App_OnPremise&\
         mtm_medium=App.UserId.getUsers\"><span class=\"icon-info\"></span> {CoreAdminHome_LearnMore}</a></p>",
    ),
    help(
        "General_Visitors",
        "CustomVariables_CustomVariables",
        "The custom variables that visits and pages were sent with.",
        "<p>{CustomVariables_CustomVariablesSubcategoryHelp1}</p><p><a href=\"https://matomo.org/docs/custom-variables/\" \
         rel=\"noreferrer noopener\" target=\"_blank\">{CustomVariables_CustomVariablesSubcategoryHelp2}</a></p>",
    ),
    help(
        "General_Actions",
        "General_Pages",
        "The pages that were viewed, by their addresses.",
        "<p>{Actions_PagesSubcategoryHelp1}</p><p>{Actions_PagesSubcategoryHelp2}</p><p>{Actions_PagesSubcategoryHelp3}</p>",
    ),
    help(
        "General_Actions",
        "Actions_SubmenuPagesEntry",
        "The pages with which visits began.",
        "<p>{Actions_EntryPagesSubcategoryHelp1}</p><p>{Actions_EntryPagesSubcategoryHelp2}</p>\
         <p>{Actions_PagesSubcategoryHelp3}</p>",
    ),
    help(
        "General_Actions",
        "Actions_SubmenuPagesExit",
        "The pages with which visits ended.",
        "<p>{Actions_ExitPagesSubcategoryHelp1}</p><p>{Actions_ExitPagesSubcategoryHelp2}</p>\
         <p>{Actions_PagesSubcategoryHelp3}</p>",
    ),
    help(
        "General_Actions",
        "Actions_SubmenuPageTitles",
        "The pages that were viewed, by their titles.",
        "<p>{Actions_PageTitlesSubcategoryHelp1}</p><p>{Actions_PageTitlesSubcategoryHelp2}</p>",
    ),
    help(
        "General_Actions",
        "Actions_SubmenuSitesearch",
        "What was searched for on your site, and what people opened then.",
        concat!(
            "<p>{Actions_SiteSearchSubcategoryHelp1}</p><p>{Actions_SiteSearchSubcategoryHelp2}</p>",
            guide!("site-search/", "Actions.getSiteSearchCategories", "Actions_SiteSearchSubcategoryHelp3")
        ),
    ),
    help(
        "General_Actions",
        "General_Outlinks",
        "The links to other sites that were followed.",
        "<p>{Actions_OutlinksSubcategoryHelp1}</p><p>{Actions_PagesSubcategoryHelp3}</p>",
    ),
    help(
        "General_Actions",
        "General_Downloads",
        "The files that were downloaded.",
        "<p>{Actions_DownloadsSubcategoryHelp1}</p><p>{Actions_DownloadsSubcategoryHelp2}</p>",
    ),
    help(
        "General_Actions",
        "Events_Events",
        "The events that your site sent, by category, action and name.",
        concat!(
            "<p>{Events_EventsSubcategoryHelp1}</p>",
            guide!("event-tracking/", "Events.getCategory", "Events_EventsSubcategoryHelp2")
        ),
    ),
    help(
        "General_Actions",
        "Contents_Contents",
        "The pieces of content that were seen, and those that somebody did something with.",
        concat!(
            "<p>{Contents_ContentsSubcategoryHelp1}</p>",
            guide!("content-tracking", "Contents.getContentNames", "Contents_ContentsSubcategoryHelp2")
        ),
    ),
    help(
        "General_Actions",
        "VisitorInterest_Engagement",
        "How long visits were, and how often visitors came back.",
        "<p>{CoreHome_EngagementSubcategoryHelp1}</p><p>{CoreHome_EngagementSubcategoryHelp2}</p>",
    ),
    help(
        "General_Actions",
        "Transitions_Transitions",
        "What visitors did right before a page and right after it.",
        concat!(
            "<p>{Transitions_TransitionsSubcategoryHelp1}</p>",
            guide!("transitions/", "Transitions.getTransitions", "Transitions_TransitionsSubcategoryHelp2")
        ),
    ),
    help(
        "General_Actions",
        "PagePerformance_Performance",
        "How long pages took to load, part by part.",
        "<p>{PagePerformance_PerformanceSubcategoryHelp1}</p><p>{PagePerformance_PerformanceSubcategoryHelp2}</p>",
    ),
    help(
        "Referrers_Referrers",
        "General_Overview",
        "How visitors found your site, and how that changed.",
        "<p>{Referrers_ReferrersOverviewSubcategoryHelp1}</p><p>{Referrers_ReferrersOverviewSubcategoryHelp2}</p>",
    ),
    help(
        "Referrers_Referrers",
        "Referrers_WidgetGetAll",
        "Every way that led to your site in one list.",
        "<p>{Referrers_AllReferrersSubcategory1}</p><p>{Referrers_AllReferrersSubcategory2}</p>",
    ),
    help(
        "Referrers_Referrers",
        "Referrers_SubmenuSearchEngines",
        "The search engines that led to your site, and the keywords as far as they tell them.",
        "<p>{Referrers_SearchEnginesSubcategoryHelp1}</p><p>{Referrers_SearchEnginesSubcategoryHelp2|<a \
         href=\"https://matomo.org/matomo-cloud/?mtm_campaign=Matomo_App&mtm_source=Matomo_App_OnPremise&\
         mtm_medium=App.Referrers.getSearchEngines\" rel=\"noreferrer noopener\" target=\"_blank\">|</a>|<a \
         href=\"https://plugins.matomo.org/SearchEngineKeywordsPerformance?mtm_campaign=Matomo_App&\
         mtm_source=Matomo_App_OnPremise&mtm_medium=App.Referrers.getSearchEngines\" rel=\"noreferrer noopener\" \
         target=\"_blank\">|</a>}</p>",
    ),
    help(
        "Referrers_Referrers",
        "Referrers_SubmenuWebsitesOnly",
        "The websites that link to yours.",
        "<p>{Referrers_WebsitesSubcategoryHelp1}</p><p>{Referrers_WebsitesSubcategoryHelp2}</p>",
    ),
    help(
        "Referrers_Referrers",
        "Referrers_Socials",
        "The social networks that led to your site.",
        "<p>{Referrers_SocialsSubcategoryHelp}</p><p>{Referrers_WebsitesSubcategoryHelp2}</p>",
    ),
    help(
        "Referrers_Referrers",
        "Referrers_Campaigns",
        "The campaigns that led to your site.",
        "<p>{Referrers_CampaignsSubcategoryHelp}</p>",
    ),
    help(
        "Goals_Goals",
        "General_Overview",
        "How often goals were reached, and what that was worth.",
        concat!(
            "<p>{Goals_GoalsOverviewSubcategoryHelp1}</p><p>{Goals_GoalsOverviewSubcategoryHelp2}</p>",
            guide!("tracking-goals-web-analytics/", "Goals.Overview", "Goals_ManageGoalsSubcategoryHelp2")
        ),
    ),
    help(
        "Goals_Goals",
        "Goals_ManageGoals",
        "The goals of this site, to change and to add to.",
        "<p>{Goals_ManageGoalsSubcategoryHelp1}</p><p><a href=\"https://matomo.org/docs/tracking-goals-web-analytics/\" \
         rel=\"noreferrer noopener\" target=\"_blank\">{Goals_ManageGoalsSubcategoryHelp2}</a></p>",
    ),
    help(
        "Goals_Ecommerce",
        "General_Overview",
        "What your shop sold, and how that changed.",
        concat!(
            "<p>{Ecommerce_EcommerceOverviewSubcategoryHelp1}</p><p>{Ecommerce_EcommerceOverviewSubcategoryHelp2}</p>",
            guide!("ecommerce-analytics/", "Ecommerce.Overview", "Ecommerce_EcommerceOverviewSubcategoryHelp3")
        ),
    ),
    help(
        "Goals_Ecommerce",
        "Goals_EcommerceLog",
        "Every visit that ordered something or left a cart.",
        "<p>{Ecommerce_EcommerceLogSubcategoryHelp1}</p><p>{Ecommerce_EcommerceLogSubcategoryHelp2}</p>",
    ),
    help(
        "Goals_Ecommerce",
        "Goals_Products",
        "The products and categories that were sold.",
        "<p>{Ecommerce_ProductSubcategoryHelp}</p>",
    ),
    help(
        "Goals_Ecommerce",
        "Ecommerce_Sales",
        "Orders by where visitors came from and what they are.",
        "<p>{Ecommerce_SalesSubcategoryHelp1}</p><p>{Ecommerce_SalesSubcategoryHelp2}</p>",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_explained_in_our_words_where_there_are_no_others() {
        let texts = Texts::default();
        assert_eq!(of(&texts, "General_Visitors", "VisitTime_SubmenuTimes"), "<p>When visitors came.</p>");
        assert_eq!(of(&texts, "General_Visitors", "customdimension1"), "");
        let texts = Texts::new([("VisitTime_TimesSubcategoryHelp".to_owned(), "Theirs".to_owned())]);
        assert_eq!(of(&texts, "General_Visitors", "VisitTime_SubmenuTimes"), "<p>Theirs</p>");
    }
}
