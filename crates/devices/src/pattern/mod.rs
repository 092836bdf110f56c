//! The regular expressions of a rule database, made for many patterns over short texts.
//!
//! A database holds some 22 000 patterns of Perl's dialect, most of which are asked once in a while. So a pattern here
//! costs a few hundred bytes and a few microseconds to compile, knows look-around, and answers within a budget of
//! steps. Letters match in either case, and without Unicode, as Matomo runs them.

mod literals;
mod matcher;
mod pairs;
mod parse;
mod program;
mod set;

pub(crate) use literals::{cut, required_literals};
pub(crate) use matcher::{Captures, Scratch};
pub(crate) use pairs::Pairs;
pub(crate) use program::Pattern;
pub(crate) use set::ByteSet;

/// A parsed pattern. Letters are lower case; sets hold both cases.
#[derive(Clone, Debug)]
enum Node {
    Empty,
    Byte(u8),
    Set(ByteSet),
    Start,
    End,
    Group(Box<Node>, Option<u16>),
    Concat(Vec<Node>),
    Alternate(Vec<Node>),
    Repeat { node: Box<Node>, min: u16, max: u16, greedy: bool },
    Look { node: Box<Node>, behind: bool, negative: bool },
}

/// The `max` of a repetition without end.
const NO_END: u16 = u16::MAX;

impl Node {
    /// Whether the node can match without taking a byte, and which bytes it can begin with.
    fn first(&self) -> (bool, ByteSet) {
        match self {
            Node::Empty | Node::Start | Node::End | Node::Look { .. } => (true, ByteSet::EMPTY),
            Node::Byte(byte) => (false, ByteSet::of(*byte)),
            Node::Set(set) => (false, *set),
            Node::Group(node, _) => node.first(),
            Node::Concat(nodes) => {
                let mut all = ByteSet::EMPTY;
                for node in nodes {
                    let (empty, set) = node.first();
                    all = all.or(set);
                    if !empty {
                        return (false, all);
                    }
                }
                (true, all)
            }
            Node::Alternate(nodes) => nodes.iter().fold((false, ByteSet::EMPTY), |(empty, all), node| {
                let (also_empty, set) = node.first();
                (empty || also_empty, all.or(set))
            }),
            Node::Repeat { node, min, .. } => {
                let (empty, set) = node.first();
                (empty || *min == 0, set)
            }
        }
    }

