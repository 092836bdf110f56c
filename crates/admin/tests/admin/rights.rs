use std::collections::HashMap;

use footfall_admin::{TeamRole, UserChanges, access_name, parse_access};
use footfall_model::Access;

use super::{NOW, add_site, invalid, missing, site, snapshot::digest, strings, with_sites};

const LEVELS: [Access; 4] = [Access::View, Access::Write, Access::Admin, Access::Superuser];

#[tokio::test]
async fn the_access_matrix_of_users_and_sites() {
    let admin = with_sites(4).await;
    admin.set_access("ada", Some(Access::View), &[site(1), site(2)]).await.unwrap();
    admin.set_access("ada", Some(Access::Admin), &[site(2)]).await.unwrap();
    admin.set_access("bob", Some(Access::Write), &[site(1), site(3)]).await.unwrap();
    admin.set_access("bob", None, &[site(1)]).await.unwrap();
    admin.set_access("anonymous", Some(Access::View), &[site(4)]).await.unwrap();
    // By user: the access on sites 1 to 4.
    for (login, expected) in [
        ("root", ["superuser"; 4]),
        ("ada", ["view", "admin", "", "view"]),
        ("bob", ["", "", "write", "view"]),
        ("anonymous", ["", "", "", "view"]),
    ] {
        let principal = admin.principal(login).await.unwrap();
        assert_eq!(principal.login, login);
        let held = [1, 2, 3, 4].map(|n| principal.access(site(n)).map_or("", access_name));
        assert_eq!(held, expected, "{login}");
        for (n, held) in [1, 2, 3, 4].into_iter().zip(held) {
            let allowed = LEVELS.map(|level| principal.allows(site(n), level));
            let held = parse_access(held);
            assert_eq!(allowed, LEVELS.map(|level| held >= Some(level)), "{login} on site {n}");
        }
    }
    missing(admin.principal("eve").await, "no user is called `eve`");
}

#[tokio::test]
async fn a_role_is_a_right_on_every_site_and_rights_add_to_it() {
    let admin = with_sites(2).await;
    admin.set_access("ada", Some(Access::View), &[site(1)]).await.unwrap();
    admin.set_access("ada", Some(Access::Admin), &[site(2)]).await.unwrap();
    for (role, expected) in [
        (Some(TeamRole::Viewer), ["view", "admin", "view"]),
        (Some(TeamRole::Editor), ["write", "admin", "write"]),
        (Some(TeamRole::Admin), ["admin", "admin", "admin"]),
        (Some(TeamRole::Owner), ["superuser"; 3]),
        (Some(TeamRole::Billing), ["view", "admin", ""]),
        (None, ["view", "admin", ""]),
    ] {
        let changes = UserChanges { role: Some(role), ..UserChanges::default() };
        let changed = admin.update_user("ada", changes, NOW).await.unwrap();
        assert_eq!((changed.role, changed.superuser), (role, role == Some(TeamRole::Owner)));
        let principal = admin.principal("ada").await.unwrap();
        assert_eq!(principal.team_role(), role);
        // Site 3 is one to come.
        let held = [1, 2, 3].map(|n| principal.access(site(n)).map_or("", access_name));
        assert_eq!(held, expected, "{role:?}");
        for level in LEVELS {
            let strongest = parse_access(expected[1]).max(parse_access(expected[2]));
            assert_eq!(principal.allows_somewhere(level), strongest >= Some(level), "{role:?} {level:?}");
        }
    }
    // A superuser who is none any longer has no other role, and other roles are left alone.
    for (role, before) in [(TeamRole::Owner, None), (TeamRole::Editor, Some(TeamRole::Editor))] {
        let changes = UserChanges { role: Some(Some(role)), ..UserChanges::default() };
        admin.update_user("ada", changes, NOW).await.unwrap();
        let changes = UserChanges { superuser: Some(false), ..UserChanges::default() };
        assert_eq!(admin.update_user("ada", changes, NOW).await.unwrap().role, before);
    }
}

