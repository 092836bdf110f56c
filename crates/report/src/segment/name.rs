//! What the names in a segment mean: a fact and a comparison with its values.

use footfall_model::{
    ActionKind, Catalogue, Column, Condition, ConversionRow, CustomScope, Dimension, Error, Fact, Filter, GoalId, HitRow,
    ItemRow, Key, Kind, Op, SegmentOp, Site, Source, Value, VisitRow, variable,
};

use super::{has, value};

/// A condition on one fact's rows.
pub(super) struct Atom {
    /// The fact.
    pub(super) fact: Fact,
    /// The condition on its rows.
    pub(super) filter: Filter,
}

impl Atom {
    /// One of several conditions; they are all about the same fact.
    pub(super) fn any(mut atoms: Vec<Atom>) -> Atom {
        if atoms.len() == 1 {
            return atoms.remove(0);
        }
        let fact = atoms.first().map_or(Fact::Visits, |atom| atom.fact);
        Atom { fact, filter: Filter::Or(atoms.into_iter().map(|atom| atom.on(fact)).collect()) }
    }

    /// The condition on a row of the fact: its own, its visit's, or that of a related row.
    pub(super) fn on(&self, fact: Fact) -> Filter {
        if self.fact == fact || self.fact == Fact::Visits { self.filter.clone() } else { has(self.fact, self.filter.clone()) }
    }
}

/// What a condition asks, in one or several equal ways (a category may stand in five columns).
pub(super) fn resolve(condition: &Condition, site: &Site, catalogue: &Catalogue) -> Result<Vec<Atom>, Error> {
    let name = condition.name.as_str();
    if let Some(atoms) = special(condition, site, catalogue) {
        return Ok(atoms);
    }
    if let Some(dimension) = catalogue.segment(name) {
        return Ok(vec![of_dimension(condition, dimension)]);
    }
    if let Some(atom) = custom_dimension(condition, site, catalogue) {
        return Ok(vec![atom]);
    }
    Err(Error::invalid(format!("Segment '{name}' is not a supported segment.")))
}

/// Names that mean something else than one column.
fn special(condition: &Condition, site: &Site, catalogue: &Catalogue) -> Option<Vec<Atom>> {
    let name = condition.name.as_str();
    let seconds = |column: &str, exact: bool| {
        let column = VisitRow::column(column)?;
        Some(vec![Atom { fact: Fact::Visits, filter: value::days(column, condition, exact) }])
    };
    match name {
        "daysSinceFirstVisit" => seconds("since_first", true),
        "daysSinceLastVisit" => seconds("since_last", false),
        "daysSinceLastEcommerceOrder" => seconds("since_order", false),
        "actionUrl" => {
            let union = ["pageUrl", "downloadUrl", "outlinkUrl", "eventUrl"];
            Some(union.iter().filter_map(|name| Some(of_dimension(condition, catalogue.segment(name)?))).collect())
        }
        "visitConvertedGoalName" => Some(vec![goal_name(condition, site)]),
        "revenueOrder" | "revenueAbandonedCart" => {
            let goal = if name == "revenueOrder" { GoalId::ORDER } else { GoalId::CART };
            let amount = value::compare(Key::Column(ConversionRow::column("revenue")?), Kind::Real, condition);
            let of_goal = Filter::is(ConversionRow::column("goal_id")?, i64::from(goal.0));
            // It is the visit that is asked for, whatever else was reached in it.
            Some(vec![Atom { fact: Fact::Visits, filter: has(Fact::Conversions, of_goal.and(amount)) }])
        }
        "profilable" => Some(vec![Atom { fact: Fact::Visits, filter: value::constant(1.0, condition) }]),
        "bandwidth" => {
            let dimension = catalogue.get("action.bandwidth")?;
            Some(vec![of_dimension(condition, dimension)])
        }
        "countryName" => {
            Some(vec![Atom { fact: Fact::Visits, filter: value::country(catalogue.get("visit.country")?, condition) }])
        }
        _ => numbered(condition),
    }
}

