use footfall_model::{Column, Fact, SiteId, Text, TimeRange, Value};

/// Other values in the place of those that rows hold: what is known of people can be taken away without their visits.
#[derive(Clone, Debug)]
pub struct Rewrite {
    /// What the rows are.
    pub fact: Fact,
    /// The sites; none is none.
    pub sites: Vec<SiteId>,
    /// The moments: when a visit's last action was, when anything else happened.
    pub range: TimeRange,
    /// What is done to each of the rows, one after the other.
    pub changes: Vec<Change>,
}

/// One change of a row.
#[derive(Clone, Debug)]
pub enum Change {
    /// A column holds this afterwards.
    Put(Column, Value),
    /// Where a column holds one of these texts, others hold the values beside it afterwards; other rows stay as they are.
    Replace {
        /// The column that is looked at.
        by: Column,
        /// The columns that change; `by` may be among them.
        columns: Vec<Column>,
        /// What `by` may hold, each once, with a value for each of the columns.
        rows: Vec<(Text, Vec<Value>)>,
    },
    /// Properties are taken out of a column of kind [`footfall_model::Kind::Props`].
    Drop(Column, Vec<Text>),
}

impl Rewrite {
    /// The column that holds a row's moment.
    pub fn moment(&self) -> &'static str {
        match self.fact {
            Fact::Visits => "last_at",
            Fact::Hits | Fact::Conversions | Fact::Items => "at",
        }
    }
}
