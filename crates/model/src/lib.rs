//! The words of the field: sites, visits, actions, goals, periods, segments, and the catalogue of everything that can be
//! grouped by or measured. Pure values: no I/O, no SQL, no HTTP, no serialization.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test"))]

mod action;
mod address;
mod catalogue;
mod columns;
mod dimension;
pub mod dimensions;
mod error;
mod goal;
mod imported;
mod metric;
mod period;
mod query;
mod row;
mod segment;
mod site;
mod table;
mod time;
mod value;
pub mod variable;

pub use action::ActionKind;
pub use address::{address_bytes, masked};
pub use catalogue::Catalogue;
pub use columns::{Columns, Shape};
pub use dimension::{Dimension, Kind, Names, Parse, Scope, Source};
pub use error::{Error, Fault};
pub use goal::{EcommerceStatus, Goal, GoalId, GoalMatch, MatchAttribute, MatchPattern};
pub use imported::{ImportedRow, ImportedTable};
pub use metric::{Adds, Metric, Unit};
pub use period::{DateRange, Day, Period, PeriodKind};
pub use query::{
    Aggregate, Column, Fact, Filter, Having, Key, Measure, Op, Order, Query, Related, Rows, Test, TimePart, VisitAnchor,
};
pub use row::{ConversionRow, Flag, HitRow, ItemRow, VisitRow};
pub use segment::{Condition, Segment, SegmentOp};
pub use site::{
    Access, CustomDimension, CustomScope, Exclusions, ReferrerMask, Site, SiteId, SiteSearch, Sites, Token, TrackingSettings,
    VisitPolicy,
};
pub use table::{Cell, DataTable, Name, Row};
pub use time::{Millis, TimeRange};
pub use value::{Text, Value, ValueRef};

/// Someone seen again: 64 bits, written as Matomo writes them, 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct VisitorId(pub u64);

impl std::fmt::Display for VisitorId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl VisitorId {
    /// Reads the first 16 hexadecimal digits, as Matomo's `_id` and `cid` carry them; `None` when there are fewer.
    pub fn parse(given: &str) -> Option<VisitorId> {
        let digits = given.get(..16)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        u64::from_str_radix(digits, 16).ok().map(VisitorId)
    }
}

/// One visit of a site. Ids increase in the order visits were opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct VisitId(pub u64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_id_is_sixteen_hexadecimal_digits() {
        assert_eq!(VisitorId::parse("00000000000000ff"), Some(VisitorId(255)));
        assert_eq!(VisitorId::parse("00000000000000ff99"), Some(VisitorId(255)));
        assert_eq!(VisitorId::parse("ff"), None);
        assert_eq!(VisitorId::parse("+0000000000000ff"), None);
        assert_eq!(VisitorId(255).to_string(), "00000000000000ff");
    }
}
