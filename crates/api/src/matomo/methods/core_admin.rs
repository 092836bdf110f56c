//! `CoreAdminHome.*`: tracking requests that failed, and what a server that archives would do at night.

use footfall_admin::{FailureKind, TrackingFailure};
use footfall_model::{Access, Cell, SiteId};
use footfall_report::Periods;

use crate::{
    access::{self, Need},
    matomo::{
        Answer, Failure,
        cells::{cells, moment},
        dispatch::{Call, Method},
        opt_out, scope,
    },
};

const MODULE: &str = "CoreAdminHome";
/// What has to be said of how the opt-out looks.
const LOOK: &[&str] = &["backgroundColor", "fontColor", "fontSize", "fontFamily"];
const EMBEDDED: &[&str] =
    &["backgroundColor", "fontColor", "fontSize", "fontFamily", "applyStyling", "showIntro", "matomoUrl", "language"];
const SOME_ADMIN: Need = Need::Somewhere(Access::Admin);

pub(super) const METHODS: &[Method] = &[
    Method::new(MODULE, "getTrackingFailures", SOME_ADMIN, &[], |call| Box::pin(failures(call))),
    Method::new(MODULE, "deleteAllTrackingFailures", SOME_ADMIN, &[], |call| Box::pin(forget_all(call))),
    Method::new(MODULE, "deleteTrackingFailure", Need::Sites(Access::Admin), &["idSite", "idFailure"], |call| {
        Box::pin(forget(call))
    }),
    Method::new(MODULE, "invalidateArchivedReports", Need::Sites(Access::Admin), &["idSites", "dates"], |call| {
        Box::pin(invalidate(call))
    }),
    Method::new(MODULE, "getOptOutJSEmbedCode", Need::Nobody, EMBEDDED, |call| {
        let code = opt_out::embedded(call.request);
        Box::pin(async move { Ok(Answer::value(code.as_str())) })
    }),
    Method::new(MODULE, "getOptOutSelfContainedEmbedCode", Need::Nobody, LOOK, |call| {
        let code = opt_out::self_contained(call.ctx, call.request);
        Box::pin(async move { code.map(|code| Answer::value(code.as_str())) })
    }),
    Method::new(MODULE, "archiveReports", Need::Superuser, &["idSite", "period", "date"], |call| Box::pin(archive(call))),
    Method::new(MODULE, "runScheduledTasks", Need::Superuser, &[], |_| Box::pin(async { Ok(Answer::list(Vec::new())) })),
    // Under which names this server may be asked for is a matter of its configuration.
    Method::new(MODULE, "setTrustedHosts", Need::Superuser, &["trustedHosts"], |_| {
        Box::pin(async { Err(Failure::new("General settings admin is not enabled")) })
    }),
    // As at Matomo where no logo can be uploaded: it is taken, and none is shown.
    Method::new(MODULE, "setBrandingSettings", Need::Superuser, &["useCustomLogo"], |_| {
        Box::pin(async { Ok(Answer::value(true)) })
    }),
    Method::new(MODULE, "whatIsNewMarkAllChangesReadForCurrentUser", Need::Somebody, &[], |_| {
        Box::pin(async { Ok(Answer::value(true)) })
    }),
    Method::new(MODULE, "runCronArchiving", Need::Superuser, &[], |_| Box::pin(async { Ok(Answer::Done) })),
    Method::new(
        MODULE,
        "setArchiveSettings",
        Need::Superuser,
        &["enableBrowserTriggerArchiving", "todayArchiveTimeToLive"],
        |call| {
            let seconds = call.request.int("todayArchiveTimeToLive").filter(|seconds| *seconds > 0);
            let done = seconds.map(|_| Answer::value(true));
            Box::pin(async move {
                done.ok_or_else(|| Failure::new("Today archive time to live must be a number of seconds greater than zero"))
            })
        },
    ),
];

/// The sites whose failures the caller may see; `None` is all, and those of no site.
fn own(call: Call<'_>) -> Option<Vec<SiteId>> {
    let own = || access::sites_with(call.caller, &call.ctx.sites, Access::Admin).iter().map(|site| site.id).collect();
    (!call.caller.superuser).then(own)
}

async fn failures(call: Call<'_>) -> Result<Answer, Failure> {
    let own = own(call);
    let mut all = call.ctx.admin.failures().await?;
    all.retain(|failure| own.as_ref().is_none_or(|own| own.contains(&failure.site)));
    Ok(Answer::list(all.iter().map(|failure| shown(call, failure)).collect()))
}

async fn forget_all(call: Call<'_>) -> Result<Answer, Failure> {
    call.ctx.admin.delete_failures(own(call).as_deref()).await?;
    Ok(Answer::Done)
}

