//! How pages, titles, downloads and links become rows within rows: URLs by their folders, links by their hosts.

use footfall_model::ActionKind;

/// The rules that paths are made by.
#[derive(Clone, Copy, Debug)]
pub struct PathRules<'a> {
    /// Splits URLs.
    pub url_delimiter: &'a str,
    /// Splits titles; empty means never.
    pub title_delimiter: &'a str,
}

/// How many levels there are at most.
const MOST_LEVELS: usize = 10;
/// What a folder's own page is called.
pub const INDEX: &str = "index";
/// What pages without a URL are called.
pub const NO_URL: &str = "Page URL not defined";
/// What pages without a title are called.
pub const NO_TITLE: &str = "Page Name not defined";

/// The labels, from the top down, of a URL. Pages are kept without their scheme; that of a download or link is cut here.
pub fn of_url(url: &str, kind: ActionKind, rules: PathRules<'_>) -> Vec<String> {
    let is_link = matches!(kind, ActionKind::Download | ActionKind::Outlink);
    let url = url.replace('\n', "");
    let url = url.split_once("://").filter(|_| is_link).map_or(url.as_str(), |(_, rest)| rest);
    let (host, rest) = match url.split_once('/') {
        Some((host, rest)) if !host.is_empty() => (host, rest),
        _ => (url, ""),
    };
    if host.is_empty() {
        return vec![NO_URL.to_owned()];
    }
    let (path, fragment) = match rest.split_once('#') {
        Some((path, fragment)) => (path, fragment),
        None => (rest, ""),
    };
    if is_link {
        let mut below = format!("/{}", path.trim());
        if !fragment.is_empty() {
            below = format!("{below}#{fragment}");
        }
        return vec![host.trim().to_owned(), below];
    }
    let mut name = path.to_owned();
    if name.is_empty() || name.ends_with('/') {
        name.push_str(INDEX);
    }
    if !fragment.is_empty() {
        name = format!("{name}#{fragment}");
    }
    split(&name, rules.url_delimiter, "/", NO_URL)
}

/// The labels, from the top down, of a page's title.
pub fn of_title(title: &str, rules: PathRules<'_>) -> Vec<String> {
    let title = title.replace('\n', "");
    if rules.title_delimiter.is_empty() {
        let title = title.trim();
        let title = if title.is_empty() { NO_TITLE } else { title };
        return vec![format!(" {title}")];
    }
    // Titles that are addresses lose scheme and host, as URLs do.
    let name = match ["http://", "https://"].iter().find_map(|scheme| title.strip_prefix(scheme)) {
        Some(rest) => {
            let (_, path) = rest.split_once('/').unwrap_or((rest, ""));
            if path.is_empty() || path.ends_with('/') { format!("{path}{INDEX}") } else { path.to_owned() }
        }
        None => title,
    };
    split(&name, rules.title_delimiter, " ", NO_TITLE)
}

/// The labels that a URL asked for has. Without a scheme it has no host either: `/docs/start` is a page of the site.
pub fn of_given_url(url: &str, kind: ActionKind, rules: PathRules<'_>) -> Vec<String> {
    let schemes = ["https://", "http://"];
    let host = schemes.iter().find(|scheme| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    match host {
        Some(scheme) => of_url(&url[scheme.len()..], kind, rules),
        None => split(&url.replace('\n', ""), rules.url_delimiter, "/", NO_URL),
    }
}

fn split(name: &str, delimiter: &str, mark: &str, unnamed: &str) -> Vec<String> {
    let mut parts: Vec<String> = if delimiter.is_empty() {
        vec![name.trim().to_owned()]
    } else {
        name.splitn(MOST_LEVELS, delimiter).map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
    };
    match parts.last_mut() {
        Some(last) => {
            *last = format!("{mark}{last}");
            parts
        }
        None => vec![unnamed.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RULES: PathRules<'_> = PathRules { url_delimiter: "/", title_delimiter: "" };

    #[test]
    fn pages_lie_in_folders() {
        let page = |url| of_url(url, ActionKind::PageView, RULES);
        assert_eq!(page("example.org/a/b.html?x=1"), ["a", "/b.html?x=1"]);
        assert_eq!(page("example.org"), ["/index"]);
        assert_eq!(page("example.org/a/"), ["a", "/index"]);
        assert_eq!(page("example.org/a#part"), ["/a#part"]);
        assert_eq!(page("example.org//a// b /c"), ["a", "b", "/c"]);
        assert_eq!(page(""), [NO_URL]);
    }

    #[test]
    fn a_path_is_a_page_of_the_site() {
        let asked = |url| of_given_url(url, ActionKind::PageView, RULES);
        assert_eq!(asked("/homepage"), ["/homepage"]);
        assert_eq!(asked("docs/start"), ["docs", "/start"]);
        assert_eq!(asked("HTTP://example.org/docs/start"), ["docs", "/start"]);
        assert_eq!(asked("https://example.org"), ["/index"]);
        assert_eq!(of_given_url("https://example.com/a/b", ActionKind::Outlink, RULES), ["example.com", "/a/b"]);
    }

    #[test]
    fn links_lie_under_their_hosts() {
        let link = |url| of_url(url, ActionKind::Outlink, RULES);
        assert_eq!(link("example.com/a/b"), ["example.com", "/a/b"]);
        assert_eq!(link("example.com"), ["example.com", "/"]);
        assert_eq!(link("https://example.com/a#b"), ["example.com", "/a#b"]);
    }

    #[test]
    fn titles_are_split_where_the_server_says_so() {
        assert_eq!(of_title("A / B", RULES), [" A / B"]);
        let rules = PathRules { title_delimiter: "/", ..RULES };
        assert_eq!(of_title("A / B", rules), ["A", " B"]);
        assert_eq!(of_title("", rules), [NO_TITLE]);
        assert_eq!(of_title("  ", RULES), [format!(" {NO_TITLE}")]);
    }

    proptest! {
        #[test]
        fn there_is_always_a_label(url in ".{0,80}", delimiter in "|/|>") {
            let rules = PathRules { url_delimiter: "/", title_delimiter: &delimiter };
            prop_assert!(!of_url(&url, ActionKind::PageView, rules).is_empty());
            prop_assert!(!of_title(&url, rules).is_empty());
            prop_assert!(of_url(&url, ActionKind::PageView, rules).len() <= MOST_LEVELS);
        }
    }
}
