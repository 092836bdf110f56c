use std::borrow::Cow;

use footfall_model::{Site, SiteId, Sites, Text, TrackingSettings};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    campaign,
    engines::Engines,
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
    engines: Engines,
    socials: Hosts,
    assistants: Hosts,
}

/// Names by host, or by host and path, of a table whose first entries win.
struct Hosts {
    names: FxHashMap<&'static str, (usize, Text)>,
    /// The first labels of all hosts: most of what is looked for is not here and needs no further look.
    labels: FxHashSet<&'static str>,
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
        Referrers {
            engines: Engines::built_in(),
            socials: Hosts::of(include_str!("../../data/socials.tsv")),
            assistants: Hosts::of(include_str!("../../data/ai_assistants.tsv")),
        }
    }

    /// Where the visitor came from: by a campaign of the page's URL, else by the referrer.
    pub(crate) fn of(&self, sent: &str, scene: &Scene<'_>) -> Referrer {
        let settings = &scene.sites.settings;
        if is_unwanted(scene) {
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
        if let Some((name, keyword)) = self.engines.search(sent, parts, scene.patterns) {
            return Referrer { kind: "search", name: Some(name), keyword: Some(Text::from(cut(&keyword, 255))) };
        }
        let host = parts.lower_host();
        if let Some(name) = self.assistants.name(&host, parts.path) {
            return Referrer { kind: "ai-assistant", name: Some(name), keyword: None };
        }
        if let Some(name) = self.socials.name(&host, parts.path) {
            return Referrer { kind: "social", name: Some(name), keyword: None };
        }
        let mut name = host.into_owned();
        if let Some((path, _)) = place(scene.sites, bare(&name.clone()), parts.path).filter(|(path, _)| *path != "/") {
            name.push_str(path.trim_end_matches('/'));
        }
        Referrer { kind: "website", name: Some(Text::from(cut(&name, 255))), keyword: None }
    }

    /// The name of the social network or assistant at this host.
    pub(crate) fn known_name(&self, host: &str, path: &str) -> Option<Text> {
        self.assistants.name(host, path).or_else(|| self.socials.name(host, path))
    }

    /// The search engine at this host, by name, whatever was searched for.
    pub(crate) fn engine_name(&self, host: &str) -> Option<Text> {
        self.engines.name(host)
    }

    /// Every name with what it is: `search` or `social`.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&Text, &'static str)> {
        let engines = self.engines.names().map(|name| (name, "search"));
        engines.chain(self.socials.names.values().map(|(_, name)| (name, "social")))
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
            keyword = self
                .engines
                .search(sent, parts, scene.patterns)
                .map(|(_, keyword)| keyword)
                .filter(|keyword| !keyword.is_empty());
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
}

impl Referrer {
    fn direct() -> Referrer {
        Referrer { kind: "direct", name: None, keyword: None }
    }
}

/// Whether the page's URL says that its referrer is not to be minded.
fn is_unwanted(scene: &Scene<'_>) -> bool {
    let query = scene.page.and_then(|page| page.query).unwrap_or("");
    query.contains("ignore_refer") && ["ignore_referrer", "ignore_referer"].iter().any(|name| parameter(query, name) == Some("1"))
}

/// Whether nothing is kept of a referrer: the page says so, or the site leaves it out.
pub(crate) fn is_left_out(sent: &str, scene: &Scene<'_>) -> bool {
    is_unwanted(scene) || Parts::of(sent).is_some_and(|parts| is_excluded(&parts, scene.site, &scene.sites.settings))
}

/// The referrer's URL as it is kept: cleaned and cut; empty when it is none.
pub(crate) fn kept(sent: &str, most: usize) -> Text {
    let cleaned = clean(sent, most);
    if looks_like_one(&cleaned) { Text::from(without_noise(&cleaned).as_ref()) } else { Text::from("") }
}

