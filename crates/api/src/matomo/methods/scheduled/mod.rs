//! `ScheduledReports.*`: several reports in one document, kept as what they are made of.

mod document;
mod facts;
mod kept;

use footfall_admin::{NewScheduledReport, ScheduledReport};
use footfall_model::{Access, Day, Error, Millis};
use jiff::{ToSpan as _, tz::TimeZone};

use crate::{
    access::Need,
    letters::{self, Attachment, Letter},
    matomo::{
        Answer, Context, Failure, MatomoRequest,
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

/// Sends a report, about the last whole period unless asked otherwise; once a period, unless it is forced.
async fn send(call: Call<'_>) -> Result<Answer, Failure> {
    let held = one(call).await?;
    users::check_own(call, &held.report.login)?;
    if call.ctx.settings.post.is_none() {
        return Err(Failure::new("This server sends no mail: fetch the report with `ScheduledReports.generateReport`."));
    }
    deliver(call, &held, call.request.filled("date").filter(|date| *date != "false")).await?;
    Ok(Answer::Done)
}

/// Makes the document of a report and sends it to everybody who gets it.
async fn deliver(call: Call<'_>, held: &ScheduledReport, date: Option<&str>) -> Result<(), Failure> {
    let report = &held.report;
    let site = call.ctx.sites.get(report.site).ok_or_else(|| Failure::new(NOT_FOUND))?;
    let today = scope::today(call.ctx, Some(site));
    let back = match report.period.as_str() {
        "week" => 7.days(),
        "month" => 1.month(),
        _ => 1.day(),
    };
    let last = today.checked_sub(back).unwrap_or(today).to_string();
    let document = document::make(call, report, date.unwrap_or(&last)).await?;
    let mut addresses = Vec::new();
    if report.parameters["emailMe"].as_bool().unwrap_or(true) {
        addresses.push(call.ctx.admin.user(&report.login).await?.email);
    }
    let more = report.parameters["additionalEmails"].as_array().into_iter().flatten();
    addresses.extend(more.filter_map(|email| email.as_str().map(str::to_owned)));
    let subject = format!("{} - {}", document.title, document.pretty_date);
    let text = format!("{subject}\n\n{}\n", report.description);
    for to in addresses {
        let mut letter = Letter { to, subject: subject.clone(), text: text.clone(), ..Letter::default() };
        if document.is_page() {
            letter.html = Some(document.text.clone());
        } else {
            let (name, content_type) = (document.file.clone(), document.content_type);
            letter.attachment = Some(Attachment { name, content_type, body: document.text.clone().into_bytes() });
        }
        letters::send(call.ctx, letter);
    }
    call.ctx.admin.sent_scheduled_report(held.id, call.ctx.now).await?;
    Ok(())
}

/// Sends every report whose hour has come since it was last sent, each with its owner's rights; says how many. Hours are those of
/// UTC, and weeks and months begin as the calendar has them.
///
/// # Errors
/// When the reports cannot be read.
pub async fn send_due(ctx: &Context) -> Result<usize, Error> {
    let mut n_sent = 0;
    for held in ctx.admin.scheduled_reports().await? {
        let Some(due) = due_at(&held.report, ctx.now) else { continue };
        let since = held.last_sent_at.unwrap_or(held.created_at);
        if since >= due {
            continue;
        }
        let caller = ctx.admin.principal(&held.report.login).await?;
        let request = MatomoRequest::default();
        let call = Call { ctx, caller: &caller, request: &request };
        match deliver(call, &held, None).await {
            Ok(()) => n_sent += 1,
            // It is not tried again before the next time, so that what cannot be made does not hold the others up.
            Err(_) => ctx.admin.sent_scheduled_report(held.id, ctx.now).await?,
        }
    }
    Ok(n_sent)
}

/// The last moment at which a report was to be sent.
fn due_at(report: &NewScheduledReport, now: Millis) -> Option<Millis> {
    let today = now.local(&TimeZone::UTC).date();
    let at = |day: Day| {
        let moment = day.at(i8::try_from(report.hour).ok()?, 0, 0, 0).to_zoned(TimeZone::UTC).ok()?;
        Some(Millis(moment.timestamp().as_millisecond()))
    };
    let (day, back) = match report.period.as_str() {
        "day" => (today, 1.day()),
        "week" => {
            let since_monday = i64::from(today.weekday().to_monday_zero_offset());
            (today.checked_sub(since_monday.days()).ok()?, 7.days())
        }
        "month" => (today.first_of_month(), 1.month()),
        _ => return None,
    };
    match at(day)? {
        due if due <= now => Some(due),
        _ => at(day.checked_sub(back).ok()?),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_due_at_their_hour() {
        let due = |period: &str, hour, now: &str| {
            let report = NewScheduledReport { period: period.to_owned(), hour, ..NewScheduledReport::default() };
            let now = Millis::from(now.parse::<jiff::Timestamp>().unwrap());
            due_at(&report, now).map(|due| due.timestamp().to_string())
        };
        // 2026-03-18 is a Wednesday.
        for (period, hour, now, wanted) in [
            ("day", 9, "2026-03-18T09:00:00Z", "2026-03-18T09:00:00Z"),
            ("day", 9, "2026-03-18T08:59:59Z", "2026-03-17T09:00:00Z"),
            ("week", 9, "2026-03-18T08:00:00Z", "2026-03-16T09:00:00Z"),
            ("week", 9, "2026-03-16T08:00:00Z", "2026-03-09T09:00:00Z"),
            ("month", 0, "2026-03-18T08:00:00Z", "2026-03-01T00:00:00Z"),
            ("month", 6, "2026-03-01T05:00:00Z", "2026-02-01T06:00:00Z"),
        ] {
            assert_eq!(due(period, hour, now).as_deref(), Some(wanted), "{period} at {hour}, {now}");
        }
        assert_eq!(due("never", 0, "2026-03-18T08:00:00Z"), None);
    }
}
