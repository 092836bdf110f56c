//! `Transitions.*`: what was done directly before and after an action.

use std::sync::Arc;

use footfall_model::{Access, Cell, DataTable, Name, Row, Site, Text};
use footfall_report::{
    Periods, Slice,
    record::{
        referrers::Kind,
        transitions::{Action, LABELS, Neighbour, Transitions},
    },
    reports::actions::without_excluded,
    segment,
};

use crate::{
    access::Need,
    matomo::{
        Answer, Failure,
        calendar::Calendar,
        cells::cells,
        dispatch::{Call, Method},
        metadata::{self, Dictionary},
        scope,
    },
};

const MODULE: &str = "Transitions";
/// Clicks shown on top of the page itself, which are made of the same.
const OVERLAY: &str = "Overlay";

pub(super) const METHODS: &[Method] = &[
    Method::new(MODULE, "getTransitionsForPageTitle", Need::Nobody, &["pageTitle", "idSite", "period", "date"], |call| {
        Box::pin(of(call, "pageTitle", "title", "all"))
    }),
    Method::new(MODULE, "getTransitionsForPageUrl", Need::Nobody, &["pageUrl", "idSite", "period", "date"], |call| {
        Box::pin(of(call, "pageUrl", "url", "all"))
    }),
    Method::new(
        MODULE,
        "getTransitionsForAction",
        Need::Nobody,
        &["actionName", "actionType", "idSite", "period", "date"],
        |call| {
            let kind = call.request.text("actionType").unwrap_or_default();
            Box::pin(of(call, "actionName", kind, call.request.filled("parts").unwrap_or("all")))
        },
    ),
    Method::new(MODULE, "isPeriodAllowed", Need::Nobody, &["idSite", "period", "date"], |call| Box::pin(is_allowed(call))),
    Method::new(MODULE, "getTranslations", Need::Nobody, &[], |_| Box::pin(async { Ok(translations(WORDS)) })),
    // Nobody is refused: who may not see the site gets no pages.
    Method::new(OVERLAY, "getFollowingPages", Need::Nobody, &["url", "idSite", "period", "date"], |call| {
        Box::pin(async move { Ok(Answer::table(following(call).await.unwrap_or_default())) })
    }),
    Method::new(OVERLAY, "getTranslations", Need::Nobody, &["idSite"], |_| Box::pin(async { Ok(translations(OVERLAY_WORDS)) })),
];

/// The most labels of one list, whatever is asked for.
const MOST_LABELS: usize = 10_000;
/// How many labels of each list are shown on top of a page.
const OVERLAY_LABELS: usize = 300;

async fn is_allowed(call: Call<'_>) -> Result<Answer, Failure> {
    scope::site(call.ctx, call.caller, call.request, Access::View)?;
    Ok(Answer::value(true))
}

/// What was done before and after the action that a parameter names.
async fn of(call: Call<'_>, name: &str, kind: &str, parts: &str) -> Result<Answer, Failure> {
    let request = call.request;
    if request.text("idSite") == Some("all") {
        return Err(scope::unexpected("0"));
    }
    let site = scope::site(call.ctx, call.caller, request, Access::View)?;
    let limit = match request.filled("limitBeforeGrouping").filter(|given| *given != "false") {
        None => 0,
        Some(given) => {
            given.trim().parse::<f64>().map_err(|_| Failure::new("limitBeforeGrouping has to be an integer."))? as usize
        }
    };
    let given = request.text(name).unwrap_or_default();
    let action = match kind {
        "url" => Action::Url(Text::from(segment::without_scheme(given.trim()))),
        "title" => Action::Title(Text::from(given.trim())),
        _ => return Err(Failure::new("Unknown action type")),
    };
    let slice = slice(call, site)?;
    let reader = call.ctx.reader();
    let limit = if limit == 0 { LABELS } else { limit.min(MOST_LABELS) };
    let asked = Transitions { reader: &reader, slice: &slice, action: &action, limit };
    answer(asked, parts, metadata::dictionary(call.ctx, call.request)).await
}

