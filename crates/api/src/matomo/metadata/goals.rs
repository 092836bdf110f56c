//! What goals add to reports, and the reports that each goal has.

use footfall_model::{Goal, GoalId};
use footfall_report::{Report, reports};

use super::{Described, Texts, Words, columns, docs, extras, list, words};

/// What goals add to the metrics of a report.
#[derive(Clone, Debug, Default)]
pub(in crate::matomo) struct GoalWords {
    pub(in crate::matomo) metrics: Words,
    pub(in crate::matomo) processed: Words,
    pub(in crate::matomo) types: Words,
}

/// What goals add to a report; `shop` tells that it is asked for orders or carts, `all` that every column of goals is wanted.
pub(super) fn added(report: &Report, shop: bool, all: bool) -> Option<GoalWords> {
    let has =
        report.has_goals || (report.module == "Goals" && report.dimension.is_some() && !report.action.starts_with("getItems"));
    if !has {
        return None;
    }
    let is_page = report.module == "Actions" && ["getPageUrls", "getPageTitles"].contains(&report.action);
    let is_entry = report.module == "Actions" && ["getEntryPageUrls", "getEntryPageTitles"].contains(&report.action);
    let mut goals = GoalWords {
        metrics: words([("nb_conversions", "Conversions"), ("conversion_rate", "Conversion Rate")]),
        processed: words([("revenue_per_visit", "Revenue per Visit")]),
        types: words([("revenue_per_visit", "money"), ("nb_conversions", "number"), ("conversion_rate", "percent")]),
    };
    if is_page {
        goals.metrics.extend(words([("nb_conversions_attrib", "Conversions"), ("revenue_attrib", "Revenue")]));
        goals.processed.extend(words([("nb_conversions_page_rate", "Viewed before conversion rate")]));
        goals.types.extend(words([
            ("nb_conversions_attrib", "number"),
            ("revenue_attrib", "money"),
            ("nb_conversions_page_rate", "percent"),
        ]));
    } else if is_entry {
        goals.metrics.extend(words([("nb_conversions_entry", "Conversions"), ("revenue_entry", "Revenue")]));
        goals
            .processed
            .extend(words([("revenue_per_entry", "Revenue per Entry"), ("nb_conversions_entry_rate", "Conversion Rate")]));
        goals.types.extend(words([
            ("nb_conversions_entry", "number"),
            ("revenue_entry", "money"),
            ("revenue_per_entry", "number"),
            ("nb_conversions_entry_rate", "percent"),
        ]));
    } else {
        goals.metrics.extend(words([("revenue", "Revenue")]));
        goals.types.extend(words([("revenue", "money")]));
    }
    if shop && (is_page || is_entry) {
        goals.processed.extend(words([("avg_order_revenue", "Average Order Value"), ("items", "Purchased Products")]));
        goals.types.extend(words([("avg_order_revenue", "money"), ("itmes", "number")]));
    }
    if !all {
        goals.metrics.retain(|(name, _)| name != "conversion_rate");
    }
    Some(goals)
}

/// What a goal's reports are about.
struct About<'a> {
    id: String,
    name: &'a str,
    own: String,
    is_shop: bool,
}

/// The reports of orders and of carts that were left.
pub(super) fn of_shop(texts: &Texts) -> Vec<Described> {
    [(GoalId::ORDER, "Ecommerce Orders"), (GoalId::CART, "Abandoned Carts")]
        .into_iter()
        .flat_map(|(goal, name)| {
            let id = if goal == GoalId::ORDER { "ecommerceOrder" } else { "ecommerceAbandonedCart" };
            of_one(texts, &About { id: id.to_owned(), name, own: name.to_owned(), is_shop: true })
        })
        .collect()
}

/// The reports of all goals together and of each.
pub(super) fn one_by_one(texts: &Texts, goals: &[Goal]) -> Vec<Described> {
    let overview = About { id: "0".to_owned(), name: "Goals Overview", own: "Goals Overview".to_owned(), is_shop: false };
    let mut all = of_one(texts, &overview);
    for goal in goals.iter().filter(|goal| goal.id.0 > 0) {
        let about = About { id: goal.id.0.to_string(), name: &goal.name, own: format!("Goal {}", goal.name), is_shop: false };
        all.extend(of_one(texts, &about));
    }
    all
}

fn of_one(texts: &Texts, about: &About<'_>) -> Vec<Described> {
    let report: [&'static Report; 3] = [&reports::goals::GET, &reports::goals::VISITS, &reports::goals::DAYS];
    report
        .into_iter()
        .map(|report| {
            let mut made = list::of(texts, report, false, None);
            made.parameters = words([("idGoal", about.id.as_str())]);
            made.goals = None;
            made.name = if report.action == "get" { about.own.clone() } else { format!("{} - {}", about.name, report.title) };
            if about.is_shop {
                made.category = super::menu::name("Goals_Ecommerce");
                made.guide = extras::of("Goals.getItemsSku").guide;
                made.documentation.clear();
                if report.action == "get" {
                    sell(&mut made, about.id == "ecommerceOrder");
                }
            } else if report.action == "get" && about.id != "0" {
                made.documentation =
                    docs::of_report(texts, "Goals.get of one", "How often one goal was reached, and what it was worth.");
            }
            made
        })
        .collect()
}

/// The metrics of orders or of carts.
fn sell(made: &mut Described, orders: bool) {
    made.metrics = if orders {
        words([
            ("nb_conversions", "Ecommerce Orders"),
            ("nb_visits_converted", "Visits with Conversions"),
            ("conversion_rate", "Conversion Rate"),
            ("revenue", "Revenue"),
            ("revenue_subtotal", "Subtotal"),
            ("revenue_tax", "Tax"),
            ("revenue_shipping", "Shipping"),
            ("revenue_discount", "Discount"),
            ("items", "Purchased Products"),
        ])
    } else {
        words([
            ("nb_conversions", "Abandoned Carts"),
            ("conversion_rate", "Conversion Rate"),
            ("revenue", "Revenue left in cart"),
            ("items", "Products left in cart"),
        ])
    };
    made.processed = words([("avg_order_revenue", "Average Order Value")]);
    made.types = made
        .metrics
        .iter()
        .chain(&made.processed)
        .filter(|(name, _)| !(orders && name == "items"))
        .map(|(name, _)| (name.clone(), columns::kind(name).to_owned()))
        .collect();
}
