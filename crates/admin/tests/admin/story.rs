//! One of everything: what the frozen databases hold, and what must be read from them.

use footfall_admin::{
    Admin, Drops, FailureKind, GuestRole, NewDimension, NewFunnel, NewGoal, NewScheduledReport, NewSegment, NewSession, NewSite,
    NewToken, NewUser, SignIn, SignInOutcome, SiteChanges, TrackingFailure, UserChanges,
};
use footfall_model::{Access, CustomScope, Error, GoalId, GoalMatch, MatchAttribute, MatchPattern, Millis, SiteId};

/// When the story happens.
pub(crate) const THEN: Millis = Millis(1_795_000_000_000);

/// The secret of the story's token.
pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// Writes one of everything.
pub(crate) async fn tell(admin: &Admin) -> Result<(), Error> {
    let one = SiteId(1);
    for (name, url) in [("Shop", "https://shop.example"), ("Docs", "https://docs.example")] {
        let new = NewSite {
            name: name.to_owned(),
            urls: vec![url.to_owned()],
            timezone: Some("Europe/Berlin".to_owned()),
            ..NewSite::default()
        };
        admin.add_site(new, THEN).await?;
    }
    let changes = SiteChanges { domain: Some("store.example".to_owned()), ..SiteChanges::default() };
    admin.update_site(one, changes, THEN).await?;
    admin.set_site_setting(one, "retention_days", &180).await?;
    for rule in [
        GoalMatch::Matomo {
            attribute: MatchAttribute::Url,
            pattern: MatchPattern::Contains,
            text: "/thanks".to_owned(),
            case_sensitive: false,
        },
        GoalMatch::PagePath { path: "/signup".to_owned(), props: Vec::new() },
        GoalMatch::Event { name: "Buy".to_owned(), props: vec![("plan".to_owned(), "pro".to_owned())] },
        GoalMatch::Scroll { path: "/blog/*".to_owned(), threshold: 90 },
    ] {
        admin.add_goal(one, NewGoal { revenue: 2.5, ..NewGoal::new("", rule) }).await?;
    }
    admin.delete_goal(one, GoalId(4)).await?;
    let dimension = NewDimension {
        name: "Edition".to_owned(),
        scope: CustomScope::Visit,
        active: true,
        case_sensitive: true,
        extractions: vec![("urlparam".to_owned(), "edition".to_owned())],
    };
    admin.add_dimension(one, dimension).await?;
    let funnel = NewFunnel { name: "Way".to_owned(), steps: vec![GoalId(2), GoalId(3)], strict: false };
    admin.add_funnel(one, funnel).await?;
    people(admin).await?;
    notes(admin).await
}

async fn people(admin: &Admin) -> Result<(), Error> {
    for login in ["root", "ada"] {
        let new = NewUser {
            login: login.to_owned(),
            email: format!("{login}@example.org"),
            name: String::new(),
            password: Some(format!("password of {login}")),
            superuser: login == "root",
            role: None,
        };
        admin.add_user(new, THEN).await?;
    }
    let changes = UserChanges { theme: Some("dark".to_owned()), ..UserChanges::default() };
    admin.update_user("ada", changes, THEN).await?;
    let new = NewUser { login: "eve".to_owned(), email: "eve@example.org".to_owned(), ..NewUser::default() };
    admin.invite_user(new, "root", THEN.plus(1), THEN).await?;
    admin.set_access("ada", Some(Access::Write), &[SiteId(2)]).await?;
    admin.set_preference("ada", "language", Some("de")).await?;
    let token = NewToken { login: "ada".to_owned(), description: "script".to_owned(), ..NewToken::default() };
    admin.keep_token(TOKEN, token, THEN).await?;
    let session = NewSession { login: "ada", replaces: None, pending: false, lasts: 1000 };
    admin.start_session(session, THEN).await?;
    let sign_in = SignIn { at: THEN, login: "ada".to_owned(), outcome: SignInOutcome::Done };
    admin.record_sign_in(&sign_in).await?;
    admin.invite_guest(SiteId(1), "guest@example.org", GuestRole::Viewer, THEN).await?;
    admin.set_setting("anonymize_ip_bytes", &3).await
}

async fn notes(admin: &Admin) -> Result<(), Error> {
    let day = jiff::civil::date(2026, 11, 21);
    let segment = NewSegment {
        name: "Germans".to_owned(),
        definition: "countryCode==de".to_owned(),
        login: "ada".to_owned(),
        ..NewSegment::default()
    };
    admin.add_segment(segment, THEN).await?;
    admin.add_annotation(SiteId(1), day, "launch", true, "ada", THEN).await?;
    admin.save_dashboard("ada", None, "Mine", &serde_json::json!([["visits"]])).await?;
    let report = NewScheduledReport {
        site: SiteId(1),
        login: "ada".to_owned(),
        period: "day".to_owned(),
        kind: "email".to_owned(),
        format: "html".to_owned(),
        evolution_for: "prev".to_owned(),
        ..NewScheduledReport::default()
    };
    admin.add_scheduled_report(report, THEN).await?;
    admin.add_shared_link(SiteId(1), "Board", Some("sesame"), None, THEN).await?;
    admin.update_tracker_script(SiteId(1), Some("npm"), &[("tagged_events", true)]).await?;
    let failure =
        TrackingFailure { site: SiteId(9), kind: FailureKind::UnknownSite, first_at: THEN, request: "idsite=9".to_owned() };
    admin.record_failure(&failure).await?;
    let drops = Drops { site: Some(SiteId(1)), day, reason: "bot".to_owned(), n: 4, last_at: THEN };
    admin.add_drops(&[drops]).await?;
    admin.salts(THEN).await?;
    Ok(())
}
