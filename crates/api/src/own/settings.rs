//! Settings of the instance.

use footfall_admin::parse_policy;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Caller, Failure, System, body, shape};
use crate::{
    Call,
    matomo::{Context, Reply},
};

/// How settings are called in the relational side, by their name here.
const NAMES: [(&str, &str); 8] = [
    ("instance_name", "instance_name"),
    ("base_url", "base_url"),
    ("default_timezone", "default_timezone"),
    ("default_currency", "default_currency"),
    ("default_policy", "default_policy"),
    ("retention_days", "retention_days"),
    ("anonymize_ip_bytes", "anonymize_ip_bytes"),
    ("honour_do_not_track", "honour_do_not_track"),
];

/// `GET /settings`.
pub(super) async fn get(ctx: &Context, system: &System, caller: &Caller) -> Result<Reply, Failure> {
    caller.check_superuser("reading settings")?;
    Ok(shape::json(200, &describe(ctx, system).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    instance_name: Option<String>,
    #[serde(default, deserialize_with = "body::nullable")]
    base_url: Option<Option<String>>,
    default_timezone: Option<String>,
    default_currency: Option<String>,
    default_policy: Option<String>,
    #[serde(default, deserialize_with = "body::nullable")]
    retention_days: Option<Option<u64>>,
    anonymize_ip_bytes: Option<u8>,
    honour_do_not_track: Option<bool>,
}

/// `PATCH /settings`.
pub(super) async fn update(ctx: &Context, system: &System, caller: &Caller, call: &Call) -> Result<Reply, Failure> {
    caller.check_superuser("changing settings")?;
    let asked: Change = body::read(call)?;
    if let Some(Some(url)) = &asked.base_url {
        let whole = ["https://", "http://"].iter().any(|scheme| url.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()));
        if !whole || url.len() > 1024 || url.contains([' ', '"', '<', '>', '?', '#']) {
            return Err(Failure::field("base_url", "`base_url` must be an address such as `https://stats.example.org`"));
        }
    }
    if let Some(policy) = &asked.default_policy
        && parse_policy(policy).is_none()
    {
        return Err(Failure::field("default_policy", "`default_policy` must be `matomo` or `plausible`"));
    }
    if asked.anonymize_ip_bytes.is_some_and(|bytes| bytes > 4) {
        return Err(Failure::field("anonymize_ip_bytes", "`anonymize_ip_bytes` must be a whole number from 0 to 4"));
    }
    let values = [
        asked.instance_name.map(Value::from),
        asked.base_url.map(|url| url.map_or(Value::Null, |url| url.trim_end_matches('/').into())),
        asked.default_timezone.map(Value::from),
        asked.default_currency.map(Value::from),
        asked.default_policy.map(Value::from),
        asked.retention_days.map(|days| days.map_or(Value::Null, Value::from)),
        asked.anonymize_ip_bytes.map(Value::from),
        asked.honour_do_not_track.map(Value::from),
    ];
    let given = NAMES.iter().zip(values).filter_map(|((_, name), value)| Some((*name, value?.to_string())));
    ctx.admin.set_settings(given.collect::<Vec<_>>()).await?;
    Ok(shape::json(200, &describe(ctx, system).await?))
}

async fn describe(ctx: &Context, system: &System) -> Result<Value, Failure> {
    let held = ctx.admin.settings().await?;
    let tracking = ctx.admin.tracking_settings().await?;
    let stats = ctx.store.stats().await?;
    let or = |name: &str, default: Value| held.get(name).cloned().unwrap_or(default);
    Ok(json!({
        "instance_name": or("instance_name", "Footfall".into()),
        "base_url": or("base_url", Value::Null),
        "default_timezone": or("default_timezone", "UTC".into()),
        "default_currency": or("default_currency", "USD".into()),
        "default_policy": or("default_policy", "matomo".into()),
        "retention_days": or("retention_days", Value::Null),
        "anonymize_ip_bytes": tracking.mask_bytes,
        "honour_do_not_track": tracking.honour_do_not_track,
        "system": {
            "version": system.version,
            "engine": system.engine,
            "hits": stats.hits,
            "disk_bytes": stats.bytes,
            "journal_waiting": system.journal_waiting,
            "place_data": system.place_data,
            "device_data": system.device_data,
        },
    }))
}
