use jiff::tz::TimeZone;

use crate::{Kind, Millis, SiteId, Text, TimeRange, Value};

/// A table of facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fact {
    /// One row per visit.
    Visits,
    /// One row per action.
    Hits,
    /// One row per conversion, order or cart.
    Conversions,
    /// One row per item of an order or cart.
    Items,
}

/// A column of a table of facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Column {
    /// The table.
    pub fact: Fact,
    /// The column's name, from the row types or the catalogue.
    pub name: &'static str,
    /// How its values are stored.
    pub kind: Kind,
}

/// A part of a moment on the site's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimePart {
    /// The minute it lies in: text `2026-03-01 10:05:00`.
    Minute,
    /// The hour it lies in: text `2026-03-01 10:00:00`.
    Hour,
    /// Its day: text `2026-03-01`.
    Day,
    /// The Monday of its week: text `2026-02-23`.
    Week,
    /// The first of its month: text `2026-03-01`.
    Month,
    /// The first of its year: text `2026-01-01`.
    Year,
    /// 0 to 23.
    HourOfDay,
    /// 0 to 59.
    MinuteOfHour,
    /// 0 to 59.
    SecondOfMinute,
    /// 1 (Monday) to 7.
    DayOfWeek,
    /// 1 to 31.
    DayOfMonth,
    /// 1 to 366.
    DayOfYear,
    /// ISO 8601, 1 to 53.
    WeekOfYear,
    /// 1 to 12.
    MonthOfYear,
    /// 1 to 4.
    QuarterOfYear,
    /// The year's number.
    YearNumber,
}

/// What rows are grouped by.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    /// A column as it stands; dictionary columns give their text, `Null` where there is none.
    Column(Column),
    /// The number of a dictionary column's text, 0 where there is none: the same text has the same number everywhere.
    Number(Column),
    /// A part of a moment.
    Clock(Column, TimePart),
    /// A part of a moment in UTC, whatever the query's zone.
    UtcClock(Column, TimePart),
    /// An address by its bytes, two hexadecimal digits each: sorted as addresses are, those of version 4 among those of version
    /// 6 by their first bytes. Nothing where the text is no address.
    Address(Column),
    /// A property's value: the column has kind [`Kind::Props`].
    Prop(Column, Text),
    /// The site.
    Site,
    /// Each value of a property that a row carries, whatever the name: gives the names.
    PropNames(Column),
    /// The first condition that holds gives its number from 0; rows for which none holds are left out.
    FirstOf(Vec<Filter>),
    /// Every condition that holds gives its number from 0: a row can count in several groups. Only as the sole non-time key.
    EachOf(Vec<Filter>),
}

impl Key {
    /// The column it is read from; `None` where it is the site, or conditions have columns of their own.
    pub fn column(&self) -> Option<&Column> {
        match self {
            Key::Column(column)
            | Key::Number(column)
            | Key::Clock(column, _)
            | Key::UtcClock(column, _)
            | Key::Address(column)
            | Key::Prop(column, _)
            | Key::PropNames(column) => Some(column),
            Key::Site | Key::FirstOf(_) | Key::EachOf(_) => None,
        }
    }
}

/// How a measure is worked out from the rows of a group.
#[derive(Clone, Debug, PartialEq)]
pub enum Aggregate {
    /// How many rows.
    Count,
    /// The sum of a column.
    Sum(Column),
    /// The least value.
    Min(Column),
    /// The greatest value.
    Max(Column),
    /// How many different values; `Null` and dictionary number 0 count as no value.
    Distinct(Column),
    /// How many different visits.
    Visits,
    /// How many different visitors over the whole range.
    Visitors,
    /// How many different pairs of visitor and day of the site's clock.
    DailyVisitors,
    /// The greatest of a column per visit, summed over visits: Plausible's scroll depth of a page.
    SumOfMaxPerVisit(Column),
    /// Any one value; for columns that are the same in the whole group.
    Any(Column),
    /// The value of the first column in the row in which the second is greatest.
    ArgMax(Column, Column),
    /// The value of the first column in the row in which the second is least.
    ArgMin(Column, Column),
}

/// Something to be measured in every group.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// The name of the result; unique in the query.
    pub name: Text,
    /// How it is worked out.
    pub aggregate: Aggregate,
    /// Only rows that satisfy this count.
    pub only: Filter,
}

impl Measure {
    /// A measure over all rows of the group.
    pub fn new(name: &str, aggregate: Aggregate) -> Measure {
        Measure { name: Text::from(name), aggregate, only: Filter::All }
    }

    /// The same measure over the rows that satisfy the filter.
    #[must_use]
    pub fn only(mut self, filter: Filter) -> Measure {
        self.only = filter;
        self
    }
}

/// How a column is compared with given values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// Equals one of the values. `Null` among the values means "not set" (also empty text).
    Is,
    /// Equals none of the values. Rows where the column is not set satisfy it, unless `Null` is among the values.
    IsNot,
    /// Contains one of the texts.
    Contains,
    /// Contains none of the texts; rows where the column is not set satisfy it.
    ContainsNot,
    /// Starts with one of the texts.
    StartsWith,
    /// Ends with one of the texts.
    EndsWith,
    /// Matches one of the regular expressions (RE2 syntax), anywhere in the text.
    Matches,
    /// Matches none of them; rows where the column is not set satisfy it.
    MatchesNot,
    /// Less than the value.
    Less,
    /// At most the value.
    AtMost,
    /// Greater than the value.
    Greater,
    /// At least the value.
    AtLeast,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// What is compared.
    pub key: Key,
    /// How.
    pub op: Op,
    /// With what.
    pub values: Vec<Value>,
    /// Whether upper and lower case differ.
    pub case_sensitive: bool,
}

