//! The fixtures of Matomo's regex database: user agents, client hints and what they must be told as.

#[path = "../../src/rules/yaml.rs"]
mod yaml;

use std::path::{Path, PathBuf};

use footfall_devices::{Device, Hints};
use yaml::Yaml;

/// One fixture.
pub(crate) struct Fixture {
    pub(crate) user_agent: String,
    pub(crate) hints: Option<Hints>,
    /// What is expected, as `path`, `text`.
    expected: Vec<(String, String)>,
}

impl Fixture {
    /// What the device tells otherwise than expected.
    pub(crate) fn differences(&self, device: &Device) -> Vec<String> {
        let differs = |(path, expected): &(String, String)| {
            let got = told(device, path);
            (got != *expected).then(|| format!("{path}: expected `{expected}`, got `{got}`"))
        };
        self.expected.iter().filter_map(differs).collect()
    }
}

/// Every fixture file of a checkout, with its name.
pub(crate) fn files(checkout: &Path) -> Vec<(String, PathBuf)> {
    let mut files = Vec::new();
    for folder in ["Tests/fixtures", "Tests/Parser/Client/fixtures", "Tests/Parser/Device/fixtures", "Tests/Parser/fixtures"] {
        let Ok(entries) = std::fs::read_dir(checkout.join(folder)) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            // Two files are about the detector's methods rather than about devices.
            if name.ends_with(".yml") && !matches!(&*name, "type-methods.yml" | "vendorfragments.yml") {
                files.push((format!("{folder}/{name}"), entry.path()));
            }
        }
    }
    files.sort();
    files
}

/// The fixtures of a file.
pub(crate) fn read(path: &Path) -> Vec<Fixture> {
    let text = std::fs::read_to_string(path).expect("the fixture file is there");
    let yaml = Yaml::parse(&text).unwrap_or_else(|error| panic!("{} {error:?}", path.display()));
    let is_of_one_parser = path.components().any(|part| part.as_os_str() == "Parser");
    yaml.list().iter().map(|fixture| fixture_of(fixture, is_of_one_parser)).collect()
}

fn fixture_of(yaml: &Yaml<'_>, is_of_one_parser: bool) -> Fixture {
    let field = |name| yaml.get(name).map_or("", Yaml::text).to_owned();
    let mut expected = Vec::new();
    for (key, value) in yaml.map() {
        if matches!(&**key, "user_agent" | "headers") {
            continue;
        }
        flatten(key, value, &mut expected);
    }
    if yaml.get("bot").is_none() {
        // Fixtures of one parser leave out the rest, and the family of the client.
        let all = ["os.name", "os.version", "client.name", "device.type", "device.brand", "device.model"];
        expected.retain(|(path, _)| !(is_of_one_parser && path == "client.family"));
        for path in all.into_iter().filter(|_| !is_of_one_parser) {
            if !expected.iter().any(|(known, _)| known == path) {
                expected.push((path.to_owned(), String::new()));
            }
        }
    }
    Fixture { user_agent: field("user_agent"), hints: yaml.get("headers").and_then(hints), expected }
}

fn flatten(path: &str, value: &Yaml<'_>, into: &mut Vec<(String, String)>) {
    match value {
        Yaml::Text(text) => into.push((path.to_owned(), if matches!(&**text, "null" | "~") { "" } else { text }.to_owned())),
        Yaml::List(_) => {}
        Yaml::Map(entries) => {
            for (key, value) in entries {
                flatten(&format!("{path}.{key}"), value, into);
            }
        }
    }
}

/// Reads hints that are given as headers or as the fields of `uadata`.
fn hints(headers: &Yaml<'_>) -> Option<Hints> {
    let name = |key: &str| key.to_lowercase().trim_start_matches("http-").to_owned();
    let is_header = |key: &str| key.starts_with("sec-ch-ua") || key == "x-requested-with";
    if headers.map().iter().any(|(key, _)| is_header(&name(key))) {
        return Hints::from_headers(|wanted| {
            let found = headers.map().iter().find(|(key, _)| name(key) == wanted);
            found.map(|(_, value)| value.text()).filter(|text| !matches!(*text, "" | "null"))
        });
    }
    Hints::from_uadata_json(&json(headers).to_string())
}

fn json(yaml: &Yaml<'_>) -> serde_json::Value {
    match yaml {
        Yaml::Text(text) => match &**text {
            "true" => true.into(),
            "false" => false.into(),
            text => text.into(),
        },
        Yaml::List(items) => items.iter().map(json).collect(),
        Yaml::Map(entries) => entries.iter().map(|(key, value)| (key.to_string(), json(value))).collect(),
    }
}

fn told(device: &Device, path: &str) -> String {
    let or_unknown = |text: &str| if text.is_empty() { "Unknown".to_owned() } else { text.to_owned() };
    let bot = device.bot.clone().unwrap_or_default();
    match path {
        "os.name" => device.os_name.to_string(),
        "os.version" => device.os_version.to_string(),
        "os.short_name" => device.os_code.to_string(),
        "os.family" => device.os_family.to_string(),
        "os.platform" => device.os_platform.to_string(),
        "os_family" => or_unknown(&device.os_family),
        "client" => device.browser_name.to_string(),
        "os" => device.os_name.to_string(),
        "client.type" => device.client_type.to_owned(),
        "client.name" => device.browser_name.to_string(),
        "client.version" => device.browser_version.to_string(),
        "client.engine" => device.browser_engine.to_string(),
        "client.engine_version" => device.browser_engine_version.to_string(),
        "browser_family" => or_unknown(&device.browser_family),
        "device.type" => device.kind.name().to_owned(),
        "device.brand" => device.brand.to_string(),
        "device.model" => device.model.to_string(),
        "bot.name" => bot.name.to_string(),
        "bot.category" => bot.category.to_string(),
        "bot.url" => bot.url.to_string(),
        "bot.producer.name" => bot.producer.to_string(),
        "bot.producer.url" => bot.producer_url.to_string(),
        path => format!("nothing is called {path}"),
    }
}
