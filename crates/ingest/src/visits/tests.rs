//! Stories: who does what when, and the visits that come of it.

use std::sync::Arc;

use footfall_model::{CustomDimension, Exclusions, Flag, Goal, MatchPattern, Site, SiteSearch, TrackingSettings};
use footfall_store::{MemoryStore, Store};
use jiff::{civil::DateTime, tz::TimeZone};

use super::*;
use crate::{
    enriched::PageUrl,
    hit::{Dialect, Product},
};

fn site(policy: VisitPolicy) -> Site {
    Site {
        id: SiteId(1),
        name: "example".to_owned(),
        domain: "example.org".to_owned(),
        former_domain: None,
        urls: vec!["http://example.org".to_owned()],
        timezone: "UTC".to_owned(),
        zone: TimeZone::UTC,
        currency: "EUR".to_owned(),
        policy,
        ecommerce: true,
        search: SiteSearch::default(),
        exclusions: Exclusions::default(),
        excluded_params: Vec::new(),
        keep_fragments: false,
        group: String::new(),
        kind: "website".to_owned(),
        created_at: Millis(0),
        public: false,
        goals: vec![
            goal(1, MatchAttribute::Url, MatchPattern::Contains, "/thanks", 5.0, false),
            goal(2, MatchAttribute::Manually, MatchPattern::Contains, "", 1.0, true),
            goal(3, MatchAttribute::VisitDuration, MatchPattern::GreaterThan, "75", 3.0, false),
        ],
        dimensions: Vec::<CustomDimension>::new(),
        allowed_props: Vec::new(),
    }
}

fn goal(id: i32, attribute: MatchAttribute, pattern: MatchPattern, text: &str, revenue: f64, many: bool) -> Goal {
    Goal {
        id: GoalId(id),
        name: format!("goal {id}"),
        description: String::new(),
        rule: GoalMatch::Matomo { attribute, pattern, text: text.to_owned(), case_sensitive: false },
        revenue,
        event_value_as_revenue: false,
        many_per_visit: many,
        currency: None,
    }
}

/// One world: a store, and the visits step in front of it.
struct World {
    sites: Sites,
    catalogue: Arc<Catalogue>,
    store: MemoryStore,
    visits: Visits,
    texts: Texts,
    swallowed: u64,
    refused: Vec<Dropped>,
}

impl World {
    fn new(policy: VisitPolicy) -> World {
        let catalogue = Arc::new(Catalogue::built_in());
        World {
            sites: Sites::new([site(policy)], [], TrackingSettings::default()),
            store: MemoryStore::new(Arc::clone(&catalogue)),
            visits: Visits::new(&catalogue, HighMarks::default()),
            texts: Texts::default(),
            catalogue,
            swallowed: 0,
            refused: Vec::new(),
        }
    }

