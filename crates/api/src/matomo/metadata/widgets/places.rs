//! The categories of widgets and the places within them, in the order pages are listed.

use footfall_model::{Cell, CustomScope, Site};

use super::{
    super::{super::cells::cells, menu},
    Asked, help,
    widget::{LAST, Widget},
};

/// A category.
#[derive(Clone, Debug)]
pub(super) struct Category {
    pub(super) id: String,
    name: String,
    order: i64,
    icon: &'static str,
    help: String,
    subcategories: Vec<Subcategory>,
}

/// A place within a category.
#[derive(Clone, Debug)]
pub(super) struct Subcategory {
    pub(super) id: String,
    name: String,
    order: i64,
    help: String,
}

/// Every category there is.
#[derive(Clone, Debug, Default)]
pub(super) struct Places(Vec<Category>);

/// What an id of the menu is called; the id itself where nothing is known.
pub(super) fn name(id: &str) -> &str {
    menu::known(id).unwrap_or(id)
}

impl Category {
    pub(super) fn subcategories(&self) -> &[Subcategory] {
        &self.subcategories
    }

    pub(super) fn cell(&self) -> Cell {
        cells! {
            "id" => self.id.as_str(),
            "name" => self.name.as_str(),
            "order" => self.order,
            "icon" => self.icon,
            "help" => self.help.as_str(),
            "widget" => Cell::NULL,
        }
    }
}

impl Subcategory {
    pub(super) fn cell(&self) -> Cell {
        cells! {
            "id" => self.id.as_str(),
            "name" => self.name.as_str(),
            "order" => self.order,
            "help" => self.help.as_str(),
        }
    }
}

impl Places {
    /// The places of a site: those that every site has, and one for each dashboard, goal and custom dimension.
    pub(super) fn of(asked: &Asked<'_>) -> Places {
        let mut places = Places(
            CATEGORIES
                .iter()
                .map(|(id, order, icon)| Category {
                    id: (*id).to_owned(),
                    name: SHOWN.iter().find(|(known, _)| known == id).map_or(name(id), |(_, shown)| shown).to_owned(),
                    order: *order,
                    icon,
                    help: help::of(asked.texts, id, ""),
                    subcategories: Vec::new(),
                })
                .collect(),
        );
        for (place, (id, name)) in asked.dashboards.iter().enumerate() {
            places.put("Dashboard_Dashboard", &id.to_string(), name, place as i64, String::new());
        }
        places.put_goals(asked.site);
        places.put_dimensions(asked.site);
        for (category, id, order) in SUBCATEGORIES {
            places.put(category, id, name(id), *order, help::of(asked.texts, category, id));
        }
        places
    }

    fn put_goals(&mut self, site: &Site) {
        let mut goals: Vec<_> = site.goals.iter().filter(|goal| goal.id.0 > 0).collect();
        goals.sort_by(|one, other| match one.name == other.name {
            true => other.id.0.cmp(&one.id.0),
            false => one.name.to_ascii_lowercase().cmp(&other.name.to_ascii_lowercase()),
        });
        for (place, goal) in goals.into_iter().enumerate() {
            self.put("Goals_Goals", &goal.id.0.to_string(), &goal.name, 900 + place as i64, String::new());
        }
    }

    fn put_dimensions(&mut self, site: &Site) {
        let mut dimensions: Vec<_> = site.dimensions.iter().filter(|dimension| dimension.active).collect();
        dimensions.sort_by(|one, other| one.name.cmp(&other.name));
        for (place, dimension) in dimensions.into_iter().enumerate() {
            let category = match dimension.scope {
                CustomScope::Action => "General_Actions",
                CustomScope::Visit => "General_Visitors",
            };
            let id = format!("customdimension{}", dimension.id);
            self.put(category, &id, &dimension.name, 70 + place as i64, String::new());
        }
    }

    /// Adds a place, and its category where that is new.
    fn put(&mut self, category: &str, id: &str, name: &str, order: i64, help: String) {
        let place = Subcategory { id: id.to_owned(), name: name.to_owned(), order, help };
        self.category_mut(category).subcategories.push(place);
    }

    fn category_mut(&mut self, id: &str) -> &mut Category {
        let place = self.0.iter().position(|held| held.id == id).unwrap_or_else(|| {
            self.0.push(Category {
                id: id.to_owned(),
                name: name(id).to_owned(),
                order: LAST,
                icon: "",
                help: String::new(),
                subcategories: Vec::new(),
            });
            self.0.len() - 1
        });
        &mut self.0[place]
    }

    /// Adds the places of widgets that are not known yet.
    pub(super) fn add_missing(&mut self, widgets: &[Widget]) {
        for widget in widgets {
            let is_empty_list = widget.is_list() && widget.children().is_empty();
            if widget.category.is_empty() || is_empty_list {
                continue;
            }
            let category = self.category_mut(&widget.category);
            let id = &widget.subcategory;
            if !id.is_empty() && category.subcategories.iter().all(|held| held.id != *id) {
                let place = Subcategory { id: id.clone(), name: name(id).to_owned(), order: LAST, help: String::new() };
                category.subcategories.push(place);
            }
        }
    }

