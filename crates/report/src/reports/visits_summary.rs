//! The visits of a site in numbers.

use footfall_model::{Aggregate, DataTable, Filter, Name, PeriodKind};

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

async fn get(ask: &Ask<'_>) -> Result<DataTable, footfall_model::Error> {
    let mut wanted: Vec<(Name, Aggregate, Filter)> = Vec::new();
    if counts_visitors(ask) {
        wanted.push(("nb_uniq_visitors".into(), Aggregate::Visitors, Filter::All));
        let users = Aggregate::Distinct(visits::column("user_id"));
        wanted.push(("nb_users".into(), users, Filter::All));
    }
    wanted.extend(visits::core().into_iter().filter(|(name, _, _)| name != "nb_uniq_visitors"));
    let numbers = visits::numbers(ask.reader, ask.slice, &wanted).await?;
    Ok(DataTable::simple(numbers.into_iter().map(|(name, value)| (name, value.into())).collect()))
}
