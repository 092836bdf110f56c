//! Building answers that are no tables.

/// Named values in order.
macro_rules! cells {
    ($($name:expr => $value:expr),* $(,)?) => {
        footfall_model::Cell::Map(vec![$(($name.into(), footfall_model::Cell::from($value))),*])
    };
}

pub(in crate::matomo) use cells;

use footfall_model::{Cell, Millis};
use jiff::tz::TimeZone;

/// A moment as Matomo writes it: `2024-01-31 12:34:56`, in UTC.
pub(in crate::matomo) fn moment(at: Millis) -> String {
    at.local(&TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// 1 or 0.
pub(in crate::matomo) fn bit(held: bool) -> i64 {
    i64::from(held)
}

/// Texts as a list.
pub(in crate::matomo) fn texts<T: AsRef<str>>(given: impl IntoIterator<Item = T>) -> Cell {
    Cell::List(given.into_iter().map(|text| Cell::text(text.as_ref())).collect())
}
