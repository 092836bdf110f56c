//! From a question to SQL: the only place that knows both.
//!
//! Numbers are written into the SQL, so that engines can leave out blocks of rows by them; texts are always bound.

mod answer;
mod check;
mod clock;
mod compare;
mod condition;
mod funnel;
mod marks;
mod measure;
mod visits;
mod writer;

use footfall_model::{Error, Filter, Millis, Query, Rows, Text, TimeRange, Value};

use crate::{Dialect, Schema, VisitsWanted};

pub(crate) use check::{check, check_filter, measure_place};
pub(crate) use clock::clock_value;
pub(crate) use compare::{Positive, asks_for_nothing, fold, positive, value_text};
pub(crate) use funnel::check_funnel;

/// Turns questions into SQL for one engine and one schema.
pub struct Planner<'a> {
    /// The tables.
    pub schema: &'a Schema,
    /// The engine's words.
    pub dialect: &'a dyn Dialect,
    /// What the store knows of its rows.
    pub known: Known,
}

/// What a store knows of its rows. It never changes an answer, it only lets plans look at fewer rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Every moment in the store lies in it.
    pub range: TimeRange,
    /// No visit has rows further apart than so many milliseconds; `None` if that is not known.
    pub longest_visit: Option<i64>,
}

impl Default for Known {
    fn default() -> Known {
        Known { range: TimeRange { start: Millis(0), end: Millis(4_102_444_800_000) }, longest_visit: None }
    }
}

/// A question in an engine's SQL.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The statement. Its columns are the query's keys and measures and, with a limit, the number of groups.
    pub sql: String,
    /// The texts to be bound, in the order of their numbers.
    pub params: Vec<Text>,
    /// A statement with the same parameters that gives the number of groups, where [`Self::sql`] cannot: it has an offset, and gives no rows.
    pub total: Option<String>,
    shapes: Vec<Shape>,
}

/// What an engine's value means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Itself.
    Plain,
    /// A dictionary number, shown as its text.
    Long,
    /// Minutes since the first of March of the year 0.
    Minute,
    /// Hours since then.
    Hour,
    /// Days since then.
    Day,
}

impl Planner<'_> {
    /// The SQL of a question.
    ///
    /// # Errors
    /// The question is larger than allowed, or contradicts itself.
    pub fn plan(&self, query: &Query) -> Result<Plan, Error> {
        check(query, self.schema)?;
        answer::plan(self, query)
    }

    /// The SQL that counts the visitors of each step of a funnel.
    ///
    /// # Errors
    /// As [`Planner::plan`], and when there are too few or too many steps.
    pub fn funnel(&self, query: &Query, steps: &[Filter]) -> Result<Plan, Error> {
        funnel::plan(self, query, steps)
    }

    /// The SQL that finds visits: their number, when they began, and their last sign of life.
    ///
    /// # Errors
    /// The conditions are larger than allowed, or contradict themselves.
    pub fn visits(&self, wanted: &VisitsWanted) -> Result<Plan, Error> {
        visits::plan(self, wanted)
    }
}

impl Plan {
    /// What the engine's rows mean. `total` is what [`Self::total`] gave, if it was asked.
    pub fn rows(&self, mut rows: Vec<Vec<Value>>, total: Option<u64>) -> Rows {
        let width = self.shapes.len();
        let counted = rows.first().and_then(|row| row.get(width));
        let total = total.or(counted.and_then(Value::as_i64).map(|count| count as u64)).unwrap_or(rows.len() as u64);
        for row in &mut rows {
            row.truncate(width);
            for (value, shape) in row.iter_mut().zip(&self.shapes) {
                if let (Value::Int(number), Shape::Minute | Shape::Hour | Shape::Day) = (&*value, shape) {
                    *value = Value::Text(clock::shown(*number, *shape));
                }
            }
        }
        Rows { rows, total }
    }
}
