//! One batch, in one transaction.

use std::sync::Arc;

use duckdb::{
    Connection,
    arrow::array::{ArrayRef, Int64Array, StringArray, UInt32Array},
};
use footfall_model::{Column, Error, Fact, HitRow, Kind, VisitRow};
use footfall_store::{Batch, FactRow, HitUpdate, Schema, TEXTS, Table, check_row, text_hash};

use crate::{
    columns::{Columns, Wanted, batch as arrow_batch},
    fault::fault,
    list::list,
    migrate::definition,
    seldom::{Differs, Seldom},
    store::{Facts, Reach},
};

const TIMINGS: [&str; 6] =
    ["time_network", "time_server", "time_transfer", "time_dom_processing", "time_dom_completion", "time_on_load"];

/// Keeps the batch, or nothing of it. Gives how far the store reaches afterwards, `None` when the batch was kept before.
pub(crate) fn append(
    connection: &Connection,
    schema: &Schema,
    facts: Facts,
    seldom: &mut Seldom,
    batch: Batch,
) -> Result<Option<Reach>, Error> {
    run(connection, "BEGIN")?;
    let kept = keep(connection, schema, facts, seldom, batch);
    match &kept {
        Ok(Some(_)) => run(connection, "COMMIT").inspect_err(|_| seldom.forget())?,
        // The first failure is the one to tell; rolling back a broken transaction may fail too.
        _ => {
            seldom.forget();
            drop(run(connection, "ROLLBACK"));
        }
    }
    kept
}

fn keep(
    connection: &Connection,
    schema: &Schema,
    facts: Facts,
    seldom: &mut Seldom,
    mut batch: Batch,
) -> Result<Option<Reach>, Error> {
    let mut reach = Reach::read(connection)?;
    if batch.swallowed <= reach.swallowed {
        return Ok(None);
    }
    reach.extend(&batch);
    // Rows take many times what their columns take: those of hits are let go before the engine takes memory of its own.
    let hits = hit_columns(schema, facts, std::mem::take(&mut batch.hits))?;
    texts(connection, &batch)?;
    let mut opened: Vec<&VisitRow> = batch.opened.iter().collect();
    opened.sort_by_key(|visit| (visit.site_id, visit.visit_id));
    insert(connection, schema, Fact::Visits, facts.visits, &opened)?;
    change_visits(connection, schema, facts, &batch, seldom)?;
    append_columns(connection, schema, Fact::Hits, hits)?;
    update_hits(connection, &batch.hit_updates)?;
    if !batch.carts_dropped.is_empty() {
        let visits: Vec<u64> = batch.carts_dropped.iter().map(|visit| visit.0).collect();
        for table in ["conversions", "items"] {
            run(connection, &format!("DELETE FROM {table} WHERE goal_id = -1 AND visit_id IN ({})", list(&visits)))?;
        }
    }
    insert(connection, schema, Fact::Conversions, 0, &batch.conversions.iter().collect::<Vec<_>>())?;
    insert(connection, schema, Fact::Items, 0, &batch.items.iter().collect::<Vec<_>>())?;
    for (id, lines) in &batch.imports {
        let failed = |cause| fault("keeping how far an import has come", cause);
        connection.execute("DELETE FROM imports WHERE batch_id = ?", [&**id]).map_err(failed)?;
        let kept = duckdb::params![&**id, *lines];
        connection.execute("INSERT INTO imports VALUES (?, ?)", kept).map_err(failed)?;
    }
    reach.write(connection)?;
    Ok(Some(reach))
}

fn texts(connection: &Connection, batch: &Batch) -> Result<(), Error> {
    if batch.texts.is_empty() {
        return Ok(());
    }
    let texts = &batch.texts;
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(UInt32Array::from_iter_values(texts.iter().map(|(id, _)| *id))),
        Arc::new(Int64Array::from_iter_values(texts.iter().map(|(_, text)| text_hash(text)))),
        Arc::new(StringArray::from_iter_values(texts.iter().map(|(_, text)| &**text))),
    ];
    let names = ["id", "hash", "text"];
    let rows = arrow_batch(&names, arrays)?;
    append_rows(connection, TEXTS, Columns { names: names.to_vec(), rows })
}

fn hit_columns(schema: &Schema, facts: Facts, hits: Vec<HitRow>) -> Result<Option<Columns>, Error> {
    let mut sorted: Vec<&HitRow> = hits.iter().collect();
    // What is the same in all actions of a visit packs best side by side, and a site's rows are read without the others'.
    sorted.sort_by_key(|hit| (hit.site_id, hit.visit_id, hit.hit_id));
    columns(schema, Fact::Hits, facts.hits, &sorted)
}

fn insert<R: FactRow>(connection: &Connection, schema: &Schema, fact: Fact, facts: usize, rows: &[&R]) -> Result<(), Error> {
    append_columns(connection, schema, fact, columns(schema, fact, facts, rows)?)
}

/// The columns of rows that can be kept; `None` where there are none.
fn columns<R: FactRow>(schema: &Schema, fact: Fact, facts: usize, rows: &[&R]) -> Result<Option<Columns>, Error> {
    rows.iter().try_for_each(|row| check_row(*row, facts))?;
    let of = |rows: &[&R]| Columns::of(schema.table(fact), rows.iter().copied(), Wanted::Said);
    (!rows.is_empty()).then(|| of(rows)).transpose()
}

fn append_columns(connection: &Connection, schema: &Schema, fact: Fact, columns: Option<Columns>) -> Result<(), Error> {
    columns.map_or(Ok(()), |columns| append_rows(connection, schema.table(fact).name(), columns))
}

