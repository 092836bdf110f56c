use std::sync::Arc;

use footfall_model::{Access, Site};
use serde_json::Value;

use super::{
    Caller, Export, Failure, OPENAPI, System, annotations, body, caller::caller, dimensions, dropped, email_reports, funnels,
    goals, guests, imports, links, live, overview, passwords, properties, query, retention, segments, session, settings, shape,
    sites, snippets, team, tokens, users,
};
use crate::{
    Call,
    matomo::{Context, Reply},
    plausible,
};

/// Where this API lies.
const PREFIX: &str = "/api/v1/";

/// An operation of the API: method and path as the API description has them, and the name of the operation.
pub type Operation = (&'static str, &'static str, &'static str);

/// Every operation, in the order of the API description. `streamLive`, `exportEvents` and
/// `importEvents` are the server's own.
pub const OPERATIONS: [Operation; 72] = [
    ("GET", "/session", "getSession"),
    ("POST", "/login", "login"),
    ("POST", "/logout", "logout"),
    ("POST", "/setup", "setup"),
    ("POST", "/password/forgotten", "forgotPassword"),
    ("POST", "/password/reset", "resetPassword"),
    ("GET", "/invitation", "getInvitation"),
    ("POST", "/invitation", "acceptInvitation"),
    ("PATCH", "/account", "changeAccount"),
    ("GET", "/openapi.json", "getOpenApi"),
    ("GET", "/sites", "listSites"),
    ("POST", "/sites", "createSite"),
    ("GET", "/sites/overview", "getOverview"),
    ("GET", "/sites/{site_id}", "getSite"),
    ("PATCH", "/sites/{site_id}", "updateSite"),
    ("DELETE", "/sites/{site_id}", "deleteSite"),
    ("GET", "/sites/{site_id}/snippets", "getSnippets"),
    ("GET", "/sites/{site_id}/goals", "listGoals"),
    ("POST", "/sites/{site_id}/goals", "createGoal"),
    ("PATCH", "/sites/{site_id}/goals/{goal_id}", "updateGoal"),
    ("DELETE", "/sites/{site_id}/goals/{goal_id}", "deleteGoal"),
    ("GET", "/sites/{site_id}/dimensions", "listDimensions"),
    ("POST", "/sites/{site_id}/dimensions", "createDimension"),
    ("PATCH", "/sites/{site_id}/dimensions/{dimension_id}", "updateDimension"),
    ("DELETE", "/sites/{site_id}/dimensions/{dimension_id}", "deleteDimension"),
    ("GET", "/sites/{site_id}/properties", "listProperties"),
    ("POST", "/sites/{site_id}/query", "query"),
    ("GET", "/sites/{site_id}/live", "getLive"),
    ("GET", "/sites/{site_id}/live/stream", "streamLive"),
    ("GET", "/sites/{site_id}/export/events", "exportEvents"),
    ("GET", "/sites/{site_id}/export/archive", "exportArchive"),
    ("POST", "/sites/{site_id}/import/events", "importEvents"),
    ("GET", "/sites/{site_id}/imports", "listImports"),
    ("POST", "/sites/{site_id}/imports", "createImport"),
    ("DELETE", "/sites/{site_id}/imports/{import_id}", "deleteImport"),
    ("GET", "/sites/{site_id}/funnels", "listFunnels"),
    ("POST", "/sites/{site_id}/funnels", "createFunnel"),
    ("PATCH", "/sites/{site_id}/funnels/{funnel_id}", "updateFunnel"),
    ("DELETE", "/sites/{site_id}/funnels/{funnel_id}", "deleteFunnel"),
    ("POST", "/sites/{site_id}/funnels/{funnel_id}/query", "queryFunnel"),
    ("GET", "/sites/{site_id}/annotations", "listAnnotations"),
    ("POST", "/sites/{site_id}/annotations", "createAnnotation"),
    ("PATCH", "/sites/{site_id}/annotations/{annotation_id}", "updateAnnotation"),
    ("DELETE", "/sites/{site_id}/annotations/{annotation_id}", "deleteAnnotation"),
    ("GET", "/sites/{site_id}/segments", "listSegments"),
    ("POST", "/sites/{site_id}/segments", "createSegment"),
    ("DELETE", "/sites/{site_id}/segments/{segment_id}", "deleteSegment"),
    ("GET", "/sites/{site_id}/shared-links", "listSharedLinks"),
    ("POST", "/sites/{site_id}/shared-links", "createSharedLink"),
    ("DELETE", "/sites/{site_id}/shared-links/{slug}", "deleteSharedLink"),
    ("GET", "/sites/{site_id}/guests", "listGuests"),
    ("POST", "/sites/{site_id}/guests", "inviteGuest"),
    ("DELETE", "/sites/{site_id}/guests/{email}", "removeGuest"),
    ("GET", "/sites/{site_id}/retention", "getRetention"),
    ("PUT", "/sites/{site_id}/retention", "setRetention"),
    ("GET", "/sites/{site_id}/email-reports", "getEmailReports"),
    ("PUT", "/sites/{site_id}/email-reports", "setEmailReports"),
    ("GET", "/sites/{site_id}/dropped", "getDropped"),
    ("GET", "/dropped", "getUnattributedDropped"),
    ("GET", "/users", "listUsers"),
    ("POST", "/users", "createUser"),
    ("PATCH", "/users/{login}", "updateUser"),
    ("DELETE", "/users/{login}", "deleteUser"),
    ("POST", "/users/{login}/invitation", "inviteUser"),
    ("PUT", "/users/{login}/access", "setAccess"),
    ("PUT", "/users/{login}/role", "setRole"),
    ("GET", "/team", "getTeam"),
    ("GET", "/tokens", "listTokens"),
    ("POST", "/tokens", "createToken"),
    ("DELETE", "/tokens/{token_id}", "deleteToken"),
    ("GET", "/settings", "getSettings"),
    ("PATCH", "/settings", "updateSettings"),
];

/// What a shared link that is limited to a segment opens: what keeps to the segment, or tells nothing about visitors.
const SHOWN_WITHIN_SEGMENT: [&str; 8] =
    ["getSession", "getOpenApi", "getSite", "listGoals", "listDimensions", "listFunnels", "query", "queryFunnel"];

/// Answers a request below `/api/v1/`; Plausible's Sites API lies there too.
pub async fn answer(ctx: &Context, system: &System, call: &Call) -> Reply {
    if plausible::answers_sites(call) {
        return plausible::answer(ctx, call).await;
    }
    match run(ctx, system, call).await {
        Ok(reply) => reply,
        Err(failure) => failure.reply(),
    }
}

async fn run(ctx: &Context, system: &System, call: &Call) -> Result<Reply, Failure> {
    let nowhere = || Failure::not_found("there is no such operation").hint("`/api/v1/openapi.json` describes all there are");
    let parts = call.below(PREFIX).ok_or_else(nowhere)?;
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let caller = caller(ctx, call).await?;
    let operation = find(&call.method, &parts).ok_or_else(nowhere)?;
    check(&caller, call, operation, &parts)?;
    match operation {
        "getSession" => session::get(ctx, system, &caller, call).await,
        "login" => session::login(ctx, system, &caller, call).await,
        "logout" => session::logout(ctx, system, &caller, call).await,
        "setup" => session::setup(ctx, system, &caller, call).await,
        "forgotPassword" => passwords::forgotten(ctx, call).await,
        "resetPassword" => passwords::reset(ctx, call).await,
        "getInvitation" => passwords::invitation(ctx, call).await,
        "acceptInvitation" => passwords::accept(ctx, system, &caller, call).await,
        "changeAccount" => session::change(ctx, system, &caller, call).await,
        "getOpenApi" => Ok(Reply { body: OPENAPI.as_bytes().to_vec(), ..shape::json(200, &Value::Null) }),
        "listSites" => sites::list(ctx, &caller, call).await,
        "createSite" => sites::create(ctx, &caller, call).await,
        "getOverview" => overview::get(ctx, &caller, call).await,
        "getUnattributedDropped" => dropped::of_nobody(ctx, system, &caller, call).await,
        "listUsers" => users::list(ctx, &caller).await,
        "createUser" => users::create(ctx, &caller, call).await,
        "updateUser" => users::update(ctx, &caller, call, parts[1]).await,
        "deleteUser" => users::delete(ctx, &caller, parts[1]).await,
        "inviteUser" => users::invite(ctx, &caller, parts[1]).await,
        "setAccess" => users::set_access(ctx, &caller, call, parts[1]).await,
        "setRole" => users::set_role(ctx, &caller, call, parts[1]).await,
        "getTeam" => team::get(ctx, &caller).await,
        "listTokens" => tokens::list(ctx, &caller).await,
        "createToken" => tokens::create(ctx, &caller, call).await,
        "deleteToken" => tokens::delete(ctx, &caller, parts[1]).await,
        "getSettings" => settings::get(ctx, system, &caller).await,
        "updateSettings" => settings::update(ctx, system, &caller, call).await,
        _ => of_site(ctx, system, &caller, call, operation, &parts).await,
    }
}

/// Operations on one site.
async fn of_site(
    ctx: &Context,
    system: &System,
    caller: &Caller,
    call: &Call,
    operation: &str,
    parts: &[&str],
) -> Result<Reply, Failure> {
    let site = sites::find(ctx, caller, parts.get(1).copied().unwrap_or_default())?;
    let below = parts.get(3).copied().unwrap_or_default();
    match operation {
        "getSite" => sites::get(ctx, caller, &site).await,
        "updateSite" => sites::update(ctx, caller, call, &site).await,
        "deleteSite" => sites::delete(ctx, caller, &site).await,
        "getSnippets" => snippets::get(ctx, caller, call, &site).await,
        "listGoals" => goals::list(ctx, caller, &site).await,
        "createGoal" => goals::create(ctx, caller, call, &site).await,
        "updateGoal" => goals::update(ctx, caller, call, &site, below).await,
        "deleteGoal" => goals::delete(ctx, caller, &site, below).await,
        "listDimensions" => dimensions::list(ctx, caller, &site).await,
        "createDimension" => dimensions::create(ctx, caller, call, &site).await,
        "updateDimension" => dimensions::update(ctx, caller, call, &site, below).await,
        "deleteDimension" => dimensions::delete(ctx, caller, &site, below).await,
        "listProperties" => properties::list(ctx, caller, &site).await,
        "getLive" => live::get(ctx, caller, call, &site).await,
        "getDropped" => dropped::of_site(ctx, system, caller, call, &site).await,
        "query" => {
            caller.check_site(&site, Access::View, "asking for figures")?;
            let asked: Value = body::read(call)?;
            let limits = caller.limits(ctx, &site);
            Ok(shape::json(200, &query::query(ctx, &site, &asked, limits).await?))
        }
        "streamLive" => {
            let pulse = live::pulse(ctx, caller, parts[1]).await?;
            let event = format!("event: pulse\ndata: {}\n\n", pulse.json());
            Ok(Reply { content_type: "text/event-stream", body: event.into_bytes(), ..shape::json(200, &Value::Null) })
        }
        // The server sends it piece by piece; here it comes whole.
        "exportEvents" => {
            let mut export = Export::begin(ctx, caller, call, parts[1]).await?;
            let mut body = Vec::new();
            while let Some(piece) = export.next().await? {
                body.extend(piece);
            }
            Ok(Reply { content_type: export.format().content_type(), body, ..shape::json(200, &Value::Null) })
        }
        _ => kept_with_site(ctx, caller, call, operation, &site, below).await,
    }
}

/// Operations on what is kept with a site beside goals and dimensions.
async fn kept_with_site(
    ctx: &Context,
    caller: &Caller,
    call: &Call,
    operation: &str,
    site: &Arc<Site>,
    below: &str,
) -> Result<Reply, Failure> {
    match operation {
        "listFunnels" => funnels::list(ctx, caller, site).await,
        "createFunnel" => funnels::create(ctx, caller, call, site).await,
        "updateFunnel" => funnels::update(ctx, caller, call, site, below).await,
        "deleteFunnel" => funnels::delete(ctx, caller, site, below).await,
        "queryFunnel" => funnels::ask(ctx, caller, call, site, below).await,
        "listAnnotations" => annotations::list(ctx, caller, call, site).await,
        "createAnnotation" => annotations::create(ctx, caller, call, site).await,
        "updateAnnotation" => annotations::update(ctx, caller, call, site, below).await,
        "deleteAnnotation" => annotations::delete(ctx, caller, site, below).await,
        "exportArchive" => imports::export(ctx, caller, call, site).await,
        "listImports" => imports::list(ctx, caller, site).await,
        "createImport" => imports::create(ctx, caller, call, site).await,
        "deleteImport" => imports::delete(ctx, caller, site, below).await,
        "listSegments" => segments::list(ctx, caller, site).await,
        "createSegment" => segments::create(ctx, caller, call, site).await,
        "deleteSegment" => segments::delete(ctx, caller, site, below).await,
        "listSharedLinks" => links::list(ctx, caller, site).await,
        "createSharedLink" => links::create(ctx, caller, call, site).await,
        "deleteSharedLink" => links::delete(ctx, caller, site, below).await,
        "listGuests" => guests::list(ctx, caller, site).await,
        "inviteGuest" => guests::invite(ctx, caller, call, site).await,
        "removeGuest" => guests::remove(ctx, caller, site, below).await,
        "getRetention" => retention::get(ctx, caller, site).await,
        "setRetention" => retention::set(ctx, caller, call, site).await,
        "getEmailReports" => email_reports::get(ctx, caller, site).await,
        "setEmailReports" => email_reports::set(ctx, caller, call, site).await,
        _ => Err(Failure::not_found("there is no such operation")),
    }
}

/// The operation of a method and path.
fn find(method: &str, parts: &[&str]) -> Option<&'static str> {
    let fits = |path: &str| {
        let wanted: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        wanted.len() == parts.len()
            && wanted.iter().zip(parts).all(|(wanted, part)| match *wanted {
                "{site_id}" => part.bytes().all(|digit| digit.is_ascii_digit()),
                wanted => wanted.starts_with('{') || wanted == *part,
            })
    };
    OPERATIONS.iter().find(|(known, path, _)| *known == method && fits(path)).map(|(_, _, name)| *name)
}

/// What holds for every operation: browsers repeat a token where something could change, and tokens are for something.
fn check(caller: &Caller, call: &Call, operation: &str, parts: &[&str]) -> Result<(), Failure> {
    let asks = matches!(operation, "query" | "queryFunnel");
    let reads = call.method == "GET" || asks;
    if caller.segment.is_some() && !SHOWN_WITHIN_SEGMENT.contains(&operation) {
        return Err(Failure::forbidden("the shared link shows figures of a segment and nothing else"));
    }
    if caller.by_token && !matches!(operation, "getSession" | "getOpenApi") {
        if caller.principal.is_anonymous() {
            return Err(Failure::new(401, "unauthenticated", "the token is not known"));
        }
        if reads {
            caller.check_scope("stats:read")?;
        } else if !caller.principal.scopes.is_empty() {
            return Err(Failure::forbidden("the token is for something else"));
        }
    }
    let public = asks
        && parts
            .get(1)
            .and_then(|id| id.parse().ok())
            .is_some_and(|id| caller.principal.public.contains(&footfall_model::SiteId(id)));
    if call.method != "GET" && !public {
        caller.check_csrf(call)?;
    }
    Ok(())
}
