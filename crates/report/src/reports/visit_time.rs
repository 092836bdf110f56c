//! When visits happened.

use footfall_model::{
    Aggregate, Cell, DataTable, Error, Fact, Key, Measure, PeriodKind, Row, Text, TimePart, Value, dimensions::local_time,
};

use crate::{
    Ask, Report, number,
    record::{
        breakdown::is,
        tree::Tree,
        visits::{self, Group, Reached, column, conversion_column},
    },
};

const TIMES: Report = Report {
    module: "VisitTime",
    category: "General_Visitors",
    subcategory: "VisitTime_SubmenuTimes",
    sort: "",
    constant_rows: true,
    ..Report::BASE
};

/// Visits by hour of the visitor's clock.
pub const LOCAL: Report = Report {
    action: "getVisitInformationPerLocalTime",
    title: "Visits per local time",
    doc: "The hours of your visitors' own clocks at which they came.",
    dimension: Some("Local time — hour (start of visit)"),
    dimension_id: "VisitTime.LocalTime",
    segment: "visitLocalHour",
    order: 20,
    make: |ask| Box::pin(local(ask)),
    queued: &[two_digits],
    ..TIMES
};

/// Visits by hour of the site's clock.
pub const SERVER: Report = Report {
    action: "getVisitInformationPerServerTime",
    title: "Visits per hour in the site's timezone",
    doc: "The hours of the website's clock at which your visitors came.",
    dimension: Some("Site time — hour (start of visit)"),
    dimension_id: "CoreHome.VisitFirstActionTime",
    segment: "visitStartServerHour",
    has_goals: true,
    order: 15,
    make: |ask| Box::pin(server(ask)),
    queued: &[two_digits],
    ..TIMES
};

/// Visits by day of the week.
pub const DAY_OF_WEEK: Report = Report {
    action: "getByDayOfWeek",
    title: "Visits by day of the week",
    doc: "The days of the week on which your visitors came.",
    dimension: Some("Day of the week"),
    dimension_id: "VisitTime.DayOfTheWeek",
    order: 25,
    make: |ask| Box::pin(by_day_of_week(ask)),
    ..TIMES
};

async fn local(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let keys = [Key::Column(local_time::LOCAL_HOUR.at())];
    let groups = visits::by(ask.reader, ask.slice, &keys).await?;
    if groups.is_empty() {
        return Ok(DataTable::default());
    }
    let mut tree = hours(ask, &groups);
    fill(&mut tree, &[]);
    let mut table = in_order(tree);
    for row in &mut table.rows {
        let segment = is("visitLocalHour", row.label());
        row.set_metadata("segment", Cell::text(&segment));
    }
    Ok(table)
}

async fn server(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let first = [Key::Clock(column("first_at"), TimePart::HourOfDay)];
    let groups = visits::by(ask.reader, ask.slice, &first).await?;
    let at_key = [Key::Clock(conversion_column("at"), TimePart::HourOfDay)];
    let reached = visits::reached_by(ask.reader, ask.slice, &at_key).await?;
    if groups.is_empty() && reached.is_empty() {
        return Ok(DataTable::default());
    }
    let mut tree = hours(ask, &groups);
    let bare = bare_hours(ask, &tree, &reached).await?;
    for reached in &reached {
        let at = tree.row(None, &hour(&reached.keys[0]));
        tree.add_goal(at, reached.goal, &reached.metrics);
    }
    fill(&mut tree, &bare);
    let mut table = in_order(tree);
    for row in &mut table.rows {
        let local: i64 = row.label().parse().unwrap_or(0);
        row.set_metadata("segment", Cell::text(&format!("visitStartServerHour=={}", in_utc(ask, local))));
    }
    Ok(table)
}

/// The hour in UTC that an hour of the site's clock is on the first day of the period.
fn in_utc(ask: &Ask<'_>, hour: i64) -> i64 {
    let day = ask.slice.period.days.first();
    let Ok(hour_of_day) = i8::try_from(hour) else {
        return hour;
    };
    ask.slice
        .site
        .zone
        .to_ambiguous_timestamp(day.at(hour_of_day, 0, 0, 0))
        .compatible()
        .map_or(hour, |at| at.as_second().div_euclid(3600).rem_euclid(24))
}

/// A tree with a row for every hour that visits began in.
fn hours(ask: &Ask<'_>, groups: &[Group]) -> Tree {
    let mut tree = Tree::new(visits::columns(ask.slice.period));
    if ask.reader.tells_text_sums(ask.slice) {
        tree = tree.telling_text_sums(&visits::TEXT_SUMS);
    }
    for group in groups {
        let at = tree.row(None, &hour(&group.keys[0]));
        visits::add(&mut tree, at, group);
    }
    tree
}

/// Gives the hours that have nothing zeros, but those that are bare.
fn fill(tree: &mut Tree, bare: &[Text]) {
    for hour in 0..24 {
        let label = Text::from(hour.to_string());
        let at = tree.row(None, &label);
        if tree.value(at, 0).is_null() && !bare.contains(&label) {
            (0..visits::CORE.len()).for_each(|column| tree.set(at, column, Value::Int(0)));
        }
    }
}

