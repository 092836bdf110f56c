use std::borrow::Cow;

use serde_json::Value;

use crate::accept::bounds;

macro_rules! names {
    ($($variant:ident $text:literal,)*) => {
        /// A parameter of Matomo's tracking API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Name { $($variant,)* }

        /// Every name, in the order of [`Name`].
        pub(crate) const NAMES: [&str; [$($text,)*].len()] = [$($text,)*];
    };
}

names! {
    CustomVariables "_cvar",
    Id "_id",
    ProductCategory "_pkc",
    ProductLabel "_pkn",
    ProductPrice "_pkp",
    ProductSku "_pks",
    CampaignKeyword "_rck",
    Campaign "_rcn",
    AttributionReferrer "_ref",
    AttributionTime "_refts",
    Title "action_name",
    Silverlight "ag",
    Bots "bots",
    ContentInteraction "c_i",
    Content "c_n",
    ContentPiece "c_p",
    ContentTarget "c_t",
    CustomAction "ca",
    TimeOffset "cdo",
    Time "cdt",
    VisitorId "cid",
    Address "cip",
    City "city",
    Cookie "cookie",
    Country "country",
    Charset "cs",
    Explain "debug",
    PageVariables "cvar",
    Download "download",
    EventAction "e_a",
    EventCategory "e_c",
    EventLabel "e_n",
    EventValue "e_v",
    Discount "ec_dt",
    OrderId "ec_id",
    Items "ec_items",
    Shipping "ec_sh",
    Subtotal "ec_st",
    Tax "ec_tx",
    Flash "fla",
    Goal "idgoal",
    Site "idsite",
    Java "java",
    Language "lang",
    Latitude "lat",
    Link "link",
    Longitude "long",
    NewVisit "new_visit",
    Pdf "pdf",
    DomProcessing "pf_dm1",
    DomCompletion "pf_dm2",
    Network "pf_net",
    OnLoad "pf_onl",
    Server "pf_srv",
    Transfer "pf_tfr",
    Ping "ping",
    PageViewId "pv_id",
    QuickTime "qt",
    RealPlayer "realp",
    Record "rec",
    Region "region",
    Revenue "revenue",
    Search "search",
    SearchCategory "search_cat",
    SearchCount "search_count",
    SendImage "send_image",
    Token "token_auth",
    InstallCheck "tracker_install_check",
    UserAgent "ua",
    Hints "uadata",
    UserId "uid",
    Url "url",
    Referrer "urlref",
    WindowsMedia "wma",
}

/// One value as it was sent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Raw<'a> {
    /// Text.
    Text(Cow<'a, str>),
    /// A list or an object of a bulk request; a list of a form (`name[]=…`) is an empty one.
    Json(Value),
}

/// The parameters of one tracking request, as PHP would hand them over: the last of a name wins, `name[]` is a list.
#[derive(Debug)]
pub(crate) struct Params<'a> {
    /// For each [`Name`], its place in `values` from 1.
    known: [u16; NAMES.len()],
    values: Vec<Raw<'a>>,
    others: Vec<(Cow<'a, str>, Raw<'a>)>,
}

