use footfall_model::{Catalogue, Column, Fact, Kind};

/// The dictionary's table: `id`, `hash` ([`text_hash`]) and `text`.
pub const TEXTS: &str = "texts";

/// Columns of [`Kind::Count`] whose row type is signed: goals go down to -1, and trackers send negative result counts.
const SIGNED: [&str; 2] = ["goal_id", "search_count"];

/// The tables of facts and their columns, as the catalogue has them.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    tables: [Table; 4],
}

/// A table of facts.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What its rows are.
    pub fact: Fact,
    /// Its columns, in the order stores keep them; those of [`Kind::Props`] are the last.
    pub columns: Vec<Column>,
}

impl Schema {
    /// Every table of facts.
    pub const FACTS: [Fact; 4] = [Fact::Visits, Fact::Hits, Fact::Conversions, Fact::Items];

    /// The tables this catalogue asks for.
    pub fn of(catalogue: &Catalogue) -> Schema {
        Schema { tables: Schema::FACTS.map(|fact| Table { fact, columns: catalogue.columns(fact) }) }
    }

    /// Every table, in the order of [`Schema::FACTS`].
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// The table of these facts.
    pub fn table(&self, fact: Fact) -> &Table {
        match fact {
            Fact::Visits => &self.tables[0],
            Fact::Hits => &self.tables[1],
            Fact::Conversions => &self.tables[2],
            Fact::Items => &self.tables[3],
        }
    }
}

impl Table {
    /// The table's name.
    pub fn name(&self) -> &'static str {
        table_name(self.fact)
    }

    /// The place of a column among [`Self::columns`].
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The columns that hold one value, in order: all but those of [`Kind::Props`].
    pub fn plain(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.kind != Kind::Props)
    }
}

/// The name of a fact's table.
pub fn table_name(fact: Fact) -> &'static str {
    match fact {
        Fact::Visits => "visits",
        Fact::Hits => "hits",
        Fact::Conversions => "conversions",
        Fact::Items => "items",
    }
}

/// Whether a column's numbers can be negative although its kind says [`Kind::Count`].
pub fn is_signed(column: &Column) -> bool {
    column.kind == Kind::Count && SIGNED.contains(&column.name)
}

/// The number by which a text is found in the dictionary without reading texts: 64 bits of FNV-1a, kept as a signed number of
/// the same bits. Stores hold it, so it never changes.
pub fn text_hash(text: &str) -> i64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    hash as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn props_come_last() {
        let schema = Schema::of(&Catalogue::built_in());
        for table in schema.tables() {
            let plain = table.plain().count();
            assert!(table.columns[..plain].iter().all(|column| column.kind != Kind::Props));
        }
        assert_eq!(schema.table(Fact::Hits).columns.last().map(|c| c.name), Some("cvars"));
    }

    #[test]
    fn the_hash_of_a_text_never_changes() {
        assert_eq!(text_hash(""), -3_750_763_034_362_895_579);
        assert_eq!(text_hash("/pricing"), 5_786_054_679_131_380_888);
    }
}
