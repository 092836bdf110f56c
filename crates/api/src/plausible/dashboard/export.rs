//! `GET /{domain}/export`: the dashboard as a zip file of CSV files.

use footfall_report::{names, stats::Metric};

use super::{
    super::{Failure, archive::write_zip, breakdown::Page},
    asked::Asked,
    breakdown::Table,
    csv::{figure, file},
    graph, period,
    reports::{Kind, REPORTS, Report},
    suggestions,
};
use crate::matomo::{Context, Reply};

/// How many properties are written at most, the most frequent first.
const PROPERTIES: usize = 100;

/// Answers a request for the file.
pub(super) async fn answer(ctx: &Context, asked: &Asked) -> Result<Reply, Failure> {
    let mut files = vec![("visitors.csv".to_owned(), visitors(ctx, asked).await?)];
    for report in REPORTS {
        files.push((format!("{}.csv", report.file), breakdown(ctx, asked, &report).await?));
    }
    files.push(("custom_props.csv".to_owned(), properties(ctx, asked).await?));
    let domain: String = asked.site().domain.chars().map(|sign| if is_plain(sign) { sign } else { '-' }).collect();
    let name = format!("Plausible export {domain} {} to {}.zip", asked.span.first, asked.span.last);
    let headers = vec![("content-disposition", format!("attachment; filename=\"{name}\""))];
    Ok(Reply { status: 200, content_type: "application/zip", headers, body: write_zip(&files)? })
}

/// Whether a character may stand in a file's name everywhere.
fn is_plain(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-' | '_')
}

/// The figures over time.
async fn visitors(ctx: &Context, asked: &Asked) -> Result<String, Failure> {
    let mut columns: Vec<(Metric, &str)> = if asked.of_goals() {
        vec![
            (Metric::Visitors, "unique_conversions"),
            (Metric::Events, "total_conversions"),
            (Metric::ConversionRate, "conversion_rate"),
        ]
    } else {
        let metrics = [
            Metric::Visitors,
            Metric::Pageviews,
            Metric::Visits,
            Metric::ViewsPerVisit,
            Metric::BounceRate,
            Metric::VisitDuration,
        ];
        metrics.into_iter().map(|metric| (metric, metric.name())).collect()
    };
    if !asked.of_goals() && asked.filters_on("event:page") {
        columns.push((Metric::ScrollDepth, "scroll_depth"));
    }
    let metrics: Vec<Metric> = columns.iter().map(|(metric, _)| *metric).collect();
    let span = if asked.is_realtime() { period::minutes(asked.now, &asked.span) } else { asked.span.clone() };
    let (rows, _) = graph::rows(ctx, asked, &span, &metrics).await?;
    let header = ["date"].into_iter().chain(columns.iter().map(|(_, name)| *name));
    let rows = rows.into_iter().map(|(label, figures)| {
        let figures = metrics.iter().zip(figures).map(|(metric, value)| figure(*metric, value));
        [label].into_iter().chain(figures).collect()
    });
    Ok(file(header, rows))
}

/// A breakdown as a file.
async fn breakdown(ctx: &Context, asked: &Asked, report: &Report<'_>) -> Result<String, Failure> {
    let page = Page { limit: report.most, number: 1 };
    let table = Table::of(ctx, asked, report, page, true, "").await?;
    let columns = report.columns(asked.of_goals());
    let mut header = vec!["name"];
    if report.kind() == Kind::Version {
        header.push("version");
    }
    header.extend(columns.iter().map(|(_, name)| *name));
    let exits = table.exit_rates.as_ref().filter(|_| !asked.of_goals());
    header.extend(exits.map(|_| "exit_rate"));
    let cities = table.cities(ctx, asked, report).await?;
    let mut rows = Vec::with_capacity(table.rows.len());
    for (place, row) in table.rows.iter().enumerate() {
        let value = row.dimensions.first().map_or("", |value| &**value);
        let mut fields: Vec<String> = match report.kind() {
            Kind::Version => row.dimensions.iter().map(ToString::to_string).collect(),
            Kind::Country => vec![names::countries::name(value).unwrap_or(value).to_owned()],
            Kind::Region => vec![names::regions::name(value).unwrap_or(value).to_owned()],
            Kind::City => vec![cities.get(value).map_or("N/A", |city| &*city.name).to_owned()],
            Kind::Plain | Kind::Goal | Kind::Property => vec![value.to_owned()],
        };
        fields.extend(columns.iter().map(|(metric, _)| figure(*metric, of_row(&table, place, *metric))));
        fields.extend(exits.map(|rates| rates[place].map_or_else(String::new, |rate| format!("{rate:.1}"))));
        rows.push(fields);
    }
    Ok(file(header, rows))
}

/// The values of every property, or of the one that is filtered by.
async fn properties(ctx: &Context, asked: &Asked) -> Result<String, Failure> {
    let names: Vec<String> = match suggestions::property(asked) {
        Some(name) => vec![name],
        None => suggestions::properties(ctx, asked).await?.iter().map(ToString::to_string).collect(),
    };
    let columns = Report::of_property("").columns(asked.of_goals());
    let header = ["property", "value"].into_iter().chain(columns.iter().map(|(_, name)| *name));
    let mut rows = Vec::new();
    for name in names.iter().take(PROPERTIES) {
        let property = format!("event:props:{name}");
        let report = Report::of_property(&property);
        let page = Page { limit: report.most, number: 1 };
        let table = Table::of(ctx, asked, &report, page, true, "").await?;
        for (place, row) in table.rows.iter().enumerate() {
            let mut fields = vec![name.clone(), row.dimensions.first().map_or_else(String::new, ToString::to_string)];
            fields.extend(columns.iter().map(|(metric, _)| figure(*metric, of_row(&table, place, *metric))));
            rows.push(fields);
        }
    }
    Ok(file(header, rows))
}

fn of_row(table: &Table, place: usize, metric: Metric) -> Option<f64> {
    let column = table.metrics.iter().position(|known| *known == metric)?;
    table.rows.get(place)?.metrics.get(column).copied().flatten()
}
