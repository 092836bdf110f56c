//! `API.getRowEvolution`: how one row of a report, or several, went over time.

use std::sync::Arc;

use footfall_model::{Access, Cell, DataTable, Name, Row, Site, Value};
use footfall_report::{Sheet, Tables, is_several};

use super::{described, processed};
use crate::{
    access::Need,
    matomo::{
        Answer, Failure, MatomoRequest, Param, Part,
        dispatch::{self, Call, Method},
        entities, scope,
    },
};

pub(in super::super) const METHODS: &[Method] =
    &[Method::new("API", "getRowEvolution", Need::Nobody, &["idSite", "period", "date", "apiModule", "apiAction"], |call| {
        Box::pin(answer(call))
    })];

/// How many rows are followed at once.
const MOST_ROWS: usize = 500;

/// A metric and its name, and the picture that stands for it.
struct Followed {
    metric: String,
    name: String,
    logo: Option<String>,
}

async fn answer(call: Call<'_>) -> Result<Answer, Failure> {
    let request = call.request;
    let site = scope::site(call.ctx, call.caller, request, Access::View)?;
    let date = scope::required(request, "date")?;
    let period = match scope::required(request, "period")? {
        "range" => "day",
        period => period,
    };
    if !is_several(date) {
        return Err(Failure::new(
            "Row evolutions can not be processed with this combination of \\'date\\' and \\'period\\' parameters.",
        ));
    }
    let (module, action) = (scope::required(request, "apiModule")?, scope::required(request, "apiAction")?);
    let mut asked = request.clone();
    asked.set("period", period);
    let call = Call { request: &asked, ..call };
    let about = described::of_call(call, &site, true).ok_or_else(|| processed::unknown(module, action, &site))?;
    if about.dimension.is_empty() {
        return Err(Failure::new(format!(
            "Reports like {module}.{action} which do not have a dimension are not supported by row evolution"
        )));
    }
    let mut metrics: Vec<Followed> = Vec::new();
    for (metric, name) in about.metrics.iter().chain(&about.processed) {
        if metrics.iter().all(|known| known.metric != *metric) {
            metrics.push(Followed { metric: metric.clone(), name: name.clone(), logo: None });
        }
    }
    let labels = labels(request);
    let sent = sent(call, &about.method(), &labels, metrics.iter().any(|one| one.metric == "nb_visits"));
    let made = match dispatch::run(call.ctx, call.caller, &sent).await.map_err(of_report)? {
        Answer::Tables(tables @ Tables::Each { .. }) => tables,
        _ => return Ok(Answer::list(Vec::new())),
    };
    let rows = Rows { site, module, action, by_url: request.filled("labelUseAbsoluteUrl") != Some("0") };
    let parts = match labels.as_slice() {
        [label] => one(&rows, made, metrics, label, &about.dimension),
        _ => several(call, &rows, made, metrics, labels, &about.dimension),
    };
    Ok(Answer::Parts(parts))
}

/// What is said where the report itself cannot be made; Matomo ends it with a line.
fn of_report(failure: Failure) -> Failure {
    Failure::with_status(failure.status, format!("API returned an error: {}\n", failure.message))
}

/// The rows a request names: a list, or a text between commas.
fn labels(request: &MatomoRequest) -> Vec<String> {
    let mut labels = match request.get("label") {
        Some(Param::List(_)) => request.texts("label"),
        Some(Param::Text(text)) if !text.is_empty() => text.split(',').map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let mut seen = Vec::new();
    labels.retain(|label| {
        let is_new = !seen.contains(label);
        seen.push(label.clone());
        is_new
    });
    labels.truncate(MOST_ROWS);
    labels.into_iter().map(|label| entities::decode(&label).into_owned()).collect()
}

/// The request for the report over time.
fn sent(call: Call<'_>, method: &str, labels: &[String], has_visits: bool) -> MatomoRequest {
    let mut sent = call.request.clone();
    for name in ["apiModule", "apiAction", "apiParameters", "label", "column", "columns"] {
        sent.remove(name);
    }
    for (name, value) in described::parameters(call) {
        sent.set(&name, &value);
    }
    if !labels.is_empty() {
        let list = labels.iter().enumerate().map(|(n, label)| (n.to_string(), Param::Text(label.clone()))).collect();
        sent.put("label", Param::List(list));
    }
    sent.set("labelFilterAddLabelIndex", if labels.len() > 1 { "1" } else { "0" });
    sent.set("method", method);
    sent.set("format", "original");
    sent.set("filter_limit", "-1");
    if has_visits {
        sent.set("filter_add_columns_when_show_all_columns", "0");
    }
    sent
}

/// What rows are called.
struct Rows<'a> {
    site: Arc<Site>,
    module: &'a str,
    action: &'a str,
    by_url: bool,
}

