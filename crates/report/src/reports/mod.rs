//! The list of reports, in display order. A new one is a constant in its module's file, and its line in [`ALL`].

use crate::Report;

pub mod visits_summary;

/// Every report that comes with Footfall.
pub const ALL: &[&Report] = &[&visits_summary::GET];
