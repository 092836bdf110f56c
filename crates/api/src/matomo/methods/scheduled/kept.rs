//! What is kept of a report that is sent now and then.

use footfall_admin::{NewScheduledReport, ScheduledReport};
use footfall_model::{Cell, Name, Site};
use serde_json::{Map, Value, json};

use crate::matomo::{
    Failure, MatomoRequest, Param,
    cells::{bit, cells, moment, texts},
    dispatch::Call,
    metadata, scope,
};

/// What documents are written as.
const FORMATS: [&str; 5] = ["html", "pdf", "csv", "tsv", "xml"];
/// How far back pictures of evolution look unless asked otherwise.
const PERIODS: i32 = 30;
/// How long a description may be, in characters; what is longer is cut.
const LONGEST: usize = 250;

/// A report as a request describes it.
///
/// # Errors
/// When a parameter is none of what it may be.
pub(super) fn new(call: Call<'_>, site: &Site, login: &str) -> Result<NewScheduledReport, Failure> {
    let request = call.request;
    let period = scope::required(request, "period")?;
    check_period(period)?;
    let hour = request.text("hour").and_then(|hour| hour.parse::<u8>().ok()).filter(|hour| *hour < 24);
    let hour = hour.ok_or_else(|| Failure::new("Invalid hour schedule. Should be anything from 0 to 23 inclusive."))?;
    let kind = scope::required(request, "reportType")?;
    if kind != "email" {
        return Err(Failure::new(format!("Report type '{kind}' not valid. Try one of the following email")));
    }
    let format = scope::required(request, "reportFormat")?;
    check_format(format)?;
    let evolution_for = match request.filled("evolutionPeriodFor") {
        None => "prev",
        Some(given @ ("prev" | "each")) => given,
        Some(_) => return Err(Failure::new("evolutionPeriodFor must be 'prev' or 'each'.")),
    };
    let evolution_n = match request.filled("evolutionPeriodN").filter(|given| *given != "0" && *given != "null") {
        None => PERIODS,
        Some(given) => {
            given.parse().ok().filter(|n| *n > 0).ok_or_else(|| Failure::new("evolutionPeriodN must be a positive number."))?
        }
    };
    let period_param = match request.filled("periodParam").filter(|given| *given != "null") {
        None => "",
        Some(given @ ("day" | "week" | "month" | "year")) => given,
        Some(given) => {
            return Err(Failure::new(format!(
                "Report period must be one of the following: day, week, month, year (got {given})."
            )));
        }
    };
    let segment = match request.filled("idSegment").filter(|given| *given != "false" && *given != "0") {
        None => None,
        Some(given) => Some(given.parse().map_err(|_| Failure::new("Invalid segment identifier. Should be an integer."))?),
    };
    Ok(NewScheduledReport {
        site: site.id,
        login: login.to_owned(),
        description: request.text("description").unwrap_or_default().chars().take(LONGEST).collect(),
        segment,
        period: period.to_owned(),
        hour,
        kind: kind.to_owned(),
        format: format.to_owned(),
        reports: reports(call, site)?,
        parameters: parameters(request)?,
        evolution_for: evolution_for.to_owned(),
        evolution_n: Some(evolution_n),
        period_param: period_param.to_owned(),
    })
}

/// Whether reports are sent this often.
///
/// # Errors
/// When they are not.
pub(super) fn check_period(period: &str) -> Result<(), Failure> {
    if ["day", "week", "month", "never"].contains(&period) {
        return Ok(());
    }
    Err(Failure::new(format!("Period schedule must be one of the following: day, week, month, never (got {period})")))
}

/// Whether documents are written like this.
///
/// # Errors
/// When they are not.
pub(super) fn check_format(format: &str) -> Result<(), Failure> {
    if FORMATS.contains(&format) {
        return Ok(());
    }
    Err(Failure::new(format!("Report format '{format}' not valid. Try any of the following instead: {}.", FORMATS.join(", "))))
}

