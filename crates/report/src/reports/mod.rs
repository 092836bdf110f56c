//! The list of reports, in display order. A new one is a constant in its module's file, and its line in [`ALL`].

use footfall_model::DataTable;

use crate::{Ask, Report};

pub mod actions;
pub mod api;
pub mod contents;
pub mod custom_dimensions;
pub mod custom_variables;
pub mod device_plugins;
pub mod devices_detection;
pub mod events;
pub mod goals;
pub mod items;
pub mod page_performance;
pub mod referrers;
pub mod resolution;
pub mod user_country;
pub mod user_id;
pub mod user_language;
pub mod visit_frequency;
pub mod visit_time;
pub mod visitor_interest;
pub mod visits_summary;

/// Every report that comes with Footfall.
pub const ALL: &[&Report] = &[
    &api::GET,
    &visits_summary::GET,
    &visits_summary::VISITS,
    &visits_summary::UNIQUE_VISITORS,
    &visits_summary::USERS,
    &visits_summary::ACTIONS,
    &visits_summary::MAX_ACTIONS,
    &visits_summary::BOUNCE_COUNT,
    &visits_summary::CONVERTED,
    &visits_summary::LENGTH,
    &visits_summary::PRETTY_LENGTH,
    &visit_frequency::GET,
    &user_country::COUNTRY,
    &user_country::CONTINENT,
    &user_country::REGION,
    &user_country::CITY,
    &user_country::COUNTRIES,
    &user_language::LANGUAGE,
    &user_language::CODE,
    &devices_detection::TYPE,
    &devices_detection::MODEL,
    &devices_detection::BRAND,
    &devices_detection::BROWSERS,
    &devices_detection::BROWSER_VERSIONS,
    &devices_detection::BROWSER_ENGINES,
    &devices_detection::OS_VERSIONS,
    &devices_detection::OS_FAMILIES,
    &resolution::RESOLUTION,
    &resolution::CONFIGURATION,
    &device_plugins::PLUGIN,
    &visit_time::SERVER,
    &visit_time::LOCAL,
    &visit_time::DAY_OF_WEEK,
    &visitor_interest::DURATION,
    &visitor_interest::PAGES,
    &visitor_interest::VISIT_COUNT,
    &visitor_interest::DAYS_SINCE_LAST,
    &user_id::USERS,
    &actions::GET,
    &actions::PAGE_URLS,
    &actions::ENTRY_URLS,
    &actions::EXIT_URLS,
    &actions::PAGE_TITLES,
    &actions::ENTRY_TITLES,
    &actions::EXIT_TITLES,
    &actions::OUTLINKS,
    &actions::DOWNLOADS,
    &actions::KEYWORDS,
    &actions::URLS_AFTER_SEARCH,
    &actions::NO_RESULT_KEYWORDS,
    &actions::TITLES_AFTER_SEARCH,
    &actions::CATEGORIES,
    &actions::PAGE_URL,
    &actions::PAGE_TITLE,
    &actions::DOWNLOAD,
    &actions::OUTLINK,
    &events::CATEGORY,
    &events::ACTION,
    &events::NAME,
    &events::ACTION_OF_CATEGORY,
    &events::NAME_OF_CATEGORY,
    &events::CATEGORY_OF_ACTION,
    &events::NAME_OF_ACTION,
    &events::ACTION_OF_NAME,
    &events::CATEGORY_OF_NAME,
    &contents::NAMES,
    &contents::PIECES,
    &page_performance::GET,
    &custom_dimensions::GET,
    &custom_variables::NAMES,
    &custom_variables::VALUES,
    &goals::GET,
    &goals::METRICS,
    &goals::DAYS,
    &goals::VISITS,
    &goals::CONVERSIONS,
    &goals::VISITS_CONVERTED,
    &goals::REVENUE,
    &goals::RATE,
    &items::NAME,
    &items::SKU,
    &items::CATEGORY,
    &referrers::GET,
    &referrers::TYPE,
    &referrers::ALL,
    &referrers::KEYWORDS,
    &referrers::ENGINES_OF_KEYWORD,
    &referrers::WEBSITES,
    &referrers::PAGES_OF_WEBSITE,
    &referrers::ENGINES,
    &referrers::KEYWORDS_OF_ENGINE,
    &referrers::CAMPAIGNS,
    &referrers::KEYWORDS_OF_CAMPAIGN,
    &referrers::SOCIALS,
    &referrers::PAGES_OF_SOCIAL,
    &referrers::N_ENGINES,
    &referrers::N_SOCIALS,
    &referrers::N_KEYWORDS,
    &referrers::N_CAMPAIGNS,
    &referrers::N_WEBSITES,
    &referrers::N_PAGES,
];

/// The report of this method.
pub fn find(module: &str, action: &str) -> Option<&'static Report> {
    ALL.iter().copied().find(|report| report.module == module && report.action == action)
}

/// Keeps only the columns that were asked for by name (`columns=`); all of them where none was.
fn keep_wanted(table: &mut DataTable, ask: &Ask<'_>) {
    let wanted = &ask.options.columns;
    if !wanted.is_empty() {
        for row in &mut table.rows {
            row.columns.retain(|(name, _)| wanted.iter().any(|column| column == name));
        }
    }
}
