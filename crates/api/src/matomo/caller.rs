//! Who asks Matomo's API: the owner of `token_auth`, or nobody.

use footfall_admin::Principal;
use footfall_model::Access;

use super::{Context, Failure};

/// A token that was sent where it belongs to nobody; in the words of Matomo's Login plugin.
const UNKNOWN: &str = "Unable to authenticate with the provided token. It is either invalid or expired.";
/// The same, of a token that stood in an address.
const UNKNOWN_OR_OPEN: &str = "Unable to authenticate with the provided token. It is either invalid, expired or is required to be sent as a POST parameter.";

/// How a token was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// In the address, which logs and histories keep.
    Openly,
    /// In a body or a header.
    Securely,
}

/// Who shows this token. Without one, or with `anonymous`, it is nobody, who reads public sites.
///
/// A token with scopes is for Matomo's API only when it has `stats:read`, and then for reading alone.
///
/// # Errors
/// When the token is not known, expired, may not be sent this way, or is for something else.
pub async fn caller(ctx: &Context, token: Option<&str>, sent: Sent) -> Result<Principal, Failure> {
    let Some(secret) = token.filter(|token| !token.is_empty() && *token != "anonymous") else {
        return Ok(ctx.admin.anonymous().await?);
    };
    let unknown = || Failure::with_status(401, if sent == Sent::Openly { UNKNOWN_OR_OPEN } else { UNKNOWN });
    let known = ctx.admin.token(secret, ctx.now).await?.ok_or_else(unknown)?;
    if known.secure_only && sent == Sent::Openly {
        return Err(unknown());
    }
    if known.scopes.is_empty() {
        return Ok(known);
    }
    if !known.in_scope("stats:read") {
        return Err(Failure::with_status(401, "The token is not for reading statistics: it lacks the scope `stats:read`."));
    }
    let all = ctx.sites.all();
    let readable = all.iter().map(|site| site.id).filter(|id| known.allows(*id, Access::View));
    Ok(Principal { superuser: false, role: None, sites: readable.map(|id| (id, Access::View)).collect(), ..known.clone() })
}

#[cfg(test)]
mod tests {
    use std::{
        net::{IpAddr, Ipv4Addr},
        sync::Arc,
    };

    use footfall_admin::{Admin, NewSite, NewToken, NewUser};
    use footfall_model::{Catalogue, Millis};
    use footfall_report::store::MemoryStore;

    use super::*;
    use crate::matomo::{self, MatomoRequest, Settings};

    const NOW: Millis = Millis(1_770_807_873_000);

    async fn server() -> Context {
        let admin = Admin::open_in_memory().await.unwrap();
        let user = NewUser {
            login: "root".to_owned(),
            email: "root@example.org".to_owned(),
            name: String::new(),
            password: Some("long enough".to_owned()),
            superuser: true,
            role: None,
        };
        admin.add_user(user, NOW).await.unwrap();
        admin.add_site(NewSite { urls: vec!["https://example.org".to_owned()], ..NewSite::default() }, NOW).await.unwrap();
        let catalogue = Arc::new(Catalogue::built_in());
        Context {
            store: Arc::new(MemoryStore::new(Arc::clone(&catalogue))),
            sites: Arc::new(admin.snapshot(NOW).await.unwrap()),
            catalogue,
            admin: Arc::new(admin),
            now: NOW,
            peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
            settings: Settings::default(),
        }
    }

    async fn token(ctx: &Context, scopes: &[&str], secure_only: bool) -> String {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let new =
            NewToken { login: "root".to_owned(), description: "test".to_owned(), scopes, secure_only, ..NewToken::default() };
        ctx.admin.create_token(new, NOW).await.unwrap().1
    }

