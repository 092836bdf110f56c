//! What visits were made with.

use footfall_model::{Cell, DataTable, Error, Row, Value};

use crate::{
    Ask, Limited, Report,
    names::icons,
    record::breakdown::{self, Breakdown, Label, encode, is, text},
};

const DEVICES: Report = Report {
    module: "DevicesDetection",
    category: "General_Visitors",
    subcategory: "DevicesDetection_Devices",
    limited: Limited::Standard,
    ..Report::BASE
};

const SOFTWARE: Report = Report { subcategory: "DevicesDetection_Software", ..DEVICES };

/// Visits by kind of device.
pub const TYPE: Report = Report {
    action: "getType",
    title: "Device type",
    doc: "The kinds of device your visitors used. Every kind is shown, also those that nobody used.",
    dimension: Some("Device type"),
    dimension_id: "DevicesDetection.DeviceType",
    segment: "deviceType",
    constant_rows: true,
    has_goals: true,
    order: 0,
    make: |ask| Box::pin(types(ask)),
    ..DEVICES
};

/// Visits by brand of device.
pub const BRAND: Report = Report {
    action: "getBrand",
    title: "Device brand",
    doc: "The makers of the devices your visitors used.",
    dimension: Some("Device brand"),
    dimension_id: "DevicesDetection.DeviceBrand",
    segment: "deviceBrand",
    has_goals: true,
    order: 4,
    make: |ask| Box::pin(of(ask, &BY_BRAND)),
    others: |row, _| row.set_metadata("logo", Cell::text(&icons::brand("Unknown"))),
    ..DEVICES
};

/// Visits by model of device.
pub const MODEL: Report = Report {
    action: "getModel",
    title: "Device model",
    doc: "The devices your visitors used, by brand and model.",
    dimension: Some("Device model"),
    dimension_id: "DevicesDetection.DeviceModel",
    segment: "deviceModel",
    has_goals: true,
    order: 2,
    make: |ask| Box::pin(of(ask, &BY_MODEL)),
    ..DEVICES
};

/// Visits by family of operating system.
pub const OS_FAMILIES: Report = Report {
    action: "getOsFamilies",
    title: "Operating System families",
    doc: "The operating systems your visitors used, by family.",
    dimension: Some("Operating system family"),
    dimension_id: "DevicesDetection.Os",
    segment: "operatingSystemCode",
    order: 8,
    make: |ask| Box::pin(of(ask, &BY_OS_FAMILY)),
    others: |row, _| row.set_metadata("logo", Cell::text(&icons::os("UNK"))),
    ..SOFTWARE
};

/// Visits by operating system and its version.
pub const OS_VERSIONS: Report = Report {
    action: "getOsVersions",
    title: "Operating System versions",
    doc: "The operating systems your visitors used, by version.",
    dimension: Some("Operating system version"),
    dimension_id: "DevicesDetection.OsVersion",
    segment: "operatingSystemVersion",
    order: 2,
    make: |ask| Box::pin(of(ask, &BY_OS_VERSION)),
    others: |row, _| row.set_metadata("logo", Cell::text(&icons::os("UNK"))),
    ..SOFTWARE
};

/// Visits by browser.
pub const BROWSERS: Report = Report {
    action: "getBrowsers",
    title: "Browsers",
    doc: "The browsers your visitors used.",
    dimension: Some("Browser"),
    dimension_id: "DevicesDetection.BrowserName",
    segment: "browserCode",
    has_goals: true,
    order: 1,
    make: |ask| Box::pin(of(ask, &BY_BROWSER)),
    others: |row, _| row.set_metadata("logo", Cell::text(&icons::browser("UNK"))),
    ..SOFTWARE
};

/// Visits by browser and its version.
pub const BROWSER_VERSIONS: Report = Report {
    action: "getBrowserVersions",
    title: "Browser version",
    doc: "The browsers your visitors used, by version.",
    dimension: Some("Browser version"),
    dimension_id: "DevicesDetection.BrowserVersion",
    segment: "browserVersion",
    order: 2,
    make: |ask| Box::pin(of(ask, &BY_BROWSER_VERSION)),
    others: |row, _| row.set_metadata("logo", Cell::text(&icons::browser("UNK"))),
    ..SOFTWARE
};