    /// How many bytes the node takes, where that is always the same.
    fn width(&self) -> Option<usize> {
        match self {
            Node::Empty | Node::Start | Node::End | Node::Look { .. } => Some(0),
            Node::Byte(_) | Node::Set(_) => Some(1),
            Node::Group(node, _) => node.width(),
            Node::Concat(nodes) => nodes.iter().map(Node::width).sum(),
            Node::Alternate(nodes) => {
                let mut widths = nodes.iter().map(Node::width);
                let first = widths.next()??;
                widths.all(|width| width == Some(first)).then_some(first)
            }
            Node::Repeat { node, min, max, .. } if min == max => Some(node.width()? * usize::from(*min)),
            Node::Repeat { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The groups of the first match anywhere.
    fn groups(source: &str, text: &str) -> Option<Vec<String>> {
        let pattern = Pattern::new(source).unwrap();
        let mut scratch = Scratch::new();
        let lower = text.to_ascii_lowercase();
        pattern.matches(lower.as_bytes(), 0..=text.len() as u32, &mut scratch).then(|| {
            let captures = scratch.captures(&pattern, text);
            (1..=captures.count()).map(|number| captures.group(number).into_owned()).collect()
        })
    }

    #[test]
    fn patterns_match_as_perl_would() {
        for (source, text, expected) in [
            (r"Chrome(?:/(\d+[.\d]+))?", "x chrome/120.0 y", Some(vec!["120.0"])),
            (r"(a|ab)(c|bcd)?", "abcd", Some(vec!["a", "bcd"])),
            (r"(a+?)(a*)", "aaa", Some(vec!["a", "aa"])),
            (r"(?:(a)|b)+", "ab", Some(vec!["a"])),
            (r"([^;/)]+)(?: Build|[;/)])", "(Pixel 8 Build/1", Some(vec!["(Pixel 8 Build"])),
            (r"(?<!like )Android (\d)", "like Android 1; Android 2", Some(vec!["2"])),
            (r"(?<!a|bc)d", "ad bcd", None),
            (r"(?<=x-)y", "x-y", Some(vec![])),
            (r"Tablet(?! PC)", "Tablet PC", None),
            (r"a{2,3}?(a*)", "aaaa", Some(vec!["aa"])),
            (r"^b", "ab", None),
            (r"b$", "ab\n", Some(vec![])),
            (r".+b", "a\nb", None),
            (r".*b", "a\nxb", Some(vec![])),
            (r"[]a-]+", "]-a", Some(vec![])),
            (r"[^\d\s]", "1 2", None),
            (r"\w+\.\W", "ab.-", Some(vec![])),
            (r"(?:a?)*b", "aab", Some(vec![])),
            (r"a|b|c|d|(e)", "E", Some(vec!["E"])),
            (r"(É)", "É", Some(vec!["É"])),
        ] {
            let expected = expected.map(|texts| texts.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(groups(source, text), expected, "{source} on {text}");
        }
    }

    #[test]
    fn a_budget_ends_every_match() {
        let pattern = Pattern::new("(?:a|aa|aaa)+b").unwrap();
        let mut scratch = Scratch::new();
        let text = "a".repeat(2000);
        assert!(!pattern.matches(text.as_bytes(), 0..=2000, &mut scratch));
        assert!(!Pattern::new("a").unwrap().matches(text.as_bytes(), [0], &mut scratch), "the budget is used up");
    }

    #[test]
    fn patterns_too_long_are_refused() {
        assert!(Pattern::new("(?:(?:(?:ab){1000}){1000}){1000}").is_err());
        assert!(Pattern::new("(?<=a+)b").is_err());
    }

    /// Patterns whose repetitions take one byte a round, so that all dialects agree on their groups.
    fn source() -> impl Strategy<Value = String> {
        let atom = prop_oneof!["[abc1 ]", Just("[a-c]".to_owned()), Just("[^b]".to_owned()), Just(r"\d".to_owned()), Just(".".to_owned())];
        let times = prop_oneof![Just(""), Just(""), Just("?"), Just("*"), Just("+"), Just("+?"), Just("*?"), Just("{2}"), Just("{1,2}")];
        let piece = (atom, times).prop_map(|(atom, times)| format!("{atom}{times}"));
        piece.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
                prop::collection::vec(inner.clone(), 2..7).prop_map(|parts| format!("(?:{})", parts.join("|"))),
                inner.clone().prop_map(|part| format!("({part})")),
                inner.prop_map(|part| format!("(?:{part})?")),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn groups_are_those_of_the_regex_crate(source in source(), text in "[abcABC1 ]{0,12}") {
            let regex = regex::bytes::Regex::new(&format!("(?i-u){source}")).unwrap();
            let expected = regex.captures(text.as_bytes()).map(|captures| {
                let group = |group: Option<regex::bytes::Match<'_>>| {
                    group.map_or(String::new(), |group| String::from_utf8_lossy(group.as_bytes()).into_owned())
                };
                captures.iter().skip(1).map(group).collect::<Vec<_>>()
            });
            prop_assert_eq!(groups(&source, &text), expected);
        }

        #[test]
        fn every_match_holds_what_is_required(source in source(), text in "[abc1 ]{0,12}") {
            let pattern = Pattern::new(&source).unwrap();
            let everywhere = 0..=text.len() as u32;
            if pattern.matches(text.as_bytes(), everywhere, &mut Scratch::new()) {
                let literals = required_literals(&source, &|_| false).unwrap();
                let held = |literal: &Vec<u8>| text.as_bytes().windows(literal.len()).any(|part| part == literal);
                prop_assert!(literals.is_none_or(|literals| literals.iter().any(held)));
                let first_bytes = text.bytes().fold(ByteSet::EMPTY, ByteSet::with);
                prop_assert!(pattern.may_match(&Pairs::of(text.as_bytes()), &first_bytes));
            }
        }

        #[test]
        fn no_source_panics(source in r"[ab()\[\]{}?*+|\\^$.,:!<=0-9-]{0,20}", text in "[ab\\-,:]{0,8}") {
            if let Ok(pattern) = Pattern::new(&source) {
                pattern.matches(text.as_bytes(), 0..=text.len() as u32, &mut Scratch::new());
            }
        }
    }
}
