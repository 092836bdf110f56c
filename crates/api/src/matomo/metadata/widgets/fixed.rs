//! Widgets that stand for themselves, and the lists that reports fill.

use footfall_model::{Cell, Site};

use super::{
    Asked, Audience,
    reports::{self, Variant},
    widget::{LAST, Widget},
};

/// A widget without a report.
struct Fixed {
    name: &'static str,
    category: &'static str,
    subcategory: &'static str,
    module: &'static str,
    action: &'static str,
    order: i64,
    is_wide: bool,
    alone: bool,
    /// Who sees it.
    audience: Audience,
    /// Which sites have it.
    sites: fn(&Site) -> bool,
}

impl Fixed {
    const BASE: Fixed = Fixed {
        name: "",
        category: "About Matomo",
        subcategory: "",
        module: "",
        action: "",
        order: LAST,
        is_wide: false,
        alone: true,
        audience: Audience::Everybody,
        sites: |_| true,
    };
}

/// The lists that reports fill.
pub(super) fn containers(site: &Site) -> Vec<Widget> {
    let mut all = Vec::new();
    if site.ecommerce {
        all.push(Widget::container("Products", "Goals_Ecommerce", "Goals_Products").one_at_a_time());
    }
    all.push(Widget::container("Events", "General_Actions", "Events_Events").one_at_a_time());
    let mut overview = Widget::container("VisitOverviewWithGraph", "General_Visitors", "");
    overview.name = "Visits Overview (with graph)".to_owned();
    overview.alone = true;
    for mut widget in reports::overview_of_visits() {
        widget.alone = false;
        overview.add(widget);
    }
    all.push(overview);
    all.push(Widget::container("Contents", "General_Actions", "Contents_Contents").one_at_a_time());
    all
}

/// The widgets that stand for themselves, the caller's dashboards first.
pub(super) fn widgets(asked: &Asked<'_>) -> Vec<Widget> {
    let mut all: Vec<Widget> = asked
        .dashboards
        .iter()
        .map(|(id, _)| {
            let mut made = Widget::new("Dashboard", "embeddedIndex");
            made.category = "Dashboard_Dashboard".to_owned();
            made.subcategory = id.to_string();
            made.alone = false;
            made.parameters = vec![("idDashboard".into(), Cell::from(*id))];
            made
        })
        .collect();
    for fixed in FIXED.iter().filter(|fixed| fixed.audience <= asked.audience && (fixed.sites)(asked.site)) {
        let mut made = Widget::new(fixed.module, fixed.action);
        made.name = fixed.name.to_owned();
        made.category = fixed.category.to_owned();
        made.subcategory = fixed.subcategory.to_owned();
        made.order = fixed.order;
        made.is_wide = fixed.is_wide;
        made.alone = fixed.alone;
        if fixed.action == "singleMetricView" {
            made.parameters = vec![("column".into(), Cell::text(&asked.column))];
        }
        all.push(made);
    }
    all
}

/// The log of visits and the count of those that are here now.
pub(super) fn visits() -> Vec<Widget> {
    const LOG: Variant = Variant {
        name: Some("Visits Log"),
        order: Some(10),
        view: Some("VisitorLog"),
        parameters: &[("small", "1")],
        ..Variant::PLAIN
    };
    const COUNT: Variant = Variant { name: Some("Real-time visitor count"), order: Some(15), ..Variant::PLAIN };
    let base = |action: &str, subcategory: &str| {
        let mut made = Widget::new("Live", action);
        made.category = "General_Visitors".to_owned();
        made.subcategory = subcategory.to_owned();
        made
    };
    vec![
        LOG.of(&base("getLastVisitsDetails", "Live_VisitorLog"), "table"),
        COUNT.of(&base("getSimpleLastVisitCount", ""), "table"),
    ]
}