/// What the request asks about: one period of the site, and a segment.
fn slice(call: Call<'_>, site: Arc<Site>) -> Result<Slice, Failure> {
    let request = call.request;
    let date = scope::required(request, "date")?;
    let today = scope::today(call.ctx, Some(&site));
    let period = match Periods::parse(scope::required(request, "period")?, date, today)? {
        Periods::One(period) => period,
        // Several periods are the days from the first to the last of them.
        Periods::Each(_) => match Periods::parse("range", date, today)? {
            Periods::One(period) => period,
            Periods::Each(_) => return Err(Failure::missing("date")),
        },
    };
    Ok(Slice { site, period, segment: scope::segment(request)?.into() })
}

/// What was opened from a page: pages of the site, other sites, and files.
async fn following(call: Call<'_>) -> Result<DataTable, Failure> {
    let request = call.request;
    let site = scope::site(call.ctx, call.caller, request, Access::View)?;
    let url = without_excluded(&call.ctx.sites, &site, scope::required(request, "url")?.trim());
    let action = Action::Url(Text::from(segment::without_scheme(&url)));
    let (reader, slice) = (call.ctx.reader(), slice(call, site)?);
    let after = Transitions { reader: &reader, slice: &slice, action: &action, limit: OVERLAY_LABELS }.after(true).await?;
    let rows = [after.pages, after.outlinks, after.downloads].into_iter().flatten().map(|one| {
        let mut row = Row::labelled(Cell::text(&one.label));
        row.set("referrals", one.count);
        row
    });
    Ok(DataTable { rows: rows.collect(), ..DataTable::default() })
}

async fn answer(asked: Transitions<'_>, parts: &str, words: Option<Arc<Dictionary>>) -> Result<Answer, Failure> {
    let all = parts == "all";
    let wants = |part: &str| all || parts.split(',').any(|given| given == part);
    let mut answer: Vec<(Name, Cell)> =
        vec![("date".into(), Cell::text(&Calendar::in_words(words.clone()).short(asked.slice.period)))];
    let mut numbers: Vec<(Name, Cell)> = Vec::new();
    // The numbers stand where the first of them is known.
    let mut numbers_at = None;
    let (mut views, mut loops, mut stayed) = (0, 0, 0);
    if wants("internalReferrers") {
        let before = asked.before().await?;
        if before.views == 0 {
            return Err(Failure::new("NoDataForAction"));
        }
        answer.push(("previousPages".into(), list(&before.pages)));
        answer.push(("previousSiteSearches".into(), list(&before.searches)));
        numbers_at = Some(answer.len());
        (views, loops) = (before.views, before.loops);
        numbers.extend([("loops".into(), Cell::from(loops)), ("pageviews".into(), Cell::from(views))]);
    }
    if wants("followingActions") {
        let after = asked.after(!wants("internalReferrers")).await?;
        stayed = after.stayed();
        answer.extend([
            ("followingPages".into(), list(&after.pages)),
            ("followingSiteSearches".into(), list(&after.searches)),
            ("outlinks".into(), list(&after.outlinks)),
            ("downloads".into(), list(&after.downloads)),
        ]);
    }
    if wants("externalReferrers") {
        numbers_at = numbers_at.or(Some(answer.len()));
        let (referrers, entries) = referrers(asked, words.as_deref()).await?;
        numbers.push(("entries".into(), Cell::from(entries)));
        answer.push(("referrers".into(), referrers));
    }
    if all {
        numbers.push(("exits".into(), Cell::from(views - stayed - loops)));
    }
    if let Some(at) = numbers_at {
        answer.insert(at, ("pageMetrics".into(), Cell::Map(numbers)));
    }
    Ok(Answer::map(answer))
}

