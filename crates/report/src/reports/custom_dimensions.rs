//! Custom dimensions of a site.

use footfall_model::{
    Aggregate, Cell, CustomDimension, CustomScope, DataTable, Error, Fact, Filter, Key, Measure, Op, PeriodKind, Row, Segment,
    Text, Unit, Value,
};

use crate::{
    Ask, Limited, Processed, Report, calculate, number,
    record::{
        actions::hit,
        breakdown::{encode, is_sent},
        timings::{TIMINGS, Timing, timing_measures},
        tree::{Join, Tree},
        visits::{self, name_in},
    },
};

/// Visits or actions by the value of a custom dimension.
pub const GET: Report = Report {
    module: "CustomDimensions",
    action: "getCustomDimension",
    title: "Custom Dimensions",
    doc: "The values that a custom dimension had.",
    category: "CustomDimensions_CustomDimensions",
    dimension: Some("Custom Dimension"),
    dimension_id: "CustomDimension.CustomDimension",
    subtable: Some("getCustomDimension"),
    processed: &PROCESSED,
    processed_names: &[],
    order: 100,
    make: |ask| Box::pin(get(ask)),
    limited: Limited::CustomDimensions,
    others: |row, options| {
        let segment = format!("dimension{}==-1", options.dimension.unwrap_or_default());
        row.set_metadata("segment", Cell::text(&segment));
    },
    ..Report::BASE
};

/// What is worked out of visits, and of actions. Only one of the two has the columns.
const PROCESSED: [Processed; 5] = [
    Processed {
        compute: |row| of_visits(row).then(|| (calculate::TIME_ON_SITE.compute)(row)).flatten(),
        ..calculate::TIME_ON_SITE
    },
    Processed {
        compute: |row| of_visits(row).then(|| (calculate::ACTIONS_PER_VISIT.compute)(row)).flatten(),
        ..calculate::ACTIONS_PER_VISIT
    },
    calculate::BOUNCE_RATE,
    Processed::new(
        "avg_time_on_dimension",
        "Avg. time on dimension",
        "How long the value was stayed on, on average.",
        Unit::Seconds,
        &["sum_time_spent", "nb_hits"],
        |row| row.get("sum_time_spent").and_then(|_| calculate::ratio(row, "sum_time_spent", "nb_hits", 0)),
    ),
    Processed::new(
        "exit_rate",
        "Exit rate",
        "The share of visits that ended with the value.",
        Unit::Percent,
        &["exit_nb_visits", "nb_visits"],
        |row| row.get("exit_nb_visits").and_then(|_| calculate::ratio(row, "exit_nb_visits", "nb_visits", 2)),
    ),
];

fn of_visits(row: &Row) -> bool {
    row.get("sum_time_spent").is_none()
}

const NO_VALUE: &str = "Value not defined";

/// The custom dimension a request is about.
///
/// # Errors
/// When the site has none of this number, or it is not active.
pub fn wanted<'a>(ask: &'a Ask<'_>) -> Result<&'a CustomDimension, Error> {
    let id = ask.options.dimension.unwrap_or_default();
    let site = &ask.slice.site;
    let dimension = site
        .dimensions
        .iter()
        .find(|dimension| dimension.id == id)
        .ok_or_else(|| Error::invalid(format!("Dimension {id} for website {} does not exist.", site.id)))?;
    if !dimension.active {
        return Err(Error::invalid(format!("Dimension {id} for website {} is not active.", site.id)));
    }
    Ok(dimension)
}

async fn get(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let dimension = wanted(ask)?;
    let name = format!("dimension{}", dimension.id);
    let tree = match dimension.scope {
        CustomScope::Visit => by_visits(ask, dimension).await?,
        CustomScope::Action => by_actions(ask, dimension).await?,
    };
    let mut table = tree.into_table();
    table.each_row(&mut name_timings);
    if !names_people(ask, &table).await? {
        table.each_row(&mut |row| {
            row.remove("nb_users");
        });
    }
    if ask.options.subtable.is_some() {
        let (value, mut rows) = ask.below(table);
        name_pages(&mut rows, &segment_of(&name, &value));
        return Ok(rows);
    }
    for row in &mut table.rows {
        let value = row.label().to_owned();
        let segment = segment_of(&name, &value);
        // Below a value that is nothing in PHP, pages have no segment of their own.
        if let Some(below) = &mut row.subtable
            && value != NO_VALUE
            && value != "0"
        {
            name_pages(below, &segment);
        }
        row.set_metadata("segment", Cell::text(&segment));
    }
    Ok(table)
}

