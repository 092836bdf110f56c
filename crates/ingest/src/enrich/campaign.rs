use footfall_model::TrackingSettings;

use super::url::decoded;

/// Tags of a landing page, as Plausible keeps them: as written, with case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tags {
    /// `utm_source`, else `source`, else `ref`.
    pub(crate) source: Option<String>,
    /// `utm_medium`; perhaps the name of an advertiser's click id in brackets, see [`Tags::infer_medium`].
    pub(crate) medium: Option<String>,
    /// `utm_campaign`.
    pub(crate) campaign: Option<String>,
    /// `utm_content`.
    pub(crate) content: Option<String>,
    /// `utm_term`.
    pub(crate) term: Option<String>,
    /// The name of a click id that is there.
    pub(crate) click_id: Option<&'static str>,
}

const CLICK_IDS: [&str; 6] = ["gclid", "gbraid", "wbraid", "msclkid", "fbclid", "twclid"];

/// Reads the tags in a page's query string.
pub(crate) fn tags(query: &str) -> Tags {
    let mut tags = Tags::default();
    let (mut source, mut reference) = (None, None);
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
            "source" => &mut source,
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
    tags.source = tags.source.or(source).or(reference);
    tags
}

impl Tags {
    /// Names the medium after the click id where there is none and the advertiser's own search engine is the source.
    pub(crate) fn infer_medium(&mut self, source: &str) {
        if self.medium.is_none() && matches!((source, self.click_id), ("Google", Some("gclid")) | ("Bing", Some("msclkid"))) {
            self.medium = self.click_id.map(|click| format!("({click})"));
        }
    }
}

/// A campaign in Matomo's terms: its name, and its keyword where there is one. Of several parameters the first of the settings'
/// list that says something counts; of one that comes twice, the last.
pub(crate) fn named(query: &str, settings: &TrackingSettings) -> Option<(String, Option<String>)> {
    if !query.contains('=') {
        return None;
    }
    let first = |names: &[String]| {
        let mut best: Option<(usize, String)> = None;
        for (name, value) in query.split('&').rev().filter_map(|pair| pair.split_once('=')) {
            let Some(rank) = names.iter().position(|known| known == name) else {
                continue;
            };
            if best.as_ref().is_none_or(|(known, _)| rank < *known) {
                let value = decoded(value);
                let value = value.trim();
                if !matches!(value, "" | "0") {
                    best = Some((rank, value.to_owned()));
                }
            }
        }
        best.map(|(_, value)| value)
    };
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
        assert_eq!(tags("ref=a&source=b").source.as_deref(), Some("b"));
        assert_eq!(tags("ref=a").source.as_deref(), Some("a"));
        for (query, source, wanted) in [
            ("msclkid=x", "Bing", Some("(msclkid)")),
            ("gclid=x", "Google", Some("(gclid)")),
            ("gclid=x", "DuckDuckGo", None),
            ("gclid=x", "", None),
            ("gclid=x&utm_medium=cpc", "Google", Some("cpc")),
            ("fbclid=x", "Facebook", None),
        ] {
            let mut tags = tags(query);
            tags.infer_medium(source);
            assert_eq!(tags.medium.as_deref(), wanted, "{query} from {source}");
        }
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
