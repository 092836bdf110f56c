use footfall_model::DataTable;

use crate::Slice;

/// What a report answers: one table, or one for each site, each period, or each period of each site.
#[derive(Clone, Debug)]
pub enum Tables {
    /// One table and what it is about.
    One(Box<Sheet>),
    /// A table for each site or period, in order.
    Each {
        /// What the keys are: `idSite` or `date`.
        by: &'static str,
        /// Keys with their tables.
        tables: Vec<(String, Tables)>,
    },
}

/// A table and what it is about.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The table.
    pub table: DataTable,
    /// The site, period and segment it was made for; `None` where it was made for several.
    pub slice: Option<Slice>,
}

impl Tables {
    /// A table that is about nothing in particular.
    pub fn of(table: DataTable) -> Tables {
        Tables::One(Box::new(Sheet { table, slice: None }))
    }

    /// Hands every table over, in order.
    pub fn each(&mut self, take: &mut dyn FnMut(&mut Sheet)) {
        match self {
            Tables::One(sheet) => take(sheet),
            Tables::Each { tables, .. } => {
                for (_, tables) in tables {
                    tables.each(take);
                }
            }
        }
    }

    /// Every table, in order.
    pub fn sheets(&self) -> Vec<&Sheet> {
        match self {
            Tables::One(sheet) => vec![sheet],
            Tables::Each { tables, .. } => tables.iter().flat_map(|(_, tables)| tables.sheets()).collect(),
        }
    }

    /// The first table.
    pub fn first(&self) -> Option<&Sheet> {
        match self {
            Tables::One(sheet) => Some(sheet),
            Tables::Each { tables, .. } => tables.iter().find_map(|(_, tables)| tables.first()),
        }
    }
}
