use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::fixed::Fixed;
use super::index::{Index, IndexBuilder, LazyPattern, Rule, RuleList};
use super::yaml::{Malformed, Yaml};
use crate::detector::Error;
use crate::device::DeviceKind;
use crate::pattern::Captures;

/// Where the files of a database come from.
pub(crate) enum Source<'a> {
    /// The rules that ship with this crate, by file name; files that are missing are empty.
    BuiltIn(&'a [(&'static str, &'static str)]),
    /// A folder laid out as Matomo's `regexes`.
    Dir(&'a Path),
}

impl Source<'_> {
    fn read(&self, file: &str) -> Result<Cow<'static, str>, Error> {
        match self {
            Source::BuiltIn(files) => {
                Ok(Cow::Borrowed(files.iter().find(|(name, _)| *name == file).map_or("", |(_, text)| *text)))
            }
            Source::Dir(dir) => {
                let path = dir.join(file);
                let failed = |source| Error::Read { path: path.display().to_string(), source };
                std::fs::read_to_string(&path).map(Cow::Owned).map_err(failed)
            }
        }
    }

    fn name(&self, file: &str) -> String {
        match self {
            Source::BuiltIn(_) => file.to_owned(),
            Source::Dir(dir) => dir.join(file).display().to_string(),
        }
    }
}

/// A text in which `$1`, `$2`, … stand for the groups of a match.
#[derive(Clone, Debug, Default)]
pub(crate) struct Template {
    text: Option<Arc<str>>,
    has_groups: bool,
}

impl Template {
    fn new(text: &str) -> Template {
        Template { text: (!text.is_empty()).then(|| text.into()), has_groups: text.contains('$') }
    }

    /// The text with the groups filled in and white space cut off both ends.
    pub(crate) fn fill(&self, captures: Option<Captures<'_>>) -> Arc<str> {
        match (&self.text, captures) {
            (Some(text), Some(captures)) if self.has_groups => {
                let mut filled = text.to_string();
                // Rules may name one group more than their pattern has.
                for number in 1..=captures.count() + 1 {
                    let name = format!("${number}");
                    if filled.contains(&name) {
                        filled = filled.replace(&name, &captures.group(number));
                    }
                }
                filled.trim_matches(|letter: char| letter.is_ascii_whitespace() || letter == '\0').into()
            }
            (Some(text), _) => text.clone(),
            (None, _) => Arc::from(""),
        }
    }
}

#[derive(Debug)]
pub(crate) struct BotRule {
    pub(crate) name: Template,
    pub(crate) category: Arc<str>,
    pub(crate) url: Arc<str>,
    pub(crate) producer: Arc<str>,
    pub(crate) producer_url: Arc<str>,
}

#[derive(Debug)]
pub(crate) struct SystemRule {
    pub(crate) name: Template,
    pub(crate) version: Template,
    /// What else to look for: a more exact name, or the version.
    pub(crate) details: Vec<Rule<(Option<Template>, Option<Template>)>>,
}

#[derive(Debug)]
pub(crate) struct ClientRule {
    pub(crate) name: Template,
    pub(crate) version: Template,
}

#[derive(Debug)]
pub(crate) struct BrowserRule {
    pub(crate) client: ClientRule,
    pub(crate) engine: Arc<str>,
    /// The engines from certain browser versions on, by ascending version.
    pub(crate) engines: Vec<(Box<str>, Arc<str>)>,
}

#[derive(Debug)]
pub(crate) struct DeviceRule {
    pub(crate) brand: Arc<str>,
    pub(crate) kind: Option<DeviceKind>,
    pub(crate) model: Option<Template>,
    /// Nothing if the rule has no list of models at all.
    pub(crate) models: Option<Vec<Rule<ModelRule>>>,
}

#[derive(Debug)]
pub(crate) struct ModelRule {
    pub(crate) model: Template,
    pub(crate) brand: Option<Arc<str>>,
    pub(crate) kind: Option<DeviceKind>,
}

/// Which list of devices; in the order they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HardwareList {
    HbbTv,
    ShellTv,
    Notebooks,
    Consoles,
    CarBrowsers,
    Cameras,
    MediaPlayers,
    Mobiles,
}

