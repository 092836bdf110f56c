use std::sync::Arc;

use footfall_devices::{Detector, Device, Hints, matomo, plausible};
use footfall_model::{Text, Value};
use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::Xxh3;

/// How many devices are remembered.
const MOST: usize = 20_000;

/// A device and the values its visits are given.
pub(crate) struct Known {
    /// The device.
    pub(crate) device: Arc<Device>,
    /// Values in the order of [`super::columns::Columns::device`].
    pub(crate) facts: [Value; FACTS],
}

/// How many columns a device fills.
pub(crate) const FACTS: usize = 18;

/// Devices by user agent and client hints, remembered.
pub(crate) struct Devices {
    detector: Arc<Detector>,
    known: RwLock<Remembered>,
}

/// What devices were told by one edition of the detector's rules.
#[derive(Default)]
struct Remembered {
    edition: u64,
    devices: FxHashMap<u128, Arc<Known>>,
}

impl Devices {
    /// Devices as this detector tells them.
    pub(crate) fn new(detector: Arc<Detector>) -> Devices {
        Devices { detector, known: RwLock::default() }
    }

    /// The device of a user agent and client hints.
    pub(crate) fn of(&self, user_agent: &str, hints: Option<&str>) -> Arc<Known> {
        let mut hash = Xxh3::new();
        hash.update(user_agent.as_bytes());
        hash.update(&[0xff]);
        hash.update(hints.unwrap_or("").as_bytes());
        let key = hash.digest128();
        let edition = self.detector.edition();
        let held = self.known.read();
        if held.edition == edition
            && let Some(known) = held.devices.get(&key)
        {
            return Arc::clone(known);
        }
        drop(held);
        let hints = hints.and_then(Hints::from_uadata_json);
        let device = self.detector.detect(user_agent, hints.as_ref());
        let known = Arc::new(describe(device));
        let mut held = self.known.write();
        if held.devices.len() >= MOST || held.edition != edition {
            *held = Remembered { edition, devices: FxHashMap::default() };
        }
        held.devices.insert(key, Arc::clone(&known));
        known
    }
}

fn describe(device: Arc<Device>) -> Known {
    let text = |text: &str| if text.is_empty() { Value::Null } else { Value::Text(Text::from(text)) };
    let shared = |text: &Text| if text.is_empty() { Value::Null } else { Value::Text(Text::clone(text)) };
    let facts = [
        text(device.kind.name()),
        shared(&device.brand),
        text(&matomo::device_model(&device)),
        text(matomo::os(&device)),
        shared(&device.os_name),
        shared(&device.os_family),
        text(matomo::os_version(&device)),
        text(matomo::browser(&device)),
        shared(&device.browser_name),
        shared(&device.browser_family),
        text(matomo::browser_version(&device)),
        text(matomo::browser_engine(&device)),
        text(device.client_type),
        text(plausible::screen(&device)),
        text(plausible::browser(&device)),
        text(plausible::browser_version(&device)),
        text(plausible::os(&device)),
        text(plausible::os_version(&device)),
    ];
    Known { facts, device }
}
