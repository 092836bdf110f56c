//! The list of reports, in display order. A new one is a constant in its module's file, and its line in [`ALL`].

use crate::Report;

pub mod visits_summary;

/// Every report that comes with Footfall.
pub const ALL: &[&Report] = &[&visits_summary::GET];

/// The report of this method.
pub fn find(module: &str, action: &str) -> Option<&'static Report> {
    ALL.iter().copied().find(|report| report.module == module && report.action == action)
}