/// Visits as they stand now, over those that are kept. Most columns seldom change after a visit was opened, and writing them
/// anew costs the most, so they are written only where they may differ from what is kept.
fn change_visits(
    connection: &Connection,
    schema: &Schema,
    facts: Facts,
    batch: &Batch,
    seldom: &mut Seldom,
) -> Result<(), Error> {
    let (mut same, mut own, mut groups) = (Vec::new(), Vec::new(), Differs::default());
    for visit in &batch.continued {
        let differs = seldom.continued_differs(visit);
        if differs == Differs::default() { &mut same } else { &mut own }.push(visit);
        groups.iter_mut().zip(differs).for_each(|(group, differs)| *group |= differs);
    }
    let own_columns = seldom.columns(groups);
    let mut others = Vec::new();
    for visit in &batch.changed {
        check_row(visit, facts.visits)?;
        let differs = seldom.differs(visit);
        if differs == Differs::default() { &mut same } else { &mut others }.push(visit);
        groups.iter_mut().zip(differs).for_each(|(group, differs)| *group |= differs);
    }
    same.sort_by_key(|visit| visit.visit_id);
    let table = schema.table(Fact::Visits);
    overwrite(connection, table, &same, &seldom.columns(Differs::default()))?;
    overwrite(connection, table, &own, &own_columns)?;
    overwrite(connection, table, &others, &seldom.columns(groups))?;
    for visit in batch.opened.iter().chain(others) {
        seldom.keep(visit);
    }
    own.into_iter().for_each(|visit| seldom.keep_continued(visit));
    Ok(())
}

/// Overwrites some columns of visits, by way of a table that lives as long as that takes.
fn overwrite(connection: &Connection, table: &Table, visits: &[&VisitRow], wanted: &[&str]) -> Result<(), Error> {
    let ids = visits.iter().map(|visit| visit.visit_id.0);
    let (Some(first), Some(last)) = (ids.clone().min(), ids.max()) else { return Ok(()) };
    let changed = Columns::of(table, visits.iter().copied(), Wanted::These(wanted))?;
    let columns: Vec<&Column> = table.columns.iter().filter(|column| changed.names.contains(&column.name)).collect();
    let definitions: Vec<String> = columns.iter().map(|column| definition(column)).collect();
    run(connection, &format!("CREATE OR REPLACE TEMP TABLE changed ({})", definitions.join(", ")))?;
    append_rows(connection, "changed", changed)?;
    let near = format!("v.visit_id BETWEEN {first} AND {last} AND v.visit_id = c.visit_id");
    let set: Vec<String> = columns
        .iter()
        .filter(|column| column.kind != Kind::Props && column.name != "visit_id")
        .map(|column| format!("{0} = c.{0}", column.name))
        .collect();
    run(connection, &format!("UPDATE visits v SET {} FROM changed c WHERE {near}", set.join(", ")))?;
    // Overwriting properties makes DuckDB write whole rows anew, so only where they differ.
    for column in columns.iter().filter(|column| column.kind == Kind::Props) {
        let name = column.name;
        let set =
            format!("UPDATE visits v SET {name} = c.{name} FROM changed c WHERE {near} AND v.{name} IS DISTINCT FROM c.{name}");
        run(connection, &set)?;
    }
    run(connection, "DROP TABLE changed")
}

fn update_hits(connection: &Connection, updates: &[HitUpdate]) -> Result<(), Error> {
    if updates.is_empty() {
        return Ok(());
    }
    let definitions: Vec<String> = TIMINGS.iter().map(|name| format!("{name} UINTEGER")).collect();
    run(connection, &format!("CREATE OR REPLACE TEMP TABLE timings (hit_id BIGINT, {})", definitions.join(", ")))?;
    // Several updates of one hit are one: the latest timing that was said.
    let mut latest: std::collections::BTreeMap<u64, [Option<u32>; 6]> = std::collections::BTreeMap::new();
    for update in updates {
        let known = latest.entry(update.hit_id).or_default();
        for (known, new) in known.iter_mut().zip(update.timings) {
            *known = new.or(*known);
        }
    }
    let mut arrays: Vec<ArrayRef> = vec![Arc::new(Int64Array::from_iter_values(latest.keys().map(|id| *id as i64)))];
    for place in 0..TIMINGS.len() {
        arrays.push(Arc::new(UInt32Array::from_iter(latest.values().map(|timings| timings[place]))));
    }
    let mut names = vec!["hit_id"];
    names.extend(TIMINGS);
    let rows = arrow_batch(&names, arrays)?;
    append_rows(connection, "timings", Columns { names, rows })?;
    let (first, last) = (latest.keys().min().copied().unwrap_or_default(), latest.keys().max().copied().unwrap_or_default());
    let set: Vec<String> = TIMINGS.iter().map(|name| format!("{name} = coalesce(t.{name}, h.{name})")).collect();
    run(
        connection,
        &format!(
            "UPDATE hits h SET {} FROM timings t WHERE h.hit_id BETWEEN {first} AND {last} AND h.hit_id = t.hit_id",
            set.join(", ")
        ),
    )?;
    run(connection, "DROP TABLE timings")
}

fn append_rows(connection: &Connection, table: &str, columns: Columns) -> Result<(), Error> {
    let failed = |cause| fault("keeping a batch", cause);
    let mut appender = connection.appender_with_columns(table, &columns.names).map_err(failed)?;
    appender.append_record_batch(columns.rows).map_err(failed)?;
    appender.flush().map_err(failed)
}

fn run(connection: &Connection, sql: &str) -> Result<(), Error> {
    connection.execute_batch(sql).map_err(|cause| fault("keeping a batch", cause))
}