impl Rows<'_> {
    /// A row's address without what all addresses begin with, where rows of the report are called by it.
    fn address(&self, row: &Row) -> Option<String> {
        let has = self.module == "Actions" || (self.module == "Referrers" && self.action == "getWebsites");
        let url = row.metadata("url").and_then(Cell::as_str).filter(|url| has && self.by_url && !url.is_empty())?;
        let bare = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or(url);
        Some(bare.strip_prefix("www.").unwrap_or(bare).to_owned())
    }

    /// A label with its path as a person reads it.
    fn path(&self, label: &str) -> String {
        const BY_URL: [&str; 5] =
            ["getPageUrls", "getPageUrlsFollowingSiteSearch", "getEntryPageUrls", "getExitPageUrls", "getPageUrl"];
        let shown = if self.module == "Actions" && BY_URL.contains(&self.action) {
            let parts: Vec<&str> = label.split('>').map(str::trim).collect();
            let main = self.site.urls.first().map(String::as_str).unwrap_or_default();
            let host = main.split_once("://").map_or(main, |(_, rest)| rest);
            let host = host.split(['/', ':', '?', '#']).next().unwrap_or_default();
            format!("{host}/{}/", parts.join("/"))
        } else {
            label.replace('>', " - ")
        };
        shown.replace('@', "")
    }
}

/// The parts of an answer about one row.
fn one(rows: &Rows<'_>, mut made: Tables, metrics: Vec<Followed>, label: &str, dimension: &str) -> Vec<(Name, Part)> {
    let (mut shown, mut logo) = (None, None);
    made.each(&mut |sheet| {
        sheet.table.rows.truncate(1);
        let Some(row) = sheet.table.rows.first_mut() else {
            return;
        };
        if shown.is_none() {
            logo = row.metadata("logo").and_then(Cell::as_str).map(str::to_owned);
            shown = rows.address(row);
        }
        row.columns.retain(|(name, _)| metrics.iter().any(|one| *name == one.metric));
        row.metadata.clear();
    });
    let shown = shown.unwrap_or_else(|| rows.path(label));
    let mut parts: Vec<(Name, Part)> = vec![
        ("label".into(), Part::Data(Cell::text(&entities::decode(&scope::decode_plus(&shown))))),
        ("reportData".into(), Part::Tables(made.clone())),
        ("metadata".into(), Part::Data(metadata(&made, &metrics, dimension, None))),
    ];
    if let Some(logo) = logo.filter(|logo| !logo.is_empty()) {
        parts.push(("logo".into(), Part::Data(Cell::text(&logo))));
    }
    parts
}

/// The parts of an answer that sets rows side by side by one metric.
fn several(
    call: Call<'_>,
    rows: &Rows<'_>,
    mut made: Tables,
    metrics: Vec<Followed>,
    mut labels: Vec<String>,
    dimension: &str,
) -> Vec<(Name, Part)> {
    let request = call.request;
    let wanted = request.filled("column").filter(|column| metrics.iter().any(|one| one.metric == *column));
    let column = wanted.or(metrics.first().map(|one| one.metric.as_str())).unwrap_or_default().to_owned();
    if labels.is_empty() {
        for row in made.sheets().iter().flat_map(|sheet| &sheet.table.rows) {
            if !labels.iter().any(|known| known == row.label()) {
                labels.push(row.label().to_owned());
            }
        }
        let most = request.int("filter_limit").and_then(|most| usize::try_from(most).ok()).filter(|most| *most > 0);
        labels.truncate(most.unwrap_or(MOST_ROWS).min(MOST_ROWS));
        made.each(&mut |sheet| {
            for row in &mut sheet.table.rows {
                if let Some(at) = labels.iter().position(|label| label == row.label()) {
                    row.set_metadata("label_index", at as i64);
                }
            }
        });
    }
    let legend = metrics.iter().find(|one| one.metric == column).map(|one| one.name.clone()).unwrap_or_default();
    let mut followed = Vec::with_capacity(labels.len());
    for (at, label) in labels.iter().enumerate() {
        let (mut shown, mut logo) = (None, None);
        for row in made.sheets().iter().filter_map(|sheet| row_at(&sheet.table, at)) {
            shown = rows.address(row);
            logo = row.metadata("logo").and_then(Cell::as_str).filter(|logo| !logo.is_empty()).map(str::to_owned);
            if shown.is_some() {
                break;
            }
        }
        let mut name = shown.unwrap_or_else(|| entities::decode(&scope::decode_plus(&label.replace('>', " - "))).into_owned());
        if request.filled("legendAppendMetric") != Some("0") {
            name.push_str(&format!(" ({legend})"));
        }
        followed.push(Followed { metric: format!("{column}_{at}"), name, logo });
    }
    made.each(&mut |sheet| {
        let columns = (0..labels.len()).map(|at| {
            let value = row_at(&sheet.table, at).map(|row| number(row.get(&column))).unwrap_or_default();
            (Name::Owned(format!("{column}_{at}")), Cell::Value(footfall_report::number::number(value)))
        });
        let row = Row { columns: columns.collect(), ..Row::default() };
        sheet.table = DataTable { rows: if labels.is_empty() { Vec::new() } else { vec![row] }, ..DataTable::default() };
    });
    let all = metrics.iter().map(|one| (Name::Owned(one.metric.clone()), Cell::text(&one.name))).collect();
    let about = metadata(&made, &followed, dimension, Some(Cell::Map(all)));
    vec![
        ("column".into(), Part::Data(Cell::text(&column))),
        ("reportData".into(), Part::Tables(made)),
        ("metadata".into(), Part::Data(about)),
    ]
}

