use std::sync::Arc;

/// What a user agent and its client hints say about the machine and the program behind a request.
///
/// Names and codes are Matomo's. A text is empty where nothing is known. For a bot only [`Device::bot`] is filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The kind of machine.
    pub kind: DeviceKind,
    /// The maker's full name, such as `Samsung`.
    pub brand: Arc<str>,
    /// Matomo's short code of the maker, such as `SA`.
    pub brand_code: Arc<str>,
    /// The model without its maker, such as `Galaxy S24`.
    pub model: Arc<str>,
    /// The operating system, such as `Windows`.
    pub os_name: Arc<str>,
    /// Matomo's three-letter code of the operating system, such as `WIN`.
    pub os_code: Arc<str>,
    /// The whole version, such as `10.15.7`.
    pub os_version: Arc<str>,
    /// The family the operating system belongs to, such as `GNU/Linux` for Ubuntu.
    pub os_family: Arc<str>,
    /// The processor family: `ARM`, `x64`, `x86`, `MIPS`, …
    pub os_platform: Arc<str>,
    /// The program that sent the request, also where it is no browser; see [`Device::client_type`].
    pub browser_name: Arc<str>,
    /// Matomo's two-letter code; only browsers have one.
    pub browser_code: Arc<str>,
    /// The whole version, such as `120.0.6099.43`.
    pub browser_version: Arc<str>,
    /// The rendering engine, such as `Blink`; only browsers have one.
    pub browser_engine: Arc<str>,
    /// The rendering engine's version.
    pub browser_engine_version: Arc<str>,
    /// The family the browser belongs to, such as `Chrome` for Brave; empty where it belongs to none.
    pub browser_family: Arc<str>,
    /// One of `browser`, `library`, `feed reader`, `mediaplayer`, `mobile app`, `pim`, or empty.
    pub client_type: &'static str,
    /// Whether the client hints call the device mobile, or its kind, browser or operating system is a mobile one.
    pub is_mobile: bool,
    /// The crawler, checker or tool that sent the request, if it is no person.
    pub bot: Option<Bot>,
}

impl Device {
    /// Whether the request comes from a program that acts on its own.
    pub fn is_bot(&self) -> bool {
        self.bot.is_some()
    }
}

impl Default for Device {
    fn default() -> Device {
        let empty: Arc<str> = Arc::from("");
        Device {
            kind: DeviceKind::Unknown,
            brand: empty.clone(),
            brand_code: empty.clone(),
            model: empty.clone(),
            os_name: empty.clone(),
            os_code: empty.clone(),
            os_version: empty.clone(),
            os_family: empty.clone(),
            os_platform: empty.clone(),
            browser_name: empty.clone(),
            browser_code: empty.clone(),
            browser_version: empty.clone(),
            browser_engine: empty.clone(),
            browser_engine_version: empty.clone(),
            browser_family: empty,
            client_type: "",
            is_mobile: false,
            bot: None,
        }
    }
}

/// A program that requests pages on its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bot {
    /// Its name, such as `Googlebot`.
    pub name: Arc<str>,
    /// What it is for, such as `Search bot`; empty where nothing is known.
    pub category: Arc<str>,
    /// The page that describes it.
    pub url: Arc<str>,
    /// Who runs it.
    pub producer: Arc<str>,
    /// The page of who runs it.
    pub producer_url: Arc<str>,
}

/// The kinds of machine Matomo tells apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DeviceKind {
    /// A desktop or laptop computer.
    Desktop,
    /// A telephone with a touch screen.
    Smartphone,
    /// A tablet, also an electronic reader.
    Tablet,
    /// A telephone with keys.
    FeaturePhone,
    /// A gaming console.
    Console,
    /// A television, set-top box or disc player.
    Tv,
    /// The screen of a car.
    CarBrowser,
    /// A screen that listens.
    SmartDisplay,
    /// A camera.
    Camera,
    /// A music or video player.
    PortableMediaPlayer,
    /// A telephone nearly as large as a tablet.
    Phablet,
    /// A loudspeaker that listens.
    SmartSpeaker,
    /// A watch or headset.
    Wearable,
    /// A terminal, projector or other portable peripheral.
    Peripheral,
    /// Nothing is known.
    #[default]
    Unknown,
}

impl DeviceKind {
    /// Every kind but [`DeviceKind::Unknown`], in the order of Matomo's numbers.
    pub const ALL: [DeviceKind; 14] = [
        DeviceKind::Desktop,
        DeviceKind::Smartphone,
        DeviceKind::Tablet,
        DeviceKind::FeaturePhone,
        DeviceKind::Console,
        DeviceKind::Tv,
        DeviceKind::CarBrowser,
        DeviceKind::SmartDisplay,
        DeviceKind::Camera,
        DeviceKind::PortableMediaPlayer,
        DeviceKind::Phablet,
        DeviceKind::SmartSpeaker,
        DeviceKind::Wearable,
        DeviceKind::Peripheral,
    ];

    /// Matomo's number of the kind; the unknown kind has none.
    pub fn id(self) -> Option<u8> {
        DeviceKind::ALL.iter().position(|kind| *kind == self).map(|at| at as u8)
    }

    /// The kind with this number.
    pub fn from_id(id: u8) -> Option<DeviceKind> {
        DeviceKind::ALL.get(usize::from(id)).copied()
    }

    /// Matomo's name of the kind, such as `feature phone`; empty for the unknown kind.
    pub fn name(self) -> &'static str {
        match self {
            DeviceKind::Desktop => "desktop",
            DeviceKind::Smartphone => "smartphone",
            DeviceKind::Tablet => "tablet",
            DeviceKind::FeaturePhone => "feature phone",
            DeviceKind::Console => "console",
            DeviceKind::Tv => "tv",
            DeviceKind::CarBrowser => "car browser",
            DeviceKind::SmartDisplay => "smart display",
            DeviceKind::Camera => "camera",
            DeviceKind::PortableMediaPlayer => "portable media player",
            DeviceKind::Phablet => "phablet",
            DeviceKind::SmartSpeaker => "smart speaker",
            DeviceKind::Wearable => "wearable",
            DeviceKind::Peripheral => "peripheral",
            DeviceKind::Unknown => "",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<DeviceKind> {
        DeviceKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// The first two parts of a version.
pub(crate) fn major_minor(version: &str) -> &str {
    match version.match_indices('.').nth(1) {
        Some((end, _)) => &version[..end],
        None => version,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_matomos() {
        assert_eq!(DeviceKind::Desktop.id(), Some(0));
        assert_eq!(DeviceKind::Phablet.id(), Some(10));
        assert_eq!(DeviceKind::Peripheral.id(), Some(13));
        assert_eq!(DeviceKind::Unknown.id(), None);
        for kind in DeviceKind::ALL {
            assert_eq!(DeviceKind::from_name(kind.name()), Some(kind));
            assert_eq!(kind.id().and_then(DeviceKind::from_id), Some(kind));
        }
        assert_eq!(DeviceKind::from_id(14), None);
        assert_eq!(DeviceKind::from_name(""), None);
    }

    #[test]
    fn versions_keep_two_parts() {
        assert_eq!(major_minor("10.15.7"), "10.15");
        assert_eq!(major_minor("11"), "11");
        assert_eq!(major_minor(""), "");
    }
}
