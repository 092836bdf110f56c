//! Imports of events, and passwords that are being set anew.

use sea_orm::sea_query::TableCreateStatement;

use super::{
    columns::{big, int, short, to_site, to_user},
    made::Made,
};

/// The tables of version 4.
pub(super) fn tables() -> Vec<TableCreateStatement> {
    vec![
        Made::new("event_imports")
            .columns([big("site"), int("import_id"), short("batch", 190), big("n_lines"), big("n_refused"), short("state", 20)])
            .key(&["site", "import_id"])
            .with(to_site("event_imports"))
            .done(),
        Made::new("password_resets")
            .columns([short("login", 100), short("digest", 64), big("expires_at")])
            .key(&["login"])
            .unique("digest")
            .with(to_user("password_resets"))
            .done(),
    ]
}