/// Says which segment each page below a value is, and its address.
fn name_pages(table: &mut DataTable, value: &str) {
    for row in &mut table.rows {
        let url = encode(row.label());
        row.set_metadata("segment", Cell::text(&format!("{value};actionUrl=${url}")));
        row.set_metadata("url", Cell::text(&url));
    }
}

/// Whether any visit of the table, or of the site in this month, is of somebody the site named; nobody is counted where not.
async fn names_people(ask: &Ask<'_>, table: &DataTable) -> Result<bool, Error> {
    if table.rows.iter().any(|row| row.number("nb_users").is_some_and(|users| users > 0.0)) {
        return Ok(true);
    }
    let mut slice = ask.slice.clone();
    slice.segment = std::sync::Arc::new(Segment::default());
    if matches!(slice.period.kind, PeriodKind::Day | PeriodKind::Week) {
        slice.period = PeriodKind::Month.around(slice.period.days.first());
    }
    let named = Filter::test(Key::Column(visits::column("user_id")), Op::IsNot, vec![Value::Null]);
    let counted = Measure::new("named", Aggregate::Count).only(named);
    let numbers = visits::numbers(ask.reader, &slice, vec![counted]).await?;
    Ok(numbers.iter().any(|(_, value)| value.as_i64().is_some_and(|visits| visits > 0)))
}

/// Where nothing was timed the times are 0, and the columns say so.
fn name_timings(row: &mut Row) {
    if row.get("sum_time_spent").is_none() {
        return;
    }
    for timing in TIMINGS {
        for name in [timing.sum, timing.least, timing.most] {
            if row.get(name).is_none() {
                row.set(name, 0i64);
            }
        }
    }
}

/// What the value is in a segment; nothing where it is not defined.
fn segment_of(name: &str, value: &str) -> String {
    if value == NO_VALUE { format!("{name}==") } else { is_sent(name, value) }
}

fn label(value: &Value) -> Text {
    match value.as_str() {
        Some(text) if !text.is_empty() => Text::from(text),
        _ => Text::from(NO_VALUE),
    }
}

async fn by_visits(ask: &Ask<'_>, dimension: &CustomDimension) -> Result<Tree, Error> {
    let mut tree = Tree::new(visits::columns(ask.slice.period));
    if ask.reader.tells_text_sums(ask.slice) {
        tree = tree.telling_text_sums(&visits::RANKED_TEXT_SUMS);
    }
    let slot = |fact| ask.reader.catalogue.slot(fact, dimension.slot);
    let (Some(of_visits), Some(of_conversions)) = (slot(Fact::Visits), slot(Fact::Conversions)) else {
        return Ok(tree);
    };
    for group in visits::by(ask.reader, ask.slice, &[Key::Column(of_visits)]).await? {
        // A value that was sent empty is one that is not defined; where none was sent there is no row.
        if group.keys[0].is_null() {
            continue;
        }
        let at = tree.row(None, &label(&group.keys[0]));
        visits::add(&mut tree, at, &group);
    }
    // What was reached counts for the value that the visit had at that moment.
    for reached in visits::reached_by(ask.reader, ask.slice, &[Key::Column(of_conversions)]).await? {
        if !reached.keys[0].is_null() {
            let at = tree.row(None, &label(&reached.keys[0]));
            tree.add_goal(at, reached.goal, &reached.metrics);
        }
    }
    Ok(tree)
}

const TIME_SPENT: usize = 3;
const EXITS: usize = 5;

