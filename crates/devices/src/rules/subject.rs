use super::index::Index;
use crate::pattern::{ByteSet, Pairs};

/// Longest user agent that is looked at, in bytes.
const LONGEST: usize = 2048;

/// A user agent made ready for matching.
pub(crate) struct Subject<'a> {
    pub(crate) text: &'a str,
    /// The text with its letters in lower case.
    pub(super) lower: Vec<u8>,
    /// Where words begin: rules match from these places only.
    pub(super) words: Vec<u32>,
    /// The bytes words begin with.
    pub(super) first_bytes: ByteSet,
    pub(super) pairs: Pairs,
    /// The rules whose required literals occur, a bit each.
    pub(super) candidates: Vec<u64>,
}

impl<'a> Subject<'a> {
    pub(crate) fn new(text: &'a str, index: &Index) -> Subject<'a> {
        let text = &text[..text.floor_char_boundary(LONGEST)];
        let lower = text.to_ascii_lowercase().into_bytes();
        let words = words(&lower);
        let first = |word: &u32| lower.get(*word as usize).copied();
        let first_bytes = words.iter().filter_map(first).fold(ByteSet::EMPTY, ByteSet::with);
        let pairs = Pairs::of(&lower);
        let candidates = index.candidates(&lower);
        Subject { text, lower, words, first_bytes, pairs, candidates }
    }

    /// Where words begin if digits end a word too.
    pub(super) fn words_after_digits(&self) -> impl Iterator<Item = u32> {
        let begins = |at: usize| at == 0 || !matches!(self.lower[at - 1], b'a'..=b'z' | b'_' | b'-');
        (0..=self.lower.len()).filter(move |at| begins(*at)).map(|at| at as u32)
    }
}

/// A word begins at the start, after anything but a letter, digit, underscore or hyphen, after an underscore that
/// follows no letter, digit or hyphen, and after the prefixes `sprd-` and `mz-` some makers put before a model.
fn words(lower: &[u8]) -> Vec<u32> {
    let mut words = vec![0];
    for at in 1..=lower.len() {
        let begins = match lower[at - 1] {
            b'a'..=b'z' | b'0'..=b'9' => false,
            b'_' => at >= 2 && !matches!(lower[at - 2], b'a'..=b'z' | b'0'..=b'9' | b'-'),
            b'-' => lower[..at].ends_with(b"sprd-") || lower[..at].ends_with(b"mz-"),
            _ => true,
        };
        if begins {
            words.push(at as u32);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_where_rules_may_match() {
        assert_eq!(words(b"a b-c_d"), [0, 2]);
        assert_eq!(words(b" _x"), [0, 1, 2]);
        assert_eq!(words(b"sprd-x mz-y"), [0, 5, 7, 10]);
        assert_eq!(words(b"x/"), [0, 2]);
        assert_eq!(words(b""), [0]);
    }
}
