use footfall_admin::{NewGoal, NewSession, NewToken, NewUser, SiteChanges, UserChanges};
use footfall_model::{Access, GoalId, GoalMatch, SiteId};
use sha2::{Digest, Sha256};

use super::{HOUR, NOW, add_site, site, strings, user, with_sites};

pub(super) fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

#[tokio::test]
async fn a_snapshot_holds_sites_with_goals_and_tokens_with_rights() {
    let admin = with_sites(3).await;
    let page = GoalMatch::PagePath { path: "/thanks".to_owned(), props: Vec::new() };
    admin.add_goal(site(2), NewGoal::new("", page)).await.unwrap();
    admin.set_access("ada", Some(Access::Write), &[site(1)]).await.unwrap();
    let new = |login: &str| NewToken { login: login.to_owned(), description: "x".to_owned(), ..NewToken::default() };
    let (_, root) = admin.create_token(new("root"), NOW).await.unwrap();
    let (_, ada) = admin.create_token(new("ada"), NOW).await.unwrap();
    let reads = NewToken { scopes: strings(&["stats:read"]), ..new("root") };
    let (_, reads) = admin.create_token(reads, NOW).await.unwrap();
    let one_site = NewToken { site: Some(site(3)), ..new("root") };
    let (_, one_site) = admin.create_token(one_site, NOW).await.unwrap();
    let expiring = NewToken { expires_at: Some(NOW.plus(HOUR)), ..new("root") };
    let (_, expiring) = admin.create_token(expiring, NOW).await.unwrap();

    let snapshot = admin.snapshot(NOW).await.unwrap();
    assert_eq!(snapshot.all().iter().map(|site| site.id.0).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(snapshot.get(site(2)).unwrap().goals[0].id, GoalId(1));
    assert!(snapshot.get(site(1)).unwrap().goals.is_empty());
    let token = snapshot.token(&digest(&ada)).unwrap();
    assert_eq!(token.login, "ada");
    assert!(token.allows(site(1), Access::Write) && !token.allows(site(1), Access::Admin));
    assert!(!token.allows(site(2), Access::View));
    assert!(snapshot.token(&digest(&root)).unwrap().allows(site(3), Access::Superuser));
    assert!(snapshot.token(&digest(&reads)).is_none());
    let token = snapshot.token(&digest(&one_site)).unwrap();
    assert!(token.allows(site(3), Access::Admin) && !token.allows(site(1), Access::View));
    assert!(snapshot.token(&digest(&expiring)).is_some());
    let later = admin.snapshot(NOW.plus(HOUR)).await.unwrap();
    assert!(later.token(&digest(&expiring)).is_none());
}

#[tokio::test]
async fn what_snapshots_show_moves_the_signal_and_nothing_else_does() {
    let admin = with_sites(1).await;
    let mut changes = admin.changes();
    changes.mark_unchanged();
    let mut moved = || {
        let moved = changes.has_changed().unwrap();
        changes.mark_unchanged();
        moved
    };
    add_site(&admin, "http://new.example").await;
    assert!(moved());
    admin.set_access("ada", Some(Access::View), &[site(1)]).await.unwrap();
    assert!(moved());
    admin.set_setting("anonymize_ip_bytes", &1).await.unwrap();
    assert!(moved());
    let new = NewToken { login: "ada".to_owned(), description: "x".to_owned(), ..NewToken::default() };
    let (token, _) = admin.create_token(new, NOW).await.unwrap();
    assert!(moved());
    admin.revoke_token("ada", token.id).await.unwrap();
    assert!(moved());
    admin.add_user(NewUser { superuser: true, ..user("eve") }, NOW).await.unwrap();
    assert!(moved());
    admin.update_user("eve", UserChanges::default(), NOW).await.unwrap();
    assert!(moved());
    // A change that is refused is none.
    admin.update_site(SiteId(9), SiteChanges::default(), NOW).await.unwrap_err();
    assert!(!moved());
    admin.start_session(NewSession { login: "ada", replaces: None, pending: false, lasts: HOUR }, NOW).await.unwrap();
    admin.salts(NOW).await.unwrap();
    admin.snapshot(NOW).await.unwrap();
    assert!(!moved());
}

#[tokio::test]
async fn another_process_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("admin.db");
    let server = footfall_admin::Admin::open(path.to_str().unwrap()).await.unwrap();
    let command = footfall_admin::Admin::open(path.to_str().unwrap()).await.unwrap();
    let mut changes = server.changes();
    changes.mark_unchanged();
    add_site(&command, "http://new.example").await;
    assert!(!changes.has_changed().unwrap());
    server.look_for_changes().await.unwrap();
    assert!(changes.has_changed().unwrap());
    assert_eq!(server.snapshot(NOW).await.unwrap().all().len(), 1);
    changes.mark_unchanged();
    server.look_for_changes().await.unwrap();
    assert!(!changes.has_changed().unwrap());
}
