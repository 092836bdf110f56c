//! RSS: an item a period, the latest first, its rows as a table.

use footfall_model::{Cell, DataTable};
use footfall_report::Tables;
use jiff::{civil::Time, tz::TimeZone};

use super::{csv::plain, xml};
use crate::matomo::{Answer, Context, Failure, MatomoRequest, Reply, metadata, process, scope};

/// An answer or a failure as RSS.
pub(super) fn reply(ctx: &Context, request: &MatomoRequest, made: Result<Answer, Failure>) -> Reply {
    let made = made.and_then(|answer| match answer {
        Answer::Tables(Tables::Each { by: "date", tables }) => Ok(tables),
        _ => Err(Failure::new(
            "RSS feeds can be generated for one specific website &idSite=X.\nPlease specify only one idSite or consider using \
             &format=XML instead.",
        )),
    });
    let tables = match made {
        Ok(tables) => tables,
        Err(failure) => return super::text("text/plain; charset=utf-8", &xml::escape(&failure.message), failure.status),
    };
    let now = ctx.now.local(&TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\">\n  <channel>\n    <title>matomo statistics - RSS</title>\n    \
         <link>https://matomo.org</link>\n    <description>Matomo RSS feed</description>\n    <pubDate>{now}</pubDate>\n    \
         <generator>matomo</generator>\n    <language>en</language>\n    <lastBuildDate>{now}</lastBuildDate>\n"
    );
    for (key, tables) in tables.iter().rev() {
        if let Some(sheet) = tables.first() {
            item(ctx, request, &mut out, key, sheet);
        }
    }
    out.push_str("\t</channel>\n</rss>");
    Reply { status: 200, content_type: "text/xml; charset=utf-8", headers: Vec::new(), body: out.into_bytes() }
}

fn item(ctx: &Context, request: &MatomoRequest, out: &mut String, key: &str, sheet: &footfall_report::Sheet) {
    let Some(slice) = &sheet.slice else {
        return;
    };
    let first = slice.period.days.first();
    let moment = first.to_datetime(Time::midnight()).strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
    let period = scope::required(request, "period").unwrap_or_default();
    // The date of a link is the day on which it is midnight there in UTC, as at Matomo.
    let midnight = first.to_datetime(Time::midnight()).to_zoned(slice.site.zone.clone());
    let date = midnight.map_or(first, |there| there.timestamp().to_zoned(TimeZone::UTC).date());
    let link =
        format!("{}?module=CoreHome&action=index&idSite={}&period={period}&date={date}", ctx.settings.base_url, slice.site.id);
    let (link, name) = (process::decode::escape(&link), process::decode::escape(&slice.site.name));
    let names = metadata::Names::of(ctx, request);
    let rows = process::decode::escape(&rows(&sheet.table, &names).replace('\n', ""));
    out.push_str(&format!(
        "\t<item>\n\t\t<pubDate>{moment}</pubDate>\n\t\t<guid>{link}</guid>\n\t\t<link>{link}</link>\n\t\t<title>{name} on {key}</title>\n\
         \t\t<author>https://matomo.org</author>\n\t\t<description>{rows}</description>\n\t</item>\n"
    ));
}

fn rows(table: &DataTable, names: &metadata::Names) -> String {
    if table.rows.is_empty() {
        return "<strong><em>Empty table</em></strong><br />\n".to_owned();
    }
    let is_plain = |cell: &Cell| matches!(cell, Cell::Value(_) | Cell::Bool(_));
    let mut columns: Vec<&str> = Vec::new();
    for (name, cell) in table.rows.iter().flat_map(|row| &row.columns) {
        if is_plain(cell) && !columns.contains(&name.as_ref()) {
            columns.push(name);
        }
    }
    let mut out = "\n<table border=1 width=70%>\n<tr>".to_owned();
    for name in &columns {
        out.push_str(&format!("\n\t<td><strong>{}</strong></td>", without_markup(&names.shown(name))));
    }
    out.push_str("\n</tr>");
    for row in &table.rows {
        out.push_str("\n\n<tr>");
        for name in &columns {
            let value = row.get(name).map_or_else(|| "-".to_owned(), shown);
            out.push_str(&format!("\n\t<td>{value}</td>"));
        }
        out.push_str("</tr>");
    }
    out.push_str("\n\n</table>");
    out
}

/// A value as it stands, percent codes resolved.
fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Value(footfall_model::Value::Null) => "-".to_owned(),
        other => without_markup(&scope::decode_plus(&plain(other))),
    }
}

/// The table is escaped as a whole, as at Matomo, and readers of feeds show it as HTML; what visitors sent must be no tag in it.
fn without_markup(text: &str) -> String {
    text.replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use footfall_model::Row;

    use super::*;

    #[test]
    fn what_visitors_sent_is_no_markup_in_a_feed() {
        let mut row = Row::labelled("/%3Cscript%3Ealert(1)%3C/script%3E & more");
        row.set("a<b>", Cell::from(1i64));
        let table = DataTable { rows: vec![row], ..DataTable::default() };
        let told = rows(&table, &metadata::Names::default());
        assert!(told.contains("<td>/&lt;script&gt;alert(1)&lt;/script&gt; & more</td>"), "{told}");
        assert!(told.contains("<strong>a&lt;b&gt;</strong>"), "{told}");
    }
}
