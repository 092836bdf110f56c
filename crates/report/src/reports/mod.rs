//! The list of reports, in display order. A new one is a constant in its module's file, and its line in [`ALL`].

use crate::Report;

pub mod device_plugins;
pub mod devices_detection;
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
    &visits_summary::GET,
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
];

/// The report of this method.
pub fn find(module: &str, action: &str) -> Option<&'static Report> {
    ALL.iter().copied().find(|report| report.module == module && report.action == action)
}
