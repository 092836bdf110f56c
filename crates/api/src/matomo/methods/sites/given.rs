//! What a request says a site should be: in parameters of its own, and in `settingValues`, as Matomo's forms send it.

use crate::matomo::{Failure, MatomoRequest, Param, scope};

/// What a request gives for a field of a site: by a parameter, and by an entry of `settingValues`, which stands above it.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    title: &'static str,
    param: Option<&'a Param>,
    setting: Option<&'a Param>,
}

impl<'a> Given<'a> {
    /// What is given for the field that `settingValues` calls `name` and forms call `title`, on a site of this kind.
    pub(super) fn of(request: &'a MatomoRequest, kind: &str, param: &str, name: &str, title: &'static str) -> Given<'a> {
        let own = (kind == "intranet").then_some("IntranetMeasurable");
        let setting = own.into_iter().chain(["WebsiteMeasurable"]).find_map(|plugin| setting(request, plugin, name));
        Given { title, param: request.get(param), setting }
    }

    /// One of the choices there are; `None` where nothing is given.
    ///
    /// # Errors
    /// When something else is given.
    pub(super) fn choice(self, choices: &[&str]) -> Result<Option<&'a str>, Failure> {
        let mut chosen = None;
        for param in [self.param, self.setting].into_iter().flatten() {
            chosen = match param {
                Param::Text(text) if choices.contains(&text.as_str()) => Some(text.as_str()),
                _ => return Err(self.refused()),
            };
        }
        Ok(chosen)
    }

    /// Whether it is so; `None` where nothing is given.
    ///
    /// # Errors
    /// When neither `0` nor `1` is given.
    pub(super) fn flag(self) -> Result<Option<bool>, Failure> {
        Ok(self.choice(&["0", "1"])?.map(|chosen| chosen == "1"))
    }

    /// The words that are given, between commas or as a list; none where nothing is.
    pub(super) fn words(self) -> Vec<String> {
        self.setting.or(self.param).map(words).unwrap_or_default()
    }

    /// Addresses, which come as a list or as one text; one that does not say how it is reached is reached by HTTP. `None` where
    /// nothing is given.
    ///
    /// # Errors
    /// When one is none, or there is none among what is given.
    pub(super) fn urls(self) -> Result<Option<Vec<String>>, Failure> {
        let mut found = None;
        for param in [self.param, self.setting].into_iter().flatten() {
            let urls = urls(param).map_err(|failure| self.failure(&failure.message))?;
            if urls.is_empty() {
                return Err(self.failure("You must specify at least one URL for the website."));
            }
            found = Some(urls);
        }
        Ok(found)
    }

    /// A failure that begins with the field's title.
    pub(super) fn failure(self, message: &str) -> Failure {
        Failure::new(format!("{}: {message}", self.title))
    }

    fn refused(self) -> Failure {
        self.failure(&format!("The value for the \"{}\" field in the \"WebsiteMeasurable\" plugin is not allowed", self.title))
    }
}

/// The member of a list that is called so.
fn member<'a>(of: &'a Param, wanted: &str) -> Option<&'a Param> {
    match of {
        Param::List(entries) => entries.iter().find(|(known, _)| known == wanted).map(|(_, value)| value),
        Param::Text(_) => None,
    }
}

/// The value of an entry of `settingValues[plugin]`: a list of `name` and `value`.
fn setting<'a>(request: &'a MatomoRequest, plugin: &str, name: &str) -> Option<&'a Param> {
    let Param::List(entries) = member(request.get("settingValues")?, plugin)? else { return None };
    let is_named = |entry: &Param| matches!(member(entry, "name"), Some(Param::Text(text)) if text == name);
    let entry = entries.iter().map(|(_, entry)| entry).find(|entry| is_named(entry))?;
    member(entry, "value")
}

fn words(param: &Param) -> Vec<String> {
    let words: Vec<&str> = match param {
        Param::Text(text) => text.split(',').collect(),
        Param::List(entries) => texts(entries).collect(),
    };
    words.into_iter().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()
}

fn texts(entries: &[(String, Param)]) -> impl Iterator<Item = &str> {
    entries.iter().filter_map(|(_, value)| match value {
        Param::Text(text) => Some(text.as_str()),
        Param::List(_) => None,
    })
}

