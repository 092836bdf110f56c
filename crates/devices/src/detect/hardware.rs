use std::cmp::Ordering;
use std::sync::Arc;

use super::client::Client;
use super::restore::{is_desktop, is_frozen_android};
use super::system::System;
use super::{Inquiry, empty, version};
use crate::device::DeviceKind;
use crate::pattern::{Captures, Scratch};
use crate::rules::{DeviceRule, HardwareList, RuleList, Template};

/// The machine.
#[derive(Clone, Debug)]
pub(super) struct Hardware {
    pub(super) kind: Option<DeviceKind>,
    pub(super) brand: Arc<str>,
    pub(super) model: Arc<str>,
}

/// Browsers that run on televisions only.
const TV_BROWSERS: [&str; 15] = [
    "Kylo",
    "Espial TV Browser",
    "LUJO TV Browser",
    "LogicUI TV Browser",
    "Open TV Browser",
    "Seraphic Sraf",
    "Opera Devices",
    "Crow Browser",
    "Vewd Browser",
    "TiviMate",
    "Quick Search TV",
    "QJY TV Browser",
    "TV Bro",
    "Redline",
    "Odin",
];

/// Kinds by the form factors of the hints; the first that is named counts.
const FORM_FACTORS: [(&str, DeviceKind); 7] = [
    ("automotive", DeviceKind::CarBrowser),
    ("xr", DeviceKind::Wearable),
    ("watch", DeviceKind::Wearable),
    ("mobile", DeviceKind::Smartphone),
    ("tablet", DeviceKind::Tablet),
    ("desktop", DeviceKind::Desktop),
    ("eink", DeviceKind::Tablet),
];

impl Hardware {
    fn unknown() -> Hardware {
        Hardware { kind: None, brand: empty(), model: empty() }
    }
}

