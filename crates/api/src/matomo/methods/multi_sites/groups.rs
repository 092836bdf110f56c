//! `MultiSites.getAllWithGroups`: the sites as the dashboard of all websites lists them, those of a group below its sum.

use std::sync::Arc;

use footfall_model::{Access, Cell, DataTable, Name, Period, PeriodKind, Row, Value};
use footfall_report::{Periods, calculate, number, pretty};

use super::{Number, has_before, name, table, wanted, write_share};
use crate::{
    access,
    matomo::{
        Answer, Failure,
        dispatch::Call,
        metadata::{self, Dictionary},
        process::{columns, generic, sort},
        scope,
    },
};

/// All sites in groups, with what they add up to.
pub(super) async fn get(call: Call<'_>) -> Result<Answer, Failure> {
    let request = call.request;
    let (period, date) = (scope::required(request, "period")?, scope::required(request, "date")?);
    let Periods::One(period) = Periods::parse(period, date, scope::today(call.ctx, None))? else {
        return Err(Failure::new("Multiple periods are not supported"));
    };
    let sites = access::sites_with(call.caller, &call.ctx.sites, Access::View);
    let wanted = wanted(true, &[]);
    let mut rows = table(call, &sites, period, &wanted).await?.rows;
    let words = Words(metadata::dictionary(call.ctx, request));
    let totals = totals(&rows, &words);
    rows.iter_mut().for_each(|row| name(call, row));
    let mut grouped = DataTable { rows: grouped(rows), ..DataTable::default() };
    if let Some(pattern) = request.filled("pattern") {
        search(&mut grouped, &pattern.to_lowercase());
    }
    let n_sites: usize = grouped.rows.iter().map(|row| 1 + row.subtable.as_ref().map_or(0, |below| below.rows.len())).sum();
    generic::filter(request, &mut grouped);
    let ascending = request.filled("filter_sort_order").is_some_and(|order| order.eq_ignore_ascii_case("asc"));
    sort::table(&mut grouped, request.filled("filter_sort_column").unwrap_or("nb_visits"), ascending);
    let number = |name: &str| request.int(name).and_then(|number| usize::try_from(number).ok());
    let mut shown = DataTable {
        rows: cut(grouped.rows, number("filter_offset").unwrap_or(0), number("filter_limit").unwrap_or(usize::MAX)),
        ..DataTable::default()
    };
    columns::apply(request, &mut shown, &[], false);
    let shown = shown.rows.into_iter().map(|row| told(row, &wanted, &words)).collect();
    Ok(Answer::map(vec![
        ("numSites".into(), Cell::from(n_sites as i64)),
        ("totals".into(), Cell::Map(totals)),
        (
            "lastDate".into(),
            Cell::text(&if has_before(call) {
                last_date(period, footfall_report::day(date, scope::today(call.ctx, None)).ok())
            } else {
                String::new()
            }),
        ),
        ("sites".into(), Cell::List(shown)),
    ]))
}

/// What all sites add up to.
fn totals(rows: &[Row], words: &Words) -> Vec<(Name, Cell)> {
    let total =
        |name: &str| -> f64 { rows.iter().filter_map(|row| row.number(name).or_else(|| row.metadata(name)?.as_f64())).sum() };
    let plain = |name: &str| Cell::text(&words.number(&pretty::number(total(name), 2, 0)));
    vec![
        ("nb_pageviews".into(), plain("nb_pageviews")),
        ("nb_visits".into(), plain("nb_visits")),
        ("nb_actions".into(), plain("nb_actions")),
        ("revenue".into(), Cell::text(&words.money(total("revenue"), ""))),
        ("nb_visits_lastdate".into(), Cell::Value(number::number(total("previous_nb_visits")))),
    ]
}

/// The period before: the day of the one asked about, one period earlier.
fn last_date(period: Period, asked: Option<footfall_model::Day>) -> String {
    use jiff::ToSpan;
    let before = period.back(1);
    let moved = asked.and_then(|day| match period.kind {
        PeriodKind::Week => day.checked_sub(1.week()).ok(),
        PeriodKind::Month => day.checked_sub(1.month()).ok(),
        PeriodKind::Year => day.checked_sub(1.year()).ok(),
        PeriodKind::Day | PeriodKind::Range => None,
    });
    if let Some(day) = moved {
        return day.to_string();
    }
    match period.kind {
        // Of a range nobody knows what came before it.
        PeriodKind::Range => String::new(),
        _ => before.days.first().to_string(),
    }
}

/// The sites, those of a group below a row that sums them up, changes included.
fn grouped(rows: Vec<Row>) -> Vec<Row> {
    let mut groups: Vec<Row> = Vec::new();
    for row in rows {
        let group = row.metadata("group").and_then(Cell::as_str).unwrap_or_default().to_owned();
        if group.is_empty() {
            groups.push(row);
            continue;
        }
        let known = groups.iter().position(|known| known.subtable.is_some() && known.label() == group);
        let at = known.unwrap_or_else(|| {
            let mut sum = Row { subtable: Some(Box::default()), ..Row::labelled(Value::text(&group)) };
            sum.set_metadata("isGroup", 1i64);
            groups.push(sum);
            groups.len() - 1
        });
        calculate::sum_rows(&mut groups[at], &row);
        groups[at].subtable.get_or_insert_default().rows.push(row);
    }
    groups
}

