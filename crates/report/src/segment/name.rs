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
    /// Whether a visit without any row of the fact satisfies it, too: where nothing is, nothing is set.
    pub(super) or_none: bool,
}

impl Atom {
    fn new(fact: Fact, filter: Filter) -> Atom {
        Atom { fact, filter, or_none: false }
    }

    /// One of several conditions; they are all about the same fact.
    pub(super) fn any(mut atoms: Vec<Atom>) -> Atom {
        if atoms.len() == 1 {
            return atoms.remove(0);
        }
        let fact = atoms.first().map_or(Fact::Visits, |atom| atom.fact);
        Atom::new(fact, Filter::Or(atoms.into_iter().map(|atom| atom.on(fact)).collect()))
    }

    /// The condition on a row of the fact: its own, its visit's, or that of a related row.
    pub(super) fn on(&self, fact: Fact) -> Filter {
        if self.fact == fact || self.fact == Fact::Visits {
            return self.filter.clone();
        }
        let one = has(self.fact, self.filter.clone());
        if self.or_none { Filter::Or(vec![one, has(self.fact, Filter::All).negated()]) } else { one }
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
        Some(vec![Atom::new(Fact::Visits, value::days(column, condition, exact))])
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
            Some(vec![Atom::new(Fact::Visits, sales(goal, condition)?)])
        }
        "profilable" => Some(vec![Atom::new(Fact::Visits, value::constant(1.0, condition))]),
        "bandwidth" => {
            let dimension = catalogue.get("action.bandwidth")?;
            Some(vec![of_dimension(condition, dimension)])
        }
        "countryName" => Some(vec![Atom::new(Fact::Visits, value::country(catalogue.get("visit.country")?, condition))]),
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
        return Some(vec![Atom::new(fact, Filter::None)]);
    }
    (!columns.is_empty()).then(|| {
        columns.into_iter().map(|column| Atom::new(fact, value::compare(Key::Column(column), Kind::Long, condition))).collect()
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
    Some(numbers.map(|number| Atom::new(fact, value::compare(Key::Prop(column, key(number)), Kind::Text, condition))).collect())
}

/// Visits by what their orders, or their carts, came to. It is the visit that is asked for, whatever else was reached in it; where
/// no amount is given, whether anything was.
fn sales(goal: GoalId, condition: &Condition) -> Option<Filter> {
    if condition.value.is_empty() {
        let any = has(Fact::Conversions, Filter::All);
        return Some(if condition.op == SegmentOp::Is { any.negated() } else { any });
    }
    let is_not = condition.op == SegmentOp::IsNot;
    let asked = Condition { op: if is_not { SegmentOp::Is } else { condition.op }, ..condition.clone() };
    let amount = value::compare(Key::Column(ConversionRow::column("revenue")?), Kind::Real, &asked);
    let of_goal = Filter::is(ConversionRow::column("goal_id")?, i64::from(goal.0));
    let found = has(Fact::Conversions, of_goal.and(amount));
    Some(if is_not { found.negated() } else { found })
}

/// Goals whose name compares as asked. Orders and carts have none.
fn goal_name(condition: &Condition, site: &Site) -> Atom {
    if let (true, Some(column)) = (is_without(condition), ConversionRow::column("goal_id")) {
        let unnamed = Filter::test(Key::Column(column), Op::AtMost, vec![Value::Int(i64::from(GoalId::ORDER.0))]);
        return Atom::new(Fact::Conversions, unnamed);
    }
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
    Atom::new(Fact::Conversions, filter)
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
    Some(Atom::new(fact, value::compare(Key::Column(column), Kind::Text, condition)))
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
    Atom::new(fact, of_end(dimension, filter, condition))
}

fn is_without(condition: &Condition) -> bool {
    condition.value.is_empty() && condition.op == SegmentOp::Is
}

fn of_kinds(column: Column, kinds: &[ActionKind]) -> Filter {
    Filter::test(Key::Column(column), Op::Is, kinds.iter().map(|kind| Value::Int(*kind as i64)).collect())
}

/// The ends of a visit are looked up among pages: a search that a visit ended with has no title, and what has no title neither
/// contains a text nor goes without it.
fn of_end(dimension: &Dimension, filter: Filter, condition: &Condition) -> Filter {
    let kind = match dimension.id {
        "visit.entry_title" => Some("entry_kind"),
        "visit.exit_title" => Some("exit_kind"),
        "visit.entry_url" | "visit.exit_url" => None,
        _ => return filter,
    };
    let page = kind.and_then(VisitRow::column).map_or(Filter::All, |column| Filter::is(column, ActionKind::PageView as i64));
    let is_set = Filter::test(Key::Column(dimension.at()), Op::IsNot, vec![Value::Null]);
    match condition.op {
        // Another page is any other, and none.
        SegmentOp::IsNot if !condition.value.is_empty() && page != Filter::All => Filter::Or(vec![filter, page.negated()]),
        SegmentOp::IsNot if !condition.value.is_empty() => filter,
        SegmentOp::ContainsNot => filter.and(is_set).and(page),
        _ => filter.and(page),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(name: &str, op: SegmentOp, value: &str) -> Filter {
        let condition = Condition { name: name.to_owned(), op, value: value.to_owned() };
        let site = crate::stats::story::site(Vec::new(), footfall_model::VisitPolicy::Matomo);
        let atoms = resolve(&condition, &site, &Catalogue::built_in()).unwrap();
        Atom::any(atoms).on(Fact::Visits)
    }

    #[test]
    fn a_search_that_ends_a_visit_has_no_page_title() {
        let page = Filter::is(VisitRow::column("exit_kind").unwrap(), ActionKind::PageView as i64);
        let ends_with = |filter: &Filter| matches!(filter, Filter::And(parts) if parts.last() == Some(&page));
        assert!(ends_with(&asked("exitPageTitle", SegmentOp::IsNot, "")));
        assert!(ends_with(&asked("exitPageTitle", SegmentOp::ContainsNot, "Docs")));
        assert!(ends_with(&asked("exitPageTitle", SegmentOp::Is, "Docs")));
        let other = asked("exitPageTitle", SegmentOp::IsNot, "Docs");
        assert!(matches!(&other, Filter::Or(parts) if parts.last() == Some(&page.negated())));
    }

    #[test]
    fn other_orders_are_those_of_other_amounts_and_none() {
        let fifty = asked("revenueOrder", SegmentOp::Is, "50");
        assert_eq!(asked("revenueOrder", SegmentOp::IsNot, "50"), fifty.negated());
        let any = has(Fact::Conversions, Filter::All);
        assert_eq!(asked("revenueOrder", SegmentOp::IsNot, ""), any.clone());
        assert_eq!(asked("revenueOrder", SegmentOp::Is, ""), any.negated());
    }

    #[test]
    fn hours_and_days_are_read_in_utc() {
        let hour = Key::UtcClock(VisitRow::column("last_at").unwrap(), footfall_model::TimePart::HourOfDay);
        assert_eq!(asked("visitServerHour", SegmentOp::Is, "5"), Filter::test(hour, Op::Is, vec![Value::Int(5)]));
    }

    #[test]
    fn addresses_are_sorted_by_their_bytes() {
        let address = footfall_model::dimensions::place::ADDRESS.at();
        let than = |op: Op, bytes: &str| Filter::test(Key::Address(address), op, vec![Value::text(bytes)]);
        assert_eq!(asked("visitIp", SegmentOp::Less, "100.0.0.0"), than(Op::Less, "64000000"));
        assert_eq!(asked("visitIp", SegmentOp::AtLeast, "2001:db8::1"), than(Op::AtLeast, "20010db8000000000000000000000001"));
        assert_eq!(asked("visitIp", SegmentOp::Greater, "156.5.3"), than(Op::Greater, "00000000"));
    }
}
