use footfall_model::GoalId;

/// How a report is asked for, beyond what it is about.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether the rows below the rows are wanted too.
    pub expanded: bool,
    /// Whether the rows below the rows have no part in the answer.
    pub only_top: bool,
    /// Whether the answer is to be made flat.
    pub flat: bool,
    /// The rows that alone have a part in the answer; `None` where all have.
    pub first: Option<First>,
    /// The row whose rows below are wanted.
    pub subtable: Option<u64>,
    /// The goal it is about.
    pub goal: Option<GoalId>,
    /// Whether the goal is given by its number. Orders that are have no columns of their own.
    pub goal_by_number: bool,
    /// The custom dimension it is about.
    pub dimension: Option<u32>,
    /// What the rows below are to be, where there is a choice.
    pub secondary: Option<String>,
    /// What left carts are wanted for, and not orders.
    pub abandoned_carts: bool,
    /// The one page, title or link that is looked for.
    pub label: Option<String>,
    /// Whether the answer is one table, and not one for each of several sites or periods.
    pub is_single: bool,
    /// Whether the answer has a table for each of several periods.
    pub is_by_date: bool,
    /// Whether the answer has a table for each of several sites.
    pub is_by_site: bool,
    /// The one kind of referrer that is wanted, by Matomo's number.
    pub referrer_type: Option<String>,
    /// How many levels of rows below rows are wanted.
    pub depth: Option<u32>,
    /// Whether every goal's numbers are wanted beside the sums.
    pub every_goal: bool,
    /// Whether custom variables that once stood for something of Matomo's own are wanted too.
    pub reserved_variables: bool,
    /// Only these columns are wanted; empty means all.
    pub columns: Vec<String>,
    /// Columns that are not wanted, of the reports too that a report is made of.
    pub hidden: Vec<String>,
}

/// The first rows of a table that is sorted by a column of numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct First {
    /// The column.
    pub column: String,
    /// Whether the least comes first.
    pub ascending: bool,
    /// How many rows.
    pub n: usize,
}
