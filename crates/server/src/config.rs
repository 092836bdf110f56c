//! What the process was told: flags win over the environment, the environment over the file, the file over defaults.

use std::{
    collections::{HashMap, HashSet},
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use footfall_model::{Error, TrackingSettings};

use crate::{
    foreign,
    settings::{self, Setting},
};

/// Every setting with the value that holds.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    values: HashMap<&'static str, String>,
    given: HashSet<&'static str>,
    notices: Vec<String>,
}

/// Where settings come from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    /// `--name=value` flags, by the setting's name.
    pub(crate) flags: Vec<(String, String)>,
    /// The environment.
    pub(crate) environment: HashMap<String, String>,
    /// The text of the TOML file, with its path for messages.
    pub(crate) file: Option<(PathBuf, String)>,
}

impl Config {
    /// Reads the sources.
    ///
    /// # Errors
    /// With one sentence that names the setting, what it holds and what it may hold.
    pub(crate) fn read(sources: &Sources) -> Result<Config, Error> {
        foreign::refuse(&sources.environment)?;
        let file = match &sources.file {
            Some((path, text)) => file_values(path, text)?,
            None => HashMap::new(),
        };
        let mut values = HashMap::new();
        let mut given = HashSet::new();
        for setting in settings::ALL {
            let (origin, value) = match find(setting, sources, &file) {
                Some(found) => {
                    given.insert(setting.name);
                    found
                }
                None => (format!("`{}`", setting.name), setting.default.to_owned()),
            };
            if !value.is_empty() && !setting.accepts(&value) {
                let shown = if matches!(setting.holds, settings::Holds::Secret) { "(secret)" } else { value.as_str() };
                return Err(Error::invalid(format!("{origin} holds `{shown}`, but may hold {}", setting.may_hold())));
            }
            values.insert(setting.name, value);
        }
        let config = Config { values, given, notices: foreign::unneeded(&sources.environment) };
        if config.text("disable_registration") == "false" {
            return Err(Error::invalid(
                "`DISABLE_REGISTRATION` holds `false`, but there is no public sign-up; it may hold `true` or `invite_only`",
            ));
        }
        Ok(config)
    }

    /// The same settings, with another default where nothing was given.
    #[must_use]
    pub(crate) fn with_default(mut self, name: &'static str, value: &str) -> Config {
        if !self.given.contains(name) {
            self.values.insert(name, value.to_owned());
        }
        self
    }

    /// What was given and changes nothing, a sentence each.
    pub(crate) fn notices(&self) -> &[String] {
        &self.notices
    }

    /// The text of a setting; empty when nothing is said.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// The yes or no of a setting.
    pub(crate) fn flag(&self, name: &str) -> bool {
        settings::flag(self.text(name)).unwrap_or(false)
    }

    /// The number of a setting.
    pub(crate) fn number(&self, name: &str) -> i64 {
        self.text(name).parse().unwrap_or(0)
    }

    /// The data directory.
    pub(crate) fn data_dir(&self) -> &Path {
        Path::new(self.text("data_dir"))
    }

    /// Where the server listens.
    pub(crate) fn listen(&self) -> SocketAddr {
        let mut address: SocketAddr = self.text("listen").parse().unwrap_or_else(|_| SocketAddr::from(([0, 0, 0, 0], 8000)));
        if let Ok(port) = self.text("port").parse() {
            address.set_port(port);
        }
        if let Ok(ip) = self.text("listen_ip").parse() {
            address.set_ip(ip);
        }
        address
    }

    /// Where reports and administration listen, when apart.
    pub(crate) fn private_listen(&self) -> Option<SocketAddr> {
        self.text("private_listen").parse().ok()
    }

    /// The port of HTTPS, where that is spoken.
    pub(crate) fn https_port(&self) -> Option<u16> {
        self.text("https_port").parse().ok()
    }

    /// The address people reach the server at, without a slash at the end.
    pub(crate) fn base_url(&self) -> String {
        match self.text("base_url").trim_end_matches('/') {
            "" => {
                let address = self.listen();
                let host = if address.ip().is_unspecified() { "localhost".to_owned() } else { address.ip().to_string() };
                match self.https_port() {
                    Some(port) => format!("https://{host}:{port}"),
                    None => format!("http://{host}:{}", address.port()),
                }
            }
            given => given.to_owned(),
        }
    }

    /// Proxies whose address headers are believed.
    ///
    /// # Errors
    /// When one is no address.
    pub(crate) fn trusted_proxies(&self) -> Result<Vec<IpAddr>, Error> {
        self.text("trusted_proxies")
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(|word| {
                word.parse().map_err(|_| {
                    Error::invalid(format!("`trusted_proxies` holds `{word}`, but may hold addresses between commas"))
                })
            })
            .collect()
    }