async fn forget(call: Call<'_>) -> Result<Answer, Failure> {
    // A failure may be about a site that does not exist: only superusers see those.
    let id = call.request.int("idSite").and_then(|id| u32::try_from(id).ok()).unwrap_or(0);
    access::check_site(call.caller, SiteId(id), Access::Admin)?;
    let kind = call.request.int("idFailure").and_then(|code| i32::try_from(code).ok()).and_then(FailureKind::from_code);
    if let Some(kind) = kind {
        call.ctx.admin.delete_failure(SiteId(id), kind).await?;
    }
    Ok(Answer::Done)
}

fn shown(call: Call<'_>, failure: &TrackingFailure) -> Cell {
    let (problem, solution, link) = match failure.kind {
        FailureKind::UnknownSite => (
            "The site does not exist.",
            "Correct the number of the site in the tracking code, or add the site.",
            "https://matomo.org/faq/how-to/faq_30838/",
        ),
        FailureKind::NotAuthenticated => (
            "The request said what needs a token, and had none that may.",
            "Send the token of somebody who may write to the site along with the request.",
            "https://matomo.org/faq/how-to/faq_30835/",
        ),
    };
    let name = call.ctx.sites.get(failure.site).map_or_else(|| "Unknown".to_owned(), |site| site.name.clone());
    let url = form_urlencoded::parse(failure.request.as_bytes())
        .find(|(name, _)| name == "url")
        .map_or(String::new(), |(_, url)| url.into_owned());
    cells! {
        "idsite" => i64::from(failure.site.0),
        "idfailure" => i64::from(failure.kind as u8),
        "date_first_occurred" => moment(failure.first_at).as_str(),
        "request_url" => failure.request.as_str(),
        "site_name" => name.as_str(),
        "pretty_date_first_occurred" => failure.first_at.local(&jiff::tz::TimeZone::UTC).strftime("%b %-d, %Y %H:%M:%S").to_string().as_str(),
        "url" => url.as_str(),
        "solution_url" => link,
        "problem" => problem,
        "solution" => solution,
    }
}

/// Reports are made from what was recorded each time they are asked for: nothing that was kept is out of date.
async fn invalidate(call: Call<'_>) -> Result<Answer, Failure> {
    let given = call.request.words("idSites").join(",");
    let none = "Specify a value for &idSites= as a comma separated list of website IDs, for which your token_auth has 'admin' \
                permission";
    if given.is_empty() {
        return Err(Failure::new(none));
    }
    let sites = scope::sites(call.ctx, call.caller, &given, Access::Admin)?;
    let segment = scope::segment(call.request)?;
    for site in &sites {
        footfall_report::segment::check(&segment, site, &call.ctx.catalogue)?;
    }
    let today = scope::today(call.ctx, None);
    if let Some(period) = call.request.filled("period").filter(|period| !["all", "0", "false"].contains(period)) {
        Periods::parse(period, "last1", today)?;
    }
    let is_range = call.request.filled("period") == Some("range");
    let dates = match call.request.filled("dates") {
        Some(range) if is_range => vec![range.to_owned()],
        _ => call.request.words("dates"),
    };
    let is_good = |date: &String| {
        if is_range {
            Periods::parse("range", date, today).is_ok()
        } else {
            let said = ["today", "yesterday"].contains(&date.as_str());
            footfall_report::day(date, today).is_ok_and(|day| said || day.to_string() == *date)
        }
    };
    let (good, bad): (Vec<String>, Vec<String>) = dates.into_iter().partition(is_good);
    let mut lines = vec![format!("Success. The following dates were invalidated successfully: {}", good.join(", "))];
    if !bad.is_empty() {
        lines.push(format!(
            "Warning: some of the Dates to invalidate were invalid: '{}'. Matomo simply ignored those and proceeded with the others.",
            bad.join("', '")
        ));
    }
    Ok(Answer::list(lines.iter().map(|line| Cell::text(line)).collect()))
}

/// There is nothing to be made ahead: says how many visits a report of these days would be about.
async fn archive(call: Call<'_>) -> Result<Answer, Failure> {
    let mut asked = call.request.clone();
    asked.set("method", "VisitsSummary.getVisits");
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    asked.set("idSite", &site.id.to_string());
    let visits = match crate::matomo::dispatch::run(call.ctx, call.caller, &asked).await? {
        Answer::Tables(tables) => {
            let sums = tables.sheets().iter().filter_map(|sheet| sheet.table.rows.first()?.number("nb_visits")).sum::<f64>();
            sums as i64
        }
        _ => 0,
    };
    Ok(Answer::Data(cells! {"idarchives" => Cell::List(Vec::new()), "nb_visits" => visits}))
}
