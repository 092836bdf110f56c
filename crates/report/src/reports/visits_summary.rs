//! The visits of a site in numbers.

use footfall_model::{Aggregate, DataTable, Error, Measure, PeriodKind, Value};

use crate::{Ask, Report, calculate, pretty, record::visits};

/// Visits, visitors, actions and how long they stayed.
pub const GET: Report = Report {
    module: "VisitsSummary",
    action: "get",
    title: "Visits Summary",
    doc: "A summary of the visits of the site: how many there were, who made them, and what they did.",
    category: "General_Visitors",
    subcategory: "General_Overview",
    order: 1,
    metrics: &["nb_uniq_visitors", "nb_visits", "nb_users", "nb_actions", "max_actions"],
    processed: &[calculate::BOUNCE_RATE, calculate::ACTIONS_PER_VISIT, calculate::TIME_ON_SITE],
    make: |ask| Box::pin(get(ask)),
    queued: &[super::keep_wanted],
    ..Report::BASE
};

const SINGLE: Report = Report {
    module: "VisitsSummary",
    category: "General_Visitors",
    subcategory: "General_Overview",
    is_hidden: true,
    processed_names: &[],
    ..Report::BASE
};

macro_rules! single {
    ($($name:ident $action:literal $column:literal;)*) => {$(
        #[doc = concat!("Matomo's `", $action, "`.")]
        pub const $name: Report =
            Report { action: $action, metrics: &[$column], make: |ask| Box::pin(single(ask, $column)), ..SINGLE };
    )*};
}

single! {
    VISITS "getVisits" "nb_visits";
    UNIQUE_VISITORS "getUniqueVisitors" "nb_uniq_visitors";
    USERS "getUsers" "nb_users";
    ACTIONS "getActions" "nb_actions";
    MAX_ACTIONS "getMaxActions" "max_actions";
    BOUNCE_COUNT "getBounceCount" "bounce_count";
    CONVERTED "getVisitsConverted" "nb_visits_converted";
    LENGTH "getSumVisitsLength" "sum_visit_length";
}

/// How long all visits were, for people.
pub const PRETTY_LENGTH: Report = Report {
    action: "getSumVisitsLengthPretty",
    metrics: &["sum_visit_length"],
    keeps_zeros: true,
    queued: &[|table, _| {
        for row in &mut table.rows {
            let seconds = row.number("sum_visit_length").unwrap_or_default();
            row.set("sum_visit_length", Value::text(&pretty::time(seconds)));
        }
    }],
    ..LENGTH
};

/// Whether unique visitors are counted over the whole of such a period.
pub fn counts_visitors(ask: &Ask<'_>) -> bool {
    !ask.reader.settings.visitors_of_months
        || matches!(ask.slice.period.kind, PeriodKind::Day | PeriodKind::Week | PeriodKind::Month)
}

/// What is measured of a slice's visits as a whole.
pub fn whole(ask: &Ask<'_>) -> Vec<Measure> {
    let mut wanted = Vec::new();
    if counts_visitors(ask) {
        wanted.push(Measure::new("nb_uniq_visitors", Aggregate::Visitors));
        let user = visits::column("user_id");
        wanted.push(Measure::new("nb_users", Aggregate::Distinct(user)));
    }
    let order = ["nb_visits", "nb_actions", "nb_visits_converted", "bounce_count", "sum_visit_length", "max_actions"];
    let measures = visits::measures();
    for name in order {
        wanted.extend(measures.iter().find(|measure| &*measure.name == name).cloned());
    }
    wanted
}

async fn get(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let numbers = visits::numbers(ask.reader, ask.slice, whole(ask)).await?;
    Ok(DataTable::simple(numbers.into_iter().map(|(name, value)| (name.into(), value.into()))))
}

async fn single(ask: &Ask<'_>, column: &'static str) -> Result<DataTable, Error> {
    let wanted: Vec<Measure> = whole(ask).into_iter().filter(|measure| &*measure.name == column).collect();
    if wanted.is_empty() {
        return Err(Error::invalid(format!(
            "The metric {column} is not enabled for the requested period. Please see this FAQ: \
             https://matomo.org/faq/how-to/faq_113/"
        )));
    }
    let numbers = visits::numbers(ask.reader, ask.slice, wanted).await?;
    Ok(DataTable::simple(numbers.into_iter().map(|(name, value)| (name.into(), value.into()))))
}
