//! Sorting rows by a column, as Matomo does: a second column where the first is equal.

use std::{borrow::Cow, cmp::Ordering};

use footfall_model::{Cell, DataTable, Row, Value};
use footfall_report::natural;

/// How a table is sorted; the rows below are sorted alike.
#[derive(Clone, Debug)]
struct Plan {
    first: String,
    is_ascending: bool,
    is_numeric: bool,
    second: Option<String>,
    second_ascending: bool,
    second_numeric: bool,
}

/// Sorts a table by a column, and the tables below.
pub(in crate::matomo) fn table(table: &mut DataTable, column: &str, ascending: bool) {
    if table.is_simple || column.is_empty() {
        return;
    }
    let Some(row) = table.plain_rows().next() else {
        return;
    };
    let first = [column, "nb_visits"].into_iter().find(|name| row.get(name).is_some()).unwrap_or(column).to_owned();
    let has_label = row.get("label").is_some();
    let second = if first == "nb_visits" {
        has_label.then_some("label")
    } else if row.get("nb_visits").is_some() {
        Some("nb_visits")
    } else {
        (first != "label" && has_label).then_some("label")
    };
    let plan = Plan {
        is_numeric: is_numeric(table, &first),
        second_ascending: if second == Some("label") { !ascending } else { ascending },
        second_numeric: second.is_some_and(|second| is_numeric(table, second)),
        second: second.map(str::to_owned),
        first,
        is_ascending: ascending,
    };
    sort(table, &plan);
}

fn sort(table: &mut DataTable, plan: &Plan) {
    let (summary, rows): (Vec<Row>, Vec<Row>) = std::mem::take(&mut table.rows).into_iter().partition(|row| row.is_summary);
    let (with, without): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| has_value(row, &plan.first));
    let first = |row: &Row| key(row, &plan.first, plan.is_numeric);
    let second = |row: &Row| plan.second.as_deref().map(|column| key(row, column, plan.second_numeric));
    let then = |one: &Option<Key>, two: &Option<Key>| match (one, two) {
        (Some(one), Some(two)) => order(one, two, plan.second_ascending),
        _ => Ordering::Equal,
    };
    let mut with: Vec<(Key, Option<Key>, Row)> =
        with.into_iter().map(|row| (first(&row), plan.is_numeric.then(|| second(&row)).flatten(), row)).collect();
    with.sort_by(|(first, second, one), (other_first, other_second, two)| {
        let primary = order(first, other_first, plan.is_ascending);
        primary.then_with(|| then(second, other_second)).then_with(|| by_columns(one, two))
    });
    let mut without: Vec<(Option<Key>, Row)> = without.into_iter().map(|row| (second(&row), row)).collect();
    if plan.second.is_some() {
        without.sort_by(|(second, one), (other, two)| then(second, other).then_with(|| by_columns(one, two)));
    }
    table.rows = with.into_iter().map(|(.., row)| row).collect();
    table.rows.extend(without.into_iter().map(|(_, row)| row));
    for row in &mut table.rows {
        if let Some(below) = &mut row.subtable {
            sort(below, plan);
        }
    }
    table.rows.extend(summary);
}

fn has_value(row: &Row, column: &str) -> bool {
    match row.get(column) {
        Some(Cell::Value(value)) => !value.is_null(),
        Some(Cell::Bool(held)) => *held,
        _ => false,
    }
}

/// Whether the first value there is says that the column holds numbers.
fn is_numeric(table: &DataTable, column: &str) -> bool {
    if column == "label" {
        return false;
    }
    let first = table.plain_rows().find(|row| has_value(row, column)).and_then(|row| row.get(column));
    match first {
        Some(Cell::Value(Value::Text(text))) => text.trim().parse::<f64>().is_ok(),
        Some(Cell::Value(_)) => true,
        _ => false,
    }
}

/// What a row is sorted by, read once: rows are compared many times.
enum Key {
    Number(f64),
    Text(String),
}

fn key(row: &Row, column: &str, is_numeric: bool) -> Key {
    if is_numeric { Key::Number(number(row, column)) } else { Key::Text(text(row, column).into_owned()) }
}

fn order(one: &Key, two: &Key, ascending: bool) -> Ordering {
    let order = match (one, two) {
        (Key::Number(one), Key::Number(two)) => one.total_cmp(two),
        (Key::Text(one), Key::Text(two)) => natural::compare(one, two),
        (Key::Number(_), Key::Text(_)) => Ordering::Less,
        (Key::Text(_), Key::Number(_)) => Ordering::Greater,
    };
    if ascending { order } else { order.reverse() }
}

fn number(row: &Row, column: &str) -> f64 {
    match row.get(column) {
        Some(Cell::Value(Value::Text(text))) => leading_number(text),
        Some(cell) => cell.as_f64().unwrap_or_default() + 0.0,
        None => 0.0,
    }
}

/// The number a text begins with.
fn leading_number(text: &str) -> f64 {
    let text = text.trim_start();
    let end = text.find(|sign: char| !sign.is_ascii_digit() && sign != '.' && sign != '-').unwrap_or(text.len());
    text[..end].parse().unwrap_or(0.0)
}

fn text<'a>(row: &'a Row, column: &str) -> Cow<'a, str> {
    match row.get(column) {
        Some(Cell::Value(Value::Text(text))) => Cow::Borrowed(text),
        Some(Cell::Value(Value::Int(number))) => Cow::Owned(number.to_string()),
        Some(Cell::Value(Value::Real(number))) => Cow::Owned(number.to_string()),
        _ => Cow::Borrowed(""),
    }
}

/// What decides between rows that are equal otherwise: fewer columns first, then the label, by number where both are numbers.
fn by_columns(one: &Row, two: &Row) -> Ordering {
    one.columns.len().cmp(&two.columns.len()).then_with(|| {
        let (one, two) = (text(one, "label"), text(two, "label"));
        match (one.trim().parse::<f64>(), two.trim().parse::<f64>()) {
            (Ok(first), Ok(second)) => first.total_cmp(&second),
            _ => one.cmp(&two),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(label: &str, visits: Option<i64>) -> Row {
        let mut row = Row::labelled(label);
        if let Some(visits) = visits {
            row.set("nb_visits", visits);
        }
        row
    }

    fn labels(table: &DataTable) -> Vec<&str> {
        table.rows.iter().map(Row::label).collect()
    }

    #[test]
    fn equal_rows_stand_by_label() {
        let rows = vec![row("b", Some(1)), row("A", Some(1)), row("c", Some(2)), row("x", None)];
        let mut made = DataTable { rows, ..DataTable::default() };
        table(&mut made, "nb_hits", false);
        assert_eq!(labels(&made), ["c", "A", "b", "x"]);
        table(&mut made, "label", true);
        assert_eq!(labels(&made), ["A", "b", "c", "x"]);
    }

    #[test]
    fn equal_rows_without_more_stand_by_the_number_their_label_is() {
        let rows = ["10", "9", "b", "1"].map(|label| row(label, Some(1))).to_vec();
        let mut made = DataTable { rows, ..DataTable::default() };
        made.rows.iter_mut().for_each(|row| row.set("nb_actions", 0i64));
        table(&mut made, "nb_actions", false);
        assert_eq!(labels(&made), ["1", "9", "10", "b"]);
    }

    #[test]
    fn what_was_cut_off_stays_last() {
        let others = Row { is_summary: true, ..row("Others", Some(9)) };
        let mut made = DataTable { rows: vec![others, row("a", Some(1))], ..DataTable::default() };
        table(&mut made, "nb_visits", false);
        assert_eq!(labels(&made), ["a", "Others"]);
    }
}
