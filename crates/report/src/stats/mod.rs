//! Figures by dimensions: one engine for Plausible's Stats API, version 1 and 2, and for the API of the web UI.
//!
//! A [`StatsQuery`] names metrics, dimensions, conditions and a [`Span`] of time. It becomes one question to the store for each
//! table of facts that is needed; their rows are put together by the values of the dimensions, and calculated metrics, order and
//! limit are applied to what comes out.

mod bucket;
mod combine;
mod daily;
mod dimension;
mod filter;
mod funnel;
mod goal;
mod imported;
mod metric;
mod part;
mod place;
mod properties;
mod query;
mod row;
mod run;
mod span;
#[cfg(test)]
pub(crate) mod story;
mod tables;
#[cfg(test)]
mod tests;

pub use bucket::Bucket;
pub use daily::daily;
pub use dimension::{DIRECT, Dimension, NO_PROP, NOT_SET, Source};
pub use filter::{Filter, Leaf, Match};
pub use funnel::{FunnelAnswer, Step, funnel, percent};
pub use goal::goal_name;
pub use imported::{Imported, Skipped, imported_property, imported_tables};
pub use metric::{Metric, Rounding};
pub use part::{counted, visits_condition};
pub use properties::properties;
pub use query::{By, StatsQuery, Style};
pub use row::{StatsAnswer, StatsRow};
pub use run::{run, run_with};
pub use span::Span;