/// The hours in which goals were reached but no visit began, on every day that has anything: they have no figures of visits.
async fn bare_hours(ask: &Ask<'_>, tree: &Tree, reached: &[Reached]) -> Result<Vec<Text>, Error> {
    let mut bare: Vec<Text> = reached.iter().map(|reached| hour(&reached.keys[0])).collect();
    bare.retain(|hour| tree.find(None, hour).is_none());
    bare.dedup();
    if bare.is_empty() || ask.slice.period.kind == PeriodKind::Day {
        return Ok(bare);
    }
    let days = |fact, column| {
        let mut query = ask.slice.query(fact);
        query.keys = vec![Key::Clock(column, TimePart::Day), Key::Clock(column, TimePart::HourOfDay)];
        query.measures = vec![Measure::new("n", Aggregate::Count)];
        query
    };
    let mut of_visits = days(Fact::Visits, column("last_at"));
    of_visits.keys.truncate(1);
    let mut of_goals = days(Fact::Conversions, conversion_column("at"));
    for query in [&mut of_visits, &mut of_goals] {
        query.filter = ask.reader.segment_filter(ask.slice)?;
    }
    let (visited, reached) = (ask.reader.ask(&of_visits).await?.rows, ask.reader.ask(&of_goals).await?.rows);
    bare.retain(|wanted| {
        visited.iter().all(|day| reached.iter().any(|reached| reached[0] == day[0] && hour(&reached[1]) == *wanted))
    });
    Ok(bare)
}

/// The table with its hours in order.
fn in_order(tree: Tree) -> DataTable {
    let mut table = tree.into_table();
    table.rows.sort_by_key(|row| row.label().parse::<u32>().unwrap_or_default());
    table
}

fn hour(key: &Value) -> Text {
    Text::from(key.as_i64().unwrap_or(0).to_string())
}

fn two_digits(table: &mut DataTable, _: &Ask<'_>) {
    for row in table.rows.iter_mut().filter(|row| !row.is_summary) {
        let hour: u32 = row.label().parse().unwrap_or(0);
        row.set("label", Value::text(&format!("{hour:02}")));
    }
}

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

async fn by_day_of_week(ask: &Ask<'_>) -> Result<DataTable, Error> {
    if !ask.options.is_single {
        return Err(Error::invalid(if ask.options.is_by_date {
            "VisitTime.getByDayOfWeek does not support multiple dates."
        } else {
            "VisitTime.getByDayOfWeek does not support multiple sites."
        }));
    }
    let mut query = ask.slice.query(Fact::Visits);
    query.filter = ask.reader.segment_filter(ask.slice)?;
    // Whoever came on two Mondays counts on both.
    query.keys = vec![Key::Clock(column("last_at"), TimePart::DayOfWeek), Key::Clock(column("last_at"), TimePart::Day)];
    query.measures = visits::measures();
    query.measures.retain(|measure| &*measure.name != "max_actions");
    if ask.slice.period.kind == PeriodKind::Day {
        // Nothing to add up: the day's visitors are the day of the week's.
        if let Some(measure) = query.measures.first_mut() {
            measure.aggregate = Aggregate::Visitors;
        }
    }
    let names: Vec<String> = query.measures.iter().map(|Measure { name, .. }| name.to_string()).collect();
    let rows = ask.reader.ask(&query).await?;
    let mut table = DataTable::default();
    if rows.rows.is_empty() {
        return Ok(table);
    }
    for (index, name) in DAYS.iter().enumerate() {
        let weekday = index as i64 + 1;
        let mut row = Row::labelled(Value::text(name));
        row.set("nb_visits", 0i64);
        let days: Vec<_> = rows.rows.iter().filter(|row| row[0].as_i64() == Some(weekday)).collect();
        for (at, name) in names.iter().enumerate().filter(|_| !days.is_empty()) {
            let sum: f64 = days.iter().filter_map(|day| day[2 + at].as_f64()).sum();
            row.set(name.clone(), number::number(sum));
        }
        row.set_metadata("day_of_week", weekday);
        table.rows.push(row);
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use footfall_model::{DateRange, GoalId, Period};
    use jiff::civil::date;

    use super::*;

    #[test]
    fn hours_without_anything_are_zeros_and_bare_ones_are_not() {
        let day = Period { kind: PeriodKind::Day, days: DateRange::day(date(2026, 3, 1)) };
        let mut tree = Tree::new(visits::columns(day)).telling_text_sums(&visits::TEXT_SUMS);
        for (hour, actions) in [(9, 4), (1, 6)] {
            let at = tree.row(None, &Text::from(hour.to_string()));
            tree.add(at, 0, &[1, 1, actions, 0, actions, 60, 0, 1].map(Value::Int));
        }
        let bare = tree.row(None, &"2".into());
        tree.add_goal(bare, GoalId(1), &[("nb_conversions".into(), 2.0)]);
        fill(&mut tree, &["2".into()]);
        let table = in_order(tree);
        assert_eq!(table.rows.len(), 24);
        let row =
            |hour: usize| (table.rows[hour].label(), table.rows[hour].number("nb_actions"), table.rows[hour].text_sums.len());
        assert_eq!(
            [row(0), row(1), row(2), row(9)],
            [("0", Some(0.0), 0), ("1", Some(6.0), 4), ("2", None, 0), ("9", Some(4.0), 4)]
        );
        assert_eq!((table.rows[2].number("nb_visits"), table.rows[2].number("nb_conversions")), (Some(0.0), Some(2.0)));
    }
}