    /// A line is `2026-03-01T10:00 ada /path`, with `ping`, `engaged`, `goal:N`, `order:ID`, `cart`, `event`, `search:word`,
    /// `seen:content`, `sold:SKU` (three of them, after an order), `worth:REVENUE`, `in:COUNTRY`, `new` or `campaign:name`
    /// instead of or after the path.
    fn hit(&self, line: &str) -> Enriched {
        let mut words = line.split_whitespace();
        let at: DateTime = words.next().unwrap().parse().unwrap();
        let who = words.next().unwrap();
        let site = Arc::clone(self.sites.get(SiteId(1)).unwrap());
        let at = Millis::from(at.to_zoned(TimeZone::UTC).unwrap().timestamp());
        let mut hit = Enriched {
            site,
            dialect: Dialect::Matomo,
            at,
            received_at: at,
            visitor: (who != "someone").then(|| VisitorId(xxhash_rust::xxh3::xxh3_64(who.as_bytes()))),
            visitor_before: None,
            visitor_forced: false,
            fingerprint: 0,
            user: None,
            new_visit: false,
            action: Action::PageView,
            url: PageUrl::default(),
            goal_url: Text::from(""),
            goal_revenue: None,
            title: Text::from(""),
            referrer_url: Text::from(""),
            pageview: 0,
            timings: [None; 6],
            learned: Vec::new(),
            visit_facts: vec![Value::Null; self.catalogue.facts(Scope::Visit).len()],
            action_facts: vec![Value::Null; self.catalogue.facts(Scope::Action).len()],
            visit_slots: Default::default(),
            action_slots: Default::default(),
            visit_variables: Vec::new(),
            page_variables: Vec::new(),
            props: Vec::new(),
            product: None,
            credited: None,
            revenue: None,
            import: None,
        };
        for word in words {
            let (what, rest) = word.split_once(':').unwrap_or((word, ""));
            match what {
                "in" => {
                    let place = self.catalogue.fact_index(&footfall_model::dimensions::place::COUNTRY).unwrap();
                    hit.visit_facts[place] = Value::text(rest);
                    hit.learned.push(place);
                }
                "worth" => hit.goal_revenue = rest.parse().ok(),
                "ping" => hit.action = Action::Ping,
                "engaged" => hit.action = Action::Engagement { scroll_depth: Some(50), milliseconds: 3000 },
                "goal" => hit.action = Action::Goal { goal: rest.parse().unwrap(), revenue: None },
                "order" => hit.action = Action::Order(Order { id: rest.to_owned(), total: 10.0, ..Order::default() }),
                "cart" => hit.action = Action::Cart(Order { total: 7.0, ..Order::default() }),
                "event" => hit.action = Action::Custom { name: "press".to_owned(), interactive: true },
                "search" => {
                    hit.action = Action::Search { keyword: rest.to_owned(), category: String::new(), count: None };
                }
                "seen" => {
                    let empty = String::new;
                    hit.action = Action::Content { name: rest.to_owned(), piece: empty(), target: empty(), interaction: empty() };
                }
                "sold" => {
                    if let Action::Order(order) = &mut hit.action {
                        order.items.push(Product { sku: rest.to_owned(), quantity: 3, ..Product::default() });
                    }
                }
                "new" => hit.new_visit = true,
                "title" => hit.title = Text::from(rest),
                "fingerprint" => hit.fingerprint = rest.parse().unwrap(),
                "user" => hit.user = Some(Text::from(rest)),
                "campaign" => {
                    for (place, value) in self.visits.referrer.into_iter().zip(["campaign", rest]) {
                        hit.visit_facts[place] = Value::text(value);
                    }
                }
                path => {
                    hit.url = PageUrl {
                        whole: Text::from(format!("example.org{path}")),
                        prefix: Some(0),
                        host: Text::from("example.org"),
                        path: Text::from(path),
                    };
                }
            }
        }
        hit
    }

    /// Places the lines as one batch and writes it.
    fn batch(&mut self, story: &str) {
        let hits: Vec<Enriched> =
            story.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| self.hit(line)).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let texts = self.texts.learn(&hits, &self.store).await.unwrap();
            if let Some(asked) = self.visits.missing(&hits, &self.sites) {
                let recalled = self.store.recall(&asked).await.unwrap();
                self.visits.learn(&asked, recalled, &self.sites);
            }
            for hit in hits {
                if let Err(reason) = self.visits.place(hit, &self.sites, &self.texts) {
                    self.refused.push(reason);
                }
            }
            let mut batch = self.visits.finish();
            self.swallowed += 1;
            batch.swallowed = self.swallowed;
            batch.texts = texts;
            self.store.append(batch).await.unwrap();
        });
    }

    /// Forgets everything at hand, as a process does that starts again.
    fn restart(&mut self) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let marks = runtime.block_on(self.store.high_marks()).unwrap();
        self.visits = Visits::new(&self.catalogue, marks);
        self.texts = Texts::new(marks);
    }

    fn details(&self) -> Vec<footfall_store::VisitDetail> {
        let wanted = footfall_store::VisitsWanted {
            sites: vec![SiteId(1)],
            range: footfall_model::TimeRange::EVER,
            anchor: footfall_model::VisitAnchor::FirstAction,
            filter: footfall_model::Filter::All,
            zone: TimeZone::UTC,
            ascending: true,
            limit: 100,
            offset: 0,
            with_actions: true,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(self.store.visits(&wanted)).unwrap()
    }

    fn visits(&self) -> Vec<VisitRow> {
        self.details().into_iter().map(|detail| detail.visit).collect()
    }
}

