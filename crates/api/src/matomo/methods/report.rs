//! Methods that read a report: all of them in the same way.

use footfall_model::GoalId;
use footfall_report::{First, Options, Report, Tables};

use super::super::{Failure, MatomoRequest, Param, dispatch::Call, process, scope};

/// Makes a report's tables as a request asks for them. `first` are the rows that alone have a part in the answer, if not all have.
pub(in super::super) async fn tables(call: Call<'_>, report: &'static Report, first: Option<First>) -> Result<Tables, Failure> {
    let own: &[&str] = match report.action {
        "getPageUrl" => &["pageUrl"],
        "getPageTitle" => &["pageName"],
        "getDownload" => &["downloadUrl"],
        "getOutlink" => &["outlinkUrl"],
        // The pages of one social network are those of all where none is named.
        "getUrlsForSocial" => &[],
        _ if report.is_subtable => &["idSite", "period", "date", "idSubtable"],
        _ => &[],
    };
    for name in own {
        if call.request.get(name).is_none_or(|given| *given == Param::Text(String::new())) {
            return Err(Failure::missing(name));
        }
    }
    let wanted = scope::scope(call.ctx, call.caller, call.request)?;
    if let Some(given) = call.request.filled("idSubtable")
        && (report.subtable.is_some() && report.module != "Events" || report.is_subtable)
        && !["all", "0", "false"].contains(&given)
        && given.parse::<f64>().is_err()
    {
        return Err(Failure::new(format!("idSubtable needs to be a number or 'all', '{given}' given.")));
    }
    let options = Options { first, ..options(call.request) };
    Ok(call.ctx.reader().run(report, &wanted, &options).await?)
}

/// How a request asks for a report.
pub(in super::super) fn options(request: &MatomoRequest) -> Options {
    let page = ["pageUrl", "pageName", "downloadUrl", "outlinkUrl"].into_iter().find_map(|name| request.filled(name));
    Options {
        expanded: request.flag("expanded") && request.get("label").is_none(),
        only_top: !process::looks_below(request),
        flat: request.text("flat") == Some("1"),
        subtable: request.int("idSubtable").and_then(|id| u64::try_from(id).ok()),
        goal: goal(request).filter(|_| !(request.text("idGoal") == Some("0") && means_every_goal(request))),
        goal_by_number: request.int("idGoal").is_some(),
        dimension: request.int("idDimension").and_then(|id| u32::try_from(id).ok()),
        secondary: request.filled("secondaryDimension").map(str::to_owned),
        abandoned_carts: request.flag("abandonedCarts"),
        label: page.map(str::to_owned),
        referrer_type: request.filled("typeReferrer").map(str::to_owned),
        depth: request.int("depth").and_then(|depth| u32::try_from(depth).ok()),
        every_goal: request.flag("showAllGoalSpecificMetrics"),
        reserved_variables: request.flag("_leavePiwikCoreVariables"),
        columns: request.words("columns"),
        hidden: request.words("hideColumns"),
        ..Options::default()
    }
}

/// Whether a goal of 0 is none: elsewhere it stands for orders.
fn means_every_goal(request: &MatomoRequest) -> bool {
    matches!(request.text("method"), Some("Goals.getVisitsUntilConversion" | "Goals.getDaysToConversion"))
}

/// The goal that `idGoal` names: a number, or a word for orders and carts.
pub(in super::super) fn goal(request: &MatomoRequest) -> Option<GoalId> {
    match request.filled("idGoal")? {
        "ecommerceOrder" => Some(GoalId::ORDER),
        "ecommerceAbandonedCart" => Some(GoalId::CART),
        number => number.parse().ok().map(GoalId),
    }
}