/// Which other rows a [`Filter::Has`] looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Related {
    /// Rows of the same visit, at any time.
    SameVisit,
    /// Rows of the same visitor within the query's range.
    SameVisitorInRange,
}

/// A condition on the rows of the query's fact.
///
/// A test may name columns of the query's own fact, and, where the fact is not [`Fact::Visits`], columns of the row's visit.
/// Anything else is reached through [`Filter::Has`].
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Filter {
    /// Every row.
    #[default]
    All,
    /// No row.
    None,
    /// Rows that satisfy all of these.
    And(Vec<Filter>),
    /// Rows that satisfy one of these.
    Or(Vec<Filter>),
    /// Rows that do not satisfy this.
    Not(Box<Filter>),
    /// Rows for which the comparison holds.
    Test(Test),
    /// Rows for which there is a related row of another (or the same) fact that satisfies the filter.
    Has {
        /// The table looked into.
        fact: Fact,
        /// Which of its rows are looked at.
        related: Related,
        /// What one of them has to satisfy.
        filter: Box<Filter>,
    },
}

impl Filter {
    /// Rows whose column equals the value.
    pub fn is(column: Column, value: impl Into<Value>) -> Filter {
        Filter::test(Key::Column(column), Op::Is, vec![value.into()])
    }

    /// A comparison that minds upper and lower case.
    pub fn test(key: Key, op: Op, values: Vec<Value>) -> Filter {
        Filter::Test(Test { key, op, values, case_sensitive: true })
    }

    /// Both this and the other.
    #[must_use]
    pub fn and(self, other: Filter) -> Filter {
        match (self, other) {
            (Filter::All, other) => other,
            (this, Filter::All) => this,
            (Filter::And(mut all), Filter::And(more)) => {
                all.extend(more);
                Filter::And(all)
            }
            (Filter::And(mut all), other) => {
                all.push(other);
                Filter::And(all)
            }
            (this, other) => Filter::And(vec![this, other]),
        }
    }

    /// The opposite.
    #[must_use]
    pub fn negated(self) -> Filter {
        match self {
            Filter::All => Filter::None,
            Filter::None => Filter::All,
            Filter::Not(inner) => *inner,
            other => Filter::Not(Box::new(other)),
        }
    }
}

/// When a visit counts as being in the range. Hits, conversions and items are in it by their own moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum VisitAnchor {
    /// Its last action lies in the range (Matomo's rule).
    #[default]
    LastAction,
    /// Its first action lies in the range.
    FirstAction,
    /// It began before the range's end and its last action is not before the start (Plausible's rule).
    Overlap,
}

/// A condition on a measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Having {
    /// The measure's name.
    pub measure: Text,
    /// How it is compared.
    pub op: Op,
    /// With what.
    pub value: Value,
}

/// What rows are sorted by.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// A measure, by name.
    Measure {
        /// The measure's name.
        name: Text,
        /// Whether the greatest comes first.
        descending: bool,
    },
    /// A key, by its place; text in code point order.
    Key {
        /// The key's place, from 0.
        index: usize,
        /// Whether the greatest comes first.
        descending: bool,
    },
}

/// A question to a store. Reports and both vendors' APIs speak in these; only the planner turns them into SQL.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// The table whose rows are counted.
    pub fact: Fact,
    /// The sites.
    pub sites: Vec<SiteId>,
    /// The moments.
    pub range: TimeRange,
    /// When a visit counts as being in the range.
    pub anchor: VisitAnchor,
    /// The clock that makes days and hours.
    pub zone: TimeZone,
    /// Which rows count.
    pub filter: Filter,
    /// What they are grouped by; empty gives exactly one row.
    pub keys: Vec<Key>,
    /// What is measured.
    pub measures: Vec<Measure>,
    /// Which groups are kept.
    pub having: Vec<Having>,
    /// How groups are sorted. Ties are broken by the keys, ascending, so answers are the same every time.
    pub order: Vec<Order>,
    /// Whether groups may come in any order, for those who find them by their keys; nothing is sorted then.
    pub any_order: bool,
    /// How many groups at most.
    pub limit: Option<u64>,
    /// How many groups are passed over first.
    pub offset: u64,
    /// Whether the range is made of whole days of the site's clock *and* no visit of these sites crosses a midnight,
    /// so that first-of-visit and first-of-day flags add up exactly.
    pub whole_days: bool,
}

impl Query {
    /// A question about all rows of a fact in a range, with nothing measured yet.
    pub fn new(fact: Fact, sites: Vec<SiteId>, range: TimeRange, zone: TimeZone) -> Query {
        Query {
            fact,
            sites,
            range,
            anchor: VisitAnchor::default(),
            zone,
            filter: Filter::All,
            keys: Vec::new(),
            measures: Vec::new(),
            having: Vec::new(),
            order: Vec::new(),
            any_order: false,
            limit: None,
            offset: 0,
            whole_days: false,
        }
    }

    /// The first moment asked for.
    pub fn start(&self) -> Millis {
        self.range.start
    }
}

/// What comes back: for every group its keys, then its measures, in the query's order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// One vector a group: `query.keys.len()` keys, then `query.measures.len()` measures.
    pub rows: Vec<Vec<Value>>,
    /// How many groups there are before limit and offset.
    pub total: u64,
}
