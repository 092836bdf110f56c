//! Widgets: what can be shown of a site, one by one and by the pages they stand on. Reports give most of them (`reports`), the
//! goals of a site pages of their own (`goals`), and some stand for themselves (`fixed`).

mod fixed;
mod goals;
mod help;
mod places;
mod reports;
mod widget;

use footfall_model::{Cell, Site};

use super::{super::cells::cells, Described, Texts};
use places::Places;
use widget::Widget;

/// Who asks for widgets, and of what.
pub(in crate::matomo) struct Asked<'a> {
    /// The site.
    pub(in crate::matomo) site: &'a Site,
    /// Texts of Matomo, where there are any.
    pub(in crate::matomo) texts: &'a Texts,
    /// What the caller may see.
    pub(in crate::matomo) audience: Audience,
    /// The caller's dashboards, by number and name.
    pub(in crate::matomo) dashboards: Vec<(i64, String)>,
    /// The one number that a widget is wanted for.
    pub(in crate::matomo) column: String,
}

/// Callers by what they may see, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::matomo) enum Audience {
    Everybody,
    People,
    Admins,
    Superusers,
}

/// Every widget that can stand alone, by its place.
pub(in crate::matomo) fn list(reports: &[Described], asked: &Asked<'_>) -> Cell {
    let all = configured(reports, asked);
    let mut places = Places::of(asked);
    places.add_missing(&all);
    let mut flat: Vec<(Rank, Cell)> = Vec::new();
    for widget in &all {
        let by_dimension = widget.by_dimension();
        for (single, place) in
            std::iter::once((widget, None)).chain(widget.children().iter().map(|child| (child, by_dimension.then_some(widget))))
        {
            if !single.alone || single.name.is_empty() {
                continue;
            }
            // What a list of dimensions holds stands on the page of that list, under the name of its own group as well.
            let name = match place {
                Some(_) => format!("{}: {}", places::name(&single.category), single.name),
                None => single.name.clone(),
            };
            let at = place.unwrap_or(single);
            let rank = (places.rank(&at.category, &at.subcategory), single.unique_id());
            flat.push((rank, single.cell(&name, Some((&places, &at.category, &at.subcategory)))));
        }
    }
    flat.sort_by(|one, other| one.0.cmp(&other.0));
    Cell::List(flat.into_iter().map(|(_, cell)| cell).collect())
}

type Rank = ((i64, Option<i64>), String);

/// The pages of a site's reports, each with its widgets.
pub(in crate::matomo) fn pages(reports: &[Described], asked: &Asked<'_>) -> Cell {
    let all = configured(reports, asked);
    let mut places = Places::of(asked);
    places.add_missing(&all);
    let mut pages = Vec::new();
    for category in places.categories() {
        for subcategory in category.subcategories() {
            let here: Vec<Cell> = all
                .iter()
                .filter(|widget| widget.category == category.id && widget.subcategory == subcategory.id)
                .map(|widget| widget.cell(&widget.name, None))
                .collect();
            if !here.is_empty() {
                pages.push(cells! {
                    "uniqueId" => format!("{}.{}", category.id, subcategory.id).as_str(),
                    "category" => category.cell(),
                    "subcategory" => subcategory.cell(),
                    "widgets" => Cell::List(here),
                });
            }
        }
    }
    Cell::List(pages)
}

/// Every widget of a site: lists of others first, then those that stand for themselves, then those of reports.
fn configured(reports: &[Described], asked: &Asked<'_>) -> Vec<Widget> {
    let mut all = fixed::containers(asked.site);
    let mut single = fixed::widgets(asked);
    for report in reports {
        for (container, widget) in reports::of(report) {
            match container.and_then(|id| all.iter_mut().find(|held| held.is_container(id))) {
                Some(held) => held.add(widget),
                None => single.push(widget),
            }
        }
        if goals::stands_before(report) {
            single.extend(goals::pages(reports, asked.site));
        }
    }
    single.extend(fixed::visits());
    all.extend(single);
    all
}
