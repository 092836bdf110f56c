//! What the visitors' browsers can do.

use footfall_model::{
    Aggregate, Cell, DataTable, Error, Fact, Filter, Key, Measure, Op, Row, Test, Unit, Value, dimensions::device,
};

use crate::{Ask, Limited, Processed, Report, calculate, record::visits};

/// Visits by feature of the browser.
pub const PLUGIN: Report = Report {
    module: "DevicePlugins",
    action: "getPlugin",
    title: "Browser Plugins",
    doc: "The features your visitors' browsers had switched on. A browser can have several, so the shares do not add up to 100 %.",
    category: "General_Visitors",
    subcategory: "DevicesDetection_Software",
    dimension: Some("Plugin"),
    dimension_id: "DevicePlugins.Plugin",
    metrics: &["nb_visits", "nb_visits_percentage"],
    processed: &[VISITS_PERCENTAGE],
    processed_names: &[],
    constant_rows: true,
    order: 4,
    make: |ask| Box::pin(plugins(ask)),
    queued: &[|table, _| {
        for row in &mut table.rows {
            row.remove(TOTAL);
            if row.is_summary {
                continue;
            }
            let label = row.label().to_owned();
            row.set_metadata("logo", Cell::text(&format!("plugins/Morpheus/icons/dist/plugins/{label}.png")));
            row.set("label", Value::text(&capitalised(&label)));
        }
    }],
    limited: Limited::Standard,
    ..Report::BASE
};

/// The share of visits a row has.
pub const VISITS_PERCENTAGE: Processed = Processed {
    temporary: &[TOTAL],
    ..Processed::new(
        "nb_visits_percentage",
        "% Visits",
        "The share of all visits that this row has.",
        Unit::Percent,
        &["nb_visits"],
        |row| calculate::ratio(row, "nb_visits", TOTAL, 2),
    )
};

/// The column that carries the visits a share is of.
pub(crate) const TOTAL: &str = "visits_in_all";

/// The features that are looked at, in Matomo's order.
pub const PLUGINS: [&str; 8] = ["cookie", "flash", "java", "pdf", "quicktime", "realplayer", "silverlight", "windowsmedia"];

async fn plugins(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let mut query = ask.slice.query(Fact::Visits);
    query.filter = ask.reader.segment_filter(ask.slice)?;
    query.measures = PLUGINS.iter().map(|name| Measure::new(name, Aggregate::Count).only(has(name))).collect();
    query.measures.push(Measure::new("all", Aggregate::Count).only(old_explorer().negated()));
    query.measures.push(Measure::new("any", Aggregate::Count));
    let rows = ask.reader.ask(&query).await?;
    let mut values = rows.rows.into_iter().next().unwrap_or_default();
    let any = values.pop().and_then(|value| value.as_i64()).unwrap_or(0);
    let all = values.pop().map(visits::or_zero).unwrap_or_default();
    let mut table = DataTable::default();
    if any == 0 {
        return Ok(table);
    }
    for (name, value) in PLUGINS.iter().zip(values) {
        let mut row = Row::labelled(Value::text(name));
        row.set("nb_visits", visits::or_zero(value));
        row.set(TOTAL, all.clone());
        if ask.reader.tells_text_sums(ask.slice) {
            row.text_sums.push("nb_visits".into());
        }
        table.rows.push(row);
    }
    Ok(table)
}

/// Features are kept as a list between commas.
fn has(name: &str) -> Filter {
    Filter::Test(Test {
        key: Key::Column(device::PLUGINS.at()),
        op: Op::Contains,
        values: vec![Value::text(name)],
        case_sensitive: false,
    })
}

/// Internet Explorer up to version 10 tells nothing about its features.
fn old_explorer() -> Filter {
    let versions = ["10.0", "9.0", "8.0", "7.0", "6.0"].map(Value::text).to_vec();
    Filter::is(device::BROWSER_CODE.at(), "IE").and(Filter::test(Key::Column(device::BROWSER_VERSION.at()), Op::Is, versions))
}

fn capitalised(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map(|first| first.to_uppercase().chain(signs).collect()).unwrap_or_default()
}
