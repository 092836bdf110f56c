use footfall_admin::{NewUser, TeamRole, UserChanges};
use footfall_model::Fault;

use super::{NOW, empty, invalid, missing, refused, user, with_sites};

#[tokio::test]
async fn users_are_found_by_login_and_address_in_any_case() {
    let admin = empty().await;
    let new = NewUser { login: "Ada".to_owned(), email: "Ada@Example.org".to_owned(), ..NewUser::default() };
    let made = admin.add_user(new, NOW).await.unwrap();
    assert_eq!((made.login.as_str(), made.name.as_str(), made.email.as_str()), ("Ada", "Ada", "Ada@Example.org"));
    assert!(!made.has_password && !made.superuser);
    assert_eq!((made.created_at, made.last_seen_at, made.theme.as_str()), (NOW, None, "system"));
    assert_eq!(admin.user("aDA").await.unwrap(), made);
    assert_eq!(admin.user_by_email(" ada@example.ORG").await.unwrap(), Some(made));
    assert_eq!(admin.user_by_email("bob@example.org").await.unwrap(), None);
    missing(admin.user("bob").await, "no user is called `bob`");
    assert_eq!(admin.count_users().await.unwrap(), 1);
}

#[tokio::test]
async fn logins_and_addresses_are_unique() {
    let admin = with_sites(0).await;
    let new = NewUser { email: "new@example.org".to_owned(), ..user("ADA") };
    invalid(admin.add_user(new, NOW).await, "`login` must be unique, and `ADA` is taken");
    let new = NewUser { email: "ADA@example.org".to_owned(), ..user("new") };
    invalid(admin.add_user(new, NOW).await, "`email` must be unique, and `ADA@example.org` is taken");
    // Nobody can call themselves what another signs in with.
    let new = NewUser { email: "new@example.org".to_owned(), ..user("ada@example.org") };
    invalid(admin.add_user(new, NOW).await, "`login` must be unique, and `ada@example.org` is taken");
    let changes = UserChanges { email: Some("bob@example.org".to_owned()), ..UserChanges::default() };
    invalid(admin.update_user("ada", changes, NOW).await, "`email` must be unique, and `bob@example.org` is taken");
    let changes = UserChanges { email: Some("ADA@example.org".to_owned()), ..UserChanges::default() };
    assert_eq!(admin.update_user("ada", changes, NOW).await.unwrap().email, "ADA@example.org");
    let logins: Vec<String> = admin.users().await.unwrap().into_iter().map(|user| user.login).collect();
    assert_eq!(logins, ["ada", "bob", "root"]);
}

#[tokio::test]
async fn fields_out_of_bounds_are_refused_by_name() {
    let admin = empty().await;
    for (login, message) in [
        ("", "`login` must have 1 to 100 characters"),
        ("a b", "`login` must have letters, digits and `._@+-` only"),
        ("Anonymous", "`login` must not be `anonymous`, the name of whoever is not signed in"),
    ] {
        invalid(admin.add_user(NewUser { email: "a@b".to_owned(), ..user(login) }, NOW).await, message);
    }
    let new = NewUser { password: Some("1234567".to_owned()), ..user("ada") };
    invalid(admin.add_user(new, NOW).await, "`password` must have 8 to 1024 characters");
    let new = NewUser { email: "nowhere".to_owned(), ..user("ada") };
    invalid(admin.add_user(new, NOW).await, "`email` must be an e-mail address such as `ada@example.org`");
    admin.add_user(user("ada"), NOW).await.unwrap();
    let changes = UserChanges { theme: Some("pink".to_owned()), ..UserChanges::default() };
    invalid(admin.update_user("ada", changes, NOW).await, "`theme` must be `system`, `light` or `dark`");
}

#[tokio::test]
async fn a_password_is_right_or_wrong() {
    let admin = with_sites(0).await;
    let new = NewUser { password: Some("correct horse".to_owned()), ..user("eve") };
    assert!(admin.add_user(new, NOW).await.unwrap().has_password);
    let login = |name: &'static str, password: &'static str| {
        let admin = admin.clone();
        async move { admin.verify_password(name, password).await.unwrap().map(|user| user.login) }
    };
    assert_eq!(login("EVE", "correct horse").await.as_deref(), Some("eve"));
    assert_eq!(login("eve@example.org", "correct horse").await.as_deref(), Some("eve"));
    assert_eq!(login("eve", "correct horsE").await, None);
    assert_eq!(login("eve", "").await, None);
    assert_eq!(login("nobody", "correct horse").await, None);
    // Who has no password cannot sign in with one.
    assert_eq!(login("ada", "").await, None);
    let changes = UserChanges { password: Some("another horse".to_owned()), ..UserChanges::default() };
    admin.update_user("eve", changes, NOW.plus(5)).await.unwrap();
    assert_eq!(login("eve", "correct horse").await, None);
    assert_eq!(login("eve", "another horse").await.as_deref(), Some("eve"));
    assert_eq!(admin.user("eve").await.unwrap().password_changed_at, NOW.plus(5));
}

#[tokio::test]
async fn a_superuser_stays() {
    let admin = with_sites(0).await;
    let no = || UserChanges { superuser: Some(false), ..UserChanges::default() };
    invalid(admin.update_user("root", no(), NOW).await, "`root` is the only superuser, and one must stay");
    invalid(admin.delete_user("root").await, "`root` is the only superuser, and one must stay");
    for role in TeamRole::ALL.into_iter().filter(|role| *role != TeamRole::Owner).map(Some).chain([None]) {
        let changes = UserChanges { role: Some(role), ..UserChanges::default() };
        invalid(admin.update_user("root", changes, NOW).await, "`root` is the only superuser, and one must stay");
    }
    // Somebody who only was invited cannot be the one who stays.
    let new = NewUser { superuser: true, ..user("guest") };
    admin.invite_user(new, "root", NOW.plus(1), NOW).await.unwrap();
    invalid(admin.delete_user("root").await, "`root` is the only superuser, and one must stay");
    let yes = UserChanges { superuser: Some(true), ..UserChanges::default() };
    admin.update_user("ada", yes, NOW).await.unwrap();
    admin.update_user("root", no(), NOW).await.unwrap();
    admin.delete_user("root").await.unwrap();
    assert_eq!(refused(admin.delete_user("ada").await).0, Fault::Invalid);
}

#[tokio::test]
async fn changes_leave_the_rest() {
    let admin = with_sites(0).await;
    let changes = UserChanges {
        name: Some("Ada L.".to_owned()),
        theme: Some("dark".to_owned()),
        totp_secret: Some(Some("JBSWY3DPEHPK3PXP".to_owned())),
        ..UserChanges::default()
    };
    let changed = admin.update_user("ada", changes, NOW).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.theme.as_str(), changed.email.as_str()), ("Ada L.", "dark", "ada@example.org"));
    assert_eq!(changed.totp_secret.as_deref(), Some("JBSWY3DPEHPK3PXP"));
    let changes = UserChanges { totp_secret: Some(None), ..UserChanges::default() };
    let changed = admin.update_user("ada", changes, NOW).await.unwrap();
    assert_eq!((changed.totp_secret, changed.theme.as_str()), (None, "dark"));
    assert_eq!(admin.user("ada").await.unwrap().name, "Ada L.");
}
