//! The visits of new and of returning visitors in numbers.

use std::sync::Arc;

use footfall_model::{Condition, DataTable, Error, Segment, SegmentOp, Unit};

use super::visits_summary;
use crate::{Ask, Processed, Report, Slice, calculate, record::visits};

/// The numbers of [`visits_summary::GET`] for new visitors and for those who came back.
pub const GET: Report = Report {
    module: "VisitFrequency",
    action: "get",
    title: "Returning Visits",
    doc: "The visits of new visitors beside those of visitors who had been there before.",
    category: "General_Actions",
    subcategory: "VisitorInterest_Engagement",
    order: 40,
    metrics: &[
        "nb_visits_returning",
        "nb_actions_returning",
        "nb_uniq_visitors_returning",
        "nb_users_returning",
        "max_actions_returning",
        "nb_visits_new",
        "nb_actions_new",
        "nb_uniq_visitors_new",
        "nb_users_new",
        "max_actions_new",
    ],
    processed: &MADE,
    processed_names: &[],
    by_date: "period",
    make: |ask| Box::pin(get(ask)),
    ..Report::BASE
};

/// What [`GET`] works out itself, here so that it is written as what it is.
const MADE: [Processed; 6] = [
    made("bounce_rate_new", Unit::Percent, &["bounce_count_new", "nb_visits_new"]),
    made("bounce_rate_returning", Unit::Percent, &["bounce_count_returning", "nb_visits_returning"]),
    made("avg_time_on_site_new", Unit::Seconds, &["sum_visit_length_new", "nb_visits_new"]),
    made("avg_time_on_site_returning", Unit::Seconds, &["sum_visit_length_returning", "nb_visits_returning"]),
    made("nb_actions_per_visit_new", Unit::Number, &["nb_actions_new", "nb_visits_new"]),
    made("nb_actions_per_visit_returning", Unit::Number, &["nb_actions_returning", "nb_visits_returning"]),
];

const fn made(name: &'static str, unit: Unit, of: &'static [&'static str]) -> Processed {
    Processed::new(name, name, "", unit, of, |_| None)
}

/// The kinds of visitor, with what is put behind the names of their columns.
const KINDS: [(&str, &[&str]); 2] = [("_new", &["new"]), ("_returning", &["returning", "returningCustomer"])];

/// The segment, narrowed to visitors of some kinds.
pub fn of_kind(segment: &Segment, kinds: &[&str]) -> Segment {
    let mut narrowed = segment.clone();
    narrowed.all.push(
        kinds
            .iter()
            .map(|kind| Condition { name: "visitorType".to_owned(), op: SegmentOp::Is, value: (*kind).to_owned() })
            .collect(),
    );
    narrowed
}

async fn get(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let mut columns = Vec::new();
    for (suffix, kinds) in KINDS {
        let slice = Slice { segment: Arc::new(of_kind(&ask.slice.segment, kinds)), ..ask.slice.clone() };
        let numbers = visits::numbers(ask.reader, &slice, visits_summary::whole(ask)).await?;
        let mut table = DataTable::simple(numbers.into_iter().map(|(name, value)| (name.into(), value.into())));
        let is_empty = table.rows.iter().all(|row| row.columns.iter().all(|(_, cell)| cell.as_f64() == Some(0.0)));
        if is_empty && !ask.options.is_single {
            // Of several tables, one that is empty adds no columns.
            continue;
        }
        calculate::add(&mut table, visits_summary::GET.processed);
        for (name, cell) in table.rows.into_iter().flat_map(|row| row.columns) {
            let wanted = ask.options.columns.is_empty() || ask.options.columns.contains(&format!("{name}{suffix}"));
            if wanted && !ask.options.hidden.iter().any(|hidden| *name == **hidden) {
                columns.push((format!("{name}{suffix}").into(), cell));
            }
        }
    }
    Ok(DataTable::simple(columns))
}
