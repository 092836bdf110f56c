use serde_json::Value;

/// Longest value taken from a hint, in bytes.
const LONGEST_VALUE: usize = 256;
/// Longest list taken from a hint.
const LONGEST_LIST: usize = 32;
/// Longest `uadata` text that is read at all, in bytes.
const LONGEST_JSON: usize = 16 * 1024;

const HEADERS: [&str; 11] = [
    "sec-ch-ua-full-version-list",
    "sec-ch-ua",
    "sec-ch-ua-mobile",
    "sec-ch-ua-model",
    "sec-ch-ua-platform",
    "sec-ch-ua-platform-version",
    "sec-ch-ua-full-version",
    "sec-ch-ua-arch",
    "sec-ch-ua-bitness",
    "sec-ch-ua-form-factors",
    "x-requested-with",
];

/// User-agent client hints: what a browser says about itself beside its user agent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Hints {
    /// Brands with their versions, in the order given.
    pub brands: Vec<(String, String)>,
    /// The browser's whole version; newer browsers give it in `brands` instead.
    pub full_version: String,
    /// Whether the browser asks for a page for small screens.
    pub mobile: Option<bool>,
    /// The device's model.
    pub model: String,
    /// The operating system.
    pub platform: String,
    /// The operating system's version.
    pub platform_version: String,
    /// The processor family.
    pub architecture: String,
    /// The width of the processor's words, `32` or `64`.
    pub bitness: String,
    /// The id of the Android app that embeds the browser.
    pub app: String,
    /// The shapes of the device in lower case, such as `tablet`.
    pub form_factors: Vec<String>,
}

impl Hints {
    /// Reads the object Matomo's tracker sends as `uadata`; nothing if the text is no such object.
    pub fn from_uadata_json(text: &str) -> Option<Hints> {
        if text.len() > LONGEST_JSON {
            return None;
        }
        let Ok(Value::Object(fields)) = serde_json::from_str(text) else {
            return None;
        };
        let mut hints = Hints::default();
        for (name, value) in &fields {
            hints.take(&name.to_ascii_lowercase().replace('_', "-"), value);
        }
        Some(hints)
    }

    /// Reads the `Sec-CH-UA…` headers; nothing if there is none. Names are asked for in lower case.
    pub fn from_headers<'a>(header: impl Fn(&str) -> Option<&'a str>) -> Option<Hints> {
        let mut hints = None;
        for name in HEADERS {
            if let Some(value) = header(name) {
                hints.get_or_insert_with(Hints::default).take_text(name, value);
            }
        }
        hints
    }

    fn take(&mut self, name: &str, value: &Value) {
        match (name, value) {
            ("fullversionlist", Value::Array(list)) if !list.is_empty() => self.brands = brands_from_json(list),
            ("brands", Value::Array(list)) if self.brands.is_empty() => self.brands = brands_from_json(list),
            ("formfactors" | "sec-ch-ua-form-factors", Value::Array(list)) => {
                let texts: Option<Vec<String>> =
                    list.iter().take(LONGEST_LIST).map(|item| Some(bounded(item.as_str()?).to_lowercase())).collect();
                self.form_factors = texts.unwrap_or_default();
            }
            ("mobile" | "sec-ch-ua-mobile", Value::Bool(mobile)) => self.mobile = Some(*mobile),
            (_, Value::String(text)) => self.take_text(name, text),
            _ => {}
        }
    }

    fn take_text(&mut self, name: &str, value: &str) {
        if value.is_empty() || value == "0" || holds_a_tag(value) {
            return;
        }
        let unquoted = || bounded(value.trim_matches('"')).to_owned();
        match name.strip_prefix("http-").unwrap_or(name) {
            "sec-ch-ua-arch" | "arch" | "architecture" => self.architecture = unquoted(),
            "sec-ch-ua-bitness" | "bitness" => self.bitness = unquoted(),
            "sec-ch-ua-mobile" | "mobile" => self.mobile = Some(matches!(value, "1" | "?1")),
            "sec-ch-ua-model" | "model" => self.model = unquoted(),
            "sec-ch-ua-full-version" | "uafullversion" => self.full_version = unquoted(),
            "sec-ch-ua-platform" | "platform" => self.platform = unquoted(),
            "sec-ch-ua-platform-version" | "platformversion" => self.platform_version = unquoted(),
            "sec-ch-ua" if self.brands.is_empty() => self.brands = brands_from_header(value),
            "sec-ch-ua-full-version-list" => {
                let brands = brands_from_header(value);
                if !brands.is_empty() {
                    self.brands = brands;
                }
            }
            "x-requested-with" if !value.eq_ignore_ascii_case("xmlhttprequest") => self.app = bounded(value).to_owned(),
            "sec-ch-ua-form-factors" | "formfactors" => {
                self.form_factors = value
                    .split('"')
                    .skip(1)
                    .step_by(2)
                    .filter(|factor| !factor.is_empty() && factor.bytes().all(|byte| byte.is_ascii_alphabetic()))
                    .take(LONGEST_LIST)
                    .map(|factor| bounded(factor).to_ascii_lowercase())
                    .collect();
            }
            _ => {}
        }
    }
}

