//! What the journal keeps.

use std::path::Path;

use footfall_ingest::{
    Hit,
    hit::{Action, Attribution, Dialect, Order, Product},
    record,
};

/// A hit that has everything.
fn full() -> Hit {
    let text = |text: &str| text.to_owned();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let product = Product { sku: text("S1"), name: text("Shoe"), categories: vec![text("Men")], price: Some(49.9), quantity: 2 };
    Hit {
        site: 7,
        dialect: Dialect::Matomo,
        received_at: 1_772_359_200_000,
        at: 1_772_359_100_000,
        address: Some("2001:db8::1".parse().unwrap()),
        user_agent: text("Mozilla/5.0"),
        hints: Some(text("{\"mobile\":false}")),
        language: text("de,en"),
        visitor: Some(u64::MAX),
        visitor_forced: true,
        user: Some(text("ada")),
        new_visit: true,
        count_bots: true,
        action: Action::Order(Order {
            id: text("A-1"),
            total: 119.0,
            subtotal: 95.0,
            tax: 19.0,
            shipping: 5.0,
            discount: 0.5,
            items: vec![product.clone()],
        }),
        url: text("https://example.org/ä"),
        title: text("Title"),
        referrer: text("https://example.net/"),
        pageview: Some(text("abcdef")),
        timings: [Some(1), None, Some(3), None, Some(5), Some(0)],
        dimensions: vec![(3, text("three"))],
        visit_variables: vec![pair("a", "b")],
        page_variables: vec![pair("c", "d")],
        props: vec![pair("e", "f")],
        product: Some(product),
        attribution: Attribution {
            campaign: text("spring"),
            keyword: text("shoes"),
            at: -1,
            referrer: text("https://x.example/"),
        },
        revenue: Some((12.5, text("EUR"))),
        plugins: vec![text("pdf"), text("cookie")],
        params: vec![pair("res", "800x600")],
        given: vec![pair("visit.country", "de")],
        import: Some((text("batch"), 42)),
    }
}

#[test]
fn a_record_of_version_1_is_read_forever() {
    let frozen = Path::new("frozen/hit-v1.bin");
    if std::env::var_os("UPDATE_GOLDEN").is_some() && !frozen.exists() {
        std::fs::write(frozen, record::encode(&full())).unwrap();
    }
    let kept = std::fs::read(frozen).unwrap();
    assert_eq!(kept[0], 1);
    assert_eq!(record::decode(&kept).unwrap(), full());
}

#[test]
fn every_action_survives() {
    let text = |text: &str| text.to_owned();
    for action in [
        Action::PageView,
        Action::Download { target: text("a") },
        Action::Outlink { target: text("b") },
        Action::Search { keyword: text("k"), category: text("c"), count: Some(-5) },
        Action::Event { category: text("c"), action: text("a"), name: text("n"), value: Some(f64::MIN_POSITIVE) },
        Action::Custom { name: text("n"), interactive: false },
        Action::Content { name: text("n"), piece: text("p"), target: text("t"), interaction: text("i") },
        Action::Engagement { scroll_depth: Some(100), milliseconds: u32::MAX },
        Action::Ping,
        Action::Goal { goal: -1, revenue: None },
        Action::Cart(Order::default()),
    ] {
        let hit = Hit { action, ..Hit::page_view(1, Dialect::Plausible, -1) };
        assert_eq!(record::decode(&record::encode(&hit)).unwrap(), hit);
    }
}

#[test]
fn what_is_no_record_is_an_error() {
    let whole = record::encode(&full());
    for end in 0..whole.len() {
        assert!(record::decode(&whole[..end]).is_err(), "{end}");
    }
    assert_eq!(record::decode(&[]).unwrap_err().message(), "a journal record is empty");
    assert_eq!(record::decode(&[2, 0]).unwrap_err().message(), "a journal record has the unknown version `2`");
    assert_eq!(record::decode(&[1, 0]).unwrap_err().message(), "a journal record is damaged");
}
