use serde::de::DeserializeOwned;

use super::Failure;
use crate::Call;

/// The longest body that is read, in bytes.
pub(super) const LONGEST: usize = 256 * 1024;

/// Reads a JSON body.
///
/// # Errors
/// When it is too long, not JSON, or has a field that is unknown or of another type.
pub(super) fn read<T: DeserializeOwned>(call: &Call) -> Result<T, Failure> {
    if call.body.len() > LONGEST {
        return Err(Failure::new(413, "too_large", "the body is larger than 256 KiB"));
    }
    serde_json::from_slice(&call.body).map_err(|error| {
        let text = error.to_string();
        let text = text.split(" at line ").next().unwrap_or(&text);
        let kind = if error.is_data() { "the body is not what is asked for" } else { "the body is not JSON" };
        Failure::bad_request(format!("{kind}: {text}"))
    })
}

/// For fields that may be null: tells `null` from a field that is not there.
pub(super) fn nullable<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: serde::Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    serde::Deserialize::deserialize(deserializer).map(Some)
}
