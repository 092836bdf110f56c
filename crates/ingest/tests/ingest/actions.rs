//! What a request says was done.

use footfall_ingest::hit::{Action, Order, Product};
use serde_json::{Value, json};

use crate::stage::Stage;

fn done(query: &str) -> Action {
    Stage::new().hit(query).action
}

#[test]
fn one_request_is_one_action() {
    let page = "url=http://example.org/&action_name=Home";
    for (query, wanted) in [
        ("", Action::PageView),
        ("download=http://example.org/a.pdf", Action::Download { target: "http://example.org/a.pdf".into() }),
        ("link=http://example.net/", Action::Outlink { target: "http://example.net/".into() }),
        ("link=0", Action::PageView),
        ("link[]=a", Action::PageView),
        (
            "search=Shoes&search_cat=Men&search_count=3",
            Action::Search { keyword: "Shoes".into(), category: "Men".into(), count: Some(3) },
        ),
        ("search=Shoes&search_count=-1", Action::Search { keyword: "Shoes".into(), category: String::new(), count: None }),
        ("search=Shoes&search_count=0", Action::Search { keyword: "Shoes".into(), category: String::new(), count: Some(0) }),
        ("search=%20", Action::PageView),
        (
            "e_c=Video&e_a=Play&e_n=Trailer&e_v=1.5",
            Action::Event { category: "Video".into(), action: "Play".into(), name: "Trailer".into(), value: Some(1.5) },
        ),
        (
            "e_c=Video&e_a=%20Play%20&e_v=much",
            Action::Event { category: "Video".into(), action: "Play".into(), name: String::new(), value: Some(0.0) },
        ),
        ("e_c=Video", Action::PageView),
        ("e_c[]=Video&e_a=Play", Action::PageView),
        (
            "c_n=Ad&c_p=banner.png&c_t=http://example.net",
            Action::Content {
                name: "Ad".into(),
                piece: "banner.png".into(),
                target: "http://example.net".into(),
                interaction: String::new(),
            },
        ),
        (
            "c_n=Ad&c_i=click",
            Action::Content { name: "Ad".into(), piece: String::new(), target: String::new(), interaction: "click".into() },
        ),
        ("ping=1", Action::Ping),
        ("ping=2", Action::PageView),
        ("idgoal=3&revenue=7.5", Action::Goal { goal: 3, revenue: Some(7.5) }),
        ("idgoal=3", Action::Goal { goal: 3, revenue: None }),
        ("idgoal=-1", Action::PageView),
        ("idgoal=none", Action::PageView),
    ] {
        assert_eq!(done(&format!("{page}&{query}")), wanted, "{query}");
    }
}

#[test]
fn the_last_of_an_order_wins() {
    let all = "search=a&c_n=b&e_c=c&e_a=d&link=http://e/&download=http://f/";
    assert_eq!(done(all), Action::Download { target: "http://f/".into() });
    assert_eq!(done("search=a&c_n=b&e_c=c&e_a=d&link=http://e/"), Action::Outlink { target: "http://e/".into() });
    assert!(matches!(done("search=a&c_n=b&e_c=c&e_a=d"), Action::Event { .. }));
    assert!(matches!(done("search=a&c_n=b"), Action::Content { .. }));
    assert_eq!(done(&format!("{all}&ping=1&idgoal=3")), Action::Ping);
    assert!(matches!(done(&format!("{all}&idgoal=3")), Action::Goal { goal: 3, .. }));
}

#[test]
fn what_cannot_be_is_refused() {
    let stage = Stage::new();
    let wrong = (400, "invalid-parameter".to_owned());
    for query in ["e_c=%20&e_a=x", "e_c=x&e_a=%20", "c_n=%20", "idgoal=9", "idgoal=99999999999", "pf_net=-2", "cid=abc"] {
        assert_eq!(stage.status(query), wrong, "{query}");
    }
    assert_eq!(stage.status("ca=1"), (400, "unknown-action".to_owned()));
    assert_eq!(stage.status("ca=1&e_c=a&e_a=b"), (200, String::new()));
}

