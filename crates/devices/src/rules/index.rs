use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use memchr::memmem;
use rustc_hash::FxHashMap;

use super::subject::Subject;
use crate::pattern::{Captures, Pairs, Pattern, Scratch, cut, required_literals};

/// Parts of everyday user agents; literals found in here rule out little.
const EVERYDAY: &str = "mozilla/5.0 (linux; u; android 10; en-us; k build/version/4.0) applewebkit/537.36 (khtml, like gecko) \
    chrome/120.0.0.0 mobile safari/537.36; wv) mozilla/5.0 (windows nt 10.0; win64; x64) mozilla/5.0 (macintosh; intel \
    mac os x 10_15_7) mozilla/5.0 (iphone; cpu iphone os 17_0 like mac os x) version/17.0 mobile/15e148 safari/604.1 \
    (x11; linux x86_64; rv:109.0) gecko/20100101 firefox/115.0 (compatible; +http://www. https://";

/// A pattern that is compiled when it is first asked.
#[derive(Debug)]
pub(crate) struct LazyPattern {
    source: Box<str>,
    compiled: OnceLock<Option<Box<Pattern>>>,
}

impl LazyPattern {
    pub(crate) fn new(source: impl Into<Box<str>>) -> LazyPattern {
        LazyPattern { source: source.into(), compiled: OnceLock::new() }
    }

    fn compiled(&self) -> Option<&Pattern> {
        self.compiled.get_or_init(|| Pattern::new(&self.source).ok().map(Box::new)).as_deref()
    }

    /// Whether the pattern matches from the beginning of a word.
    pub(crate) fn matches(&self, subject: &Subject<'_>, scratch: &mut Scratch) -> bool {
        let Some(pattern) = self.compiled() else { return false };
        pattern.may_match(&subject.pairs, &subject.first_bytes)
            && pattern.matches(&subject.lower, subject.words.iter().copied(), scratch)
    }

    /// The groups of the match that was found last, which must be this pattern's.
    pub(crate) fn captures<'s>(&self, subject: &'s Subject<'_>, scratch: &'s Scratch) -> Option<Captures<'s>> {
        Some(scratch.captures(self.compiled()?, subject.text))
    }
}

/// A single pattern the index knows.
#[derive(Debug)]
pub(crate) struct Watched {
    pattern: LazyPattern,
    number: usize,
}

impl Watched {
    /// Whether the pattern matches from the beginning of a word.
    pub(crate) fn matches(&self, subject: &Subject<'_>, scratch: &mut Scratch) -> bool {
        self.may_match(subject) && self.pattern.matches(subject, scratch)
    }

    /// Whether the pattern matches from the beginning of a word, where a digit ends a word.
    pub(crate) fn matches_after_digits(&self, subject: &Subject<'_>, scratch: &mut Scratch) -> bool {
        let matches = |pattern: &Pattern| pattern.matches(&subject.lower, subject.words_after_digits(), scratch);
        self.may_match(subject) && self.pattern.compiled().is_some_and(matches)
    }

    /// The groups of the first match anywhere.
    pub(crate) fn find<'s>(&self, subject: &'s Subject<'_>, scratch: &'s mut Scratch) -> Option<Captures<'s>> {
        let pattern = self.pattern.compiled().filter(|_| self.may_match(subject))?;
        let places = 0..=subject.lower.len() as u32;
        pattern.matches(&subject.lower, places, scratch).then(|| scratch.captures(pattern, subject.text))
    }

    fn may_match(&self, subject: &Subject<'_>) -> bool {
        subject.candidates[self.number / 64] >> (self.number % 64) & 1 == 1
    }
}

/// A pattern and what it means when it matches.
#[derive(Debug)]
pub(crate) struct Rule<T> {
    pub(crate) pattern: LazyPattern,
    pub(crate) facts: T,
}

/// Rules of which the first that matches counts.
#[derive(Debug)]
pub(crate) struct RuleList<T> {
    /// Their numbers among all rules of the index.
    numbers: Range<usize>,
    rules: Vec<Rule<T>>,
}

