//! Lively traffic for the demo sites: a pure function from a seed and a span of time to hits.

use std::net::{IpAddr, Ipv4Addr};

use footfall_ingest::{
    Hit,
    hit::{Action, Dialect, Order, Product},
};
use footfall_model::{Millis, TimeRange};

use super::{
    places::{AGENTS, PLACES, Place},
    stories::{Site, Step, WAYS_IN},
};

/// A small random number generator (SplitMix64): the demo looks the same on every machine.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to just below `n`.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    /// Whether something of this many in a thousand happens.
    pub(crate) fn happens(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    fn weighted<'a, T>(&mut self, items: &'a [T], weight: impl Fn(&T) -> u64) -> &'a T {
        let total: u64 = items.iter().map(&weight).sum();
        let mut at = self.below(total);
        for item in items {
            let width = weight(item);
            if at < width {
                return item;
            }
            at -= width;
        }
        &items[0]
    }
}

/// How busy an hour of the week is, in percent of the busiest.
fn busyness(at: Millis) -> u64 {
    const HOURS: [u64; 24] = [18, 12, 9, 7, 7, 10, 18, 34, 58, 78, 90, 94, 88, 86, 92, 96, 93, 84, 76, 80, 84, 72, 50, 30];
    let hour = at.seconds().div_euclid(3600);
    let day_of_week = (hour.div_euclid(24) + 3).rem_euclid(7);
    let weekend = if day_of_week >= 5 { 62 } else { 100 };
    HOURS[usize::try_from(hour.rem_euclid(24)).unwrap_or(0)] * weekend / 100
}

/// The hits of a site that happen in the span, in order of time. The same hour always gives the same hits.
pub(crate) fn hits(site: &Site, number: u32, span: TimeRange) -> Vec<Hit> {
    // Visits that begin in the hour before can reach into the span.
    let first_hour = span.start.seconds().div_euclid(3600) - 1;
    let last_hour = (span.end.seconds() - 1).div_euclid(3600);
    let mut hits = Vec::new();
    for hour in first_hour..=last_hour {
        let began = Millis::from_seconds(hour * 3600);
        let mut dice = Dice::new(u64::from(number) << 40 ^ hour.unsigned_abs());
        // Two months of more and more, then two of less and less.
        let season = hour.rem_euclid(24 * 120).unsigned_abs();
        let growth = 80 + season.min(24 * 120 - season) / 36;
        let n_visits = site.visits_per_hour * busyness(began) * growth / 10_000 + dice.below(3);
        for _ in 0..n_visits {
            let at = began.plus(i64::try_from(dice.below(3_600_000)).unwrap_or(0));
            hits.extend(visit(site, number, at, &mut dice).into_iter().filter(|hit| span.contains(Millis(hit.at))));
        }
    }
    hits.sort_by_key(|hit| hit.at);
    hits
}

/// One visit: someone comes from somewhere, walks a path through the site, and maybe does what the site wants.
fn visit(site: &Site, number: u32, began: Millis, dice: &mut Dice) -> Vec<Hit> {
    let place = dice.weighted(PLACES, |place| place.weight);
    let agent = dice.weighted(AGENTS, |agent| agent.weight);
    let way_in = dice.weighted(WAYS_IN, |way| way.weight);
    // A third of the people come back: they are drawn from a smaller crowd.
    let crowd = if dice.happens(330) { 900 } else { 1_000_000 };
    let person = dice.below(crowd);
    let story = dice.weighted(site.stories, |story| story.weight);
    let base = Hit {
        address: Some(address(place, person)),
        user_agent: agent.user_agent.to_owned(),
        language: place.language.to_owned(),
        visitor: Some(Dice::new(person ^ u64::from(number) << 48).next()),
        plugins: ["cookie", "pdf"].map(str::to_owned).to_vec(),
        params: vec![("res".to_owned(), agent.resolution.to_owned()), ("h".to_owned(), local_hour(began, place).to_string())],
        given: vec![
            ("visit.country".to_owned(), place.country.to_owned()),
            ("visit.region".to_owned(), place.region.to_owned()),
            ("visit.city".to_owned(), place.city.to_owned()),
        ],
        ..Hit::page_view(number, site.dialect, began.0)
    };
    let mut hits = Vec::new();
    let mut at = began;
    let mut page = site.home;
    for (index, step) in story.steps.iter().enumerate() {
        if index > 0 && !dice.happens(step.stays()) {
            break;
        }
        let mut hit = Hit { at: at.0, received_at: at.0, ..base.clone() };
        if index == 0 {
            hit.referrer = way_in.referrer.to_owned();
        }
        apply(step, site, &mut hit, &mut page, dice);
        if index == 0 && !way_in.query.is_empty() {
            hit.url = format!("{}{}{}", hit.url, if hit.url.contains('?') { "&" } else { "?" }, way_in.query);
        }
        let read = 4_000 + i64::try_from(dice.below(95_000)).unwrap_or(0);
        let was_page = matches!(hit.action, Action::PageView);
        let engaged = Hit {
            at: at.plus(read - 500).0,
            received_at: at.plus(read - 500).0,
            action: Action::Engagement {
                scroll_depth: Some(u8::try_from(20 + dice.below(81)).unwrap_or(100)),
                milliseconds: u32::try_from(read * 8 / 10).unwrap_or(0),
            },
            props: Vec::new(),
            referrer: String::new(),
            ..hit.clone()
        };
        hits.push(hit);
        if was_page && site.dialect == Dialect::Plausible {
            hits.push(engaged);
        }
        at = at.plus(read);
    }
    hits
}