async fn by_actions(ask: &Ask<'_>, dimension: &CustomDimension) -> Result<Tree, Error> {
    let mut columns = vec![
        ("nb_visits".into(), Join::Sum),
        (name_in(ask.slice.period, "nb_uniq_visitors"), Join::Sum),
        ("nb_hits".into(), Join::Sum),
        ("sum_time_spent".into(), Join::Sum),
        ("bounce_count".into(), Join::Sum),
        ("exit_nb_visits".into(), Join::Sum),
    ];
    columns.extend(TIMINGS.into_iter().flat_map(Timing::columns));
    let mut tree = Tree::new(columns);
    let Some(column) = ask.reader.catalogue.slot(Fact::Hits, dimension.slot) else {
        return Ok(tree);
    };
    let mut query = ask.slice.query(Fact::Hits);
    let segment = ask.reader.segment_filter(ask.slice)?;
    // A value that was sent empty counts as one; a condition could not tell it from one that was not sent.
    query.filter = segment.clone();
    query.keys = vec![Key::Column(column), Key::Column(hit("url"))];
    query.measures = vec![
        Measure::new("nb_visits", Aggregate::Visits),
        Measure::new("nb_uniq_visitors", Aggregate::DailyVisitors),
        Measure::new("nb_hits", Aggregate::Count),
        Measure::new("bounce_count", Aggregate::Count).only(visits::single_action()),
    ];
    query.measures.extend(timing_measures());
    query.order = vec![footfall_model::Order::Measure { name: "nb_hits".into(), descending: true }];
    for row in ask.reader.ask(&query).await?.rows {
        if row[0].is_null() {
            continue;
        }
        let values = [&row[2], &row[3], &row[4]].map(Clone::clone);
        let mut rest = vec![Value::Int(0), row[5].clone(), Value::Int(0)];
        rest.extend(row[6..].iter().map(|value| match value.as_f64() {
            Some(milliseconds) => number::number(number::round(milliseconds / 1000.0, 3)),
            None => Value::Null,
        }));
        for timing in 0..TIMINGS.len() {
            // How many were timed is a count and no time.
            rest[3 + timing * 4 + 1] = row[6 + timing * 4 + 1].clone();
        }
        let at = tree.row(None, &label(&row[0]));
        tree.add(at, 0, &values);
        tree.add(at, TIME_SPENT, &rest);
        if let Some(url) = row[1].as_str().filter(|url| !url.is_empty()) {
            let at = tree.row(Some(at), &Text::from(without_prefix(url)));
            tree.add(at, 0, &values);
            tree.add(at, TIME_SPENT, &rest);
        }
    }
    add_order(ask, segment, column, &mut tree).await?;
    Ok(tree)
}

/// What only the order of actions tells: how long each was stayed on, and which were the last.
async fn add_order(ask: &Ask<'_>, segment: Filter, column: footfall_model::Column, tree: &mut Tree) -> Result<(), Error> {
    let mut query = ask.slice.query(Fact::Hits);
    let actions_only = Filter::is(hit("kind"), footfall_model::ActionKind::Engagement as i64).negated();
    query.filter = segment.and(actions_only);
    query.keys = vec![
        Key::Column(hit("visit_id")),
        Key::Column(hit("at")),
        Key::Column(hit("hit_id")),
        Key::Column(column),
        Key::Column(hit("url")),
    ];
    query.measures = vec![Measure::new("spent", Aggregate::Sum(hit("time_spent")))];
    query.order = (0..3).map(|index| footfall_model::Order::Key { index, descending: false }).collect();
    let rows = ask.reader.ask(&query).await?.rows;
    for (index, row) in rows.iter().enumerate() {
        if row[3].is_null() {
            continue;
        }
        let next = rows.get(index + 1).filter(|next| next[0] == row[0]);
        let (column, value) = match next {
            Some(next) => (TIME_SPENT, next[5].clone()),
            None => (EXITS, Value::Int(1)),
        };
        let Some(at) = tree.find(None, &label(&row[3])) else {
            continue;
        };
        tree.add(at, column, std::slice::from_ref(&value));
        if let Some(below) = row[4].as_str().and_then(|url| tree.find(Some(at), without_prefix(url))) {
            tree.add(below, column, std::slice::from_ref(&value));
        }
    }
    Ok(())
}

/// An address without what Matomo leaves off when it compares pages.
fn without_prefix(url: &str) -> &str {
    let prefixes = ["http://www.", "http://", "https://www.", "https://"];
    let found =
        prefixes.into_iter().find(|prefix| url.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)));
    found.map_or(url, |prefix| &url[prefix.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_named_without_scheme_and_www() {
        let named =
            ["http://a.org/b", "HTTPS://www.a.org/b", "www.a.org/b", "ftp://a.org", "http://wwwa.org"].map(without_prefix);
        assert_eq!(named, ["a.org/b", "a.org/b", "www.a.org/b", "ftp://a.org", "wwwa.org"]);
    }

    #[test]
    fn pages_below_a_value_have_its_segment() {
        let mut table = DataTable { rows: vec![Row::labelled(Value::text("a.org/b?c=1"))], ..DataTable::default() };
        name_pages(&mut table, &segment_of("dimension3", "l'eau"));
        assert_eq!(
            table.rows[0].metadata("segment").and_then(Cell::as_str),
            Some("dimension3==l%26%23039%3Beau;actionUrl=$a.org%2Fb%3Fc%3D1")
        );
        assert_eq!(table.rows[0].metadata("url").and_then(Cell::as_str), Some("a.org%2Fb%3Fc%3D1"));
    }
}
