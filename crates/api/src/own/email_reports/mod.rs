//! Letters about a site that go out by themselves: what happened in a week or a month, and that many or few people came.

mod due;
mod report;
mod send;

use std::sync::Arc;

use footfall_model::{Error, Site};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use self::send::send_email_reports;
use self::{due::Kind, send::Sent};
use super::{Caller, Failure, body, shape};
use crate::{
    Call,
    matomo::{Context, Reply},
};

/// The setting of a site.
const NAME: &str = "email_reports";
/// How many people a letter goes to.
const MOST: usize = 50;
/// The largest number of visitors an alarm may wait for.
const LARGEST: u32 = 1_000_000_000;

/// Who gets which letters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
struct Kept {
    weekly: Vec<String>,
    monthly: Vec<String>,
    traffic_spike: Option<Alarm>,
    traffic_drop: Option<Alarm>,
}

/// Who is told when so many visitors, or fewer, are seen.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Alarm {
    recipients: Vec<String>,
    threshold: u32,
}

impl Kept {
    /// What is kept of a site.
    async fn of(ctx: &Context, site: &Site) -> Result<Kept, Error> {
        Ok(ctx.admin.site_setting(site.id, NAME).await?.unwrap_or_default())
    }

    fn recipients(&self, kind: Kind) -> &[String] {
        match kind {
            Kind::Weekly => &self.weekly,
            Kind::Monthly => &self.monthly,
        }
    }
}

/// `GET /sites/{id}/email-reports`.
pub(super) async fn get(ctx: &Context, caller: &Caller, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_set_up(site, "reading who gets reports")?;
    Ok(shape::json(200, &describe(ctx, &Kept::of(ctx, site).await?)))
}

/// `PUT /sites/{id}/email-reports`: what is left out is sent to nobody.
pub(super) async fn set(ctx: &Context, caller: &Caller, call: &Call, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_set_up(site, "changing who gets reports")?;
    let mut kept: Kept = body::read(call)?;
    check("weekly", &mut kept.weekly)?;
    check("monthly", &mut kept.monthly)?;
    for (name, alarm) in [("traffic_spike", &mut kept.traffic_spike), ("traffic_drop", &mut kept.traffic_drop)] {
        let Some(given) = alarm else { continue };
        check(name, &mut given.recipients)?;
        if !(1..=LARGEST).contains(&given.threshold) {
            return Err(Failure::field(name, format!("`threshold` must be a whole number from 1 to {LARGEST}")));
        }
        if given.recipients.is_empty() {
            *alarm = None;
        }
    }
    // Who is new to it gets the next report, and none about times before.
    let before = Kept::of(ctx, site).await?;
    let mut sent = Sent::of(ctx, site).await?;
    for kind in Kind::ALL {
        if before.recipients(kind).is_empty() && !kept.recipients(kind).is_empty() {
            sent.report(kind, kind.due(ctx.now, &site.zone));
        }
    }
    sent.keep(ctx, site).await?;
    ctx.admin.set_site_setting(site.id, NAME, &kept).await?;
    Ok(shape::json(200, &describe(ctx, &kept)))
}

fn describe(ctx: &Context, kept: &Kept) -> Value {
    json!({
        "weekly": kept.weekly,
        "monthly": kept.monthly,
        "traffic_spike": kept.traffic_spike,
        "traffic_drop": kept.traffic_drop,
        "sends_mail": ctx.settings.post.is_some(),
    })
}

/// Sees to it that a list holds addresses, each once.
fn check(name: &str, recipients: &mut Vec<String>) -> Result<(), Failure> {
    if recipients.len() > MOST {
        return Err(Failure::field(name, format!("at most {MOST} people may get a letter")));
    }
    for address in recipients.iter_mut() {
        *address = address.trim().to_owned();
        let fits = address.len() <= 320
            && !address.chars().any(|sign| sign.is_whitespace() || sign.is_control() || "<>,;\"".contains(sign))
            && address.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
        if !fits {
            return Err(Failure::field(name, format!("`{address}` is no e-mail address")));
        }
    }
    let mut seen = std::collections::HashSet::new();
    recipients.retain(|address| seen.insert(address.to_lowercase()));
    Ok(())
}
