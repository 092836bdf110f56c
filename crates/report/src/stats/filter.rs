use footfall_model::{ActionKind, Catalogue, Fact, Filter as Condition, Key, Op, Related, Site, Test, Text, TimeRange, Value};

use super::{
    Dimension, Source,
    dimension::{KIND_NAMES, hit, visit},
    goal,
};

/// Which visits and actions count.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of these have to hold.
    All(Vec<Filter>),
    /// One of these has to hold.
    Any(Vec<Filter>),
    /// This must not hold.
    Not(Box<Filter>),
    /// Something that satisfies this was done in the same visit.
    Done(Box<Filter>),
    /// A comparison.
    Leaf(Leaf),
}

/// A comparison of a dimension with values.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// How it is compared.
    pub how: Match,
    /// What is compared.
    pub dimension: Dimension,
    /// With what: one of them has to fit, or none for the negated comparisons.
    pub values: Vec<Text>,
    /// Whether upper and lower case differ.
    pub case_sensitive: bool,
}

/// How a dimension is compared with values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as the field names them")]
pub enum Match {
    Is,
    IsNot,
    Contains,
    ContainsNot,
    /// Regular expressions (RE2 syntax), anywhere in the text.
    Matches,
    MatchesNot,
    /// `*` stands for any characters but `/`, `**` for any; the whole text has to fit.
    Wildcard,
    WildcardNot,
}

impl Match {
    /// The comparison without its negation, and whether it was negated.
    pub(super) fn positive(self) -> (Match, bool) {
        match self {
            Match::IsNot => (Match::Is, true),
            Match::ContainsNot => (Match::Contains, true),
            Match::MatchesNot => (Match::Matches, true),
            Match::WildcardNot => (Match::Wildcard, true),
            positive => (positive, false),
        }
    }
}

impl Filter {
    /// A comparison that minds upper and lower case.
    pub fn leaf(how: Match, dimension: Dimension, values: Vec<Text>) -> Filter {
        Filter::Leaf(Leaf { how, dimension, values, case_sensitive: true })
    }

    /// Every comparison, with how deep it lies and whether it is about something done in the visit.
    pub fn leaves(&self) -> Vec<(&Leaf, usize, bool)> {
        fn walk<'a>(filter: &'a Filter, depth: usize, done: bool, into: &mut Vec<(&'a Leaf, usize, bool)>) {
            match filter {
                Filter::All(parts) | Filter::Any(parts) => {
                    parts.iter().for_each(|part| walk(part, depth + 1, done, into));
                }
                Filter::Not(inner) => walk(inner, depth + 1, done, into),
                Filter::Done(inner) => walk(inner, depth + 1, true, into),
                Filter::Leaf(leaf) => into.push((leaf, depth, done)),
            }
        }
        let mut into = Vec::new();
        walk(self, 0, false, &mut into);
        into
    }

    /// Whether it is about what was done, so that actions have to be looked at.
    pub(super) fn is_of_actions(&self) -> bool {
        self.leaves().iter().any(|(leaf, _, done)| leaf.dimension.is_of_actions() && !done)
    }

    /// The same with one dimension in place of another.
    #[must_use]
    pub(super) fn renamed(&self, from: &Dimension, to: &Dimension) -> Filter {
        let each = |parts: &[Filter]| parts.iter().map(|part| part.renamed(from, to)).collect();
        match self {
            Filter::All(parts) => Filter::All(each(parts)),
            Filter::Any(parts) => Filter::Any(each(parts)),
            Filter::Not(inner) => Filter::Not(Box::new(inner.renamed(from, to))),
            Filter::Done(inner) => Filter::Done(inner.clone()),
            Filter::Leaf(leaf) if leaf.dimension == *from => Filter::Leaf(Leaf {
                dimension: Dimension { name: Text::from("visit:entry"), source: to.source.clone() },
                ..leaf.clone()
            }),
            Filter::Leaf(leaf) => Filter::Leaf(leaf.clone()),
        }
    }
}

/// What conditions are made with.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) site: &'a Site,
    pub(super) range: TimeRange,
}