fn apply(step: &Step, site: &Site, hit: &mut Hit, page: &mut &'static str, dice: &mut Dice) {
    let url = |path: &str| format!("{}{path}", site.origin);
    hit.url = url(page);
    match step {
        Step::Page(paths) => {
            let (path, title) = paths[usize::try_from(dice.below(paths.len() as u64)).unwrap_or(0)];
            *page = path;
            hit.url = url(path);
            hit.title = title.to_owned();
            let load = |base: u64, dice: &mut Dice| u32::try_from(base + dice.below(base * 2)).ok();
            hit.timings = [load(30, dice), load(90, dice), load(60, dice), load(220, dice), load(150, dice), load(12, dice)];
            if let Some(product) = site.products.iter().find(|product| path.ends_with(product.slug)) {
                hit.product = Some(product.as_sold(1));
            }
        }
        Step::Search(words) => {
            let word = words[usize::try_from(dice.below(words.len() as u64)).unwrap_or(0)];
            hit.url = url("/search");
            hit.action = Action::Search {
                keyword: word.to_owned(),
                category: String::new(),
                count: Some(i32::try_from(dice.below(24)).unwrap_or(0)),
            };
        }
        Step::Download(path) => {
            hit.url = url(path);
            hit.action = Action::Download { target: url(path) };
        }
        Step::Outlink(target) => {
            hit.url = (*target).to_owned();
            hit.action = Action::Outlink { target: (*target).to_owned() };
        }
        Step::Event(category, action, name) => {
            hit.action = match site.dialect {
                Dialect::Matomo => Action::Event {
                    category: (*category).to_owned(),
                    action: (*action).to_owned(),
                    name: (*name).to_owned(),
                    value: None,
                },
                Dialect::Plausible | Dialect::Import => Action::Custom { name: (*action).to_owned(), interactive: true },
            };
            if site.dialect == Dialect::Plausible {
                hit.props = vec![((*category).to_owned(), (*name).to_owned())];
            }
        }
        Step::Order => {
            let product = &site.products[usize::try_from(dice.below(site.products.len() as u64)).unwrap_or(0)];
            let quantity = 1 + u32::try_from(dice.below(3)).unwrap_or(0);
            let subtotal = product.price * f64::from(quantity);
            hit.action = Action::Order(Order {
                id: format!("{:010x}", dice.next() >> 24),
                total: subtotal + 4.9,
                subtotal,
                tax: (subtotal * 19.0).round() / 100.0,
                shipping: 4.9,
                discount: 0.0,
                items: vec![product.as_sold(quantity)],
            });
        }
        Step::Cart => {
            let product = &site.products[usize::try_from(dice.below(site.products.len() as u64)).unwrap_or(0)];
            hit.action = Action::Cart(Order { total: product.price, items: vec![product.as_sold(1)], ..Order::default() });
        }
    }
}

fn address(place: &Place, person: u64) -> IpAddr {
    let [first, second] = place.network;
    IpAddr::V4(Ipv4Addr::new(first, second, (person >> 8) as u8, person as u8))
}

fn local_hour(at: Millis, place: &Place) -> i64 {
    (at.seconds().div_euclid(3600) + place.offset).rem_euclid(24)
}

/// A product of the demo shop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Good {
    /// The end of its page's path.
    pub(crate) slug: &'static str,
    pub(crate) sku: &'static str,
    pub(crate) name: &'static str,
    pub(crate) category: &'static str,
    pub(crate) price: f64,
}

impl Good {
    fn as_sold(&self, quantity: u32) -> Product {
        Product {
            sku: self.sku.to_owned(),
            name: self.name.to_owned(),
            categories: vec![self.category.to_owned()],
            price: Some(self.price),
            quantity,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::stories::{DOCS, SHOP};

    const DAY: TimeRange = TimeRange { start: Millis(1_772_323_200_000), end: Millis(1_772_409_600_000) };

    #[test]
    fn the_same_day_gives_the_same_hits() {
        let hits = hits(&SHOP, 1, DAY);
        assert_eq!(hits, super::hits(&SHOP, 1, DAY));
        assert!((600..6000).contains(&hits.len()), "{} hits", hits.len());
        assert!(hits.windows(2).all(|pair| pair[0].at <= pair[1].at));
    }

    #[test]
    fn two_halves_make_the_whole() {
        let noon = Millis(DAY.start.0 + 43_200_000 + 1234);
        let mut halves = super::hits(&DOCS, 2, TimeRange { start: DAY.start, end: noon });
        halves.extend(super::hits(&DOCS, 2, TimeRange { start: noon, end: DAY.end }));
        halves.sort_by_key(|hit| (hit.at, hit.visitor));
        let mut whole = super::hits(&DOCS, 2, DAY);
        whole.sort_by_key(|hit| (hit.at, hit.visitor));
        assert_eq!(halves, whole);
    }

    #[test]
    fn every_kind_of_action_happens() {
        let hits = hits(&SHOP, 1, DAY);
        let has = |test: &dyn Fn(&Action) -> bool| hits.iter().any(|hit| test(&hit.action));
        assert!(has(&|action| matches!(action, Action::Search { .. })));
        assert!(has(&|action| matches!(action, Action::Download { .. })));
        assert!(has(&|action| matches!(action, Action::Outlink { .. })));
        assert!(has(&|action| matches!(action, Action::Event { .. })));
        assert!(has(&|action| matches!(action, Action::Order(_))));
        assert!(has(&|action| matches!(action, Action::Cart(_))));
    }
}