    /// Every category in the order pages are listed.
    pub(super) fn categories(&self) -> &[Category] {
        &self.0
    }

    fn category(&self, id: &str) -> Option<&Category> {
        self.0.iter().find(|held| held.id == id)
    }

    fn subcategory(&self, category: &str, id: &str) -> Option<&Subcategory> {
        self.category(category)?.subcategories.iter().find(|held| held.id == id)
    }

    /// The orders of a category and of a place in it; what has no place of its own stands first.
    pub(super) fn rank(&self, category: &str, subcategory: &str) -> (i64, Option<i64>) {
        let order = self.category(category).map_or(0, |held| held.order);
        (order, self.subcategory(category, subcategory).map(|held| held.order).filter(|order| *order != 0))
    }

    pub(super) fn category_cell(&self, id: &str) -> Cell {
        self.category(id).map_or(Cell::NULL, Category::cell)
    }

    pub(super) fn subcategory_cell(&self, category: &str, id: &str) -> Cell {
        self.subcategory(category, id).map_or(Cell::NULL, Subcategory::cell)
    }
}

/// Categories with their order and their picture.
const CATEGORIES: &[(&str, i64, &str)] = &[
    ("General_Actions", 10, "icon-reporting-actions"),
    ("General_KpiMetric", 1, ""),
    ("General_Visitors", 5, "icon-reporting-visitors"),
    ("Dashboard_Dashboard", 0, "icon-reporting-dashboard"),
    ("General_MultiSitesSummary", 3, ""),
    ("Referrers_Referrers", 15, "icon-reporting-referer"),
    ("Goals_Goals", 25, "icon-reporting-goal"),
    ("Goals_Ecommerce", 20, "icon-reporting-ecommerce"),
    ("Events_Events", 12, ""),
    ("UserCountry_VisitLocation", 7, ""),
    ("Live!", 2, ""),
];

/// Categories that are called otherwise than their id says.
const SHOWN: &[(&str, &str)] = &[("General_Actions", "Behaviour"), ("Referrers_Referrers", "Acquisition")];

/// The places within categories with their order.
const SUBCATEGORIES: &[(&str, &str, i64)] = &[
    ("General_Visitors", "DevicesDetection_Devices", 15),
    ("General_Actions", "VisitorInterest_Engagement", 46),
    ("General_Visitors", "DevicesDetection_Software", 20),
    ("General_Visitors", "General_Overview", 2),
    ("General_Actions", "Transitions_Transitions", 46),
    ("General_Actions", "General_Downloads", 35),
    ("General_Actions", "Actions_SubmenuPagesEntry", 10),
    ("General_Actions", "Actions_SubmenuPagesExit", 15),
    ("General_Actions", "General_Outlinks", 30),
    ("General_Actions", "Actions_SubmenuPageTitles", 20),
    ("General_Actions", "General_Pages", 5),
    ("General_Actions", "Actions_SubmenuSitesearch", 25),
    ("Referrers_Referrers", "Referrers_WidgetGetAll", 5),
    ("Referrers_Referrers", "Referrers_URLCampaignBuilder", 21),
    ("Referrers_Referrers", "Referrers_Campaigns", 20),
    ("Referrers_Referrers", "General_Overview", 2),
    ("Referrers_Referrers", "Referrers_SubmenuSearchEngines", 10),
    ("Referrers_Referrers", "Referrers_Socials", 16),
    ("Referrers_Referrers", "Referrers_SubmenuWebsitesOnly", 15),
    ("Goals_Goals", "Goals_AddNewGoal", 9999),
    ("Goals_Goals", "General_Overview", 2),
    ("Goals_Goals", "Goals_ManageGoals", 9999),
    ("Goals_Ecommerce", "Goals_EcommerceLog", 5),
    ("Goals_Ecommerce", "General_Overview", 2),
    ("Goals_Ecommerce", "Goals_Products", 10),
    ("Goals_Ecommerce", "Ecommerce_Sales", 15),
    ("General_Actions", "Events_Events", 40),
    ("General_Visitors", "UserCountry_SubmenuLocations", 10),
    ("General_Visitors", "VisitTime_SubmenuTimes", 35),
    ("General_Visitors", "UserCountryMap_RealTimeMap", 9),
    ("General_Visitors", "General_RealTime", 7),
    ("General_Visitors", "Live_VisitorLog", 5),
    ("General_Actions", "Contents_Contents", 45),
    ("General_Visitors", "UserId_UserReportTitle", 40),
    ("General_Visitors", "CustomVariables_CustomVariables", 45),
    ("General_Actions", "PagePerformance_Performance", 47),
];
