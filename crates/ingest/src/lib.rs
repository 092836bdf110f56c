//! From bytes to visits: tracking protocols, the journal's records, enrichment, visits, batches.
//!
//! Everything after decoding is a function of (hit, snapshot of sites, clock value); nothing here reads a clock.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test"))]

pub mod accept;
pub mod enrich;
pub mod hit;
pub mod record;

mod drain;
mod dropped;
mod enriched;
mod orders;
mod patterns;
mod protocol;
mod ranges;
mod spam;
mod texts;
mod visits;

pub use drain::{Drain, Drained};
pub use dropped::Dropped;
pub use enriched::{Credited, Enriched, PageUrl};
pub use hit::Hit;
pub use protocol::{behind_proxies, import, parameters};
pub use ranges::Ranges;
pub use texts::Texts;
pub use visits::Visits;
