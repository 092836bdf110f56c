//! The only place that asks what time it is.

use footfall_model::Millis;

/// The wall clock.
#[expect(clippy::disallowed_methods, reason = "this is the server's clock, the one reader of the system's")]
pub(crate) fn now() -> Millis {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