    /// Currencies with how many of their units one US dollar buys.
    ///
    /// # Errors
    /// Names the word that is no `CODE=rate`.
    pub(crate) fn exchange_rates(&self) -> Result<Vec<(String, f64)>, Error> {
        let words = self.text("tracking.exchange_rates").split(',').map(str::trim).filter(|word| !word.is_empty());
        words
            .map(|word| {
                let pair = word.split_once('=').and_then(|(code, rate)| Some((code.trim(), rate.trim().parse::<f64>().ok()?)));
                pair.filter(|(code, rate)| code.len() == 3 && rate.is_finite() && *rate > 0.0)
                    .map(|(code, rate)| (code.to_ascii_uppercase(), rate))
                    .ok_or_else(|| {
                        Error::invalid(format!(
                            "`tracking.exchange_rates` holds `{word}`, but may hold rates to the US dollar such as `EUR=0.9` between commas"
                        ))
                    })
            })
            .collect()
    }

    /// The embedded engine's memory in bytes.
    pub(crate) fn store_memory(&self) -> u64 {
        self.size("store.memory")
    }

    /// A number of bytes.
    pub(crate) fn size(&self, name: &str) -> u64 {
        settings::bytes(self.text(name)).unwrap_or(256 << 20)
    }

    /// Puts the rules of tracking that were given into the server's rules; the others stay as administration has them.
    pub(crate) fn apply_tracking(&self, rules: &mut TrackingSettings) {
        let flag = |name: &str, field: &mut bool| {
            if self.given.contains(name) {
                *field = self.flag(name);
            }
        };
        flag("tracking.record_statistics", &mut rules.record);
        flag("tracking.create_new_visit_after_midnight", &mut rules.new_visit_after_midnight);
        flag("tracking.create_new_visit_when_campaign_changes", &mut rules.new_visit_on_campaign);
        flag("tracking.create_new_visit_when_website_referrer_changes", &mut rules.new_visit_on_website);
        flag("tracking.trust_visitors_cookies", &mut rules.trust_visitor_cookies);
        flag("tracking.enable_userid_overwrites_visitorid", &mut rules.user_id_makes_visitor_id);
        flag("tracking.use_third_party_id_cookie", &mut rules.third_party_cookie);
        flag("tracking.requests_require_authentication", &mut rules.require_authentication);
        flag("tracking.honour_do_not_track", &mut rules.honour_do_not_track);
        flag("tracking.keep_address", &mut rules.keep_address);
        flag("tracking.debug", &mut rules.explain);
        flag("tracking.debug_on_demand", &mut rules.explain_on_demand);
        flag("matomo.compat.arrival_order", &mut rules.by_arrival);
        flag("tracking.guess_country_from_language", &mut rules.guess_country_from_language);
        let number = |name: &str, field: &mut i64| {
            if self.given.contains(name) {
                *field = self.number(name);
            }
        };
        number("tracking.visit_standard_length", &mut rules.visit_seconds);
        number("tracking.window_look_back_for_visitor", &mut rules.look_back_seconds);
        number("tracking.default_time_one_page_visit", &mut rules.one_page_seconds);
        number("tracking.custom_timestamp_age", &mut rules.unauthenticated_age_seconds);
        let text = |name: &str, field: &mut String| {
            if self.given.contains(name) {
                self.text(name).clone_into(field);
            }
        };
        text("tracking.action_title_category_delimiter", &mut rules.title_delimiter);
        text("tracking.action_url_category_delimiter", &mut rules.url_delimiter);
        if self.given.contains("tracking.create_new_visit_after_x_actions") {
            rules.new_visit_after_actions =
                u32::try_from(self.number("tracking.create_new_visit_after_x_actions")).unwrap_or(10_000);
        }
        if self.given.contains("tracking.custom_variables") {
            rules.custom_variables = u32::try_from(self.number("tracking.custom_variables")).unwrap_or(rules.custom_variables);
        }
        if self.given.contains("tracking.page_maximum_length") {
            rules.page_maximum_length = usize::try_from(self.number("tracking.page_maximum_length")).unwrap_or(1024);
        }
        if self.given.contains("tracking.mask_address_bytes") {
            rules.mask_bytes = u8::try_from(self.number("tracking.mask_address_bytes")).unwrap_or(2);
        }
    }
}

/// The value that was given for a setting, and a name for where it comes from.
fn find(setting: &Setting, sources: &Sources, file: &HashMap<String, String>) -> Option<(String, String)> {
    if let Some((_, value)) = sources.flags.iter().rev().find(|(name, _)| name == setting.name) {
        return Some((format!("`--{}`", setting.flag()), value.clone()));
    }
    let variables = std::iter::once(setting.variable()).chain(setting.aliases.iter().map(|alias| (*alias).to_owned()));
    for variable in variables {
        if let Some(value) = sources.environment.get(&variable).filter(|value| !value.is_empty()) {
            return Some((format!("`{variable}`"), value.clone()));
        }
    }
    let value = file.get(setting.name)?;
    Some((format!("`{}` in the configuration file", setting.name), value.clone()))
}

