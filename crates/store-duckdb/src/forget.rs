//! Deleting visits with all that happened in them.

use duckdb::Connection;
use footfall_model::Error;

use crate::fault::fault;

/// Deletes the visits that satisfy a condition on `visits`; gives how many there were.
pub(crate) fn forget(connection: &Connection, unwanted: &str) -> Result<u64, Error> {
    let failed = |cause| fault("deleting visits", cause);
    connection.execute_batch("BEGIN").map_err(failed)?;
    let gone = delete(connection, unwanted).map_err(failed);
    let end = if gone.is_ok() { "COMMIT" } else { "ROLLBACK" };
    connection.execute_batch(end).map_err(failed)?;
    if gone.as_ref().is_ok_and(|gone| *gone > 0) {
        // Gives the room back. Where it is not possible at the moment, the next checkpoint does it.
        drop(connection.execute_batch("CHECKPOINT"));
    }
    gone
}

fn delete(connection: &Connection, unwanted: &str) -> duckdb::Result<u64> {
    connection.execute_batch(&format!("CREATE OR REPLACE TEMP TABLE gone AS SELECT visit_id FROM visits WHERE {unwanted}"))?;
    for table in ["hits", "conversions", "items"] {
        connection.execute_batch(&format!("DELETE FROM {table} WHERE visit_id IN (SELECT visit_id FROM gone)"))?;
    }
    let gone = connection.execute(&format!("DELETE FROM visits WHERE {unwanted}"), [])?;
    connection.execute_batch("DROP TABLE gone")?;
    Ok(gone as u64)
}
