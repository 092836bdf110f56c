//! The laws that every backend keeps. A backend's tests are one line: `footfall_store::conformance!(open)`, where `open` makes
//! an empty store for a catalogue.

mod asking;
mod clocks;
mod funnels;
mod keeping;
mod marks;
mod random;
mod recalling;
mod rewriting;
mod story;

use std::{future::Future, sync::Arc};

use footfall_model::{Catalogue, Column, Fact, Filter, Query, Rows, TimeRange, Value};
use jiff::tz::TimeZone;

pub use asking::*;
pub use clocks::*;
pub use funnels::steps_are_taken_in_order;
pub use keeping::*;
pub use marks::marks_equal_distinct;
pub use random::random_questions_agree_with_memory;
pub(crate) use random::{batch, beginning, told};
pub use recalling::*;
pub use rewriting::rows_are_rewritten;
pub use story::{Story, at, column, mark};

use crate::{Batch, Store};

/// Makes a test of every law: `open` is a `fn(Arc<Catalogue>) -> Arc<dyn Store>` that gives an empty store.
#[macro_export]
macro_rules! conformance {
    ($open:expr) => {
        $crate::conformance! { @laws $open;
            a_batch_is_kept, replay_is_harmless, a_torn_batch_leaves_nothing, changes_are_kept, visits_go_on, carts_are_replaced,
            timings_are_filled_in, properties_are_kept, imports_are_counted, texts_are_found_again, strange_texts_survive,
            visits_are_forgotten, rows_are_rewritten,
            days_follow_the_site_clock, clocks_change, moments_compare_as_shown, addresses_compare_by_their_bytes,
            groups_have_their_keys, conditions_make_groups, measures_measure, comparisons_compare, nothing_said_is_nothing,
            related_rows_are_found, visits_are_in_the_range_by_their_anchor, groups_are_sorted_and_cut,
            bad_questions_are_refused, steps_are_taken_in_order,
            marks_equal_distinct,
            visits_come_in_order, visitors_are_recalled,
            random_questions_agree_with_memory,
        }
    };
    (@laws $open:expr; $($law:ident),* $(,)?) => {
        $(
            #[test]
            fn $law() {
                $crate::conformance::$law(&$crate::conformance::Bench::new($open));
            }
        )*
    };
}

/// Where laws are tried: makes empty stores, and waits for them.
pub struct Bench {
    open: fn(Arc<Catalogue>) -> Arc<dyn Store>,
    catalogue: Arc<Catalogue>,
    runtime: tokio::runtime::Runtime,
}

impl Bench {
    /// A bench for the stores that `open` makes.
    ///
    /// # Panics
    /// There is no runtime to be had.
    pub fn new(open: fn(Arc<Catalogue>) -> Arc<dyn Store>) -> Bench {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        Bench {
            open,
            catalogue: Arc::new(Catalogue::built_in()),
            runtime: runtime.unwrap_or_else(|cause| panic!("no runtime: {cause}")),
        }
    }

    /// An empty store.
    pub fn store(&self) -> Arc<dyn Store> {
        (self.open)(Arc::clone(&self.catalogue))
    }

    /// A store that has kept this batch.
    pub fn store_with(&self, batch: Batch) -> Arc<dyn Store> {
        let store = self.store();
        self.wait(store.append(batch));
        store
    }

    /// A story in the words of this bench's catalogue.
    pub fn story(&self) -> Story {
        Story::new(&self.catalogue)
    }

    /// A column of visits.
    pub fn visits(&self, name: &str) -> Column {
        column(&self.catalogue, Fact::Visits, name)
    }

    /// A column of hits.
    pub fn hits(&self, name: &str) -> Column {
        column(&self.catalogue, Fact::Hits, name)
    }

    /// What a store answers.
    ///
    /// # Panics
    /// The answer is an error.
    pub fn wait<T>(&self, answer: impl Future<Output = Result<T, footfall_model::Error>>) -> T {
        self.runtime.block_on(answer).unwrap_or_else(|error| panic!("{error}: {:?}", std::error::Error::source(&error)))
    }

    /// The error a store answers.
    ///
    /// # Panics
    /// The answer is not an error.
    pub fn refused<T>(&self, answer: impl Future<Output = Result<T, footfall_model::Error>>) -> footfall_model::Error {
        match self.runtime.block_on(answer) {
            Err(error) => error,
            Ok(_) => panic!("the store did not refuse"),
        }
    }

    /// The rows a store answers with.
    pub fn rows(&self, store: &Arc<dyn Store>, query: &Query) -> Vec<Vec<Value>> {
        self.answer(store, query).rows
    }

    /// What a store answers to a question.
    pub fn answer(&self, store: &Arc<dyn Store>, query: &Query) -> Rows {
        self.wait(store.query(query))
    }

    /// The numbers of the rows of a fact that satisfy a condition, ascending.
    pub fn numbers(&self, store: &Arc<dyn Store>, fact: Fact, filter: Filter) -> Vec<i64> {
        let name = if fact == Fact::Visits { "visit_id" } else { "hit_id" };
        let mut query = always(fact);
        query.keys = vec![footfall_model::Key::Column(column(&self.catalogue, fact, name))];
        query.filter = filter;
        self.rows(store, &query).iter().filter_map(|row| row[0].as_i64()).collect()
    }
}

/// A question about all rows of site 1, whenever they happened, on UTC's clock.
pub(crate) fn always(fact: Fact) -> Query {
    Query::new(fact, vec![footfall_model::SiteId(1)], TimeRange::EVER, TimeZone::UTC)
}

/// Text as a value.
pub(crate) fn text(text: &str) -> Value {
    Value::text(text)
}

/// A whole number as a value.
pub(crate) fn int(number: i64) -> Value {
    Value::Int(number)
}
