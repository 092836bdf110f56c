use std::path::Path;
use std::sync::Arc;

use crate::device::Device;
use crate::hints::Hints;

/// Why a regex database could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file of the database is missing or unreadable.
    #[error("cannot read `{path}`")]
    Read {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file of the database does not hold what it should.
    #[error("`{path}` line {line}: {what}")]
    Malformed {
        /// The file.
        path: String,
        /// The line, counted from one.
        line: usize,
        /// What is wrong there.
        what: String,
    },
}

/// Tells devices by their user agent and client hints. Cheap to share; answers are remembered.
pub struct Detector {}

impl Detector {
    /// A detector over the rules that ship with this crate.
    pub fn built_in() -> Detector {
        Detector {}
    }

    /// A detector over Matomo's regex database: a checkout of `device-detector`, or its folder `regexes`.
    pub fn from_dir(_dir: &Path) -> Result<Detector, Error> {
        Ok(Detector {})
    }

    /// What is known about the device.
    pub fn detect(&self, _user_agent: &str, _hints: Option<&Hints>) -> Arc<Device> {
        Arc::new(Device::default())
    }

    /// Whether a program that acts on its own sent this user agent.
    pub fn is_bot(&self, user_agent: &str) -> bool {
        self.detect(user_agent, None).is_bot()
    }
}