impl<'a> Params<'a> {
    /// Nothing.
    pub(crate) fn new() -> Params<'a> {
        Params { known: [0; NAMES.len()], values: Vec::with_capacity(40), others: Vec::with_capacity(8) }
    }

    /// Adds the pairs of a query string or a form. What is there already stays when `keep` is set.
    pub(crate) fn form(&mut self, text: &'a [u8], keep: bool) {
        let kept = if keep { (self.values.len(), self.others.len()) } else { (0, 0) };
        for pair in text.split(|sign| *sign == b'&') {
            if self.values.len() + self.others.len() >= bounds::PARAMETERS {
                return;
            }
            let (name, value) = match pair.iter().position(|sign| *sign == b'=') {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, &b""[..]),
            };
            if name.is_empty() || name.len() > bounds::NAME || value.len() > bounds::VALUE {
                continue;
            }
            if let Some(at) = place(name) {
                self.put_known(at, Raw::Text(decoded(value)), kept.0);
                continue;
            }
            let name = decoded(name);
            let (name, is_list) = match name.trim_start().split_once('[') {
                Some((name, rest)) if !name.is_empty() && rest.contains(']') => (Cow::Owned(name.to_owned()), true),
                _ => (name, false),
            };
            let raw = if is_list { Raw::Json(Value::Array(Vec::new())) } else { Raw::Text(decoded(value)) };
            self.put(name, raw, kept);
        }
    }

    /// Adds the members of an object of a bulk request.
    pub(crate) fn object(&mut self, members: &'a serde_json::Map<String, Value>) {
        for (name, value) in members.iter().take(bounds::PARAMETERS) {
            let raw = match value {
                Value::Null => continue,
                Value::String(text) => Raw::Text(Cow::Borrowed(text.as_str())),
                Value::Number(number) => Raw::Text(Cow::Owned(number.to_string())),
                Value::Bool(set) => Raw::Text(Cow::Borrowed(if *set { "1" } else { "" })),
                Value::Array(_) | Value::Object(_) => Raw::Json(value.clone()),
            };
            let long = matches!(&raw, Raw::Text(text) if text.len() > bounds::VALUE);
            if name.len() <= bounds::NAME && !long {
                self.put(Cow::Borrowed(name), raw, (0, 0));
            }
        }
    }

    fn put(&mut self, name: Cow<'a, str>, raw: Raw<'a>, kept: (usize, usize)) {
        if let Some(at) = place(name.as_bytes()) {
            return self.put_known(at, raw, kept.0);
        }
        match self.others.iter().position(|(known, _)| *known == name) {
            Some(there) if there < kept.1 => {}
            Some(there) => self.others[there].1 = raw,
            None => self.others.push((name, raw)),
        }
    }

    fn put_known(&mut self, at: usize, raw: Raw<'a>, kept: usize) {
        match usize::from(self.known[at]).checked_sub(1) {
            Some(there) if there < kept => {}
            Some(there) => self.values[there] = raw,
            None => {
                self.values.push(raw);
                self.known[at] = u16::try_from(self.values.len()).unwrap_or(0);
            }
        }
    }

    /// Whether nothing was sent.
    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty() && self.others.is_empty()
    }

    /// The value as it was sent.
    pub(crate) fn raw(&self, name: Name) -> Option<&Raw<'a>> {
        self.values.get(usize::from(self.known[name as usize]).checked_sub(1)?)
    }

    /// The text; empty when nothing was sent, or a list.
    pub(crate) fn text(&self, name: Name) -> &str {
        match self.raw(name) {
            Some(Raw::Text(text)) => text,
            _ => "",
        }
    }

    /// The text, unless it is what PHP calls empty: nothing, or `0`.
    pub(crate) fn filled(&self, name: Name) -> Option<&str> {
        Some(self.text(name)).filter(|text| !matches!(*text, "" | "0"))
    }

    /// The whole number, when it is one.
    pub(crate) fn int(&self, name: Name) -> Option<i64> {
        whole(self.text(name))
    }

    /// The number, when it is one. What follows a comma is left out, as by PHP.
    pub(crate) fn float(&self, name: Name) -> Option<f64> {
        let text = self.text(name);
        let number = real(text)?;
        match text.split_once(',') {
            Some((before, _)) => Some(real(before).unwrap_or_default()),
            None => Some(number),
        }
    }

    /// Whether the flag is set: a whole number but zero.
    pub(crate) fn is_set(&self, name: Name) -> bool {
        self.int(name).is_some_and(|number| number != 0)
    }

    /// The JSON that was sent, in a text or as itself.
    pub(crate) fn json(&self, name: Name) -> Option<Cow<'_, Value>> {
        match self.raw(name)? {
            Raw::Text(text) if text.is_empty() => None,
            Raw::Text(text) => serde_json::from_str(text).ok().map(Cow::Owned),
            Raw::Json(value) => Some(Cow::Borrowed(value)),
        }
    }

    /// Every parameter that is text and not among [`Name`]s.
    pub(crate) fn others(&self) -> impl Iterator<Item = (&str, &str)> {
        self.others.iter().filter_map(|(name, raw)| match raw {
            Raw::Text(text) => Some((name.as_ref(), text.as_ref())),
            Raw::Json(_) => None,
        })
    }

    /// Every parameter that is text.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let known = NAMES.iter().zip(self.known).filter_map(|(name, there)| {
            match self.values.get(usize::from(there).checked_sub(1)?)? {
                Raw::Text(text) => Some((*name, text.as_ref())),
                Raw::Json(_) => None,
            }
        });
        known.chain(self.others())
    }
}

