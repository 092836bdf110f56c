//! Where visitors were.

use footfall_model::{Aggregate, Cell, DataTable, Error, Filter, Key, Measure, Op, Value, VisitRow};

use crate::{
    Ask, Limited, Report,
    names::{countries, regions},
    number,
    record::breakdown::{self, Breakdown, Label, encode, is, text},
};

const LOCATION: Report = Report {
    module: "UserCountry",
    category: "General_Visitors",
    subcategory: "UserCountry_SubmenuLocations",
    metrics: &["nb_visits", "nb_uniq_visitors", "nb_actions"],
    has_goals: true,
    limited: Limited::Standard,
    ..Report::BASE
};

/// Visits by country.
pub const COUNTRY: Report = Report {
    action: "getCountry",
    title: "Country",
    doc: "The countries your visitors came from.",
    dimension: Some("Country"),
    dimension_id: "UserCountry.Country",
    segment: "countryCode",
    order: 5,
    make: |ask| Box::pin(of(ask, &BY_COUNTRY)),
    queued: &[|table, _| {
        for row in &mut table.rows {
            row.set_metadata("logoHeight", 16i64);
        }
    }],
    ..LOCATION
};

/// Visits by continent.
pub const CONTINENT: Report = Report {
    action: "getContinent",
    title: "Continent",
    doc: "The continents your visitors came from.",
    dimension: Some("Continent"),
    dimension_id: "UserCountry.Continent",
    segment: "continentCode",
    order: 6,
    make: |ask| Box::pin(of(ask, &BY_CONTINENT)),
    ..LOCATION
};

/// Visits by region.
pub const REGION: Report = Report {
    action: "getRegion",
    title: "Region",
    doc: "The regions your visitors came from, where they are known.",
    dimension: Some("Region"),
    dimension_id: "UserCountry.Region",
    segment: "regionCode",
    order: 7,
    make: |ask| Box::pin(of(ask, &BY_REGION)),
    others: |row, _| row.set_metadata("logo", Cell::text(&flag("xx"))),
    ..LOCATION
};

/// Visits by city.
pub const CITY: Report = Report {
    action: "getCity",
    title: "City",
    doc: "The cities your visitors came from, where they are known.",
    dimension: Some("City"),
    dimension_id: "UserCountry.City",
    segment: "city",
    order: 10,
    make: |ask| Box::pin(of(ask, &BY_CITY)),
    others: |row, _| row.set_metadata("logo", Cell::text(&flag("xx"))),
    ..LOCATION
};

/// How many countries there were.
pub const COUNTRIES: Report = Report {
    module: "UserCountry",
    action: "getNumberOfDistinctCountries",
    is_hidden: true,
    make: |ask| Box::pin(number_of_countries(ask)),
    ..Report::BASE
};

/// Matomo adds up countries and continents of their places: who was in two of them counts twice there, exactly once here.
async fn of(ask: &Ask<'_>, breakdown: &Breakdown) -> Result<DataTable, Error> {
    let keys = match breakdown.keys {
        keys if !ask.reader.settings.text_sums => keys,
        ["visit.continent", ..] => &["visit.continent", "visit.country", "visit.region", "visit.city"],
        _ => &["visit.country", "visit.region", "visit.city"],
    };
    breakdown::table(ask.reader, ask.slice, &Breakdown { keys, ..*breakdown }).await
}

async fn number_of_countries(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let countries = breakdown::table(ask.reader, ask.slice, &BY_COUNTRY).await?;
    Ok(DataTable::simple(vec![("UserCountry_distinctCountries".into(), Cell::from(countries.rows.len() as i64))]))
}

const BY_COUNTRY: Breakdown = Breakdown {
    keys: &["visit.country"],
    goals: true,
    more: &[],
    row: |keys| {
        let code = code(keys, 0);
        Some(
            Label::new(country(&code))
                .with_text("code", &code)
                .with_text("logo", &flag(&code))
                .with_text("segment", &is("countryCode", &code)),
        )
    },
};

const BY_CONTINENT: Breakdown = Breakdown {
    keys: &["visit.continent"],
    goals: true,
    more: &[],
    row: |keys| {
        let name = continent(text(keys, 0));
        Some(Label::new(name).with_text("code", name))
    },
};