impl HardwareList {
    const ALL: [(HardwareList, &'static str); 8] = [
        (HardwareList::HbbTv, "device/televisions.yml"),
        (HardwareList::ShellTv, "device/shell_tv.yml"),
        (HardwareList::Notebooks, "device/notebooks.yml"),
        (HardwareList::Consoles, "device/consoles.yml"),
        (HardwareList::CarBrowsers, "device/car_browsers.yml"),
        (HardwareList::Cameras, "device/cameras.yml"),
        (HardwareList::MediaPlayers, "device/portable_media_player.yml"),
        (HardwareList::Mobiles, "device/mobiles.yml"),
    ];
}

/// Client types with their files, in the order they are asked; browsers come between `pim` and `library`.
const CLIENTS: [(&str, &str); 5] = [
    ("feed reader", "client/feed_readers.yml"),
    ("mobile app", "client/mobile_apps.yml"),
    ("mediaplayer", "client/mediaplayers.yml"),
    ("pim", "client/pim.yml"),
    ("library", "client/libraries.yml"),
];

/// Every rule of one set of files.
#[derive(Debug)]
pub(crate) struct Database {
    pub(crate) fixed: Fixed,
    pub(crate) index: Index,
    pub(crate) bots: RuleList<BotRule>,
    pub(crate) systems: RuleList<SystemRule>,
    pub(crate) clients: Vec<(&'static str, RuleList<ClientRule>)>,
    pub(crate) browsers: RuleList<BrowserRule>,
    pub(crate) engines: RuleList<Arc<str>>,
    pub(crate) hardware: Vec<(HardwareList, RuleList<DeviceRule>)>,
    pub(crate) vendors: RuleList<Arc<str>>,
    /// Names of apps by the id Android sends with a request.
    pub(crate) apps: FxHashMap<Box<str>, Arc<str>>,
    /// Names of browsers by that id.
    pub(crate) browser_apps: FxHashMap<Box<str>, Arc<str>>,
}

impl Database {
    pub(crate) fn load(source: &Source<'_>) -> Result<Database, Error> {
        let mut loader = Loader { source, index: IndexBuilder::new() };
        let bots = loader.list("bots.yml", bots)?;
        let systems = loader.list("oss.yml", systems)?;
        let mut clients = Vec::new();
        for (client_type, file) in CLIENTS {
            clients.push((client_type, loader.list(file, clients_of)?));
        }
        let browsers = loader.list("client/browsers.yml", browsers)?;
        let engines = loader.list("client/browser_engine.yml", engines)?;
        let mut hardware = Vec::new();
        for (list, file) in HardwareList::ALL {
            hardware.push((list, loader.list(file, devices)?));
        }
        let vendors = loader.list("vendorfragments.yml", vendors)?;
        let apps = loader.map("client/hints/apps.yml")?;
        let browser_apps = loader.map("client/hints/browsers.yml")?;
        let of_browser = |rule: &BrowserRule| {
            let later = rule.engines.iter().map(|(_, engine)| engine.clone());
            later.chain([rule.engine.clone()]).collect::<Vec<_>>()
        };
        let mut names: Vec<Arc<str>> = browsers.iter().flat_map(|rule| of_browser(&rule.facts)).collect();
        names.extend(engines.iter().map(|rule| rule.facts.clone()));
        let fixed = Fixed::new(&mut loader.index, names);
        let index = loader.index.finish();
        Ok(Database { fixed, index, bots, systems, clients, browsers, engines, hardware, vendors, apps, browser_apps })
    }
}

struct Loader<'a> {
    source: &'a Source<'a>,
    index: IndexBuilder,
}

impl Loader<'_> {
    fn list<T>(&mut self, file: &str, read: impl Fn(&Yaml<'_>) -> Vec<Rule<T>>) -> Result<RuleList<T>, Error> {
        let text = self.source.read(file)?;
        let yaml = Yaml::parse(&text).map_err(|malformed| self.malformed(file, malformed))?;
        self.index.list(read(&yaml)).map_err(|(place, what)| Error::Malformed {
            path: self.source.name(file),
            place: format!("rule {}", place + 1),
            what,
        })
    }

    fn map(&self, file: &str) -> Result<FxHashMap<Box<str>, Arc<str>>, Error> {
        let text = self.source.read(file)?;
        let yaml = Yaml::parse(&text).map_err(|malformed| self.malformed(file, malformed))?;
        Ok(yaml.map().iter().map(|(id, name)| (Box::from(&**id), Arc::from(name.text()))).collect())
    }

    fn malformed(&self, file: &str, Malformed { line, what }: Malformed) -> Error {
        Error::Malformed { path: self.source.name(file), place: format!("line {line}"), what }
    }
}

fn bots(yaml: &Yaml<'_>) -> Vec<Rule<BotRule>> {
    let facts = |rule: &Yaml<'_>| {
        let producer = rule.get("producer");
        let of_producer = |key| producer.map_or("", |producer| text(producer, key)).into();
        BotRule {
            name: template(rule, "name"),
            category: text(rule, "category").into(),
            url: text(rule, "url").into(),
            producer: of_producer("name"),
            producer_url: of_producer("url"),
        }
    };
    rules(yaml.list(), facts)
}

