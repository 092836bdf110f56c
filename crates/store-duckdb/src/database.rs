use std::{path::Path, thread::available_parallelism};

use duckdb::{Config, Connection};
use footfall_model::Error;

use crate::{Options, fault::open_fault};

/// Opens a database file, or one in memory.
pub(crate) fn open(path: Option<&Path>, options: &Options) -> Result<Connection, Error> {
    let shown = path.unwrap_or(Path::new(":memory:"));
    let refused = |cause| open_fault(shown, cause);
    let config = config(options).map_err(refused)?;
    match path {
        Some(path) => Connection::open_with_flags(path, config),
        None => Connection::open_in_memory_with_flags(config),
    }
    .map_err(refused)
}

fn config(options: &Options) -> duckdb::Result<Config> {
    let cores = available_parallelism().map_or(2, std::num::NonZero::get);
    let threads = if options.threads == 0 { cores } else { options.threads };
    Config::default()
        .threads(threads as i64)?
        .max_memory(&format!("{}B", options.memory_limit))?
        .enable_autoload_extension(false)?
        .with("autoinstall_known_extensions", "false")?
        .with("storage_compatibility_version", "latest")?
        .with("wal_autocheckpoint", format!("{}B", options.log_limit))
}
