//! The pages of goals: an overview of all, one page for each, and those of a shop.

use footfall_model::{Cell, CustomScope, Goal, Site};
use footfall_report::reports as catalogue;

use super::{
    super::Described,
    reports,
    widget::{Kind, Values, Widget},
};

const ORDER: &str = "ecommerceOrder";
const OVERVIEW: &str = "General_Overview";

/// Whether the pages of goals follow this report.
pub(super) fn stands_before(report: &Described) -> bool {
    report.method() == "Goals.get" && report.parameters.iter().any(|(name, goal)| name == "idGoal" && goal == "0")
}

/// The pages of a site's goals and of its shop.
pub(super) fn pages(all: &[Described], site: &Site) -> Vec<Widget> {
    let groups = groups(all, site);
    let mut pages = Vec::from(overview(&groups));
    let mut place = 1;
    if site.ecommerce {
        pages.extend(shop(&groups));
        place += 1;
    }
    for goal in site.goals.iter().filter(|goal| goal.id.0 > 0) {
        pages.extend(one(goal, place, &groups));
        place += 1;
    }
    pages
}

fn overview(groups: &[Group]) -> [Widget; 2] {
    let mut list = page("GoalsOverview", "Overview", OVERVIEW, 0);
    list.add(part("", "getEvolutionGraph", 5, Some("graphEvolution"), OVERVIEW));
    list.add(part("", "getMetrics", 15, Some("sparklines"), OVERVIEW));
    let mut small = part("", "getSparklines", 25, None, OVERVIEW);
    small.kind = Kind::Report { view: None, forced: false };
    list.add(small);
    let mut by = Widget::container("Goals", "Goals_Goals", OVERVIEW).one_at_a_time();
    by.name = "Conversions overview by type of visit".to_owned();
    by.order = 35;
    by.middleware = has_conversions(None);
    fill(&mut by, groups, &Cell::text("0"), false);
    [list, by]
}

fn shop(groups: &[Group]) -> [Widget; 2] {
    let order = || vec![("idGoal".into(), Cell::text(ORDER))];
    let mut list = page("EcommerceOverview", "Ecommerce Overview", OVERVIEW, 1);
    list.category = "Goals_Ecommerce".to_owned();
    let mut add = |module: &str, action: &str, place, view, subcategory: &str, category: &str| {
        let mut made = part("", action, place, view, subcategory);
        (made.module, made.category, made.parameters) = (module.to_owned(), category.to_owned(), order());
        if view.is_none() {
            made.name = "Conversions Overview".to_owned();
            made.middleware = has_conversions(Some(Cell::text(ORDER)));
        }
        list.add(made);
    };
    add("Goals", "getEvolutionGraph", 5, Some("graphEvolution"), OVERVIEW, "Goals_Ecommerce");
    add("Ecommerce", "getSparklines", 15, Some("sparklines"), OVERVIEW, "Goals_Ecommerce");
    add("Ecommerce", "getConversionsOverview", 25, None, ORDER, "Goals_Goals");
    let mut sales = Widget::container("GoalsOrder", "Goals_Ecommerce", "Ecommerce_Sales").one_at_a_time();
    sales.order = 5;
    sales.parameters = order();
    fill(&mut sales, groups, &Cell::text(ORDER), true);
    [list, sales]
}

fn one(goal: &Goal, place: i64, groups: &[Group]) -> [Widget; 2] {
    let id = goal.id.0.to_string();
    let number = || Cell::from(i64::from(goal.id.0));
    let mut list = page(&format!("Goal_{id}"), &goal.name, &id, place);
    let mut graph = part("", "getEvolutionGraph", 5, Some("graphEvolution"), &id);
    graph.parameters = vec![("idGoal".into(), number())];
    list.add(graph);
    let mut numbers = part("", "get", 15, Some("sparklines"), &id);
    numbers.parameters = vec![("idGoal".into(), number()), ("allow_multiple".into(), Cell::from(i64::from(goal.many_per_visit)))];
    list.add(numbers);
    let mut overview = part("Conversions Overview", "goalConversionsOverview", 25, None, &id);
    overview.parameters = vec![("idGoal".into(), number())];
    overview.middleware = has_conversions(Some(number()));
    list.add(overview);
    let mut by = Widget::container(&format!("Goals{id}"), "Goals_Goals", &id).one_at_a_time();
    by.name = format!("Goal {} conversions by type of visit", goal.name);
    by.order = 35;
    by.middleware = has_conversions(Some(number()));
    fill(&mut by, groups, &number(), false);
    [list, by]
}

/// A page's list, which can stand alone.
fn page(id: &str, name: &str, subcategory: &str, order: i64) -> Widget {
    let mut made = Widget::container(id, "Goals_Goals", subcategory);
    (made.name, made.order, made.alone) = (name.to_owned(), order, true);
    made
}

