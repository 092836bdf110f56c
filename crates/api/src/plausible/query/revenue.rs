//! In which currency revenue is told, and why it is not.

use std::collections::HashMap;

use footfall_model::Site;
use footfall_report::stats::{Filter, Match, Source};
use serde_json::{Value, json};

/// The currencies of a query's goals.
#[derive(Clone, Debug, Default)]
pub(in crate::plausible) struct Currencies {
    /// The currency of all revenue, where goals are no dimension.
    pub(in crate::plausible) of_all: Option<String>,
    /// The currency of each goal that has one, by name.
    pub(in crate::plausible) of_goals: HashMap<String, String>,
    /// Why there is none.
    pub(in crate::plausible) warning: Option<Value>,
}

impl Currencies {
    /// The currencies of the goals that a query is about.
    pub(in crate::plausible) fn of(site: &Site, filters: &[Filter], by_goal: bool) -> Currencies {
        let leaves = filters.iter().filter_map(|filter| match filter {
            Filter::Leaf(leaf) if leaf.dimension.source == Source::Goal => Some(leaf),
            _ => None,
        });
        let leaves: Vec<_> = leaves.collect();
        let mut currencies = Currencies::default();
        if by_goal || !leaves.is_empty() {
            for goal in &site.goals {
                let fits = leaves.iter().all(|leaf| {
                    let lower = |text: &str| if leaf.case_sensitive { text.to_owned() } else { text.to_lowercase() };
                    leaf.values.iter().any(|value| match leaf.how {
                        Match::Contains => lower(&goal.name).contains(&lower(value)),
                        _ => lower(&goal.name) == lower(value),
                    })
                });
                if let (true, Some(currency)) = (fits, &goal.currency) {
                    currencies.of_goals.insert(goal.name.clone(), currency.clone());
                }
            }
        }
        let mut different: Vec<&String> = currencies.of_goals.values().collect();
        different.sort();
        different.dedup();
        match different.as_slice() {
            [] => {
                currencies.warning = Some(json!({
                    "code": "no_revenue_goals_matching",
                    "warning": "Revenue metrics are null as there are no matching revenue goals.",
                }));
            }
            [one] => currencies.of_all = Some((*one).clone()),
            _ if by_goal => {}
            _ => {
                currencies.warning = Some(json!({
                    "code": "no_single_revenue_currency",
                    "warning": "Revenue metrics are null as there are multiple currencies for the selected event:goals.",
                }));
            }
        }
        currencies
    }
}
