//! Query parameters with bounds.

use super::Failure;
use crate::Call;

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) search: String,
    pub(super) limit: usize,
    pub(super) offset: usize,
}

impl Page {
    /// # Errors
    /// When a number is none, or out of bounds.
    pub(super) fn read(call: &Call) -> Result<Page, Failure> {
        let search = call.param("search").unwrap_or_default().to_lowercase();
        if search.chars().count() > 200 {
            return Err(Failure::bad_request("`search` must have at most 200 characters"));
        }
        Ok(Page {
            search,
            limit: whole(call, "limit", 100, 1, 1000)? as usize,
            offset: whole(call, "offset", 0, 0, 10_000_000)? as usize,
        })
    }
}

/// A whole number between bounds.
///
/// # Errors
/// When it is none, or out of bounds.
pub(super) fn whole(call: &Call, name: &str, default: u64, least: u64, most: u64) -> Result<u64, Failure> {
    let Some(given) = call.param(name) else {
        return Ok(default);
    };
    given
        .parse()
        .ok()
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| Failure::bad_request(format!("`{name}` must be a whole number from {least} to {most}")))
}
