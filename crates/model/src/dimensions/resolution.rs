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

fn resolution(given: &str) -> Option<Value> {
    let (width, height) = given.split_once('x')?;
    let sane = |side: &str| side.parse().is_ok_and(|pixels: u32| (1..=16_384).contains(&pixels));
    (sane(width) && sane(height)).then(|| Value::text(given))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_has_two_sane_sides() {
        assert_eq!(resolution("1280x720"), Some(Value::text("1280x720")));
        for wrong in ["0x0", "1280", "x", "1280x99999", "1280x720x3", "axb"] {
            assert_eq!(resolution(wrong), None, "{wrong}");
        }
    }
}
