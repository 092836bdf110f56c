//! The widgets that reports give: as a rule one each, showing the report as it is; some give other views of it as well.

use footfall_model::Cell;
use footfall_report::reports;

use super::{
    super::Described,
    widget::{Kind, Widget},
};

/// One of the widgets of a report, by what differs from the report itself.
pub(super) struct Variant {
    pub(super) name: Option<&'static str>,
    pub(super) module: Option<&'static str>,
    pub(super) action: Option<&'static str>,
    pub(super) subcategory: Option<&'static str>,
    pub(super) order: Option<i64>,
    /// The view it forces.
    pub(super) view: Option<&'static str>,
    /// What is sent along; a name that ends with `[]` has a list of one.
    pub(super) parameters: &'static [(&'static str, &'static str)],
    pub(super) is_wide: bool,
    pub(super) alone: bool,
}

impl Variant {
    /// The report as it is.
    pub(super) const PLAIN: Variant = Variant {
        name: None,
        module: None,
        action: None,
        subcategory: None,
        order: None,
        view: None,
        parameters: &[],
        is_wide: false,
        alone: true,
    };

    /// The widget, from that of the report as it is and the view the report has of its own.
    pub(super) fn of(&self, report: &Widget, view: &'static str) -> Widget {
        let mut made = report.clone();
        let put = |into: &mut String, own: Option<&str>| {
            if let Some(own) = own {
                own.clone_into(into);
            }
        };
        put(&mut made.name, self.name);
        put(&mut made.module, self.module);
        put(&mut made.action, self.action);
        put(&mut made.subcategory, self.subcategory);
        made.order = self.order.unwrap_or(made.order);
        made.is_wide = self.is_wide;
        made.alone = self.alone;
        made.kind = Kind::Report { view: Some(self.view.unwrap_or(view)), forced: self.view.is_some() };
        for (name, value) in self.parameters {
            made.parameters.push(match name.strip_suffix("[]") {
                Some(name) => (name.into(), Cell::List(vec![Cell::text(value)])),
                None => ((*name).into(), Cell::text(value)),
            });
        }
        made
    }
}

/// How a report stands among widgets.
struct Shown {
    method: &'static str,
    /// Its place among the reports of its page.
    order: i64,
    /// The view it has of its own.
    view: &'static str,
    /// The list its widgets stand in.
    list: Option<&'static str>,
    variants: &'static [Variant],
}

impl Shown {
    const BASE: Shown = Shown { method: "", order: 0, view: "table", list: None, variants: &[Variant::PLAIN] };
}

/// The widgets of a report, each with the id of the list it stands in. Goals have pages of their own.
pub(super) fn of(report: &Described) -> Vec<(Option<&'static str>, Widget)> {
    if report.method() == "CustomDimensions.getCustomDimension" {
        return vec![(None, plain(report))];
    }
    let Some(shown) = shown(&report.method()) else {
        return Vec::new();
    };
    let base = plain(report);
    if report.method() == "UserCountry.getContinent" {
        let mut list = Widget::container("Continent", &base.category, &base.subcategory);
        list.order = base.order;
        shown.variants.iter().for_each(|variant| list.add(variant.of(&base, shown.view)));
        return vec![(None, list)];
    }
    shown.variants.iter().map(|variant| (shown.list, variant.of(&base, shown.view))).collect()
}

/// A report as a widget.
pub(super) fn plain(report: &Described) -> Widget {
    let method = report.method();
    let mut made = Widget::new(report.module, report.action);
    made.name.clone_from(&report.name);
    let shown = shown(&method);
    let order = shown.map_or(0, |shown| shown.order);
    made.kind = Kind::Report { view: Some(shown.map_or("table", |shown| shown.view)), forced: false };
    let known = reports::find(report.module, report.action).filter(|_| method != "CustomDimensions.getCustomDimension");
    match known {
        Some(known) => {
            known.category.clone_into(&mut made.category);
            known.subcategory.clone_into(&mut made.subcategory);
        }
        None => {
            let is_visit = report.category == "Visitors";
            made.category = if is_visit { "General_Visitors" } else { "General_Actions" }.to_owned();
            made.subcategory.clone_from(&report.subcategory);
        }
    }
    let dimension = report.parameters.iter().find(|(name, _)| name == "idDimension");
    if let Some((name, id)) = dimension {
        let number = id.parse::<i64>().unwrap_or_default();
        made.parameters.push((name.clone().into(), Cell::text(id)));
        made.order = 200 + number;
    } else {
        made.order = 100 + order;
    }
    made
}

/// The widgets of the overview of visits.
pub(super) fn overview_of_visits() -> Vec<Widget> {
    let mut base = Widget::new("VisitsSummary", "get");
    base.category = "General_Visitors".to_owned();
    base.subcategory = "General_Overview".to_owned();
    VISITS.iter().map(|variant| variant.of(&base, "table")).collect()
}

fn shown(method: &str) -> Option<&'static Shown> {
    SHOWN.iter().find(|shown| shown.method == method)
}