#[test]
fn an_events_value_is_a_number() {
    let value = |sent: &str| match done(&format!("e_c=a&e_a=b{sent}")) {
        Action::Event { value, .. } => value,
        other => panic!("{other:?}"),
    };
    assert_eq!([value(""), value("&e_v="), value("&e_v=abc"), value("&e_v=2.5")], [None, None, Some(0.0), Some(2.5)]);
    assert_eq!([value("&e_v=1,5"), value("&e_v=,5"), value("&e_v=1,2,3")], [Some(1.0), Some(0.0), Some(0.0)]);
}

#[test]
fn any_action_may_say_what_its_goals_bring() {
    let stage = Stage::new();
    let revenue = |query: &str| stage.enrich(stage.hit(query)).goal_revenue;
    assert_eq!([revenue("url=http://a/"), revenue("revenue=abc"), revenue("revenue=")], [None, None, None]);
    assert_eq!(
        [revenue("revenue=7.25"), revenue("e_c=a&e_a=b&revenue=0"), revenue("revenue=-2")],
        [Some(7.25), Some(0.0), Some(-2.0)]
    );
}

#[test]
fn a_site_without_search_has_page_views() {
    let mut stage = Stage::new();
    stage.list[0].search.enabled = false;
    assert_eq!(stage.hit("search=Shoes").action, Action::PageView);
}

#[test]
fn orders_and_carts_carry_their_items() {
    let items = "%5B%5B%22SKU1%22,%22Shoe%22,%5B%22Men%22,%22Sale%22%5D,49.9,2%5D%5D";
    let product = Product {
        sku: "SKU1".into(),
        name: "Shoe".into(),
        categories: vec!["Men".into(), "Sale".into()],
        price: Some(49.9),
        quantity: 2,
    };
    let order = done(&format!("idgoal=0&ec_id=A-1&revenue=99.999&ec_st=80&ec_tx=19&ec_sh=5&ec_dt=1&ec_items={items}"));
    assert_eq!(
        order,
        Action::Order(Order {
            id: "A-1".into(),
            total: 100.0,
            subtotal: 80.0,
            tax: 19.0,
            shipping: 5.0,
            discount: 1.0,
            items: vec![product.clone()]
        })
    );
    let cart = done(&format!("idgoal=0&revenue=99,8&ec_items={items}"));
    assert_eq!(cart, Action::Cart(Order { total: 99.0, items: vec![product], ..Order::default() }));
    assert_eq!(done("idgoal=0&ec_id=0&ec_items=%5B%5D"), Action::Cart(Order::default()));
    assert_eq!(done("idgoal=0&ec_id=1&ec_items=not-json"), Action::Order(Order { id: "1".into(), ..Order::default() }));
    assert_eq!(Stage::new().status("idgoal=0&ec_items=%2245%22"), (200, "invalid-parameter".to_owned()));
}

#[test]
fn a_product_may_be_looked_at() {
    let stage = Stage::new();
    let product = stage.hit("_pks=SKU1&_pkn=Shoe&_pkc=%5B%22Men%22,%22Sale%22%5D&_pkp=49.9").product.unwrap();
    assert_eq!((product.sku.as_str(), product.name.as_str(), product.price), ("SKU1", "Shoe", Some(49.9)));
    assert_eq!(product.categories, ["Men", "Sale"]);
    assert_eq!(stage.hit("_pkc=Men").product.unwrap().categories, ["Men"]);
    assert_eq!(stage.hit("_pkp=49.9").product, None);
}