/// Visits by the engine of the browser.
pub const BROWSER_ENGINES: Report = Report {
    action: "getBrowserEngines",
    title: "Browser engines",
    doc: "The browsers your visitors used, by the engine that shows the pages.",
    dimension: Some("Browser engine"),
    dimension_id: "DevicesDetection.BrowserEngine",
    segment: "browserEngine",
    order: 10,
    make: |ask| Box::pin(of(ask, &BY_ENGINE)),
    ..SOFTWARE
};

async fn of(ask: &Ask<'_>, breakdown: &Breakdown) -> Result<DataTable, Error> {
    breakdown::table(ask.reader, ask.slice, breakdown).await
}

/// Kinds of device: Matomo's name, and what a person reads.
pub const TYPES: [(&str, &str); 14] = [
    ("desktop", "Desktop"),
    ("smartphone", "Smartphone"),
    ("tablet", "Tablet"),
    ("feature phone", "Feature phone"),
    ("console", "Console"),
    ("tv", "Tv"),
    ("car browser", "Car browser"),
    ("smart display", "Smart display"),
    ("camera", "Camera"),
    ("portable media player", "Portable media player"),
    ("phablet", "Phablet"),
    ("smart speaker", "Smart speaker"),
    ("wearable", "Wearable"),
    ("peripheral", "Peripheral"),
];

/// What a person reads for a kind of device.
pub fn type_title(name: &str) -> &'static str {
    TYPES.iter().find(|(known, _)| *known == name).map_or("Unknown", |(_, title)| title)
}

async fn types(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let mut table = of(ask, &BY_TYPE).await?;
    if table.rows.is_empty() {
        return Ok(table);
    }
    // One period of one site shows every kind; Matomo leaves tables of several as they are.
    if ask.options.is_single {
        for (name, title) in TYPES {
            if table.row(title).is_none() {
                let mut row = Row::labelled(Value::text(title));
                row.set("nb_visits", 0i64);
                row.set_metadata("segment", Cell::text(&is("deviceType", name)));
                row.set_metadata("logo", Cell::text(&type_icon(name)));
                table.rows.push(row);
            }
        }
    }
    Ok(table)
}

/// Where the picture of a kind of device lies.
pub fn type_icon(name: &str) -> String {
    let file = match type_title(name) {
        "Unknown" => "unknown".to_owned(),
        _ => name.replace(' ', "_"),
    };
    format!("plugins/Morpheus/icons/dist/devices/{file}.png")
}

const BY_TYPE: Breakdown = Breakdown {
    keys: &["visit.device_type"],
    goals: true,
    more: &[],
    row: |keys| {
        let name = text(keys, 0);
        let title = type_title(name);
        let mut label = Label::new(title);
        if title != "Unknown" {
            label = label.with_text("segment", &is("deviceType", name));
        }
        Some(label.with_text("logo", &type_icon(name)))
    },
};

/// The name of a brand, or that it is not known.
fn brand(name: &str) -> &str {
    if name.is_empty() { "Unknown" } else { name }
}

const BY_BRAND: Breakdown = Breakdown {
    keys: &["visit.device_brand"],
    goals: true,
    more: &[],
    row: |keys| {
        let name = brand(text(keys, 0));
        Some(Label::new(name).with_text("logo", &icons::brand(name)).with_text("segment", &is("deviceBrand", name)))
    },
};

const BY_MODEL: Breakdown = Breakdown {
    keys: &["visit.device_brand", "visit.device_model", "visit.device_type"],
    goals: true,
    more: &[],
    row: |keys| {
        let (maker, model, kind) = (text(keys, 0), text(keys, 1), text(keys, 2));
        let segment = |model: &str| format!("deviceBrand=={};deviceModel=={}", encode(brand(maker)), encode(model));
        if !model.is_empty() {
            let title = model_title(model);
            let label = if maker.is_empty() { title } else { format!("{maker} - {title}") };
            return Some(Label::new(label).with_text("segment", &segment(model)));
        }
        // A model that is not known is called after the kind of device.
        let (label, generic) = match kind {
            "" => ("Unknown".to_owned(), String::new()),
            kind => (format!("Generic {}", type_title(kind)), format!("generic {kind}")),
        };
        let label = match maker {
            "" => label,
            maker => format!("{maker} - {label}"),
        };
        Some(Label::new(label).with_text("segment", &segment(&generic)))
    },
};

