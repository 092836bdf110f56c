//! The visits of a site in numbers.

use footfall_model::{Aggregate, DataTable, Measure, PeriodKind};

use crate::{Ask, Report, calculate, record::visits};

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
    ..Report::BASE
};

/// Whether unique visitors are counted over the whole of such a period.
pub fn counts_visitors(ask: &Ask<'_>) -> bool {
    ask.reader.settings.unique_visitors_always
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

async fn get(ask: &Ask<'_>) -> Result<DataTable, footfall_model::Error> {
    let numbers = visits::numbers(ask.reader, ask.slice, whole(ask)).await?;
    Ok(DataTable::simple(numbers.into_iter().map(|(name, value)| (name.into(), value.into())).collect()))
}