/// A part of a page: the numbers of goals in a view.
fn part(name: &str, action: &str, order: i64, view: Option<&'static str>, subcategory: &str) -> Widget {
    let mut made = Widget::new("Goals", action);
    (made.category, made.subcategory) = ("Goals_Goals".to_owned(), subcategory.to_owned());
    (made.name, made.order, made.alone) = (name.to_owned(), order, false);
    made.kind = Kind::Report { view: Some(view.unwrap_or("table")), forced: view.is_some() };
    made
}

/// What is asked before a page's conversions are shown.
fn has_conversions(goal: Option<Cell>) -> Values {
    let mut asked: Values = vec![("module".into(), Cell::text("Goals")), ("action".into(), Cell::text("hasConversions"))];
    asked.extend(goal.map(|goal| ("idGoal".into(), goal)));
    asked
}

/// Reports that tell conversions apart by one thing.
struct Group {
    /// What they are called together.
    about: &'static About,
    /// Each with the view it forces.
    widgets: Vec<(Widget, &'static str)>,
}

/// What a group of reports is about.
struct About {
    id: &'static str,
    order: i64,
    /// As goals name it.
    goals: &'static str,
    /// As a shop names it.
    sales: &'static str,
}

const ABOUT: &[About] = &[
    About { id: "Referrers_Referrers", order: 0, goals: "Goals by Referrers", sales: "Sales by Referrers" },
    About { id: "General_Actions", order: 100, goals: "Goals by Pages", sales: "Sales by Pages" },
    About { id: "General_Visit", order: 200, goals: "Goals engagement", sales: "Sales engagement" },
    About { id: "General_Visitors", order: 300, goals: "Goals by User location", sales: "Sales by User location" },
    About { id: ATTRIBUTES, order: 400, goals: "Goals by User attribute", sales: "Sales by User attribute" },
];

/// The group of what a visitor is, beside where.
const ATTRIBUTES: &str = "VisitsSummary_VisitsSummary";

/// The reports that goals can be told apart by, in the order of their first.
fn groups(all: &[Described], site: &Site) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut add = |id: &str, widget: Widget, view: &'static str| {
        if let Some(group) = groups.iter_mut().find(|held| held.about.id == id) {
            group.widgets.push((widget, view));
        } else if let Some(about) = ABOUT.iter().find(|about| about.id == id) {
            groups.push(Group { about, widgets: vec![(widget, view)] });
        }
    };
    for report in all {
        let Some(known) = catalogue::find(report.module, report.action).filter(|known| known.has_goals) else {
            continue;
        };
        let of_visitors = known.module == "CustomVariables" || known.action == "getVisitInformationPerServerTime";
        let has_own_page = !known.subcategory.is_empty() && known.module != "CustomDimensions";
        if has_own_page {
            add(if of_visitors { ATTRIBUTES } else { known.category }, reports::plain(report), "tableGoals");
        }
    }
    for (action, name) in [("getVisitsUntilConversion", "Visits to Conversion"), ("getDaysToConversion", "Days to Conversion")] {
        let mut made = Widget::new("Goals", action);
        made.name = name.to_owned();
        add("General_Visit", made, "table");
    }
    for dimension in site.dimensions.iter().filter(|dimension| dimension.active && dimension.scope == CustomScope::Visit) {
        let mut made = Widget::new("CustomDimensions", "getCustomDimension");
        made.name.clone_from(&dimension.name);
        made.parameters = vec![("idDimension".into(), Cell::text(&dimension.id.to_string()))];
        add(ATTRIBUTES, made, "tableGoals");
    }
    groups
}

/// Puts every report that goals can be told apart by into a list.
fn fill(list: &mut Widget, groups: &[Group], goal: &Cell, is_shop: bool) {
    for group in groups {
        let about = if is_shop { group.about.sales } else { group.about.goals };
        for (place, (widget, view)) in group.widgets.iter().enumerate() {
            let mut made = widget.clone();
            (made.category, made.subcategory) = (about.to_owned(), about.to_owned());
            made.order = group.about.order + 1 + place as i64;
            made.alone = is_shop;
            made.kind = Kind::Report { view: Some(view), forced: true };
            let mut parameters: Values =
                vec![("documentationForGoalsPage".into(), Cell::text("1")), ("idGoal".into(), goal.clone())];
            parameters.append(&mut made.parameters);
            if is_shop {
                parameters.push(("segmented_visitor_log_segment_suffix".into(), Cell::text("visitEcommerceStatus==ordered")));
            }
            made.parameters = parameters;
            list.add(made);
        }
    }
}
