//! Pages and widgets of sites with goals and a shop.

mod common;

use common::Server;
use serde_json::{Value, json};

fn pages(server: &Server) -> Vec<Value> {
    let told = server.matomo("method=API.getReportPagesMetadata&idSite=1");
    told.as_array().expect("a list of pages").clone()
}

fn has(pages: &[Value], id: &str) -> bool {
    pages.iter().any(|page| page["uniqueId"] == id)
}

#[test]
fn goals_and_shops_have_pages_of_their_own() {
    let server = Server::start(&[]);
    let added = server.matomo("method=SitesManager.addSite&siteName=shop&urls[0]=http://shop.example");
    assert_eq!(added["value"], 1, "{added}");
    let shop = ["Goals_EcommerceLog", "General_Overview", "Goals_Products", "Ecommerce_Sales"];
    let without = pages(&server);
    assert!(has(&without, "Goals_Goals.Goals_AddNewGoal") && !has(&without, "Goals_Goals.Goals_ManageGoals"));
    assert!(shop.iter().all(|place| !has(&without, &format!("Goals_Ecommerce.{place}"))));

    let goal = "name=Signs+up&matchAttribute=url&pattern=up&patternType=contains&allowMultipleConversionsPerVisit=1";
    let added = server.matomo(&format!("method=Goals.addGoal&idSite=1&{goal}"));
    assert_eq!(added["value"], 1, "{added}");
    server.matomo("method=SitesManager.updateSite&idSite=1&ecommerce=1");
    let with = pages(&server);
    assert!(!has(&with, "Goals_Goals.Goals_AddNewGoal") && has(&with, "Goals_Goals.Goals_ManageGoals"));
    assert!(shop.iter().all(|place| has(&with, &format!("Goals_Ecommerce.{place}"))));

    let page = with.iter().find(|page| page["uniqueId"] == "Goals_Goals.1").expect("the goal's page");
    let (list, by) = (&page["widgets"][0], &page["widgets"][1]);
    assert_eq!((&list["name"], &list["order"], &list["uniqueId"]), (&json!("Signs up"), &json!(2), &json!("widgetGoal_1")));
    assert_eq!(list["widgets"][1]["parameters"]["allow_multiple"], 1);
    assert_eq!((&by["name"], &by["layout"]), (&json!("Goal Signs up conversions by type of visit"), &json!("ByDimension")));
    assert_eq!(by["middlewareParameters"], json!({"module": "Goals", "action": "hasConversions", "idGoal": 1}));
    assert_eq!(by["widgets"][0]["category"]["name"], "Goals by User location");
    assert_eq!((&by["widgets"][0]["order"], &by["widgets"][0]["parameters"]["idGoal"]), (&json!(301), &json!(1)));

    // What a shop can be told apart by stands alone, under the name of its group.
    let widgets = server.matomo("method=API.getWidgetMetadata&idSite=1");
    let sales: Vec<&Value> = widgets
        .as_array()
        .expect("a list of widgets")
        .iter()
        .filter(|widget| widget["name"] == "Sales by User location: Country")
        .collect();
    let [sales] = sales.as_slice() else { panic!("not one: {sales:?}") };
    assert_eq!((&sales["subcategory"]["id"], &sales["order"]), (&json!("Ecommerce_Sales"), &json!(301)));
    assert_eq!(sales["parameters"]["segmented_visitor_log_segment_suffix"], "visitEcommerceStatus==ordered");
}
