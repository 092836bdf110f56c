use footfall_model::{Error, Fault};
use serde_json::json;

use crate::{matomo::Reply, own::shape};

/// Why a request was not answered, in Plausible's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The HTTP status.
    pub status: u16,
    /// What happened.
    pub message: String,
}

impl Failure {
    /// A failure with a status.
    pub fn new(status: u16, message: impl Into<String>) -> Failure {
        Failure { status, message: message.into() }
    }

    /// A request that is wrong.
    pub(super) fn bad(message: impl Into<String>) -> Failure {
        Failure::new(400, message)
    }

    /// The answer that tells it.
    pub fn reply(&self) -> Reply {
        shape::json(self.status, &json!({ "error": self.message }))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        let status = match error.fault() {
            Fault::Missing => 404,
            Fault::Denied => 401,
            Fault::Invalid => 400,
            Fault::Busy => 503,
            Fault::Broken => 500,
        };
        Failure::new(status, error.message())
    }
}
