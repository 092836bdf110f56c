use encoding_rs::Encoding;
use footfall_model::{Site, SiteId, Sites, Text, TrackingSettings};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    campaign,
    url::{Parts, bare, clean, decoded, looks_like_one, parameter},
};
use crate::patterns::Patterns;

/// Where a visitor came from, in Matomo's terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Referrer {
    /// `direct`, `search`, `website`, `campaign`, `social` or `ai-assistant`.
    pub(crate) kind: &'static str,
    /// Its name.
    pub(crate) name: Option<Text>,
    /// Its keyword. A search whose keyword the engine hides has an empty one.
    pub(crate) keyword: Option<Text>,
}

/// Search engines, social networks and assistants by host.
pub(crate) struct Referrers {
    engines: FxHashMap<&'static str, Engine>,
    /// Hosts of which only some paths are an engine's.
    by_path: FxHashSet<&'static str>,
    socials: FxHashMap<&'static str, (usize, Text)>,
    assistants: FxHashMap<&'static str, (usize, Text)>,
}

struct Engine {
    name: Text,
    params: Vec<&'static str>,
    hidden: Vec<&'static str>,
    charset: Option<&'static Encoding>,
}

/// What surrounds a referrer.
pub(crate) struct Scene<'a> {
    /// The site.
    pub(crate) site: &'a Site,
    /// All sites.
    pub(crate) sites: &'a Sites,
    /// Compiled patterns.
    pub(crate) patterns: &'a Patterns,
    /// The page's URL as sent.
    pub(crate) page: Option<Parts<'a>>,
    /// Campaign parameters that were sent beside the URL.
    pub(crate) params: &'a [(String, String)],
}

impl Referrers {
    /// The tables that come with Footfall.
    pub(crate) fn built_in() -> Referrers {
        let mut engines = FxHashMap::default();
        let mut by_path = FxHashSet::default();
        for line in include_str!("../../data/search_engines.tsv").lines() {
            let mut fields = line.split('\t');
            let name = Text::from(fields.next().unwrap_or(""));
            let hosts = fields.next().unwrap_or("");
            let mut list = || fields.next().unwrap_or("").split(' ').filter(|word| !word.is_empty()).collect::<Vec<&str>>();
            let (params, hidden, charsets) = (list(), list(), list());
            let charset = charsets
                .iter()
                .filter_map(|label| Encoding::for_label(if *label == "ms932" { b"shift_jis" } else { label.as_bytes() }))
                .find(|charset| *charset != encoding_rs::UTF_8);
            for host in hosts.split(' ') {
                let engine = Engine { name: Text::clone(&name), params: params.clone(), hidden: hidden.clone(), charset };
                by_path.extend(host.split_once('/').map(|(host, _)| host));
                engines.insert(host, engine);
            }
        }
        Referrers {
            engines,
            by_path,
            socials: named(include_str!("../../data/socials.tsv")),
            assistants: named(include_str!("../../data/ai_assistants.tsv")),
        }
    }

    /// Where the visitor came from: by a campaign of the page's URL, else by the referrer.
    pub(crate) fn of(&self, sent: &str, scene: &Scene<'_>) -> Referrer {
        let settings = &scene.sites.settings;
        let query = scene.page.and_then(|page| page.query).unwrap_or("");
        if query.contains("ignore_refer")
            && ["ignore_referrer", "ignore_referer"].iter().any(|name| parameter(query, name) == Some("1"))
        {
            return Referrer::direct();
        }
        let parts = Parts::of(sent).filter(|parts| looks_like_one(sent) && !is_excluded(parts, scene.site, settings));
        if let Some(found) = self.campaign(sent, parts.as_ref(), scene, settings) {
            return found;
        }
        let Some(parts) = parts.filter(|parts| !parts.host.is_empty()) else {
            return Referrer::direct();
        };
        if is_own(&parts, scene) {
            return Referrer::direct();
        }
        self.foreign(sent, &parts, scene)
    }