fn check(policy: VisitPolicy, story: &str, expected: &[(u32, u32, u32)]) {
    let mut whole = World::new(policy);
    whole.batch(story);
    let mut piecewise = World::new(policy);
    for line in story.lines().filter(|line| !line.trim().is_empty()) {
        piecewise.batch(line);
        piecewise.restart();
    }
    for world in [whole, piecewise] {
        let visits: Vec<_> = world.visits().iter().map(|visit| (visit.actions, visit.visit_count, visit.duration)).collect();
        assert_eq!(visits, expected, "actions, count, duration");
    }
}

#[test]
fn thirty_idle_minutes_end_a_visit() {
    let story = "2026-03-01T10:00 ada /pricing
                 2026-03-01T10:29 ada /docs
                 2026-03-01T10:59 ada /docs";
    check(VisitPolicy::Matomo, story, &[(2, 1, 1741), (1, 2, 0)]);
    check(VisitPolicy::Plausible, story, &[(3, 1, 3540)]);
}

#[test]
fn midnight_ends_a_visit_of_matomo_s_kind() {
    let story = "2026-03-01T23:55 ada /a
                 2026-03-02T00:05 ada /b";
    check(VisitPolicy::Matomo, story, &[(1, 1, 0), (1, 2, 0)]);
    check(VisitPolicy::Plausible, story, &[(2, 1, 600)]);
}

#[test]
fn a_new_campaign_or_a_wish_starts_a_visit() {
    check(
        VisitPolicy::Matomo,
        "2026-03-01T10:00 ada /a campaign:spring
         2026-03-01T10:01 ada /b campaign:spring
         2026-03-01T10:02 ada /c campaign:summer
         2026-03-01T10:03 ada /d new",
        &[(2, 1, 61), (1, 2, 0), (1, 3, 0)],
    );
}

#[test]
fn a_direct_visit_learns_its_campaign_later() {
    let mut world = World::new(VisitPolicy::Matomo);
    world.batch("2026-03-01T10:00 ada /a\n2026-03-01T10:01 ada /b campaign:spring");
    let visits = world.visits();
    assert_eq!(visits.len(), 1);
    assert_eq!(visits[0].facts[world.visits.referrer[1]], Value::text("spring"));
}

/// The kind and title of a visit's end, and its first title, after a story of one visit.
fn ends(policy: VisitPolicy, story: &str) -> (u8, Option<String>, Option<String>) {
    let mut world = World::new(policy);
    world.batch(story);
    let detail = world.details().remove(0);
    let text = |id: u32| detail.texts.get(&id).map(|text| text.to_string());
    (detail.visit.exit_kind, text(detail.visit.exit_title), text(detail.visit.entry_title))
}

#[test]
fn a_page_without_a_title_leaves_the_last_title() {
    let story = "2026-03-01T10:00 ada /a title:Start
                 2026-03-01T10:01 ada search:shoes
                 2026-03-01T10:02 ada /b";
    let start = Some("Start".to_owned());
    let search = ActionKind::Search as u8;
    assert_eq!(ends(VisitPolicy::Matomo, story), (search, Some("shoes".to_owned()), start.clone()));
    assert_eq!(ends(VisitPolicy::Plausible, story), (ActionKind::PageView as u8, None, start));
}

