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

fn hour(given: &str) -> Option<Value> {
    clamped(given, 23)
}

fn minute(given: &str) -> Option<Value> {
    clamped(given, 59)
}

fn clamped(given: &str, most: i64) -> Option<Value> {
    given.trim().parse::<i64>().ok().map(|number| Value::Int(number.clamp(0, most)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_clamped() {
        assert_eq!(hour("12"), Some(Value::Int(12)));
        assert_eq!(hour("99"), Some(Value::Int(23)));
        assert_eq!(minute("-3"), Some(Value::Int(0)));
        assert_eq!(minute("noon"), None);
    }
}