impl Ground<'_> {
    /// The condition on the rows of a fact.
    pub(super) fn condition(&self, filter: &Filter, fact: Fact) -> Condition {
        match filter {
            Filter::All(parts) => all(parts.iter().map(|part| self.condition(part, fact))),
            Filter::Any(parts) => any(parts.iter().map(|part| self.condition(part, fact)).collect()),
            Filter::Not(inner) => self.condition(inner, fact).negated(),
            Filter::Done(inner) => self.in_visit(self.condition(inner, Fact::Hits)),
            Filter::Leaf(leaf) => self.leaf(leaf, fact),
        }
    }

    /// An action of the row's visit, in the range, satisfies the condition.
    pub(super) fn in_visit(&self, condition: Condition) -> Condition {
        Condition::Has { fact: Fact::Hits, related: Related::SameVisit, filter: Box::new(self.hits_in_range().and(condition)) }
    }

    fn hits_in_range(&self) -> Condition {
        let Some(at) = hit("at") else {
            return Condition::All;
        };
        let test = |op, moment: i64| Condition::test(Key::Column(at), op, vec![Value::Int(moment)]);
        test(Op::AtLeast, self.range.start.0).and(test(Op::Less, self.range.end.0))
    }

    fn leaf(&self, leaf: &Leaf, fact: Fact) -> Condition {
        let (how, negated) = leaf.how.positive();
        let of_hits = |condition: Condition| {
            if fact == Fact::Hits { condition } else { self.in_visit(condition) }
        };
        let words = Words { how, values: &leaf.values, case_sensitive: leaf.case_sensitive, unset: leaf.dimension.unset() };
        let condition = match &leaf.dimension.source {
            Source::Goal => {
                any(goal::named(self.site, &words).into_iter().map(|goal| goal::condition(goal, fact, self)).collect())
            }
            Source::Visit(column) => words.on(&Key::Column(*column)),
            Source::Hit(column, kinds) => {
                let test = of_kinds(kinds).and(words.on(&Key::Column(*column)));
                return of_hits(if negated { test.negated() } else { test });
            }
            Source::EventName => {
                let test = words.on_event_name();
                return of_hits(if negated { test.negated() } else { test });
            }
            Source::Prop(name) => {
                return of_hits(words.on_prop(Key::Prop(Catalogue::PROPS, name.clone()), negated));
            }
            Source::EntryProp(name) => {
                return words.on_prop(Key::Prop(Catalogue::ENTRY_PROPS, name.clone()), negated);
            }
            Source::VisitorType => any([("new", true), ("returning", false)]
                .into_iter()
                .filter(|(name, _)| words.fits(name))
                .filter_map(|(_, new)| {
                    let is_new = Condition::is(visit("visitor_kind")?, 0i64);
                    Some(if new { is_new } else { is_new.negated() })
                })
                .collect()),
            Source::Place(place) => match place.column() {
                Some(column) => {
                    let mut codes = place.codes(|name| words.fits(name));
                    if words.fits(words.unset) {
                        codes.push(Value::Null);
                    }
                    Condition::test(Key::Column(column), Op::Is, codes)
                }
                None => Condition::None,
            },
            Source::Time(_) | Source::Clock(_) => Condition::None,
        };
        if negated { condition.negated() } else { condition }
    }
}

/// A comparison with words, not negated.
pub(super) struct Words<'a> {
    pub(super) how: Match,
    pub(super) values: &'a [Text],
    pub(super) case_sensitive: bool,
    pub(super) unset: &'static str,
}

impl Words<'_> {
    /// Whether a text fits.
    pub(super) fn fits(&self, text: &str) -> bool {
        let lower = |text: &str| if self.case_sensitive { text.to_owned() } else { text.to_lowercase() };
        let text = lower(text);
        self.values.iter().any(|value| match self.how {
            Match::Is | Match::IsNot => text == lower(value),
            Match::Contains | Match::ContainsNot => text.contains(&lower(value)),
            Match::Matches | Match::MatchesNot => matches(value, &text, self.case_sensitive),
            Match::Wildcard | Match::WildcardNot => matches(&glob(value), &text, self.case_sensitive),
        })
    }

    fn test(&self, key: &Key, op: Op, values: Vec<Value>) -> Condition {
        Condition::Test(Test { key: key.clone(), op, values, case_sensitive: self.case_sensitive })
    }

    fn texts(&self) -> Vec<Value> {
        self.values.iter().map(|value| Value::Text(value.clone())).collect()
    }

    /// The comparison where a value is there.
    fn set(&self, key: &Key) -> Condition {
        match self.how {
            Match::Is | Match::IsNot => self.test(key, Op::Is, self.texts()),
            Match::Contains | Match::ContainsNot => self.test(key, Op::Contains, self.texts()),
            Match::Matches | Match::MatchesNot => self.test(key, Op::Matches, self.texts()),
            Match::Wildcard | Match::WildcardNot => {
                let patterns = self.values.iter().map(|value| Value::text(&glob(value))).collect();
                self.test(key, Op::Matches, patterns)
            }
        }
    }

    /// The comparison; where no value is there, the word shown instead is compared.
    fn on(&self, key: &Key) -> Condition {
        if self.how == Match::Is {
            let values = self.values.iter().map(|value| {
                let unset = **value == *self.unset || &**value == super::dimension::NOT_SET || value.is_empty();
                if unset { Value::Null } else { Value::Text(value.clone()) }
            });
            return self.test(key, Op::Is, values.collect());
        }
        if self.fits(self.unset) {
            return any(vec![self.set(key), unset(key)]);
        }
        self.set(key)
    }

    /// Properties: only rows that have it are compared, but for equality.
    fn on_prop(&self, key: Key, negated: bool) -> Condition {
        let has = unset(&key).negated();
        if self.how != Match::Is {
            let set = self.set(&key);
            return has.and(if negated { set.negated() } else { set });
        }
        let none = self.values.iter().any(|value| **value == *self.unset);
        let positive = has.clone().and(self.set(&key));
        match (negated, none) {
            (false, true) => any(vec![positive, unset(&key)]),
            (false, false) => positive,
            (true, true) => has.and(self.set(&key).negated()),
            (true, false) => any(vec![has.and(self.set(&key).negated()), unset(&key)]),
        }
    }

    fn on_event_name(&self) -> Condition {
        let mut ways: Vec<Condition> =
            KIND_NAMES.iter().filter(|(_, name)| self.fits(name)).map(|(kind, _)| of_kinds(&[*kind])).collect();
        if let Some(action) = hit("event_action") {
            ways.push(of_kinds(&[ActionKind::Event]).and(self.set(&Key::Column(action))));
        }
        any(ways)
    }
}

