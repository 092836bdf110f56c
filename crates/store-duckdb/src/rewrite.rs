//! Putting other values in the place of what rows hold.

use duckdb::{Connection, params_from_iter, types::Value as Bound};
use footfall_model::{Column, Error, Text, Value};
use footfall_store::{Change, Rewrite, table_name};

use crate::{fault::fault, list::list, read::quoted};

/// Changes the rows meant, or none of them; gives how many there are.
pub(crate) fn rewrite(connection: &Connection, wanted: &Rewrite) -> Result<u64, Error> {
    let failed = |cause| fault("rewriting rows", cause);
    connection.execute_batch("BEGIN").map_err(failed)?;
    let changed = change_all(connection, wanted).map_err(failed);
    connection.execute_batch(if changed.is_ok() { "COMMIT" } else { "ROLLBACK" }).map_err(failed)?;
    if changed.as_ref().is_ok_and(|changed| *changed > 0) {
        // What was there before must not stay readable in the log. Where it is not possible at the moment, the next one does it.
        drop(connection.execute_batch("CHECKPOINT"));
    }
    changed
}

fn change_all(connection: &Connection, wanted: &Rewrite) -> duckdb::Result<u64> {
    let (table, sites) = (table_name(wanted.fact), wanted.sites.iter().map(|site| site.0).collect::<Vec<u32>>());
    let (moment, range) = (quoted(wanted.moment()), wanted.range);
    let meant = format!(
        "{table}.site_id IN ({}) AND {table}.{moment} >= {} AND {table}.{moment} < {}",
        list(&sites),
        range.start.0,
        range.end.0
    );
    let count = format!("SELECT count(*) FROM {table} WHERE {meant}");
    let n: u64 = connection.query_row(&count, [], |row| row.get(0))?;
    if n == 0 {
        return Ok(0);
    }
    for change in &wanted.changes {
        match change {
            Change::Put(column, value) => {
                let sql = format!("UPDATE {table} SET {} = ? WHERE {meant}", quoted(column.name));
                connection.execute(&sql, [bound(value)])?;
            }
            Change::Replace { by, columns, rows } => replace(connection, (table, &meant), by, columns, rows)?,
            Change::Drop(column, keys) => {
                let (name, marks) = (quoted(column.name), vec!["?"; keys.len()].join(", "));
                let kept = format!("map_from_entries(list_filter(map_entries({name}), lambda held: held.key NOT IN ({marks})))");
                let sql = format!("UPDATE {table} SET {name} = {kept} WHERE {meant} AND {name} IS NOT NULL");
                connection.execute(&sql, params_from_iter(keys.iter().map(|key| &**key)))?;
            }
        }
    }
    Ok(n)
}

fn replace(
    connection: &Connection,
    (table, meant): (&str, &str),
    by: &Column,
    columns: &[Column],
    rows: &[(Text, Vec<Value>)],
) -> duckdb::Result<()> {
    let by = quoted(by.name);
    let names: Vec<String> = columns.iter().map(|column| quoted(column.name)).collect();
    let new: Vec<String> = names.iter().enumerate().map(|(n, name)| format!("{name} AS new{n}")).collect();
    let told = new.join(", ");
    connection
        .execute_batch(&format!("CREATE OR REPLACE TEMP TABLE instead AS SELECT {by} AS held, {told} FROM {table} LIMIT 0"))?;
    let marks = vec!["?"; columns.len() + 1].join(", ");
    let mut insert = connection.prepare(&format!("INSERT INTO instead VALUES ({marks})"))?;
    for (held, values) in rows {
        let held = Bound::Text(held.to_string());
        insert.execute(params_from_iter(std::iter::once(held).chain(values.iter().map(bound))))?;
    }
    let puts: Vec<String> = names.iter().enumerate().map(|(n, name)| format!("{name} = instead.new{n}")).collect();
    let sql = format!("UPDATE {table} SET {} FROM instead WHERE {table}.{by} = instead.held AND {meant}", puts.join(", "));
    connection.execute(&sql, [])?;
    connection.execute_batch("DROP TABLE instead")
}

fn bound(value: &Value) -> Bound {
    match value {
        Value::Null => Bound::Null,
        Value::Int(number) => Bound::BigInt(*number),
        Value::Real(number) => Bound::Double(*number),
        Value::Text(text) => Bound::Text(text.to_string()),
    }
}
