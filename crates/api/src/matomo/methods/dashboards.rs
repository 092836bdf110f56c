//! `Dashboard.*`: the pages of widgets people arranged.

use footfall_admin::Dashboard;
use footfall_model::{Access, Cell, Fault};
use serde_json::{Value, json};

use crate::{
    access::Need,
    matomo::{
        Answer, Failure,
        cells::cells,
        dispatch::{Call, Method},
        methods::users,
        scope,
    },
};

const MODULE: &str = "Dashboard";

pub(super) const METHODS: &[Method] = &[
    Method::new(MODULE, "getDashboards", Need::Nobody, &[], |call| Box::pin(list(call))),
    Method::new(MODULE, "createNewDashboardForUser", Need::Somebody, &["login"], |call| Box::pin(create(call))),
    Method::new(MODULE, "removeDashboard", Need::Somebody, &["idDashboard"], |call| Box::pin(remove(call))),
    Method::new(MODULE, "copyDashboardToUser", Need::Somewhere(Access::Admin), &["idDashboard", "copyToUser"], |call| {
        Box::pin(copy(call))
    }),
    Method::new(MODULE, "resetDashboardLayout", Need::Somebody, &["idDashboard"], |call| Box::pin(reset(call))),
];

/// Where widgets lie that nobody arranged, by column.
const DEFAULT: &[&[(&str, &str)]] = &[
    &[("Live", "widget")],
    &[("VisitsSummary", "getEvolutionGraph"), ("Insights", "getOverallMoversAndShakers"), ("VisitsSummary", "get")],
    &[("UserCountryMap", "visitorMap"), ("Referrers", "getReferrerType")],
];

fn default_layout() -> Value {
    let widget = |(module, action): &(&str, &str)| json!({"uniqueId": format!("widget{module}{action}"), "parameters": {"module": module, "action": action}});
    let columns = DEFAULT.iter().map(|column| Value::Array(column.iter().map(widget).collect()));
    Value::Array(columns.collect())
}

/// Whose dashboards are asked for: those of the login named, or the caller's own.
fn owner<'a>(call: Call<'a>) -> Result<&'a str, Failure> {
    let login = call.request.filled("login").unwrap_or(&call.caller.login);
    if login == "anonymous" {
        return Err(Failure::new("This method can't be performed for anonymous user"));
    }
    users::check_own(call, login)?;
    Ok(login)
}

fn number(call: Call<'_>) -> Result<i32, Failure> {
    let id = call.request.int("idDashboard").and_then(|id| i32::try_from(id).ok());
    id.ok_or_else(|| Failure::missing("idDashboard"))
}

async fn list(call: Call<'_>) -> Result<Answer, Failure> {
    let mut all = Vec::new();
    if !call.caller.is_anonymous() {
        all = call.ctx.admin.dashboards(owner(call)?).await?;
    }
    let wants_default = call.request.text("returnDefaultIfEmpty").is_none_or(|_| call.request.flag("returnDefaultIfEmpty"));
    if all.is_empty() && wants_default {
        all.push(Dashboard { id: 1, name: "Dashboard".to_owned(), layout: default_layout() });
    }
    Ok(Answer::list(all.iter().map(shown).collect()))
}

async fn create(call: Call<'_>) -> Result<Answer, Failure> {
    let login = owner(call)?;
    let is_filled = call.request.text("addDefaultWidgets").is_none_or(|_| call.request.flag("addDefaultWidgets"));
    let layout = if is_filled { default_layout() } else { json!({}) };
    let name = call.request.text("dashboardName").unwrap_or_default();
    Ok(Answer::value(i64::from(call.ctx.admin.save_dashboard(login, None, name, &layout).await?.id)))
}

async fn remove(call: Call<'_>) -> Result<Answer, Failure> {
    let login = owner(call)?;
    // What is not there need not be removed.
    match call.ctx.admin.delete_dashboard(login, number(call)?).await {
        Err(error) if error.fault() == Fault::Missing => Ok(Answer::Done),
        done => Ok(done.map(|()| Answer::Done)?),
    }
}

async fn copy(call: Call<'_>) -> Result<Answer, Failure> {
    let to = scope::required(call.request, "copyToUser")?;
    if call.ctx.admin.user(to).await.is_err() {
        return Err(Failure::new(format!("Cannot copy dashboard to user {to}, user not found.")));
    }
    let id = number(call)?;
    let own = call.ctx.admin.dashboards(&call.caller.login).await?;
    let found = own.iter().find(|dashboard| dashboard.id == id).ok_or_else(|| Failure::new("Dashboard not found"))?;
    let name = call.request.text("dashboardName").unwrap_or_default();
    Ok(Answer::value(i64::from(call.ctx.admin.save_dashboard(to, None, name, &found.layout).await?.id)))
}

async fn reset(call: Call<'_>) -> Result<Answer, Failure> {
    let (login, id) = (owner(call)?, number(call)?);
    let all = call.ctx.admin.dashboards(login).await?;
    if let Some(held) = all.iter().find(|dashboard| dashboard.id == id) {
        call.ctx.admin.save_dashboard(login, Some(id), &held.name, &default_layout()).await?;
    }
    Ok(Answer::Done)
}

/// A dashboard with those of its widgets that are not hidden.
fn shown(dashboard: &Dashboard) -> Cell {
    let columns = dashboard.layout.as_array().or_else(|| dashboard.layout.get("columns")?.as_array());
    let widgets = columns.into_iter().flatten().filter_map(Value::as_array).flatten();
    let visible = widgets.filter(|widget| !widget.get("isHidden").is_some_and(|hidden| *hidden == json!(true)));
    let named = visible.filter_map(|widget| {
        let parameters = widget.get("parameters")?;
        let (module, action) = (parameters.get("module")?.as_str()?, parameters.get("action")?.as_str()?);
        Some(cells! {"module" => module, "action" => action})
    });
    cells! {"name" => dashboard.name.as_str(), "id" => i64::from(dashboard.id), "widgets" => Cell::List(named.collect())}
}
