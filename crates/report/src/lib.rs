//! Reports: what each is made of, and how a report, a period and a segment become questions to a store and a table of answers.
//!
//! A [`Report`] is data. [`Reader`] asks the store; calculated metrics, comparison and sorting happen on the table that comes back.
//! Nothing here knows a wire format; names of columns are data, since in this field the names are the vocabulary.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test"))]

pub mod calculate;
mod cut;
pub mod names;
pub mod natural;
pub mod number;
mod options;
pub mod parts;
mod period;
pub mod pretty;
mod reader;
pub mod record;
mod report;
pub mod reports;
mod run;
pub mod segment;
pub mod stats;
mod tables;

pub use calculate::Processed;
pub use cut::{Limited, OTHERS, RowLimits};
pub use footfall_store as store;
pub use options::{First, Options};
pub use period::{Periods, day, is_several};
pub use reader::{Reader, Settings, Slice};
pub use report::{Ask, Make, Report, Step, each_row};
pub use run::Scope;
pub use tables::{Sheet, Tables};
