use footfall_model::TrackingSettings;

use super::url::decoded;

/// Tags of a landing page, as Plausible keeps them: as written, with case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tags {
    /// `utm_source`.
    pub(crate) source: Option<String>,
    /// `utm_medium`.
    pub(crate) medium: Option<String>,
    /// `utm_campaign`.
    pub(crate) campaign: Option<String>,
    /// `utm_content`.
    pub(crate) content: Option<String>,
    /// `utm_term`.
    pub(crate) term: Option<String>,
    /// `source` or `ref`, where there is no `utm_source`.
    pub(crate) other_source: Option<String>,
    /// The name of a click id that is there.
    pub(crate) click_id: Option<&'static str>,
}

const CLICK_IDS: [&str; 6] = ["gclid", "gbraid", "wbraid", "msclkid", "fbclid", "twclid"];

/// Reads the tags in a page's query string.
pub(crate) fn tags(query: &str) -> Tags {
    let mut tags = Tags::default();
    let mut reference = None;
    for pair in query.split('&') {
        let Some((name, value)) = pair.split_once('=') else {
            continue;
        };
        let name = decoded(name);
        let place = match name.as_ref() {
            "utm_source" => &mut tags.source,
            "utm_medium" => &mut tags.medium,
            "utm_campaign" => &mut tags.campaign,
            "utm_content" => &mut tags.content,
            "utm_term" => &mut tags.term,
            "source" => &mut tags.other_source,
            "ref" => &mut reference,
            name => {
                if tags.click_id.is_none() && !value.is_empty() {
                    tags.click_id = CLICK_IDS.into_iter().find(|known| *known == name);
                }
                continue;
            }
        };
        *place = Some(decoded(value).trim().chars().take(255).collect::<String>()).filter(|text| !text.is_empty());
    }
    tags.other_source = tags.other_source.or(reference);
    tags
}

/// A campaign in Matomo's terms, in lower case: its name, and its keyword where there is one.
pub(crate) fn named(query: &str, settings: &TrackingSettings) -> Option<(String, Option<String>)> {
    if query.is_empty() {
        return None;
    }
    let value = |wanted: &str| {
        query.split('&').rev().find_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            (name == wanted).then(|| decoded(value).trim().to_owned())
        })
    };
    let first = |names: &[String]| names.iter().filter_map(|name| value(name)).find(|text| !matches!(text.as_str(), "" | "0"));
    let name = first(&settings.campaign_name_params)?;
    Some((name, first(&settings.campaign_keyword_params)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_as_written() {
        let found = tags("utm_source=News+Letter&utm_medium=E%2DMail&utm_campaign=&gclid=x&msclkid=y&ref=a");
        assert_eq!(found.source.as_deref(), Some("News Letter"));
        assert_eq!(found.medium.as_deref(), Some("E-Mail"));
        assert_eq!(found.campaign, None);
        assert_eq!(found.click_id, Some("gclid"));
        assert_eq!(found.other_source.as_deref(), Some("a"));
        assert_eq!(tags("source=b&ref=a").other_source.as_deref(), Some("b"));
        assert_eq!(tags("gclid="), Tags::default());
    }

    #[test]
    fn a_campaign_has_a_name() {
        let settings = TrackingSettings::default();
        assert_eq!(
            named("x=1&mtm_campaign=Spring%20Sale&mtm_kwd=Shoes", &settings),
            Some(("Spring Sale".to_owned(), Some("Shoes".to_owned())))
        );
        assert_eq!(named("utm_source=a&utm_campaign=b", &settings), Some(("b".to_owned(), None)));
        assert_eq!(named("mtm_kwd=alone", &settings), None);
        assert_eq!(named("mtm_campaign[]=list", &settings), None);
        assert_eq!(named("", &settings), None);
    }
}
