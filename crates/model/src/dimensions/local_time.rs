//! The visitor's own clock.

use crate::{Dimension, Kind, Names, Scope, Source, Value};

/// The hour on the visitor's clock when the visit began.
pub const LOCAL_HOUR: Dimension = Dimension {
    id: "visit.local_hour",
    column: "local_hour",
    scope: Scope::Visit,
    kind: Kind::Small,
    source: Source::Param { matomo: "h", parse: hour },
    kinds: &[],
    names: Names { matomo: Some("visitLocalHour"), plausible: None },
    title: "Local hour",
    doc: "The hour on the visitor's clock when the visit began, 0 to 23.",
};

/// The minute on the visitor's clock when the visit began.
pub const LOCAL_MINUTE: Dimension = Dimension {
    id: "visit.local_minute",
    column: "local_minute",
    scope: Scope::Visit,
    kind: Kind::Small,
    source: Source::Param { matomo: "m", parse: minute },
    kinds: &[],
    names: Names { matomo: Some("visitLocalMinute"), plausible: None },
    title: "Local minute",
    doc: "The minute on the visitor's clock when the visit began, 0 to 59.",
};

/// The second on the visitor's clock when the visit began.
pub const LOCAL_SECOND: Dimension = Dimension {
    id: "visit.local_second",
    column: "local_second",
    scope: Scope::Visit,
    kind: Kind::Small,
    source: Source::Param { matomo: "s", parse: minute },
    kinds: &[],
    names: Names { matomo: None, plausible: None },
    title: "Local second",
    doc: "The second on the visitor's clock when the visit began, 0 to 59.",
};

fn hour(given: &str) -> Option<Value> {
    within(given, 23)
}

fn minute(given: &str) -> Option<Value> {
    within(given, 59)
}

/// What no clock shows is 0, as at Matomo.
fn within(given: &str, most: i64) -> Option<Value> {
    given.trim().parse::<i64>().ok().map(|number| Value::Int(if (0..=most).contains(&number) { number } else { 0 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_clock_shows_is_nothing() {
        assert_eq!(hour("12"), Some(Value::Int(12)));
        assert_eq!(hour("99"), Some(Value::Int(0)));
        assert_eq!(minute("-3"), Some(Value::Int(0)));
        assert_eq!(minute("noon"), None);
    }
}
