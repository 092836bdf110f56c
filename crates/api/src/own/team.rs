//! The team of this server: who is in it, and how much it uses.

use footfall_admin::TeamRole;
use footfall_model::{Aggregate, Error, Fact, Measure, Query, TimeRange};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::{Caller, Failure, shape};
use crate::{
    matomo::{Context, Reply},
    plausible,
};

/// The days that are counted together.
const MONTH: i64 = 30 * 86_400_000;

/// `GET /team`: for owners and admins, and for those who look after the bills.
pub(super) async fn get(ctx: &Context, caller: &Caller) -> Result<Reply, Failure> {
    caller.check_team(caller.principal.sees_usage(), "reading the team", "owner, admin or billing")?;
    let users = ctx.admin.users().await?;
    let members: Vec<Value> = users
        .iter()
        .filter_map(|user| {
            Some(json!({
                "login": user.login,
                "name": user.name,
                "email": user.email,
                "role": user.role?.name(),
                "invited_until": shape::maybe_moment(user.invitation.as_ref().map(|invitation| invitation.expires_at)),
            }))
        })
        .collect();
    let now = ctx.now.plus(1);
    let (hits, before) = futures::try_join!(
        hits(ctx, TimeRange { start: now.plus(-MONTH), end: now }),
        hits(ctx, TimeRange { start: now.plus(-2 * MONTH), end: now.plus(-MONTH) }),
    )?;
    let told = json!({
        "id": plausible::team_id(ctx).await?,
        "name": plausible::team_name(ctx).await?,
        "role": caller.principal.team_role().map(TeamRole::name),
        "members": members,
        "usage": { "sites": ctx.sites.all().len(), "hits": hits, "hits_before": before },
    });
    Ok(shape::json(200, &told))
}

/// Page views and events of all sites together.
async fn hits(ctx: &Context, range: TimeRange) -> Result<i64, Error> {
    let sites: Vec<_> = ctx.sites.all().iter().map(|site| site.id).collect();
    if sites.is_empty() {
        return Ok(0);
    }
    let mut query = Query::new(Fact::Hits, sites, range, TimeZone::UTC);
    query.filter = footfall_report::stats::counted();
    query.measures.push(Measure::new("n", Aggregate::Count));
    let rows = ctx.store.query(&query).await?;
    Ok(rows.rows.first().and_then(|row| row.first()?.as_i64()).unwrap_or(0))
}