const BY_REGION: Breakdown = Breakdown {
    keys: &["visit.country", "visit.region"],
    goals: true,
    more: &[],
    row: |keys| {
        let region = region_code(keys, 1);
        if region.is_empty() {
            return Some(unknown_place());
        }
        let code = code(keys, 0);
        let name = region_name(keys, 1);
        let label = if code == "xx" { name.to_owned() } else { format!("{name}, {}", country(&code)) };
        let segment = format!("regionCode=={};countryCode=={}", encode(&region), encode(&code));
        Some(
            Label::new(label)
                .with_text("segment", &segment)
                .with_text("region", &region)
                .with_text("country", &code)
                .with_text("country_name", country(&code))
                .with_text("region_name", name)
                .with_text("logo", &flag(&code)),
        )
    },
};

const BY_CITY: Breakdown = Breakdown {
    keys: &["visit.country", "visit.region", "visit.city"],
    goals: true,
    more: &[|| first("latitude"), || first("longitude")],
    row: |keys| {
        let city = text(keys, 2);
        if city.is_empty() {
            let mut label = unknown_place();
            label.metadata.insert(0, ("city".into(), Cell::text("xx")));
            return Some(label.with_text("city_name", "Unknown"));
        }
        let (code, region) = (code(keys, 0), region_code(keys, 1));
        let mut label = city.to_owned();
        if code != "xx" {
            if !region.is_empty() {
                label = format!("{label}, {}", region_name(keys, 1));
            }
            label = format!("{label}, {}", country(&code));
        }
        let segment = format!("city=={};regionCode=={};countryCode=={}", encode(city), encode(&region), encode(&code));
        let or_unknown = |text: &str| if text.is_empty() { "xx".to_owned() } else { text.to_owned() };
        let mut row = Label::new(label);
        if let (Some(north), Some(east)) = (degrees(keys, 3), degrees(keys, 4)) {
            row = row.with("lat", north).with("long", east);
        }
        Some(
            row.with_text("segment", &segment)
                .with_text("city_name", city)
                .with_text("region", &or_unknown(&region))
                .with_text("country", &code)
                .with_text("country_name", country(&code))
                .with_text("region_name", if region.is_empty() { "Unknown" } else { region_name(keys, 1) })
                .with_text("logo", &flag(&code)),
        )
    },
};

fn unknown_place() -> Label {
    Label::new("Unknown")
        .with_text("region", "xx")
        .with_text("country", "xx")
        .with_text("country_name", "Unknown")
        .with_text("region_name", "Unknown")
        .with_text("logo", &flag("xx"))
}

/// A city lies where it was said to lie first.
fn first(column: &'static str) -> Measure {
    let dimension = match column {
        "latitude" => &footfall_model::dimensions::place::LATITUDE,
        _ => &footfall_model::dimensions::place::LONGITUDE,
    };
    let Some(when) = VisitRow::column("last_at") else {
        return Measure::new(column, Aggregate::Max(dimension.at()));
    };
    let known = Filter::test(Key::Column(dimension.at()), Op::IsNot, vec![Value::Null]);
    Measure::new(column, Aggregate::ArgMin(dimension.at(), when)).only(known)
}

fn degrees(keys: &[Value], index: usize) -> Option<Value> {
    let degrees = keys.get(index)?.as_f64()?;
    (degrees != 0.0).then(|| number::number(number::round(degrees, 3)))
}

/// Matomo's code of a country: lower case, `xx` where it is not known.
fn code(keys: &[Value], index: usize) -> String {
    match text(keys, index) {
        "" => "xx".to_owned(),
        code => code.to_ascii_lowercase(),
    }
}

/// The region's code without its country's.
fn region_code(keys: &[Value], index: usize) -> String {
    let code = text(keys, index);
    code.split_once('-').map_or(code, |(_, region)| region).to_owned()
}

fn region_name(keys: &[Value], index: usize) -> &'static str {
    regions::iso_name(text(keys, index)).unwrap_or("Unknown")
}

/// The English name of a country.
pub fn country(code: &str) -> &'static str {
    countries::name(code).unwrap_or("Unknown")
}

/// Where the picture of a country's flag lies.
pub fn flag(code: &str) -> String {
    let known = if countries::name(code).is_some() { code } else { "xx" };
    format!("plugins/Morpheus/icons/dist/flags/{known}.png")
}

/// The English name of a continent.
pub fn continent(code: &str) -> &'static str {
    match code {
        "afr" => "Africa",
        "amc" => "Central America",
        "amn" => "North America",
        "ams" => "South America",
        "ant" => "Antarctica",
        "asi" => "Asia",
        "eur" => "Europe",
        "oce" => "Oceania",
        _ => "Unknown",
    }
}
