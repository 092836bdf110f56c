//! Where the visitor was.

use crate::{Dimension, Kind, Names, Scope, Source};

/// Matomo's three letters of the continent.
pub const CONTINENT: Dimension = Dimension {
    id: "visit.continent",
    column: "continent",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: Some("continentCode"), plausible: None },
    title: "Continent",
    doc: "Matomo's three letters of the continent.",
};

/// ISO 3166-1 code of the country, upper case.
pub const COUNTRY: Dimension = Dimension {
    id: "visit.country",
    column: "country",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: Some("countryCode"), plausible: Some("visit:country") },
    title: "Country",
    doc: "ISO 3166-1 code of the country, upper case.",
};

/// ISO 3166-2 code of the region, with the country's code before it.
pub const REGION: Dimension = Dimension {
    id: "visit.region",
    column: "region",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: Some("regionCode"), plausible: Some("visit:region") },
    title: "Region",
    doc: "ISO 3166-2 code of the region, with the country's code before it.",
};

/// Name of the city.
pub const CITY: Dimension = Dimension {
    id: "visit.city",
    column: "city",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: Some("city"), plausible: None },
    title: "City",
    doc: "Name of the city.",
};

/// GeoNames number of the city.
pub const CITY_ID: Dimension = Dimension {
    id: "visit.city_id",
    column: "city_id",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: None, plausible: Some("visit:city") },
    title: "City",
    doc: "GeoNames number of the city.",
};

/// Degrees north of the equator.
pub const LATITUDE: Dimension = Dimension {
    id: "visit.latitude",
    column: "latitude",
    scope: Scope::Visit,
    kind: Kind::Real,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: Some("latitude"), plausible: None },
    title: "Latitude",
    doc: "Degrees north of the equator.",
};

/// Degrees east of Greenwich.
pub const LONGITUDE: Dimension = Dimension {
    id: "visit.longitude",
    column: "longitude",
    scope: Scope::Visit,
    kind: Kind::Real,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: Some("longitude"), plausible: None },
    title: "Longitude",
    doc: "Degrees east of Greenwich.",
};

/// The address after masking; empty where nothing of it may be kept.
pub const ADDRESS: Dimension = Dimension {
    id: "visit.address",
    column: "address",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: Some("visitIp"), plausible: None },
    title: "Visitor IP",
    doc: "The address after masking; empty where nothing of it may be kept.",
};

/// The browser's first language, as the tracker or the Accept-Language header names it.
pub const LANGUAGE: Dimension = Dimension {
    id: "visit.language",
    column: "language",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: Some("languageCode"), plausible: Some("visit:language") },
    title: "Language",
    doc: "The browser's first language, as the tracker or the Accept-Language header names it.",
};