/// The reports named, each of which the site has.
fn reports(call: Call<'_>, site: &Site) -> Result<Vec<String>, Failure> {
    let known: Vec<String> = metadata::list(&call.ctx.settings.texts, site, &MatomoRequest::default(), false)
        .iter()
        .map(metadata::Described::unique_id)
        .collect();
    let named = call.request.words("reports");
    match named.iter().find(|id| !known.contains(*id)) {
        Some(id) => Err(Failure::new(format!("Report {id} is unknown or not available for report type 'email'."))),
        None => Ok(named),
    }
}

/// How the document looks and who gets it.
fn parameters(request: &MatomoRequest) -> Result<Value, Failure> {
    let given: &[(String, Param)] = match request.get("parameters") {
        Some(Param::List(entries)) => entries,
        _ => &[],
    };
    let text = |name: &str| {
        given.iter().find(|(known, _)| known == name).and_then(|(_, value)| match value {
            Param::Text(text) => Some(text.as_str()),
            Param::List(_) => None,
        })
    };
    let display = text("displayFormat").ok_or_else(|| Failure::new("Missing parameter : displayFormat"))?;
    if !["1", "2", "3", "4"].contains(&display) {
        return Err(Failure::new(format!(
            "Aggregate reports format '{display}' not valid. Try any of the following instead: 1, 2, 3, 4."
        )));
    }
    let says_yes = |name: &str, usual: bool| text(name).map_or(usual, |text| text == "true" || text == "1");
    let mut kept = Map::new();
    kept.insert("displayFormat".to_owned(), json!(display));
    kept.insert("emailMe".to_owned(), json!(says_yes("emailMe", true)));
    kept.insert("evolutionGraph".to_owned(), json!(says_yes("evolutionGraph", false)));
    if let Some((_, Param::List(entries))) = given.iter().find(|(name, _)| name == "additionalEmails") {
        let mut emails = Vec::new();
        for (_, value) in entries.iter().take(100) {
            if let Param::Text(email) = value
                && !email.trim().is_empty()
            {
                if !email.contains('@') {
                    return Err(Failure::new(format!("The email doesn't have a valid format. ({email})")));
                }
                emails.push(json!(email.trim()));
            }
        }
        kept.insert("additionalEmails".to_owned(), Value::Array(emails));
    }
    Ok(Value::Object(kept))
}

/// A report as it is listed.
pub(super) fn shown(kept: &ScheduledReport) -> Cell {
    let report = &kept.report;
    cells! {
        "idreport" => kept.id,
        "idsite" => i64::from(report.site.0),
        "login" => report.login.as_str(),
        "description" => report.description.as_str(),
        "idsegment" => report.segment.map_or(Cell::NULL, Cell::from),
        "period" => report.period.as_str(),
        "hour" => i64::from(report.hour),
        "type" => report.kind.as_str(),
        "format" => report.format.as_str(),
        "reports" => texts(&report.reports),
        "parameters" => plain(&report.parameters),
        "ts_created" => moment(kept.created_at).as_str(),
        "ts_last_sent" => kept.last_sent_at.map_or(Cell::NULL, |at| moment(at).as_str().into()),
        "deleted" => 0i64,
        "evolution_graph_within_period" => bit(report.evolution_for == "each"),
        "evolution_graph_period_n" => i64::from(report.evolution_n.unwrap_or(PERIODS)),
        "period_param" => period(report),
    }
}

/// The period that a document is about unless asked otherwise.
pub(super) fn period(report: &NewScheduledReport) -> &str {
    match (report.period_param.as_str(), report.period.as_str()) {
        ("", "never") => "day",
        ("", period) => period,
        (given, _) => given,
    }
}

fn plain(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::NULL,
        Value::Bool(held) => Cell::Bool(*held),
        Value::Number(number) => number.as_i64().map_or_else(|| Cell::from(number.as_f64().unwrap_or_default()), Cell::from),
        Value::String(text) => Cell::text(text),
        Value::Array(values) => Cell::List(values.iter().map(plain).collect()),
        Value::Object(entries) => {
            Cell::Map(entries.iter().map(|(name, value)| (Name::Owned(name.clone()), plain(value))).collect())
        }
    }
}
