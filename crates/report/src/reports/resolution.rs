//! The visitors' screens.

use footfall_model::{DataTable, Error};

use crate::{
    Ask, Limited, Report,
    record::breakdown::{self, Breakdown, Label, is, text},
    reports::devices_detection::BOT,
};

/// Visits by size of the screen.
pub const RESOLUTION: Report = Report {
    module: "Resolution",
    action: "getResolution",
    title: "Screen Resolution",
    doc: "The sizes of the screens your visitors used.",
    category: "General_Visitors",
    subcategory: "DevicesDetection_Devices",
    dimension: Some("Resolution"),
    dimension_id: "Resolution.Resolution",
    segment: "resolution",
    order: 8,
    make: |ask| Box::pin(of(ask, &BY_RESOLUTION)),
    limited: Limited::Standard,
    ..Report::BASE
};

/// Visits by system, browser and screen together.
pub const CONFIGURATION: Report = Report {
    module: "Resolution",
    action: "getConfiguration",
    title: "Configurations",
    doc: "The most common combinations of operating system, browser and screen.",
    category: "General_Visitors",
    subcategory: "DevicesDetection_Software",
    dimension: Some("Configuration"),
    dimension_id: "Resolution.Configuration",
    order: 7,
    make: |ask| Box::pin(of(ask, &BY_CONFIGURATION)),
    limited: Limited::Standard,
    ..Report::BASE
};

async fn of(ask: &Ask<'_>, breakdown: &Breakdown) -> Result<DataTable, Error> {
    breakdown::table(ask.reader, ask.slice, breakdown).await
}

const BY_RESOLUTION: Breakdown = Breakdown {
    keys: &["visit.resolution"],
    goals: false,
    more: &[],
    row: |keys| {
        let size = text(keys, 0);
        let label = if size.is_empty() { "unknown" } else { size };
        (label.len() > 5).then(|| Label::new(label).with_text("segment", &is("resolution", label)))
    },
};

const BY_CONFIGURATION: Breakdown = Breakdown {
    keys: &["visit.os_code", "visit.os_name", "visit.browser_code", "visit.browser_name", "visit.resolution"],
    goals: false,
    more: &[],
    row: |keys| {
        let or = |text: &str, other: &str| {
            if text.is_empty() { other.to_owned() } else { text.to_owned() }
        };
        let system = if text(keys, 0) == BOT { "Bot" } else { text(keys, 1) };
        Some(Label::new(format!(
            "{} / {} / {}",
            or(system, "Unknown"),
            or(text(keys, 3), "Unknown"),
            or(text(keys, 4), "unknown")
        )))
    },
};
