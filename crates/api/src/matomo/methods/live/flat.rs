//! A visit whose actions' values stand among its own, each with a number behind its name.

use footfall_model::{Cell, Name, Value};

/// What an action's URL is called, by its type.
const URLS: [(&str, &str); 4] =
    [("outlink", "outlinkUrl"), ("download", "downloadUrl"), ("event", "eventUrl"), ("action", "pageUrl")];

/// What is taken from every action that has it.
const VALUES: [&str; 6] = ["pageTitle", "siteSearchKeyword", "eventCategory", "eventAction", "eventName", "eventValue"];

/// A visit's columns with those of its actions.
pub(super) fn columns(mut columns: Vec<(Name, Cell)>) -> Vec<(Name, Cell)> {
    let actions: Vec<Cell> = match get(&columns, "actionDetails") {
        Some(Cell::List(actions)) => actions.clone(),
        _ => Vec::new(),
    };
    let actions: Vec<&[(Name, Cell)]> = actions.iter().filter_map(Cell::as_map).collect();
    if let Some(at) = columns.iter().position(|(name, _)| name == "customVariables")
        && let Some(pairs) = columns[at].1.as_map().filter(|pairs| !pairs.is_empty())
    {
        let pairs: Vec<(Name, Cell)> = pairs.iter().filter_map(|(_, pair)| pair.as_map()).flatten().cloned().collect();
        columns.remove(at);
        columns.extend(pairs);
    }
    let mut more: Vec<(Name, Cell)> = Vec::new();
    let mut count = 1;
    for pairs in actions.iter().filter_map(|action| get(action, "customVariables")?.as_map()) {
        for (name, cell) in pairs.iter().filter_map(|(_, pair)| pair.as_map()).flatten() {
            more.push((format!("{name}__{count}").into(), cell.clone()));
            count += 1;
        }
    }
    for (n, goal) in actions.iter().filter_map(|action| filled(action, "goalId")).enumerate() {
        more.push((format!("visitConvertedGoalId__{}", n + 1).into(), goal.clone()));
    }
    for (n, action) in actions.iter().enumerate() {
        let kind = get(action, "type").and_then(Cell::as_str).unwrap_or_default();
        if let (Some((_, name)), Some(url)) = (URLS.iter().find(|(known, _)| *known == kind), filled(action, "url")) {
            more.push((format!("{name}__{}", n + 1).into(), url.clone()));
        }
        for name in VALUES {
            if let Some(cell) = filled(action, name) {
                more.push((format!("{name}__{}", n + 1).into(), cell.clone()));
            }
        }
    }
    let pages = || actions.iter().filter(|action| get(action, "type").and_then(Cell::as_str) == Some("action"));
    for (page, title_name, url_name) in
        [(pages().next(), "entryPageTitle", "entryPageUrl"), (pages().next_back(), "exitPageTitle", "exitPageUrl")]
    {
        for (name, from) in [(title_name, "pageTitle"), (url_name, "url")] {
            if let Some(cell) = page.and_then(|page| filled(page, from)) {
                more.push((name.into(), cell.clone()));
            }
        }
    }
    columns.extend(more);
    columns
}

fn get<'a>(entries: &'a [(Name, Cell)], name: &str) -> Option<&'a Cell> {
    entries.iter().find(|(known, _)| known == name).map(|(_, cell)| cell)
}

/// A value that is more than nothing, an empty text or 0.
fn filled<'a>(entries: &'a [(Name, Cell)], name: &str) -> Option<&'a Cell> {
    get(entries, name).filter(|cell| match cell {
        Cell::Value(Value::Null) => false,
        Cell::Value(Value::Text(text)) => !text.is_empty() && &**text != "0",
        Cell::Value(Value::Int(number)) => *number != 0,
        Cell::Value(Value::Real(number)) => *number != 0.0,
        _ => true,
    })
}
