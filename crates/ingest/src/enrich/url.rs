use std::{borrow::Cow, sync::Arc};

use footfall_model::{Site, Text, TrackingSettings};

use crate::{enriched::PageUrl, patterns::Patterns};

/// A URL taken apart as PHP does it: forgiving, nothing decoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts<'a> {
    /// Before `:`, without it.
    pub(crate) scheme: &'a str,
    /// Before `@`, without it.
    pub(crate) user: &'a str,
    /// The host as written.
    pub(crate) host: &'a str,
    /// After the host's `:`.
    pub(crate) port: &'a str,
    /// The path with its first `/`.
    pub(crate) path: &'a str,
    /// After `?`.
    pub(crate) query: Option<&'a str>,
    /// After `#`.
    pub(crate) fragment: Option<&'a str>,
}

impl<'a> Parts<'a> {
    /// Takes a URL apart; `None` when it is not one with a host.
    pub(crate) fn of(url: &'a str) -> Option<Parts<'a>> {
        let (rest, fragment) = match url.split_once('#') {
            Some((rest, fragment)) => (rest, Some(fragment)),
            None => (url, None),
        };
        let (rest, query) = match rest.split_once('?') {
            Some((rest, query)) => (rest, Some(query)),
            None => (rest, None),
        };
        let (scheme, rest) = match rest.split_once("//") {
            Some(("", rest)) => ("", rest),
            Some((scheme, rest)) => {
                let scheme = scheme.strip_suffix(':')?;
                if !is_scheme(scheme) {
                    return None;
                }
                (scheme, rest)
            }
            None => return None,
        };
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (host, port) = match host.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|sign| sign.is_ascii_digit()) => (host, port),
            _ => (host, ""),
        };
        // No name of a host is longer; what is looked up by host stays cheap.
        if host.len() > 255 {
            return None;
        }
        Some(Parts { scheme, user, host, port, path, query, fragment })
    }

    /// The host in lower case.
    pub(crate) fn lower_host(&self) -> Cow<'a, str> {
        if self.host.bytes().all(|sign| sign.is_ascii() && !sign.is_ascii_uppercase()) {
            Cow::Borrowed(self.host)
        } else {
            Cow::Owned(self.host.to_lowercase())
        }
    }
}

/// The host in lower case without `www.`.
pub(crate) fn bare(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

/// The first value of a parameter in a query string, as written.
pub(crate) fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query.split('&').find_map(|pair| match pair.split_once('=') {
        Some((known, value)) if known == name => Some(value),
        None if pair == name => Some(""),
        _ => None,
    })
}

/// Percent signs and pluses decoded; what is no UTF-8 stays as it was.
pub(crate) fn decoded(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|sign| matches!(sign, b'%' | b'+')) {
        return Cow::Borrowed(text);
    }
    let spaced = text.replace('+', " ");
    match percent_encoding::percent_decode_str(&spaced).decode_utf8() {
        Ok(plain) => Cow::Owned(plain.into_owned()),
        Err(_) => Cow::Borrowed(text),
    }
}

/// The text as it may be stored: trimmed, without line breaks and NUL signs, cut.
pub(crate) fn clean(text: &str, most: usize) -> Cow<'_, str> {
    let text = text.trim_matches(|sign: char| matches!(sign, ' ' | '\t' | '\n' | '\r' | '\0' | '\x0b'));
    if text.bytes().any(|sign| matches!(sign, b'\n' | b'\r' | b'\0')) {
        let plain: String = text.chars().filter(|sign| !matches!(sign, '\n' | '\r' | '\0')).collect();
        let end = plain.floor_char_boundary(most);
        return Cow::Owned(plain[..end].to_owned());
    }
    Cow::Borrowed(&text[..text.floor_char_boundary(most)])
}

