use footfall_model::{Error, Fault};
use serde_json::{Map, Value, json};

use crate::matomo::Reply;

/// Why a request was not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The HTTP status.
    pub status: u16,
    /// Stable and machine readable.
    pub code: &'static str,
    /// One sentence for a person.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The first problem of each field.
    pub fields: Vec<(String, String)>,
    /// Seconds to wait.
    pub retry_after: Option<u64>,
}

impl Failure {
    /// A failure of this kind.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Failure {
        Failure { status, code, message: message.into(), hint: None, fields: Vec::new(), retry_after: None }
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Failure {
        Failure::new(400, "bad_request", message)
    }

    pub(super) fn invalid_query(message: impl Into<String>) -> Failure {
        Failure::new(400, "invalid_query", message)
    }

    pub(super) fn unauthenticated() -> Failure {
        Failure::new(401, "unauthenticated", "sign in to see this")
    }

    pub(super) fn forbidden(message: impl Into<String>) -> Failure {
        Failure::new(403, "forbidden", message)
    }

    pub(super) fn not_found(message: impl Into<String>) -> Failure {
        Failure::new(404, "not_found", message)
    }

    pub(super) fn conflict(message: impl Into<String>) -> Failure {
        Failure::new(409, "conflict", message)
    }

    pub(super) fn field(name: &str, problem: impl Into<String>) -> Failure {
        let mut failure = Failure::new(422, "invalid", "a field is not right");
        failure.fields.push((name.to_owned(), problem.into()));
        failure
    }

    #[must_use]
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hint = Some(hint.into());
        self
    }

    /// As it is answered.
    pub fn reply(&self) -> Reply {
        let mut error = Map::new();
        error.insert("code".to_owned(), json!(self.code));
        error.insert("message".to_owned(), json!(self.message));
        if let Some(hint) = &self.hint {
            error.insert("hint".to_owned(), json!(hint));
        }
        if !self.fields.is_empty() {
            let fields: Map<String, Value> = self.fields.iter().map(|(name, problem)| (name.clone(), json!(problem))).collect();
            error.insert("fields".to_owned(), Value::Object(fields));
        }
        let mut reply = super::shape::json(self.status, &json!({ "error": error }));
        if let Some(seconds) = self.retry_after {
            reply.headers.push(("retry-after", seconds.to_string()));
        }
        reply
    }
}

/// What the relational side and the store refuse, in the words of this API: the first name in backticks is the field.
impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        let message = error.message().to_owned();
        let mut failure = match error.fault() {
            Fault::Missing => Failure::not_found(message),
            Fault::Denied => Failure::forbidden(message),
            Fault::Busy => Failure::new(503, "unavailable", message),
            Fault::Broken => Failure::new(500, "internal", message),
            Fault::Invalid => {
                let mut quoted = message.split('`');
                match (quoted.next(), quoted.next()) {
                    (Some(""), Some(field)) => Failure::field(field, message.clone()),
                    _ => Failure::new(422, "invalid", message),
                }
            }
        };
        failure.hint = error.hint_text().map(str::to_owned);
        failure
    }
}