    /// Where a referrer outside the site leads: to a search engine, an assistant, a social network, or a website.
    pub(crate) fn foreign(&self, sent: &str, parts: &Parts<'_>, scene: &Scene<'_>) -> Referrer {
        if let Some((name, keyword)) = self.search(sent, parts, scene.patterns) {
            return Referrer { kind: "search", name: Some(name), keyword: Some(Text::from(cut(&keyword, 255))) };
        }
        let host = parts.lower_host();
        if let Some(name) = label(&self.assistants, &host, parts.path) {
            return Referrer { kind: "ai-assistant", name: Some(name), keyword: None };
        }
        if let Some(name) = label(&self.socials, &host, parts.path) {
            return Referrer { kind: "social", name: Some(name), keyword: None };
        }
        let mut name = host.into_owned();
        if let Some((path, _)) = place(scene.sites, bare(&name.clone()), parts.path).filter(|(path, _)| *path != "/") {
            name.push_str(path.trim_end_matches('/'));
        }
        Referrer { kind: "website", name: Some(Text::from(cut(&name, 255))), keyword: None }
    }

    /// The search engine's name and what was searched for, empty where the engine hides it.
    pub(crate) fn search(&self, sent: &str, parts: &Parts<'_>, patterns: &Patterns) -> Option<(Text, String)> {
        let mut query = String::new();
        let plain = match (parts.query, parts.fragment) {
            (query, None) => query.unwrap_or(""),
            (first, Some(fragment)) => {
                query.push_str(first.unwrap_or(""));
                query.push('&');
                query.push_str(fragment);
                &query
            }
        };
        let engine = self.engine(parts.host, parts.path, plain)?;
        let mut name = Text::clone(&engine.name);
        let mut key: Option<String> = None;
        if &*name == "Google" {
            if plain.contains("as_") {
                key = advanced(plain);
            }
            match parameter(plain, "tbm") {
                Some("isch") => name = Text::from("Google Images"),
                Some("vid") => name = Text::from("Google Video"),
                Some("shop") => name = Text::from("Google Shopping"),
                _ => {}
            }
        }
        let mut hidden = false;
        for param in &engine.params {
            if key.is_some() || hidden {
                break;
            }
            if param.starts_with('/') {
                let found = patterns.delimited(param).and_then(|pattern| {
                    let groups = pattern.captures(sent)?;
                    Some(raw(groups.get(1)?.as_str(), engine.charset))
                });
                key = found.filter(|found| !found.is_empty());
            } else if let Some(value) = parameter(plain, param) {
                key = Some(raw(value, engine.charset)).filter(|found| !found.is_empty());
                hidden = key.is_none() && plain.contains(&format!("&{param}="));
            }
        }
        if let Some(key) = key {
            return Some((name, key.to_lowercase()));
        }
        let mut whole = parts.path.to_owned();
        for (sign, part) in [("?", plain), ("#", parts.fragment.unwrap_or(""))] {
            if !part.is_empty() {
                whole.push_str(sign);
                whole.push_str(part);
            }
        }
        let fallback = ["/^$/", "/"];
        let rules = if engine.hidden.is_empty() { &fallback[..] } else { &engine.hidden };
        let hidden = hidden
            || rules.iter().any(|rule| {
                if rule.len() > 1 && rule.starts_with('/') && rule.ends_with('/') {
                    patterns.delimited(rule).is_some_and(|pattern| pattern.is_match(&whole))
                } else {
                    *rule == whole
                }
            });
        hidden.then(|| (name, String::new()))
    }

    /// The name of the social network or assistant at this host.
    pub(crate) fn known_name(&self, host: &str, path: &str) -> Option<Text> {
        self.engines
            .get(host)
            .map(|engine| Text::clone(&engine.name))
            .or_else(|| label(&self.assistants, host, path))
            .or_else(|| label(&self.socials, host, path))
    }

    /// The search engine at this host, by name, whatever was searched for.
    pub(crate) fn engine_name(&self, host: &str) -> Option<Text> {
        self.engine(host, "", "").map(|engine| Text::clone(&engine.name))
    }

