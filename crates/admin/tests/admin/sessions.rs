use footfall_admin::{Admin, NewSession, StartedSession, UserChanges};
use footfall_model::Access;

use super::{HOUR, NOW, missing, site, with_sites};

async fn start(admin: &Admin, login: &str, replaces: Option<&str>) -> StartedSession {
    let new = NewSession { login, replaces, pending: false, lasts: HOUR };
    admin.start_session(new, NOW).await.unwrap()
}

#[tokio::test]
async fn a_session_lasts_and_ends() {
    let admin = with_sites(1).await;
    admin.set_access("ada", Some(Access::Admin), &[site(1)]).await.unwrap();
    let started = start(&admin, "Ada", None).await;
    assert_eq!((started.cookie.len(), started.session.csrf.len()), (64, 32));
    let session = admin.session(&started.cookie, NOW).await.unwrap().unwrap();
    assert_eq!(session, started.session);
    assert_eq!((session.login.as_str(), session.created_at, session.expires_at), ("ada", NOW, NOW.plus(HOUR)));
    let principal = admin.session_principal(&session).await.unwrap().unwrap();
    assert_eq!((principal.login.as_str(), principal.access(site(1)), principal.token), ("ada", Some(Access::Admin), None));
    assert!(admin.session(&started.cookie, NOW.plus(HOUR - 1)).await.unwrap().is_some());
    assert_eq!(admin.session(&started.cookie, NOW.plus(HOUR)).await.unwrap(), None);
    for other in ["", "x", &"0".repeat(64)] {
        assert_eq!(admin.session(other, NOW).await.unwrap(), None);
    }
    admin.end_session(&started.cookie).await.unwrap();
    assert_eq!(admin.session(&started.cookie, NOW).await.unwrap(), None);
    let new = NewSession { login: "eve", replaces: None, pending: false, lasts: HOUR };
    missing(admin.start_session(new, NOW).await, "no user is called `eve`");
}

#[tokio::test]
async fn signing_in_replaces_the_session_before() {
    let admin = with_sites(0).await;
    let before = start(&admin, "ada", None).await;
    let after = start(&admin, "ada", Some(&before.cookie)).await;
    assert_ne!(before.cookie, after.cookie);
    assert_ne!(before.session.csrf, after.session.csrf);
    assert_eq!(admin.session(&before.cookie, NOW).await.unwrap(), None);
    assert!(admin.session(&after.cookie, NOW).await.unwrap().is_some());
}

#[tokio::test]
async fn a_session_that_waits_for_a_second_factor_gives_no_rights() {
    let admin = with_sites(0).await;
    let new = NewSession { login: "root", replaces: None, pending: true, lasts: HOUR };
    let started = admin.start_session(new, NOW).await.unwrap();
    let session = admin.session(&started.cookie, NOW).await.unwrap().unwrap();
    assert!(session.pending);
    assert_eq!(admin.session_principal(&session).await.unwrap(), None);
}

#[tokio::test]
async fn a_new_password_ends_every_session() {
    let admin = with_sites(0).await;
    let (one, other) = (start(&admin, "ada", None).await, start(&admin, "bob", None).await);
    let changes = UserChanges { password: Some("correct horse".to_owned()), ..UserChanges::default() };
    admin.update_user("ada", changes, NOW).await.unwrap();
    assert_eq!(admin.session(&one.cookie, NOW).await.unwrap(), None);
    assert!(admin.session(&other.cookie, NOW).await.unwrap().is_some());
    admin.end_sessions("bob").await.unwrap();
    assert_eq!(admin.session(&other.cookie, NOW).await.unwrap(), None);
}

#[tokio::test]
async fn being_seen_is_known_to_a_minute() {
    let admin = with_sites(0).await;
    let started = start(&admin, "ada", None).await;
    for (seconds, expected) in [(59, 0), (60, 60), (100, 60), (120, 120)] {
        let session = admin.session(&started.cookie, NOW.plus(seconds * 1000)).await.unwrap().unwrap();
        assert_eq!(session.last_seen_at, NOW.plus(expected * 1000), "{seconds}");
    }
    assert_eq!(admin.user("ada").await.unwrap().last_seen_at, Some(NOW.plus(120_000)));
}

#[tokio::test]
async fn ended_sessions_are_forgotten() {
    let admin = with_sites(0).await;
    start(&admin, "ada", None).await;
    start(&admin, "bob", None).await;
    assert_eq!(admin.clean_sessions(NOW.plus(HOUR - 1)).await.unwrap(), 0);
    assert_eq!(admin.clean_sessions(NOW.plus(HOUR)).await.unwrap(), 2);
}
