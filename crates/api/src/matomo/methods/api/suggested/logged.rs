//! Values as the visit log has them: the columns that are called like the segment, and what actions say under its name.

use std::{collections::HashMap, sync::Arc};

use footfall_model::{Cell, DateRange, Name, Site, Value, variable};

use crate::matomo::{Failure, MatomoRequest, dispatch::Call, methods::live};

/// Segments of what happened in visits, beside events, contents and custom variables of pages.
const OF_ACTIONS: [&str; 19] = [
    "visitConvertedGoalId",
    "visitConvertedGoalName",
    "pageUrl",
    "pageTitle",
    "siteSearchKeyword",
    "siteSearchCategory",
    "siteSearchCount",
    "entryPageTitle",
    "entryPageUrl",
    "exitPageTitle",
    "exitPageUrl",
    "outlinkUrl",
    "downloadUrl",
    "orderId",
    "revenueOrder",
    "revenueAbandonedCart",
    "productViewName",
    "productViewSku",
    "productViewPrice",
];

/// One visit of the log.
type Visit = Vec<(Name, Cell)>;

/// The visits of a site that values are taken from.
pub(super) struct Log<'a> {
    pub(super) call: Call<'a>,
    pub(super) site: &'a Arc<Site>,
    pub(super) days: DateRange,
}

impl Log<'_> {
    /// Every value of a name, as often as it was met.
    pub(super) async fn values(&self, name: &str) -> Result<Vec<String>, Failure> {
        const URLS: [&str; 4] = ["pageUrl", "downloadUrl", "outlinkUrl", "eventUrl"];
        let mut values = Vec::new();
        match name {
            "actionUrl" => {
                for part in URLS {
                    values.extend(self.of_one(part).await?);
                }
            }
            "customVariableName" | "customVariableValue" | "customVariablePageName" | "customVariablePageValue" => {
                let with_actions = needs_actions(name);
                let visits = self.visits(name, with_actions).await?;
                for number in 1..=variable::MOST {
                    values.extend(columns(&visits, &format!("{name}{number}"), with_actions));
                }
            }
            _ => return self.of_one(name).await,
        }
        Ok(values)
    }

    /// The codes of the visits in which a name is set.
    pub(super) async fn codes(&self, name: &str, code: &str) -> Result<Vec<String>, Failure> {
        let visits = self.visits(name, false).await?;
        Ok(visits.iter().filter_map(|visit| text(get(visit, code)?)).collect())
    }

    async fn of_one(&self, name: &str) -> Result<Vec<String>, Failure> {
        let with_actions = needs_actions(name);
        let visits = self.visits(name, with_actions).await?;
        Ok(match name {
            "visitConvertedGoalName" => self.goals(&visits),
            "productViewCategory" => visits.iter().flat_map(categories).collect(),
            _ => columns(&visits, name, with_actions),
        })
    }

    /// The last visits in which a name is set, each flat.
    async fn visits(&self, name: &str, with_actions: bool) -> Result<Vec<Visit>, Failure> {
        let request = MatomoRequest::of(&[
            ("idSite", &self.site.id.0.to_string()),
            ("period", "range"),
            ("date", &self.days.to_string()),
            ("segment", &format!("{name}!=")),
            ("filter_limit", if with_actions { "400" } else { "800" }),
            ("doNotFetchActions", if with_actions { "0" } else { "1" }),
        ]);
        live::flat(Call { request: &request, ..self.call }).await
    }

    /// The names of the goals that were reached.
    fn goals(&self, visits: &[Visit]) -> Vec<String> {
        let reached = visits.iter().flatten().filter(|(name, _)| name.starts_with("visitConvertedGoalId__"));
        let name = |cell: &Cell| {
            let id = cell.as_f64()?;
            self.site.goals.iter().find(|goal| f64::from(goal.id.0) == id).map(|goal| goal.name.clone())
        };
        reached.filter_map(|(_, cell)| name(cell)).collect()
    }
}

/// Values from the most frequent on; among equals by their bytes.
pub(super) fn by_use(values: Vec<String>) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let mut sorted: Vec<(String, usize)> = counts.into_iter().collect();
    sorted.sort_unstable_by(|(one, often), (other, seldom)| seldom.cmp(often).then_with(|| one.cmp(other)));
    sorted.into_iter().map(|(value, _)| value).collect()
}

fn needs_actions(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    OF_ACTIONS.contains(&name)
        || name.starts_with("productViewCategory")
        || ["customvariablepage", "event", "content"].iter().any(|part| lower.contains(part))
}

