//! What a caller of Matomo's reading API asks: parameters in PHP's form syntax, bounded.

use footfall_model::Error;

/// How many parameters a request may have.
const MOST_PARAMS: usize = 2000;
/// How deep `a[b][c]` may go.
const DEEPEST: usize = 8;
/// How long a query or a body may be, in bytes.
const LONGEST: usize = 2 * 1024 * 1024;

/// A parameter's value: a text, or named values (`a[b]=1`, `a[]=1`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Param {
    /// A text, trimmed.
    Text(String),
    /// Named values, in order.
    List(Vec<(String, Param)>),
}

/// A request, decoded. What the query says stands before what the body says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatomoRequest {
    params: Vec<(String, Param)>,
    /// The segment as the query has it, still percent-encoded.
    segment_as_sent: Option<String>,
}

impl MatomoRequest {
    /// Reads a query and a form body, both percent-encoded; invalid UTF-8 is replaced.
    ///
    /// # Errors
    /// When the request is longer or has more parameters than is accepted.
    pub fn decode(query: &str, body: &[u8]) -> Result<MatomoRequest, Error> {
        if query.len() > LONGEST || body.len() > LONGEST {
            return Err(Error::invalid("the request is too long"));
        }
        let mut request = MatomoRequest::default();
        request.read(query.as_bytes())?;
        request.segment_as_sent =
            query.split('&').filter_map(|pair| pair.strip_prefix("segment=")).next_back().map(str::to_owned);
        if !body.is_empty() {
            let mut posted = MatomoRequest::default();
            posted.read(body)?;
            for (name, value) in posted.params {
                if request.get(&name).is_none() {
                    request.params.push((name, value));
                }
            }
        }
        Ok(request)
    }

    /// A request made of these parameters.
    pub fn of(params: &[(&str, &str)]) -> MatomoRequest {
        let mut request = MatomoRequest::default();
        for (name, value) in params {
            request.set(name, value);
        }
        request
    }

    /// The parameter of this name.
    pub fn get(&self, name: &str) -> Option<&Param> {
        self.params.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The parameter's text; `None` when it is absent or a list.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Param::Text(text) => Some(text),
            Param::List(_) => None,
        }
    }

    /// The parameter's text, when it says anything.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.text(name).filter(|text| !text.is_empty())
    }

    /// The parameter's whole number, when it is one.
    pub fn int(&self, name: &str) -> Option<i64> {
        self.filled(name)?.parse().ok()
    }

    /// Whether the parameter says yes: anything but nothing, `0` and `false`.
    pub fn flag(&self, name: &str) -> bool {
        self.filled(name).is_some_and(|text| text != "0" && text != "false")
    }

    /// The texts of a list, or of a text between commas; empty ones are left out.
    pub fn words(&self, name: &str) -> Vec<String> {
        let words: Vec<String> = match self.get(name) {
            Some(Param::Text(text)) => text.split(',').map(|word| word.trim().to_owned()).collect(),
            Some(Param::List(_)) => self.texts(name),
            None => Vec::new(),
        };
        words.into_iter().filter(|word| !word.is_empty()).collect()
    }

    /// The texts of a list in order; a text alone is one.
    pub fn texts(&self, name: &str) -> Vec<String> {
        match self.get(name) {
            Some(Param::Text(text)) => vec![text.clone()],
            Some(Param::List(entries)) => entries
                .iter()
                .filter_map(|(_, value)| match value {
                    Param::Text(text) => Some(text.clone()),
                    Param::List(_) => None,
                })
                .collect(),
            None => Vec::new(),
        }
    }

    /// Sets or adds a parameter.
    pub fn set(&mut self, name: &str, value: &str) {
        self.put(name, Param::Text(value.to_owned()));
    }

    /// The segment as the query has it, still percent-encoded: what Matomo repeats of it in its answers.
    pub fn segment_as_sent(&self) -> Option<&str> {
        self.segment_as_sent.as_deref().or_else(|| self.text("segment")).filter(|segment| !segment.is_empty())
    }

    /// Sets or adds a parameter of any shape.
    pub fn put(&mut self, name: &str, value: Param) {
        if name == "segment" {
            self.segment_as_sent = None;
        }
        match self.params.iter_mut().find(|(known, _)| known == name) {
            Some((_, held)) => *held = value,
            None => self.params.push((name.to_owned(), value)),
        }
    }

    /// Takes a parameter away.
    pub fn remove(&mut self, name: &str) {
        if name == "segment" {
            self.segment_as_sent = None;
        }
        self.params.retain(|(known, _)| known != name);
    }

    /// Every parameter, in order.
    pub fn params(&self) -> &[(String, Param)] {
        &self.params
    }

    fn read(&mut self, form: &[u8]) -> Result<(), Error> {
        for (n, (name, value)) in form_urlencoded::parse(form).enumerate() {
            if n >= MOST_PARAMS {
                return Err(Error::invalid("the request has too many parameters"));
            }
            let Some((stem, keys)) = path(&name) else {
                continue;
            };
            let value = if keys.is_empty() { value.trim().to_owned() } else { value.into_owned() };
            let at = match self.params.iter().position(|(known, _)| *known == stem) {
                Some(at) => at,
                None => {
                    self.params.push((stem, Param::List(Vec::new())));
                    self.params.len() - 1
                }
            };
            place(&mut self.params[at].1, &keys, value);
        }
        Ok(())
    }
}

