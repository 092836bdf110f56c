use std::fmt;

/// What the caller can do about an error: the only part code may branch on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The thing asked for does not exist.
    Missing,
    /// The caller may not do this.
    Denied,
    /// The request is wrong and will stay wrong.
    Invalid,
    /// Try again later.
    Busy,
    /// Something broke on our side.
    Broken,
}

/// An error with what happened (for the caller), a hint (for the person) and a cause (for the log).
#[derive(Debug)]
pub struct Error {
    fault: Fault,
    message: String,
    hint: Option<String>,
    unknown_user: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of this kind. Messages are lower case, without a full stop, and name things in backticks.
    pub fn new(fault: Fault, message: impl Into<String>) -> Error {
        Error { fault, message: message.into(), hint: None, unknown_user: None, source: None }
    }

    /// The request is wrong.
    pub fn invalid(message: impl Into<String>) -> Error {
        Error::new(Fault::Invalid, message)
    }

    /// The thing asked for does not exist.
    pub fn missing(message: impl Into<String>) -> Error {
        Error::new(Fault::Missing, message)
    }

    /// Nobody is called so.
    pub fn no_user(login: impl Into<String>) -> Error {
        let login = login.into();
        Error { unknown_user: Some(login.clone()), ..Error::missing(format!("no user is called `{login}`")) }
    }

    /// The caller may not do this.
    pub fn denied(message: impl Into<String>) -> Error {
        Error::new(Fault::Denied, message)
    }

    /// Try again later.
    pub fn busy(message: impl Into<String>) -> Error {
        Error::new(Fault::Busy, message)
    }

    /// Something broke on our side.
    pub fn broken(message: impl Into<String>) -> Error {
        Error::new(Fault::Broken, message)
    }

    /// Adds what the person may try next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Error {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the cause, for the log.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        self.source = Some(source.into());
        self
    }

    /// What the caller can do about it.
    pub fn fault(&self) -> Fault {
        self.fault
    }

    /// What happened, in one sentence for the caller.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The login that nobody has, where that is what is wrong.
    pub fn unknown_user(&self) -> Option<&str> {
        self.unknown_user.as_deref()
    }

    /// What the person may try next.
    pub fn hint_text(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source.as_ref() as &(dyn std::error::Error + 'static))
    }
}
