use footfall_model::ActionKind;

/// The numbers that Matomo's clients know actions and pages by.
#[derive(Default)]
pub(super) struct Numbers;

impl Numbers {
    /// The number of a URL that was visited, fetched or followed.
    pub(super) fn action(&self, kind: u8, url: u32) -> Option<i64> {
        let _ = ActionKind::from_code(kind)?;
        (url != 0).then(|| i64::from(url))
    }

    /// The number of an action that was taken.
    pub(super) fn page(&self, hit: u64) -> i64 {
        hit as i64
    }
}
