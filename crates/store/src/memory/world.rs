use footfall_model::{Column, Fact, Kind, Millis, Query, Text, TimePart, Value, VisitAnchor, address_bytes};
use jiff::tz::TimeZone;
use rustc_hash::FxHashMap;

use super::Kept;
use crate::{
    Schema,
    fact_row::{FactRow, Props},
    plan::clock_value,
};

/// The rows of the query's sites, as values that can be called by name.
pub(super) struct World<'a> {
    schema: &'a Schema,
    texts: &'a FxHashMap<u32, Text>,
    query: &'a Query,
    visits: FxHashMap<i64, Wide>,
    hits: Vec<Wide>,
    conversions: Vec<Wide>,
    items: Vec<Wide>,
}

/// A row as values.
pub(super) struct Wide {
    pub(super) fact: Fact,
    pub(super) visit: i64,
    pub(super) visitor: i64,
    pub(super) site: i64,
    values: Vec<Value>,
    props: Vec<Props>,
}

impl<'a> World<'a> {
    pub(super) fn new(kept: &'a Kept, schema: &'a Schema, query: &'a Query) -> World<'a> {
        World {
            schema,
            texts: &kept.texts,
            query,
            visits: wide(&kept.visits, schema, query).map(|row| (row.visit, row)).collect(),
            hits: wide(&kept.hits, schema, query).collect(),
            conversions: wide(&kept.conversions, schema, query).collect(),
            items: wide(&kept.items, schema, query).collect(),
        }
    }

    /// Every row of the query's sites.
    pub(super) fn all(&self, fact: Fact) -> Box<dyn Iterator<Item = &Wide> + '_> {
        match fact {
            Fact::Visits => Box::new(self.visits.values()),
            Fact::Hits => Box::new(self.hits.iter()),
            Fact::Conversions => Box::new(self.conversions.iter()),
            Fact::Items => Box::new(self.items.iter()),
        }
    }

    /// Whether a row counts as being in the query's range.
    pub(super) fn in_range(&self, row: &Wide) -> bool {
        let range = self.query.range;
        let at = |name| self.moment(row, name);
        match (row.fact, self.query.anchor) {
            (Fact::Visits, VisitAnchor::LastAction) => range.contains(at("last_at")),
            (Fact::Visits, VisitAnchor::FirstAction) => range.contains(at("first_at")),
            (Fact::Visits, VisitAnchor::Overlap) => at("first_at") < range.end && at("last_at") >= range.start,
            _ => range.contains(at("at")),
        }
    }

    /// The day on which a row counts.
    pub(super) fn day(&self, row: &Wide) -> Value {
        let name = match (row.fact, self.query.anchor) {
            (Fact::Visits, VisitAnchor::LastAction) => "last_at",
            (Fact::Visits, _) => "first_at",
            _ => "at",
        };
        clock_value(self.moment(row, name), &self.query.zone, TimePart::Day)
    }

    /// A column as it is kept: of the row, or of its visit.
    pub(super) fn kept(&self, row: &Wide, column: &Column) -> Value {
        self.source(row, column)
            .and_then(|source| {
                let place = self.schema.table(column.fact).position(column.name)?;
                source.values.get(place).cloned()
            })
            .unwrap_or(Value::Null)
    }

    /// A column as it is shown: dictionary numbers are their texts.
    pub(super) fn shown(&self, row: &Wide, column: &Column) -> Value {
        match self.kept(row, column) {
            Value::Int(id) if column.kind == Kind::Long => {
                self.texts.get(&(id as u32)).map_or(Value::Null, |text| Value::Text(text.clone()))
            }
            value => value,
        }
    }

    pub(super) fn clock(&self, row: &Wide, column: &Column, part: TimePart, in_utc: bool) -> Value {
        let zone = if in_utc { &TimeZone::UTC } else { &self.query.zone };
        match self.kept(row, column) {
            Value::Int(at) => clock_value(Millis(at), zone, part),
            _ => Value::Null,
        }
    }

    /// The bytes of an address, `Null` where the text is none.
    pub(super) fn address(&self, row: &Wide, column: &Column) -> Value {
        let shown = self.shown(row, column);
        shown.as_str().and_then(address_bytes).map_or(Value::Null, |bytes| Value::text(&bytes))
    }

    /// The value of a property, `Null` where there is none.
    pub(super) fn prop(&self, row: &Wide, column: &Column, name: &str) -> Value {
        let named = self.named(row, column);
        let prop = named.iter().find(|(known, _)| **known == *name);
        prop.map_or(Value::Null, |(_, value)| Value::Text(value.clone()))
    }

    /// The properties of a row, or of its visit.
    pub(super) fn named<'b>(&'b self, row: &'b Wide, column: &Column) -> &'b [(Text, Text)] {
        let table = self.schema.table(column.fact);
        let place = table.position(column.name).and_then(|place| place.checked_sub(table.plain().count()));
        place.and_then(|place| self.source(row, column)?.props.get(place)).map_or(&[], Vec::as_slice)
    }

    fn source<'b>(&'b self, row: &'b Wide, column: &Column) -> Option<&'b Wide> {
        if column.fact == row.fact { Some(row) } else { self.visits.get(&row.visit) }
    }

    fn moment(&self, row: &Wide, name: &'static str) -> Millis {
        let column = Column { fact: row.fact, name, kind: Kind::Moment };
        Millis(self.kept(row, &column).as_i64().unwrap_or_default())
    }
}

fn wide<'a, R: FactRow>(rows: &'a [R], schema: &'a Schema, query: &'a Query) -> impl Iterator<Item = Wide> + 'a {
    let table = schema.table(R::FACT);
    let place = |name| table.position(name).unwrap_or(usize::MAX);
    let (visit, visitor, site) = (place("visit_id"), place("visitor_id"), place("site_id"));
    rows.iter()
        .map(move |row| {
            let mut values = Vec::with_capacity(table.columns.len());
            row.each_value(|value| values.push(Value::from(value)));
            let number = |place: usize| values.get(place).and_then(Value::as_i64).unwrap_or_default();
            Wide {
                fact: R::FACT,
                visit: number(visit),
                visitor: number(visitor),
                site: number(site),
                props: row.props().into_iter().cloned().collect(),
                values,
            }
        })
        .filter(|row| query.sites.iter().any(|site| i64::from(site.0) == row.site))
}