#[tokio::test]
async fn tokens_track_on_every_site_of_the_role() {
    let admin = with_sites(1).await;
    let changes = UserChanges { role: Some(Some(TeamRole::Editor)), ..UserChanges::default() };
    admin.update_user("ada", changes, NOW).await.unwrap();
    let new =
        |site| footfall_admin::NewToken { login: "ada".to_owned(), description: "x".to_owned(), site, ..Default::default() };
    let (_, whole) = admin.create_token(new(None), NOW).await.unwrap();
    let (_, single) = admin.create_token(new(Some(site(1))), NOW).await.unwrap();
    add_site(&admin, "http://new.example").await;
    let snapshot = admin.snapshot(NOW).await.unwrap();
    let allows = |secret: &str, n: u32, access| snapshot.token(&digest(secret)).unwrap().allows(site(n), access);
    assert_eq!([1, 2].map(|n| allows(&whole, n, Access::Write)), [true, true]);
    assert_eq!([1, 2].map(|n| allows(&whole, n, Access::Admin)), [false, false]);
    assert_eq!([1, 2].map(|n| allows(&single, n, Access::Write)), [true, false]);
    let principal = admin.token(&single, NOW).await.unwrap().unwrap();
    assert_eq!((principal.team_role(), principal.access(site(1)), principal.access(site(2))), (None, Some(Access::Write), None));
    // A role that is taken away is gone for tokens at once.
    let changes = UserChanges { role: Some(Some(TeamRole::Viewer)), ..UserChanges::default() };
    admin.update_user("ada", changes, NOW).await.unwrap();
    let snapshot = admin.snapshot(NOW).await.unwrap();
    assert!(!snapshot.token(&digest(&whole)).unwrap().allows(site(1), Access::Write));
}

#[tokio::test]
async fn rights_are_listed_by_user_and_by_site() {
    let admin = with_sites(2).await;
    admin.replace_access("ada", &[(site(1), Access::View), (site(2), Access::Write)]).await.unwrap();
    admin.replace_access("bob", &[(site(1), Access::Admin)]).await.unwrap();
    let of_ada: Vec<_> = admin.access_of("ADA").await.unwrap().into_iter().map(|right| (right.site, right.access)).collect();
    assert_eq!(of_ada, [(site(1), Access::View), (site(2), Access::Write)]);
    let on_one: Vec<_> = admin.access_on(site(1)).await.unwrap().into_iter().map(|right| (right.login, right.access)).collect();
    assert_eq!(on_one, [("ada".to_owned(), Access::View), ("bob".to_owned(), Access::Admin)]);
    assert_eq!(admin.all_access().await.unwrap().len(), 3);
    admin.replace_access("ada", &[(site(2), Access::View)]).await.unwrap();
    assert_eq!(admin.access_of("ada").await.unwrap().len(), 1);
    // Rights go with their site and with their user.
    admin.delete_site(site(2)).await.unwrap();
    assert_eq!(admin.access_of("ada").await.unwrap(), []);
    admin.delete_user("bob").await.unwrap();
    assert_eq!(admin.all_access().await.unwrap(), []);
}

#[tokio::test]
async fn capabilities_stand_beside_a_right() {
    let admin = with_sites(1).await;
    let some = strings(&["tagmanager_write", "tagmanager_write"]);
    invalid(admin.set_capabilities("ada", site(1), &some).await, "`ada` has no right on site `1` to add to");
    admin.set_access("ada", Some(Access::View), &[site(1)]).await.unwrap();
    admin.set_capabilities("ada", site(1), &some).await.unwrap();
    let principal = admin.principal("ada").await.unwrap();
    assert_eq!(principal.capabilities, HashMap::from([(site(1), strings(&["tagmanager_write"]))]));
    admin.set_access("ada", Some(Access::Write), &[site(1)]).await.unwrap();
    assert_eq!(admin.principal("ada").await.unwrap().capabilities, HashMap::new());
}

#[tokio::test]
async fn rights_that_make_no_sense_are_refused() {
    let admin = with_sites(1).await;
    let message = "`access` must be `view`, `write`, `admin` or nothing";
    invalid(admin.set_access("ada", Some(Access::Superuser), &[site(1)]).await, message);
    invalid(admin.replace_access("ada", &[(site(1), Access::Superuser)]).await, message);
    invalid(
        admin.set_access("anonymous", Some(Access::Write), &[site(1)]).await,
        "`access` must be `view` or nothing for `anonymous`",
    );
    missing(admin.set_access("eve", Some(Access::View), &[site(1)]).await, "no user is called `eve`");
    // All sites, or none.
    missing(admin.set_access("ada", Some(Access::View), &[site(1), site(9)]).await, "no site has the number `9`");
    assert_eq!(admin.access_of("ada").await.unwrap(), []);
}
