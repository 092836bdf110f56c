use footfall_model::{DataTable, Error, Row};
use futures::future::BoxFuture;

use crate::{Limited, Options, Processed, Reader, Slice};

/// A report: a name, what its rows are, its metrics, and how its table is made. Pure data but for the functions it names.
///
/// Titles and names are Matomo's, since its clients show and send them.
pub struct Report {
    /// The module, such as `Actions`.
    pub module: &'static str,
    /// The action, such as `getPageUrls`.
    pub action: &'static str,
    /// What a person reads.
    pub title: &'static str,
    /// One or two sentences that explain it.
    pub doc: &'static str,
    /// The id of its category in Matomo's menu, such as `General_Actions`.
    pub category: &'static str,
    /// The id of its place within the category; empty where it has none.
    pub subcategory: &'static str,
    /// Its place among the reports of its category.
    pub order: u32,
    /// What its rows are, as a person reads it; `None` where it is a list of numbers.
    pub dimension: Option<&'static str>,
    /// The name of that for machines, such as `Actions.PageUrl`; empty where it is a list of numbers.
    pub dimension_id: &'static str,
    /// The columns it shows, in order.
    pub metrics: &'static [&'static str],
    /// The metrics that are worked out for it.
    pub processed: &'static [Processed],
    /// Metrics that are worked out for its own rows only, not for those below.
    pub root_processed: &'static [Processed],
    /// Metrics it can be asked to show beside, by name.
    pub processed_names: &'static [&'static str],
    /// Whether its rows carry the goals' metrics too.
    pub has_goals: bool,
    /// Whether its rows are always the same, such as the hours of a day.
    pub constant_rows: bool,
    /// The action that gives the rows below a row (`idSubtable`).
    pub subtable: Option<&'static str>,
    /// Other actions that give them, by the second dimension that is asked for (`secondaryDimension`).
    pub other_subtables: &'static [(&'static str, &'static str)],
    /// Whether it is itself such an action and stays out of the menu.
    pub is_subtable: bool,
    /// The column it is sorted by unless asked otherwise; empty leaves it as made.
    pub sort: &'static str,
    /// Whether the least comes first.
    pub ascending: bool,
    /// What stands between the labels of a row and the row above where the table is made flat.
    pub separator: &'static str,
    /// Whether it can be made flat.
    pub flattens: bool,
    /// The name of its dimension in segments; empty where it has none.
    pub segment: &'static str,
    /// What the keys of several periods are called.
    pub by_date: &'static str,
    /// Whether it is no report of the menu but a method that reads a table alike.
    pub is_hidden: bool,
    /// Whether, of several sites, each is answered with the first of its periods that has anything.
    pub one_period_a_site: bool,
    /// Whether a list of nothing but zeros is shown even beside other periods or sites: the report leaves out itself what it has not.
    pub keeps_zeros: bool,
    /// What the row that sums up what was cut off has beside its numbers.
    pub others: fn(&mut Row, &Options),
    /// The same of the tables below its rows.
    pub others_below: fn(&mut Row, &Options),
    /// Whether its longer periods are added up of days wherever reports are cut as Matomo's are: the order of its rows hangs on it.
    pub by_days: bool,
    /// Whose row limits hold for it where reports are cut as Matomo's are.
    pub limited: Limited,
    /// Makes the table for one slice.
    pub make: Make,
    /// What happens to the table after sorting and cutting.
    pub queued: &'static [Step],
    /// What the tables of several periods have to know of each other.
    pub among: Option<Among>,
}

/// Changes the tables of several periods together.
pub type Among = fn(&mut [&mut DataTable]);

/// Makes a table for one slice.
pub type Make = for<'a> fn(&'a Ask<'a>) -> BoxFuture<'a, Result<DataTable, Error>>;

/// Changes a table as a whole.
pub type Step = fn(&mut DataTable, &Ask<'_>);

/// A report that is to be made, for what, and how.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    /// What it is made with.
    pub reader: &'a Reader,
    /// Which report.
    pub report: &'static Report,
    /// What it is about.
    pub slice: &'a Slice,
    /// How.
    pub options: &'a Options,
}

impl Ask<'_> {
    /// The rows below the row that is asked for, with its label; none where there is no such row.
    pub fn below(&self, table: DataTable) -> (String, DataTable) {
        let Some(id) = self.options.subtable else {
            return (String::new(), DataTable::default());
        };
        find_below(table, id).unwrap_or_default()
    }
}

fn find_below(table: DataTable, id: u64) -> Option<(String, DataTable)> {
    for row in table.rows {
        if row.subtable_id == Some(id) {
            let label = row.label().to_owned();
            return row.subtable.map(|below| (label, *below));
        }
        if let Some(below) = row.subtable
            && let Some(found) = find_below(*below, id)
        {
            return Some(found);
        }
    }
    None
}

impl Report {
    /// What reports have in common; never used as it stands.
    pub const BASE: Report = Report {
        module: "",
        action: "",
        title: "",
        doc: "",
        category: "",
        subcategory: "",
        order: 0,
        dimension: None,
        dimension_id: "",
        metrics: &["nb_visits", "nb_uniq_visitors", "nb_actions", "nb_users"],
        processed: &[],
        root_processed: &[],
        processed_names: &["nb_actions_per_visit", "avg_time_on_site", "bounce_rate"],
        has_goals: false,
        constant_rows: false,
        subtable: None,
        other_subtables: &[],
        is_subtable: false,
        sort: "nb_visits",
        ascending: false,
        separator: " - ",
        flattens: true,
        segment: "",
        by_date: "date",
        is_hidden: false,
        one_period_a_site: false,
        keeps_zeros: false,
        others: |_, _| (),
        others_below: |_, _| (),
        by_days: false,
        limited: Limited::Never,
        make: |_| Box::pin(async { Ok(DataTable::default()) }),
        queued: &[],
        among: None,
    };

    /// The name of its method, such as `Actions.getPageUrls`.
    pub fn method(&self) -> String {
        format!("{}.{}", self.module, self.action)
    }

    /// The action that gives the rows below a row, where this second dimension is asked for.
    pub fn rows_below(&self, secondary: Option<&str>) -> Option<&'static str> {
        let other = self.other_subtables.iter().find(|(by, _)| secondary == Some(*by)).map(|(_, action)| *action);
        other.or(self.subtable)
    }
}

impl std::fmt::Debug for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.module, self.action)
    }
}

/// Does something to every row and to those below.
pub fn each_row(table: &mut DataTable, mut change: impl FnMut(&mut Row)) {
    table.each_row(&mut change);
}