const EVOLUTION: &str = "graphEvolution";
const SPARKLINES: &str = "sparklines";
const BARS: &str = "graphVerticalBar";
const PIE: &str = "graphPie";
const CLOUD: &str = "cloud";
const ALL_COLUMNS: &str = "tableAllColumns";
const PERFORMANCE: &str = "tablePerformanceColumns";

const VISITS: &[Variant] = &[
    Variant {
        name: Some("Visits Over Time"),
        action: Some("getEvolutionGraph"),
        order: Some(5),
        view: Some(EVOLUTION),
        ..Variant::PLAIN
    },
    Variant { name: Some("Visits Overview"), order: Some(10), view: Some(SPARKLINES), ..Variant::PLAIN },
];

/// A report that is shown under another name.
const fn named(name: &'static str) -> Variant {
    Variant { name: Some(name), ..Variant::PLAIN }
}

const SHOWN: &[Shown] = &[
    Shown { method: "VisitsSummary.get", order: 1, variants: VISITS, ..Shown::BASE },
    Shown { method: "UserCountry.getCountry", order: 5, ..Shown::BASE },
    Shown {
        method: "UserCountry.getContinent",
        order: 6,
        variants: &[Variant::PLAIN, Variant { name: Some(""), action: Some("getDistinctCountries"), ..Variant::PLAIN }],
        ..Shown::BASE
    },
    Shown { method: "UserCountry.getRegion", order: 7, ..Shown::BASE },
    Shown { method: "UserCountry.getCity", order: 10, ..Shown::BASE },
    Shown { method: "UserLanguage.getLanguage", order: 8, ..Shown::BASE },
    Shown { method: "UserLanguage.getLanguageCode", order: 11, ..Shown::BASE },
    Shown { method: "DevicesDetection.getType", order: 0, ..Shown::BASE },
    Shown { method: "DevicesDetection.getModel", order: 2, ..Shown::BASE },
    Shown { method: "DevicesDetection.getBrand", order: 4, ..Shown::BASE },
    Shown { method: "Resolution.getResolution", order: 8, ..Shown::BASE },
    Shown { method: "DevicesDetection.getOsVersions", order: 2, ..Shown::BASE },
    Shown { method: "DevicesDetection.getBrowsers", order: 5, ..Shown::BASE },
    Shown { method: "DevicesDetection.getBrowserVersions", order: 6, ..Shown::BASE },
    Shown { method: "Resolution.getConfiguration", order: 7, ..Shown::BASE },
    Shown { method: "DevicesDetection.getOsFamilies", order: 8, ..Shown::BASE },
    Shown { method: "DevicesDetection.getBrowserEngines", order: 10, view: PIE, ..Shown::BASE },
    Shown { method: "DevicePlugins.getPlugin", order: 13, ..Shown::BASE },
    Shown { method: "VisitTime.getVisitInformationPerLocalTime", order: 15, view: BARS, ..Shown::BASE },
    Shown { method: "VisitTime.getVisitInformationPerServerTime", order: 20, view: BARS, ..Shown::BASE },
    Shown { method: "VisitTime.getByDayOfWeek", order: 25, view: BARS, ..Shown::BASE },
    Shown { method: "UserId.getUsers", order: 9, ..Shown::BASE },
    Shown { method: "CustomVariables.getCustomVariables", order: 10, ..Shown::BASE },
    Shown { method: "Actions.getPageUrls", order: 2, variants: &[named("Pages")], ..Shown::BASE },
    Shown { method: "Actions.getEntryPageUrls", order: 3, ..Shown::BASE },
    Shown { method: "Actions.getExitPageUrls", order: 4, ..Shown::BASE },
    Shown { method: "Actions.getPageTitles", order: 5, ..Shown::BASE },
    Shown { method: "Actions.getEntryPageTitles", order: 6, variants: &[named("Entry Page Titles")], ..Shown::BASE },
    Shown { method: "Actions.getExitPageTitles", order: 7, ..Shown::BASE },
    Shown { method: "Actions.getOutlinks", order: 8, ..Shown::BASE },
    Shown { method: "Actions.getDownloads", order: 9, ..Shown::BASE },
    Shown { method: "Actions.getSiteSearchKeywords", order: 15, ..Shown::BASE },
    Shown { method: "Actions.getPageUrlsFollowingSiteSearch", order: 16, ..Shown::BASE },
    Shown { method: "Actions.getSiteSearchNoResultKeywords", order: 18, ..Shown::BASE },
    Shown { method: "Actions.getPageTitlesFollowingSiteSearch", order: 19, ..Shown::BASE },
    Shown { method: "Actions.getSiteSearchCategories", order: 20, ..Shown::BASE },
    Shown {
        method: "Events.getCategory",
        order: 0,
        list: Some("Events"),
        variants: &[Variant { parameters: &[("secondaryDimension", "eventAction")], ..Variant::PLAIN }],
        ..Shown::BASE
    },
    Shown {
        method: "Events.getAction",
        order: 1,
        list: Some("Events"),
        variants: &[Variant { parameters: &[("secondaryDimension", "eventName")], ..Variant::PLAIN }],
        ..Shown::BASE
    },
    Shown {
        method: "Events.getName",
        order: 2,
        list: Some("Events"),
        variants: &[Variant { parameters: &[("secondaryDimension", "eventAction")], ..Variant::PLAIN }],
        ..Shown::BASE
    },
    Shown { method: "Contents.getContentNames", order: 35, list: Some("Contents"), ..Shown::BASE },
    Shown { method: "Contents.getContentPieces", order: 36, list: Some("Contents"), ..Shown::BASE },
    Shown {
        method: "VisitorInterest.getNumberOfVisitsPerVisitDuration",
        order: 15,
        view: CLOUD,
        variants: &[named("Visits per visit duration")],
        ..Shown::BASE
    },
    Shown {
        method: "VisitorInterest.getNumberOfVisitsPerPage",
        order: 20,
        view: CLOUD,
        variants: &[named("Visits per number of pages")],
        ..Shown::BASE
    },
    Shown { method: "VisitorInterest.getNumberOfVisitsByVisitCount", order: 25, ..Shown::BASE },
    Shown {
        method: "VisitorInterest.getNumberOfVisitsByDaysSinceLast",
        order: 30,
        variants: &[named("Visits by days since last visit")],
        ..Shown::BASE
    },
    Shown {
        method: "VisitFrequency.get",
        order: 40,
        variants: &[
            Variant {
                name: Some("Returning Visits Over Time"),
                action: Some("getEvolutionGraph"),
                order: Some(1),
                view: Some(EVOLUTION),
                ..Variant::PLAIN
            },
            Variant { name: Some("Frequency Overview"), order: Some(2), view: Some(SPARKLINES), ..Variant::PLAIN },
        ],
        ..Shown::BASE
    },
    Shown {
        method: "PagePerformance.get",
        order: 5,
        variants: &[
            Variant {
                name: Some("Evolution of page performance metrics"),
                action: Some("getEvolutionGraph"),
                order: Some(1),
                view: Some("graphStackedBarEvolution"),
                ..Variant::PLAIN
            },
            Variant { name: Some(""), order: Some(2), view: Some(SPARKLINES), alone: false, ..Variant::PLAIN },
            Variant {
                name: Some("Page URLs"),
                module: Some("Actions"),
                action: Some("getPageUrls"),
                order: Some(3),
                view: Some(PERFORMANCE),
                parameters: &[("performance", "1")],
                is_wide: true,
                alone: false,
                ..Variant::PLAIN
            },
            Variant {
                name: Some("Page titles"),
                module: Some("Actions"),
                action: Some("getPageTitles"),
                order: Some(4),
                view: Some(PERFORMANCE),
                parameters: &[("performance", "1")],
                is_wide: true,
                alone: false,
                ..Variant::PLAIN
            },
        ],
        ..Shown::BASE
    },
    Shown {
        method: "Referrers.getReferrerType",
        order: 1,
        view: ALL_COLUMNS,
        variants: &[
            named("Channel Types"),
            Variant {
                name: Some("Evolution over the period"),
                action: Some("getEvolutionGraph"),
                subcategory: Some("General_Overview"),
                order: Some(9),
                view: Some(EVOLUTION),
                parameters: &[("columns[]", "nb_visits")],
                alone: false,
                ..Variant::PLAIN
            },
            Variant {
                name: Some("Channel Type"),
                action: Some("getSparklines"),
                subcategory: Some("General_Overview"),
                order: Some(10),
                view: Some(SPARKLINES),
                alone: false,
                ..Variant::PLAIN
            },
        ],
        ..Shown::BASE
    },
    Shown { method: "Referrers.getAll", order: 2, view: ALL_COLUMNS, variants: &[named("Referrers")], ..Shown::BASE },
    Shown { method: "Referrers.getKeywords", order: 3, ..Shown::BASE },
    Shown { method: "Referrers.getWebsites", order: 5, view: ALL_COLUMNS, ..Shown::BASE },
    Shown { method: "Referrers.getSearchEngines", order: 7, ..Shown::BASE },
    Shown { method: "Referrers.getCampaigns", order: 9, ..Shown::BASE },
    Shown { method: "Referrers.getSocials", order: 11, view: PIE, ..Shown::BASE },
    Shown { method: "Goals.getItemsName", order: 30, list: Some("Products"), ..Shown::BASE },
    Shown { method: "Goals.getItemsSku", order: 31, list: Some("Products"), ..Shown::BASE },
    Shown { method: "Goals.getItemsCategory", order: 32, list: Some("Products"), ..Shown::BASE },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_report_of_the_table_is_there_and_has_a_place() {
        for shown in SHOWN {
            let (module, action) = shown.method.split_once('.').unwrap();
            let report = reports::find(module, action).unwrap_or_else(|| panic!("no report `{}`", shown.method));
            assert!(!report.subcategory.is_empty() && !report.is_subtable, "`{}` has no place", shown.method);
        }
    }
}