/// Takes `[{brand, version}, …]`; one item without either spoils the list, as it does in Matomo.
fn brands_from_json(list: &[Value]) -> Vec<(String, String)> {
    let pairs: Option<Vec<_>> = list
        .iter()
        .take(LONGEST_LIST)
        .map(|item| {
            let text = |name| item.get(name).and_then(Value::as_str).map(|text| bounded(text).to_owned());
            Some((text("brand")?, text("version")?))
        })
        .collect();
    pairs.unwrap_or_default()
}

/// Takes `"brand";v="version", …` as far as it is well formed.
fn brands_from_header(value: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut rest = value;
    while let Some((brand, version, after)) = first_brand(rest) {
        pairs.push((bounded(brand).to_owned(), bounded(version).to_owned()));
        rest = after;
        if pairs.len() == LONGEST_LIST {
            break;
        }
    }
    pairs
}

fn first_brand(text: &str) -> Option<(&str, &str, &str)> {
    let (brand, rest) = text.strip_prefix('"')?.split_once('"')?;
    let rest = rest.strip_prefix(';')?;
    let (version, rest) = rest.strip_prefix(' ').unwrap_or(rest).strip_prefix("v=\"")?.split_once('"')?;
    let rest = rest.strip_prefix(", ").unwrap_or(rest);
    (!brand.is_empty() && !version.is_empty()).then_some((brand, version, rest))
}

fn holds_a_tag(value: &str) -> bool {
    value.match_indices('<').any(|(at, _)| !value[at + 1..].starts_with(char::is_whitespace))
}

fn bounded(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST_VALUE)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uadata_is_read() {
        let hints = Hints::from_uadata_json(
            r#"{"brands":[{"brand":"Chromium","version":"120"}],
                "fullVersionList":[{"brand":"Google Chrome","version":"120.0.6099.43"}],
                "mobile":true,"model":"Pixel 8","platform":"Android","platformVersion":"14.0.0",
                "formFactors":["Mobile"]}"#,
        )
        .unwrap();
        assert_eq!(hints.brands, [("Google Chrome".to_owned(), "120.0.6099.43".to_owned())]);
        assert_eq!(hints.mobile, Some(true));
        assert_eq!((&*hints.model, &*hints.platform, &*hints.platform_version), ("Pixel 8", "Android", "14.0.0"));
        assert_eq!(hints.form_factors, ["mobile"]);
    }

    #[test]
    fn broken_uadata_is_nothing() {
        for text in ["", "[]", "nonsense", "\"text\"", "{\"brands\":"] {
            assert_eq!(Hints::from_uadata_json(text), None, "{text}");
        }
        assert_eq!(Hints::from_uadata_json(&format!("{{\"model\":\"{}\"}}", "x".repeat(20_000))), None);
        let odd = r#"{"brands":{"a":1},"mobile":"yes","model":7,"platform":null,"formFactors":[1]}"#;
        assert_eq!(Hints::from_uadata_json(odd), Some(Hints { mobile: Some(false), ..Hints::default() }));
    }

    #[test]
    fn headers_are_read() {
        let hints = Hints::from_headers(|name| match name {
            "sec-ch-ua" => Some(r#""Not A;Brand";v="99", "Chromium";v="98", "Google Chrome";v="98""#),
            "sec-ch-ua-mobile" => Some("?0"),
            "sec-ch-ua-platform" => Some("\"Windows\""),
            "sec-ch-ua-form-factors" => Some(r#""EInk", "Tablet""#),
            "x-requested-with" => Some("XMLHttpRequest"),
            _ => None,
        })
        .unwrap();
        assert_eq!(hints.brands.len(), 3);
        assert_eq!(hints.brands[2], ("Google Chrome".to_owned(), "98".to_owned()));
        assert_eq!((hints.mobile, &*hints.platform, &*hints.app), (Some(false), "Windows", ""));
        assert_eq!(hints.form_factors, ["eink", "tablet"]);
    }

    #[test]
    fn no_header_is_no_hint() {
        assert_eq!(Hints::from_headers(|_| None), None);
    }

    #[test]
    fn markup_is_discarded() {
        let hints = Hints::from_uadata_json(r#"{"model":"<b>x</b>","platform":"a < b"}"#).unwrap();
        assert_eq!((&*hints.model, &*hints.platform), ("", "a < b"));
    }
}
