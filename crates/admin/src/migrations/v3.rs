//! Limits of single tokens.

use sea_orm::sea_query::TableCreateStatement;

use super::{
    columns::{big, int, to_token},
    made::Made,
};

/// The tables of version 3.
pub(super) fn tables() -> Vec<TableCreateStatement> {
    vec![
        Made::new("token_limits")
            .columns([big("token"), int("hourly_requests")])
            .key(&["token"])
            .with(to_token("token_limits"))
            .done(),
    ]
}
