use serde_json::{Map, Value};

use crate::hit::Action;

/// An event of Plausible's dialect, checked.
pub(crate) struct Event {
    /// The sites it is for, by domain.
    pub(crate) domains: Vec<String>,
    /// What was done.
    pub(crate) action: Action,
    /// The page's URL as sent.
    pub(crate) url: String,
    /// The page's host, without `www.`; `(none)` where there is none.
    pub(crate) host: String,
    /// The page's path, decoded, with the fragment where pages are told apart by it.
    pub(crate) path: String,
    /// The referrer, cut.
    pub(crate) referrer: String,
    /// Its properties.
    pub(crate) props: Vec<(String, String)>,
    /// Its revenue: amount and currency.
    pub(crate) revenue: Option<(f64, String)>,
}

/// A field that is wrong, and what about it, in Plausible's words.
pub(crate) type Wrong = (&'static str, &'static str);

const LONGEST_NAME: usize = 120;
const LONGEST_URL: usize = 2000;
const LONGEST_KEY: usize = 300;
const LONGEST_VALUE: usize = 2000;
const MOST_PROPS: usize = 30;
const MOST_DOMAINS: usize = 50;
const MOST_MILLISECONDS: i64 = 30 * 86_400_000;

/// Events that our scripts send by themselves: they count as interactions whatever they say.
const OWN: [&str; 6] =
    ["Outbound Link: Click", "Cloaked Link: Click", "File Download", "404", "WP Form Completions", "Form: Submission"];
/// Of those, the ones whose `path` property is the page's path.
const BY_PATH: [&str; 3] = ["404", "WP Form Completions", "Form: Submission"];

/// Reads an event by its short or long keys.
///
/// # Errors
/// With every field that is wrong.
pub(crate) fn read(body: &Map<String, Value>) -> Result<Event, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let url = url(body).unwrap_or_else(|error| {
        wrong.push(error);
        ""
    });
    let parts = Address::of(url);
    let host = match parts.host {
        "" => "(none)".to_owned(),
        host => bare(host).to_lowercase(),
    };
    let path = parts.page(is_hash_mode(body));
    let domains = domains(body, parts.host).unwrap_or_else(|error| {
        wrong.push(error);
        Vec::new()
    });
    let name = name(body).unwrap_or_else(|error| {
        wrong.push(error);
        String::new()
    });
    let mut props = props(body).unwrap_or_else(|error| {
        wrong.push(error);
        Vec::new()
    });
    if path.len() > LONGEST_URL {
        wrong.push(("pathname", "should be at most 2000 character(s)"));
    }
    let action = match name.as_str() {
        "engagement" => match engagement(body) {
            Some(action) => action,
            None => {
                wrong.push((
                    "event_name",
                    "engagement event requires a valid integer value for at least one of 'sd' or 'e' fields",
                ));
                Action::PageView
            }
        },
        "pageview" => Action::PageView,
        own => {
            if BY_PATH.contains(&own) && !props.iter().any(|(key, _)| key == "path") {
                props.push(("path".to_owned(), path.clone()));
            }
            let asked = field(body, "i", "interactive");
            let interactive = OWN.contains(&own) || asked != Some(&Value::Bool(false));
            Action::Custom { name: own.to_owned(), interactive }
        }
    };
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let referrer = field(body, "r", "referrer").and_then(Value::as_str).unwrap_or("");
    Ok(Event {
        domains,
        action,
        url: url.to_owned(),
        host,
        path,
        referrer: referrer[..referrer.floor_char_boundary(LONGEST_URL)].to_owned(),
        props,
        revenue: revenue(field(body, "$", "revenue")),
    })
}

/// An amount of money: `{amount, currency}`, or that as text. Nothing when the currency is none, or the amount no number.
pub(crate) fn revenue(sent: Option<&Value>) -> Option<(f64, String)> {
    let parsed;
    let object = match sent? {
        Value::Object(object) => object,
        Value::String(text) => {
            parsed = serde_json::from_str::<Map<String, Value>>(text).ok()?;
            &parsed
        }
        _ => return None,
    };
    let amount = match object.get("amount")? {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    let currency = object.get("currency")?.as_str()?.trim().to_ascii_uppercase();
    (amount.is_finite() && is_currency(&currency)).then_some((amount, currency))
}

/// Properties: an object, or that as text. What is empty, a list, or an object is left out; at most thirty stay.
///
/// # Errors
/// When a key or a value is too long.
pub(crate) fn properties(sent: Option<&Value>) -> Result<Vec<(String, String)>, Wrong> {
    let parsed;
    let object = match sent {
        Some(Value::Object(object)) => object,
        Some(Value::String(text)) => match serde_json::from_str::<Map<String, Value>>(text) {
            Ok(object) => {
                parsed = object;
                &parsed
            }
            Err(_) => return Ok(Vec::new()),
        },
        _ => return Ok(Vec::new()),
    };
    let mut props = Vec::with_capacity(object.len().min(MOST_PROPS));
    for (key, value) in object {
        let value = match value {
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            _ => continue,
        };
        if key.trim().is_empty() || value.trim().is_empty() {
            continue;
        }
        if key.len() > LONGEST_KEY || value.len() > LONGEST_VALUE {
            return Err(("props", "keys should have at most 300 bytes and values 2000 bytes"));
        }
        if props.len() < MOST_PROPS {
            props.push((key.clone(), value));
        }
    }
    Ok(props)
}

/// A field by its short or long key. As in Plausible, `null` and `false` under the short key leave the word to the long one.
fn field<'a>(body: &'a Map<String, Value>, short: &str, long: &str) -> Option<&'a Value> {
    let spoken = |value: &&Value| !matches!(value, Value::Null | Value::Bool(false));
    body.get(short).filter(spoken).or_else(|| body.get(long)).or_else(|| body.get(short)).filter(|value| !value.is_null())
}

