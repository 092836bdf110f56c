//! Long reports of more than a day as Matomo's archives have them: made and cut day by day, then added up and cut again for each
//! longer period.

use footfall_model::{
    Aggregate, Cell, DataTable, DateRange, Day, Error, Fact, HitRow, Key, Measure, Period, PeriodKind, Row, TimePart, VisitRow,
};
use futures::future::{BoxFuture, FutureExt};
use jiff::ToSpan;

use super::Limits;
use crate::{Ask, Slice, calculate};

/// A report that is made for each of its periods.
#[derive(Clone, Copy)]
pub(super) struct Archive<'a> {
    pub(super) ask: &'a Ask<'a>,
    pub(super) limits: Limits,
}

impl Archive<'_> {
    /// The table of a slice, put together from its days.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub(super) async fn table(self, slice: &Slice) -> Result<DataTable, Error> {
        let days = self.days(slice).await?;
        let mut table = self.period(slice, &days).await?;
        number(&mut table, &mut 1);
        Ok(table)
    }

    fn period<'a>(self, slice: &'a Slice, days: &'a [Day]) -> BoxFuture<'a, Result<DataTable, Error>>
    where
        Self: 'a,
    {
        async move {
            let mut table = DataTable::default();
            if slice.period.kind == PeriodKind::Day {
                let ask = Ask { slice, ..*self.ask };
                table = (ask.report.make)(&ask).await?;
                super::day(&mut table, self.limits);
                return Ok(table);
            }
            for part in parts(slice.period) {
                if days.iter().any(|day| (part.days.first()..=part.days.last()).contains(day)) {
                    let slice = Slice { period: part, ..slice.clone() };
                    let below = self.period(&slice, days).await?;
                    add(&mut table, below, part.kind == PeriodKind::Day);
                }
            }
            super::period(&mut table, self.limits);
            Ok(table)
        }
        .boxed()
    }

    /// The days on which anything happened.
    async fn days(self, slice: &Slice) -> Result<Vec<Day>, Error> {
        let mut days = Vec::new();
        for (fact, column) in [(Fact::Hits, HitRow::column("at")), (Fact::Visits, VisitRow::column("last_at"))] {
            let Some(column) = column else { continue };
            let mut query = slice.query(fact);
            query.filter = self.ask.reader.segment_filter(slice)?;
            query.keys = vec![Key::Clock(column, TimePart::Day)];
            query.measures = vec![Measure::new("n", Aggregate::Count)];
            let rows = self.ask.reader.ask(&query).await?.rows;
            days.extend(rows.iter().filter_map(|row| row[0].as_str()?.parse::<Day>().ok()));
        }
        Ok(days)
    }
}

/// The periods that one is added up from: years, months and weeks where they lie within it, else days.
fn parts(period: Period) -> Vec<Period> {
    let (kinds, last): (&[PeriodKind], Day) = match period.kind {
        PeriodKind::Day | PeriodKind::Week => (&[], period.days.last()),
        PeriodKind::Month => (&[PeriodKind::Week], period.days.last()),
        PeriodKind::Year => (&[PeriodKind::Month], period.days.last()),
        PeriodKind::Range => (&[PeriodKind::Year, PeriodKind::Month, PeriodKind::Week], period.days.last()),
    };
    let mut parts = Vec::new();
    let mut next = Some(period.days.first());
    while let Some(first) = next.filter(|first| *first <= last) {
        let whole = kinds.iter().map(|kind| kind.around(first));
        let whole = whole.into_iter().find(|part| part.days.first() == first && part.days.last() <= last);
        let part = whole.unwrap_or(Period { kind: PeriodKind::Day, days: DateRange::day(first) });
        next = part.days.last().checked_add(1.day()).ok();
        parts.push(part);
    }
    parts
}

/// What unique visitors and users of days are called where days are added up.
const RENAMED: [(&str, &str); 4] = [
    ("nb_uniq_visitors", "sum_daily_nb_uniq_visitors"),
    ("nb_users", "sum_daily_nb_users"),
    ("entry_nb_uniq_visitors", "sum_daily_entry_nb_uniq_visitors"),
    ("exit_nb_uniq_visitors", "sum_daily_exit_nb_uniq_visitors"),
];