#[test]
fn what_a_goal_opened_has_no_first_title() {
    let story = "2026-03-01T10:00 ada goal:2
                 2026-03-01T10:01 ada /a title:Start";
    assert_eq!(ends(VisitPolicy::Matomo, story), (ActionKind::PageView as u8, Some("Start".to_owned()), None));
}

#[test]
fn hits_out_of_order_find_their_visit() {
    let story = "2026-03-01T10:20 ada /late
                 2026-03-01T10:00 ada /early
                 2026-02-27T09:00 ada /days-before";
    let mut world = World::new(VisitPolicy::Matomo);
    world.batch(story);
    let visits = world.visits();
    assert_eq!(visits.len(), 2);
    assert_eq!((visits[0].actions, visits[0].visitor_kind, visits[0].visit_count), (1, 0, 1));
    assert_eq!((visits[1].actions, visits[1].duration), (2, 1201));
    let names = |detail: &footfall_store::VisitDetail, id: u32| detail.texts.get(&id).map(|text| text.to_string());
    let detail = &world.details()[1];
    assert_eq!(names(detail, visits[1].entry_page).as_deref(), Some("/early"));
    assert_eq!(names(detail, visits[1].exit_page).as_deref(), Some("/late"));
}

#[test]
fn someone_without_an_id_is_known_by_the_configuration() {
    let mut world = World::new(VisitPolicy::Matomo);
    world.batch(
        "2026-03-01T10:00 someone /a fingerprint:7
         2026-03-01T10:10 someone /b fingerprint:7
         2026-03-01T10:11 someone /c fingerprint:8
         2026-03-01T10:12 ada /d fingerprint:7",
    );
    let visits = world.visits();
    assert_eq!(visits.iter().map(|visit| visit.actions).collect::<Vec<_>>(), [3, 1]);
    world.restart();
    world.batch("2026-03-01T10:20 someone /e fingerprint:7");
    assert_eq!(world.visits()[0].actions, 4);
}

#[test]
fn where_ids_are_trusted_nobody_is_taken_for_a_lookalike() {
    let story = "2026-03-01T10:00 ada /a fingerprint:7
                 2026-03-01T10:01 bob /b fingerprint:7
                 2026-03-01T10:02 ada /c fingerprint:7
                 2026-03-01T10:03 someone /d fingerprint:7";
    let actions = |kind: &str, trusts: bool| {
        let mut world = World::new(VisitPolicy::Matomo);
        let settings = TrackingSettings { trust_visitor_cookies: trusts, ..TrackingSettings::default() };
        world.sites = Sites::new([Site { kind: kind.to_owned(), ..site(VisitPolicy::Matomo) }], [], settings);
        world.batch(story);
        world.visits().iter().map(|visit| visit.actions).collect::<Vec<_>>()
    };
    assert_eq!(actions("website", false), [4]);
    assert_eq!(actions("intranet", false), [3, 1]);
    assert_eq!(actions("website", true), [3, 1]);
}

#[test]
fn a_user_id_names_the_visit_and_its_visitor() {
    let mut world = World::new(VisitPolicy::Matomo);
    world.batch("2026-03-01T10:00 someone /a fingerprint:7\n2026-03-01T10:05 grace /b fingerprint:7 user:grace");
    let visits = world.visits();
    assert_eq!(visits.len(), 1);
    assert_eq!(visits[0].user_id.as_deref(), Some("grace"));
    assert_eq!(visits[0].visitor_id, VisitorId(xxhash_rust::xxh3::xxh3_64(b"grace")));
}

