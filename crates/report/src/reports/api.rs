//! Every module's numbers in one list.

use footfall_model::{Cell, DataTable, Error, Name, Unit};

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
        Processed { unit: Unit::Seconds, ..shown("avg_time_on_site_new") },
        Processed { unit: Unit::Seconds, ..shown("avg_time_on_site_returning") },
        Processed { unit: Unit::Seconds, ..shown("avg_time_network") },
        Processed { unit: Unit::Seconds, ..shown("avg_time_server") },
        Processed { unit: Unit::Seconds, ..shown("avg_time_transfer") },
        Processed { unit: Unit::Seconds, ..shown("avg_time_dom_processing") },
        Processed { unit: Unit::Seconds, ..shown("avg_time_dom_completion") },
        Processed { unit: Unit::Seconds, ..shown("avg_time_on_load") },
        Processed { unit: Unit::Seconds, ..shown("avg_page_load_time") },
    ],
    processed_names: &[],
    make: |ask| Box::pin(get(ask)),
    queued: &[super::keep_wanted],
    among: Some(referrers::share_among),
    ..Report::BASE
};

/// A number that the parts have worked out already: a share, unless said otherwise.
const fn shown(name: &'static str) -> Processed {
    Processed::new(name, "", "", Unit::Percent, &[], |_| None)
}

/// The reports whose numbers are joined.
const PARTS: [&Report; 6] =
    [&visits_summary::GET, &visit_frequency::GET, &referrers::GET, &page_performance::GET, &goals::GET, &actions::GET];

/// Where a column stands among its report's: new visitors' numbers first, then as the report lists them.
fn place(report: &Report, name: &str) -> (bool, usize) {
    const FREQUENCY: [&str; 8] = [
        "nb_visits",
        "nb_actions",
        "nb_uniq_visitors",
        "nb_users",
        "max_actions",
        "bounce_rate",
        "nb_actions_per_visit",
        "avg_time_on_site",
    ];
    if report.module == "VisitFrequency" {
        let (stem, is_returning) = match name.strip_suffix("_returning") {
            Some(stem) => (stem, true),
            None => (name.strip_suffix("_new").unwrap_or(name), false),
        };
        return (is_returning, FREQUENCY.iter().position(|known| *known == stem).unwrap_or(FREQUENCY.len()));
    }
    let known = report.metrics.iter().chain(report.processed_names).position(|known| *known == name);
    (false, known.unwrap_or(usize::MAX))
}

async fn get(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let wanted = &ask.options.columns;
    let mut columns: Vec<(Name, Cell)> = Vec::new();
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
        // What is worked out from the numbers of these stands at the end, worked out for the whole list.
        if !["VisitsSummary", "Referrers"].contains(&report.module) {
            calculate::add(&mut table, report.processed);
        }
        for row in &mut table.rows {
            let mut held: Vec<(Name, Cell)> = std::mem::take(&mut row.columns).into();
            held.sort_by_key(|(name, _)| place(report, name));
            row.columns = held.into();
        }
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
