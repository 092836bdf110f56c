//! Guests who may change the settings of their site.

use sea_orm::sea_query::{Alias, Table, TableAlterStatement};

use super::columns::maybe_flag;

/// The columns of version 7.
pub(super) fn columns() -> Vec<TableAlterStatement> {
    vec![Table::alter().table(Alias::new("access")).add_column(maybe_flag("sets_up")).to_owned()]
}