fn systems(yaml: &Yaml<'_>) -> Vec<Rule<SystemRule>> {
    let optional = |rule: &Yaml<'_>, key| rule.get(key).map(|value| Template::new(value.text()));
    let details = |rule: &Yaml<'_>| {
        let details = rule.get("versions").map_or(&[][..], Yaml::list);
        rules(details, |detail| (optional(detail, "name"), optional(detail, "version")))
    };
    let facts =
        |rule: &Yaml<'_>| SystemRule { name: template(rule, "name"), version: template(rule, "version"), details: details(rule) };
    rules(yaml.list(), facts)
}

fn clients_of(yaml: &Yaml<'_>) -> Vec<Rule<ClientRule>> {
    rules(yaml.list(), client)
}

fn client(rule: &Yaml<'_>) -> ClientRule {
    ClientRule { name: template(rule, "name"), version: template(rule, "version") }
}

fn browsers(yaml: &Yaml<'_>) -> Vec<Rule<BrowserRule>> {
    let facts = |rule: &Yaml<'_>| {
        let engine = rule.get("engine");
        let later = engine.and_then(|engine| engine.get("versions")).map_or(&[][..], Yaml::map);
        BrowserRule {
            client: client(rule),
            engine: engine.map_or("", |engine| text(engine, "default")).into(),
            engines: later.iter().map(|(version, name)| (Box::from(&**version), name.text().into())).collect(),
        }
    };
    rules(yaml.list(), facts)
}

fn engines(yaml: &Yaml<'_>) -> Vec<Rule<Arc<str>>> {
    rules(yaml.list(), |rule| text(rule, "name").into())
}

fn devices(yaml: &Yaml<'_>) -> Vec<Rule<DeviceRule>> {
    let kind = |rule: &Yaml<'_>| rule.get("device").and_then(|kind| DeviceKind::from_name(kind.text()));
    let model = |rule: &Yaml<'_>| ModelRule {
        model: template(rule, "model"),
        brand: rule.get("brand").map(|brand| brand.text().into()),
        kind: kind(rule),
    };
    let facts = |brand: &str, rule: &Yaml<'_>| DeviceRule {
        brand: brand.into(),
        kind: kind(rule),
        model: rule.get("model").map(|model| Template::new(model.text())),
        models: rule.get("models").map(|models| rules(models.list(), model)),
    };
    let rule = |(brand, rule): &(Cow<'_, str>, Yaml<'_>)| Rule {
        pattern: LazyPattern::new(text(rule, "regex")),
        facts: facts(brand, rule),
    };
    yaml.map().iter().map(rule).collect()
}

fn vendors(yaml: &Yaml<'_>) -> Vec<Rule<Arc<str>>> {
    let mut all = Vec::new();
    for (brand, fragments) in yaml.map() {
        for fragment in fragments.list() {
            let pattern = LazyPattern::new(format!("{}[^a-z0-9]+", fragment.text()));
            all.push(Rule { pattern, facts: (&**brand).into() });
        }
    }
    all
}

fn rules<T>(list: &[Yaml<'_>], facts: impl Fn(&Yaml<'_>) -> T) -> Vec<Rule<T>> {
    list.iter().map(|rule| Rule { pattern: LazyPattern::new(text(rule, "regex")), facts: facts(rule) }).collect()
}

fn text<'y>(rule: &'y Yaml<'_>, key: &str) -> &'y str {
    rule.get(key).map_or("", Yaml::text)
}

fn template(rule: &Yaml<'_>, key: &str) -> Template {
    Template::new(text(rule, key))
}