fn row_at(table: &DataTable, at: usize) -> Option<&Row> {
    table.rows.iter().find(|row| row.metadata("label_index").and_then(Cell::as_f64) == Some(at as f64))
}

/// The metrics that are followed, each with its least and greatest value and how it changed from the first period to the last.
fn metadata(made: &Tables, metrics: &[Followed], dimension: &str, columns: Option<Cell>) -> Cell {
    let sheets = made.sheets();
    let value = |sheet: Option<&&Sheet>, metric: &str| {
        sheet.and_then(|sheet| sheet.table.rows.first()).map(|row| number(row.get(metric))).unwrap_or_default()
    };
    let mut all: Vec<(Name, Cell)> = Vec::new();
    for one in metrics {
        let mut entry: Vec<(Name, Cell)> = vec![("name".into(), Cell::text(&one.name))];
        if let Some(logo) = &one.logo {
            entry.push(("logo".into(), Cell::text(logo)));
        }
        let counted: Vec<f64> =
            sheets.iter().map(|sheet| value(Some(sheet), &one.metric)).skip_while(|value| *value <= 0.0).collect();
        if !counted.is_empty() {
            let plain = |value: f64| Cell::Value(footfall_report::number::number(value));
            entry.push(("min".into(), plain(counted.iter().copied().fold(f64::INFINITY, f64::min))));
            entry.push(("max".into(), plain(counted.iter().copied().fold(f64::NEG_INFINITY, f64::max))));
        }
        let (first, last) = (value(sheets.first(), &one.metric), value(sheets.last(), &one.metric));
        if first != 0.0 {
            entry.push(("change".into(), Cell::text(&change(first, last))));
        }
        all.push((Name::Owned(one.metric.clone()), Cell::Map(entry)));
    }
    let mut about: Vec<(Name, Cell)> = vec![("metrics".into(), Cell::Map(all)), ("dimension".into(), Cell::text(dimension))];
    about.extend(columns.map(|columns| ("columns".into(), columns)));
    Cell::Map(about)
}

/// A change in whole percent, such as `+50%`.
fn change(first: f64, last: f64) -> String {
    let percent = footfall_report::number::round((last - first) / first * 100.0, 0);
    let sign = if percent >= 0.0 { "+" } else { "" };
    format!("{sign}{}%", footfall_report::pretty::number(percent, 0, 0))
}

/// The number a cell is or begins with.
fn number(cell: Option<&Cell>) -> f64 {
    match cell {
        Some(Cell::Value(Value::Text(text))) => {
            let text = text.trim().replace(',', ".");
            let end = text.find(|sign: char| !sign.is_ascii_digit() && !"+-.".contains(sign)).unwrap_or(text.len());
            text[..end].parse().unwrap_or_default()
        }
        Some(cell) => cell.as_f64().unwrap_or_default(),
        None => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_numbers_and_changes_have_signs() {
        assert_eq!(number(Some(&Cell::text("66.7%"))), 66.7);
        assert_eq!(number(Some(&Cell::from(3i64))), 3.0);
        assert_eq!((change(2.0, 3.0), change(2.0, 1.0), change(2.0, 2.0)), ("+50%".into(), "-50%".into(), "+0%".into()));
    }
}
