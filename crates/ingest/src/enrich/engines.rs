use encoding_rs::Encoding;
use footfall_model::Text;
use rustc_hash::{FxHashMap, FxHashSet};

use super::url::{Parts, decoded, parameter};
use crate::patterns::Patterns;

/// Search engines by host, and by host and path.
pub(crate) struct Engines {
    hosts: FxHashMap<&'static str, Engine>,
    /// Hosts of which only some paths are an engine's.
    by_path: FxHashSet<&'static str>,
}

struct Engine {
    name: Text,
    params: Vec<&'static str>,
    hidden: Vec<&'static str>,
    charset: Option<&'static Encoding>,
}

impl Engines {
    /// The table that comes with Footfall.
    pub(crate) fn built_in() -> Engines {
        let mut hosts = FxHashMap::default();
        let mut by_path = FxHashSet::default();
        for line in include_str!("../../data/search_engines.tsv").lines() {
            let mut fields = line.split('\t');
            let name = Text::from(fields.next().unwrap_or(""));
            let listed = fields.next().unwrap_or("");
            let mut list = || fields.next().unwrap_or("").split(' ').filter(|word| !word.is_empty()).collect::<Vec<&str>>();
            let (params, hidden, charsets) = (list(), list(), list());
            let charset = charsets
                .iter()
                .filter_map(|label| Encoding::for_label(if *label == "ms932" { b"shift_jis" } else { label.as_bytes() }))
                .find(|charset| *charset != encoding_rs::UTF_8);
            for host in listed.split(' ') {
                let engine = Engine { name: Text::clone(&name), params: params.clone(), hidden: hidden.clone(), charset };
                by_path.extend(host.split_once('/').map(|(host, _)| host));
                hosts.insert(host, engine);
            }
        }
        Engines { hosts, by_path }
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

    /// The name of the engine at this host, whatever was searched for.
    pub(crate) fn name(&self, host: &str) -> Option<Text> {
        self.engine(host, "", "").map(|engine| Text::clone(&engine.name))
    }

    /// Every engine's name.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Text> {
        self.hosts.values().map(|engine| &engine.name)
    }

    fn engine(&self, host: &str, path: &str, query: &str) -> Option<&Engine> {
        let get = |host: &str| self.hosts.get(host);
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
    let text = text.trim();
    text[..text.floor_char_boundary(1024)].to_owned()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_lose_their_country() {
        for (host, wanted) in [
            ("www.google.co.uk", "google.{}"),
            ("google.de", "google.{}"),
            ("de.google.com", "{}.google.com"),
            ("www2.google.com", "google.com"),
            ("search.example.com", "example.com"),
            ("m.example.com", "example.com"),
            ("example.com", "example.com"),
            ("wow.com", "wow.com"),
            ("de", "de"),
            ("", ""),
        ] {
            assert_eq!(lossy(host), wanted, "{host}");
        }
    }

    #[test]
    fn every_pattern_of_the_table_is_one() {
        let patterns = Patterns::default();
        for engine in Engines::built_in().hosts.values() {
            for pattern in engine.params.iter().chain(&engine.hidden).filter(|word| word.len() > 1 && word.ends_with('/')) {
                assert!(patterns.delimited(pattern).is_some(), "{pattern}");
            }
        }
    }

    #[test]
    fn keywords_come_in_many_charsets() {
        let engines = Engines::built_in();
        let found = |url: &str| engines.search(url, &Parts::of(url).unwrap(), &Patterns::default()).map(|(_, keyword)| keyword);
        for (url, wanted) in [
            ("http://www.google.com/search?q=caf%C3%A9", Some("café")),
            ("http://www.google.com/search?q=caf%E9", Some("café")),
            ("http://go.mail.ru/search?q=%EF%F0%E8%E2%E5%F2", Some("привет")),
            ("http://www.baidu.com/s?wd=%D6%D0%B9%FA", Some("中国")),
            ("http://www.google.com/search?x=1&q=", Some("")),
            ("http://www.123people.de/s/jane+doe", Some("jane doe")),
            ("http://example.org/?q=x", None),
        ] {
            assert_eq!(found(url).as_deref(), wanted, "{url}");
        }
    }
}