    /// Every name with what it is: `search` or `social`.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&Text, &'static str)> {
        let engines = self.engines.values().map(|engine| (&engine.name, "search"));
        engines.chain(self.socials.values().map(|(_, name)| (name, "social")))
    }

    fn campaign(
        &self,
        sent: &str,
        referrer: Option<&Parts<'_>>,
        scene: &Scene<'_>,
        settings: &TrackingSettings,
    ) -> Option<Referrer> {
        let mut found = None;
        if let Some(page) = &scene.page {
            found = page.query.and_then(|query| campaign::named(query, settings));
            if !matches!(&found, Some((_, Some(_)))) {
                found = page.fragment.and_then(|fragment| campaign::named(fragment, settings)).or(found);
            }
        }
        let (mut name, mut keyword) = match found {
            Some((name, keyword)) => (Some(name), keyword),
            None => (None, None),
        };
        if keyword.is_none()
            && name.is_some()
            && let Some(parts) = referrer
        {
            keyword = self.search(sent, parts, scene.patterns).map(|(_, keyword)| keyword).filter(|keyword| !keyword.is_empty());
        }
        if keyword.is_none()
            && let Some(parts) = referrer
            && (parts.host.contains("googleads") || parts.host.contains("doubleclick"))
            && let Some((advertised, host)) = advertised(parts)
        {
            name = name.or(Some(advertised));
            keyword = Some(format!("(adwords) {host}"));
        }
        let sent_beside = |names: &[String]| {
            names.iter().find_map(|name| {
                scene
                    .params
                    .iter()
                    .find(|(known, text)| known == name && !matches!(text.as_str(), "" | "0"))
                    .map(|(_, text)| text)
            })
        };
        if let Some(beside) = sent_beside(&settings.campaign_name_params) {
            name = Some(beside.clone());
            keyword = sent_beside(&settings.campaign_keyword_params).cloned().or(keyword);
        }
        let name = name?;
        let keyword = keyword.or_else(|| referrer.map(|parts| parts.lower_host().into_owned()).filter(|host| !host.is_empty()));
        Some(Referrer {
            kind: "campaign",
            name: Some(Text::from(cut(&name.to_lowercase(), 255))),
            keyword: keyword.map(|keyword| Text::from(cut(&keyword.to_lowercase(), 255))),
        })
    }

    fn engine(&self, host: &str, path: &str, query: &str) -> Option<&Engine> {
        let get = |host: &str| self.engines.get(host);
        let with_path = |host: &str| {
            let may_be = path.len() > 1 && self.by_path.contains(host);
            may_be.then(|| get(&format!("{host}{path}"))).flatten()
        };
        let known = with_path(host).or_else(|| get(host)).or_else(|| {
            let lossy = lossy(host);
            with_path(&lossy).or_else(|| get(&lossy))
        });
        known.or_else(|| {
            if query.starts_with("cx=partner-pub-") {
                get("google.com/cse")
            } else if path.starts_with("/pemonitorhosted/ws/results/") {
                get("wsdsold.infospace.com")
            } else if host.contains(".images.search.yahoo.com") {
                get("images.search.yahoo.com")
            } else if host.contains(".search.yahoo.com") {
                get("search.yahoo.com")
            } else {
                None
            }
        })
    }
}

impl Referrer {
    fn direct() -> Referrer {
        Referrer { kind: "direct", name: None, keyword: None }
    }
}

/// The referrer's URL as it is kept: cleaned and cut; empty when it is none.
pub(crate) fn kept(sent: &str, most: usize) -> Text {
    let cleaned = clean(sent, most);
    if looks_like_one(&cleaned) { Text::from(cleaned.as_ref()) } else { Text::from("") }
}

