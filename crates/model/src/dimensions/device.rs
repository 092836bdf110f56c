//! What the visit was made with. Names are those of Matomo's device detector, and Plausible's where they differ.

use crate::{Dimension, Kind, Names, Scope, Source};

/// Kind of device, by Matomo's name: desktop, smartphone, tablet and so on.
pub const DEVICE_TYPE: Dimension = Dimension {
    id: "visit.device_type",
    column: "device_type",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: Some("deviceType"), plausible: None },
    title: "Device type",
    doc: "Kind of device, by Matomo's name: desktop, smartphone, tablet and so on.",
};

/// Who made the device.
pub const DEVICE_BRAND: Dimension = Dimension {
    id: "visit.device_brand",
    column: "device_brand",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: Some("deviceBrand"), plausible: None },
    title: "Device brand",
    doc: "Who made the device.",
};

/// The model of the device.
pub const DEVICE_MODEL: Dimension = Dimension {
    id: "visit.device_model",
    column: "device_model",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: Some("deviceModel"), plausible: None },
    title: "Device model",
    doc: "The model of the device.",
};

/// Matomo's three letters of the operating system.
pub const OS_CODE: Dimension = Dimension {
    id: "visit.os_code",
    column: "os_code",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: Some("operatingSystemCode"), plausible: None },
    title: "Operating system code",
    doc: "Matomo's three letters of the operating system.",
};

/// Matomo's name of the operating system.
pub const OS_NAME: Dimension = Dimension {
    id: "visit.os_name",
    column: "os_name",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: Some("operatingSystemName"), plausible: None },
    title: "Operating system",
    doc: "Matomo's name of the operating system.",
};

/// Matomo's family of the operating system.
pub const OS_FAMILY: Dimension = Dimension {
    id: "visit.os_family",
    column: "os_family",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: None, plausible: None },
    title: "Operating system family",
    doc: "Matomo's family of the operating system.",
};

/// Version of the operating system.
pub const OS_VERSION: Dimension = Dimension {
    id: "visit.os_version",
    column: "os_version",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: Some("operatingSystemVersion"), plausible: None },
    title: "Operating system version",
    doc: "Version of the operating system.",
};

/// Matomo's two letters of the browser.
pub const BROWSER_CODE: Dimension = Dimension {
    id: "visit.browser_code",
    column: "browser_code",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: Some("browserCode"), plausible: None },
    title: "Browser code",
    doc: "Matomo's two letters of the browser.",
};

/// Matomo's name of the browser.
pub const BROWSER_NAME: Dimension = Dimension {
    id: "visit.browser_name",
    column: "browser_name",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: Some("browserName"), plausible: None },
    title: "Browser",
    doc: "Matomo's name of the browser.",
};

/// Matomo's family of the browser.
pub const BROWSER_FAMILY: Dimension = Dimension {
    id: "visit.browser_family",
    column: "browser_family",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: None, plausible: None },
    title: "Browser family",
    doc: "Matomo's family of the browser.",
};

/// Version of the browser.
pub const BROWSER_VERSION: Dimension = Dimension {
    id: "visit.browser_version",
    column: "browser_version",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: Some("browserVersion"), plausible: None },
    title: "Browser version",
    doc: "Version of the browser.",
};

/// The engine the browser renders with.
pub const BROWSER_ENGINE: Dimension = Dimension {
    id: "visit.browser_engine",
    column: "browser_engine",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: Some("browserEngine"), plausible: None },
    title: "Browser engine",
    doc: "The engine the browser renders with.",
};

/// Kind of program: browser, mobile app, library and so on.
pub const CLIENT_TYPE: Dimension = Dimension {
    id: "visit.client_type",
    column: "client_type",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: Some("clientType"), plausible: None },
    title: "Client type",
    doc: "Kind of program: browser, mobile app, library and so on.",
};

/// Plausible's class of device: Desktop, Mobile, Tablet and so on.
pub const SCREEN_CLASS: Dimension = Dimension {
    id: "visit.screen_class",
    column: "screen_class",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: None, plausible: Some("visit:device") },
    title: "Device",
    doc: "Plausible's class of device: Desktop, Mobile, Tablet and so on.",
};

/// Plausible's name of the browser.
pub const BROWSER: Dimension = Dimension {
    id: "visit.browser",
    column: "browser",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: None, plausible: Some("visit:browser") },
    title: "Browser",
    doc: "Plausible's name of the browser.",
};

/// Version of the browser, major and minor.
pub const BROWSER_RELEASE: Dimension = Dimension {
    id: "visit.browser_release",
    column: "browser_release",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: None, plausible: Some("visit:browser_version") },
    title: "Browser version",
    doc: "Version of the browser, major and minor.",
};

/// Plausible's name of the operating system.
pub const OS: Dimension = Dimension {
    id: "visit.os",
    column: "os",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: None, plausible: Some("visit:os") },
    title: "Operating system",
    doc: "Plausible's name of the operating system.",
};

/// Version of the operating system, major and minor.
pub const OS_RELEASE: Dimension = Dimension {
    id: "visit.os_release",
    column: "os_release",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: None, plausible: Some("visit:os_version") },
    title: "Operating system version",
    doc: "Version of the operating system, major and minor.",
};

/// Browser features the tracker reports, as a list between commas.
pub const PLUGINS: Dimension = Dimension {
    id: "visit.plugins",
    column: "plugins",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: None, plausible: None },
    title: "Browser plugins",
    doc: "Browser features the tracker reports, as a list between commas.",
};
