//! The team of this server: everybody who has a role in it. There is one, as soon as there is a site.

use footfall_model::Error;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{super::Failure, Ask, page};
use crate::matomo::{Context, Reply};

/// What it is called where the server has no name of its own.
const NAME: &str = "My Personal Sites";

/// `GET /sites/teams`: none for guests, who were let into single sites.
pub(super) async fn list(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let mut teams = Vec::new();
    if ask.principal.team_role().is_some() && !ask.ctx.sites.all().is_empty() {
        let (id, name) = (id(ask.ctx).await?, name(ask.ctx).await?);
        teams.push((id.clone(), json!({ "id": id, "name": name, "api_available": true })));
    }
    page::page(ask, "teams", teams)
}

/// Whether a request is about this server's team and of one of its members, or names none.
pub(super) async fn is_meant(ask: &Ask<'_>) -> Result<bool, Error> {
    match ask.params.text("team_id").filter(|given| !given.is_empty()) {
        Some(given) => Ok(ask.principal.team_role().is_some() && given.eq_ignore_ascii_case(&id(ask.ctx).await?)),
        None => Ok(true),
    }
}

/// What the team is called.
pub(crate) async fn name(ctx: &Context) -> Result<String, Error> {
    let name: Option<String> = ctx.admin.setting("instance_name").await?;
    Ok(name.unwrap_or_else(|| NAME.to_owned()))
}

/// A UUID that stays the same, and tells nothing of the secret it is made from.
pub(crate) async fn id(ctx: &Context) -> Result<String, Error> {
    let secret: Option<String> = ctx.admin.setting("instance.secret").await?;
    let digest = Sha256::digest(format!("team of {}", secret.unwrap_or_default()));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    // Version 8 of RFC 9562: bytes of one's own choice.
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok([&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-"))
}
