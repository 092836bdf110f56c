use footfall_admin::{NewSession, NewUser, UserChanges};
use footfall_model::Fault;

use super::{HOUR, NOW, empty, invalid, refused, user, with_sites};

fn first() -> NewUser {
    NewUser { password: Some("correct horse".to_owned()), ..user("root") }
}

#[tokio::test]
async fn the_first_start_s_token_makes_one_superuser() {
    let admin = empty().await;
    let old = admin.setup_token().await.unwrap().unwrap();
    let token = admin.setup_token().await.unwrap().unwrap();
    assert_eq!((old.len(), token.len()), (32, 32));
    let denied = (Fault::Denied, "`token` is not the one the first start printed".to_owned());
    assert_eq!(refused(admin.set_up(&old, first(), NOW).await), denied);
    assert_eq!(refused(admin.set_up("", first(), NOW).await), denied);
    invalid(admin.set_up(&token, user("root"), NOW).await, "`password` must be given");
    // The token is not to be seen among the settings.
    assert!(admin.settings().await.unwrap().is_empty());
    let made = admin.set_up(&token, first(), NOW).await.unwrap();
    assert_eq!((made.login.as_str(), made.superuser), ("root", true));
    assert_eq!(refused(admin.set_up(&token, first(), NOW).await), denied);
    assert_eq!(admin.setup_token().await.unwrap(), None);
}

#[tokio::test]
async fn a_token_is_no_use_once_there_is_a_user() {
    let admin = empty().await;
    let token = admin.setup_token().await.unwrap().unwrap();
    admin.add_user(user("ada"), NOW).await.unwrap();
    assert_eq!(refused(admin.set_up(&token, first(), NOW).await), (Fault::Denied, "this server is set up already".to_owned()));
}

#[tokio::test]
async fn an_invitation_ends_with_a_password() {
    let admin = with_sites(0).await;
    let until = NOW.plus(HOUR);
    let (invited, secret) = admin.invite_user(user("eve"), "root", until, NOW).await.unwrap();
    let invitation = invited.invitation.unwrap();
    assert_eq!((invitation.by.as_str(), invitation.expires_at, invited.has_password), ("root", until, false));
    assert_eq!(admin.invitation(&secret, NOW).await.unwrap().unwrap().login, "eve");
    let denied = (Fault::Denied, "the invitation is not known, or no longer counts".to_owned());
    assert_eq!(refused(admin.accept_invitation("guess", "correct horse", NOW).await), denied);
    assert_eq!(refused(admin.accept_invitation(&secret, "correct horse", until).await), denied);
    invalid(admin.accept_invitation(&secret, "short", NOW).await, "`password` must have 8 to 1024 characters");
    let accepted = admin.accept_invitation(&secret, "correct horse", NOW).await.unwrap();
    assert_eq!((accepted.invitation, accepted.has_password), (None, true));
    assert!(admin.verify_password("eve", "correct horse").await.unwrap().is_some());
    assert_eq!(refused(admin.accept_invitation(&secret, "another horse", NOW).await), denied);
    invalid(admin.renew_invitation("eve", until).await, "`eve` has no open invitation");
}

#[tokio::test]
async fn a_renewed_invitation_replaces_the_old_one() {
    let admin = with_sites(0).await;
    let (_, old) = admin.invite_user(user("eve"), "root", NOW.plus(1), NOW).await.unwrap();
    let new = admin.renew_invitation("eve", NOW.plus(HOUR)).await.unwrap();
    assert_eq!(admin.invitation(&old, NOW).await.unwrap(), None);
    assert_eq!(admin.invitation(&new, NOW.plus(1)).await.unwrap().unwrap().login, "eve");
}

#[tokio::test]
async fn links_end_when_somebody_sets_the_password() {
    let admin = with_sites(0).await;
    let until = NOW.plus(HOUR);
    let (_, secret) = admin.invite_user(user("eve"), "root", until, NOW).await.unwrap();
    let changes = |password: &str| UserChanges { password: Some(password.to_owned()), ..UserChanges::default() };
    let changed = admin.update_user("eve", changes("correct horse"), NOW).await.unwrap();
    assert_eq!((changed.invitation, changed.has_password), (None, true));
    let denied = (Fault::Denied, "the invitation is not known, or no longer counts".to_owned());
    assert_eq!(refused(admin.accept_invitation(&secret, "another horse", NOW).await), denied);
    let (_, secret) = admin.begin_password_reset("eve", until).await.unwrap().unwrap();
    admin.update_user("eve", changes("another horse"), NOW).await.unwrap();
    let denied = (Fault::Denied, "the link is not known, or no longer counts".to_owned());
    assert_eq!(refused(admin.reset_password(&secret, "a third horse", NOW).await), denied);
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_once() {
    let admin = with_sites(0).await;
    let new = NewUser { password: Some("correct horse".to_owned()), ..user("eve") };
    admin.add_user(new, NOW).await.unwrap();
    let until = NOW.plus(HOUR);
    assert_eq!(admin.begin_password_reset("nobody@example.org", until).await.unwrap(), None);
    // Without a password there is none to be forgotten.
    assert_eq!(admin.begin_password_reset("ada", until).await.unwrap(), None);
    let (_, old) = admin.begin_password_reset("eve", until).await.unwrap().unwrap();
    let (found, secret) = admin.begin_password_reset("EVE@example.org", until).await.unwrap().unwrap();
    assert_eq!((found.login.as_str(), secret.len()), ("eve", 32));
    let session = NewSession { login: "eve", replaces: None, pending: false, lasts: HOUR };
    let cookie = admin.start_session(session, NOW).await.unwrap().cookie;
    let denied = (Fault::Denied, "the link is not known, or no longer counts".to_owned());
    assert_eq!(refused(admin.reset_password(&old, "another horse", NOW).await), denied);
    assert_eq!(refused(admin.reset_password(&secret, "another horse", until).await), denied);
    invalid(admin.reset_password(&secret, "short", NOW).await, "`password` must have 8 to 1024 characters");
    assert_eq!(admin.reset_password(&secret, "another horse", NOW).await.unwrap().login, "eve");
    assert!(admin.verify_password("eve", "correct horse").await.unwrap().is_none());
    assert!(admin.verify_password("eve", "another horse").await.unwrap().is_some());
    assert_eq!(admin.session(&cookie, NOW).await.unwrap(), None);
    assert_eq!(refused(admin.reset_password(&secret, "third horse", NOW).await), denied);
}
