use footfall_model::{
    ActionKind, Catalogue, ConversionRow, Fact, Filter as Condition, Goal, GoalMatch, Key, Op, Related, Site, Text, Value,
};

use super::{
    Match,
    dimension::hit,
    filter::{Ground, Words, all, glob, of_kinds},
};

/// What people call a goal.
pub fn goal_name(goal: &Goal) -> Text {
    Text::from(goal.name.as_str())
}

/// Whether conversions of the goal are recorded while tracking; others are found among the actions when asked for.
pub(super) fn is_recorded(goal: &Goal) -> bool {
    matches!(goal.rule, GoalMatch::Matomo { .. })
}

/// Whether engagement reaches it.
pub(super) fn is_scroll(goal: &Goal) -> bool {
    matches!(goal.rule, GoalMatch::Scroll { .. })
}

/// The goals of a site whose names fit.
pub(super) fn named<'a>(site: &'a Site, words: &Words<'_>) -> Vec<&'a Goal> {
    site.goals.iter().filter(|goal| words.fits(&goal.name)).collect()
}

/// The condition on rows of a fact that mean the goal.
pub(super) fn condition(goal: &Goal, fact: Fact, ground: &Ground<'_>) -> Condition {
    if is_recorded(goal) {
        let Some(column) = ConversionRow::column("goal_id") else {
            return Condition::None;
        };
        let of_goal = Condition::is(column, i64::from(goal.id.0));
        return if fact == Fact::Conversions {
            of_goal
        } else {
            Condition::Has { fact: Fact::Conversions, related: Related::SameVisit, filter: Box::new(of_goal) }
        };
    }
    let on_hits = on_hits(goal);
    if fact == Fact::Hits { on_hits } else { ground.in_visit(on_hits) }
}

/// The actions that reach a goal that is not recorded.
pub(super) fn on_hits(goal: &Goal) -> Condition {
    match &goal.rule {
        GoalMatch::Matomo { .. } => Condition::None,
        GoalMatch::PagePath { path, props } => of_kinds(&[ActionKind::PageView]).and(page(path)).and(carries(props)),
        GoalMatch::Event { name, props } => {
            let Some(action) = hit("event_action") else {
                return Condition::None;
            };
            of_kinds(&[ActionKind::Event]).and(Condition::is(action, name.as_str())).and(carries(props))
        }
        GoalMatch::Scroll { path, threshold } => {
            let Some(depth) = hit("scroll_depth") else {
                return Condition::None;
            };
            let test = |op, value: i64| Condition::test(Key::Column(depth), op, vec![Value::Int(value)]);
            of_kinds(&[ActionKind::Engagement])
                .and(page(path))
                .and(test(Op::AtLeast, i64::from(*threshold)))
                .and(test(Op::AtMost, 100))
        }
    }
}

/// Actions with all of these properties.
fn carries(props: &[(String, String)]) -> Condition {
    all(props.iter().map(|(key, value)| {
        Condition::test(Key::Prop(Catalogue::PROPS, Text::from(key.as_str())), Op::Is, vec![Value::text(value)])
    }))
}

fn page(path: &str) -> Condition {
    let Some(page) = hit("page") else {
        return Condition::None;
    };
    if !path.contains('*') {
        return Condition::is(page, path);
    }
    // Most patterns are a folder and what is below it, and the start of a text is compared sooner than a pattern.
    let (op, value) = match path.strip_suffix("**").filter(|start| !start.contains('*')) {
        Some(start) if !start.is_empty() => (Op::StartsWith, start.to_owned()),
        _ => (Op::Matches, glob(path)),
    };
    Condition::test(Key::Column(page), op, vec![Value::text(&value)])
}

/// The goals a question's conditions leave: all of the site, but for those that a goal condition on top rules out.
pub(super) fn left(site: &Site, filters: &[super::Filter]) -> Vec<Goal> {
    let mut goals: Vec<&Goal> = site.goals.iter().collect();
    for filter in filters {
        if let super::Filter::Leaf(leaf) = filter
            && leaf.dimension.source == super::Source::Goal
        {
            let words = Words {
                how: if matches!(leaf.how, Match::IsNot) { Match::Is } else { leaf.how },
                values: &leaf.values,
                case_sensitive: leaf.case_sensitive,
                unset: "",
            };
            let wanted = !matches!(leaf.how, Match::IsNot | Match::ContainsNot);
            goals.retain(|goal| words.fits(&goal.name) == wanted);
        }
    }
    goals.into_iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_asked_for_by_its_start() {
        let column = Key::Column(hit("page").unwrap());
        let asked = |op, value: &str| Condition::test(column.clone(), op, vec![Value::text(value)]);
        assert_eq!(page("/blog/**"), asked(Op::StartsWith, "/blog/"));
        assert_eq!(page("/blog/*"), asked(Op::Matches, "^/blog/[^/]*$"));
        assert_eq!(page("/*/x**"), asked(Op::Matches, "^/[^/]*/x.*$"));
        assert_eq!(page("**"), asked(Op::Matches, "^.*$"));
        assert_eq!(page("/blog"), asked(Op::Is, "/blog"));
    }
}
