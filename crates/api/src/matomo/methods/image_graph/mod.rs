//! `ImageGraph.get`: a report as a picture.

mod canvas;
mod charts;
mod font;

use std::sync::Arc;

use footfall_model::{Access, Cell, Site, Value};
use footfall_report::{Sheet, Tables, is_several};

use self::{
    canvas::{Canvas, Colour},
    charts::{Data, Kind, Look},
};
use super::api::{described, processed};
use crate::{
    access::Need,
    matomo::{
        Answer, Failure, MatomoRequest, Reply,
        dispatch::{Call, Method},
        metadata::Described,
        scope,
    },
};

pub(super) const METHODS: &[Method] =
    &[Method::new("ImageGraph", "get", Need::Nobody, &["idSite", "period", "date", "apiModule", "apiAction"], |call| {
        Box::pin(get(call))
    })];

/// The widest and highest a picture may be.
const MOST_POINTS: i32 = 2048;
/// How many rows a picture of one period shows, and how many it follows over time.
const MOST_ROWS: usize = 20;
const MOST_FOLLOWED: usize = 5;

/// What stays free around a sentence, and how far its lines are apart.
const MARGIN: i32 = 6;
const LINE: usize = 16;

/// The colours of series that a request names none for.
const COLOURS: [Colour; 8] = [
    [0xD4, 0x29, 0x1F],
    [0x36, 0x4D, 0xBB],
    [0x32, 0x9A, 0x45],
    [0xE8, 0x96, 0x1E],
    [0x7B, 0x42, 0x9E],
    [0x22, 0x9F, 0xA6],
    [0x8A, 0x5A, 0x38],
    [0x6E, 0x6E, 0x6E],
];

async fn get(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    // Where a picture is expected, what is wrong with it is told by a picture.
    let picture = match drawn(call, &site).await {
        Ok(picture) => picture,
        Err(failure) => notice(call.request, &failure.message),
    };
    let headers = vec![("content-disposition", "inline; filename=graph.png".to_owned())];
    Ok(Answer::Raw(Reply { status: 200, content_type: "image/png", headers, body: picture.png() }))
}

async fn drawn(call: Call<'_>, site: &Arc<Site>) -> Result<Canvas, Failure> {
    let request = call.request;
    let about = described::of_call(call, site, true).ok_or_else(|| Failure::new("Invalid API Module and/or API Action"))?;
    let has_rows = !about.dimension.is_empty();
    let over_time = scope::required(request, "period")? != "range" && is_several(scope::required(request, "date")?);
    if !has_rows && !over_time {
        return Err(Failure::new("The graph cannot be drawn for this combination of 'date' and 'period' parameters."));
    }
    let kind = kind(request, over_time, about.is_constant)?;
    let columns = columns(request, &about)?;
    let first = columns.first().map_or("nb_visits", |(name, _)| name.as_str());
    let mut asked = request.clone();
    for name in ["columns", "graphType", "width", "height", "labels", "colors", "outputType"] {
        asked.remove(name);
    }
    if !about.is_constant {
        asked.set("filter_sort_column", first);
    }
    asked.set("format_metrics", "0");
    let made = processed::process(Call { request: &asked, ..call }, site).await?;
    let data =
        if over_time { over(&made.data, &columns, has_rows, request) } else { rows(&made.data, &columns, about.is_constant) };
    Ok(charts::draw(kind, &data, &look(request, kind)))
}

