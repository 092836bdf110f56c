use std::fmt;

/// Why a hit was taken but is not counted. A closed list: one word feeds the answer's header, the log, the counter and the
/// page that tells people why their data is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dropped {
    /// No site has this number or domain.
    UnknownSite,
    /// The request sets something only a token may set, and brings none that may.
    InvalidToken,
    /// A parameter has a value that cannot be.
    InvalidParameter,
    /// The request is too large or has too many parts.
    TooLarge,
    /// The server counts nothing at the moment.
    Paused,
    /// `rec=1` is missing.
    NotRecorded,
    /// A program that acts on its own sent it.
    Bot,
    /// The visitor asked not to be tracked.
    DoNotTrack,
    /// The visitor has opted out.
    OptedOut,
    /// The address is excluded.
    ExcludedAddress,
    /// The user agent is excluded.
    ExcludedUserAgent,
    /// The referrer is known for spam.
    SpamReferrer,
    /// The page lies outside the site's addresses.
    UnknownUrl,
    /// The host name is not among those the site counts.
    ExcludedHost,
    /// The page is excluded.
    ExcludedPage,
    /// The country is excluded.
    ExcludedCountry,
    /// The edge says the address belongs to a data centre, a threat or a hidden network.
    SuspiciousAddress,
    /// The page was loaded before anybody asked for it.
    Prefetch,
    /// The tracker only checks that it is installed.
    InstallCheck,
    /// A custom action that nobody here knows.
    UnknownAction,
    /// A sign of life without an open visit.
    NoVisit,
    /// An order that was counted before.
    KnownOrder,
    /// A line of an import that was counted before.
    KnownLine,
}

impl Dropped {
    /// Every reason, in the order of the checks.
    pub const ALL: [Dropped; 23] = [
        Dropped::UnknownSite,
        Dropped::InvalidToken,
        Dropped::InvalidParameter,
        Dropped::TooLarge,
        Dropped::Paused,
        Dropped::NotRecorded,
        Dropped::Bot,
        Dropped::DoNotTrack,
        Dropped::OptedOut,
        Dropped::ExcludedAddress,
        Dropped::ExcludedUserAgent,
        Dropped::SpamReferrer,
        Dropped::UnknownUrl,
        Dropped::ExcludedHost,
        Dropped::ExcludedPage,
        Dropped::ExcludedCountry,
        Dropped::SuspiciousAddress,
        Dropped::Prefetch,
        Dropped::InstallCheck,
        Dropped::UnknownAction,
        Dropped::NoVisit,
        Dropped::KnownOrder,
        Dropped::KnownLine,
    ];

    /// The stable word: written to headers, logs and counters, and asked about by people.
    pub fn code(self) -> &'static str {
        match self {
            Dropped::UnknownSite => "unknown-site",
            Dropped::InvalidToken => "invalid-token",
            Dropped::InvalidParameter => "invalid-parameter",
            Dropped::TooLarge => "too-large",
            Dropped::Paused => "paused",
            Dropped::NotRecorded => "not-recorded",
            Dropped::Bot => "bot",
            Dropped::DoNotTrack => "do-not-track",
            Dropped::OptedOut => "opted-out",
            Dropped::ExcludedAddress => "excluded-address",
            Dropped::ExcludedUserAgent => "excluded-user-agent",
            Dropped::SpamReferrer => "spam-referrer",
            Dropped::UnknownUrl => "unknown-url",
            Dropped::ExcludedHost => "excluded-host",
            Dropped::ExcludedPage => "excluded-page",
            Dropped::ExcludedCountry => "excluded-country",
            Dropped::SuspiciousAddress => "suspicious-address",
            Dropped::Prefetch => "prefetch",
            Dropped::InstallCheck => "install-check",
            Dropped::UnknownAction => "unknown-action",
            Dropped::NoVisit => "no-visit",
            Dropped::KnownOrder => "known-order",
            Dropped::KnownLine => "known-line",
        }
    }

    /// What happened and what to do about it, for people.
    pub fn explain(self) -> &'static str {
        match self {
            Dropped::UnknownSite => "no site has the number or domain of the request; check the snippet's site, or add the site",
            Dropped::InvalidToken => {
                "the request sets a time, an address or a place that needs a token with write access to the site"
            }
            Dropped::InvalidParameter => {
                "a parameter has a value that cannot be, such as an event without action or a goal that does not exist"
            }
            Dropped::TooLarge => "the request is larger than the server takes; send smaller batches",
            Dropped::Paused => "counting is switched off on this server (`record_statistics`)",
            Dropped::NotRecorded => "the parameter `rec=1` is missing",
            Dropped::Bot => "the user agent or the address belongs to a crawler; `bots=1` counts it nevertheless",
            Dropped::DoNotTrack => "the browser asks not to be tracked, and the server honours that",
            Dropped::OptedOut => "the visitor has opted out (cookie `matomo_ignore`)",
            Dropped::ExcludedAddress => "the address is on the site's or the server's excluded list",
            Dropped::ExcludedUserAgent => "the user agent is on the site's or the server's excluded list",
            Dropped::SpamReferrer => "the referrer is on the list of known spam",
            Dropped::UnknownUrl => "the page does not belong to the site's addresses, and the site counts only those",
            Dropped::ExcludedHost => "the page's host name is not among those the site counts",
            Dropped::ExcludedPage => "the page is on the site's excluded list",
            Dropped::ExcludedCountry => "the visitor's country is on the site's excluded list",
            Dropped::SuspiciousAddress => {
                "the edge in front of the server marked the address as a data centre, a threat or a hidden network"
            }
            Dropped::Prefetch => "the browser loaded the page in advance; nobody has seen it",
            Dropped::InstallCheck => "the request only checks that the tracker is installed",
            Dropped::UnknownAction => "the request carries a custom action (`ca=1`) that is not known here",
            Dropped::NoVisit => "a sign of life (`ping=1`, engagement) came after the visit was over, or before one began",
            Dropped::KnownOrder => "an order of the same number was counted before",
            Dropped::KnownLine => "the same line of the same import was counted before",
        }
    }

    /// The reason of this word.
    pub fn from_code(code: &str) -> Option<Dropped> {
        Dropped::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_words_of_their_own() {
        let codes: HashSet<&str> = Dropped::ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(codes.len(), 23);
        for reason in Dropped::ALL {
            assert_eq!(Dropped::from_code(reason.code()), Some(reason));
            assert!(reason.code().bytes().all(|sign| sign == b'-' || sign.is_ascii_lowercase()), "`{reason}`");
            assert!(!reason.explain().ends_with('.'), "`{reason}`");
        }
        assert_eq!(Dropped::from_code("no-such-reason"), None);
    }
}
