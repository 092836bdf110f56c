//! Where engines' SQL differs. A second engine is a second short file here.

use footfall_model::{Column, TimePart};

mod duckdb;

pub use duckdb::DuckDb;

/// The words in which engines differ. Everything else the planner writes is understood by all of them.
///
/// Arguments are pieces of SQL; what comes back is one, in brackets where it needs them.
pub trait Dialect: Send + Sync {
    /// The place of the bound text with this number, from 1.
    fn param(&self, number: usize) -> String;

    /// The type of a column.
    fn column_type(&self, column: &Column) -> &'static str;

    /// A query named with `WITH` that is worked out once, however often it is read.
    fn materialized(&self) -> &'static str;

    /// Division of whole numbers that are not negative.
    fn div(&self, number: &str, by: i64) -> String;

    /// A whole number, at least 64 bits wide.
    fn integer(&self, number: &str) -> String;

    /// A value as text.
    fn text(&self, value: &str) -> String;

    /// A text in lower case, code point by code point.
    fn lower(&self, text: &str) -> String;

    /// Whether a text holds another.
    fn contains(&self, text: &str, part: &str) -> String;

    /// Whether a text starts with another.
    fn starts_with(&self, text: &str, part: &str) -> String;

    /// Whether a text ends with another.
    fn ends_with(&self, text: &str, part: &str) -> String;

    /// Whether a regular expression (RE2) matches anywhere in a text.
    fn matches(&self, text: &str, pattern: &str) -> String;

    /// An address as the hexadecimal digits of its bytes; anything but digits where the text is none.
    fn address(&self, text: &str) -> String;

    /// The value of a property, `NULL` where there is none.
    fn prop(&self, props: &str, name: &str) -> String;

    /// The names of all properties, as a list.
    fn prop_names(&self, props: &str) -> String;

    /// Whether one of the names of a row's properties satisfies a condition on the variable `name`.
    fn any_name(&self, props: &str, condition: &str) -> String;

    /// What follows a table in `FROM` so that each row is repeated for every element of a list, as `each.one`.
    fn explode(&self, list: &str) -> String;

    /// A list of these elements.
    fn list(&self, elements: &[String]) -> String;

    /// A calendar's part of a day, counted from 1970-01-01: one of the parts from [`TimePart::DayOfMonth`] on.
    fn calendar(&self, part: TimePart, day: &str) -> String;

    /// A day, counted from 1970-01-01, as `2026-03-01`.
    fn day_text(&self, day: &str) -> String;

    /// How many different pairs of numbers there are in the rows of a group.
    fn distinct_pairs(&self, one: &str, other: &str) -> String;

    /// Any one value of the rows of a group that is not `NULL`.
    fn any(&self, value: &str) -> String;

    /// The value in the row of a group in which another is greatest, `NULL` where it is `NULL` there.
    fn arg_max(&self, value: &str, by: &str) -> String;
    /// The value in the row of a group in which another is least, `NULL` where it is `NULL` there.
    fn arg_min(&self, value: &str, by: &str) -> String;
}
