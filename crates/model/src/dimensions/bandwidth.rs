//! How much was sent.

use crate::{Dimension, Kind, Names, Scope, Source, Value};

/// Bytes the server sent for this action.
pub const BANDWIDTH: Dimension = Dimension {
    id: "action.bandwidth",
    column: "bandwidth",
    scope: Scope::Action,
    kind: Kind::Count,
    source: Source::Param { matomo: "bw_bytes", parse: bytes },
    kinds: &[],
    names: Names { matomo: None, plausible: None },
    title: "Bandwidth",
    doc: "Bytes the server sent for this action.",
};

fn bytes(given: &str) -> Option<Value> {
    given.trim().parse::<u32>().ok().map(|bytes| Value::Int(i64::from(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_a_whole_number() {
        assert_eq!(bytes("2048"), Some(Value::Int(2048)));
        assert_eq!(bytes("-1"), None);
        assert_eq!(bytes("1.5"), None);
    }
}
