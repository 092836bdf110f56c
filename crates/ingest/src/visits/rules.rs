use footfall_model::{Millis, Site, Text, VisitPolicy};
use jiff::civil::Date;

/// What is known of a visit when the next hit has to be placed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Last<'a> {
    /// The last action (Matomo), or the last sign of life (Plausible).
    pub(super) at: Millis,
    /// The day of that action on the site's clock.
    pub(super) day: Date,
    /// Who it was.
    pub(super) user: Option<&'a Text>,
    /// The visit's referrer type, name and keyword; looked at only where [`compares_referrers`] says so.
    pub(super) referrer: [Option<&'a str>; 3],
}

/// What a hit brings that decides which visit it belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Next<'a> {
    /// When it happened.
    pub(super) at: Millis,
    /// Its day on the site's clock.
    pub(super) day: Date,
    /// Whether it asks for a new visit.
    pub(super) asks_for_new: bool,
    /// Who it is.
    pub(super) user: Option<&'a Text>,
    /// Its referrer type, name and keyword.
    pub(super) referrer: [Option<&'a str>; 3],
}

/// Rules of one site about when a visit ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// How hits become visits.
    pub(super) policy: VisitPolicy,
    /// Idle seconds after which a visit is over.
    pub(super) idle_seconds: i64,
    /// Seconds a visitor's visit is looked for in the past by configuration.
    pub(super) look_back_seconds: i64,
    /// Whether midnight ends visits.
    pub(super) ends_at_midnight: bool,
    /// Whether another campaign ends visits.
    pub(super) ends_on_campaign: bool,
    /// Whether another website referrer ends visits.
    pub(super) ends_on_website: bool,
    /// Whether a user id makes the visitor id, so that another user is another visitor anyway.
    pub(super) user_makes_visitor: bool,
    /// Whether a visitor who says who they are is nobody else, however much they look like somebody.
    pub(super) trusts_ids: bool,
    /// Actions after which a visit is no longer found.
    pub(super) most_actions: u32,
}

impl Rules {
    /// The rules of a site under the server's settings.
    pub(super) fn of(site: &Site, settings: &footfall_model::TrackingSettings) -> Rules {
        Rules {
            policy: site.policy,
            idle_seconds: settings.visit_seconds,
            look_back_seconds: settings.look_back_seconds.max(settings.visit_seconds),
            ends_at_midnight: settings.new_visit_after_midnight,
            ends_on_campaign: settings.new_visit_on_campaign,
            ends_on_website: settings.new_visit_on_website,
            user_makes_visitor: settings.user_id_makes_visitor_id,
            trusts_ids: site.kind == "intranet" || settings.trust_visitor_cookies,
            most_actions: settings.new_visit_after_actions,
        }
    }
}

/// Decides whether a hit goes on with the visitor's last visit. Reads no clock and touches no store.
///
/// Matomo's rules are those of its developer guide "How visits are detected"; Plausible's are 30 whole minutes after the last
/// event, across midnight, whatever else changes.
pub(super) fn goes_on(last: &Last<'_>, next: &Next<'_>, rules: &Rules) -> bool {
    let idle = next.at.seconds() - last.at.seconds();
    match rules.policy {
        VisitPolicy::Plausible => idle / 60 <= rules.idle_seconds / 60,
        VisitPolicy::Matomo => {
            let same_user = rules.user_makes_visitor || last.user.is_none() || next.user.is_none() || last.user == next.user;
            !next.asks_for_new
                && idle < rules.idle_seconds
                && (!rules.ends_at_midnight || last.day == next.day)
                && same_user
                && !is_another_referrer(last, next, rules)
        }
    }
}

fn is_another_referrer(last: &Last<'_>, next: &Next<'_>, rules: &Rules) -> bool {
    let same_text = |one: Option<&str>, other: Option<&str>| {
        one.unwrap_or_default().to_lowercase() == other.unwrap_or_default().to_lowercase()
    };
    let changed = || (0..3).any(|part| !same_text(last.referrer[part], next.referrer[part]));
    let was_direct = last.referrer[0].unwrap_or("direct") == "direct";
    compares_referrers(next.referrer[0], rules) && changed() && !(next.referrer[0] == Some("campaign") && was_direct)
}

/// Whether the visit's referrer is looked at when a hit with this type of referrer comes.
pub(super) fn compares_referrers(next: Option<&str>, rules: &Rules) -> bool {
    match next {
        _ if rules.policy != VisitPolicy::Matomo => false,
        Some("campaign") => rules.ends_on_campaign,
        Some("website") => rules.ends_on_website,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use jiff::{civil::date, tz::TimeZone};

    use super::*;

    const MATOMO: Rules = Rules {
        policy: VisitPolicy::Matomo,
        idle_seconds: 1800,
        look_back_seconds: 1800,
        ends_at_midnight: true,
        ends_on_campaign: true,
        ends_on_website: false,
        user_makes_visitor: true,
        trusts_ids: false,
        most_actions: 10_000,
    };
    const PLAUSIBLE: Rules = Rules { policy: VisitPolicy::Plausible, ..MATOMO };

    fn at(minute: i64, second: i64) -> Millis {
        let noon = date(2026, 3, 1).at(23, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp();
        Millis::from(noon).plus((minute * 60 + second) * 1000)
    }

    fn check(rules: &Rules, pause: i64, referrer: [Option<&str>; 3], expected: bool) {
        let day = |at: Millis| at.local(&TimeZone::UTC).date();
        let first = at(0, 0);
        let next = first.plus(pause * 1000);
        let last = Last { at: first, day: day(first), user: None, referrer: [Some("website"), Some("a.org"), None] };
        let next = Next { at: next, day: day(next), asks_for_new: false, user: None, referrer };
        assert_eq!(goes_on(&last, &next, rules), expected, "{pause} s, {referrer:?}");
    }

    #[test]
    fn thirty_idle_minutes_end_a_visit() {
        check(&MATOMO, 1799, [None; 3], true);
        check(&MATOMO, 1800, [None; 3], false);
        check(&PLAUSIBLE, 1859, [None; 3], true);
        check(&PLAUSIBLE, 1860, [None; 3], false);
        check(&PLAUSIBLE, -300, [None; 3], true);
    }

    #[test]
    fn midnight_ends_a_visit_of_matomo_s_kind_only() {
        let late = Rules { idle_seconds: 7200, ..MATOMO };
        check(&late, 3599, [None; 3], true);
        check(&late, 3600, [None; 3], false);
        check(&Rules { policy: VisitPolicy::Plausible, ..late }, 3600, [None; 3], true);
    }

    #[test]
    fn another_campaign_ends_a_visit() {
        let campaign = [Some("campaign"), Some("spring"), None];
        check(&MATOMO, 10, campaign, false);
        check(&Rules { ends_on_campaign: false, ..MATOMO }, 10, campaign, true);
        check(&PLAUSIBLE, 10, campaign, true);
        check(&MATOMO, 10, [Some("website"), Some("b.org"), None], true);
        check(&Rules { ends_on_website: true, ..MATOMO }, 10, [Some("website"), Some("b.org"), None], false);
    }
}
