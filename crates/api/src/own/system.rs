/// What the server knows of itself and tells in answers.
#[derive(Clone, Debug, Default)]
pub struct System {
    /// The server's version.
    pub version: String,
    /// The engine that keeps the hits, with its version.
    pub engine: String,
    /// Hits acknowledged and not yet in the store.
    pub journal_waiting: u64,
    /// Which place database answers.
    pub place_data: String,
    /// Which device database answers.
    pub device_data: String,
    /// Every reason for which a hit may not be counted.
    pub drop_reasons: Vec<DropReason>,
}

/// A reason for which a hit may not be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DropReason {
    /// Stable: as in the header `x-footfall-dropped`.
    pub code: &'static str,
    /// What happened, in a few words.
    pub title: &'static str,
    /// What to do when it is not wanted.
    pub hint: &'static str,
}