/// `a[b][]` as its stem and keys; an empty key means the next number.
fn path(name: &str) -> Option<(String, Vec<String>)> {
    let (stem, mut rest) = match name.find('[') {
        Some(at) if at > 0 => name.split_at(at),
        _ => (name, ""),
    };
    let stem = stem.trim_start().replace(['.', ' '], "_");
    if stem.is_empty() {
        return None;
    }
    let mut keys = Vec::new();
    while let Some(inner) = rest.strip_prefix('[') {
        let Some(end) = inner.find(']') else {
            break;
        };
        if keys.len() == DEEPEST {
            return None;
        }
        keys.push(inner[..end].to_owned());
        rest = &inner[end + 1..];
    }
    Some((stem, keys))
}

fn place(at: &mut Param, keys: &[String], value: String) {
    let Some((key, below)) = keys.split_first() else {
        *at = Param::Text(value);
        return;
    };
    if !matches!(at, Param::List(_)) {
        *at = Param::List(Vec::new());
    }
    let Param::List(entries) = at else {
        return;
    };
    let key = if key.is_empty() {
        let next =
            entries.iter().filter_map(|(known, _)| known.parse::<u64>().ok()).max().map_or(0, |last| last.saturating_add(1));
        next.to_string()
    } else {
        key.clone()
    };
    let index = match entries.iter().position(|(known, _)| *known == key) {
        Some(index) => index,
        None => {
            entries.push((key, Param::List(Vec::new())));
            entries.len() - 1
        }
    };
    place(&mut entries[index].1, below, value);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parameters_are_texts_and_lists() {
        let request = MatomoRequest::decode("module=API&urls[0]=a%3D1&urls[]=b&idSites=1,2&a[x][y]=z&flag=+1+", b"").unwrap();
        assert_eq!(request.text("module"), Some("API"));
        assert_eq!(request.texts("urls"), ["a=1", "b"]);
        assert_eq!(request.words("idSites"), ["1", "2"]);
        assert!(request.flag("flag"));
        assert!(matches!(request.get("a"), Some(Param::List(entries)) if entries.len() == 1));
    }

    #[test]
    fn the_query_stands_before_the_body() {
        let request = MatomoRequest::decode("a=1", b"a=2&b=3").unwrap();
        assert_eq!((request.int("a"), request.int("b")), (Some(1), Some(3)));
    }

    #[test]
    fn the_last_of_equal_names_holds() {
        let request = MatomoRequest::decode("a=1&a=2&b[]=1&b=2", b"").unwrap();
        assert_eq!((request.int("a"), request.int("b")), (Some(2), Some(2)));
    }

    #[test]
    fn a_segment_is_known_as_it_was_sent() {
        let mut request = MatomoRequest::decode("segment=browserCode%3D%3DFF&a=1", b"segment=no").unwrap();
        assert_eq!((request.text("segment"), request.segment_as_sent()), (Some("browserCode==FF"), Some("browserCode%3D%3DFF")));
        request.set("segment", "actions>1");
        assert_eq!(request.segment_as_sent(), Some("actions>1"));
        assert_eq!(MatomoRequest::decode("a=1", b"segment=x%3D%3Dy").unwrap().segment_as_sent(), Some("x==y"));
        assert_eq!(MatomoRequest::decode("segment=", b"").unwrap().segment_as_sent(), None);
    }

    #[test]
    fn a_request_has_bounds() {
        let many = "a[]=1&".repeat(MOST_PARAMS + 1);
        assert!(MatomoRequest::decode(&many, b"").is_err());
        let deep = format!("a{}=1", "[b]".repeat(50));
        assert!(MatomoRequest::decode(&deep, b"").unwrap().params().is_empty());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(query in ".{0,200}", body in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = MatomoRequest::decode(&query, &body);
        }
    }
}
