//! `ScheduledReports.*`: several reports in one document, kept as what they are made of.

mod document;
mod facts;
mod kept;

use footfall_admin::ScheduledReport;
use footfall_model::Access;

use crate::{
    access::Need,
    matomo::{
        Answer, Failure,
        dispatch::{Call, Method},
        methods::users,
        scope,
    },
};

const MODULE: &str = "ScheduledReports";

pub(super) use facts::METHODS as FACTS;

pub(super) const METHODS: &[Method] = &[
    Method::new(
        MODULE,
        "addReport",
        Need::Somebody,
        &["idSite", "description", "period", "hour", "reportType", "reportFormat", "reports", "parameters"],
        |call| Box::pin(add(call)),
    ),
    Method::new(
        MODULE,
        "updateReport",
        Need::Somebody,
        &["idReport", "idSite", "description", "period", "hour", "reportType", "reportFormat", "reports", "parameters"],
        |call| Box::pin(update(call)),
    ),
    Method::new(MODULE, "deleteReport", Need::Somewhere(Access::View), &["idReport"], |call| Box::pin(delete(call))),
    Method::new(MODULE, "getReports", Need::Somewhere(Access::View), &[], |call| Box::pin(list(call))),
    Method::new(MODULE, "sendReport", Need::Somebody, &["idReport"], |call| Box::pin(send(call))),
    Method::new(MODULE, "generateReport", Need::Somebody, &["idReport", "date"], |call| Box::pin(document::generate(call))),
];

/// Nothing is sent from here: the caller is told so, and not left to wait for a letter.
async fn send(call: Call<'_>) -> Result<Answer, Failure> {
    let held = one(call).await?;
    users::check_own(call, &held.report.login)?;
    Err(Failure::new("This server sends no mail: fetch the report with `ScheduledReports.generateReport`."))
}

async fn add(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    let new = kept::new(call, &site, &call.caller.login)?;
    Ok(Answer::value(call.ctx.admin.add_scheduled_report(new, call.ctx.now).await?.id))
}

async fn update(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    let held = one(call).await?;
    let new = kept::new(call, &site, &held.report.login)?;
    call.ctx.admin.update_scheduled_report(held.id, new).await?;
    Ok(Answer::Done)
}

async fn delete(call: Call<'_>) -> Result<Answer, Failure> {
    let held = one(call).await?;
    users::check_own(call, &held.report.login)?;
    call.ctx.admin.delete_scheduled_report(held.id).await?;
    Ok(Answer::Done)
}

async fn list(call: Call<'_>) -> Result<Answer, Failure> {
    let request = call.request;
    let mut all = own(call, request.flag("ifSuperUserReturnOnlySuperUserReports")).await?;
    if let Some(period) = request.filled("period").filter(|given| *given != "false" && *given != "0") {
        kept::check_period(period)?;
        all.retain(|kept| kept.report.period == period);
    }
    if request.flag("idSite") {
        let site = scope::site(call.ctx, call.caller, request, Access::View)?.id;
        all.retain(|kept| kept.report.site == site);
    }
    if request.flag("idReport") {
        let id = request.int("idReport");
        all.retain(|kept| Some(kept.id) == id);
        if all.is_empty() {
            return Err(Failure::new(NOT_FOUND));
        }
    }
    if request.flag("idSegment") {
        let id = request.int("idSegment");
        all.retain(|kept| kept.report.segment == id);
    }
    all.sort_by(|one, other| one.report.description.cmp(&other.report.description));
    Ok(Answer::list(all.iter().map(kept::shown).collect()))
}

const NOT_FOUND: &str = "Requested report couldn't be found.";

/// The report that a request names, which is the caller's, or anybody's for a superuser.
async fn one(call: Call<'_>) -> Result<ScheduledReport, Failure> {
    let id = call.request.int("idReport");
    let found = own(call, false).await?.into_iter().find(|kept| Some(kept.id) == id);
    found.ok_or_else(|| Failure::new(NOT_FOUND))
}

/// The caller's reports; everybody's for a superuser who does not want only their own.
async fn own(call: Call<'_>, only_own: bool) -> Result<Vec<ScheduledReport>, Failure> {
    let mut all = call.ctx.admin.scheduled_reports().await?;
    all.retain(|kept| (call.caller.superuser && !only_own) || kept.report.login == call.caller.login);
    all.retain(|kept| call.ctx.sites.get(kept.report.site).is_some());
    Ok(all)
}