/// `productCategory` and `productViewCategory`, with and without a number, and custom variables.
fn numbered(condition: &Condition) -> Option<Vec<Atom>> {
    let name = condition.name.as_str();
    let digit = name.chars().last().filter(char::is_ascii_digit);
    let stem = name.trim_end_matches(|sign: char| sign.is_ascii_digit());
    let numbers: Vec<u32> = match digit.and_then(|digit| digit.to_digit(10)) {
        Some(number) => vec![number],
        None => (1..=5).collect(),
    };
    let column_name = |stem: &str, number: u32| {
        if number == 1 { stem.to_owned() } else { format!("{stem}{number}") }
    };
    let (fact, columns): (Fact, Vec<Column>) = match stem {
        "productCategory" => {
            (Fact::Items, numbers.iter().filter_map(|number| ItemRow::column(&column_name("category", *number))).collect())
        }
        "productViewCategory" => {
            (Fact::Hits, numbers.iter().filter_map(|number| HitRow::column(&column_name("product_category", *number))).collect())
        }
        _ => return custom_variable(stem, condition),
    };
    if is_without(condition) {
        // They are looked up, too.
        return Some(vec![Atom { fact, filter: Filter::None }]);
    }
    (!columns.is_empty()).then(|| {
        columns
            .into_iter()
            .map(|column| Atom { fact, filter: value::compare(Key::Column(column), Kind::Long, condition) })
            .collect()
    })
}

/// Custom variables: those of one number, or of any.
fn custom_variable(stem: &str, condition: &Condition) -> Option<Vec<Atom>> {
    let (fact, column) = match stem {
        "customVariableName" | "customVariableValue" => (Fact::Visits, Catalogue::VISIT_VARIABLES),
        "customVariablePageName" | "customVariablePageValue" => (Fact::Hits, Catalogue::PAGE_VARIABLES),
        _ => return None,
    };
    let numbers = match condition.name.strip_prefix(stem)? {
        "" => 1..=variable::MOST,
        number => {
            let number: u32 = number.parse().ok().filter(|number| (1..=variable::MOST).contains(number))?;
            number..=number
        }
    };
    let key = if stem.ends_with("Name") { variable::name_key } else { variable::value_key };
    Some(
        numbers
            .map(|number| Atom { fact, filter: value::compare(Key::Prop(column, key(number)), Kind::Text, condition) })
            .collect(),
    )
}

/// Goals whose name compares as asked.
fn goal_name(condition: &Condition, site: &Site) -> Atom {
    let ids: Vec<Value> = site
        .goals
        .iter()
        .filter(|goal| value::text_matches(&goal.name, condition))
        .map(|goal| Value::Int(i64::from(goal.id.0)))
        .collect();
    let filter = match ConversionRow::column("goal_id") {
        Some(column) if !ids.is_empty() => Filter::test(Key::Column(column), Op::Is, ids),
        _ => Filter::None,
    };
    Atom { fact: Fact::Conversions, filter }
}

/// `dimensionN`: the site's own dimension of that number.
fn custom_dimension(condition: &Condition, site: &Site, catalogue: &Catalogue) -> Option<Atom> {
    let number: u32 = condition.name.strip_prefix("dimension")?.parse().ok()?;
    let dimension = site.dimensions.iter().find(|dimension| dimension.id == number)?;
    let fact = match dimension.scope {
        CustomScope::Visit => Fact::Visits,
        CustomScope::Action => Fact::Hits,
    };
    let column = catalogue.slot(fact, dimension.slot)?;
    Some(Atom { fact, filter: value::compare(Key::Column(column), Kind::Text, condition) })
}

/// A condition on a dimension of the catalogue.
fn of_dimension(condition: &Condition, dimension: &'static Dimension) -> Atom {
    let fact = dimension.scope.fact();
    let key = match dimension.source {
        // Matomo reads its tables as they are kept, whatever the clock of the site shows.
        Source::Clock(part) => Key::UtcClock(dimension.at(), part),
        _ => Key::Column(dimension.at()),
    };
    let compared = value::compare_dimension(dimension, key, condition);
    let filter = match HitRow::column("kind") {
        // Every action may be without what only some can have.
        Some(column) if fact == Fact::Hits && !dimension.kinds.is_empty() && !is_without(condition) => {
            of_kinds(column, dimension.kinds).and(compared)
        }
        _ => compared,
    };
    Atom { fact, filter }
}

fn is_without(condition: &Condition) -> bool {
    condition.value.is_empty() && condition.op == SegmentOp::Is
}

fn of_kinds(column: Column, kinds: &[ActionKind]) -> Filter {
    Filter::test(Key::Column(column), Op::Is, kinds.iter().map(|kind| Value::Int(*kind as i64)).collect())
}