/// Whether the referrer lies on the site itself: below one of its addresses, or at the page's own host unless that part of
/// the host belongs to another site.
pub(crate) fn is_own(referrer: &Parts<'_>, scene: &Scene<'_>) -> bool {
    let host = referrer.lower_host();
    let host = bare(&host);
    let page_host = scene.page.map(|page| page.lower_host());
    let page_host = page_host.as_deref().map(bare);
    match place(scene.sites, host, referrer.path) {
        Some((path, ids)) => ids.contains(&scene.site.id) || path == "/" && page_host == Some(host),
        None => page_host == Some(host),
    }
}

/// The deepest path of any site's addresses that holds this one, with the sites that have it. A site's address that begins
/// with a dot (`.example.org`) stands for every host below.
fn place<'a>(sites: &'a Sites, host: &str, path: &str) -> Option<(&'a str, Vec<SiteId>)> {
    let find = |host: &str| {
        let listed = sites.at_host(host);
        if listed.is_empty() {
            return None;
        }
        let mut path = path.to_lowercase();
        if !path.ends_with('/') {
            path.push('/');
        }
        let (found, _) = listed.iter().find(|(own, _)| path.starts_with(own.as_str()))?;
        Some((found.as_str(), listed.iter().filter(|(own, _)| own == found).map(|(_, id)| *id).collect()))
    };
    find(host).or_else(|| {
        let dotted = format!(".{host}");
        let dots: Vec<usize> = dotted.match_indices('.').map(|(at, _)| at).collect();
        dots.iter().take(dots.len().saturating_sub(1)).find_map(|at| find(&dotted[*at..]))
    })
}

fn is_excluded(referrer: &Parts<'_>, site: &Site, settings: &TrackingSettings) -> bool {
    let lists = [&settings.excluded_referrers, &site.exclusions.referrers];
    if lists.iter().all(|list| list.is_empty()) {
        return false;
    }
    let host = referrer.lower_host();
    let host = bare(&host);
    let path = format!("{}/", referrer.path.trim_end_matches('/')).to_lowercase();
    lists.into_iter().flatten().any(|entry| {
        let entry = entry.trim();
        let entry = entry.strip_prefix("https://").or_else(|| entry.strip_prefix("http://")).unwrap_or(entry);
        let (own, below) = entry.split_once('/').unwrap_or((entry, ""));
        let own = own.to_lowercase();
        let own = bare(&own);
        let same = match own.strip_prefix('.') {
            Some(domain) => host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')),
            None => host == own,
        };
        let below = below.trim_end_matches('/').to_lowercase();
        same && (below.is_empty() || path.starts_with(&format!("/{below}/")))
    })
}

/// An advertisement's label and the host of the page that showed it.
fn advertised(parts: &Parts<'_>) -> Option<(String, String)> {
    let query = parts.query?;
    let shown = decoded(parameter(query, "url")?).into_owned();
    let host = Parts::of(&shown)?.host.to_owned();
    let label = match parameter(query, "ad_type").map(decoded) {
        Some(kind) if !kind.trim().is_empty() => format!("AdWords ({})", kind.trim()),
        _ => "AdWords".to_owned(),
    };
    (!host.is_empty()).then_some((label, host))
}

/// Google's advanced search: all words, any words, a phrase, none of these.
fn advanced(query: &str) -> Option<String> {
    let value = |name| parameter(query, name).filter(|value| !matches!(*value, "" | "0"));
    let mut keys = Vec::new();
    if let Some(all) = value("as_q") {
        keys.push(all.to_owned());
    }
    if let Some(any) = value("as_oq") {
        keys.push(any.replace('+', " OR "));
    }
    if let Some(phrase) = value("as_epq") {
        keys.push(format!("\"{phrase}\""));
    }
    if let Some(none) = value("as_eq") {
        keys.push(format!("-{none}"));
    }
    let key = decoded(&keys.join(" ")).trim().to_owned();
    (!key.is_empty()).then_some(key)
}

/// A keyword decoded from its URL form and the engine's charset.
fn raw(value: &str, charset: Option<&'static Encoding>) -> String {
    let spaced = value.replace('+', " ");
    let bytes: Vec<u8> = percent_encoding::percent_decode_str(&spaced).collect();
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(wrong) => charset.unwrap_or(encoding_rs::WINDOWS_1252).decode(wrong.as_bytes()).0.into_owned(),
    };
    cut(text.trim(), 1024).to_owned()
}

