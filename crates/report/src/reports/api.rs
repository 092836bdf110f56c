//! Every module's numbers in one list.

use footfall_model::{DataTable, Error, Unit};

use super::{actions, goals, page_performance, referrers, visit_frequency, visits_summary};
use crate::{Ask, Options, Processed, Report, calculate};

/// The numbers of every report that is a list of numbers.
pub const GET: Report = Report {
    module: "API",
    action: "get",
    title: "Main metrics",
    doc: "The numbers of all modules in one list.",
    category: "API",
    order: 6,
    metrics: &[],
    processed: &[
        referrers::PERCENTAGES[0],
        referrers::PERCENTAGES[1],
        referrers::PERCENTAGES[2],
        referrers::PERCENTAGES[3],
        referrers::PERCENTAGES[4],
        calculate::BOUNCE_RATE,
        calculate::ACTIONS_PER_VISIT,
        calculate::TIME_ON_SITE,
        calculate::CONVERSION_RATE,
        shown("bounce_rate_new"),
        shown("bounce_rate_returning"),
        shown("conversion_rate_new_visit"),
        shown("conversion_rate_returning_visit"),
    ],
    processed_names: &[],
    make: |ask| Box::pin(get(ask)),
    queued: &[|table, ask| {
        let wanted = &ask.options.columns;
        if !wanted.is_empty() {
            for row in &mut table.rows {
                row.columns.retain(|(name, _)| wanted.iter().any(|column| column == name));
            }
        }
    }],
    ..Report::BASE
};

/// A share that the parts have worked out already.
const fn shown(name: &'static str) -> Processed {
    Processed::new(name, "", "", Unit::Percent, &[], |_| None)
}

/// The reports whose numbers are joined.
const PARTS: [&Report; 6] =
    [&visits_summary::GET, &visit_frequency::GET, &referrers::GET, &page_performance::GET, &goals::GET, &actions::GET];

async fn get(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let wanted = &ask.options.columns;
    let mut columns: Vec<(footfall_model::Name, footfall_model::Cell)> = Vec::new();
    for report in PARTS {
        let of_report = |name: &str| {
            report.metrics.contains(&name)
                || report.processed.iter().any(|metric| metric.name == name)
                || report.processed_names.contains(&name)
                || name.ends_with("_new") && report.module == "VisitFrequency"
                || name.ends_with("_returning") && report.module == "VisitFrequency"
        };
        if !wanted.is_empty() && !wanted.iter().any(|name| of_report(name)) {
            continue;
        }
        let options = Options { goal: None, columns: Vec::new(), ..ask.options.clone() };
        let mut table = (report.make)(&Ask { report, options: &options, ..*ask }).await?;
        calculate::add(&mut table, report.processed);
        if report.module == "PagePerformance" {
            columns.extend(page_performance::sums(ask).await?);
        }
        for (name, cell) in table.rows.into_iter().flat_map(|row| row.columns) {
            let is_hidden = match report.module {
                "VisitsSummary" => name == "nb_visits_converted",
                "VisitFrequency" => {
                    ["bounce_count_", "sum_visit_length_", "nb_visits_converted_"].iter().any(|start| name.starts_with(start))
                }
                _ => false,
            };
            if !is_hidden && !columns.iter().any(|(known, _)| *known == name) {
                columns.push((name, cell));
            }
        }
    }
    Ok(DataTable::simple(columns))
}
