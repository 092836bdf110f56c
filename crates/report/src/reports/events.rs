//! Events, by category, action and name, in every order.

use footfall_model::{ActionKind, Aggregate, Cell, DataTable, Error, Fact, Filter, Key, Measure, Text, Unit, Value};

use crate::{
    Ask, Limited, Processed, Report, calculate, number,
    record::{
        actions::hit,
        breakdown::is_sent,
        tree::{Join, Tree},
        visits::name_in,
    },
};

const EVENTS: Report = Report {
    module: "Events",
    category: "General_Actions",
    subcategory: "Events_Events",
    metrics: &["nb_events", "sum_event_value", "min_event_value", "max_event_value", "nb_events_with_value"],
    processed: &[AVERAGE_VALUE],
    processed_names: &[],
    limited: Limited::Events,
    ..Report::BASE
};

/// What an event was worth.
pub const AVERAGE_VALUE: Processed = Processed::new(
    "avg_event_value",
    "Average value",
    "The average of the values events carried.",
    Unit::Number,
    &["sum_event_value", "nb_events_with_value"],
    |row| calculate::ratio(row, "sum_event_value", "nb_events_with_value", 2),
);

/// What events are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Category,
    Action,
    Name,
}

impl By {
    const ALL: [By; 3] = [By::Category, By::Action, By::Name];

    fn segment(self) -> &'static str {
        match self {
            By::Category => "eventCategory",
            By::Action => "eventAction",
            By::Name => "eventName",
        }
    }

    fn column(self) -> &'static str {
        match self {
            By::Category => "event_category",
            By::Action => "event_action",
            By::Name => "event_name",
        }
    }
}

const NO_NAME: &str = "Event Name not defined";

macro_rules! events {
    ($($name:ident $action:literal $title:literal $dimension:literal $id:literal $segment:literal $order:literal $top:ident [$($below:ident)*] $subtable:literal $other:literal $by:literal;)*) => {$(
        #[doc = concat!("Matomo's `", $action, "`.")]
        pub const $name: Report = Report {
            action: $action,
            title: $title,
            doc: "The events of the site, with how often they happened and what they were worth.",
            dimension: Some($dimension),
            dimension_id: concat!("Events.", $id),
            segment: $segment,
            subtable: Some($subtable),
            other_subtables: &[($by, $other)],
            order: $order,
            make: |ask| Box::pin(table(ask, By::$top, &[$(By::$below),*])),
            ..EVENTS
        };
    )*};
}
events! {
    CATEGORY "getCategory" "Event Categories" "Event Category" "EventCategory" "eventCategory" 0 Category [Action Name] "getActionFromCategoryId" "getNameFromCategoryId" "eventName";
    ACTION "getAction" "Event Actions" "Event Action" "EventAction" "eventAction" 1 Action [Name Category] "getNameFromActionId" "getCategoryFromActionId" "eventCategory";
    NAME "getName" "Event Names" "Event Name" "EventName" "eventName" 2 Name [Action Category] "getActionFromNameId" "getCategoryFromNameId" "eventCategory";
}

macro_rules! below {
    ($($name:ident $action:literal $title:literal $dimension:literal $id:literal $segment:literal $top:ident $below:ident;)*) => {$(
        #[doc = concat!("Matomo's `", $action, "`.")]
        pub const $name: Report = Report {
            action: $action,
            title: $title,
            doc: "The events below a row of another report.",
            dimension: Some($dimension),
            dimension_id: concat!("Events.", $id),
            segment: $segment,
            is_subtable: true,
            make: |ask| Box::pin(rows_below(ask, By::$top, By::$below)),
            ..EVENTS
        };
    )*};
}
below! {
    ACTION_OF_CATEGORY "getActionFromCategoryId" "Event Actions" "Event Action" "EventAction" "eventAction" Category Action;
    NAME_OF_CATEGORY "getNameFromCategoryId" "Event Names" "Event Name" "EventName" "eventName" Category Name;
    CATEGORY_OF_ACTION "getCategoryFromActionId" "Event Categories" "Event Category" "EventCategory" "eventCategory" Action Category;
    NAME_OF_ACTION "getNameFromActionId" "Event Names" "Event Name" "EventName" "eventName" Action Name;
    ACTION_OF_NAME "getActionFromNameId" "Event Actions" "Event Action" "EventAction" "eventAction" Name Action;
    CATEGORY_OF_NAME "getCategoryFromNameId" "Event Categories" "Event Category" "EventCategory" "eventCategory" Name Category;
}

