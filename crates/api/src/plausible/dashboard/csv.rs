//! Files of the export.

use footfall_report::stats::Metric;

use super::super::archive::push_field;

/// A file: its header, and a row for each.
pub(super) fn file<'a>(header: impl IntoIterator<Item = &'a str>, rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut text = String::new();
    line(&mut text, header);
    for row in rows {
        line(&mut text, row.iter().map(String::as_str));
    }
    text
}

fn line<'a>(into: &mut String, fields: impl IntoIterator<Item = &'a str>) {
    for (place, field) in fields.into_iter().enumerate() {
        if place > 0 {
            into.push(',');
        }
        // What a spreadsheet would run as a formula is made harmless: visitors choose their addresses.
        if field.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            push_field(into, &format!("'{field}"));
        } else {
            push_field(into, field);
        }
    }
    into.push_str("\r\n");
}

/// A figure as Plausible writes it: rates with a digit after the point at least, nothing where nothing is known.
pub(super) fn figure(metric: Metric, value: Option<f64>) -> String {
    let is_rate =
        matches!(metric, Metric::ViewsPerVisit | Metric::Percentage | Metric::ConversionRate | Metric::GroupConversionRate);
    match value {
        None => String::new(),
        Some(value) if is_rate && value.fract() == 0.0 => format!("{value:.1}"),
        Some(value) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_and_rates_have_a_point() {
        let rows = vec![vec!["a,b".to_owned(), figure(Metric::Visitors, Some(3.0))], vec![String::new(), String::new()]];
        assert_eq!(file(["name", "visitors"], rows), "name,visitors\r\n\"a,b\",3\r\n,\r\n");
        assert_eq!(file(["name"], [vec!["=1+1".to_owned()]]), "name\r\n'=1+1\r\n");
        assert_eq!(figure(Metric::Percentage, Some(50.0)), "50.0");
        assert_eq!(figure(Metric::Percentage, Some(33.33)), "33.33");
        assert_eq!(figure(Metric::VisitDuration, None), "");
    }
}
