//! Sends what is due.

use std::sync::Arc;

use footfall_model::{Day, Error, Millis, Site, TimeRange};
use footfall_report::stats::{self, Metric, Span, StatsQuery, Style};
use serde::{Deserialize, Serialize};

use super::{
    Alarm, Kept,
    due::Kind,
    report::{self, Figures},
};
use crate::{
    letters::{self, Letter},
    matomo::Context,
    own::live,
};

/// The setting of a site that says what was sent last.
const NAME: &str = "email_reports_sent";
/// How long nothing more is said about many visitors, and the time in which few are looked for: half a day.
const HALF_A_DAY: i64 = 43_200_000;

/// What was sent last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Sent {
    weekly: Option<String>,
    monthly: Option<String>,
    traffic_spike: Option<i64>,
    traffic_drop: Option<i64>,
}

impl Sent {
    pub(super) async fn of(ctx: &Context, site: &Site) -> Result<Sent, Error> {
        Ok(ctx.admin.site_setting(site.id, NAME).await?.unwrap_or_default())
    }

    pub(super) async fn keep(&self, ctx: &Context, site: &Site) -> Result<(), Error> {
        ctx.admin.set_site_setting(site.id, NAME, self).await
    }

    /// Notes that the report of this day needs not be sent any more.
    pub(super) fn report(&mut self, kind: Kind, due: Day) {
        *match kind {
            Kind::Weekly => &mut self.weekly,
            Kind::Monthly => &mut self.monthly,
        } = Some(due.to_string());
    }

    fn had(&self, kind: Kind, due: Day) -> bool {
        let last = match kind {
            Kind::Weekly => &self.weekly,
            Kind::Monthly => &self.monthly,
        };
        last.as_deref().and_then(|day| day.parse::<Day>().ok()).is_some_and(|last| last >= due)
    }
}

/// Sends the reports of every site that are due, and tells of many or few visitors; says how many letters that were.
///
/// # Errors
/// When a site's figures or settings cannot be read. What could be sent of the others was.
pub async fn send_email_reports(ctx: &Context) -> Result<usize, Error> {
    let (mut n_sent, mut failed) = (0, None);
    for site in ctx.sites.all() {
        match of_site(ctx, &site).await {
            Ok(n) => n_sent += n,
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or(Ok(n_sent), Err)
}

async fn of_site(ctx: &Context, site: &Arc<Site>) -> Result<usize, Error> {
    let kept = Kept::of(ctx, site).await?;
    if kept == Kept::default() {
        return Ok(0);
    }
    let before = Sent::of(ctx, site).await?;
    let (mut sent, mut n_sent) = (before.clone(), 0);
    for kind in Kind::ALL {
        let due = kind.due(ctx.now, &site.zone);
        if kept.recipients(kind).is_empty() || sent.had(kind, due) {
            continue;
        }
        let (days, earlier) = kind.days(due)?;
        let figures = Figures::of(ctx, site, days, earlier).await?;
        let letter = report::letter(kind, site, &ctx.settings.base_url, days, &figures);
        n_sent += deliver(ctx, &letter, kept.recipients(kind));
        sent.report(kind, due);
    }
    let rests = |last: Option<i64>| last.is_some_and(|at| ctx.now.0 - at < HALF_A_DAY);
    if let Some(alarm) = kept.traffic_spike.as_ref().filter(|_| !rests(sent.traffic_spike)) {
        let here = live::visitors(ctx, site).await?;
        if here >= i64::from(alarm.threshold) {
            let said = format!("{here} people are on {} at this moment.", site.domain);
            n_sent += tell(ctx, site, alarm, &format!("Many visitors on {}", site.domain), &said);
            sent.traffic_spike = Some(ctx.now.0);
        }
    }
    if let Some(alarm) = kept.traffic_drop.as_ref().filter(|_| !rests(sent.traffic_drop)) {
        let seen = visitors(ctx, site).await?;
        if seen < i64::from(alarm.threshold) {
            let said = format!("{seen} people have been on {} in the last 12 hours.", site.domain);
            n_sent += tell(ctx, site, alarm, &format!("Few visitors on {}", site.domain), &said);
            sent.traffic_drop = Some(ctx.now.0);
        }
    }
    if sent != before {
        sent.keep(ctx, site).await?;
    }
    Ok(n_sent)
}

/// Visitors of the last half day.
async fn visitors(ctx: &Context, site: &Arc<Site>) -> Result<i64, Error> {
    let end = Millis(ctx.now.0 + 1);
    let span = Span::moments(TimeRange { start: end.plus(-HALF_A_DAY), end }, &site.zone);
    let mut query = StatsQuery::new(Arc::clone(site), span, Style::Footfall);
    query.metrics = vec![Metric::Visitors];
    let answer = stats::run(&ctx.reader(), &query).await?;
    Ok(answer.rows.first().and_then(|row| row.metrics.first().copied().flatten()).unwrap_or(0.0) as i64)
}

fn tell(ctx: &Context, site: &Site, alarm: &Alarm, subject: &str, said: &str) -> usize {
    let text = format!("{said}\n\nMore: {}sites/{}\n", ctx.settings.base_url, site.id);
    deliver(ctx, &Letter { subject: subject.to_owned(), text, ..Letter::default() }, &alarm.recipients)
}

/// Hands the letter over once for each, and says how often that was.
fn deliver(ctx: &Context, letter: &Letter, recipients: &[String]) -> usize {
    let each = recipients.iter().map(|to| Letter { to: to.clone(), ..letter.clone() });
    each.filter(|letter| letters::send(ctx, letter.clone())).count()
}