#[test]
fn a_visit_is_that_of_whoever_was_seen_in_it_last() {
    let id = |who: &str| VisitorId(xxhash_rust::xxh3::xxh3_64(who.as_bytes()));
    let mut world = World::new(VisitPolicy::Matomo);
    world.batch("2026-03-01T10:00 grace /a fingerprint:7 user:grace\n2026-03-01T10:05 ada /b fingerprint:7");
    let visits = world.visits();
    assert_eq!((visits.len(), visits[0].actions, visits[0].visitor_id), (1, 2, id("ada")));
    assert_eq!(visits[0].user_id.as_deref(), Some("grace"), "who went away is still named");
    world.batch("2026-03-01T10:10 eve /c fingerprint:7\n2026-03-01T10:11 someone /d fingerprint:7");
    let visits = world.visits();
    assert_eq!((visits.len(), visits[0].actions, visits[0].visitor_id), (1, 4, id("eve")));
    // Whose visits they were before is nobody's past.
    world.batch("2026-03-01T12:00 ada /a fingerprint:8\n2026-03-01T12:00 eve /a fingerprint:9");
    let counts: Vec<_> = world.visits().iter().map(|visit| (visit.visitor_id, visit.visit_count)).collect();
    assert_eq!(counts, [(id("eve"), 1), (id("ada"), 1), (id("eve"), 2)]);
}

#[test]
fn a_visit_learns_what_its_hits_are_believed() {
    let country = |stories: [&str; 2]| {
        let mut world = World::new(VisitPolicy::Matomo);
        for story in stories {
            world.batch(story);
            world.restart();
        }
        let place = world.catalogue.fact_index(&footfall_model::dimensions::place::COUNTRY).unwrap();
        world.visits()[0].facts[place].as_str().map(str::to_owned)
    };
    let told = ["2026-03-01T10:00 ada /a", "2026-03-01T10:05 ada /b in:DE"];
    assert_eq!(country(told).as_deref(), Some("DE"));
    let told_otherwise = ["2026-03-01T10:00 ada /a in:DE", "2026-03-01T10:05 ada /b in:FR"];
    assert_eq!(country(told_otherwise).as_deref(), Some("FR"));
    let not_told_again = ["2026-03-01T10:00 ada /a in:DE", "2026-03-01T10:05 ada /b"];
    assert_eq!(country(not_told_again).as_deref(), Some("DE"));
}

#[test]
fn a_sign_of_life_needs_a_visit() {
    let mut world = World::new(VisitPolicy::Plausible);
    world.batch(
        "2026-03-01T10:00 ada engaged
         2026-03-01T10:01 ada /a
         2026-03-01T10:25 ada engaged
         2026-03-01T10:50 ada /b",
    );
    assert_eq!(world.refused, [Dropped::NoVisit]);
    let visits = world.visits();
    assert_eq!((visits.len(), visits[0].pageviews, visits[0].duration, visits[0].bounce), (1, 2, 2940, false));
    let mut world = World::new(VisitPolicy::Matomo);
    world.batch("2026-03-01T10:00 ada /a\n2026-03-01T10:00:45 ada ping\n2026-03-01T11:00 ada ping");
    assert_eq!(world.refused, [Dropped::NoVisit]);
    assert_eq!((world.visits()[0].actions, world.visits()[0].duration), (1, 46));
}

#[test]
fn who_was_only_looked_for_is_recorded_later() {
    let mut world = World::new(VisitPolicy::Matomo);
    world.batch("2026-03-01T10:00 ada ping");
    world.batch("2026-03-01T10:01 ada /a");
    world.batch("2026-03-01T10:02 ada /b");
    assert_eq!(world.visits().iter().map(|visit| visit.actions).collect::<Vec<_>>(), [2]);
    world.batch("2026-03-01T11:00 bob /a fingerprint:7\n2026-03-01T11:01 eve /b fingerprint:7");
    world.batch("2026-03-01T15:00 eve /c fingerprint:8");
    world.batch("2026-03-01T15:01 eve /d fingerprint:8");
    assert_eq!(world.visits().iter().map(|visit| visit.actions).collect::<Vec<_>>(), [2, 2, 2]);
}