/// Adds a part's rows to those of the same label. What belongs to a row stays as the first part has it.
fn add(table: &mut DataTable, part: DataTable, is_day: bool) {
    for mut row in part.rows {
        row.text_sums.clear();
        if is_day {
            for (name, sum) in RENAMED {
                row.columns.rename(name, sum);
            }
        }
        let below = row.subtable.take();
        let same = |known: &Row| known.is_summary == row.is_summary && known.get("label") == row.get("label");
        let at = match table.rows.iter().position(same) {
            Some(at) => {
                calculate::sum_rows(&mut table.rows[at], &row);
                join_lists(&mut table.rows[at], &row);
                at
            }
            None => {
                table.rows.push(row);
                table.rows.len() - 1
            }
        };
        super::renew(&mut table.rows[at]);
        if let Some(below) = below {
            add(table.rows[at].subtable.get_or_insert_default(), *below, is_day);
        }
    }
}

/// Lists beside a row, such as the numbers of a custom variable, are joined; what stands in both stands once.
fn join_lists(row: &mut Row, other: &Row) {
    for (name, cell) in &other.metadata {
        let held = row.metadata.iter_mut().find(|(known, _)| known == name);
        if let (Some((_, Cell::List(held))), Cell::List(more)) = (held, cell) {
            let new: Vec<Cell> = more.iter().filter(|cell| !held.contains(cell)).cloned().collect();
            held.extend(new);
        }
    }
}

/// Numbers the tables below rows, those above before those below, in order.
fn number(table: &mut DataTable, next: &mut u64) {
    for row in &mut table.rows {
        row.subtable_id = None;
        if let Some(below) = &mut row.subtable {
            row.subtable_id = Some(*next);
            *next += 1;
            number(below, next);
        }
    }
}

#[cfg(test)]
mod tests {
    use footfall_model::Value;
    use jiff::civil::date;

    use super::*;

    fn keys(kind: PeriodKind, first: Day, last: Day) -> Vec<String> {
        parts(Period { kind, days: DateRange::new(first, last).unwrap() }).iter().map(|part| part.key()).collect()
    }

    #[test]
    fn periods_are_made_of_the_largest_that_fit() {
        let month = keys(PeriodKind::Month, date(2026, 2, 1), date(2026, 2, 28));
        assert_eq!(month.len(), 10);
        assert_eq!(month[..2], ["2026-02-01", "2026-02-02,2026-02-08"]);
        assert_eq!(month[4..6], ["2026-02-23", "2026-02-24"]);
        assert_eq!(keys(PeriodKind::Year, date(2026, 1, 1), date(2026, 12, 31)).len(), 12);
        let range = keys(PeriodKind::Range, date(2025, 12, 31), date(2026, 2, 3));
        assert_eq!(range, ["2025-12-31", "2026-01", "2026-02-01", "2026-02-02", "2026-02-03"]);
    }

    #[test]
    fn parts_are_added_by_label() {
        let row = |label: &str, visits: i64, visitors: i64| {
            let mut row = Row::labelled(Value::text(label));
            row.set("nb_visits", visits);
            row.set("nb_uniq_visitors", visitors);
            row
        };
        let table = |rows: Vec<Row>| DataTable { rows, ..DataTable::default() };
        let others = Row { is_summary: true, ..row("Others", 5, 5) };
        let slots = |numbers: &[i64]| Cell::List(numbers.iter().map(|number| Cell::from(*number)).collect());
        let with = |mut row: Row, numbers: &[i64]| {
            row.set_metadata("slots", slots(numbers));
            row
        };
        let mut sum = DataTable::default();
        add(&mut sum, table(vec![with(row("b", 2, 1), &[1, 3]), others.clone()]), true);
        add(&mut sum, table(vec![row("a", 1, 1), with(row("b", 3, 2), &[3, 2]), others]), true);
        assert_eq!(sum.rows[0].metadata("slots"), Some(&slots(&[1, 3, 2])));
        let shown: Vec<_> = sum
            .rows
            .iter()
            .map(|row| (row.label(), row.number("nb_visits"), row.number("sum_daily_nb_uniq_visitors"), row.is_summary))
            .collect();
        assert_eq!(
            shown,
            [("b", Some(5.0), Some(3.0), false), ("Others", Some(10.0), Some(10.0), true), ("a", Some(1.0), Some(1.0), false)]
        );
    }
}
