//! `PrivacyManager.*`: how much is known of visitors.

mod anonymize;
mod columns;

use crate::{
    access::Need,
    matomo::{
        Answer, Failure,
        dispatch::{Call, Method},
        methods::users,
    },
    own::retention,
};

const MODULE: &str = "PrivacyManager";

pub(super) const METHODS: &[Method] = &[
    Method::new(MODULE, "setAnonymizeIpSettings", Need::Superuser, &["anonymizeIPEnable", "maskLength"], |call| {
        Box::pin(set_masks(call))
    }),
    Method::new(MODULE, "activateDoNotTrack", Need::Superuser, &[], |call| Box::pin(set_honour(call, true))),
    Method::new(MODULE, "deactivateDoNotTrack", Need::Superuser, &[], |call| Box::pin(set_honour(call, false))),
    Method::new(MODULE, "setDeleteLogsSettings", Need::Superuser, &[], |call| Box::pin(set_retention(call))),
    Method::new(MODULE, "setDeleteReportsSettings", Need::Superuser, &[], |call| Box::pin(accept(call))),
    Method::new(MODULE, "setScheduleReportDeletionSettings", Need::Superuser, &[], |call| Box::pin(accept(call))),
    Method::new(MODULE, "executeDataPurge", Need::Superuser, &["passwordConfirmation"], |call| Box::pin(purge(call))),
    Method::new(MODULE, "anonymizeSomeRawData", Need::Superuser, &["idSites", "date"], |call| Box::pin(anonymize::run(call))),
    Method::new(MODULE, "getAvailableVisitColumnsToAnonymize", Need::Superuser, &[], |_| {
        Box::pin(async { Ok(Answer::Data(columns::shown(columns::VISIT))) })
    }),
    Method::new(MODULE, "getAvailableLinkVisitActionColumnsToAnonymize", Need::Superuser, &[], |_| {
        Box::pin(async { Ok(Answer::Data(columns::shown(columns::ACTION))) })
    }),
];

async fn set_masks(call: Call<'_>) -> Result<Answer, Failure> {
    let (admin, request) = (&call.ctx.admin, call.request);
    let bytes = if request.flag("anonymizeIPEnable") { request.int("maskLength").unwrap_or(2).clamp(0, 4) } else { 0 };
    admin.set_setting("anonymize_ip_bytes", &bytes).await?;
    admin.set_setting("use_anonymized_ip_for_visit_enrichment", &request.flag("useAnonymizedIpForVisitEnrichment")).await?;
    for (name, setting) in [
        ("anonymizeUserId", "anonymize_user_id"),
        ("anonymizeOrderId", "anonymize_order_id"),
        ("forceCookielessTracking", "force_cookieless_tracking"),
    ] {
        admin.set_setting(setting, &request.flag(name)).await?;
    }
    admin.set_setting("anonymize_referrer", request.text("anonymizeReferrer").unwrap_or_default()).await?;
    Ok(Answer::value(true))
}

/// How many days visits are kept: all of them, or the last ones only.
async fn set_retention(call: Call<'_>) -> Result<Answer, Failure> {
    users::confirm_always(call).await?;
    let days = call.request.int("deleteLogsOlderThan").unwrap_or(180).clamp(1, 36_500);
    let kept = call.request.flag("enableDeleteLogs").then_some(days);
    call.ctx.admin.set_setting("retention_days", &kept).await?;
    Ok(Answer::value(true))
}

/// Settings of what Matomo makes out of visits beforehand: there is nothing of the kind here to delete.
async fn accept(call: Call<'_>) -> Result<Answer, Failure> {
    users::confirm_always(call).await?;
    Ok(Answer::value(true))
}

/// Deletes at once what is older than it may be kept.
async fn purge(call: Call<'_>) -> Result<Answer, Failure> {
    users::confirm_always(call).await?;
    for site in call.ctx.sites.all() {
        if let Some(days) = retention(&call.ctx.admin, site.id).await? {
            let before = call.ctx.now.plus(-i64::from(days) * 86_400_000);
            call.ctx.store.forget_before(site.id, before).await?;
        }
    }
    Ok(Answer::Done)
}

async fn set_honour(call: Call<'_>, honours: bool) -> Result<Answer, Failure> {
    call.ctx.admin.set_setting("honour_do_not_track", &honours).await?;
    Ok(Answer::value(true))
}
