use footfall_admin::NewToken;
use footfall_model::Access;

use super::{HOUR, NOW, invalid, missing, site, strings, with_sites};

fn token(login: &str) -> NewToken {
    NewToken { login: login.to_owned(), description: "for a script".to_owned(), ..NewToken::default() }
}

#[tokio::test]
async fn a_token_gives_its_owner_s_rights() {
    let admin = with_sites(2).await;
    admin.set_access("ada", Some(Access::Write), &[site(1)]).await.unwrap();
    let (made, secret) = admin.create_token(token("ADA"), NOW).await.unwrap();
    assert_eq!((made.login.as_str(), made.description.as_str(), made.created_at), ("ada", "for a script", NOW));
    assert!(secret.len() == 32 && secret.bytes().all(|digit| digit.is_ascii_hexdigit()));
    let principal = admin.token(&secret, NOW).await.unwrap().unwrap();
    assert_eq!((principal.login.as_str(), principal.token), ("ada", Some(made.id)));
    assert_eq!((principal.access(site(1)), principal.access(site(2))), (Some(Access::Write), None));
    // Rights are those of now, not those of when it was made.
    admin.set_access("ada", Some(Access::View), &[site(1), site(2)]).await.unwrap();
    let principal = admin.token(&secret, NOW).await.unwrap().unwrap();
    assert_eq!((principal.access(site(1)), principal.access(site(2))), (Some(Access::View), Some(Access::View)));
    for other in ["", "0", &secret.to_uppercase(), &"0".repeat(32), &"0".repeat(5000)] {
        assert_eq!(admin.token(other, NOW).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_token_ends_when_it_expires_is_revoked_or_its_owner_goes() {
    let admin = with_sites(1).await;
    let until = NewToken { expires_at: Some(NOW.plus(HOUR)), ..token("root") };
    let (expiring, secret) = admin.create_token(until, NOW).await.unwrap();
    assert_eq!(admin.stale_at(NOW).await.unwrap(), Some(NOW.plus(HOUR)));
    assert!(admin.token(&secret, NOW.plus(HOUR - 1)).await.unwrap().is_some());
    assert_eq!(admin.token(&secret, NOW.plus(HOUR)).await.unwrap(), None);
    assert_eq!(admin.clean_tokens(NOW.plus(HOUR)).await.unwrap(), 1);
    missing(admin.revoke_token("root", expiring.id).await, &format!("`root` has no token with the number `{}`", expiring.id));

    let (revoked, secret) = admin.create_token(token("ada"), NOW).await.unwrap();
    missing(admin.revoke_token("bob", revoked.id).await, &format!("`bob` has no token with the number `{}`", revoked.id));
    admin.revoke_token("ada", revoked.id).await.unwrap();
    assert_eq!(admin.token(&secret, NOW).await.unwrap(), None);

    let (_, secret) = admin.create_token(token("ada"), NOW).await.unwrap();
    assert!(admin.revoke_secret(&secret).await.unwrap());
    assert!(!admin.revoke_secret(&secret).await.unwrap());

    let (_, secret) = admin.create_token(token("ada"), NOW).await.unwrap();
    admin.delete_user("ada").await.unwrap();
    assert_eq!(admin.token(&secret, NOW).await.unwrap(), None);
    assert_eq!(admin.all_tokens().await.unwrap(), []);
}

#[tokio::test]
async fn the_last_use_is_known_to_a_minute() {
    let admin = with_sites(0).await;
    let (_, secret) = admin.create_token(token("ada"), NOW).await.unwrap();
    let mut changes = admin.changes();
    changes.mark_unchanged();
    let mut seen = Vec::new();
    for seconds in [0, 59, 60, 61] {
        admin.token(&secret, NOW.plus(seconds * 1000)).await.unwrap().unwrap();
        seen.push(admin.tokens("ada").await.unwrap()[0].last_used_at.unwrap().0 - NOW.0);
    }
    assert_eq!(seen, [0, 0, 60_000, 60_000]);
    assert!(!changes.has_changed().unwrap());
}

#[tokio::test]
async fn scopes_and_a_site_narrow_a_token() {
    let admin = with_sites(2).await;
    let new = NewToken {
        scopes: strings(&["stats:read:*", "sites:provision"]),
        site: Some(site(2)),
        secure_only: true,
        ..token("root")
    };
    let (made, secret) = admin.create_token(new, NOW).await.unwrap();
    assert_eq!((made.scopes, made.site, made.secure_only), (strings(&["stats:read", "sites:provision"]), Some(site(2)), true));
    let principal = admin.token(&secret, NOW).await.unwrap().unwrap();
    assert!(!principal.superuser && principal.secure_only);
    assert_eq!((principal.access(site(1)), principal.access(site(2))), (None, Some(Access::Admin)));
    assert!(principal.in_scope("stats:read") && !principal.in_scope("tracking:write"));
    admin.set_access("ada", Some(Access::Write), &[site(1), site(2)]).await.unwrap();
    let (_, secret) = admin.create_token(NewToken { site: Some(site(2)), ..token("ada") }, NOW).await.unwrap();
    let principal = admin.token(&secret, NOW).await.unwrap().unwrap();
    assert_eq!((principal.access(site(1)), principal.access(site(2))), (None, Some(Access::Write)));
}

#[tokio::test]
async fn a_token_of_the_environment_is_kept_once() {
    let admin = with_sites(0).await;
    let secret = "given-by-the-environment-00000000";
    admin.keep_token(secret, token("root"), NOW).await.unwrap();
    assert!(admin.token(secret, NOW).await.unwrap().unwrap().superuser);
    invalid(admin.keep_token(secret, token("root"), NOW).await, "`token` must be unique, and is known already");
    invalid(admin.keep_token("short", token("root"), NOW).await, "`token` must have 32 to 256 characters");
}

#[tokio::test]
async fn fields_out_of_bounds_are_refused_by_name() {
    let admin = with_sites(0).await;
    let new = NewToken { description: String::new(), ..token("ada") };
    invalid(admin.create_token(new, NOW).await, "`description` must have 1 to 100 characters");
    let new = NewToken { scopes: strings(&["everything"]), ..token("ada") };
    invalid(
        admin.create_token(new, NOW).await,
        "`scopes` may hold `stats:read`, `sites:read`, `sites:provision`, `tracking:write`, `plugins`, and holds `everything`",
    );
    let new = NewToken { expires_at: Some(NOW), ..token("ada") };
    invalid(admin.create_token(new, NOW).await, "`expires_at` must be in the future");
    let new = NewToken { site: Some(site(1)), ..token("ada") };
    missing(admin.create_token(new, NOW).await, "no site has the number `1`");
    missing(admin.create_token(token("eve"), NOW).await, "no user is called `eve`");
}
