//! `API.getReportMetadata`, `API.getMetadata`: what reports say about themselves.

use std::sync::Arc;

use footfall_model::{Access, Cell, Site};

use crate::{
    access::Need,
    matomo::{
        Answer, Failure, Param,
        cells::cells,
        dispatch::{Call, Method},
        metadata::{
            self, Described, Pictures,
            widgets::{Asked, Audience},
        },
        scope,
    },
};

const MODULE: &str = "API";

pub(in super::super) const METHODS: &[Method] = &[
    Method::new(MODULE, "getReportMetadata", Need::Nobody, &[], |call| Box::pin(every(call))),
    Method::new(MODULE, "getWidgetMetadata", Need::Nobody, &["idSite"], |call| Box::pin(placed(call, metadata::widgets::list))),
    Method::new(MODULE, "getReportPagesMetadata", Need::Nobody, &["idSite"], |call| {
        Box::pin(placed(call, metadata::widgets::pages))
    }),
    Method::new(MODULE, "getSegmentsMetadata", Need::Somewhere(Access::View), &[], |call| Box::pin(segments(call))),
    Method::new(MODULE, "getGlossaryReports", Need::Sites(Access::View), &["idSite"], |call| Box::pin(reports_glossary(call))),
    Method::new(MODULE, "getGlossaryMetrics", Need::Sites(Access::View), &["idSite"], |call| Box::pin(metrics_glossary(call))),
    Method::new(MODULE, "getMetadata", Need::Nobody, &["idSite", "apiModule", "apiAction"], |call| Box::pin(one(call))),
];

const NO_SITE: &str = "Calling API.getReportMetadata without any idSite is no longer supported since Matomo 3.0.0. Please specify \
                       at least one idSite via the \"idSite\" parameter.";

async fn every(call: Call<'_>) -> Result<Answer, Failure> {
    let named = call.request.filled("idSite").map(str::to_owned).or_else(|| call.request.words("idSites").into_iter().next());
    let given = named.ok_or_else(|| Failure::new(NO_SITE))?;
    let site = scope::sites(call.ctx, call.caller, &given, Access::View)?.into_iter().next();
    let site = site.ok_or_else(|| Failure::new(NO_SITE))?;
    let with_subtables = call.request.flag("showSubtableReports");
    let pictures = pictures(call, &site);
    let all = metadata::list(&call.ctx.settings.texts, &site, call.request, with_subtables);
    Ok(Answer::list(all.into_iter().map(|made| hide(call, made).cell(Some(&pictures))).collect()))
}

async fn one(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    let with_subtables = call.request.flag("showSubtableReports");
    match of_call(call, &site, with_subtables) {
        Some(found) => Ok(Answer::list(vec![found.cell(Some(&pictures(call, &site)))])),
        None => Ok(Answer::Data(Cell::Bool(false))),
    }
}

/// The widgets of a site by the places they stand in.
async fn placed(call: Call<'_>, shown: fn(&[Described], &Asked<'_>) -> Cell) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    let texts = &call.ctx.settings.texts;
    let asked = Asked {
        site: &site,
        texts,
        audience: audience(call),
        dashboards: dashboards(call).await?,
        column: call.request.text("column").unwrap_or_default().to_owned(),
    };
    Ok(Answer::Data(shown(&metadata::list(texts, &site, call.request, false), &asked)))
}

fn audience(call: Call<'_>) -> Audience {
    if call.caller.superuser {
        Audience::Superusers
    } else if call.caller.allows_somewhere(Access::Admin) {
        Audience::Admins
    } else if call.caller.is_anonymous() {
        Audience::Everybody
    } else {
        Audience::People
    }
}

/// The dashboards of the caller; the one that everybody has where there is none.
async fn dashboards(call: Call<'_>) -> Result<Vec<(i64, String)>, Failure> {
    let mut all = Vec::new();
    if !call.caller.is_anonymous() {
        let own = call.ctx.admin.dashboards(&call.caller.login).await?;
        all.extend(own.into_iter().map(|one| (i64::from(one.id), one.name)));
    }
    if all.is_empty() {
        all.push((1, "Dashboard".to_owned()));
    }
    Ok(all)
}

/// What segments may be made of; custom dimensions are those of the sites that are named.
async fn segments(call: Call<'_>) -> Result<Answer, Failure> {
    let named: Vec<String> = match call.request.filled("idSites") {
        Some(given) => vec![given.to_owned()],
        None => call.request.texts("idSites"),
    };
    let mut sites = Vec::new();
    for given in named.iter().filter(|given| !given.is_empty()) {
        sites.extend(scope::sites(call.ctx, call.caller, given, Access::View)?);
    }
    Ok(Answer::list(metadata::segments::list(&sites, !call.caller.is_anonymous())))
}