fn named(table: &'static str) -> FxHashMap<&'static str, (usize, Text)> {
    let mut hosts = FxHashMap::default();
    for (rank, line) in table.lines().enumerate() {
        let Some((name, list)) = line.split_once('\t') else {
            continue;
        };
        let name: Text = Text::from(decoded(&name.replace('+', "%2B")).as_ref());
        for host in list.split(' ') {
            hosts.entry(host).or_insert_with(|| (rank, Text::clone(&name)));
        }
    }
    hosts
}

/// The entry that is a run of the host's labels, or those and the beginning of the path; the first of the table wins.
fn label(table: &FxHashMap<&'static str, (usize, Text)>, host: &str, path: &str) -> Option<Text> {
    let mut best: Option<&(usize, Text)> = None;
    let starts = std::iter::once(0).chain(host.match_indices('.').map(|(at, _)| at + 1)).take(10);
    for start in starts {
        let rest = &host[start..];
        let ends = rest.match_indices('.').map(|(at, _)| at).skip(1).chain(std::iter::once(rest.len())).take(10);
        for end in ends {
            if let Some(found) = table.get(&rest[..end])
                && best.is_none_or(|best| found.0 < best.0)
            {
                best = Some(found);
            }
        }
        if rest.len() == host.len() && path.len() > 1 {
            let whole = format!("{host}{path}");
            let slashes = whole.match_indices('/').map(|(at, _)| at).skip(1).chain(std::iter::once(whole.len())).take(4);
            for end in slashes {
                if let Some(found) = table.get(&whole[..end]) {
                    return Some(Text::clone(&found.1));
                }
            }
        }
    }
    best.map(|(_, name)| Text::clone(name))
}

/// Country codes as they stand at either end of a host.
const COUNTRIES: &str = " ac ad ae af ag ai al am an ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br bs bt bv bw by \
bz ca cc cd cf cg ch ci ck cl cm cn co cp cr cu cv cw cx cy cz de dg dj dk dm do dz ea ec ee eg eh er es et eu fi fj fk fm fo fr ga gb gd ge \
gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu ic id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz \
la lb lc li lk lr ls lt lu lv ly ma mc md me mf mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nt nu nz \
om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sf sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz ta tc td \
tf tg th tj tk tl tm tn to tp tr tt tv tw tz ua ug uk um us uy uz va vc ve vg vi vn vu wf ws ye yt yu za zm zr zw ";

/// The host without what differs by country: `www.google.co.uk` and `de.google.com` become `google.{}` and `{}.google.com`.
fn lossy(host: &str) -> String {
    let is_country = |label: &str| label.len() == 2 && COUNTRIES.contains(&format!(" {label} "));
    let mut labels: Vec<&str> = host.split('.').collect();
    if labels.len() > 1 && (labels[0] == "search" || is_www(labels[0])) {
        labels.remove(0);
    }
    if labels.len() > 1 {
        let last = labels.len() - 1;
        labels = labels.iter().enumerate().filter(|(at, label)| **label != "m" || *at == last).map(|(_, label)| *label).collect();
    }
    if labels.len() > 1 && labels.last().is_some_and(|label| is_country(label)) {
        labels.pop();
        if labels.len() > 1 && labels.last().is_some_and(|label| matches!(*label, "com" | "org" | "net" | "co" | "it" | "edu")) {
            labels.pop();
        }
        labels.push("{}");
    }
    let last = labels.len().saturating_sub(1);
    let labels: Vec<&str> =
        labels.iter().enumerate().map(|(at, label)| if at < last && is_country(label) { "{}" } else { label }).collect();
    labels.join(".")
}

fn is_www(label: &str) -> bool {
    let rest = label.trim_start_matches('w');
    rest.len() < label.len() && rest.bytes().all(|sign| sign.is_ascii_digit())
}

fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}
