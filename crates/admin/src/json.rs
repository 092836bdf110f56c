//! Lists and documents inside text columns.

use footfall_model::Error;
use serde::{Serialize, de::DeserializeOwned};

/// The JSON text of a value.
pub(crate) fn write<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|cause| Error::broken("a value cannot be written as JSON").because(cause))
}

/// The value of a JSON text this crate wrote.
pub(crate) fn read<T: DeserializeOwned>(column: &str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text)
        .map_err(|cause| Error::broken(format!("the administration database holds unreadable JSON in `{column}`")).because(cause))
}
