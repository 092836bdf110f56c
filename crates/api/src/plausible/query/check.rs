//! Whether a query makes sense: Plausible's rules, in its order and words.

use footfall_model::Site;
use footfall_report::stats::{Filter, Leaf, Metric};

use super::{super::Failure, parse::Query};

/// Checks a query.
///
/// # Errors
/// Says which rule it breaks first.
pub(super) fn check(query: &Query, site: &Site) -> Result<(), Failure> {
    order(query)?;
    let leaves: Vec<(&Leaf, usize, bool)> = query.filters.iter().flat_map(Filter::leaves).collect();
    on_top(&leaves)?;
    special_metrics(query, &leaves)?;
    behaviour(&query.filters)?;
    goals(site, &leaves)?;
    for metric in &query.metrics {
        metric_fits(*metric, query, &leaves)?;
    }
    conflicts(query)?;
    if query.time_labels && !query.dimensions.iter().any(|name| is_time(name)) {
        return Err(Failure::bad("Invalid include.time_labels: requires a time dimension."));
    }
    Ok(())
}

fn is_time(name: &str) -> bool {
    name.starts_with("time")
}

fn order(query: &Query) -> Result<(), Failure> {
    for (name, descending) in query.order.iter().flatten() {
        let metric = Metric::parse(name);
        let known = metric.is_some_and(|metric| query.metrics.contains(&metric)) || query.dimensions.contains(name);
        if !known {
            let shown = if metric.is_some() { format!(":{name}") } else { format!("{name:?}") };
            let direction = if *descending { ":desc" } else { ":asc" };
            return Err(Failure::bad(format!(
                "Invalid order_by entry '{{{shown}, {direction}}}'. Entry is not a queried metric or dimension."
            )));
        }
    }
    Ok(())
}

fn on_top(leaves: &[(&Leaf, usize, bool)]) -> Result<(), Failure> {
    for name in ["event:goal", "event:hostname"] {
        if leaves.iter().any(|(leaf, depth, done)| *depth > 0 && !done && &*leaf.dimension.name == name) {
            return Err(Failure::bad(format!("Invalid filters. Dimension `{name}` can only be filtered at the top level.")));
        }
    }
    Ok(())
}

fn special_metrics(query: &Query, leaves: &[(&Leaf, usize, bool)]) -> Result<(), Failure> {
    let special = query.metrics.iter().any(|metric| matches!(metric, Metric::ConversionRate | Metric::GroupConversionRate));
    let deep = leaves.iter().any(|(leaf, depth, _)| *depth > 0 && leaf.dimension.name.starts_with("event:props:"));
    if special && deep {
        return Err(Failure::bad(
            "Invalid filters. When `conversion_rate` or `group_conversion_rate` metrics are used, custom property filters can \
             only be used on top level.",
        ));
    }
    Ok(())
}

fn behaviour(filters: &[Filter]) -> Result<(), Failure> {
    fn walk(filter: &Filter, depth: usize) -> Result<(), Failure> {
        match filter {
            Filter::All(parts) | Filter::Any(parts) => parts.iter().try_for_each(|part| walk(part, depth)),
            Filter::Not(inner) => walk(inner, depth),
            Filter::Done(inner) => walk(inner, depth + 1),
            Filter::Leaf(_) if depth > 1 => {
                Err(Failure::bad("Invalid filters. Behavioral filters (has_done, has_not_done) cannot be nested."))
            }
            Filter::Leaf(leaf) if depth == 1 && !leaf.dimension.name.starts_with("event:") => Err(Failure::bad(
                "Invalid filters. Behavioral filters (has_done, has_not_done) can only be used with event dimension filters.",
            )),
            Filter::Leaf(_) => Ok(()),
        }
    }
    filters.iter().try_for_each(|filter| walk(filter, 0))
}

fn goals(site: &Site, leaves: &[(&Leaf, usize, bool)]) -> Result<(), Failure> {
    for (leaf, ..) in leaves {
        let exact = leaf.how == footfall_report::stats::Match::Is && leaf.case_sensitive;
        if &*leaf.dimension.name != "event:goal" || !exact {
            continue;
        }
        for value in &leaf.values {
            if !site.goals.iter().any(|goal| goal.name == **value) {
                return Err(Failure::bad(unknown_goal(value)));
            }
        }
    }
    Ok(())
}

/// There is no goal of this name.
pub(crate) fn unknown_goal(name: &str) -> String {
    format!(
        "Invalid filters. The goal `{name}` is not configured for this site. Find out how to configure goals here: \
         https://plausible.io/docs/stats-api#filtering-by-goals"
    )
}

fn metric_fits(metric: Metric, query: &Query, leaves: &[(&Leaf, usize, bool)]) -> Result<(), Failure> {
    let groups = |name: &str| query.dimensions.iter().any(|dimension| dimension == name);
    let filters = |name: &str| leaves.iter().any(|(leaf, _, done)| !done && &*leaf.dimension.name == name);
    let on_top = |name: &str| leaves.iter().any(|(leaf, depth, _)| *depth == 0 && &*leaf.dimension.name == name);
    let name = metric.name();
    let needs_page = || Err(Failure::bad(format!("Metric `{name}` can only be queried with event:page filters or dimensions.")));
    match metric {
        Metric::ConversionRate | Metric::GroupConversionRate if !groups("event:goal") && !filters("event:goal") => {
            Err(Failure::bad(format!("Metric `{name}` can only be queried with event:goal filters or dimensions.")))
        }
        Metric::ScrollDepth if !groups("event:page") && !on_top("event:page") => needs_page(),
        Metric::TimeOnPage if !groups("event:page") && !filters("event:page") => needs_page(),
        Metric::ViewsPerVisit if filters("event:page") => {
            Err(Failure::bad(format!("Metric `{name}` cannot be queried with a filter on `event:page`.")))
        }
        Metric::ViewsPerVisit if query.dimensions.iter().any(|dimension| !is_time(dimension)) => {
            Err(Failure::bad(format!("Metric `{name}` cannot be queried with non-time dimensions.")))
        }
        _ => Ok(()),
    }
}

fn conflicts(query: &Query) -> Result<(), Failure> {
    let of_actions: Vec<&str> = query.dimensions.iter().map(String::as_str).filter(|name| name.starts_with("event:")).collect();
    let of_visits: Vec<&str> = query
        .dimensions
        .iter()
        .map(String::as_str)
        .filter(|name| {
            matches!(*name, "visit:entry_page" | "visit:entry_page_hostname" | "visit:exit_page" | "visit:exit_page_hostname")
        })
        .collect();
    if of_actions == ["event:page"] || of_actions == ["event:hostname"] {
        return Ok(());
    }
    let names = |wanted: &dyn Fn(&Metric) -> bool| -> Vec<&str> {
        query.metrics.iter().filter(|metric| wanted(metric)).map(|metric| metric.name()).collect()
    };
    let quoted = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let visits = names(&|metric| metric.is_of_visits());
    if !visits.is_empty() && !of_actions.is_empty() {
        return Err(Failure::bad(format!(
            "Session metric(s) {} cannot be queried along with event dimension(s) {}",
            quoted(&visits),
            quoted(&of_actions)
        )));
    }
    let actions = names(&|metric| metric.is_of_actions() && !metric.is_revenue());
    if !actions.is_empty() && !of_visits.is_empty() {
        return Err(Failure::bad(format!(
            "Event metric(s) {} cannot be queried along with session dimension(s) {}",
            quoted(&actions),
            quoted(&of_visits)
        )));
    }
    Ok(())
}