/// Every report of a site with what explains it, by name.
async fn reports_glossary(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    let all = metadata::list(&call.ctx.settings.texts, &site, call.request, false);
    let mut entries: Vec<(String, Cell)> = all
        .into_iter()
        .filter(|made| !made.documentation.is_empty())
        .map(|made| {
            let name = format!("{} ({})", made.name, made.category);
            let mut cell = cells! {"name" => name.as_str(), "documentation" => made.documentation.as_str()};
            if let (Cell::Map(entries), false) = (&mut cell, made.guide.is_empty()) {
                entries.push(("onlineGuideUrl".into(), Cell::text(made.guide)));
            }
            (name, cell)
        })
        .collect();
    entries.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(Answer::list(entries.into_iter().map(|(_, cell)| cell).collect()))
}

/// A metric as the glossary has it: its key, what people call it, its id, and what explains it.
struct Explained {
    key: String,
    name: String,
    id: String,
    doc: String,
}

/// Every metric of a site's reports with what explains it, and what is explained as a rule, by name. One that two reports explain
/// differently is told of twice.
async fn metrics_glossary(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    let mut found: Vec<Explained> = Vec::new();
    for made in metadata::list(&call.ctx.settings.texts, &site, call.request, false) {
        for (id, doc) in &made.docs {
            let Some((_, name)) = made.metrics.iter().chain(&made.processed).find(|(known, _)| known == id) else {
                continue;
            };
            let (mut key, mut name) = (id.clone(), name.clone());
            if found.iter().any(|held| held.key == key && held.doc != *doc) {
                if id == "nb_hits" {
                    continue;
                }
                name = format!("{name} ({})", made.category);
                key.clone_from(&name);
            }
            let explained = Explained { key, name, id: id.clone(), doc: doc.clone() };
            match found.iter_mut().find(|held| held.key == explained.key) {
                Some(held) => *held = explained,
                None => found.push(explained),
            }
        }
    }
    for (id, name, doc) in metadata::defaults(&call.ctx.settings.texts) {
        if found.iter().all(|held| held.key != id) {
            found.push(Explained { key: id.to_owned(), name: name.to_owned(), id: id.to_owned(), doc });
        }
    }
    found.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    let told =
        |held: Explained| cells! {"name" => held.name.as_str(), "id" => held.id.as_str(), "documentation" => held.doc.as_str()};
    Ok(Answer::list(found.into_iter().map(told).collect()))
}

/// The addresses of pictures that a request's reports have.
pub(super) fn pictures(call: Call<'_>, site: &Arc<Site>) -> Pictures {
    let request = call.request;
    let more = (request.filled("idSubtable"), request.segment_as_sent());
    let today = scope::today(call.ctx, Some(site));
    Pictures::new(site.id, request.filled("period"), request.filled("date"), today, more)
}

/// The report that a request names, described for the request's period; `None` where there is no such report.
pub(in crate::matomo) fn of_call(call: Call<'_>, site: &Site, with_subtables: bool) -> Option<Described> {
    let request = call.request;
    let (module, action) = (request.filled("apiModule")?, request.filled("apiAction")?);
    let all = metadata::list(&call.ctx.settings.texts, site, request, with_subtables);
    let mut found = hide(call, metadata::find(all, (module, action), &parameters(call))?);
    // Unique visitors are not kept for longer than a day but in one report.
    if request.filled("period").is_some_and(|period| period != "day") && (module, action) != ("VisitsSummary", "get") {
        found.metrics.retain(|(name, _)| name != "nb_uniq_visitors" && name != "nb_users");
    }
    Some(found)
}

/// What a request sends along for the report: `apiParameters`, and a goal or a custom dimension.
pub(super) fn parameters(call: Call<'_>) -> Vec<(String, String)> {
    let mut given: Vec<(String, String)> = match call.request.get("apiParameters") {
        Some(Param::List(entries)) => entries
            .iter()
            .filter_map(|(name, value)| match value {
                Param::Text(text) => Some((name.clone(), text.clone())),
                Param::List(_) => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    for name in ["idGoal", "idDimension"] {
        if let Some(value) = call.request.filled(name).filter(|value| *value != "0")
            && given.iter().all(|(known, _)| known != name)
        {
            given.push((name.to_owned(), value.to_owned()));
        }
    }
    given
}

fn hide(call: Call<'_>, mut made: Described) -> Described {
    if call.request.flag("hideMetricsDoc") {
        made.docs.clear();
    }
    made
}
