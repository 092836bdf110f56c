//! Where visits are kept and asked for: one trait, one planner, one suite of laws.
//!
//! A store keeps batches whole or not at all, remembers the journal offset it has swallowed in the same transaction, and
//! answers [`footfall_model::Query`]. It holds UTC; the planner makes days.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test"))]

mod batch;
#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
mod detail;
mod dialect;
mod fact_row;
mod memory;
mod plan;
mod rewrite;
mod schema;

use async_trait::async_trait;
use footfall_model::{
    ConversionRow, Error, Filter, HitRow, ItemRow, Millis, Query, Rows, SiteId, Text, TimeRange, VisitAnchor, VisitId, VisitRow,
    VisitorId,
};

pub use batch::{Batch, HitUpdate};
pub use detail::detail_texts;
pub use dialect::{Dialect, DuckDb};
pub use fact_row::{FactRow, Props, check_row, kept_props};
pub use memory::MemoryStore;
pub use plan::{Known, Plan, Planner};
pub use rewrite::{Change, Rewrite};
pub use schema::{Schema, TEXTS, Table, is_signed, table_name, text_hash};

/// An engine that keeps visits.
#[async_trait]
pub trait Store: Send + Sync {
    /// Keeps the batch, or nothing of it. A batch whose `swallowed` is not beyond the store's own offset changes nothing.
    async fn append(&self, batch: Batch) -> Result<(), Error>;

    /// The journal offset up to which everything is kept; 0 at the beginning.
    async fn swallowed(&self) -> Result<u64, Error>;

    /// How many lines of an import are kept.
    async fn imported(&self, batch_id: &str) -> Result<u64, Error>;

    /// Answers a question.
    async fn query(&self, query: &Query) -> Result<Rows, Error>;

    /// How many visitors took each of 2 to 8 steps, one after the other, among the actions of a question that are in its range
    /// and satisfy its filter. An action takes one step at most; others may lie between the steps.
    async fn funnel(&self, query: &Query, steps: &[Filter]) -> Result<Vec<u64>, Error>;

    /// Whole visits with all that happened in them.
    async fn visits(&self, wanted: &VisitsWanted) -> Result<Vec<VisitDetail>, Error>;

    /// What the visits step has to know about visitors before it places their hits.
    async fn recall(&self, wanted: &Recall) -> Result<Recalled, Error>;

    /// The dictionary's numbers of these texts, `None` for those it does not hold.
    async fn text_ids(&self, texts: &[Text]) -> Result<Vec<Option<u32>>, Error>;

    /// The greatest number of the dictionary, visit number and action number in use.
    async fn high_marks(&self) -> Result<HighMarks, Error>;

    /// Deletes the visits of a site that ended before a moment, with all that happened in them; returns how many visits.
    async fn forget_before(&self, site: SiteId, before: Millis) -> Result<u64, Error>;

    /// Deletes single visits with all that happened in them; returns how many there were.
    async fn forget_visits(&self, visits: &[VisitId]) -> Result<u64, Error>;

    /// Deletes everything of a site.
    async fn forget_site(&self, site: SiteId) -> Result<(), Error>;

    /// Puts other values in the place of what rows hold; returns how many rows were meant. All of them are changed, or none.
    async fn rewrite(&self, wanted: &Rewrite) -> Result<u64, Error>;

    /// How often visits were deleted or rewritten since the store was opened. Whoever holds visits at hand has to let go of them
    /// when this has grown.
    fn revision(&self) -> u64;

    /// How much is kept.
    async fn stats(&self) -> Result<StoreStats, Error>;

    /// How many questions were put to the store since it was opened, refused ones not among them; 0 where nobody counts.
    fn asked(&self) -> u64 {
        0
    }
}

/// Which visits are wanted, the latest first.
#[derive(Clone, Debug)]
pub struct VisitsWanted {
    /// The sites.
    pub sites: Vec<SiteId>,
    /// The moments.
    pub range: TimeRange,
    /// When a visit counts as being in the range.
    pub anchor: VisitAnchor,
    /// Conditions on the visit ([`footfall_model::Fact::Visits`]).
    pub filter: Filter,
    /// The clock that [`Filter`]s on days and hours mean.
    pub zone: jiff::tz::TimeZone,
    /// Whether the earliest come first instead.
    pub ascending: bool,
    /// How many at most.
    pub limit: u64,
    /// How many are passed over first.
    pub offset: u64,
    /// Whether actions, conversions and items are wanted too.
    pub with_actions: bool,
}

/// A visit with all that happened in it, by time.
#[derive(Clone, Debug, Default)]
pub struct VisitDetail {
    /// The visit.
    pub visit: VisitRow,
    /// Its actions.
    pub hits: Vec<HitRow>,
    /// Its conversions, orders and cart.
    pub conversions: Vec<ConversionRow>,
    /// The items of its orders and cart.
    pub items: Vec<ItemRow>,
    /// The texts of every dictionary number above, by number.
    pub texts: std::sync::Arc<rustc_hash::FxHashMap<u32, Text>>,
}

/// A question about visitors, before their hits are placed.
#[derive(Clone, Debug, Default)]
pub struct Recall {
    /// Visitors by id.
    pub visitors: Vec<(SiteId, VisitorId)>,
    /// Visitors by fingerprint.
    pub fingerprints: Vec<(SiteId, u64)>,
    /// Visitors by user id.
    pub users: Vec<(SiteId, Text)>,
    /// Orders by number, to tell those sent again.
    pub orders: Vec<(SiteId, Text)>,
    /// Only visits whose last sign of life is at or after this are given back whole.
    pub since: Millis,
}

/// What a store remembers of the visitors asked about.
#[derive(Clone, Debug, Default)]
pub struct Recalled {
    /// Their visits since the moment asked for, with the actions of these visits. Of an action at least its ids, moment, kind,
    /// page view and the columns of first-of marks are set; texts need not be.
    pub visits: Vec<VisitDetail>,
    /// Those of the order numbers asked about that the site already has.
    pub orders: Vec<(SiteId, Text)>,
    /// For each visitor known at all, of those asked for by id and those of [`Self::visits`]: the sum of what happened, over all time.
    pub histories: Vec<History>,
}

/// The sum of a visitor's past on a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct History {
    /// The site.
    pub site: SiteId,
    /// The visitor.
    pub visitor: VisitorId,
    /// How many visits.
    pub visits: u32,
    /// When the first visit began.
    pub first_at: Millis,
    /// When the last visit began.
    pub last_first_at: Millis,
    /// When the visitor last ordered.
    pub last_order_at: Option<Millis>,
}

/// The greatest numbers in use; 0 where there are none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HighMarks {
    /// Of the dictionary.
    pub text: u32,
    /// Of visits.
    pub visit: u64,
    /// Of actions.
    pub hit: u64,
}

/// How much is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreStats {
    /// Rows of visits, hits, conversions, items and the dictionary.
    pub visits: u64,
    /// Actions.
    pub hits: u64,
    /// Conversions.
    pub conversions: u64,
    /// Items.
    pub items: u64,
    /// Texts of the dictionary.
    pub texts: u64,
    /// Bytes on disk.
    pub bytes: u64,
    /// The earliest visit of each site.
    pub first_at: Vec<(SiteId, Millis)>,
}