const FIXED: &[Fixed] = &[
    Fixed {
        name: "Tracking failures",
        module: "CoreAdminHome",
        action: "getTrackingFailures",
        order: 5,
        audience: Audience::Admins,
        ..Fixed::BASE
    },
    Fixed { name: "Support Matomo!", module: "CoreHome", action: "getDonateForm", order: 5, ..Fixed::BASE },
    Fixed { name: "Welcome", module: "CoreHome", action: "getPromoVideo", order: 10, ..Fixed::BASE },
    Fixed {
        name: "System Summary",
        module: "CoreHome",
        action: "getSystemSummary",
        order: 15,
        audience: Audience::Superusers,
        ..Fixed::BASE
    },
    Fixed {
        name: "Quick Links",
        module: "CoreHome",
        action: "quickLinks",
        order: 16,
        audience: Audience::Superusers,
        ..Fixed::BASE
    },
    Fixed {
        name: "KPI Metric",
        category: "General_KpiMetric",
        module: "CoreVisualizations",
        action: "singleMetricView",
        ..Fixed::BASE
    },
    Fixed {
        name: "Transitions",
        category: "General_Actions",
        subcategory: "Transitions_Transitions",
        module: "Transitions",
        action: "getTransitions",
        ..Fixed::BASE
    },
    Fixed {
        name: "Campaign URL Builder",
        category: "Referrers_Referrers",
        subcategory: "Referrers_URLCampaignBuilder",
        module: "Referrers",
        action: "getCampaignUrlBuilder",
        ..Fixed::BASE
    },
    Fixed {
        name: "Add a new Goal",
        category: "Goals_Goals",
        subcategory: "Goals_AddNewGoal",
        module: "Goals",
        action: "addNewGoal",
        alone: false,
        sites: |site| !has_goals(site),
        ..Fixed::BASE
    },
    Fixed {
        name: "Manage Goals",
        category: "Goals_Goals",
        subcategory: "Goals_ManageGoals",
        module: "Goals",
        action: "editGoals",
        alone: false,
        sites: has_goals,
        ..Fixed::BASE
    },
    Fixed {
        name: "Ecommerce Log",
        category: "Goals_Ecommerce",
        subcategory: "Goals_EcommerceLog",
        module: "Ecommerce",
        action: "getEcommerceLog",
        sites: |site| site.ecommerce,
        ..Fixed::BASE
    },
    Fixed {
        name: "System Check",
        module: "Installation",
        action: "getSystemCheck",
        order: 16,
        audience: Audience::Superusers,
        ..Fixed::BASE
    },
    Fixed {
        name: "Real-time Map",
        category: "General_Visitors",
        subcategory: "UserCountryMap_RealTimeMap",
        module: "UserCountryMap",
        action: "realtimeMap",
        order: 15,
        is_wide: true,
        ..Fixed::BASE
    },
    Fixed {
        name: "Visitor Map",
        category: "General_Visitors",
        subcategory: "UserCountry_SubmenuLocations",
        module: "UserCountryMap",
        action: "visitorMap",
        order: 1,
        ..Fixed::BASE
    },
    Fixed {
        name: "Visitor profile",
        category: "General_Visitors",
        module: "Live",
        action: "getVisitorProfilePopup",
        order: 25,
        audience: Audience::People,
        ..Fixed::BASE
    },
    Fixed {
        name: "Visits in real-time",
        category: "General_Visitors",
        subcategory: "General_RealTime",
        module: "Live",
        action: "widget",
        order: 20,
        is_wide: true,
        ..Fixed::BASE
    },
    Fixed {
        name: "Insights Overview",
        category: "Insights_WidgetCategory",
        module: "Insights",
        action: "getInsightsOverview",
        ..Fixed::BASE
    },
    Fixed {
        name: "Movers and Shakers",
        category: "Insights_WidgetCategory",
        module: "Insights",
        action: "getOverallMoversAndShakers",
        ..Fixed::BASE
    },
    Fixed {
        name: "Premium Features & Services for Matomo",
        module: "ProfessionalServices",
        action: "promoServices",
        ..Fixed::BASE
    },
    Fixed {
        name: "Become a Matomo expert",
        module: "Tour",
        action: "getEngagement",
        audience: Audience::Superusers,
        ..Fixed::BASE
    },
];

fn has_goals(site: &Site) -> bool {
    site.goals.iter().any(|goal| goal.id.0 > 0)
}
