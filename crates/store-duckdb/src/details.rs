//! Whole visits with all that happened in them.

use std::sync::Arc;

use duckdb::Connection;
use footfall_model::{Error, Fact, Text, Value, VisitId, VisitRow};
use footfall_store::{FactRow, Plan, Schema, TEXTS, VisitDetail, detail_texts};
use rustc_hash::FxHashMap;

use crate::{list::list, read, store::Facts};

/// The visits a plan finds, in its order.
pub(crate) fn found(
    connection: &Connection,
    schema: &Schema,
    facts: Facts,
    plan: &Plan,
    with_actions: bool,
) -> Result<Vec<VisitDetail>, Error> {
    let found = read::values(connection, &plan.sql, &plan.params)?;
    let number = |row: &[Value], place: usize| row.get(place).and_then(Value::as_i64).unwrap_or_default();
    let ids: Vec<i64> = found.iter().map(|row| number(row, 0)).collect();
    let (Some(first), Some(last)) = (found.iter().map(|row| number(row, 1)).min(), found.iter().map(|row| number(row, 2)).max())
    else {
        return Ok(Vec::new());
    };
    let wanted = format!("first_at >= {first} AND first_at <= {last} AND visit_id IN ({})", list(&ids));
    let visits: Vec<VisitRow> = read::rows(connection, schema.table(Fact::Visits), facts.visits, &wanted, &[])?;
    let mut details = details(connection, schema, facts, visits, with_actions.then_some(None))?;
    let texts = Arc::new(texts(connection, &detail_texts(&details))?);
    for detail in &mut details {
        detail.texts = Arc::clone(&texts);
    }
    let order: FxHashMap<i64, usize> = ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
    details.sort_by_key(|detail| order.get(&(detail.visit.visit_id.0 as i64)).copied());
    Ok(details)
}

/// These visits; with what happened in them where `actions` says which columns of actions are wanted (`Some(None)`: all).
pub(crate) fn details(
    connection: &Connection,
    schema: &Schema,
    facts: Facts,
    visits: Vec<VisitRow>,
    actions: Option<Option<&[&str]>>,
) -> Result<Vec<VisitDetail>, Error> {
    let places: FxHashMap<VisitId, usize> = visits.iter().enumerate().map(|(place, visit)| (visit.visit_id, place)).collect();
    let mut details: Vec<VisitDetail> = visits.into_iter().map(|visit| VisitDetail { visit, ..VisitDetail::default() }).collect();
    if let Some(columns) = actions
        && !details.is_empty()
    {
        let within = within(&details);
        let of = |fact| schema.table(fact);
        for row in read::parts_of_rows(connection, of(Fact::Hits), facts.hits, columns, &within, &[])? {
            put(&mut details, &places, row, |row: &footfall_model::HitRow| row.visit_id, |detail| &mut detail.hits);
        }
        for row in read::rows(connection, of(Fact::Conversions), 0, &within, &[])? {
            put(&mut details, &places, row, |row: &footfall_model::ConversionRow| row.visit_id, |detail| &mut detail.conversions);
        }
        for row in read::rows(connection, of(Fact::Items), 0, &within, &[])? {
            put(&mut details, &places, row, |row: &footfall_model::ItemRow| row.visit_id, |detail| &mut detail.items);
        }
        details.iter_mut().for_each(VisitDetail::sort);
    }
    Ok(details)
}

/// The condition on rows that belong to these visits.
fn within(details: &[VisitDetail]) -> String {
    let first = details.iter().map(|detail| detail.visit.first_at.0).min().unwrap_or_default();
    let last = details.iter().map(|detail| detail.visit.seen_at.max(detail.visit.last_at).0).max().unwrap_or_default();
    let ids: Vec<i64> = details.iter().map(|detail| detail.visit.visit_id.0 as i64).collect();
    format!("\"at\" >= {first} AND \"at\" <= {last} AND visit_id IN ({})", list(&ids))
}

fn put<R: FactRow>(
    details: &mut [VisitDetail],
    places: &FxHashMap<VisitId, usize>,
    row: R,
    visit: impl Fn(&R) -> VisitId,
    rows: impl Fn(&mut VisitDetail) -> &mut Vec<R>,
) {
    if let Some(detail) = places.get(&visit(&row)).and_then(|place| details.get_mut(*place)) {
        rows(detail).push(row);
    }
}

/// The texts of these numbers.
pub(crate) fn texts(connection: &Connection, ids: &[u32]) -> Result<FxHashMap<u32, Text>, Error> {
    let mut texts = FxHashMap::default();
    if ids.is_empty() {
        return Ok(texts);
    }
    let sql = format!("SELECT id, text FROM {TEXTS} WHERE id IN ({})", list(ids));
    for row in read::values(connection, &sql, &[])? {
        if let [Value::Int(id), Value::Text(text)] = &row[..] {
            texts.insert(*id as u32, text.clone());
        }
    }
    Ok(texts)
}
