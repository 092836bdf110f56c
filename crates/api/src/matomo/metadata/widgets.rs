//! Reports as widgets, and the pages they stand on.

use footfall_model::{Cell, Name};

use super::{super::cells::cells, Described, menu};

/// Every report as a widget, page by page.
pub(in crate::matomo) fn list(reports: &[Described]) -> Cell {
    Cell::List(sorted(reports).iter().map(|widget| widget.shown(true)).collect())
}

/// The pages that reports stand on, each with its widgets.
pub(in crate::matomo) fn pages(reports: &[Described]) -> Cell {
    let widgets = sorted(reports);
    let pages = widgets.chunk_by(|one, next| one.page() == next.page()).filter_map(|widgets| {
        let first = widgets.first()?;
        let (category, subcategory) = first.page();
        Some(cells! {
            "uniqueId" => format!("{category}.{subcategory}").as_str(),
            "category" => first.category(),
            "subcategory" => first.subcategory(),
            "widgets" => Cell::List(widgets.iter().map(|widget| widget.shown(false)).collect()),
        })
    });
    Cell::List(pages.collect())
}

/// A report and its place.
struct Widget<'a> {
    report: &'a Described,
    category: &'a str,
    subcategory: String,
    order: i64,
}

fn sorted(reports: &[Described]) -> Vec<Widget<'_>> {
    let mut all: Vec<Widget<'_>> = reports
        .iter()
        .enumerate()
        .filter(|(_, report)| !report.is_subtable && !report.subcategory.is_empty() && report.module != "MultiSites")
        .map(|(place, report)| Widget {
            report,
            category: menu::id(report.category),
            subcategory: subcategory(report),
            order: FIRST + place as i64,
        })
        .collect();
    all.sort_by(|one, other| {
        let rank =
            |widget: &Widget<'_>| (rank(CATEGORIES, widget.category), widget.subcategory_order(), widget.subcategory.clone());
        rank(one).cmp(&rank(other)).then(one.order.cmp(&other.order))
    });
    all
}

/// The order of the first report; containers of other systems stand before reports.
const FIRST: i64 = 100;
/// The order of what has none of its own.
const LAST: i64 = 99;

/// Custom dimensions and goals have pages of their own.
fn subcategory(report: &Described) -> String {
    let parameter = |name: &str| report.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    match (parameter("idDimension"), parameter("idGoal")) {
        (Some(dimension), _) => format!("customdimension{dimension}"),
        (None, Some(goal)) if goal.parse::<u32>().is_ok_and(|goal| goal > 0) => goal.to_owned(),
        _ => menu::id(&report.subcategory).to_owned(),
    }
}

impl Widget<'_> {
    fn page(&self) -> (&str, &str) {
        (self.category, &self.subcategory)
    }

    fn subcategory_order(&self) -> i64 {
        match self.subcategory.strip_prefix("customdimension").map(str::parse::<i64>) {
            Some(Ok(dimension)) => 70 + dimension,
            _ if self.subcategory.bytes().all(|sign| sign.is_ascii_digit()) => 900,
            _ => rank(SUBCATEGORIES, &self.subcategory),
        }
    }

    fn category(&self) -> Cell {
        let icon = CATEGORY_ICONS.iter().find(|(id, _)| *id == self.category).map_or("", |(_, icon)| icon);
        cells! {
            "id" => self.category,
            "name" => self.report.category,
            "order" => rank(CATEGORIES, self.category),
            "icon" => icon,
            "help" => "",
            "widget" => Cell::NULL,
        }
    }

    fn subcategory(&self) -> Cell {
        let own = self.report.parameters.iter().any(|(name, _)| name == "idDimension");
        let name = if own { &self.report.name } else { &self.report.subcategory };
        cells! {
            "id" => self.subcategory.as_str(),
            "name" => name.as_str(),
            "order" => self.subcategory_order(),
            "help" => "",
        }
    }

    /// As it is answered; where it stands on a page, the page says which.
    fn shown(&self, with_place: bool) -> Cell {
        let report = self.report;
        let mut parameters: Vec<(Name, Cell)> =
            vec![("module".into(), Cell::text(report.module)), ("action".into(), Cell::text(report.action))];
        let mut id = format!("widget{}{}", report.module, report.action);
        for (name, value) in &report.parameters {
            parameters.push((Name::Owned(name.clone()), Cell::text(value)));
            id.push_str(name);
            id.push_str(value);
        }
        let mut entries: Vec<(Name, Cell)> = vec![("name".into(), Cell::text(&report.name))];
        if with_place {
            entries.push(("category".into(), self.category()));
            entries.push(("subcategory".into(), self.subcategory()));
        }
        entries.extend([
            ("module".into(), Cell::text(report.module)),
            ("action".into(), Cell::text(report.action)),
            ("order".into(), Cell::from(self.order)),
            ("parameters".into(), Cell::Map(parameters)),
            ("uniqueId".into(), Cell::text(&id)),
            ("isWide".into(), Cell::Bool(false)),
            ("viewDataTable".into(), Cell::text(if report.dimension.is_empty() { "sparklines" } else { "table" })),
            ("isReport".into(), Cell::Bool(true)),
        ]);
        Cell::Map(entries)
    }
}

fn rank(table: &[(&str, i64)], id: &str) -> i64 {
    table.iter().find(|(known, _)| *known == id).map_or(LAST, |(_, order)| *order)
}

const CATEGORIES: &[(&str, i64)] = &[
    ("General_Visitors", 5),
    ("General_Actions", 10),
    ("Referrers_Referrers", 15),
    ("Goals_Ecommerce", 20),
    ("Goals_Goals", 25),
];

const CATEGORY_ICONS: &[(&str, &str)] = &[
    ("General_Visitors", "icon-reporting-visitors"),
    ("General_Actions", "icon-reporting-actions"),
    ("Referrers_Referrers", "icon-reporting-referer"),
    ("Goals_Ecommerce", "icon-reporting-ecommerce"),
    ("Goals_Goals", "icon-reporting-goal"),
];

const SUBCATEGORIES: &[(&str, i64)] = &[
    ("General_Overview", 2),
    ("General_Pages", 5),
    ("UserCountry_SubmenuLocations", 10),
    ("DevicesDetection_Devices", 15),
    ("DevicesDetection_Software", 20),
    ("VisitTime_SubmenuTimes", 35),
    ("UserId_UserReportTitle", 40),
    ("CustomVariables_CustomVariables", 45),
    ("Actions_SubmenuPagesEntry", 10),
    ("Actions_SubmenuPagesExit", 15),
    ("Actions_SubmenuPageTitles", 20),
    ("Actions_SubmenuSitesearch", 25),
    ("General_Outlinks", 30),
    ("General_Downloads", 35),
    ("Events_Events", 40),
    ("Contents_Contents", 45),
    ("VisitorInterest_Engagement", 46),
    ("PagePerformance_Performance", 47),
    ("Referrers_WidgetGetAll", 5),
    ("Referrers_SubmenuSearchEngines", 10),
    ("Referrers_SubmenuWebsitesOnly", 15),
    ("Referrers_Socials", 16),
    ("Referrers_Campaigns", 20),
    ("Goals_Products", 20),
];
