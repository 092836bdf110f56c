use std::net::IpAddr;

use footfall_devices::Device;
use xxhash_rust::xxh3::Xxh3;

use super::{Salts, identity};

/// What a visitor's configuration is made of.
pub(crate) struct Looks<'a> {
    /// The device.
    pub(crate) device: &'a Device,
    /// Browser features, in the tracker's order.
    pub(crate) plugins: &'a [String],
    /// The address, masked where that comes first.
    pub(crate) address: Option<IpAddr>,
    /// The languages as sent, cleaned.
    pub(crate) language: &'a str,
    /// The site.
    pub(crate) site: u32,
    /// The second in which the day on the site's clock begins, where a visit ends with the day.
    pub(crate) day: Option<i64>,
}

/// Matomo's `config_id`: 64 bits that are the same as long as the configuration is, and tell nothing about it. Salted by the
/// day where visits end at midnight, so that nobody can be followed from day to day by it. Never 0.
pub(crate) fn of(looks: &Looks<'_>, salts: &Salts) -> u64 {
    let mut hash = Xxh3::with_seed(0x666f_6f74_6661_6c6c);
    let mut part = |text: &str| {
        hash.update(text.as_bytes());
        hash.update(&[0xff]);
    };
    let device = looks.device;
    if device.is_bot() {
        part("BOT");
    } else {
        part(&device.os_code);
    }
    if device.client_type == "browser" {
        part(&device.browser_code);
        part(&device.browser_version);
    } else {
        part("");
        part("");
    }
    // Internet Explorer's cookie setting changes within a visit.
    let steady = &*device.browser_name != "Internet Explorer";
    for plugin in looks.plugins.iter().filter(|plugin| steady || *plugin != "cookie") {
        part(plugin);
    }
    part(&looks.language[..looks.language.floor_char_boundary(20)]);
    hash.update(&identity::octets(looks.address));
    hash.update(&looks.site.to_le_bytes());
    if let Some(start) = looks.day {
        // The salt of the UTC day in which the site's day begins: today's or yesterday's, as long as the site's day lasts.
        hash.update(&start.to_le_bytes());
        hash.update(&salts.of(start.div_euclid(86_400)));
    } else {
        hash.update(&salts.secret);
    }
    hash.digest().max(1)
}
