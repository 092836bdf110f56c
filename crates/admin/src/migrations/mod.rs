//! What changed in the tables, in order. A migration that was released is never edited: the next one follows it.

mod columns;
mod made;
mod v1;
mod v2;
mod v3;
mod v4;
mod v5;
mod v6;
mod v7;

use footfall_model::Error;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction,
    sea_query::{Alias, Expr, ExprTrait, Query, Table, TableAlterStatement, TableCreateStatement},
};

use crate::database::OrBroken;

/// One step from a version of the tables to the next.
pub(crate) struct Migration {
    /// The tables it makes, in the order their references need.
    tables: fn() -> Vec<TableCreateStatement>,
    /// The columns it adds to tables that are there.
    columns: fn() -> Vec<TableAlterStatement>,
}

impl Migration {
    const fn of_tables(tables: fn() -> Vec<TableCreateStatement>) -> Migration {
        Migration { tables, columns: Vec::new }
    }

    const fn of_columns(columns: fn() -> Vec<TableAlterStatement>) -> Migration {
        Migration { tables: Vec::new, columns }
    }
}

/// Every migration; the first makes version 1.
const MIGRATIONS: &[Migration] = &[
    Migration::of_tables(v1::tables),
    Migration::of_tables(v2::tables),
    Migration::of_tables(v3::tables),
    Migration::of_tables(v4::tables),
    Migration::of_tables(v5::tables),
    Migration::of_columns(v6::columns),
    Migration::of_columns(v7::columns),
];

/// The version of the tables this program works with.
pub(crate) const VERSION: i64 = MIGRATIONS.len() as i64;

/// Brings the tables to [`VERSION`], and says which version was found (0 in an empty database).
pub(crate) async fn migrate(tx: &DatabaseTransaction) -> Result<i64, Error> {
    let table = Alias::new("schema_version");
    let version = Alias::new("version");
    let mut make = Table::create();
    make.table(table.clone()).if_not_exists().col(columns::big("version").primary_key());
    tx.execute(&make).await.or_broken()?;

    let mut ask = Query::select();
    ask.expr_as(Expr::col(version.clone()).max(), version.clone()).from(table.clone());
    let found = tx.query_one(&ask).await.or_broken()?;
    let found = match found {
        Some(row) => row.try_get::<Option<i64>>("", "version").or_broken()?.unwrap_or(0),
        None => 0,
    };
    if found > VERSION {
        return Err(Error::broken(format!(
            "the administration database has version {found} of its tables, and this program knows versions up to {VERSION}"
        ))
        .hint("start the newer program that wrote it, or restore a backup"));
    }
    let first = usize::try_from(found).unwrap_or(0);
    for (index, migration) in MIGRATIONS.iter().enumerate().skip(first) {
        for statement in (migration.tables)() {
            tx.execute(&statement).await.or_broken()?;
        }
        for statement in (migration.columns)() {
            tx.execute(&statement).await.or_broken()?;
        }
        let mut remember = Query::insert();
        remember.into_table(table.clone()).columns([version.clone()]).values_panic([(index as i64 + 1).into()]);
        tx.execute(&remember).await.or_broken()?;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use sea_orm::sea_query::{MysqlQueryBuilder, PostgresQueryBuilder, SchemaStatementBuilder, SqliteQueryBuilder};

    use super::*;

    fn written(statement: &impl SchemaStatementBuilder, dialect: &str) -> String {
        let sql = match dialect {
            "sqlite" => statement.to_string(SqliteQueryBuilder),
            "postgres" => statement.to_string(PostgresQueryBuilder),
            _ => statement.to_string(MysqlQueryBuilder),
        };
        sql + ";\n"
    }

    /// The tables as each database is asked to make them. `UPDATE_GOLDEN=1` writes the file of a version not yet released.
    #[test]
    fn tables_are_asked_for_as_reviewed() {
        for (index, migration) in MIGRATIONS.iter().enumerate() {
            for dialect in ["sqlite", "postgres", "mysql"] {
                let tables = (migration.tables)();
                let columns = (migration.columns)();
                let tables = tables.iter().map(|statement| written(statement, dialect));
                let sql: String = tables.chain(columns.iter().map(|statement| written(statement, dialect))).collect();
                let path = format!("golden/v{}.{dialect}.sql", index + 1);
                if std::env::var_os("UPDATE_GOLDEN").is_some() {
                    std::fs::write(&path, &sql).unwrap();
                }
                assert_eq!(std::fs::read_to_string(&path).unwrap(), sql, "{path}");
            }
        }
    }
}
