use std::sync::Arc;

use parking_lot::RwLock;
use regex::{Regex, RegexBuilder};
use rustc_hash::FxHashMap;

/// A pattern as written, and whether case does not matter.
type Written = (String, bool);

/// How many compiled patterns are remembered.
const MOST: usize = 4096;
/// The largest compiled pattern, in bytes.
const LARGEST: usize = 1 << 20;

/// Regular expressions that people wrote, compiled once. A pattern that is no regular expression is remembered as such.
#[derive(Default)]
pub(crate) struct Patterns {
    known: RwLock<FxHashMap<Written, Option<Arc<Regex>>>>,
}

impl Patterns {
    /// The pattern compiled; `None` when it is none. Patterns match in linear time, whatever is written.
    pub(crate) fn get(&self, pattern: &str, any_case: bool) -> Option<Arc<Regex>> {
        let key = (pattern.to_owned(), any_case);
        if let Some(found) = self.known.read().get(&key) {
            return found.clone();
        }
        let compiled = RegexBuilder::new(pattern).case_insensitive(any_case).size_limit(LARGEST).build().ok().map(Arc::new);
        let mut known = self.known.write();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key, compiled.clone());
        compiled
    }

    /// A pattern between delimiters as PHP writes them, such as `/^sess.*|.*[dD]ate$/i`; `None` when it is none.
    pub(crate) fn delimited(&self, written: &str) -> Option<Arc<Regex>> {
        let first = written.chars().next()?;
        if first.is_alphanumeric() || first == '\\' || first.is_whitespace() {
            return None;
        }
        let last = match first {
            '(' => ')',
            '[' => ']',
            '{' => '}',
            '<' => '>',
            other => other,
        };
        let (pattern, flags) = written[first.len_utf8()..].rsplit_once(last)?;
        if pattern.is_empty() || !flags.chars().all(|flag| "imsuxUD".contains(flag)) {
            return None;
        }
        self.get(pattern, flags.contains('i'))
    }
}

impl std::fmt::Debug for Patterns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Patterns({})", self.known.read().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_and_flags_are_phps() {
        let patterns = Patterns::default();
        assert!(patterns.delimited("/^bo+t$/i").unwrap().is_match("BOOT"));
        assert!(!patterns.delimited("/^bo+t$/").unwrap().is_match("BOOT"));
        assert!(patterns.delimited("#a/b#").unwrap().is_match("xa/by"));
        assert!(patterns.delimited("{a}").unwrap().is_match("cat"));
        for wrong in ["", "bot", "/bot", "//", "/(/", "/a/q"] {
            assert!(patterns.delimited(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_asked_once() {
        let patterns = Patterns::default();
        assert!(patterns.get("(", false).is_none());
        assert!(patterns.get("(", false).is_none());
        assert_eq!(patterns.known.read().len(), 1);
    }
}
