use std::borrow::Cow;

use footfall_model::Text;
use rustc_hash::FxHashMap;

use super::{
    campaign::Tags,
    referrer::Referrers,
    url::{Parts, bare},
};

/// Plausible's names of sources, and what kind each is.
pub(crate) struct Sources {
    names: FxHashMap<String, Text>,
    hosts: FxHashMap<&'static str, Text>,
    kinds: FxHashMap<String, Kind>,
}

/// What a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A search engine.
    Search,
    /// An assistant that answers in its place.
    Assistant,
    /// A social network.
    Social,
    /// A place to watch films.
    Video,
    /// A shop.
    Shopping,
    /// A mail program.
    Email,
}

impl Sources {
    /// The tables that come with Footfall: our own, then the search engines and social networks.
    pub(crate) fn built_in(referrers: &Referrers) -> Sources {
        let mut sources = Sources { names: FxHashMap::default(), hosts: FxHashMap::default(), kinds: FxHashMap::default() };
        for line in include_str!("../../data/sources.tsv").lines() {
            let mut fields = line.split('\t');
            let (Some(name), Some(kind)) = (fields.next(), fields.next()) else {
                continue;
            };
            let shown = Text::from(name);
            let kind = match kind {
                "search" => Some(Kind::Search),
                "assistant" => Some(Kind::Assistant),
                "social" => Some(Kind::Social),
                "video" => Some(Kind::Video),
                "shopping" => Some(Kind::Shopping),
                "email" => Some(Kind::Email),
                _ => None,
            };
            let hosts = fields.next().unwrap_or("").split_ascii_whitespace();
            let words = fields.next().unwrap_or("").split(',').filter(|word| !word.is_empty());
            // Of hosts without a name only the kind is known; they are shown as they are.
            let is_named = name != "-";
            let lower = name.to_lowercase();
            for word in words.chain([lower.as_str()].into_iter().filter(|_| is_named)) {
                if is_named {
                    sources.names.insert(word.to_owned(), Text::clone(&shown));
                }
                sources.kinds.extend(kind.map(|kind| (word.to_owned(), kind)));
            }
            for host in hosts {
                if is_named {
                    sources.hosts.insert(host, Text::clone(&shown));
                }
                sources.kinds.extend(kind.map(|kind| (host.to_owned(), kind)));
            }
        }
        for (name, kind) in referrers.names() {
            let kind = if kind == "search" { Kind::Search } else { Kind::Social };
            let lower = name.to_lowercase();
            sources.names.entry(lower.clone()).or_insert_with(|| Text::clone(name));
            sources.kinds.entry(lower).or_insert(kind);
        }
        sources
    }

    /// The source of a visit: the one its landing page is tagged with, else the referrer's name; nothing for a referrer that is
    /// the page's own host.
    pub(crate) fn of(&self, tags: &Tags, referrer: Option<&Parts<'_>>, page_host: &str, referrers: &Referrers) -> Option<Text> {
        if let Some(tagged) = &tags.source {
            return Some(self.named(tagged));
        }
        let parts = foreign(referrer, page_host)?;
        let host = parts.lower_host();
        let known = self.at(&host).or_else(|| referrers.engine_name(&host)).or_else(|| referrers.known_name(&host, parts.path));
        Some(match known {
            Some(name) => self.named(&name),
            None => shown_host(parts, &host).as_ref().into(),
        })
    }

    /// The referrer as Plausible keeps it: host and path, without `www.` and a slash at the end.
    pub(crate) fn referrer(&self, referrer: Option<&Parts<'_>>, page_host: &str) -> Option<Text> {
        let parts = foreign(referrer, page_host)?;
        let host = parts.lower_host();
        let mut shown = shown_host(parts, &host).into_owned();
        shown.push_str(parts.path.trim_end_matches('/'));
        Some(Text::from(&shown[..shown.floor_char_boundary(2000)]))
    }

    /// What a source is, by its name, its host or a word people tag links with, in lower case.
    pub(crate) fn kind(&self, lower: &str, referrers: &Referrers) -> Option<Kind> {
        if lower.is_empty() || lower.len() > 255 {
            return None;
        }
        let mut domain = lower;
        loop {
            if let Some(kind) = self.kinds.get(domain) {
                return Some(*kind);
            }
            match domain.split_once('.') {
                Some((_, above)) if above.contains('.') => domain = above,
                _ => break,
            }
        }
        if !lower.contains('.') {
            return None;
        }
        let at = self.at(lower).or_else(|| referrers.engine_name(lower)).or_else(|| referrers.known_name(lower, ""))?;
        self.kinds.get(&at.to_lowercase()).copied()
    }

    fn named(&self, source: &str) -> Text {
        let found = self.names.get(source).or_else(|| self.names.get(&source.to_lowercase()));
        found.map_or_else(|| Text::from(source), Text::clone)
    }

    /// Our own name of a host or of a domain above it.
    fn at(&self, host: &str) -> Option<Text> {
        let mut host = bare(host);
        loop {
            if let Some(name) = self.hosts.get(host) {
                return Some(Text::clone(name));
            }
            match host.split_once('.') {
                Some((_, above)) if above.contains('.') => host = above,
                _ => return None,
            }
        }
    }
}

/// The referrer, when it is a page of somebody else's.
fn foreign<'a, 'p>(referrer: Option<&'a Parts<'p>>, page_host: &str) -> Option<&'a Parts<'p>> {
    let parts = referrer?;
    let scheme = parts.scheme;
    let known = ["http", "https", "android-app"].iter().any(|fine| scheme.eq_ignore_ascii_case(fine));
    let host = parts.lower_host();
    (known && !host.is_empty() && host != "localhost" && bare(&host) != bare(page_host)).then_some(parts)
}

fn shown_host<'a>(parts: &Parts<'_>, host: &'a str) -> Cow<'a, str> {
    if parts.scheme.eq_ignore_ascii_case("android-app") {
        Cow::Owned(format!("android-app://{}", bare(host)))
    } else {
        Cow::Borrowed(bare(host))
    }
}