#[test]
fn goals_convert_once_or_many_times_and_survive_a_restart() {
    let mut world = World::new(VisitPolicy::Matomo);
    world.batch("2026-03-01T10:00 ada /thanks\n2026-03-01T10:01 ada goal:2");
    world.restart();
    world.batch("2026-03-01T10:02 ada /thanks\n2026-03-01T10:03 ada goal:2\n2026-03-01T10:04 ada goal:9");
    let detail = &world.details()[0];
    let goals: Vec<_> = detail.conversions.iter().map(|row| (row.goal_id.0, row.revenue)).collect();
    assert_eq!(goals, [(1, 5.0), (2, 1.0), (2, 1.0)]);
    assert_eq!((detail.visit.conversions, detail.visit.converted), (3, true));
    assert_eq!(world.refused, [Dropped::InvalidParameter]);
}

#[test]
fn a_request_may_say_what_the_goals_it_reaches_bring() {
    let mut world = World::new(VisitPolicy::Matomo);
    world.batch("2026-03-01T10:00 ada /thanks worth:7.25\n2026-03-01T10:01 eve /thanks worth:0");
    let revenues: Vec<_> = world.details().iter().map(|detail| detail.conversions[0].revenue).collect();
    assert_eq!(revenues, [7.25, 0.0]);
}

#[test]
fn a_content_reaches_the_goal_of_a_long_visit() {
    let mut world = World::new(VisitPolicy::Matomo);
    world.batch(
        "2026-03-01T10:00 ada /a
         2026-03-01T10:25 ada /thanks seen:banner
         2026-03-01T10:50 ada seen:banner
         2026-03-01T11:16 ada seen:banner",
    );
    let detail = &world.details()[0];
    let goals: Vec<_> = detail.conversions.iter().map(|row| (row.goal_id.0, row.revenue, row.at.seconds() % 3600)).collect();
    assert_eq!(goals, [(3, 3.0, 16 * 60)]);
}

#[test]
fn a_search_begins_a_visit_only_when_it_opens_it() {
    let entry = |story: &str| {
        let mut world = World::new(VisitPolicy::Matomo);
        world.batch(story);
        let detail = world.details().remove(0);
        (detail.visit.entry_kind, detail.texts.get(&detail.visit.entry_url).map(|text| text.to_string()))
    };
    let opened_by =
        |first: &str| entry(&format!("2026-03-01T10:00 ada {first}\n2026-03-01T10:01 ada search:shoes\n2026-03-01T10:02 ada /b"));
    assert_eq!(opened_by("goal:2"), (ActionKind::PageView as u8, Some("example.org/b".to_owned())));
    assert_eq!(opened_by("search:boots"), (ActionKind::Search as u8, None));
    assert_eq!(opened_by("/a"), (ActionKind::PageView as u8, Some("example.org/a".to_owned())));
}

#[test]
fn a_cart_is_replaced_and_an_order_counts_once() {
    let mut world = World::new(VisitPolicy::Matomo);
    world.batch("2026-03-01T10:00 ada /a\n2026-03-01T10:01 ada cart");
    assert_eq!(world.visits()[0].ecommerce, EcommerceStatus::AbandonedCart as u8);
    world.batch("2026-03-01T10:02 ada cart\n2026-03-01T10:03 ada order:A1");
    world.restart();
    world.batch("2026-03-01T10:04 ada order:A1\n2026-03-01T10:05 ada cart");
    let detail = &world.details()[0];
    let goals: Vec<_> = detail.conversions.iter().map(|row| (row.goal_id.0, row.revenue)).collect();
    assert_eq!(goals, [(0, 10.0), (-1, 7.0)]);
    assert_eq!(detail.visit.ecommerce, EcommerceStatus::OrderedThenAbandonedCart as u8);
    assert_eq!(world.refused, [Dropped::KnownOrder]);
}

#[test]
fn a_product_stands_once_in_an_order() {
    let mut world = World::new(VisitPolicy::Matomo);
    world.batch("2026-03-01T10:00 ada order:A1 sold:hat sold:shoe sold:hat");
    let detail = &world.details()[0];
    let skus: Vec<_> = detail.items.iter().map(|item| detail.texts[&item.sku].to_string()).collect();
    assert_eq!(skus, ["hat", "shoe"]);
    assert_eq!(detail.conversions.iter().map(|row| row.items).collect::<Vec<_>>(), [9]);
}

