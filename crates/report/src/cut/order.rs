//! The order rows have when a table is cut: the most visits first; what has as many stands as PHP compares rows.

use std::cmp::Ordering;

use footfall_model::{DataTable, Row};

use crate::natural;

/// Sorts a table, but not those below. What has no visits at all stands by its label.
pub(super) fn by_visits(table: &mut DataTable) {
    table.rows.sort_by(|one, two| {
        let visits = |row: &Row| (!row.is_summary).then(|| row.number("nb_visits")).flatten();
        match (visits(one), visits(two)) {
            (Some(first), Some(second)) => second.total_cmp(&first).then_with(|| rows(one, two)),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => one.is_summary.cmp(&two.is_summary).then_with(|| natural::compare(one.label(), two.label())),
        }
    });
}

/// Fewer columns first, then the lesser label; labels that are numbers compare as numbers.
fn rows(one: &Row, two: &Row) -> Ordering {
    one.columns.len().cmp(&two.columns.len()).then_with(|| {
        let (one, two) = (one.label(), two.label());
        match (number(one), number(two)) {
            (Some(first), Some(second)) => first.total_cmp(&second),
            _ => one.cmp(two),
        }
    })
}

fn number(label: &str) -> Option<f64> {
    let starts = label.trim_start().starts_with(|sign: char| sign.is_ascii_digit() || matches!(sign, '-' | '+' | '.'));
    label.trim().parse().ok().filter(|_| starts)
}

#[cfg(test)]
mod tests {
    use footfall_model::Value;

    use super::*;

    #[test]
    fn ties_are_decided_by_the_label() {
        let row = |label: &str, visits: Option<i64>| {
            let mut row = Row::labelled(Value::text(label));
            if let Some(visits) = visits {
                row.set("nb_visits", visits);
            }
            row
        };
        let rows = vec![
            Row { is_summary: true, ..row("Others", Some(9)) },
            row("None", None),
            row("a10", None),
            row("a9", None),
            row("keyword20", Some(1)),
            row("keyword100", Some(1)),
            row("9", Some(2)),
            row("10", Some(2)),
        ];
        let mut table = DataTable { rows, ..DataTable::default() };
        by_visits(&mut table);
        let labels: Vec<&str> = table.rows.iter().map(Row::label).collect();
        assert_eq!(labels, ["9", "10", "keyword100", "keyword20", "a9", "a10", "None", "Others"]);
    }
}