impl<T> RuleList<T> {
    /// The rules that may match, in order.
    pub(crate) fn candidates<'s>(&'s self, subject: &'s Subject<'_>) -> impl Iterator<Item = &'s Rule<T>> {
        let Range { start, end } = self.numbers;
        (start / 64..end.div_ceil(64)).flat_map(move |word| {
            let mut bits = subject.candidates[word];
            if word == start / 64 {
                bits &= u64::MAX << (start % 64);
            }
            std::iter::from_fn(move || {
                let number = word * 64 + bits.trailing_zeros() as usize;
                if bits == 0 || number >= end {
                    return None;
                }
                bits &= bits - 1;
                Some(&self.rules[number - start])
            })
        })
    }

    /// The first rule that matches.
    pub(crate) fn first_match<'s>(&'s self, subject: &'s Subject<'_>, scratch: &mut Scratch) -> Option<&'s Rule<T>> {
        self.candidates(subject).find(|rule| rule.pattern.matches(subject, scratch))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Rule<T>> {
        self.rules.iter()
    }
}

/// Finds, in one pass over a user agent, the rules whose required literals occur in it.
#[derive(Debug)]
pub(crate) struct Index {
    literals: AhoCorasick,
    /// By literal, the end of its part of `rules`.
    ends: Vec<u32>,
    /// The numbers of the rules that ask for a literal.
    rules: Vec<u32>,
    /// The rules no literal rules out, a bit each.
    always: Vec<u64>,
}

impl Index {
    pub(super) fn candidates(&self, lower: &[u8]) -> Vec<u64> {
        let mut bits = self.always.clone();
        for found in self.literals.find_overlapping_iter(lower) {
            let literal = found.pattern().as_usize();
            let start = if literal == 0 { 0 } else { self.ends[literal - 1] };
            for rule in &self.rules[start as usize..self.ends[literal] as usize] {
                bits[*rule as usize / 64] |= 1 << (rule % 64);
            }
        }
        bits
    }
}

/// Numbers rules and gathers their literals.
pub(super) struct IndexBuilder {
    everyday: Pairs,
    count: usize,
    always: Vec<usize>,
    literals: FxHashMap<Vec<u8>, Vec<u32>>,
}

impl IndexBuilder {
    pub(super) fn new() -> IndexBuilder {
        IndexBuilder { everyday: Pairs::of(EVERYDAY.as_bytes()), count: 0, always: Vec::new(), literals: FxHashMap::default() }
    }

    /// Takes the rules in; on a pattern that cannot be read, tells its place in the list and what is wrong.
    pub(super) fn list<T>(&mut self, rules: Vec<Rule<T>>) -> Result<RuleList<T>, (usize, String)> {
        let start = self.count;
        for (place, rule) in rules.iter().enumerate() {
            self.pattern(&rule.pattern.source).map_err(|what| (place, what))?;
        }
        Ok(RuleList { numbers: start..self.count, rules })
    }

    /// Takes a single pattern in; one that cannot be read never matches.
    pub(super) fn watch(&mut self, source: &str) -> Watched {
        let number = self.count;
        if self.pattern(source).is_err() {
            self.count += 1;
        }
        Watched { pattern: LazyPattern::new(source), number }
    }

    fn pattern(&mut self, source: &str) -> Result<(), String> {
        let is_common = |text: &[u8]| self.everyday.hold_end_of(text) && memmem::find(EVERYDAY.as_bytes(), text).is_some();
        match required_literals(source, &is_common)? {
            None => self.always.push(self.count),
            Some(literals) => {
                for literal in literals {
                    self.literals.entry(cut(&literal).to_vec()).or_default().push(self.count as u32);
                }
            }
        }
        self.count += 1;
        Ok(())
    }

    pub(super) fn finish(self) -> Index {
        let mut always = vec![0; self.count.div_ceil(64)];
        for rule in self.always {
            always[rule / 64] |= 1 << (rule % 64);
        }
        let mut literals: Vec<_> = self.literals.into_iter().collect();
        literals.sort();
        let mut ends = Vec::with_capacity(literals.len());
        let mut rules = Vec::new();
        for (_, asking) in &literals {
            rules.extend(asking);
            ends.push(rules.len() as u32);
        }
        let literals = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(literals.iter().map(|(literal, _)| literal))
            .unwrap_or_else(|_| unreachable!("the literals of a database stay far below the automaton's limits"));
        Index { literals, ends, rules, always }
    }
}