/// A sentence as a picture, in as many lines as it takes.
fn notice(request: &MatomoRequest, sentence: &str) -> Canvas {
    let side = |name: &str, usual: i32| {
        let given = request.int(name).filter(|given| *given > 0).and_then(|given| i32::try_from(given).ok());
        given.unwrap_or(usual).clamp(16, MOST_POINTS)
    };
    let one = |name: &str, usual: Colour| request.filled(name).and_then(colour).unwrap_or(usual);
    let mut canvas = Canvas::new(side("width", 450), side("height", 300), one("backgroundColor", [0xFF, 0xFF, 0xFF]));
    let text = one("textColor", [0x22, 0x22, 0x22]);
    let most = usize::try_from((canvas.width - 2 * MARGIN) / font::WIDTH).unwrap_or(0).max(1);
    let mut lines = vec![String::new()];
    for word in sentence.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() || line.chars().count() + 1 + word.chars().count() <= most => {
                line.push_str(if line.is_empty() { "" } else { " " });
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    for (line, top) in lines.iter().zip((MARGIN..canvas.height).step_by(LINE)) {
        canvas.text((MARGIN, top), line, text);
    }
    canvas
}

const KINDS: [(&str, Kind); 5] = [
    ("evolution", Kind::Line),
    ("verticalBar", Kind::Columns),
    ("pie", Kind::Pie),
    ("3dPie", Kind::Pie),
    ("horizontalBar", Kind::Bars),
];

fn kind(request: &MatomoRequest, over_time: bool, is_constant: bool) -> Result<Kind, Failure> {
    let Some(given) = request.filled("graphType").filter(|given| !matches!(*given, "0" | "false")) else {
        return Ok(match (over_time, is_constant) {
            (true, _) => Kind::Line,
            (false, true) => Kind::Columns,
            (false, false) => Kind::Bars,
        });
    };
    KINDS.iter().find(|(name, _)| *name == given).map(|(_, kind)| *kind).ok_or_else(|| {
        let names = KINDS.map(|(name, _)| name).join(", ");
        Failure::new(format!("Static graph type '{given}' is not valid. Try any of the following instead: {names}"))
    })
}

/// The columns that are drawn, with their names.
fn columns(request: &MatomoRequest, about: &Described) -> Result<Vec<(String, String)>, Failure> {
    let known: Vec<&(String, String)> = about.metrics.iter().chain(&about.processed).collect();
    let find = |wanted: &str| known.iter().find(|(name, _)| name == wanted).map(|found| (*found).clone());
    let missing = |wanted: &str| {
        let names: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
        Failure::new(format!("Column '{wanted}' is not found in this report. Try any of the following: {}", names.join(",")))
    };
    let named: Vec<String> = request.words("columns").into_iter().filter(|name| name != "false" && name != "0").collect();
    if named.is_empty() {
        let first = find("nb_visits").or_else(|| about.metrics.first().cloned());
        return first.map(|first| vec![first]).ok_or_else(|| missing("nb_visits"));
    }
    named.iter().take(MOST_FOLLOWED).map(|name| find(name).ok_or_else(|| missing(name))).collect()
}

/// The rows of one period.
fn rows(tables: &Tables, columns: &[(String, String)], all: bool) -> Data {
    let table = tables.first().map(|sheet| &sheet.table);
    let most = if all { usize::MAX } else { MOST_ROWS };
    let rows: Vec<_> = table.map_or(&[][..], |table| &table.rows).iter().take(most.min(400)).collect();
    Data {
        names: rows.iter().map(|row| row.label().to_owned()).collect(),
        series: columns
            .iter()
            .map(|(name, shown)| (shown.clone(), rows.iter().map(|row| number(row.get(name))).collect()))
            .collect(),
    }
}

/// Several periods: of lists of numbers every column, of others the rows that had most.
fn over(tables: &Tables, columns: &[(String, String)], has_rows: bool, request: &MatomoRequest) -> Data {
    let (names, sheets): (Vec<String>, Vec<&Sheet>) = match tables {
        Tables::Each { tables, .. } => {
            tables.iter().filter_map(|(key, tables)| Some((short(key), tables.first()?))).take(400).unzip()
        }
        Tables::One(sheet) => (vec![String::new()], vec![sheet.as_ref()]),
    };
    if !has_rows {
        let of = |name: &str| sheets.iter().map(|sheet| number(sheet.table.rows.first().and_then(|row| row.get(name)))).collect();
        return Data { names, series: columns.iter().map(|(name, shown)| (shown.clone(), of(name))).collect() };
    }
    let column = columns.first().map_or("nb_visits", |(name, _)| name.as_str());
    let mut sums: Vec<(String, f64)> = Vec::new();
    for row in sheets.iter().flat_map(|sheet| &sheet.table.rows) {
        match sums.iter().position(|(label, _)| label == row.label()) {
            Some(at) => sums[at].1 += number(row.get(column)),
            None if sums.len() < 1_000 => sums.push((row.label().to_owned(), number(row.get(column)))),
            None => {}
        }
    }
    sums.sort_by(|one, other| other.1.total_cmp(&one.1));
    let wanted: Vec<String> = request.words("labels").into_iter().filter(|label| label != "false").take(10).collect();
    let labels = if wanted.is_empty() { sums.into_iter().map(|(label, _)| label).take(MOST_FOLLOWED).collect() } else { wanted };
    let of = |label: &String| {
        let find =
            |sheet: &&Sheet| number(sheet.table.rows.iter().find(|row| row.label() == label).and_then(|row| row.get(column)));
        (label.clone(), sheets.iter().map(find).collect())
    };
    Data { names, series: labels.iter().map(of).collect() }
}

/// A period in few words: without the year and the day of the week where it has them.
fn short(key: &str) -> String {
    let parts: Vec<&str> = key.split(", ").collect();
    match parts.as_slice() {
        [_, day, _] => (*day).to_owned(),
        _ => key.to_owned(),
    }
}

/// A number, also where it stands as text with a percent sign, a currency or a clock.
fn number(cell: Option<&Cell>) -> f64 {
    let number = match cell {
        Some(Cell::Value(Value::Text(text))) => match text.split(':').collect::<Vec<_>>().as_slice() {
            [hours, minutes, seconds] => [hours, minutes, seconds]
                .iter()
                .try_fold(0.0, |sum, part| part.parse::<f64>().ok().map(|part| sum * 60.0 + part))
                .unwrap_or(0.0),
            _ => {
                let digits: String = text.chars().filter(|sign| sign.is_ascii_digit() || matches!(sign, '.' | '-')).collect();
                digits.parse().unwrap_or(0.0)
            }
        },
        Some(cell) => cell.as_f64().unwrap_or(0.0),
        None => 0.0,
    };
    if number.is_finite() { number } else { 0.0 }
}

fn look(request: &MatomoRequest, kind: Kind) -> Look {
    let (width, height) = match kind {
        Kind::Line => (1044, 290),
        Kind::Columns => (1020, 250),
        Kind::Pie => (400, 200),
        Kind::Bars => (800, 250),
    };
    let side = |name: &str, usual: i32| {
        let given =
            request.int(name).filter(|given| *given > 0).map_or(usual, |given| i32::try_from(given).unwrap_or(MOST_POINTS));
        given.clamp(16, MOST_POINTS)
    };
    let one = |name: &str, usual: Colour| request.filled(name).and_then(colour).unwrap_or(usual);
    let given: Vec<Colour> = request.words("colors").iter().filter_map(|given| colour(given)).take(32).collect();
    Look {
        width: side("width", width),
        height: side("height", height),
        text: one("textColor", [0x22, 0x22, 0x22]),
        background: one("backgroundColor", [0xFF, 0xFF, 0xFF]),
        grid: one("gridColor", [0xCC, 0xCC, 0xCC]),
        colours: if given.is_empty() { COLOURS.to_vec() } else { given },
        legend: request.filled("showLegend").is_none_or(|given| given != "0" && given != "false"),
    }
}

/// A colour written as six hexadecimal digits.
fn colour(given: &str) -> Option<Colour> {
    let digits = given.trim().trim_start_matches('#');
    let number = u32::from_str_radix(digits, 16).ok().filter(|_| digits.len() == 6)?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some([red, green, blue])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_read_them() {
        for (text, wanted) in [("12.5%", 12.5), ("$1,024.50", 1024.5), ("00:01:05", 65.0), ("-", 0.0)] {
            assert_eq!(number(Some(&Cell::text(text))), wanted, "{text}");
        }
        assert_eq!(number(None), 0.0);
    }

    #[test]
    fn colours_are_six_digits() {
        assert_eq!(colour("#0A0bFF"), Some([10, 11, 255]));
        assert_eq!(colour("red"), None);
        assert_eq!(short("Sunday, January 3, 2010"), "January 3");
        assert_eq!(short("2010"), "2010");
    }
}