impl Inquiry<'_> {
    pub(super) fn hardware(&self, system: &System, client: &Client, scratch: &mut Scratch) -> Hardware {
        let mut found = self.hardware_from_rules(scratch).unwrap_or_else(Hardware::unknown);
        if found.model.is_empty()
            && let Some(hints) = self.hints
        {
            found.model = (&*hints.model).into();
        }
        if found.brand.is_empty()
            && let Some(rule) = self.rules.database.vendors.first_match(self.given, scratch)
        {
            found.brand = rule.facts.clone();
        }
        let is_apples = matches!(&*system.name, "iPadOS" | "tvOS" | "watchOS" | "iOS" | "Mac");
        match &*found.brand {
            // Who says to be Apple's and runs something else is not.
            "Apple" if !is_apples => found = Hardware::unknown(),
            "" if is_apples => found.brand = "Apple".into(),
            "" if &*system.name == "ThinOS" => found.brand = "Dell".into(),
            _ => {}
        }
        found.kind = self.kind(found.kind, system, client, scratch);
        if &*system.name == "Coolita OS" {
            found.brand = "coocaa".into();
        }
        found
    }

    /// The kind, from the rules' answer and what else the user agent, system and program tell.
    fn kind(&self, found: Option<DeviceKind>, system: &System, client: &Client, scratch: &mut Scratch) -> Option<DeviceKind> {
        let words = &self.rules.database.fixed.words;
        let (name, android) = (&*system.name, system.family == "Android");
        let mut kind = found;
        if kind.is_none() && words.virtual_reality.matches_after_digits(self.given, scratch) {
            kind = Some(DeviceKind::Wearable);
        }
        // Chrome on Android says `Mobile` on telephones only.
        if kind.is_none() && android && words.chrome.matches_after_digits(self.given, scratch) {
            let is_phone = words.mobile.matches_after_digits(self.given, scratch);
            kind = Some(if is_phone { DeviceKind::Smartphone } else { DeviceKind::Tablet });
        }
        if kind == Some(DeviceKind::Smartphone) && words.apad.matches_after_digits(self.given, scratch) {
            kind = Some(DeviceKind::Tablet);
        }
        if kind.is_none() && words.tablet.matches_after_digits(self.given, scratch) {
            kind = Some(DeviceKind::Tablet);
        }
        if kind.is_none() && words.phone.matches_after_digits(self.given, scratch) {
            kind = Some(DeviceKind::Smartphone);
        }
        // Android 1 was made for telephones, Android 3 for tablets.
        if kind.is_none() && name == "Android" && !system.version.is_empty() {
            let is_before = |other| version::compare(&system.version, other) == Ordering::Less;
            if is_before("2.0") {
                kind = Some(DeviceKind::Smartphone);
            } else if !is_before("3.0") && is_before("4.0") {
                kind = Some(DeviceKind::Tablet);
            }
        }
        if kind == Some(DeviceKind::FeaturePhone) && android {
            kind = Some(DeviceKind::Smartphone);
        }
        if name == "KaiOS" || (name == "Java ME" && kind.is_none()) {
            kind = Some(DeviceKind::FeaturePhone);
        }
        // Windows 8 tells a touch screen, which few but tablets had.
        let is_windows_8 = name == "Windows" && version::compare(&system.version, "8") != Ordering::Less;
        if kind.is_none() && (name == "Windows RT" || is_windows_8) && words.touch.matches_after_digits(self.given, scratch) {
            kind = Some(DeviceKind::Tablet);
        }
        if kind.is_none() {
            let puffin = words.puffin.iter().find(|(pattern, _)| pattern.matches_after_digits(self.given, scratch));
            kind = puffin.map(|(_, kind)| *kind);
        }
        kind = self.kind_if_tv(kind, system, client, scratch);
        if kind != Some(DeviceKind::Desktop) && words.desktop.matches_after_digits(self.given, scratch) {
            kind = Some(DeviceKind::Desktop);
        }
        kind.or_else(|| self.rules.is_desktop(system, client).then_some(DeviceKind::Desktop))
    }

    fn kind_if_tv(
        &self,
        found: Option<DeviceKind>,
        system: &System,
        client: &Client,
        scratch: &mut Scratch,
    ) -> Option<DeviceKind> {
        let words = &self.rules.database.fixed.words;
        let can_be_tv = !matches!(found, Some(DeviceKind::Tv | DeviceKind::Wearable | DeviceKind::Peripheral));
        let is_tv = matches!(&*system.name, "Coolita OS" | "VIDAA")
            || TV_BROWSERS.contains(&&*client.name)
            || words.opera_tv.matches_after_digits(self.given, scratch)
            || (can_be_tv && words.tv.matches_after_digits(self.given, scratch))
            || (found.is_none()
                && (words.smart_tv.matches_after_digits(self.given, scratch)
                    || words.tv_in_brackets.matches_after_digits(self.given, scratch)));
        if is_tv { Some(DeviceKind::Tv) } else { found }
    }

    fn hardware_from_rules(&self, scratch: &mut Scratch) -> Option<Hardware> {
        let fixed = &self.rules.database.fixed;
        for (list, rules) in &self.rules.database.hardware {
            let is_asked = match list {
                HardwareList::HbbTv => fixed.hbbtv.matches(self.given, scratch),
                HardwareList::ShellTv => fixed.shell_tv.matches(self.given, scratch),
                HardwareList::Notebooks => fixed.facebook_device.matches(self.given, scratch),
                HardwareList::Mobiles => true,
                _ => rules.first_match(self.given, scratch).is_some(),
            };
            if !is_asked {
                continue;
            }
            let found = self.hardware_from(rules, scratch);
            match list {
                HardwareList::HbbTv => {
                    let found = found.unwrap_or_else(Hardware::unknown);
                    return Some(Hardware { kind: found.kind.or(Some(DeviceKind::Tv)), ..found });
                }
                HardwareList::ShellTv => {
                    let found = found.unwrap_or_else(Hardware::unknown);
                    return Some(Hardware { kind: Some(DeviceKind::Tv), ..found });
                }
                _ if found.is_some() => return found,
                _ => {}
            }
        }
        None
    }

    fn hardware_from(&self, rules: &RuleList<DeviceRule>, scratch: &mut Scratch) -> Option<Hardware> {
        let subject = self.restored;
        let hints = self.hints.filter(|hints| !hints.model.is_empty());
        let fixed = &self.rules.database.fixed;
        if hints.is_none() && (is_frozen_android(subject, fixed, scratch) || is_desktop(subject, fixed, scratch)) {
            return Some(Hardware::unknown());
        }
        let Some(rule) = rules.first_match(subject, scratch) else {
            let told = |name: &str| hints.is_some_and(|hints| hints.form_factors.iter().any(|factor| factor == name));
            let kind = FORM_FACTORS.iter().find(|(name, _)| told(name)).map(|(_, kind)| *kind);
            return hints.map(|_| Hardware { kind, ..Hardware::unknown() });
        };
        let facts = &rule.facts;
        let mut found = Hardware { kind: facts.kind, ..Hardware::unknown() };
        if &*facts.brand != "Unknown" {
            found.brand = facts.brand.clone();
        }
        if let Some(model) = &facts.model {
            found.model = model_name(model, rule.pattern.captures(subject, scratch));
        }
        if let Some(models) = &facts.models {
            let Some(exact) = models.iter().find(|rule| rule.pattern.matches(subject, scratch)) else {
                return Some(found);
            };
            found.model = model_name(&exact.facts.model, exact.pattern.captures(subject, scratch));
            found.kind = exact.facts.kind.or(found.kind);
            if let Some(brand) = &exact.facts.brand {
                found.brand = brand.clone();
            }
        }
        Some(found)
    }
}

fn model_name(template: &Template, captures: Option<Captures<'_>>) -> Arc<str> {
    let filled = template.fill(captures);
    let name = filled.replace('_', " ");
    let is_dual = name.len() >= 3 && name.as_bytes()[name.len() - 3..].eq_ignore_ascii_case(b" TD");
    let name = if is_dual { &name[..name.len() - 3] } else { &name };
    match name {
        "Build" | "0" => empty(),
        name if name == &*filled => filled,
        name => name.trim().into(),
    }
}