/// Parameters that say nothing about where a visitor came from but make every address another one: a part of the host, and
/// the names.
const NOISE: [(&str, &[&str]); 7] = [
    ("instagram.com", &["e", "s"]),
    ("facebook.com", &["h", "p"]),
    ("google.", &["ust", "usg", "usd", "sa", "sntz", "ei", "bvm", "ved", "client", "channel"]),
    ("googleusercontent.", &["ust", "usg", "usd", "sa", "sntz", "ei", "bvm", "ved", "client", "channel"]),
    ("main.exoclick.com", &["data", "wpn"]),
    ("youtube.com", &["redir_token", "html_redirect", "continuation", "feature"]),
    ("bing.com", &["cvid", "refig", "elv", "plvar", "setlang", "qs", "cc", "mkt", "pc", "form", "src"]),
];

/// A URL without what its host puts into the query for itself.
fn without_noise(url: &str) -> Cow<'_, str> {
    let Some(parts) = Parts::of(url) else {
        return Cow::Borrowed(url);
    };
    let (Some(query), host) = (parts.query, parts.lower_host()) else {
        return Cow::Borrowed(url);
    };
    let is_noise = |pair: &str| {
        let name = pair.split_once('=').map_or(pair, |(name, _)| name);
        NOISE
            .iter()
            .filter(|(known, _)| host.contains(known))
            .any(|(_, names)| names.iter().any(|known| known.eq_ignore_ascii_case(name)))
    };
    if !query.split('&').any(is_noise) {
        return Cow::Borrowed(url);
    }
    let Some(before) = url.find('?') else {
        return Cow::Borrowed(url);
    };
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_noise(pair)).collect();
    let mut shorter = url[..before].to_owned();
    if !kept.is_empty() {
        shorter.push('?');
        shorter.push_str(&kept.join("&"));
    }
    if let Some(fragment) = parts.fragment {
        shorter.push('#');
        shorter.push_str(fragment);
    }
    Cow::Owned(shorter)
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

impl Hosts {
    fn of(table: &'static str) -> Hosts {
        let mut names = FxHashMap::default();
        for (rank, line) in table.lines().enumerate() {
            let Some((name, list)) = line.split_once('\t') else {
                continue;
            };
            let name: Text = Text::from(decoded(&name.replace('+', "%2B")).as_ref());
            for host in list.split(' ') {
                names.entry(host).or_insert_with(|| (rank, Text::clone(&name)));
            }
        }
        let labels = names.keys().map(|host| first_label(host)).collect();
        Hosts { names, labels }
    }

    /// The entry that is a run of the host's labels, or those and the beginning of the path; the first of the table wins.
    fn name(&self, host: &str, path: &str) -> Option<Text> {
        let mut best: Option<&(usize, Text)> = None;
        let starts = std::iter::once(0).chain(host.match_indices('.').map(|(at, _)| at + 1)).take(10);
        for start in starts {
            let rest = &host[start..];
            if !self.labels.contains(first_label(rest)) {
                continue;
            }
            let ends = rest.match_indices('.').map(|(at, _)| at).skip(1).chain(std::iter::once(rest.len())).take(10);
            for end in ends {
                if let Some(found) = self.names.get(&rest[..end])
                    && best.is_none_or(|best| found.0 < best.0)
                {
                    best = Some(found);
                }
            }
            if rest.len() == host.len() && path.len() > 1 {
                let whole = format!("{host}{path}");
                let slashes = whole.match_indices('/').map(|(at, _)| at).skip(1).chain(std::iter::once(whole.len())).take(4);
                for end in slashes {
                    if let Some(found) = self.names.get(&whole[..end]) {
                        return Some(Text::clone(&found.1));
                    }
                }
            }
        }
        best.map(|(_, name)| Text::clone(name))
    }
}

/// What stands before the first dot or slash.
fn first_label(host: &str) -> &str {
    host.split(['.', '/']).next().unwrap_or(host)
}

fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_search_engines_add_for_themselves_is_not_kept() {
        let kept = |url: &str| kept(url, 1024).to_string();
        assert_eq!(
            kept("http://www.google.com/url?sa=t&rct=j&q=&ved=0C&url=http%3A%2F%2Fa.example%2F&usg=AF&EI=x#top"),
            "http://www.google.com/url?rct=j&q=&url=http%3A%2F%2Fa.example%2F#top"
        );
        assert_eq!(kept("https://www.facebook.com/l.php?h=AT"), "https://www.facebook.com/l.php");
        assert_eq!(kept("https://news.example/?sa=t&h=1"), "https://news.example/?sa=t&h=1");
    }
}