/// Names by a hash of theirs: the place in [`NAMES`] from 1, 0 for none; a name that finds its place taken lies in the next.
const PLACES: [u8; 512] = {
    let mut places = [0; 512];
    let mut at = 0;
    while at < NAMES.len() {
        let mut hash = hash(NAMES[at].as_bytes());
        while places[hash] != 0 {
            hash = (hash + 1) % 512;
        }
        places[hash] = at as u8 + 1;
        at += 1;
    }
    places
};

const fn hash(name: &[u8]) -> usize {
    match name {
        [] => 0,
        [first, ..] => {
            let last = name[name.len() - 1] as usize;
            let middle = name[name.len() / 2] as usize;
            (name.len() * 131 + *first as usize * 31 + middle * 7 + last * 57) % 512
        }
    }
}

/// The place of a name in [`NAMES`].
fn place(name: &[u8]) -> Option<usize> {
    let mut hash = hash(name);
    loop {
        let at = usize::from(PLACES[hash]).checked_sub(1)?;
        if NAMES[at].as_bytes() == name {
            return Some(at);
        }
        hash = (hash + 1) % 512;
    }
}

/// A whole number as PHP takes one from a request: blanks before it, `1.0` and `1e3` are fine, `1px` is not.
pub(crate) fn whole(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let number = real(text)?;
    (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64)
}

/// A real number: digits with a point (or a comma for one), an exponent, a sign. Never infinite.
pub(crate) fn real(text: &str) -> Option<f64> {
    let text = text.trim();
    if !text.bytes().all(|sign| matches!(sign, b'0'..=b'9' | b'+' | b'-' | b'.' | b',' | b'e' | b'E')) {
        return None;
    }
    let number: f64 = if text.contains(',') { text.replace(',', ".").parse().ok()? } else { text.parse().ok()? };
    number.is_finite().then_some(number)
}

/// Percent signs and pluses decoded. Bytes that are no UTF-8 are read as Latin-1.
fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    if !bytes.iter().any(|sign| matches!(sign, b'%' | b'+')) {
        return text(Cow::Borrowed(bytes));
    }
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(&sign) = rest.next() {
        let ahead = rest.as_slice();
        match sign {
            b'+' => plain.push(b' '),
            b'%' => match ahead {
                [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                    plain.push(digit(*high) << 4 | digit(*low));
                    rest = ahead[2..].iter();
                }
                _ => plain.push(b'%'),
            },
            other => plain.push(other),
        }
    }
    text(Cow::Owned(plain))
}

fn digit(sign: u8) -> u8 {
    match sign {
        b'0'..=b'9' => sign - b'0',
        b'a'..=b'f' => sign - b'a' + 10,
        _ => sign.wrapping_sub(b'A').wrapping_add(10),
    }
}

fn text(bytes: Cow<'_, [u8]>) -> Cow<'_, str> {
    match bytes {
        Cow::Borrowed(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(latin(bytes)),
        },
        Cow::Owned(bytes) => Cow::Owned(match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(wrong) => latin(wrong.as_bytes()),
        }),
    }
}

fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}
