use serde_json::{Map, Value};

use super::super::Failure;
use crate::Call;

/// How long a body may be, and one that brings figures.
const LONGEST: usize = 1 << 20;
const LONGEST_IMPORT: usize = 4 << 20;

/// The parameters of a request: those of its address, and over them those of its body, a JSON object or a form.
#[derive(Clone, Debug, Default)]
pub(super) struct Params(Map<String, Value>);

impl Params {
    pub(super) fn read(call: &Call) -> Result<Params, Failure> {
        let longest = if call.path == "/api/v1/sites/imports" { LONGEST_IMPORT } else { LONGEST };
        if call.body.len() > longest {
            return Err(Failure::new(413, "The request is too large."));
        }
        let mut params = Map::new();
        let mut form = |bytes: &[u8]| {
            for (name, value) in form_urlencoded::parse(bytes).take(1000) {
                params.insert(name.into_owned(), Value::String(value.into_owned()));
            }
        };
        form(call.query.as_bytes());
        let is_form = call.content_type.as_deref().is_some_and(|kind| kind.contains("form-urlencoded"));
        if is_form {
            form(&call.body);
        } else if !call.body.iter().all(u8::is_ascii_whitespace) {
            match serde_json::from_slice(&call.body) {
                Ok(Value::Object(fields)) => params.extend(fields),
                _ => return Err(Failure::bad("The request is not valid JSON.")),
            }
        }
        Ok(Params(params))
    }

    /// A parameter of any kind.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// A text, or what is told when it is missing.
    pub(super) fn needed(&self, name: &str, to: &str) -> Result<&str, Failure> {
        self.text(name).ok_or_else(|| Failure::bad(format!("Parameter `{name}` is required to {to}")))
    }
}