fn name(body: &Map<String, Value>) -> Result<String, Wrong> {
    let name = match field(body, "n", "name") {
        None => return Err(("event_name", "can't be blank")),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(_) => return Err(("event_name", "is invalid")),
    };
    if name.trim().is_empty() {
        return Err(("event_name", "can't be blank"));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(("event_name", "should be at most 120 character(s)"));
    }
    Ok(name)
}

fn url(body: &Map<String, Value>) -> Result<&str, Wrong> {
    let url = match field(body, "u", "url") {
        None => return Err(("url", "is required")),
        Some(Value::String(url)) => url,
        Some(_) => return Err(("url", "must be a string")),
    };
    if url.len() > LONGEST_URL {
        return Err(("url", "must be a valid url"));
    }
    if url.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:")) {
        return Err(("url", "scheme is not allowed"));
    }
    Ok(url)
}

fn domains(body: &Map<String, Value>, host: &str) -> Result<Vec<String>, Wrong> {
    let blank = Err(("domain", "can't be blank"));
    match field(body, "d", "domain") {
        Some(Value::String(list)) if list.trim().is_empty() => blank,
        Some(Value::String(list)) => Ok(list.split(',').take(MOST_DOMAINS).map(bare).collect()),
        _ if host.is_empty() => blank,
        _ => Ok(vec![bare(host)]),
    }
}

fn props(body: &Map<String, Value>) -> Result<Vec<(String, String)>, Wrong> {
    properties(field(body, "m", "meta").or_else(|| field(body, "p", "props")))
}

fn engagement(body: &Map<String, Value>) -> Option<Action> {
    let whole = |name: &str| match body.get(name)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let depth = whole("sd").filter(|depth| *depth >= 0).map(|depth| depth.min(100) as u8);
    let milliseconds = whole("e").filter(|milliseconds| (0..MOST_MILLISECONDS).contains(milliseconds));
    if depth.is_none() && milliseconds.is_none() {
        return None;
    }
    let milliseconds = u32::try_from(milliseconds.unwrap_or(0)).unwrap_or(u32::MAX);
    Some(Action::Engagement { scroll_depth: depth, milliseconds })
}

fn is_hash_mode(body: &Map<String, Value>) -> bool {
    matches!(field(body, "h", "hashMode"), Some(Value::Number(number)) if number.as_i64() == Some(1))
        || matches!(field(body, "h", "hashMode"), Some(Value::Bool(true)))
}

fn bare(host: &str) -> String {
    let host = host.trim();
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}

/// The parts of a URL that name a page; of one without a host there may still be a path.
struct Address<'a> {
    host: &'a str,
    path: &'a str,
    fragment: Option<&'a str>,
}

impl<'a> Address<'a> {
    fn of(url: &'a str) -> Address<'a> {
        let (rest, fragment) = match url.split_once('#') {
            Some((rest, fragment)) => (rest, Some(fragment)),
            None => (url, None),
        };
        let rest = rest.split('?').next().unwrap_or("");
        let scheme = rest.find([':', '/']).filter(|at| rest.as_bytes()[*at] == b':' && *at > 0);
        let rest = scheme.map_or(rest, |at| &rest[at + 1..]);
        let (host, path) = match rest.strip_prefix("//") {
            Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
            None => ("", rest),
        };
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        let host = match host.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|sign| sign.is_ascii_digit()) => host,
            _ => host,
        };
        Address { host, path, fragment }
    }

    fn page(&self, with_fragment: bool) -> String {
        let path = if self.path.is_empty() { "/" } else { self.path };
        let mut page = decoded(path).trim_end().to_owned();
        if let Some(fragment) = self.fragment.filter(|_| with_fragment) {
            page.push('#');
            page.push_str(&decoded(fragment));
        }
        page
    }
}

fn decoded(text: &str) -> std::borrow::Cow<'_, str> {
    percent_encoding::percent_decode_str(text).decode_utf8().unwrap_or(text.into())
}

/// Whether these are the letters of a currency.
fn is_currency(code: &str) -> bool {
    const CODES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF \
CHF CLF CLP CNY COP CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG \
HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP \
MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD \
SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XAG XAU \
XCD XOF XPD XPF XPT YER ZAR ZMW ZWL";
    code.len() == 3 && CODES.split_ascii_whitespace().any(|known| known == code)
}
