//! Roles in the team of the server.

use sea_orm::sea_query::{Alias, Table, TableAlterStatement};

use super::columns::maybe_short;

/// The columns of version 6.
pub(super) fn columns() -> Vec<TableAlterStatement> {
    vec![Table::alter().table(Alias::new("users")).add_column(maybe_short("team_role", 20)).to_owned()]
}
