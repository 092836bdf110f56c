//! The reports of a site, described.

use footfall_model::{CustomDimension, CustomScope, Site};
use footfall_report::{Report, reports};

use super::{Described, Texts, columns, docs, extras, goals, menu, words};
use crate::matomo::MatomoRequest;

/// Columns with their names.
type Columns = &'static [(&'static str, &'static str)];

/// The metrics that are worked out for most reports.
const COMMON: &[&str] = &["nb_actions_per_visit", "avg_time_on_site", "bounce_rate", "conversion_rate"];

/// Every report of a site in the menu's order; those that give the rows below others stand last, where they are wanted.
pub(in crate::matomo) fn list(texts: &Texts, site: &Site, request: &MatomoRequest, with_subtables: bool) -> Vec<Described> {
    let mut all: Vec<Described> = Vec::new();
    for method in menu::ORDER {
        match *method {
            "CustomDimensions of visits" => all.extend(custom(texts, site, CustomScope::Visit)),
            "CustomDimensions of actions" => all.extend(custom(texts, site, CustomScope::Action)),
            "Goals of the shop" if site.ecommerce => all.extend(goals::of_shop(texts)),
            "Goals one by one" => all.extend(goals::one_by_one(texts, &site.goals)),
            _ if method.starts_with("Goals.getItems") && !site.ecommerce => {}
            "MultiSites.getAll" => all.push(sites(texts, "getAll", "All Websites dashboard")),
            "MultiSites.getOne" => all.push(sites(texts, "getOne", "Single Website dashboard")),
            "API.get" => {
                let made = everything(texts, &all);
                all.push(made);
            }
            _ => {
                let report = method.split_once('.').and_then(|(module, action)| reports::find(module, action));
                all.extend(report.map(|report| with_goals(texts, report, request)));
            }
        }
    }
    if with_subtables {
        let below = reports::ALL.iter().filter(|report| report.is_subtable && !report.is_hidden);
        all.extend(below.map(|report| with_goals(texts, report, request)));
    }
    let (hidden, mut shown) = (request.words("hideColumns"), request.words("showColumns"));
    let shows_all = shown.is_empty();
    shown.push("label".to_owned());
    for made in &mut all {
        made.hides_metrics = !made.metrics.is_empty();
        for kept in [&mut made.metrics, &mut made.processed, &mut made.docs, &mut made.types] {
            kept.retain(|(name, _)| !hidden.contains(name) && (shows_all || shown.contains(name)));
        }
        made.hides_metrics &= made.metrics.is_empty();
    }
    all
}

/// The one report of a module and an action that has exactly these parameters.
pub(in crate::matomo) fn find(all: Vec<Described>, method: (&str, &str), given: &[(String, String)]) -> Option<Described> {
    all.into_iter().filter(|made| (made.module, made.action) == method).find(|made| {
        if given.is_empty() && made.parameters.is_empty() {
            return true;
        }
        !made.parameters.is_empty() && made.parameters.iter().all(|(_, value)| given.iter().any(|(_, held)| held == value))
    })
}

fn with_goals(texts: &Texts, report: &'static Report, request: &MatomoRequest) -> Described {
    let all = request.flag("filter_update_columns_when_show_all_goals");
    let is_shop = request.text("idGoal").is_some_and(|goal| goal.starts_with("ecommerce"));
    let mut made = of(texts, report, all, request.filled("secondaryDimension"));
    made.goals = goals::added(report, is_shop, all);
    made
}

/// A report by its entry in the catalogue, without what goals add; the rows below are of the second dimension asked for.
pub(super) fn of(texts: &Texts, report: &'static Report, all_goals: bool, secondary: Option<&str>) -> Described {
    let method = report.method();
    let extra = extras::of(&method);
    let metrics = extra.metrics.unwrap_or(report.metrics);
    let processed = extra.processed.unwrap_or(COMMON);
    let named = |metric: &&'static str| {
        let own = extra.names.iter().find(|(known, _)| known == metric).map(|(_, name)| *name);
        ((*metric).to_owned(), own.unwrap_or_else(|| columns::name(metric)).to_owned())
    };
    let is_there = |metric: &str| metrics.contains(&metric) || processed.contains(&metric) || extra.typed.contains(&metric);
    let mut explained: Vec<(String, String)> = Vec::new();
    let others = extra.docs.iter().map(|(metric, _)| *metric).filter(|metric| is_there(metric));
    for metric in metrics.iter().chain(processed).copied().chain(others) {
        let own = extra.docs.iter().find(|(known, _)| *known == metric).map(|(_, key)| *key);
        let key = own.or_else(|| docs::key_of(metric)).filter(|key| !key.is_empty());
        if let (Some(text), false) =
            (key.and_then(|key| docs::by_key(texts, key)), explained.iter().any(|(known, _)| known == metric))
        {
            explained.push((metric.to_owned(), text));
        }
    }
    let mut types: Vec<(String, String)> = Vec::new();
    for metric in metrics.iter().chain(processed).chain(extra.typed).filter(|metric| **metric != "label") {
        if types.iter().all(|(known, _)| known != metric) {
            types.push(((*metric).to_owned(), columns::kind(metric).to_owned()));
        }
    }
    let shows_rate = all_goals || !report.has_goals;
    let subtable = report.rows_below(secondary).filter(|_| extra.names_subtable);
    Described {
        module: report.module,
        action: report.action,
        category: menu::name(report.category),
        subcategory: if report.is_subtable { String::new() } else { menu::name(report.subcategory).to_owned() },
        name: report.title.to_owned(),
        dimension: report.dimension.unwrap_or_default().to_owned(),
        documentation: docs::of_report(texts, &method, report.doc),
        guide: extra.guide,
        is_subtable: report.is_subtable,
        dimensions: dimensions(report, subtable),
        metrics: metrics.iter().map(named).collect(),
        docs: explained,
        processed: processed.iter().filter(|metric| shows_rate || **metric != "conversion_rate").map(named).collect(),
        types,
        subtable,
        is_constant: extra.constant.unwrap_or(report.constant_rows),
        related: extra
            .related
            .iter()
            .filter_map(|method| method.split_once('.').and_then(|(module, action)| reports::find(module, action)))
            .map(|report| (report.title.to_owned(), report.module, report.action))
            .collect(),
        ..Described::default()
    }
}