/// The kinds of referrer, and how many visits they have together. Where there are none, direct entries stand there without any.
async fn referrers(asked: Transitions<'_>, words: Option<&Dictionary>) -> Result<(Cell, i64), Failure> {
    let found = asked.referrers().await?;
    // These sums come out of the archive as text.
    let as_text = asked.reader.settings.text_sums;
    let count = |count: i64| if as_text { Cell::text(&count.to_string()) } else { Cell::from(count) };
    let mut rows: Vec<Cell> = found
        .iter()
        .map(|from| {
            let details = from.details.iter();
            let details = details.map(|one| cells! { "label" => one.label.as_str(), "referrals" => count(one.count) }).collect();
            cells! {
                "label" => label(words, from.kind),
                "shortName" => from.kind.word(),
                "visits" => from.visits,
                "details" => Cell::List(details),
            }
        })
        .collect();
    if rows.is_empty() {
        rows.push(cells! { "label" => label(words, Kind::Direct), "shortName" => Kind::Direct.title(), "visits" => 0i64 });
    }
    Ok((Cell::List(rows), found.iter().map(|from| from.visits).sum()))
}

fn list(neighbours: &[Neighbour]) -> Cell {
    Cell::List(neighbours.iter().map(|one| cells! { "label" => one.label.as_str(), "referrals" => one.count }).collect())
}

fn label(words: Option<&Dictionary>, kind: Kind) -> &str {
    let (key, english) = match kind {
        Kind::Direct => ("Transitions_DirectEntries", "Direct entries"),
        Kind::Search => ("Transitions_FromSearchEngines", "From search engines"),
        Kind::Social => ("Transitions_FromSocialNetworks", "From social networks"),
        Kind::Website => ("Transitions_FromWebsites", "From websites"),
        Kind::Campaign => ("Transitions_FromCampaigns", "From campaigns"),
    };
    words.and_then(|words| words.text(key)).unwrap_or(english)
}

/// What clients call the parts of the report.
const WORDS: &[(&str, &str)] = &[
    ("pageviewsInline", "%s pageviews"),
    ("loopsInline", "%s page reloads"),
    ("fromPreviousPages", "From internal pages"),
    ("fromPreviousPagesInline", "%s from internal pages"),
    ("fromPreviousSiteSearches", "From internal search"),
    ("fromPreviousSiteSearchesInline", "%s from internal searches"),
    ("fromSearchEngines", "From search engines"),
    ("fromSearchEnginesInline", "%s from search engines"),
    ("fromSocialNetworks", "From social networks"),
    ("fromSocialNetworksInline", "%s from social networks"),
    ("fromWebsites", "From websites"),
    ("fromWebsitesInline", "%s from websites"),
    ("fromCampaigns", "From campaigns"),
    ("fromCampaignsInline", "%s from campaigns"),
    ("directEntries", "Direct entries"),
    ("directEntriesInline", "%s direct entries"),
    ("toFollowingPages", "To internal pages"),
    ("toFollowingPagesInline", "%s to internal pages"),
    ("toFollowingSiteSearches", "Internal searches"),
    ("toFollowingSiteSearchesInline", "%s internal searches"),
    ("downloads", "Downloads"),
    ("downloadsInline", "%s downloads"),
    ("outlinks", "Outlinks"),
    ("outlinksInline", "%s outlinks"),
    ("exits", "Exits"),
    ("exitsInline", "%s exits"),
    ("bouncesInline", "%s bounces"),
    ("XOfY", "%1$s (out of %2$s)"),
    ("XOfAllPageviews", "%s of all views of this page"),
    ("NoDataForAction", "No data for %s"),
    ("NoDataForActionDetails", "Nobody viewed this page in the period, or there is no such page."),
    ("NoDataForActionBack", "Back"),
    ("PeriodNotAllowed", "This period is too long"),
    ("PeriodNotAllowedDetails", "Choose a period with fewer days to see what was done before and after."),
    ("PeriodNotAllowedBack", "Back"),
    ("ShareOfAllPageviews", "%1$s pageviews, %2$s of all"),
    ("DateRange", "Date range:"),
];

/// The same of what is shown on top of a page.
const OVERLAY_WORDS: &[(&str, &str)] = &[
    ("oneClick", "One click"),
    ("clicks", "%s clicks"),
    ("clicksFromXLinks", "%1$s clicks on one of %2$s links"),
    ("link", "Link"),
];

fn translations(words: &[(&'static str, &'static str)]) -> Answer {
    Answer::map(words.iter().map(|(name, words)| ((*name).into(), Cell::from(*words))).collect())
}