const BY_OS_FAMILY: Breakdown = Breakdown {
    keys: &["visit.os_code", "visit.os_family"],
    goals: false,
    more: &[],
    row: |keys| {
        let family = if text(keys, 0) == BOT { "Bot" } else { os_family(text(keys, 1)) };
        Some(Label::new(family).with_text("logo", &icons::os_family(family)))
    },
};

/// What a person reads for a family of operating systems.
fn os_family(name: &str) -> &str {
    match name {
        "" | "unknown" => "Unknown",
        "Gaming Console" => "Console",
        name => name,
    }
}

const BY_OS_VERSION: Breakdown = Breakdown {
    keys: &["visit.os_code", "visit.os_name", "visit.os_version"],
    goals: false,
    more: &[],
    row: |keys| {
        let (code, name, version) = (or_unknown(text(keys, 0)), text(keys, 1), text(keys, 2));
        let title = match (code, name) {
            (BOT, _) => "Bot".to_owned(),
            (_, "") => "Unknown".to_owned(),
            _ => format!("{name} {version}").trim_end().to_owned(),
        };
        let version = if code == "UNK" || code == BOT { or_unknown(version) } else { version };
        let segment = format!("operatingSystemCode=={};operatingSystemVersion=={}", encode(code), encode(version));
        Some(Label::new(title).with_text("segment", &segment).with_text("logo", &icons::os(code)))
    },
};

/// The code of the system that robots are said to have.
pub(super) const BOT: &str = "BOT";

/// The code of what is not known.
fn or_unknown(code: &str) -> &str {
    if code.is_empty() { "UNK" } else { code }
}

const BY_BROWSER: Breakdown = Breakdown {
    keys: &["visit.browser_code", "visit.browser_name"],
    goals: true,
    more: &[],
    row: |keys| {
        let (code, name) = (or_unknown(text(keys, 0)), text(keys, 1));
        let title = if name.is_empty() { "Unknown" } else { name };
        let mut label = Label::new(title);
        // What is no browser is kept by its name, and has no code that a segment could ask for.
        let is_code = code.len() == 2 || code == "UNK";
        if is_code && (name.is_empty() || !text(keys, 0).is_empty()) {
            label = label.with_text("segment", &is("browserCode", code));
        }
        Some(label.with_text("logo", &icons::browser(code)))
    },
};

const BY_BROWSER_VERSION: Breakdown = Breakdown {
    keys: &["visit.browser_code", "visit.browser_name", "visit.browser_version"],
    goals: false,
    more: &[],
    row: |keys| {
        let (code, name, version) = (or_unknown(text(keys, 0)), text(keys, 1), text(keys, 2));
        let title = if name.is_empty() { "Unknown".to_owned() } else { format!("{name} {version}").trim_end().to_owned() };
        let segment = format!("browserCode=={};browserVersion=={}", encode(code), encode(version));
        Some(Label::new(title).with_text("segment", &segment).with_text("logo", &icons::browser(code)))
    },
};

const BY_ENGINE: Breakdown = Breakdown {
    keys: &["visit.browser_engine"],
    goals: false,
    more: &[],
    row: |keys| {
        let engine = text(keys, 0);
        Some(Label::new(engine_title(engine)).with_text("segment", &is("browserEngine", engine)))
    },
};

/// What a person reads for the engine of a browser.
pub fn engine_title(engine: &str) -> &str {
    match engine {
        "" => "Unknown",
        "Trident" => "Trident (IE)",
        "Gecko" => "Gecko (Firefox)",
        "KHTML" => "KHTML (Konqueror)",
        "Presto" => "Presto (Opera)",
        "WebKit" => "WebKit (Safari)",
        "Blink" => "Blink (Chrome, Opera)",
        other => other,
    }
}

/// What a person reads for a model as it is kept: one that is not known is called after the kind of device.
pub fn model_title(model: &str) -> String {
    match model.strip_prefix("generic ") {
        _ if model.is_empty() => "Unknown".to_owned(),
        Some("mobile") => "Generic Mobile device".to_owned(),
        Some(kind) => format!("Generic {}", type_title(kind)),
        None => model.to_owned(),
    }
}