/// The addresses of a parameter as they are kept.
///
/// # Errors
/// When one is none.
pub(super) fn urls(param: &Param) -> Result<Vec<String>, Failure> {
    let given: Vec<&str> = match param {
        Param::Text(text) => vec![text.as_str()],
        Param::List(entries) => texts(entries).collect(),
    };
    let mut urls: Vec<String> = Vec::new();
    for text in given.into_iter().filter(|text| !matches!(*text, "" | "0")) {
        let url = whole(&scope::decode_plus(text));
        if !is_url(&url) {
            return Err(Failure::new(format!("The url '{url}' is not a valid URL.")));
        }
        if !urls.contains(&url) {
            urls.push(url);
        }
    }
    Ok(urls)
}

/// The address without a closing slash, and with how it is reached.
fn whole(text: &str) -> String {
    let text = text.trim();
    let text = if text.len() > 5 { text.strip_suffix('/').unwrap_or(text) } else { text };
    match text.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) && !is_port(rest) => text.to_owned(),
        _ if text.starts_with("//") => format!("http:{text}"),
        _ if text.contains("://") => text.to_owned(),
        _ => format!("http://{text}"),
    }
}

/// Whether what stands behind a colon is a port, so that what stands before it is a host.
fn is_port(text: &str) -> bool {
    let rest = text.trim_start_matches(|sign: char| sign.is_ascii_digit());
    rest.len() < text.len() && (rest.is_empty() || rest.starts_with('/'))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|sign: char| sign.is_ascii_alphabetic())
        && text.chars().all(|sign| sign.is_ascii_alphanumeric() || "+.-".contains(sign))
}

/// Whether an address says where it leads: `//` after nothing or after a scheme, and something behind it.
fn is_url(text: &str) -> bool {
    text.split_once("//").is_some_and(|(scheme, rest)| {
        let scheme = scheme.strip_suffix(':').map_or(scheme.is_empty(), |scheme| scheme.is_empty() || is_scheme(scheme));
        scheme && !rest.is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> Result<Vec<String>, String> {
        urls(&Param::Text(text.to_owned())).map_err(|failure| failure.message)
    }

    #[test]
    fn addresses_are_made_whole_or_refused() {
        let one = |text: &str| Ok(vec![text.to_owned()]);
        assert_eq!(kept("ok.example"), one("http://ok.example"));
        assert_eq!(kept("//x.example/"), one("http://x.example"));
        assert_eq!(kept("HTTP://UP.example/Path//"), one("HTTP://UP.example/Path/"));
        assert_eq!(kept("localhost:8080/a"), one("http://localhost:8080/a"));
        assert_eq!(kept("android-app://x.y"), one("android-app://x.y"));
        assert_eq!(kept(""), Ok(Vec::new()));
        for bad in ["5http://piwik.net", "???://piwik.net"] {
            assert_eq!(kept(bad), Err(format!("The url '{bad}' is not a valid URL.")));
        }
        assert_eq!(kept("http://"), Err("The url 'http:/' is not a valid URL.".to_owned()));
    }

    #[test]
    fn values_of_forms_stand_above_parameters() {
        let request = MatomoRequest::decode(
            "ecommerce=0&settingValues[WebsiteMeasurable][0][name]=ecommerce&settingValues[WebsiteMeasurable][0][value]=1\
             &settingValues[WebsiteMeasurable][1][name]=excluded_ips&settingValues[WebsiteMeasurable][1][value][]=1.2.3.4\
             &settingValues[WebsiteMeasurable][1][value][]=+5.6.7.8+&excludedParameters=a,+b,,",
            b"",
        )
        .unwrap();
        let field = |param: &'static str, name| Given::of(&request, "website", param, name, "Title");
        assert_eq!(field("ecommerce", "ecommerce").flag(), Ok(Some(true)));
        assert_eq!(field("siteSearch", "sitesearch").flag(), Ok(None));
        assert_eq!(field("excludedIps", "excluded_ips").words(), ["1.2.3.4", "5.6.7.8"]);
        assert_eq!(field("excludedParameters", "excluded_parameters").words(), ["a", "b"]);
        let refused = field("ecommerce", "ecommerce").choice(&["0"]).unwrap_err();
        assert_eq!(
            refused.message,
            "Title: The value for the \"Title\" field in the \"WebsiteMeasurable\" plugin is not allowed"
        );
    }
}
