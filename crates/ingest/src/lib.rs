//! From bytes to visits: tracking protocols, the journal's records, enrichment, visits, batches.
//!
//! Everything after decoding is a function of (hit, snapshot of sites, clock value); nothing here reads a clock.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test"))]

pub mod hit;

mod enriched;

pub use enriched::{Enriched, PageUrl};
pub use hit::Hit;
