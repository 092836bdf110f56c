//! The rules that ship with this crate, in the form of Matomo's database but of our own making.

/// The files, by the name each has in the database.
pub(crate) const FILES: &[(&str, &str)] = &[
    ("bots.yml", include_str!("../rules/bots.yml")),
    ("oss.yml", include_str!("../rules/systems.yml")),
    ("client/feed_readers.yml", include_str!("../rules/feed_readers.yml")),
    ("client/mobile_apps.yml", include_str!("../rules/mobile_apps.yml")),
    ("client/mediaplayers.yml", include_str!("../rules/mediaplayers.yml")),
    ("client/pim.yml", include_str!("../rules/pim.yml")),
    ("client/browsers.yml", include_str!("../rules/browsers.yml")),
    ("client/libraries.yml", include_str!("../rules/libraries.yml")),
    ("client/browser_engine.yml", include_str!("../rules/engines.yml")),
    ("vendorfragments.yml", include_str!("../rules/vendors.yml")),
    ("device/televisions.yml", include_str!("../rules/televisions.yml")),
    ("device/consoles.yml", include_str!("../rules/consoles.yml")),
    ("device/car_browsers.yml", include_str!("../rules/car_browsers.yml")),
    ("device/cameras.yml", include_str!("../rules/cameras.yml")),
    ("device/portable_media_player.yml", include_str!("../rules/portable_media_player.yml")),
    ("device/mobiles.yml", include_str!("../rules/mobiles.yml")),
];
