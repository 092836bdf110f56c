use std::sync::Arc;

use super::{Inquiry, version};
use crate::pattern::Scratch;
use crate::rules::{ClientRule, RuleList};

/// The program that sent the request.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub(super) client_type: &'static str,
    pub(super) name: Arc<str>,
    pub(super) code: &'static str,
    pub(super) version: Arc<str>,
    pub(super) engine: Arc<str>,
    pub(super) engine_version: Arc<str>,
    pub(super) family: &'static str,
}

impl Default for Client {
    fn default() -> Client {
        let empty = super::empty();
        Client {
            client_type: "",
            name: empty.clone(),
            code: "",
            version: empty.clone(),
            engine: empty.clone(),
            engine_version: empty,
            family: "",
        }
    }
}

impl Inquiry<'_> {
    pub(super) fn client(&self, scratch: &mut Scratch) -> Option<Client> {
        for (client_type, rules) in &self.rules.database.clients {
            if *client_type == "library"
                && let Some(browser) = self.browser(scratch)
            {
                return Some(browser);
            }
            let mut found = self.plain_client(client_type, rules, scratch);
            if *client_type == "mobile app" {
                found = self.app_from_hints(found);
            }
            if found.is_some() {
                return found;
            }
        }
        None
    }

    fn plain_client(&self, client_type: &'static str, rules: &RuleList<ClientRule>, scratch: &mut Scratch) -> Option<Client> {
        let rule = rules.first_match(self.given, scratch)?;
        let captures = || rule.pattern.captures(self.given, scratch);
        let name = rule.facts.name.fill(captures());
        let version = version::tidy(&rule.facts.version.fill(captures()));
        Some(Client { client_type, name, version, ..Client::default() })
    }

    /// The app whose id the hints give, unless the user agent already told it.
    fn app_from_hints(&self, found: Option<Client>) -> Option<Client> {
        let name = self.hints.and_then(|hints| self.rules.database.apps.get(&*hints.app)).filter(|name| !name.is_empty());
        match (found, name) {
            (Some(found), Some(name)) if found.name == *name => Some(found),
            (_, Some(name)) => Some(Client { client_type: "mobile app", name: name.clone(), ..Client::default() }),
            (found, None) => found.filter(|found| !found.name.is_empty()),
        }
    }
}