/// Whether a text may be a URL: a scheme or none, two slashes, something; and no script.
pub(crate) fn looks_like_one(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("//") else {
        return false;
    };
    let fine = match scheme.strip_suffix(':') {
        Some("") => true,
        Some(scheme) => is_scheme(scheme) && !matches!(scheme.to_ascii_lowercase().as_str(), "javascript" | "vbscript" | "data"),
        None => scheme.is_empty(),
    };
    fine && !rest.is_empty()
}

/// Parameters that are cut from page URLs of a site.
pub(crate) struct Cuts<'a> {
    site: &'a Site,
    settings: &'a TrackingSettings,
    patterns: &'a Patterns,
    /// Further names, such as those of a site search that was found.
    pub(crate) more: [&'a str; 2],
}

impl<'a> Cuts<'a> {
    /// The server's, the site's, and every campaign parameter.
    pub(crate) fn of(site: &'a Site, settings: &'a TrackingSettings, patterns: &'a Patterns) -> Cuts<'a> {
        Cuts { site, settings, patterns, more: ["", ""] }
    }

    fn takes(&self, name: &str) -> bool {
        let listed = |list: &[String]| {
            list.iter().any(|entry| entry.eq_ignore_ascii_case(name) || entry.starts_with('/') && self.matches(entry, name))
        };
        ALWAYS_CUT.iter().chain(&self.more).any(|always| always.eq_ignore_ascii_case(name))
            || listed(&self.settings.excluded_params)
            || listed(&self.settings.campaign_name_params)
            || listed(&self.settings.campaign_keyword_params)
            || listed(&self.site.excluded_params)
    }

    fn matches(&self, entry: &str, name: &str) -> bool {
        self.patterns.delimited(entry).is_some_and(|pattern| pattern.is_match(&name.to_ascii_lowercase()))
    }
}

/// Parameters that are cut whatever the settings say.
const ALWAYS_CUT: [&str; 2] = ["ignore_referrer", "ignore_referer"];

/// A page's URL as it is stored: cleaned, without the parameters that are cut, and without its fragment where the site does
/// not keep those. Empty when the text is no URL.
pub(crate) fn page(sent: &str, cuts: &Cuts<'_>) -> PageUrl {
    let most = cuts.settings.page_maximum_length;
    let cleaned = clean(sent, most);
    let plain = matrix(&cleaned);
    let Some(parts) = Parts::of(&plain).filter(|_| looks_like_one(&plain)) else {
        return PageUrl::default();
    };
    if parts.host.is_empty() {
        return PageUrl::default();
    }
    let host = parts.lower_host();
    let keeps_fragment = cuts.site.keep_fragments || cuts.settings.keep_fragments;
    let fragment = parts
        .fragment
        .filter(|_| keeps_fragment)
        .map(|fragment| fragment.strip_suffix('#').unwrap_or(fragment))
        .filter(|fragment| !fragment.is_empty());
    let query = parts.query.filter(|query| !query.is_empty()).map(|query| without(query, cuts));
    let fragment = match (&query, fragment) {
        (None, Some(fragment)) => Some(without(fragment, cuts)),
        (_, fragment) => fragment.map(Cow::Borrowed),
    };
    let mut whole = String::with_capacity(plain.len());
    let web = match parts.scheme {
        scheme if scheme.eq_ignore_ascii_case("http") => Some(0),
        scheme if scheme.eq_ignore_ascii_case("https") => Some(2),
        _ => None,
    };
    let prefix = match web {
        Some(code) => {
            let shown = if parts.user.is_empty() { bare(&host) } else { host.as_ref() };
            let has_www = shown.len() < host.len();
            push_user(&mut whole, parts.user);
            whole.push_str(shown);
            Some(code + u8::from(has_www))
        }
        None => {
            whole.push_str(parts.scheme);
            whole.push_str(if parts.scheme.is_empty() { "" } else { "://" });
            push_user(&mut whole, parts.user);
            whole.push_str(&host);
            None
        }
    };
    if !parts.port.is_empty() {
        whole.push(':');
        whole.push_str(parts.port);
    }
    whole.push_str(parts.path);
    if let Some(query) = query.as_deref().filter(|query| !query.is_empty()) {
        whole.push('?');
        whole.push_str(query);
    }
    if let Some(fragment) = fragment.as_deref().filter(|fragment| !fragment.is_empty()) {
        whole.push('#');
        whole.push_str(fragment);
    }
    let end = whole.floor_char_boundary(most);
    PageUrl {
        whole: Text::from(&whole[..end]),
        prefix,
        host: Text::from(bare(&host)),
        path: Text::from(if parts.path.is_empty() { "/" } else { parts.path }),
    }
}

/// A download's or outlink's URL: cleaned, nothing cut from it.
pub(crate) fn target(sent: &str, most: usize) -> PageUrl {
    let cleaned = clean(sent, most);
    if !looks_like_one(&cleaned) {
        return PageUrl::default();
    }
    let (host, path) = match Parts::of(&cleaned) {
        Some(parts) => (Text::from(bare(&parts.lower_host())), Text::from(if parts.path.is_empty() { "/" } else { parts.path })),
        None => (Arc::from(""), Arc::from("")),
    };
    PageUrl { whole: Text::from(cleaned.as_ref()), prefix: None, host, path }
}

/// The pairs of a query string that stay. Of a name that comes twice the last value stays, at the place of the first.
fn without<'a>(query: &'a str, cuts: &Cuts<'_>) -> Cow<'a, str> {
    let mut kept: Vec<(Cow<'a, str>, &'a str)> = Vec::new();
    let mut changed = false;
    for pair in query.trim_start_matches('?').split('&') {
        let (name, value) = match pair.split_once('=') {
            Some((name, _)) => (name, &pair[name.len()..]),
            None => (pair, ""),
        };
        if name.is_empty() {
            changed = true;
            continue;
        }
        let name = bracketed(name);
        if cuts.takes(name.strip_suffix("[]").unwrap_or(&name)) {
            changed = true;
            continue;
        }
        changed |= matches!(name, Cow::Owned(_));
        let listed = name.ends_with("[]");
        match kept.iter_mut().find(|(known, _)| !listed && *known == name).filter(|_| kept_few(query)) {
            Some(known) => {
                known.1 = value;
                changed = true;
            }
            None => kept.push((name, value)),
        }
    }
    if !changed {
        return Cow::Borrowed(query);
    }
    let mut text = String::with_capacity(query.len());
    for (name, value) in kept {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(&name);
        text.push_str(value);
    }
    Cow::Owned(text)
}

/// Looking for names that come twice is quadratic: it is done for query strings of a common size.
fn kept_few(query: &str) -> bool {
    query.len() <= 4096
}

fn bracketed(name: &str) -> Cow<'_, str> {
    if name.contains("%5B") || name.contains("%5D") || name.contains("%5b") || name.contains("%5d") {
        Cow::Owned(name.replace("%5B", "[").replace("%5D", "]").replace("%5b", "[").replace("%5d", "]"))
    } else {
        Cow::Borrowed(name)
    }
}

fn push_user(whole: &mut String, user: &str) {
    if !user.is_empty() {
        whole.push_str(user);
        whole.push('@');
    }
}

/// `thing;a=1;b=2` means `thing?a=1&b=2`.
fn matrix(url: &str) -> Cow<'_, str> {
    let Some(semicolon) = url.find(';') else {
        return Cow::Borrowed(url);
    };
    let mut url = url.to_owned();
    match url.find('?') {
        Some(question) if question < semicolon => return Cow::Owned(url),
        Some(question) => url.replace_range(question..=question, ";"),
        None => {}
    }
    url.replace_range(semicolon..=semicolon, "?");
    Cow::Owned(url.replace(';', "&"))
}

fn is_scheme(text: &str) -> bool {
    let mut signs = text.bytes();
    signs.next().is_some_and(|sign| sign.is_ascii_alphabetic())
        && signs.all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, b'+' | b'.' | b'-'))
}
