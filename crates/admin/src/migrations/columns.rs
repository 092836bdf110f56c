//! Short words for the columns migrations make. Texts that are looked up have a length, because MySQL indexes only such.

use sea_orm::sea_query::{Alias, ColumnDef, ForeignKey, ForeignKeyAction, ForeignKeyCreateStatement};

/// A moment, an id, a number: 64 bits.
pub(super) fn big(name: &str) -> ColumnDef {
    column(name, |it| it.big_integer().not_null())
}

/// 64 bits or nothing.
pub(super) fn maybe_big(name: &str) -> ColumnDef {
    column(name, |it| it.big_integer().null())
}

/// The number the database gives.
pub(super) fn own_key() -> ColumnDef {
    column("id", |it| it.big_integer().not_null().auto_increment().primary_key())
}

/// A small number: 32 bits.
pub(super) fn int(name: &str) -> ColumnDef {
    column(name, |it| it.integer().not_null())
}

/// 32 bits or nothing.
pub(super) fn maybe_int(name: &str) -> ColumnDef {
    column(name, |it| it.integer().null())
}

/// A real number.
pub(super) fn real(name: &str) -> ColumnDef {
    column(name, |it| it.double().not_null())
}

/// Yes or no.
pub(super) fn flag(name: &str) -> ColumnDef {
    column(name, |it| it.boolean().not_null())
}

/// Yes, no or nothing.
pub(super) fn maybe_flag(name: &str) -> ColumnDef {
    column(name, |it| it.boolean().null())
}

/// A text of at most so many characters.
pub(super) fn short(name: &str, longest: u32) -> ColumnDef {
    column(name, |it| it.string_len(longest).not_null())
}

/// Such a text or nothing.
pub(super) fn maybe_short(name: &str, longest: u32) -> ColumnDef {
    column(name, |it| it.string_len(longest).null())
}

/// A text that is never looked up: a list, a layout, a note.
pub(super) fn long(name: &str) -> ColumnDef {
    column(name, |it| it.text().not_null())
}

/// A reference to a site; what hangs on a site goes with it.
pub(super) fn to_site(table: &str) -> ForeignKeyCreateStatement {
    reference(table, "site", "sites", "id")
}

/// A reference to a user; what hangs on a user goes with them.
pub(super) fn to_user(table: &str) -> ForeignKeyCreateStatement {
    reference(table, "login", "users", "login")
}

/// A reference to a token; what hangs on a token goes with it.
pub(super) fn to_token(table: &str) -> ForeignKeyCreateStatement {
    reference(table, "token", "tokens", "id")
}

fn reference(table: &str, column: &str, other: &str, other_column: &str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}"))
        .from(Alias::new(table), Alias::new(column))
        .to(Alias::new(other), Alias::new(other_column))
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

fn column(name: &str, shape: impl Fn(&mut ColumnDef) -> &mut ColumnDef) -> ColumnDef {
    let mut column = ColumnDef::new(Alias::new(name));
    shape(&mut column);
    column
}
