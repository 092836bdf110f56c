//! `ScheduledReports.generateReport`: the document itself.

use std::sync::Arc;

use footfall_admin::NewScheduledReport;
use footfall_model::{Access, Cell, DataTable, Site};
use footfall_report::{Periods, is_several};

use super::{kept, one};
use crate::{
    access,
    matomo::{
        Answer, Failure, MatomoRequest, Param, Reply,
        dispatch::Call,
        encode, metadata,
        methods::api::processed::{self, Processed},
        process::decode::escape,
        scope,
    },
};

/// How many rows of a report stand in a document (`scheduled_reports_truncate`).
const MOST_ROWS: &str = "23";

/// What stands on top of a document.
struct Front<'a> {
    title: &'a str,
    date: &'a str,
    description: &'a str,
}

/// A document that is made.
pub(super) struct Document {
    pub(super) title: String,
    pub(super) pretty_date: String,
    /// What the file is called.
    pub(super) file: String,
    pub(super) text: String,
    pub(super) content_type: &'static str,
    format: String,
}

/// Makes the document and hands it out as the request asks: as a value, to be shown, or to be saved.
pub(super) async fn generate(call: Call<'_>) -> Result<Answer, Failure> {
    let held = one(call).await?;
    let date = scope::required(call.request, "date")?;
    let document = make(call, &held.report, date).await?;
    Ok(match call.request.int("outputType") {
        Some(4) => Answer::value(Cell::text(&document.text)),
        Some(3) => Answer::Raw(reply(document, "inline")),
        _ => Answer::Raw(reply(document, "attachment")),
    })
}

/// Makes the document of a report for the period around a date; the request may name another period or format.
pub(super) async fn make(call: Call<'_>, report: &NewScheduledReport, date: &str) -> Result<Document, Failure> {
    let request = call.request;
    access::check_site(call.caller, report.site, Access::View)?;
    let site = call.ctx.sites.get(report.site).ok_or_else(|| Failure::new(super::NOT_FOUND))?;
    let asked = |name: &str| request.filled(name).filter(|given| *given != "false");
    let period = asked("period").unwrap_or_else(|| kept::period(report));
    if period != "range" && is_several(date) {
        return Err(Failure::with_status(400, "This API method does not support multiple periods."));
    }
    Periods::parse(period, date, scope::today(call.ctx, Some(site)))?;
    let format = asked("reportFormat").unwrap_or(&report.format);
    kept::check_format(format)?;
    if format == "pdf" {
        return Err(Failure::new("This server writes no PDF: ask for `reportFormat` html, csv, tsv or xml."));
    }
    let mut segment = None;
    if let Some(id) = report.segment {
        segment = call.ctx.admin.segments().await?.into_iter().find(|saved| saved.id == id).map(|saved| saved.segment);
    }
    let mut made = Vec::new();
    for about in metadata::list(&call.ctx.settings.texts, site, &MatomoRequest::default(), false) {
        if !report.reports.contains(&about.unique_id()) {
            continue;
        }
        let mut wanted = MatomoRequest::of(&[("period", period), ("date", date), ("flat", "1"), ("format", "original")]);
        wanted.set("idSite", &site.id.to_string());
        wanted.set("apiModule", about.module);
        wanted.set("apiAction", about.action);
        wanted.set("filter_truncate", MOST_ROWS);
        wanted.set("filter_limit", &call.ctx.settings.default_limit.to_string());
        wanted.set("format_metrics", "bc");
        let parameters = about.parameters.iter().map(|(name, value)| (name.clone(), Param::Text(value.clone())));
        wanted.put("apiParameters", Param::List(parameters.collect()));
        if about.module == "MultiSites" {
            wanted.set("enhanced", "1");
        }
        if (about.module, about.action) == ("MultiSites", "getAll") {
            wanted.remove("filter_truncate");
            wanted.set("filter_limit", "-1");
        }
        if let Some(segment) = &segment {
            wanted.set("segment", &segment.definition);
        }
        // A report that cannot be made is left out, so that the others arrive.
        if let Ok(processed) = processed::process(Call { request: &wanted, ..call }, site).await {
            made.push(processed);
        }
    }
    let mut title = match report.reports.as_slice() {
        [only] if only == "MultiSites_getAll" => "All Websites reports".to_owned(),
        _ => site.name.clone(),
    };
    if let Some(segment) = &segment {
        title.push_str(&format!(" - {}", segment.name));
    }
    let description = report.description.replace(['\r', '\n'], " ");
    let pretty_date = made.last().map_or("", |processed| processed.date.as_str());
    let front = Front { title: &title, date: pretty_date, description: &description };
    let text = write(format, &front, site, &made);
    let content_type = match format {
        "csv" => "text/csv; charset=utf-8",
        "tsv" => "text/tab-separated-values; charset=utf-8",
        "xml" => "text/xml; charset=utf-8",
        _ => "text/html; charset=utf-8",
    };
    let file = format!("{title} - {pretty_date} - {description}.{format}");
    Ok(Document { pretty_date: pretty_date.to_owned(), format: format.to_owned(), title, file, text, content_type })
}

