use footfall_model::{ActionKind, Goal, GoalMatch, MatchAttribute, MatchPattern, Millis};
use regex::{Regex, RegexBuilder};
use rustc_hash::FxHashMap;

/// What goals are matched against: one action and where its visit stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reached<'a> {
    /// The kind of action.
    pub(super) kind: ActionKind,
    /// The URL with its scheme: the page's, the file's or the target's.
    pub(super) url: &'a str,
    /// The page's title.
    pub(super) title: &'a str,
    /// An event's category.
    pub(super) event_category: &'a str,
    /// An event's action.
    pub(super) event_action: &'a str,
    /// An event's name.
    pub(super) event_name: &'a str,
    /// When the visit began.
    pub(super) visit_began: Option<Millis>,
    /// When the action happened.
    pub(super) at: Millis,
    /// Actions of the visit, this one included.
    pub(super) visit_actions: u32,
    /// Page views of the visit, this one included.
    pub(super) visit_pageviews: u32,
}

/// Compiled patterns of goals, kept since the same few are needed for every action.
#[derive(Debug, Default)]
pub(super) struct Patterns(FxHashMap<(String, bool), Option<Regex>>);

impl Patterns {
    const MOST: usize = 1000;

    fn is_match(&mut self, pattern: &str, case_sensitive: bool, subject: &str) -> bool {
        if self.0.len() >= Patterns::MOST {
            self.0.clear();
        }
        self.0
            .entry((pattern.to_owned(), case_sensitive))
            .or_insert_with(|| RegexBuilder::new(pattern).case_insensitive(!case_sensitive).size_limit(1 << 20).build().ok())
            .as_ref()
            .is_some_and(|regex| regex.is_match(subject))
    }
}

/// Whether an action reaches a goal (Matomo's rules; Plausible's goals are evaluated when they are asked for).
pub(super) fn reaches(goal: &Goal, action: &Reached<'_>, patterns: &mut Patterns) -> bool {
    let GoalMatch::Matomo { attribute, pattern, text, case_sensitive } = &goal.rule else { return false };
    let (kind, subject) = match attribute {
        MatchAttribute::Manually => return false,
        MatchAttribute::Url => (ActionKind::PageView, action.url),
        MatchAttribute::Title => (ActionKind::PageView, action.title),
        MatchAttribute::File => (ActionKind::Download, action.url),
        MatchAttribute::ExternalWebsite => (ActionKind::Outlink, action.url),
        MatchAttribute::EventCategory => (ActionKind::Event, action.event_category),
        MatchAttribute::EventAction => (ActionKind::Event, action.event_action),
        MatchAttribute::EventName => (ActionKind::Event, action.event_name),
        MatchAttribute::VisitDuration => {
            let minutes = action.visit_began.map(|began| (action.at.seconds() - began.seconds()) as f64 / 60.0);
            return *pattern == MatchPattern::GreaterThan && exceeds(minutes, text);
        }
        MatchAttribute::VisitTotalActions => {
            return *pattern == MatchPattern::GreaterThan && exceeds(Some(f64::from(action.visit_actions)), text);
        }
        MatchAttribute::VisitTotalPageviews => {
            return *pattern == MatchPattern::GreaterThan && exceeds(Some(f64::from(action.visit_pageviews)), text);
        }
    };
    if action.kind != kind {
        return false;
    }
    let mut matches = |text: &str| match pattern {
        MatchPattern::Contains if *case_sensitive => subject.contains(text),
        MatchPattern::Contains => subject.to_lowercase().contains(&text.to_lowercase()),
        MatchPattern::Exact if *case_sensitive => subject == text,
        MatchPattern::Exact => subject.to_lowercase() == text.to_lowercase(),
        MatchPattern::Regex => patterns.is_match(text, *case_sensitive, subject),
        MatchPattern::GreaterThan => false,
    };
    matches(text) || percent_decoded(text).is_some_and(|decoded| matches(&decoded))
}

fn exceeds(number: Option<f64>, threshold: &str) -> bool {
    number.zip(threshold.trim().parse::<f64>().ok()).is_some_and(|(number, threshold)| number > threshold)
}

/// The text percent-decoded, where that makes a difference: people paste encoded URLs into goals.
fn percent_decoded(text: &str) -> Option<String> {
    let decoded = percent_encoding::percent_decode_str(text).decode_utf8().ok()?.replace('+', " ");
    (decoded != text).then_some(decoded)
}

#[cfg(test)]
mod tests {
    use footfall_model::GoalId;

    use super::*;

    fn check(attribute: &str, pattern: &str, text: &str, case_sensitive: bool, expected: bool) {
        let goal = Goal {
            id: GoalId(1),
            name: "goal".to_owned(),
            description: String::new(),
            rule: GoalMatch::Matomo {
                attribute: MatchAttribute::parse(attribute).unwrap(),
                pattern: MatchPattern::parse(pattern).unwrap(),
                text: text.to_owned(),
                case_sensitive,
            },
            revenue: 0.0,
            event_value_as_revenue: false,
            many_per_visit: false,
            currency: None,
        };
        let action = Reached {
            kind: ActionKind::PageView,
            url: "https://example.org/Shop/thank you?a=b",
            title: "Thanks!",
            event_category: "",
            event_action: "",
            event_name: "",
            visit_began: Some(Millis::from_seconds(0)),
            at: Millis::from_seconds(121),
            visit_actions: 3,
            visit_pageviews: 2,
        };
        assert_eq!(reaches(&goal, &action, &mut Patterns::default()), expected, "{attribute} {pattern} {text}");
    }

    #[test]
    fn urls_and_titles_are_matched_by_every_pattern() {
        check("url", "contains", "/shop/", false, true);
        check("url", "contains", "/shop/", true, false);
        check("url", "contains", "thank%20you", false, true);
        check("url", "exact", "https://example.org/Shop/thank you?a=b", true, true);
        check("url", "exact", "https://example.org/Shop/", true, false);
        check("url", "regex", "shop/.*a=b$", false, true);
        check("url", "regex", "shop/.*a=b$", true, false);
        check("url", "regex", "(", false, false);
        check("title", "exact", "thanks!", false, true);
    }

    #[test]
    fn other_kinds_of_action_do_not_count() {
        check("file", "contains", "shop", false, false);
        check("event_action", "contains", "", false, false);
        check("manually", "contains", "", false, false);
    }

    #[test]
    fn durations_and_counts_are_exceeded() {
        check("visit_duration", "greater_than", "2", false, true);
        check("visit_duration", "greater_than", "2.1", false, false);
        check("visit_total_actions", "greater_than", "2", false, true);
        check("visit_total_pageviews", "greater_than", "2", false, false);
    }
}
