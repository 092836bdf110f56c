use footfall_model::{Error, Fault};

use crate::access::Refused;

/// Why a request was not answered: a message of the wire, and the HTTP status that goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The HTTP status; most failures are answered with 200.
    pub status: u16,
    /// What happened.
    pub message: String,
    /// The login that nobody has, where that is what is wrong.
    pub unknown_user: Option<String>,
}

impl Failure {
    /// A failure that is answered with 200, as Matomo does for most.
    pub fn new(message: impl Into<String>) -> Failure {
        Failure::with_status(200, message)
    }

    /// A failure that has an HTTP status of its own.
    pub fn with_status(status: u16, message: impl Into<String>) -> Failure {
        Failure { status, message: message.into(), unknown_user: None }
    }

    /// A parameter is missing.
    pub fn missing(name: &str) -> Failure {
        Failure::new(format!("Please specify a value for '{name}'."))
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Failure {
        Failure::with_status(401, refused.0)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        match error.fault() {
            Fault::Denied => Failure::with_status(401, error.message()),
            Fault::Busy => Failure::with_status(503, error.message()),
            Fault::Broken => Failure::with_status(500, error.message()),
            Fault::Missing | Fault::Invalid => {
                Failure { unknown_user: error.unknown_user().map(str::to_owned), ..Failure::new(error.message()) }
            }
        }
    }
}
