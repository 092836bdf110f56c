use sea_orm::sea_query::{Alias, ColumnDef, ForeignKeyCreateStatement, Index, Table, TableCreateStatement};

/// A table being written down.
pub(super) struct Made {
    name: &'static str,
    table: TableCreateStatement,
}

impl Made {
    pub(super) fn new(name: &'static str) -> Made {
        Made { name, table: Table::create().table(Alias::new(name)).to_owned() }
    }

    pub(super) fn columns(mut self, columns: impl IntoIterator<Item = ColumnDef>) -> Made {
        for column in columns {
            self.table.col(column);
        }
        self
    }

    pub(super) fn key(mut self, columns: &[&str]) -> Made {
        let mut key = Index::create();
        for column in columns {
            key.col(Alias::new(*column));
        }
        self.table.primary_key(&mut key);
        self
    }

    pub(super) fn unique(mut self, column: &str) -> Made {
        self.table.index(Index::create().name(format!("{}_by_{column}", self.name)).col(Alias::new(column)).unique());
        self
    }

    pub(super) fn with(mut self, mut reference: ForeignKeyCreateStatement) -> Made {
        self.table.foreign_key(&mut reference);
        self
    }

    pub(super) fn done(self) -> TableCreateStatement {
        self.table
    }
}
