//! `API.getReportMetadata`, `API.getMetadata`: what reports say about themselves.

use std::sync::Arc;

use footfall_model::{Access, Cell, Site};

use crate::{
    access::Need,
    matomo::{
        Answer, Failure, Param,
        dispatch::{Call, Method},
        metadata::{self, Described, Pictures},
        scope,
    },
};

const MODULE: &str = "API";

pub(in super::super) const METHODS: &[Method] = &[
    Method::new(MODULE, "getReportMetadata", Need::Nobody, &[], |call| Box::pin(every(call))),
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

/// The addresses of pictures that a request's reports have.
pub(super) fn pictures(call: Call<'_>, site: &Arc<Site>) -> Pictures {
    let request = call.request;
    let more = (request.filled("idSubtable"), request.filled("segment"));
    let today = scope::today(call.ctx, Some(site));
    Pictures::new(site.id, request.filled("period"), request.filled("date"), today, more)
}

/// The report that a request names, described for the request's period; `None` where there is no such report.
pub(super) fn of_call(call: Call<'_>, site: &Site, with_subtables: bool) -> Option<Described> {
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