    #[tokio::test]
    async fn nobody_is_without_a_token() {
        let ctx = server().await;
        for token in [None, Some(""), Some("anonymous")] {
            assert!(caller(&ctx, token, Sent::Openly).await.unwrap().is_anonymous());
        }
        let refused = caller(&ctx, Some("0123456789abcdef0123456789abcdef"), Sent::Openly).await.unwrap_err();
        assert_eq!((refused.status, refused.message.as_str()), (401, UNKNOWN_OR_OPEN));
        let refused = caller(&ctx, Some("0123456789abcdef0123456789abcdef"), Sent::Securely).await.unwrap_err();
        assert_eq!((refused.status, refused.message.as_str()), (401, UNKNOWN));
    }

    #[tokio::test]
    async fn tokens_are_narrowed() {
        let ctx = server().await;
        let whole = token(&ctx, &[], false).await;
        assert!(caller(&ctx, Some(&whole), Sent::Openly).await.unwrap().superuser);
        let secure = token(&ctx, &[], true).await;
        assert_eq!(caller(&ctx, Some(&secure), Sent::Openly).await.unwrap_err().message, UNKNOWN_OR_OPEN);
        assert!(caller(&ctx, Some(&secure), Sent::Securely).await.unwrap().superuser);
        let tracking = token(&ctx, &["tracking:write"], false).await;
        assert_eq!(caller(&ctx, Some(&tracking), Sent::Securely).await.unwrap_err().status, 401);
        let reading = caller(&ctx, Some(&token(&ctx, &["stats:read"], false).await), Sent::Openly).await.unwrap();
        let site = ctx.sites.all()[0].id;
        assert_eq!(reading.access(site), Some(Access::View));
        assert!(!reading.allows_somewhere(Access::Write));
    }

    #[tokio::test]
    async fn guessing_passwords_is_stopped() {
        let ctx = server().await;
        let nobody = ctx.admin.anonymous().await.unwrap();
        let ask = |password: &str| {
            MatomoRequest::of(&[
                ("method", "UsersManager.createAppSpecificTokenAuth"),
                ("userLogin", "root"),
                ("passwordConfirmation", password),
                ("description", "test"),
                ("format", "json"),
            ])
        };
        let text = |reply: matomo::Reply| (reply.status, String::from_utf8(reply.body).unwrap());
        for _ in 0..5 {
            let (status, body) = text(matomo::answer(&ctx, &nobody, &ask("guess")).await);
            assert_eq!(status, 200);
            assert_eq!(body, r#"{"result":"error","message":"The current password you entered is not correct."}"#);
        }
        let (status, body) = text(matomo::answer(&ctx, &nobody, &ask("long enough")).await);
        assert_eq!(status, 503);
        assert_eq!(body, r#"{"result":"error","message":"too many failed logins"}"#);
        let later = Context { now: Millis(NOW.0 + 900_001), ..ctx.clone() };
        let (status, body) = text(matomo::answer(&later, &nobody, &ask("long enough")).await);
        assert_eq!(status, 200);
        let secret = body.trim_start_matches(r#"{"value":""#).trim_end_matches(r#""}"#);
        assert!(caller(&later, Some(secret), Sent::Securely).await.unwrap().superuser, "{body}");
    }

    #[tokio::test]
    async fn a_failure_is_no_markup_in_any_format() {
        let ctx = server().await;
        let nobody = ctx.admin.anonymous().await.unwrap();
        for format in ["xml", "json", "csv", "tsv", "html", "rss", "original", "none"] {
            let method = "Evil<script>alert(1)</script>.get";
            let asked = MatomoRequest::of(&[("method", method), ("format", format)]);
            let reply = matomo::answer(&ctx, &nobody, &asked).await;
            let text = String::from_utf8(reply.body).unwrap();
            assert!(text.contains("is not enabled"), "{format}: {text}");
            let is_page = reply.content_type.starts_with("text/html") || reply.content_type.starts_with("text/xml");
            assert!(!is_page || !text.contains("<script"), "{format}: {text}");
        }
    }
}
