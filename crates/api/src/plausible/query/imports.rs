//! Imported figures: whether they are part of an answer, and why not.

use serde_json::{Map, Value};

/// Why imported figures are not part of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Skipped {
    /// The site has none in this time.
    NoneThere,
}

impl Skipped {
    /// The reason's name on the wire.
    pub(super) fn code(self) -> &'static str {
        match self {
            Skipped::NoneThere => "no_imported_data",
        }
    }
}

/// What `meta` tells about imported figures that were asked for.
pub(super) fn meta(skipped: Skipped) -> Map<String, Value> {
    let mut meta = Map::new();
    meta.insert("imports_included".to_owned(), false.into());
    meta.insert("imports_skip_reason".to_owned(), skipped.code().into());
    meta
}