#[test]
fn an_order_sent_again_opens_its_visit_and_is_not_recorded() {
    let mut world = World::new(VisitPolicy::Matomo);
    world.batch("2026-03-01T10:00 ada /a\n2026-03-01T10:01 ada order:A1");
    world.batch("2026-03-02T10:00 ada order:A1");
    let visits = world.visits();
    let told: Vec<_> = visits.iter().map(|visit| (visit.converted, visit.conversions, visit.since_order)).collect();
    assert_eq!(told, [(true, 1, Some(0)), (true, 0, Some(0))]);
    let orders: usize = world.details().iter().map(|detail| detail.conversions.len()).sum();
    assert_eq!(orders, 1);
    assert_eq!(world.refused, [Dropped::KnownOrder]);
}

#[test]
fn a_customer_returns_in_the_visit_after_the_next() {
    let mut world = World::new(VisitPolicy::Matomo);
    world.batch("2026-03-01T10:00 ada order:A1");
    world.batch("2026-03-02T10:00 ada /a\n2026-03-03T10:00 ada /a");
    let told: Vec<_> = world.visits().iter().map(|visit| (visit.visitor_kind, visit.since_order)).collect();
    assert_eq!(told, [(2, Some(0)), (1, Some(86_400)), (2, Some(172_800))]);
}

#[test]
fn only_actions_have_numbers() {
    let mut world = World::new(VisitPolicy::Matomo);
    world.batch("2026-03-01T10:00 ada /a\n2026-03-01T10:01 ada order:A1\n2026-03-01T10:02 ada /b");
    let detail = &world.details()[0];
    assert_eq!(detail.hits.iter().map(|hit| hit.hit_id).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(detail.conversions.iter().map(|row| row.hit_id).collect::<Vec<_>>(), [0]);
}

#[test]
fn first_of_flags_are_the_same_after_a_restart() {
    let story = "2026-03-01T10:00 ada /a
                 2026-03-01T10:01 ada /b
                 2026-03-01T10:02 ada /a
                 2026-03-01T12:00 ada /a
                 2026-03-02T10:00 ada /a";
    let flags = |world: &World| -> Vec<(bool, bool)> {
        let hits = world.details().into_iter().flat_map(|detail| detail.hits);
        hits.map(|hit| (hit.flags & Flag::VisitPage as u32 != 0, hit.flags & Flag::DayPage as u32 != 0)).collect()
    };
    let expected = [(true, true), (true, true), (false, false), (true, false), (true, true)];
    let mut whole = World::new(VisitPolicy::Matomo);
    whole.batch(story);
    assert_eq!(flags(&whole), expected);
    assert_eq!(whole.visits().iter().map(|visit| visit.first_of_day).collect::<Vec<_>>(), [true, false, true]);
    let mut piecewise = World::new(VisitPolicy::Matomo);
    for line in story.lines() {
        piecewise.batch(line);
        piecewise.restart();
    }
    assert_eq!(flags(&piecewise), expected);
}

#[test]
fn a_search_stands_at_the_end_of_a_visit_without_a_url() {
    let mut world = World::new(VisitPolicy::Matomo);
    world.batch("2026-03-01T10:00 ada /a\n2026-03-01T10:01 ada /search search:boots\n2026-03-01T10:02 ada /b");
    let detail = &world.details()[0];
    assert_eq!((detail.visit.interactions, detail.visit.searches), (3, 1));
    let after = &detail.hits[2];
    assert_eq!((after.ref_kind, after.ref_url), (ActionKind::Search as u8, 0));
    assert_eq!(detail.texts.get(&after.ref_title).map(|text| text.to_string()).as_deref(), Some("boots"));
}
