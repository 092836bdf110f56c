use std::path::Path;
use std::sync::{
    Arc, OnceLock,
    atomic::{
        AtomicU64,
        Ordering::{Acquire, Release},
    },
};

use parking_lot::RwLock;

use crate::built_in::FILES;
use crate::cache::Cache;
use crate::detect::Rules;
use crate::device::Device;
use crate::hints::Hints;
use crate::rules::{Database, Source};

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
    #[error("`{path}` {place}: {what}")]
    Malformed {
        /// The file.
        path: String,
        /// The line or rule in it, such as `line 12`.
        place: String,
        /// What is wrong there.
        what: String,
    },
}

/// Tells devices by their user agent and client hints, and remembers what it told last.
///
/// Answers are kept by a keyed hash of what was asked: no user agent stays in memory.
pub struct Detector {
    known: RwLock<Arc<Known>>,
    edition: AtomicU64,
}

/// Rules, and what they told last.
struct Known {
    rules: OnceLock<Rules>,
    cache: Cache<Arc<Device>>,
}

impl Detector {
    /// A detector over the rules that ship with this crate. They are read when they are first asked.
    pub fn built_in() -> Detector {
        Detector::over(OnceLock::new())
    }

    /// A detector over Matomo's regex database: a checkout of `device-detector`, or its folder `regexes`.
    pub fn from_dir(dir: &Path) -> Result<Detector, Error> {
        let inner = dir.join("regexes");
        let dir = if inner.is_dir() { &inner } else { dir };
        let rules = Rules::new(Database::load(&Source::Dir(dir))?);
        Ok(Detector::over(OnceLock::from(rules)))
    }

    fn over(rules: OnceLock<Rules>) -> Detector {
        Detector { known: RwLock::new(Arc::new(Known { rules, cache: Cache::new() })), edition: AtomicU64::new(0) }
    }

    /// Tells devices by the other's rules from now on, whoever holds this one.
    pub fn replace(&self, other: Detector) {
        *self.known.write() = other.known.into_inner();
        self.edition.fetch_add(1, Release);
    }

    /// How many times the rules were replaced: what was told under another number may not be told again.
    pub fn edition(&self) -> u64 {
        self.edition.load(Acquire)
    }

    /// What is known about the device.
    pub fn detect(&self, user_agent: &str, hints: Option<&Hints>) -> Arc<Device> {
        let known = self.known();
        let key = known.cache.key((user_agent, hints));
        if let Some(told) = known.cache.get(key) {
            return told;
        }
        let device = Arc::new(known.rules().detect(user_agent, hints));
        known.cache.insert(key, device.clone());
        device
    }

    /// What is known about the device, without looking at or adding to what was told before.
    pub fn detect_afresh(&self, user_agent: &str, hints: Option<&Hints>) -> Device {
        self.known().rules().detect(user_agent, hints)
    }

    /// Whether a program that acts on its own sent this user agent.
    pub fn is_bot(&self, user_agent: &str) -> bool {
        self.known().rules().is_bot(user_agent)
    }

    fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known.read())
    }
}

impl Known {
    fn rules(&self) -> &Rules {
        self.rules.get_or_init(|| match Database::load(&Source::BuiltIn(FILES)) {
            Ok(database) => Rules::new(database),
            Err(error) => unreachable!("a test reads the built-in rules: {error}"),
        })
    }
}
