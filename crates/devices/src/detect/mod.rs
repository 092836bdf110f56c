//! How a user agent and its client hints become a [`Device`]: bot or not, then system, program and machine.
//!
//! The steps and their order are those of Matomo's detector, so that its rule database means here what it means there.

mod browser;
mod client;
mod hardware;
mod restore;
mod system;
mod version;

use std::sync::Arc;

use crate::device::{Bot, Device, DeviceKind};
use crate::hints::Hints;
use crate::names::Names;
use crate::pattern::Scratch;
use crate::rules::{Database, Subject};
use client::Client;
use hardware::Hardware;
use system::System;

/// A rule database with all that is needed to ask it.
pub(crate) struct Rules {
    database: Database,
    names: Names,
}

/// One question to the rules.
struct Inquiry<'a> {
    rules: &'a Rules,
    /// The user agent as it came.
    given: &'a Subject<'a>,
    /// The user agent with the model from the client hints put back in, where the browser left it out.
    restored: &'a Subject<'a>,
    hints: Option<&'a Hints>,
}

impl Rules {
    pub(crate) fn new(database: Database) -> Rules {
        Rules { database, names: Names::new() }
    }

    pub(crate) fn detect(&self, user_agent: &str, hints: Option<&Hints>) -> Device {
        if hints.is_none() && !user_agent.bytes().any(|byte| byte.is_ascii_alphabetic()) {
            return Device::default();
        }
        let mut scratch = Scratch::new();
        let given = Subject::new(user_agent, &self.database.index);
        if let Some(bot) = self.bot(&given, &mut scratch) {
            return Device { bot: Some(bot), ..Device::default() };
        }
        let text = hints.and_then(|hints| restore::restored(given.text, hints, &self.database, &mut scratch));
        let other = text.as_deref().map(|text| Subject::new(text, &self.database.index));
        let inquiry = Inquiry { rules: self, given: &given, restored: other.as_ref().unwrap_or(&given), hints };
        let system = inquiry.system(&mut scratch);
        let client = inquiry.client(&mut scratch).unwrap_or_default();
        let hardware = inquiry.hardware(&system, &client, &mut scratch);
        self.device(system, client, hardware, hints)
    }

    pub(crate) fn is_bot(&self, user_agent: &str) -> bool {
        let mut scratch = Scratch::new();
        let subject = Subject::new(user_agent, &self.database.index);
        self.database.bots.first_match(&subject, &mut scratch).is_some()
    }

    fn bot(&self, subject: &Subject<'_>, scratch: &mut Scratch) -> Option<Bot> {
        let rule = self.database.bots.first_match(subject, scratch)?;
        let facts = &rule.facts;
        Some(Bot {
            name: facts.name.fill(rule.pattern.captures(subject, scratch)),
            category: facts.category.clone(),
            url: facts.url.clone(),
            producer: facts.producer.clone(),
            producer_url: facts.producer_url.clone(),
        })
    }

    fn device(&self, system: System, client: Client, hardware: Hardware, hints: Option<&Hints>) -> Device {
        let is_mobile = hints.is_some_and(|hints| hints.mobile == Some(true))
            || match hardware.kind {
                Some(
                    DeviceKind::FeaturePhone
                    | DeviceKind::Smartphone
                    | DeviceKind::Tablet
                    | DeviceKind::Phablet
                    | DeviceKind::Camera
                    | DeviceKind::PortableMediaPlayer,
                ) => true,
                Some(DeviceKind::Tv | DeviceKind::SmartDisplay | DeviceKind::Console) => false,
                _ => self.is_mobile_only(&client) || !system.name.is_empty() && !self.is_desktop(&system, &client),
            };
        Device {
            kind: hardware.kind.unwrap_or(DeviceKind::Unknown),
            brand_code: self.names.brand_code(&hardware.brand).into(),
            brand: hardware.brand,
            model: hardware.model,
            os_name: system.name,
            os_code: system.code.into(),
            os_version: system.version,
            os_family: system.family.into(),
            os_platform: system.platform.into(),
            browser_name: client.name,
            browser_code: client.code.into(),
            browser_version: client.version,
            browser_engine: client.engine,
            browser_engine_version: client.engine_version,
            browser_family: client.family.into(),
            client_type: client.client_type,
            is_mobile,
            bot: None,
        }
    }

    fn is_mobile_only(&self, client: &Client) -> bool {
        client.client_type == "browser" && self.names.browser(&client.name).is_some_and(|browser| browser.mobile_only)
    }

    fn is_desktop(&self, system: &System, client: &Client) -> bool {
        !self.is_mobile_only(client) && self.names.system(&system.name).is_some_and(|system| system.is_desktop())
    }

    /// The family of the system of this name; empty if there is no such system, or it belongs to none.
    fn system_family(&self, name: &str) -> &'static str {
        self.names.system(name).map_or("", |system| system.family)
    }
}

fn empty() -> Arc<str> {
    Arc::from("")
}
