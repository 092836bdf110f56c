//! DuckDB keeps every law.

use std::sync::Arc;

use footfall_model::Catalogue;
use footfall_store::Store;
use footfall_store_duckdb::{DuckStore, Options};

fn open(catalogue: Arc<Catalogue>) -> Arc<dyn Store> {
    let options = Options { threads: 1, readers: 1, ..Options::default() };
    Arc::new(
        DuckStore::open_in_memory(catalogue, options)
            .unwrap_or_else(|error| panic!("{error}: {:?}", std::error::Error::source(&error))),
    )
}

footfall_store::conformance!(open);