/// What a report's rows and the rows below are, where these are something else.
fn dimensions(report: &Report, subtable: Option<&'static str>) -> Vec<(String, String)> {
    let below = subtable.and_then(|action| reports::find(report.module, action));
    match (report.dimension, below.and_then(|below| below.dimension.map(|name| (below.dimension_id, name)))) {
        (Some(own), Some((id, name))) if id != report.dimension_id => {
            let key = |id: &str| id.replace('.', "_");
            vec![(key(report.dimension_id), own.to_owned()), (key(id), name.to_owned())]
        }
        _ => Vec::new(),
    }
}

/// The overviews of all sites and of one.
fn sites(texts: &Texts, action: &'static str, name: &str) -> Described {
    const BASE: &Report = &Report { module: "MultiSites", category: "General_MultiSitesSummary", ..Report::BASE };
    const ALL: &Report = &Report { action: "getAll", doc: "The main numbers of every site.", ..*BASE };
    const ONE: &Report = &Report { action: "getOne", doc: "The main numbers of one site.", ..*BASE };
    let made = of(texts, if action == "getAll" { ALL } else { ONE }, true, None);
    Described { name: name.to_owned(), dimension: "Website".to_owned(), ..made }
}

/// The numbers of all lists of numbers in one.
fn everything(texts: &Texts, all: &[Described]) -> Described {
    let mut made = of(texts, &reports::api::GET, true, None);
    (made.processed, made.docs, made.types) = (Vec::new(), Vec::new(), Vec::new());
    for part in all.iter().filter(|part| part.action == "get" && part.parameters.is_empty()) {
        let extend = |into: &mut Vec<(String, String)>, from: &[(String, String)]| {
            for (name, word) in from {
                if into.iter().all(|(known, _)| known != name) {
                    into.push((name.clone(), word.clone()));
                }
            }
        };
        extend(&mut made.metrics, &part.metrics);
        extend(&mut made.processed, &part.processed);
        extend(&mut made.docs, &part.docs);
        extend(&mut made.types, &part.types);
    }
    made
}

/// The reports of a site's custom dimensions of a scope.
fn custom(texts: &Texts, site: &Site, scope: CustomScope) -> Vec<Described> {
    site.dimensions
        .iter()
        .filter(|dimension| dimension.active && dimension.scope == scope)
        .map(|one| of_custom(texts, one))
        .collect()
}

fn of_custom(texts: &Texts, dimension: &CustomDimension) -> Described {
    let is_visit = dimension.scope == CustomScope::Visit;
    let (metrics, processed): (Columns, Columns) = if is_visit {
        (
            &[("nb_visits", "Visits"), ("nb_actions", "Actions")],
            &[
                ("avg_time_on_site", "Avg. Time on Website"),
                ("bounce_rate", "Bounce Rate"),
                ("nb_actions_per_visit", "Actions per Visit"),
            ],
        )
    } else {
        (
            &[("nb_hits", "Actions"), ("nb_visits", "Unique Actions")],
            &[
                ("avg_time_on_dimension", "Avg. Time On Dimension"),
                ("bounce_rate", "Bounce Rate"),
                ("exit_rate", "Exit rate"),
                ("avg_time_generation", "Avg. generation time"),
            ],
        )
    };
    let all = || metrics.iter().chain(processed).map(|(name, _)| *name);
    Described {
        module: "CustomDimensions",
        action: "getCustomDimension",
        category: menu::name(if is_visit { "General_Visitors" } else { "General_Actions" }),
        subcategory: format!("customdimension{}", dimension.id),
        name: dimension.name.clone(),
        dimension: dimension.name.clone(),
        parameters: vec![("idDimension".to_owned(), dimension.id.to_string())],
        docs: all().filter_map(|name| Some((name.to_owned(), docs::by_key(texts, docs::key_of(name)?)?))).collect(),
        types: all().map(|name| (name.to_owned(), columns::kind(name).to_owned())).collect(),
        metrics: words(metrics.iter().copied()),
        processed: words(processed.iter().copied()),
        subtable: Some("getCustomDimension"),
        ..Described::default()
    }
}