/// Keeps what a text is in: a group as long as its name matches or one of its sites does, a site also where its group does.
fn search(table: &mut DataTable, pattern: &str) {
    let matches = |text: &str| text.to_lowercase().contains(pattern);
    table.rows.retain_mut(|row| match &mut row.subtable {
        Some(below) => {
            search(below, pattern);
            !below.rows.is_empty() || matches(row.label())
        }
        None => matches(row.label()) || row.metadata("group").and_then(Cell::as_str).is_some_and(matches),
    });
}

/// The rows of one page, sites below their group. Where a page begins within a group, that stands before it.
fn cut(rows: Vec<Row>, offset: usize, limit: usize) -> Vec<Row> {
    let mut flat: Vec<Row> = Vec::new();
    for mut row in rows {
        let below = row.subtable.take();
        flat.push(row);
        flat.extend(below.into_iter().flat_map(|below| below.rows));
    }
    let group = flat.iter().take(offset).rfind(|row| row.metadata("isGroup").is_some()).cloned();
    let mut page: Vec<Row> = flat.into_iter().skip(offset).take(limit).collect();
    let belongs = |group: &Row| {
        page.first().and_then(|row| row.metadata("group")).and_then(Cell::as_str).is_some_and(|of| of == group.label())
    };
    if let Some(group) = group.filter(belongs) {
        page.insert(0, group);
    }
    page
}

/// A row as its named values, as people read them.
fn told(mut row: Row, wanted: &[&Number], words: &Words) -> Cell {
    wanted.iter().for_each(|number| write_share(&mut row, number));
    let sign = row.metadata("currencySymbol").and_then(Cell::as_str).unwrap_or_default().to_owned();
    // Sums of a group stay numbers: its sites may have several currencies.
    let is_group = row.metadata("isGroup").is_some();
    let mut entries: Vec<(Name, Cell)> = Vec::new();
    for (name, cell) in row.columns {
        let cell = match (name.as_ref(), cell.as_f64(), cell.as_str()) {
            ("revenue", Some(value), _) if !is_group => Cell::text(&words.money(value, &sign)),
            ("nb_visits" | "nb_actions" | "nb_pageviews", Some(value), _) if !is_group => {
                Cell::text(&words.number(&pretty::number(value, 0, 0)))
            }
            (name, _, Some(share)) if name.ends_with("_evolution") => Cell::text(&words.share(share)),
            _ => cell,
        };
        entries.push((name, cell));
    }
    entries.extend(row.metadata);
    Cell::Map(entries)
}

/// How numbers are written in the language of a request.
struct Words(Option<Arc<Dictionary>>);

impl Words {
    fn number(&self, english: &str) -> String {
        self.0.as_ref().map_or_else(|| english.to_owned(), |words| words.number(english))
    }

    fn share(&self, english: &str) -> String {
        self.0.as_ref().and_then(|words| words.share(english)).unwrap_or_else(|| english.to_owned())
    }

    /// Money with the sign of its currency; without one where it is of none.
    fn money(&self, value: f64, sign: &str) -> String {
        let english = || pretty::money(value, sign);
        self.0.as_ref().and_then(|words| words.money(value, "", sign)).unwrap_or_else(english)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(label: &str, group: &str, visits: i64, change: f64) -> Row {
        let mut row = Row::labelled(Value::text(label));
        row.set("nb_visits", visits);
        row.set("visits_evolution", number::number(change));
        row.set_metadata("group", Value::text(group));
        row
    }

    fn labels(rows: &[Row]) -> Vec<&str> {
        rows.iter().map(Row::label).collect()
    }

    fn three() -> Vec<Row> {
        grouped(vec![site("Shop", "", 62, 1.0), site("Second", "grp", 8, 1.0), site("Ins", "grp", 125, 0.5)])
    }

    #[test]
    fn groups_sum_up_their_sites_and_how_they_changed() {
        let rows = three();
        assert_eq!(labels(&rows), ["Shop", "grp"]);
        assert_eq!((rows[1].number("nb_visits"), rows[1].number("visits_evolution")), (Some(133.0), Some(1.5)));
        assert_eq!(labels(&rows[1].subtable.as_ref().unwrap().rows), ["Second", "Ins"]);
    }

    #[test]
    fn a_page_that_begins_within_a_group_shows_the_group() {
        assert_eq!(labels(&cut(three(), 0, 2)), ["Shop", "grp"]);
        assert_eq!(labels(&cut(three(), 2, 1)), ["grp", "Second"]);
        assert_eq!(labels(&cut(three(), 1, 9)), ["grp", "Second", "Ins"]);
    }

    #[test]
    fn groups_are_found_by_their_name_and_by_their_sites() {
        let found = |pattern: &str| {
            let mut table = DataTable { rows: three(), ..DataTable::default() };
            search(&mut table, pattern);
            labels(&cut(table.rows, 0, 9)).iter().map(|label| (*label).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found("ins"), ["grp", "Ins"]);
        assert_eq!(found("grp"), ["grp", "Second", "Ins"]);
        assert_eq!(found("sho"), ["Shop"]);
    }
}
