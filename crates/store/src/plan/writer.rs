use footfall_model::{Column, Fact, Kind, Query, SiteId, Text, TimeRange, VisitAnchor};

use super::{Planner, clock::Clock};
use crate::{Dialect, VisitsWanted, table_name};

/// What is the same in every part of a plan, and the texts bound so far.
pub(super) struct Writer<'a> {
    planner: &'a Planner<'a>,
    sites: &'a [SiteId],
    pub(super) range: TimeRange,
    pub(super) anchor: VisitAnchor,
    clock: Clock,
    utc: Clock,
    pub(super) params: Vec<Text>,
}

impl<'a> Writer<'a> {
    pub(super) fn of_query(planner: &'a Planner<'a>, query: &'a Query) -> Writer<'a> {
        Writer::new(planner, &query.sites, query.range, query.anchor, &query.zone)
    }

    pub(super) fn of_visits(planner: &'a Planner<'a>, wanted: &'a VisitsWanted) -> Writer<'a> {
        Writer::new(planner, &wanted.sites, wanted.range, wanted.anchor, &wanted.zone)
    }

    fn new(
        planner: &'a Planner<'a>,
        sites: &'a [SiteId],
        range: TimeRange,
        anchor: VisitAnchor,
        zone: &jiff::tz::TimeZone,
    ) -> Writer<'a> {
        let known = planner.known.range;
        // Every row that is looked at belongs to a visit that touches the range, or is known to lie in the store's own range.
        let clock_range = match planner.known.longest_visit {
            Some(longest) => {
                TimeRange { start: range.start.plus(-longest).max(known.start), end: range.end.plus(longest).min(known.end) }
            }
            None => known,
        };
        Writer { planner, sites, range, anchor, clock: Clock::new(zone, clock_range), utc: Clock::utc(), params: Vec::new() }
    }

    /// The clock of the query's zone, or that of UTC.
    pub(super) fn clock(&self, in_utc: bool) -> &Clock {
        if in_utc { &self.utc } else { &self.clock }
    }

    pub(super) fn dialect(&self) -> &'a dyn Dialect {
        self.planner.dialect
    }

    /// Binds a text and gives its place.
    pub(super) fn bind(&mut self, text: &str) -> String {
        let known = self.params.iter().position(|bound| **bound == *text);
        let place = known.unwrap_or_else(|| {
            self.params.push(Text::from(text));
            self.params.len() - 1
        });
        self.dialect().param(place + 1)
    }

    /// The conditions that make rows of a table those of the query's sites and range.
    pub(super) fn in_range(&self, fact: Fact) -> Vec<String> {
        let TimeRange { start, end } = self.range;
        let mut all = vec![self.of_sites(fact)];
        let from = |name| format!("{} >= {}", of(fact, name), start.0);
        let until = |name| format!("{} < {}", of(fact, name), end.0);
        match (fact, self.anchor) {
            (Fact::Visits, VisitAnchor::LastAction) => {
                all.extend([from("last_at"), until("last_at")]);
            }
            (Fact::Visits, VisitAnchor::FirstAction) => {
                all.extend([from("first_at"), until("first_at")]);
            }
            (Fact::Visits, VisitAnchor::Overlap) => {
                all.extend([from("last_at"), until("first_at")]);
            }
            _ => all.extend([from("at"), until("at")]),
        }
        all
    }

    /// Conditions that hold for every row of a table that shares a visit with a row in the range.
    pub(super) fn near_range(&self, fact: Fact) -> Vec<String> {
        let mut all = vec![self.of_sites(fact)];
        if let Some(longest) = self.planner.known.longest_visit {
            let moment = of(fact, if fact == Fact::Visits { "first_at" } else { "at" });
            all.push(format!("{moment} >= {}", self.range.start.plus(-longest).0));
            all.push(format!("{moment} < {}", self.range.end.plus(longest).0));
        }
        all
    }

    /// The moment that says on which day a row of a table counts.
    pub(super) fn moment(&self, fact: Fact) -> String {
        let name = match (fact, self.anchor) {
            (Fact::Visits, VisitAnchor::LastAction) => "last_at",
            (Fact::Visits, _) => "first_at",
            _ => "at",
        };
        of(fact, name)
    }

    fn of_sites(&self, fact: Fact) -> String {
        let site = of(fact, "site_id");
        match self.sites {
            [] => "FALSE".to_owned(),
            [one] => format!("{site} = {}", one.0),
            many => {
                let many: Vec<String> = many.iter().map(|site| site.0.to_string()).collect();
                format!("{site} IN ({})", many.join(", "))
            }
        }
    }
}

/// A table in `FROM`, under the letter by which its columns are called.
pub(super) fn from(fact: Fact) -> String {
    format!("{} {}", table_name(fact), letter(fact))
}

/// A column by its table's letter.
pub(super) fn of(fact: Fact, name: &str) -> String {
    format!("{}.{name}", letter(fact))
}

/// A column as a number or text that can be compared: yes and no are 1 and 0.
pub(super) fn comparable(dialect: &dyn Dialect, column: &Column) -> String {
    let plain = of(column.fact, column.name);
    match column.kind {
        Kind::Flag => dialect.integer(&plain),
        _ => plain,
    }
}

fn letter(fact: Fact) -> char {
    match fact {
        Fact::Visits => 'v',
        Fact::Hits => 'h',
        Fact::Conversions => 'c',
        Fact::Items => 'i',
    }
}
