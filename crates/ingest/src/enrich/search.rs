use encoding_rs::Encoding;
use footfall_model::{Site, TrackingSettings};

use super::url::Parts;

/// A site search found in a page's URL.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Found<'a> {
    /// What was searched for.
    pub(crate) keyword: String,
    /// Where.
    pub(crate) category: String,
    /// How many results.
    pub(crate) count: Option<i32>,
    /// The parameters that said so; they are cut from the URL.
    pub(crate) params: [&'a str; 2],
}

/// Looks for a site search in the URL's query string, and in its fragment.
pub(crate) fn of<'a>(page: &Parts<'_>, site: &'a Site, settings: &'a TrackingSettings, charset: &str) -> Option<Found<'a>> {
    if !site.search.enabled || page.query.is_none() && page.fragment.is_none() {
        return None;
    }
    let or = |own: &'a [String], general: &'a [String]| if own.is_empty() { general } else { own };
    let keywords = or(&site.search.keyword_params, &settings.search_keyword_params);
    let categories = or(&site.search.category_params, &settings.search_category_params);
    let fragment = page.fragment.map(|fragment| fragment.split_once('?').map_or(fragment, |(_, query)| query)).unwrap_or("");
    let query = page.query.unwrap_or("");
    let value = |wanted: &str| {
        let pairs = query.split('&').chain(fragment.split('&'));
        let mut found = pairs.filter_map(|pair| pair.split_once('=')).filter(|(name, _)| {
            let name = name.strip_suffix("[]").or_else(|| name.strip_suffix("%5B%5D")).unwrap_or(name);
            name.eq_ignore_ascii_case(wanted)
        });
        found.next_back().map(|(_, value)| value).filter(|value| !matches!(*value, "" | "0"))
    };
    let (param, keyword) = keywords.iter().find_map(|name| Some((name.as_str(), value(name)?)))?;
    let keyword = decoded(keyword, charset).trim().to_owned();
    if matches!(keyword.as_str(), "" | "0") {
        return None;
    }
    let category = categories.iter().find_map(|name| Some((name.as_str(), value(name)?)));
    let count = value_of_count(query).or_else(|| value_of_count(fragment));
    Some(Found {
        keyword,
        category: category.map(|(_, text)| decoded(text, charset).trim().chars().take(200).collect()).unwrap_or_default(),
        count,
        params: [param, category.map_or("", |(name, _)| name)],
    })
}

fn value_of_count(query: &str) -> Option<i32> {
    super::url::parameter(query, "search_count")?.parse().ok().filter(|count| *count >= 0)
}

/// The text decoded: from UTF-8, else from the page's charset; what is neither stays encoded, as forms encode it.
fn decoded(text: &str, charset: &str) -> String {
    let spaced = text.replace('+', " ");
    let bytes: Vec<u8> = percent_encoding::percent_decode_str(&spaced).collect();
    let named = (!charset.is_empty()).then(|| Encoding::for_label(charset.as_bytes())).flatten();
    match (String::from_utf8(bytes), named) {
        (Ok(text), _) => text,
        (Err(wrong), Some(charset)) => charset.decode(wrong.as_bytes()).0.into_owned(),
        (Err(wrong), None) => form_urlencoded::byte_serialize(wrong.as_bytes()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_stays_encoded() {
        assert_eq!(decoded("caf%C3%A9+au lait", ""), "café au lait");
        assert_eq!(decoded("caf%E9", "iso-8859-1"), "café");
        assert_eq!(decoded("non unicode+%EC%E5", ""), "non+unicode+%EC%E5");
        assert_eq!(decoded("non unicode %ec", "GTF-42"), "non+unicode+%EC");
    }
}
