//! The schema's versions. Columns that the catalogue has gained are added at every start; anything else is a numbered step.

use duckdb::Connection;
use footfall_model::{Column, CustomDimension, Error, Kind};
use footfall_store::{Dialect, DuckDb, Schema, TEXTS, Table};
use rustc_hash::FxHashSet;

use crate::fault::fault;

/// The newest version this program knows.
const VERSION: i64 = 3;

/// Brings a database to the newest version and to the catalogue's columns.
pub(crate) fn migrate(connection: &Connection, schema: &Schema) -> Result<(), Error> {
    let failed = |cause| fault("bringing the store up to date", cause);
    connection.execute_batch("BEGIN").map_err(failed)?;
    let done = steps(connection, schema);
    let end = if done.is_ok() { "COMMIT" } else { "ROLLBACK" };
    connection.execute_batch(end).map_err(failed)?;
    done?;
    // What version 2 no longer needs; a table cannot lose a column in the transaction that changes its rows.
    let unused = "ALTER TABLE visits DROP COLUMN IF EXISTS cvar_slots; ALTER TABLE hits DROP COLUMN IF EXISTS cvar_slots";
    connection.execute_batch(unused).map_err(failed)
}

fn steps(connection: &Connection, schema: &Schema) -> Result<(), Error> {
    let failed = |cause| fault("bringing the store up to date", cause);
    connection.execute_batch("CREATE TABLE IF NOT EXISTS migrations (version BIGINT NOT NULL)").map_err(failed)?;
    let version: i64 =
        connection.query_row("SELECT coalesce(max(version), 0) FROM migrations", [], |row| row.get(0)).map_err(failed)?;
    if version > VERSION {
        return Err(Error::broken(format!(
            "the store was written by a newer Footfall: its version is {version}, this one knows {VERSION}"
        ))
        .hint("start the newer Footfall, or restore a backup from before the update"));
    }
    if version < 1 {
        connection.execute_batch(&first(schema)).map_err(failed)?;
    }
    for table in schema.tables() {
        add_columns(connection, table)?;
    }
    if version < 2 {
        second(connection)?;
    }
    if version < 3 {
        third(connection)?;
    }
    Ok(())
}

/// Version 2: custom variables are kept by their number (`k1`, `v1`), where they were kept by name with the numbers beside them.
fn second(connection: &Connection) -> Result<(), Error> {
    let failed = |cause| fault("bringing the store up to date", cause);
    for table in ["visits", "hits"] {
        let sql = "SELECT count(*) FROM duckdb_columns() WHERE table_name = ? AND column_name = 'cvar_slots'";
        let beside: i64 = connection.query_row(sql, [table], |row| row.get(0)).map_err(failed)?;
        // Where the numbers beside do not fit the variables, these are counted through.
        let numbers = if beside == 0 {
            "range(1, len(map_keys(cvars)) + 1)"
        } else {
            "CASE WHEN bit_count(coalesce(cvar_slots, 0)) = len(map_keys(cvars)) \
             THEN list_filter(range(1, 33), lambda n: (cvar_slots >> (n - 1)::INTEGER) & 1 = 1) \
             ELSE range(1, len(map_keys(cvars)) + 1) END"
        };
        let entries = format!(
            "list_concat(list_transform(list_zip({numbers}, map_keys(cvars)), lambda p: {{'k': 'k' || p[1], 'v': p[2]}}), \
             list_transform(list_zip({numbers}, map_values(cvars)), lambda p: {{'k': 'v' || p[1], 'v': p[2]}}))"
        );
        connection
            .execute_batch(&format!("UPDATE {table} SET cvars = map_from_entries({entries}) WHERE len(map_keys(cvars)) > 0"))
            .map_err(failed)?;
    }
    let conversions = "UPDATE conversions SET cvars = visits.cvars FROM visits \
                       WHERE visits.visit_id = conversions.visit_id AND len(map_keys(visits.cvars)) > 0";
    connection.execute_batch(conversions).map_err(failed)?;
    connection.execute_batch("INSERT INTO migrations VALUES (2)").map_err(failed)
}

/// Version 3: conversions keep the custom dimensions of their visit, where they kept those of the action.
fn third(connection: &Connection) -> Result<(), Error> {
    let slots: Vec<String> = (1..=CustomDimension::SLOTS).map(|slot| format!("d{slot} = visits.d{slot}")).collect();
    let sql = format!(
        "UPDATE conversions SET {} FROM visits WHERE visits.visit_id = conversions.visit_id; INSERT INTO migrations VALUES (3)",
        slots.join(", ")
    );
    connection.execute_batch(&sql).map_err(|cause| fault("bringing the store up to date", cause))
}

/// Version 1: every table.
fn first(schema: &Schema) -> String {
    let mut sql = format!(
        "CREATE TABLE {TEXTS} (id UINTEGER NOT NULL, hash BIGINT NOT NULL, text VARCHAR NOT NULL);\n\
         CREATE TABLE imports (batch_id VARCHAR NOT NULL, lines UBIGINT NOT NULL);\n\
         CREATE TABLE meta (swallowed UBIGINT NOT NULL, text UINTEGER NOT NULL, visit UBIGINT NOT NULL, hit UBIGINT NOT NULL, \
         first_at BIGINT, last_at BIGINT, longest_visit BIGINT NOT NULL);\n\
         INSERT INTO meta VALUES (0, 0, 0, 0, NULL, NULL, 0);\n"
    );
    for table in schema.tables() {
        let columns: Vec<String> = table.columns.iter().map(definition).collect();
        sql += &format!("CREATE TABLE {} ({});\n", table.name(), columns.join(", "));
    }
    sql + "INSERT INTO migrations VALUES (1);"
}

fn add_columns(connection: &Connection, table: &Table) -> Result<(), Error> {
    let failed = |cause| fault("bringing the store up to date", cause);
    let sql = "SELECT column_name FROM duckdb_columns() WHERE table_name = ?";
    let mut statement = connection.prepare(sql).map_err(failed)?;
    let known: FxHashSet<String> =
        statement.query_map([table.name()], |row| row.get(0)).map_err(failed)?.collect::<duckdb::Result<_>>().map_err(failed)?;
    for column in table.columns.iter().filter(|column| !known.contains(column.name)) {
        let sql = format!("ALTER TABLE {} ADD COLUMN {}", table.name(), definition(column));
        connection.execute_batch(&sql).map_err(failed)?;
    }
    Ok(())
}

/// A column and its type. Dictionary numbers are 0 where nothing was said, also in rows older than the column.
pub(crate) fn definition(column: &Column) -> String {
    let default = if column.kind == Kind::Long { " DEFAULT 0" } else { "" };
    format!("\"{}\" {}{default}", column.name, DuckDb.column_type(column))
}
