//! What Matomo keeps for a device: the values of its visit columns.

use crate::device::{Device, major_minor};

/// Matomo's client types in the order of their numbers, which start at one.
const CLIENT_TYPES: [&str; 6] = ["browser", "library", "feed reader", "mediaplayer", "mobile app", "pim"];

/// `config_os`: the code of the operating system, `BOT` for bots, `UNK` where nothing is known.
pub fn os(device: &Device) -> &str {
    if device.is_bot() { "BOT" } else { or_unknown(&device.os_code) }
}

/// `config_os_version`: two parts; `UNK` where the operating system itself is unknown.
pub fn os_version(device: &Device) -> &str {
    if device.os_name.is_empty() { "UNK" } else { major_minor(&device.os_version) }
}

/// `config_browser_name`: the browser's code; other programs bear their name; `UNK` where nothing is known.
pub fn browser(device: &Device) -> &str {
    if device.browser_code.is_empty() { or_unknown(&device.browser_name) } else { &device.browser_code }
}

/// `config_browser_version`: two parts, at most twenty bytes.
pub fn browser_version(device: &Device) -> &str {
    let version = major_minor(&device.browser_version);
    &version[..version.floor_char_boundary(20)]
}

/// `config_browser_engine`.
pub fn browser_engine(device: &Device) -> &str {
    &device.browser_engine
}

/// `config_client_type`: the number of the program's type.
pub fn client_type(device: &Device) -> Option<u8> {
    CLIENT_TYPES.iter().position(|name| *name == device.client_type).map(|at| at as u8 + 1)
}

/// The name of a program type's number.
pub fn client_type_name(id: u8) -> Option<&'static str> {
    CLIENT_TYPES.get(usize::from(id).checked_sub(1)?).copied()
}

/// `config_device_type`: the number of the kind of machine.
pub fn device_type(device: &Device) -> Option<u8> {
    device.kind.id()
}

/// `config_device_brand`: the maker's code.
pub fn device_brand(device: &Device) -> &str {
    &device.brand_code
}

/// `config_device_model`: the model, or what is known in its place, such as `generic desktop`.
pub fn device_model(device: &Device) -> String {
    if !device.model.is_empty() {
        device.model.chars().take(100).collect()
    } else if !device.kind.name().is_empty() {
        format!("generic {}", device.kind.name())
    } else if device.is_mobile {
        "generic mobile".to_owned()
    } else {
        String::new()
    }
}

fn or_unknown(text: &str) -> &str {
    if text.is_empty() { "UNK" } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::{Bot, DeviceKind};

    #[test]
    fn nothing_known_is_unk() {
        let device = Device::default();
        assert_eq!((os(&device), os_version(&device), browser(&device)), ("UNK", "UNK", "UNK"));
        assert_eq!((client_type(&device), device_type(&device)), (None, None));
        assert_eq!(device_model(&device), "");
    }

    #[test]
    fn versions_have_two_parts() {
        let device = Device {
            os_name: "Mac".into(),
            os_version: "10.15.7".into(),
            browser_version: "120.0.6099.43".into(),
            ..Device::default()
        };
        assert_eq!((os_version(&device), browser_version(&device)), ("10.15", "120.0"));
        let odd = Device { browser_version: "é".repeat(30).into(), ..Device::default() };
        assert_eq!(browser_version(&odd), "é".repeat(10));
    }

    #[test]
    fn a_bot_is_an_operating_system() {
        let device = Device { bot: Some(Bot::default()), ..Device::default() };
        assert_eq!(os(&device), "BOT");
    }

    #[test]
    fn a_model_may_be_generic() {
        let device = Device { kind: DeviceKind::FeaturePhone, ..Device::default() };
        assert_eq!(device_model(&device), "generic feature phone");
        let device = Device { is_mobile: true, ..Device::default() };
        assert_eq!(device_model(&device), "generic mobile");
    }

    #[test]
    fn client_types_are_numbered_from_one() {
        let device = Device { client_type: "pim", ..Device::default() };
        assert_eq!(client_type(&device), Some(6));
        assert_eq!(client_type_name(6), Some("pim"));
        assert_eq!(client_type_name(0), None);
        assert_eq!(client_type_name(7), None);
    }
}
