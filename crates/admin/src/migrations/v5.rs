//! Letters that wait to be sent.

use sea_orm::sea_query::TableCreateStatement;

use super::{
    columns::{big, int, long, own_key, short},
    made::Made,
};

/// The tables of version 5.
pub(super) fn tables() -> Vec<TableCreateStatement> {
    vec![
        Made::new("letters")
            .columns([own_key(), short("recipient", 320), long("message"), int("attempts"), big("next_at"), big("created_at")])
            .done(),
    ]
}