/// The file's values by setting name; tables are joined with dots.
fn file_values(path: &Path, text: &str) -> Result<HashMap<String, String>, Error> {
    let table: toml::Table = text.parse().map_err(|cause: toml::de::Error| {
        Error::invalid(format!("`{}` is not valid TOML: {}", path.display(), cause.message()))
    })?;
    let mut values = HashMap::new();
    flatten("", &table, &mut values);
    for name in values.keys() {
        if !settings::ALL.iter().any(|setting| setting.name == name) {
            return Err(Error::invalid(format!("`{}` names `{name}`, which is no setting", path.display()))
                .hint("`footfall config --help` lists every setting"));
        }
    }
    Ok(values)
}

fn flatten(before: &str, table: &toml::Table, values: &mut HashMap<String, String>) {
    for (name, value) in table {
        let name = if before.is_empty() { name.clone() } else { format!("{before}.{name}") };
        match value {
            toml::Value::Table(inner) => flatten(&name, inner, values),
            toml::Value::String(text) => {
                values.insert(name, text.clone());
            }
            toml::Value::Array(items) => {
                let items: Vec<String> =
                    items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned)).collect();
                values.insert(name, items.join(","));
            }
            other => {
                values.insert(name, other.to_string());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(environment: &[(&str, &str)], file: &str, flags: &[(&str, &str)]) -> Sources {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Sources {
            flags: flags.iter().map(owned).collect(),
            environment: environment.iter().map(owned).collect(),
            file: Some((PathBuf::from("footfall.toml"), file.to_owned())),
        }
    }

    fn message(environment: &[(&str, &str)], file: &str) -> String {
        Config::read(&sources(environment, file, &[])).unwrap_err().message().to_owned()
    }

    #[test]
    fn flags_win_over_the_environment_over_the_file() {
        let file = "data_dir = \"file\"\nport = 9000\n[log]\nlevel = \"debug\"\n";
        let config = Config::read(&sources(&[("FOOTFALL_DATA_DIR", "environment")], file, &[])).unwrap();
        assert_eq!((config.text("data_dir"), config.text("log.level")), ("environment", "debug"));
        assert_eq!(config.listen().port(), 9000);
        let config = Config::read(&sources(&[("FOOTFALL_DATA_DIR", "environment")], file, &[("data_dir", "flag")])).unwrap();
        assert_eq!(config.text("data_dir"), "flag");
    }

    #[test]
    fn plausible_s_variables_mean_the_same() {
        let config =
            Config::read(&sources(&[("HTTP_PORT", "8100"), ("BASE_URL", "https://stats.example.org/")], "", &[])).unwrap();
        assert_eq!(config.listen().port(), 8100);
        assert_eq!(config.base_url(), "https://stats.example.org");
    }

    #[test]
    fn a_bad_value_is_named_with_what_it_may_hold() {
        assert_eq!(
            message(&[("HTTP_PORT", "eighty")], ""),
            "`HTTP_PORT` holds `eighty`, but may hold a whole number from 1 to 65535"
        );
        assert_eq!(
            message(&[], "[log]\nformat = \"xml\""),
            "`log.format` in the configuration file holds `xml`, but may hold `text`, `standard`, `json`"
        );
        assert_eq!(message(&[], "colour = 1"), "`footfall.toml` names `colour`, which is no setting");
        assert!(message(&[("DATABASE_URL", "postgres://db")], "").starts_with("`DATABASE_URL` is set"));
        assert!(message(&[("CLICKHOUSE_DATABASE_URL", "http://ch")], "").starts_with("`CLICKHOUSE_DATABASE_URL` is set"));
    }

    #[test]
    fn only_rules_that_were_given_replace_administration_s() {
        let mut rules = TrackingSettings { visit_seconds: 60, mask_bytes: 1, ..TrackingSettings::default() };
        let config = Config::read(&sources(&[("FOOTFALL_TRACKING_MASK_ADDRESS_BYTES", "4")], "", &[])).unwrap();
        config.apply_tracking(&mut rules);
        assert_eq!((rules.visit_seconds, rules.mask_bytes), (60, 4));
    }

    #[test]
    fn defaults_are_the_model_s() {
        let every: Vec<(&str, &str)> = settings::ALL
            .iter()
            .filter(|setting| setting.name.starts_with("tracking."))
            .map(|setting| (setting.name, setting.default))
            .collect();
        let mut rules = TrackingSettings { visit_seconds: 1, mask_bytes: 1, record: false, ..TrackingSettings::default() };
        Config::read(&sources(&[], "", &every)).unwrap().apply_tracking(&mut rules);
        assert_eq!(format!("{rules:?}"), format!("{:?}", TrackingSettings::default()));
    }
}
