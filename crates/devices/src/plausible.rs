//! What Plausible shows for a device.

use crate::device::{Device, DeviceKind, major_minor};

/// Whether Plausible drops the hit as a bot's.
pub fn is_bot(device: &Device) -> bool {
    device.is_bot() || &*device.browser_name == "Headless Chrome"
}

/// The browser: mobile editions bear the name of the desktop one, and apps are all one.
pub fn browser(device: &Device) -> &str {
    if device.client_type == "mobile app" {
        return "Mobile App";
    }
    match &*device.browser_name {
        "Mobile Safari" => "Safari",
        "Chrome Mobile" | "Chrome Mobile iOS" => "Chrome",
        "Firefox Mobile" | "Firefox Mobile iOS" => "Firefox",
        "Opera Mobile" | "Opera Mini" | "Opera Mini iOS" => "Opera",
        "Yandex Browser Lite" => "Yandex Browser",
        "Chrome Webview" => "Mobile App",
        name => name,
    }
}

/// The browser's version as `major.minor`; apps have none.
pub fn browser_version(device: &Device) -> &str {
    if device.client_type == "mobile app" { "" } else { major_minor(&device.browser_version) }
}

/// The operating system.
pub fn os(device: &Device) -> &str {
    &device.os_name
}

/// The operating system's version as `major.minor`.
pub fn os_version(device: &Device) -> &str {
    major_minor(&device.os_version)
}

/// The class of screen: `Mobile`, `Tablet`, `Desktop`, or empty.
pub fn screen(device: &Device) -> &'static str {
    match device.kind {
        DeviceKind::Smartphone
        | DeviceKind::FeaturePhone
        | DeviceKind::PortableMediaPlayer
        | DeviceKind::Phablet
        | DeviceKind::Wearable
        | DeviceKind::Camera => "Mobile",
        DeviceKind::CarBrowser | DeviceKind::Tablet => "Tablet",
        DeviceKind::Tv | DeviceKind::Console | DeviceKind::Desktop => "Desktop",
        DeviceKind::SmartDisplay | DeviceKind::SmartSpeaker | DeviceKind::Peripheral | DeviceKind::Unknown => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(name: &str, client_type: &'static str, version: &str) -> Device {
        Device { browser_name: name.into(), client_type, browser_version: version.into(), ..Device::default() }
    }

    #[test]
    fn mobile_editions_lose_their_suffix() {
        assert_eq!(browser(&client("Mobile Safari", "browser", "17.1")), "Safari");
        assert_eq!(browser(&client("Chrome Mobile iOS", "browser", "120.0")), "Chrome");
        assert_eq!(browser(&client("Microsoft Edge", "browser", "120.0")), "Microsoft Edge");
    }

    #[test]
    fn apps_are_one_browser_without_version() {
        let app = client("Facebook", "mobile app", "442.0.0");
        assert_eq!((browser(&app), browser_version(&app)), ("Mobile App", ""));
        let webview = client("Chrome Webview", "browser", "120.0.6099.43");
        assert_eq!((browser(&webview), browser_version(&webview)), ("Mobile App", "120.0"));
    }

    #[test]
    fn headless_chrome_is_a_bot() {
        assert!(is_bot(&client("Headless Chrome", "browser", "120.0")));
        assert!(!is_bot(&client("Chrome", "browser", "120.0")));
    }
}
