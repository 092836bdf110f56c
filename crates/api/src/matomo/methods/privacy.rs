//! `PrivacyManager.*`: how much is known of visitors.

use footfall_model::Cell;

use crate::{
    access::Need,
    matomo::{
        Answer, Failure,
        cells::cells,
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
    Method::new(MODULE, "executeDataPurge", Need::Superuser, &[], |call| Box::pin(purge(call))),
    Method::new(MODULE, "getAvailableVisitColumnsToAnonymize", Need::Superuser, &[], |_| {
        Box::pin(async { Ok(Answer::Data(columns(VISIT_COLUMNS))) })
    }),
    Method::new(MODULE, "getAvailableLinkVisitActionColumnsToAnonymize", Need::Superuser, &[], |_| {
        Box::pin(async { Ok(Answer::Data(columns(ACTION_COLUMNS))) })
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
    users::confirm(call).await?;
    let days = call.request.int("deleteLogsOlderThan").unwrap_or(180).clamp(1, 36_500);
    let kept = call.request.flag("enableDeleteLogs").then_some(days);
    call.ctx.admin.set_setting("retention_days", &kept).await?;
    Ok(Answer::value(true))
}

/// Settings of what Matomo makes out of visits beforehand: there is nothing of the kind here to delete.
async fn accept(call: Call<'_>) -> Result<Answer, Failure> {
    users::confirm(call).await?;
    Ok(Answer::value(true))
}

/// Deletes at once what is older than it may be kept.
async fn purge(call: Call<'_>) -> Result<Answer, Failure> {
    users::confirm(call).await?;
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

fn columns(names: &[(&'static str, Option<i64>)]) -> Cell {
    let one = |(name, instead): &(&'static str, Option<i64>)| {
        cells! {"column_name" => *name, "default_value" => instead.map_or(Cell::NULL, Cell::from)}
    };
    Cell::List(names.iter().map(one).collect())
}

/// What Matomo names of a visit, with what stands in its place: `None` is nothing.
const VISIT_COLUMNS: &[(&str, Option<i64>)] = &[
    ("config_browser_engine", None),
    ("config_browser_name", None),
    ("config_browser_version", None),
    ("config_client_type", None),
    ("config_cookie", None),
    ("config_device_brand", None),
    ("config_device_model", None),
    ("config_device_type", None),
    ("config_flash", None),
    ("config_java", None),
    ("config_os", None),
    ("config_os_version", None),
    ("config_pdf", None),
    ("config_quicktime", None),
    ("config_realplayer", None),
    ("config_resolution", None),
    ("config_silverlight", None),
    ("config_windowsmedia", None),
    ("custom_dimension_1", None),
    ("custom_dimension_2", None),
    ("custom_dimension_3", None),
    ("custom_dimension_4", None),
    ("custom_dimension_5", None),
    ("custom_var_k1", None),
    ("custom_var_k2", None),
    ("custom_var_k3", None),
    ("custom_var_k4", None),
    ("custom_var_k5", None),
    ("custom_var_v1", None),
    ("custom_var_v2", None),
    ("custom_var_v3", None),
    ("custom_var_v4", None),
    ("custom_var_v5", None),
    ("last_idlink_va", None),
    ("location_browser_lang", None),
    ("location_city", None),
    ("location_country", None),
    ("location_latitude", None),
    ("location_longitude", None),
    ("location_region", None),
    ("profilable", None),
    ("referer_keyword", None),
    ("referer_name", None),
    ("referer_type", None),
    ("referer_url", None),
    ("user_id", None),
    ("visit_entry_idaction_name", None),
    ("visit_entry_idaction_url", None),
    ("visit_exit_idaction_name", None),
    ("visit_exit_idaction_url", Some(0)),
    ("visit_goal_buyer", None),
    ("visit_goal_converted", None),
    ("visit_total_actions", None),
    ("visit_total_events", None),
    ("visit_total_interactions", Some(0)),
    ("visit_total_searches", None),
    ("visitor_count_visits", Some(0)),
    ("visitor_localtime", None),
    ("visitor_returning", None),
    ("visitor_seconds_since_first", None),
    ("visitor_seconds_since_last", None),
    ("visitor_seconds_since_order", None),
];

/// What Matomo names of an action, with what stands in its place.
const ACTION_COLUMNS: &[(&str, Option<i64>)] = &[
    ("custom_dimension_1", None),
    ("custom_dimension_2", None),
    ("custom_dimension_3", None),
    ("custom_dimension_4", None),
    ("custom_dimension_5", None),
    ("custom_float", None),
    ("custom_var_k1", None),
    ("custom_var_k2", None),
    ("custom_var_k3", None),
    ("custom_var_k4", None),
    ("custom_var_k5", None),
    ("custom_var_v1", None),
    ("custom_var_v2", None),
    ("custom_var_v3", None),
    ("custom_var_v4", None),
    ("custom_var_v5", None),
    ("idaction_content_interaction", None),
    ("idaction_content_name", None),
    ("idaction_content_piece", None),
    ("idaction_content_target", None),
    ("idaction_event_action", None),
    ("idaction_event_category", None),
    ("idaction_name", None),
    ("idaction_name_ref", None),
    ("idaction_product_cat", None),
    ("idaction_product_cat2", None),
    ("idaction_product_cat3", None),
    ("idaction_product_cat4", None),
    ("idaction_product_cat5", None),
    ("idaction_product_name", None),
    ("idaction_product_sku", None),
    ("idaction_url", None),
    ("idaction_url_ref", Some(0)),
    ("idpageview", None),
    ("pageview_position", None),
    ("product_price", None),
    ("search_cat", None),
    ("search_count", None),
    ("time_dom_completion", None),
    ("time_dom_processing", None),
    ("time_network", None),
    ("time_on_load", None),
    ("time_server", None),
    ("time_spent", None),
    ("time_spent_ref_action", None),
    ("time_transfer", None),
];