#[test]
fn old_trackers_tell_products_by_custom_variables() {
    let stage = Stage::new();
    let looked_at = |variables: Value, more: &str| {
        let variables = variables.to_string().replace('"', "%22").replace(' ', "%20");
        stage.hit(&format!("cvar={variables}{more}")).product
    };
    let shoe = json!({"2": ["_pkp", 49.9], "3": ["_pks", "SKU1"], "4": ["_pkn", "Shoe"], "5": ["_pkc", r#"["Men","Sale"]"#]});
    let product = looked_at(shoe.clone(), "").unwrap();
    assert_eq!((product.sku.as_str(), product.name.as_str(), product.price), ("SKU1", "Shoe", Some(49.9)));
    assert_eq!(product.categories, ["Men", "Sale"]);
    // A parameter is believed before a variable, also when it is empty.
    let product = looked_at(shoe, "&_pks=SKU2&_pkn=&_pkp=5").unwrap();
    assert_eq!((product.sku.as_str(), product.name.as_str(), product.price), ("SKU2", "", Some(5.0)));
    // Each has its own number.
    assert_eq!(looked_at(json!({"1": ["_pks", "SKU1"], "2": ["_pkn", "Shoe"]}), ""), None);
    assert_eq!(looked_at(json!({"5": ["_pkc", "Men"]}), "").unwrap().categories, ["Men"]);
}

#[test]
fn dimensions_variables_and_timings_come_along() {
    let stage = Stage::new();
    let long = "x".repeat(300);
    let hit = stage.hit(&format!(
        "dimension1=a&dimension999=b&dimension0=c&dimension1000=d&dimensionx=e&dimension2={long}&dimension3=&\
         _cvar=%7B%221%22:%5B%22type%22,%22premium%22%5D%7D&cvar=%7B%221%22:%5B%22page%22,%22x%22%5D%7D&\
         pf_net=1&pf_srv=0&pf_tfr=-1&pf_dm1=16777216&pf_dm2=abc&pv_id=abcdef99&res=800x600&h=12&bw_bytes=7&cs=utf-8&mtm_campaign=Spring"
    ));
    assert_eq!(hit.dimensions[0], (1, "a".to_owned()));
    assert_eq!(hit.dimensions[1], (999, "b".to_owned()));
    assert_eq!(hit.dimensions[2].1.len(), 250);
    assert_eq!(hit.dimensions[3], (3, String::new()));
    assert_eq!(hit.dimensions.len(), 4);
    assert_eq!(hit.visit_variables, [("type".to_owned(), "premium".to_owned())]);
    assert_eq!(hit.page_variables, [("page".to_owned(), "x".to_owned())]);
    assert_eq!(hit.timings, [Some(1), Some(0), None, None, None, None]);
    assert_eq!(hit.pageview.as_deref(), Some("abcdef"));
    let sent = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    assert_eq!(hit.params, [sent("res", "800x600"), sent("h", "12"), sent("bw_bytes", "7"), sent("mtm_campaign", "Spring")]);
    // An event brings the timings of its page view, those it can.
    assert_eq!(stage.hit("e_c=a&e_a=b&pf_net=5&pf_srv=-2").timings, [Some(5), None, None, None, None, None]);
    assert_eq!(stage.hit("cs=iso-8859-1").params, [sent("cs", "iso-8859-1")]);
    // Trackers send the variables of an event apart from those of its page; Matomo keeps those of the page.
    let event = stage.hit("e_c=a&e_a=b&e_cvar=%5B%5B%22k%22,%22v%22%5D%5D&cvar=%7B%221%22:%5B%22p%22,%22w%22%5D%7D");
    assert_eq!(event.page_variables, [sent("p", "w")]);
}

#[test]
fn text_is_decoded_and_bounded() {
    let stage = Stage::new();
    assert_eq!(stage.hit("action_name=Tom%20%26amp%3B%20Jerry%00").title, "Tom & Jerry");
    assert_eq!(stage.hit("action_name=a+b%2Bc").title, "a b+c");
    assert_eq!(stage.hit("action_name=caf%E9").title, "café");
    assert_eq!(stage.hit("action_name=caf%C3%A9").title, "café");
    assert_eq!(stage.hit("action_name=100%25%zz").title, "100%%zz");
    assert_eq!(stage.hit("action_name=one&action_name=two").title, "two");
    assert_eq!(stage.hit("action_name[]=one").title, "");
    assert_eq!(stage.hit(&format!("action_name={}", "ä".repeat(4000))).title.len(), 4096);
    assert_eq!(stage.hit(&format!("action_name={}", "a".repeat(200_000))).title, "");
}
