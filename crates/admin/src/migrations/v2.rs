//! Figures imported from other products.

use sea_orm::sea_query::TableCreateStatement;

use super::{
    columns::{big, int, long, short, to_site},
    made::Made,
};

/// The tables of version 2.
pub(super) fn tables() -> Vec<TableCreateStatement> {
    vec![
        Made::new("imports")
            .columns([
                big("site"),
                int("id"),
                short("source", 60),
                short("first_date", 10),
                short("last_date", 10),
                big("n_rows"),
                big("created_at"),
            ])
            .key(&["site", "id"])
            .with(to_site("imports"))
            .done(),
        Made::new("imported_days")
            .columns([big("site"), int("import_id"), short("table_name", 40), short("date", 10), int("part"), long("figures")])
            .key(&["site", "table_name", "date", "import_id", "part"])
            .with(to_site("imported_days"))
            .done(),
    ]
}
