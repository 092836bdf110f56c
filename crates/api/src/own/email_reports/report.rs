//! What a report says.

use std::{fmt::Write as _, sync::Arc};

use footfall_model::{DateRange, Error, Site};
use serde_json::{Value, json};

use super::due::Kind;
use crate::{letters::Letter, matomo::Context, own::query};

/// How many sources, pages and goals are named.
const ROWS: u64 = 5;

/// The figures of some days.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Figures {
    /// Visitors, page views and bounce rate, each with what it was before.
    pub(super) totals: [(Option<f64>, Option<f64>); 3],
    /// What is listed below them, with a number each.
    pub(super) lists: Vec<(&'static str, Vec<(String, i64)>)>,
}

impl Figures {
    /// Asks for them, as the dashboard does.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub(super) async fn of(ctx: &Context, site: &Arc<Site>, days: DateRange, before: DateRange) -> Result<Figures, Error> {
        let text = |days: DateRange| json!({ "from": days.first().to_string(), "to": days.last().to_string() });
        let ask = |mut asked: Value| {
            asked["range"] = text(days);
            async move {
                let told = query::query(ctx, site, &asked, Vec::new()).await;
                told.map_err(|failure| Error::broken(format!("the figures of a report cannot be had: {}", failure.message)))
            }
        };
        let totals = ask(json!({ "metrics": ["visitors", "pageviews", "bounce_rate"], "compare": text(before) }));
        let list = |dimension: &str, metric: &str| ask(json!({ "metrics": [metric], "dimensions": [dimension], "limit": ROWS }));
        let (totals, sources, pages, goals) = futures::try_join!(
            totals,
            list("visit:source", "visitors"),
            list("event:page", "visitors"),
            list("event:goal", "conversions")
        )?;
        let total = |n: usize| {
            let of = |name: &str| totals["totals"][name][n].as_f64();
            (of("metrics"), of("comparison"))
        };
        let rows = |told: &Value| {
            let rows = told["rows"].as_array().into_iter().flatten();
            rows.filter_map(|row| Some((name(&row["dimensions"][0])?, row["metrics"][0].as_f64()? as i64)))
                .filter(|(_, n)| *n > 0)
                .collect()
        };
        Ok(Figures {
            totals: [total(0), total(1), total(2)],
            lists: vec![("Top sources", rows(&sources)), ("Top pages", rows(&pages)), ("Goals", rows(&goals))],
        })
    }
}

fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.is_empty() => Some("(none)".to_owned()),
        Value::String(text) => Some(text.clone()),
        other => other.get("name").and_then(Value::as_str).map(str::to_owned),
    }
}

/// The letter about these figures, to nobody yet.
pub(super) fn letter(kind: Kind, site: &Site, base_url: &str, days: DateRange, figures: &Figures) -> Letter {
    let subject = format!("{} report for {}", kind.name(), site.domain);
    let when = format!("{} to {}", days.first(), days.last());
    let link = format!("{base_url}sites/{}", site.id);
    let numbers: Vec<(&str, String, String)> = ["Visitors", "Page views", "Bounce rate"]
        .into_iter()
        .zip(figures.totals)
        .enumerate()
        .map(|(n, (name, (now, before)))| (name, shown(now, n == 2), change(now, before, n == 2)))
        .collect();
    let lists = || figures.lists.iter().filter(|(_, rows)| !rows.is_empty());

    let mut text = format!("{}, {when}\n\n", site.domain);
    for (name, now, change) in &numbers {
        let _ = writeln!(text, "{}", format!("{name:<12} {now:>8}  {change}").trim_end());
    }
    for (title, rows) in lists() {
        let _ = writeln!(text, "\n{title}");
        for (name, n) in rows {
            let _ = writeln!(text, "{n:>8}  {name}");
        }
    }
    let _ = writeln!(text, "\nMore: {link}\n\nWho gets this is said in the settings of the site.");

    let mut html = format!("<h1>{}</h1><p>{}</p><table>", escaped(&site.domain), escaped(&when));
    for (name, now, change) in &numbers {
        let _ = write!(html, "<tr><th align=\"left\">{name}</th><td align=\"right\">{now}</td><td>{change}</td></tr>");
    }
    html.push_str("</table>");
    for (title, rows) in lists() {
        let _ = write!(html, "<h2>{title}</h2><table>");
        for (name, n) in rows {
            let _ = write!(html, "<tr><td align=\"right\">{n}</td><td>{}</td></tr>", escaped(name));
        }
        html.push_str("</table>");
    }
    let _ =
        write!(html, "<p><a href=\"{}\">More</a></p><p>Who gets this is said in the settings of the site.</p>", escaped(&link));
    Letter { subject, text, html: Some(html), ..Letter::default() }
}

fn shown(number: Option<f64>, is_share: bool) -> String {
    match number {
        None => "-".to_owned(),
        Some(number) if is_share => format!("{}%", number.round() as i64),
        Some(number) => (number as i64).to_string(),
    }
}

/// How much more or less that is: in percent, of a share in points.
fn change(now: Option<f64>, before: Option<f64>, is_share: bool) -> String {
    match (now, before) {
        (Some(now), Some(before)) if is_share => format!("({:+} points)", (now.round() - before.round()) as i64),
        (Some(now), Some(before)) if before > 0.0 => format!("({:+}%)", ((now - before) / before * 100.0).round() as i64),
        _ => String::new(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_in_percent_or_points() {
        assert_eq!(change(Some(150.0), Some(100.0), false), "(+50%)");
        assert_eq!(change(Some(0.0), Some(3.0), false), "(-100%)");
        assert_eq!(change(Some(3.0), Some(0.0), false), "");
        assert_eq!(change(Some(48.2), Some(52.6), true), "(-5 points)");
        assert_eq!((shown(Some(48.2), true), shown(None, true)), ("48%".to_owned(), "-".to_owned()));
    }
}
