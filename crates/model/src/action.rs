/// What a visitor did. The number is what stores keep; it never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum ActionKind {
    /// A page was shown.
    PageView = 1,
    /// A file was fetched.
    Download = 2,
    /// A link to another site was followed.
    Outlink = 3,
    /// The site's own search was used.
    Search = 4,
    /// An event: Matomo's category/action/name, or a custom event of Plausible's dialect.
    Event = 5,
    /// A piece of content was seen.
    ContentImpression = 6,
    /// A piece of content was used.
    ContentInteraction = 7,
    /// Reading went on: scroll depth and engaged time. Not an action of its own.
    Engagement = 8,
}

impl ActionKind {
    /// Every kind, in the order of their numbers.
    pub const ALL: [ActionKind; 8] = [
        ActionKind::PageView,
        ActionKind::Download,
        ActionKind::Outlink,
        ActionKind::Search,
        ActionKind::Event,
        ActionKind::ContentImpression,
        ActionKind::ContentInteraction,
        ActionKind::Engagement,
    ];

    /// The kind with this number.
    pub fn from_code(code: u8) -> Option<ActionKind> {
        ActionKind::ALL.into_iter().find(|kind| *kind as u8 == code)
    }
}