/// Whether the rows below may be what was asked for, and the error where not.
fn secondary(ask: &Ask<'_>, allowed: &[By]) -> Result<By, Error> {
    let default = allowed.first().copied().unwrap_or(By::Action);
    let Some(given) = &ask.options.secondary else {
        return Ok(default);
    };
    allowed.iter().copied().find(|by| by.segment() == given).ok_or_else(|| {
        let names: Vec<&str> = allowed.iter().map(|by| by.segment()).collect();
        Error::invalid(format!(
            "Secondary dimension '{given}' is not valid for the API {}. Use one of: {}",
            ask.report.action,
            names.join(", ")
        ))
    })
}

async fn table(ask: &Ask<'_>, top: By, allowed: &[By]) -> Result<DataTable, Error> {
    let below = secondary(ask, allowed)?;
    let mut table = tree(ask, top, below).await?.into_table();
    table.each_row(&mut name_values);
    for row in &mut table.rows {
        let label = row.label().to_owned();
        if !ask.options.flat && !label.is_empty() {
            row.set_metadata("segment", Cell::text(&is_sent(top.segment(), &label)));
        }
        name_row(row, top);
    }
    Ok(table)
}

async fn rows_below(ask: &Ask<'_>, top: By, below: By) -> Result<DataTable, Error> {
    let (_, mut rows) = ask.below(tree(ask, top, below).await?.into_table());
    rows.each_row(&mut name_values);
    for row in &mut rows.rows {
        let label = row.label().to_owned();
        row.set_metadata("segment", Cell::text(&is_sent(below.segment(), &label)));
    }
    Ok(rows)
}

/// Where no event had a value there is neither a least nor a greatest one, and the columns say so.
fn name_values(row: &mut footfall_model::Row) {
    for name in ["min_event_value", "max_event_value"] {
        if row.get(name).is_none() {
            row.set(name, Cell::NULL);
        }
    }
}

/// Names may be missing; what is not said is called so.
fn name_row(row: &mut footfall_model::Row, by: By) {
    if by == By::Name && row.label().is_empty() {
        row.set("label", Value::text(NO_NAME));
        row.remove_metadata("segment");
    }
}

async fn tree(ask: &Ask<'_>, top: By, below: By) -> Result<Tree, Error> {
    let mut query = ask.slice.query(Fact::Hits);
    let events = Filter::is(hit("kind"), ActionKind::Event as i64);
    query.filter = ask.reader.segment_filter(ask.slice)?.and(events);
    query.keys = By::ALL.map(|by| Key::Column(hit(by.column()))).to_vec();
    let value = hit("event_value");
    let with_value = Filter::test(Key::Column(value), footfall_model::Op::IsNot, vec![Value::Null]);
    query.measures = vec![
        Measure::new("nb_uniq_visitors", Aggregate::DailyVisitors),
        Measure::new("nb_visits", Aggregate::Visits),
        Measure::new("nb_events", Aggregate::Count),
        Measure::new("nb_events_with_value", Aggregate::Count).only(with_value),
        Measure::new("sum_event_value", Aggregate::Sum(value)),
        Measure::new("min_event_value", Aggregate::Min(value)),
        Measure::new("max_event_value", Aggregate::Max(value)),
    ];
    query.order = vec![footfall_model::Order::Measure { name: "nb_visits".into(), descending: true }];
    let period = ask.slice.period;
    let mut tree = Tree::new(vec![
        (name_in(period, "nb_uniq_visitors"), Join::Sum),
        ("nb_visits".into(), Join::Sum),
        ("nb_events".into(), Join::Sum),
        ("nb_events_with_value".into(), Join::Sum),
        ("sum_event_value".into(), Join::Sum),
        ("min_event_value".into(), Join::Min),
        ("max_event_value".into(), Join::Max),
    ]);
    if ask.reader.tells_text_sums(ask.slice) {
        tree = tree.telling_text_sums(&["nb_visits", "nb_events", "nb_events_with_value"]);
    }
    for row in ask.reader.ask(&query).await?.rows {
        let text = |by: By| row[by as usize].as_str().unwrap_or_default();
        let mut values = row[3..].to_vec();
        for (index, value) in values.iter_mut().enumerate() {
            *value = match value.as_f64() {
                Some(real) => number::number(number::round(real, 2)),
                None if index < 5 => Value::Int(0),
                None => Value::Null,
            };
        }
        let at = tree.row(None, &Text::from(text(top)));
        tree.add(at, 0, &values);
        let label = text(below);
        if !label.is_empty() && label != "0" {
            let at = tree.row(Some(at), &Text::from(label));
            tree.add(at, 0, &values);
        }
    }
    Ok(tree)
}
