//! The visitor's screen.

use crate::{Dimension, Kind, Names, Scope, Source, Value};

/// The visitor's screen as the tracker reports it, such as `1280x720`.
pub const RESOLUTION: Dimension = Dimension {
    id: "visit.resolution",
    column: "resolution",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Param { matomo: "res", parse: resolution },
    kinds: &[],
    names: Names { matomo: Some("resolution"), plausible: Some("visit:resolution") },
    title: "Resolution",
    doc: "The visitor's screen, width by height in pixels.",
};

/// What is sent is kept, up to nine characters: Matomo's rule.
fn resolution(given: &str) -> Option<Value> {
    let kept: String = given.chars().take(9).collect();
    (!kept.is_empty()).then(|| Value::text(&kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_is_what_is_sent() {
        assert_eq!(resolution("1280x720"), Some(Value::text("1280x720")));
        assert_eq!(resolution("0x0"), Some(Value::text("0x0")));
        assert_eq!(resolution("99999x99999"), Some(Value::text("99999x999")));
        assert_eq!(resolution(""), None);
    }
}