/// What the columns of a name hold: its own and those that were flattened; else what actions say under it.
fn columns(visits: &[Visit], name: &str, with_actions: bool) -> Vec<String> {
    let flattened = format!("{name}__");
    let own = visits.iter().filter_map(|visit| text(get(visit, name)?));
    let more = visits.iter().flatten().filter(|(column, _)| column.starts_with(&flattened)).filter_map(|(_, cell)| text(cell));
    let mut values: Vec<String> = own.chain(more).collect();
    if with_actions && values.iter().all(|value| value == "0") {
        values.extend(actions(visits).filter_map(|action| text(get(action, name)?)));
    }
    values
}

fn actions(visits: &[Visit]) -> impl Iterator<Item = &[(Name, Cell)]> {
    let lists = visits.iter().filter_map(|visit| match get(visit, "actionDetails")? {
        Cell::List(actions) => Some(actions),
        _ => None,
    });
    lists.flatten().filter_map(Cell::as_map)
}

/// The categories of a visit's products, once for each place that any of them fills.
fn categories(visit: &Visit) -> Vec<String> {
    let visit = std::slice::from_ref(visit);
    let lists: Vec<Vec<String>> = actions(visit)
        .filter_map(|action| match get(action, "productViewCategories")? {
            Cell::List(categories) => Some(categories.iter().filter_map(text).collect()),
            _ => None,
        })
        .collect();
    let places = lists.iter().map(Vec::len).max().unwrap_or(0);
    let all: Vec<String> = lists.into_iter().flatten().collect();
    std::iter::repeat_n(all, places).flatten().collect()
}

fn get<'a>(entries: &'a [(Name, Cell)], name: &str) -> Option<&'a Cell> {
    entries.iter().find(|(known, _)| known == name).map(|(_, cell)| cell)
}

/// A value as segments have it: numbers with three digits after the point at most.
fn text(cell: &Cell) -> Option<String> {
    let text = match cell {
        Cell::Value(Value::Text(text)) => text.to_string(),
        Cell::Value(Value::Int(number)) => number.to_string(),
        Cell::Value(Value::Real(number)) => number.to_string(),
        _ => return None,
    };
    let is_number = text.bytes().all(|sign| matches!(sign, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'));
    let rounded = text.parse::<f64>().ok().filter(|number| is_number && number.is_finite() && number.abs() < 1e15);
    let text = rounded.map_or(text, |number| footfall_report::number::round(number, 3).to_string());
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(name: &'static str, cell: Cell) -> (Name, Cell) {
        (name.into(), cell)
    }

    #[test]
    fn columns_come_before_what_actions_say() {
        let action = Cell::Map(vec![pair("siteSearchCategory", Cell::text("docs")), pair("pageTitle", Cell::text("no"))]);
        let visit = vec![
            pair("pageTitle__1", Cell::text("Home")),
            pair("pageTitle__2", Cell::text("Home")),
            pair("pageTitle__3", Cell::text("About")),
            pair("actionDetails", Cell::List(vec![action])),
        ];
        let visits = [visit];
        assert_eq!(by_use(columns(&visits, "pageTitle", true)), ["Home", "About"]);
        assert_eq!(columns(&visits, "siteSearchCategory", true), ["docs"]);
        assert_eq!(columns(&visits, "siteSearchCategory", false), [""; 0]);
    }

    #[test]
    fn numbers_are_short_and_nothing_is_no_value() {
        let cells =
            [Cell::text("3.0"), Cell::text("47.2487"), Cell::from(0i64), Cell::text("1.2.4.0"), Cell::text(""), Cell::NULL];
        let wanted = [Some("3"), Some("47.249"), Some("0"), Some("1.2.4.0"), None, None];
        assert_eq!(cells.map(|cell| text(&cell)), wanted.map(|text| text.map(str::to_owned)));
    }

    #[test]
    fn categories_count_for_each_place_they_fill() {
        let product = |names: &[&str]| {
            let names = names.iter().map(|name| Cell::text(name)).collect();
            Cell::Map(vec![pair("productViewCategories", Cell::List(names))])
        };
        let visit = vec![pair("actionDetails", Cell::List(vec![product(&["a", "b"]), product(&["a"])]))];
        assert_eq!(by_use(categories(&visit)), ["a", "b"]);
        assert_eq!(categories(&visit).len(), 6);
    }
}