impl Document {
    /// Whether it is a page that a letter can show.
    pub(super) fn is_page(&self) -> bool {
        self.format == "html"
    }
}

fn reply(document: Document, how: &str) -> Reply {
    let Document { file, text, content_type, .. } = document;
    let name: String = form_urlencoded::byte_serialize(file.as_bytes()).collect();
    let disposition = format!("{how}; filename*=UTF-8''{}", name.replace('+', "%20"));
    Reply { status: 200, content_type, headers: vec![("content-disposition", disposition)], body: text.into_bytes() }
}

fn write(format: &str, front: &Front<'_>, site: &Arc<Site>, made: &[Processed]) -> String {
    match format {
        "csv" => separated(made, ','),
        "tsv" => separated(made, '\t'),
        "xml" => xml(front, site, made),
        _ => html(front, made),
    }
}

/// One table below the other, each under its name.
fn separated(made: &[Processed], separator: char) -> String {
    let mut out = String::new();
    for processed in made {
        let name = encode::separated_value(&processed.described.name, separator);
        out.push_str(&format!("{name}\n{}\n\n", encode::separated(&processed.data, separator)));
    }
    out
}

fn tables(processed: &Processed) -> impl Iterator<Item = &DataTable> {
    processed.data.sheets().into_iter().map(|sheet| &sheet.table)
}

fn html(front: &Front<'_>, made: &[Processed]) -> String {
    let mut out = format!(
        "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title>{0}</title>\n<style>body{{font-family:sans-serif}}\
         table{{border-collapse:collapse}}td,th{{padding:4px 10px;text-align:left;border-bottom:1px solid #ddd}}</style>\n</head>\n\
         <body>\n<h1>{0}</h1>\n<p>{1} - {2}</p>\n",
        escape(front.title),
        escape(front.description),
        escape(front.date)
    );
    out.push_str("<ul>\n");
    for processed in made {
        let (id, name) = (escape(&processed.described.unique_id()), escape(&processed.described.name));
        out.push_str(&format!("<li><a href=\"#{id}\">{name}</a></li>\n"));
    }
    out.push_str("</ul>\n");
    for processed in made {
        out.push_str(&format!(
            "<h2 id=\"{}\">{}</h2>\n",
            escape(&processed.described.unique_id()),
            escape(&processed.described.name)
        ));
        let rows: usize = tables(processed).map(|table| table.rows.len()).sum();
        if rows == 0 {
            out.push_str("<p>There is no data for this report.</p>\n");
            continue;
        }
        out.push_str("<table>\n<thead>\n<tr>");
        for (_, shown) in &processed.columns {
            out.push_str(&format!("<th>{}</th>", escape(shown)));
        }
        out.push_str("</tr>\n</thead>\n<tbody>\n");
        for row in tables(processed).flat_map(|table| &table.rows) {
            out.push_str("<tr>");
            for (name, _) in &processed.columns {
                let cell = row.get(name).map_or_else(String::new, encode::shown_in_html);
                out.push_str(&format!("<td>{cell}</td>"));
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody>\n</table>\n");
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn xml(front: &Front<'_>, site: &Site, made: &[Processed]) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n<document site=\"{}\" title=\"{}\" date=\"{}\">\n",
        site.id,
        escape(front.title),
        escape(front.date)
    );
    for processed in made {
        let id = processed.described.unique_id();
        out.push_str(&format!("\t<report id=\"{}\" name=\"{}\">\n", escape(&id), escape(&processed.described.name)));
        for row in tables(processed).flat_map(|table| &table.rows) {
            out.push_str("\t\t<row>\n");
            for (name, _) in &processed.columns {
                let cell = row.get(name).map_or_else(String::new, encode::shown_in_html);
                out.push_str(&format!("\t\t\t<{name}>{cell}</{name}>\n"));
            }
            out.push_str("\t\t</row>\n");
        }
        out.push_str("\t</report>\n");
    }
    out.push_str("</document>\n");
    out
}