fn unset(key: &Key) -> Condition {
    Condition::test(key.clone(), Op::Is, vec![Value::Null])
}

/// Actions of these kinds; all where none is named.
pub(super) fn of_kinds(kinds: &[ActionKind]) -> Condition {
    match hit("kind") {
        Some(kind) if !kinds.is_empty() => {
            let codes = kinds.iter().map(|kind| Value::Int(*kind as i64)).collect();
            Condition::test(Key::Column(kind), Op::Is, codes)
        }
        _ => Condition::All,
    }
}

/// All of these.
pub(super) fn all(conditions: impl IntoIterator<Item = Condition>) -> Condition {
    conditions.into_iter().fold(Condition::All, Condition::and)
}

/// One of these.
pub(super) fn any(mut conditions: Vec<Condition>) -> Condition {
    match conditions.len() {
        0 => Condition::None,
        1 => conditions.remove(0),
        _ => Condition::Or(conditions),
    }
}

fn matches(pattern: &str, text: &str, case_sensitive: bool) -> bool {
    regex::RegexBuilder::new(pattern)
        .case_insensitive(!case_sensitive)
        .size_limit(1 << 20)
        .build()
        .is_ok_and(|regex| regex.is_match(text))
}

/// Whether a path fits a pattern with stars.
pub(super) fn matches_glob(pattern: &str, path: &str) -> bool {
    if pattern.contains('*') { matches(&glob(pattern), path, true) } else { pattern == path }
}

/// The regular expression of a path pattern.
pub(super) fn glob(pattern: &str) -> String {
    let mut expression = String::from("^");
    let mut rest = pattern;
    while let Some(at) = rest.find('*') {
        expression.push_str(&regex::escape(&rest[..at]));
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("**") {
            expression.push_str(".*");
            rest = after;
        } else {
            expression.push_str("[^/]*");
            rest = &rest[1..];
        }
    }
    expression.push_str(&regex::escape(rest));
    expression.push('$');
    expression
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_characters() {
        assert_eq!(glob("/blog/*/x.y"), r"^/blog/[^/]*/x\.y$");
        assert_eq!(glob("**a**"), "^.*a.*$");
        assert_eq!(glob("/plain"), "^/plain$");
    }

    #[test]
    fn words_fit_whole_or_in_part() {
        let fits = |how, values: &[&str], case_sensitive, text: &str| {
            let values: Vec<Text> = values.iter().map(|value| Text::from(*value)).collect();
            Words { how, values: &values, case_sensitive, unset: "" }.fits(text)
        };
        assert!(fits(Match::Is, &["a", "b"], true, "b"));
        assert!(!fits(Match::Is, &["A"], true, "a"));
        assert!(fits(Match::Is, &["A"], false, "a"));
        assert!(fits(Match::Contains, &["ect"], true, "Direct / None"));
        assert!(fits(Match::Wildcard, &["/a/*"], true, "/a/b"));
        assert!(!fits(Match::Wildcard, &["/a/*"], true, "/a/b/c"));
        assert!(fits(Match::Matches, &["^b+"], true, "bbc"));
    }
}
