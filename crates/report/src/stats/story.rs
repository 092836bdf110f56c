//! Small stories of visits for tests: `minute visitor what`, a line each, put into a store in memory.

use std::{collections::HashMap, sync::Arc};

use footfall_model::{
    ActionKind, Catalogue, ConversionRow, CustomDimension, DateRange, Exclusions, Goal, GoalId, HitRow, Millis, Scope, Site,
    SiteId, SiteSearch, Sites, Text, TrackingSettings, Value, VisitId, VisitPolicy, VisitRow, VisitorId,
};
use footfall_store::{Batch, MemoryStore, Store as _};
use jiff::{civil::date, tz::TimeZone};

use super::{Dimension, Filter, Leaf, Match, Metric, Span, StatsAnswer, StatsQuery, Style, run};
use crate::{Reader, Settings};

/// 2026-03-01 00:00:00 UTC, a Sunday: minute 0 of every story.
pub(super) const MIDNIGHT: Millis = Millis(1_772_323_200_000);

pub(super) struct Story {
    reader: Reader,
    site: Arc<Site>,
}

impl Story {
    /// Plays the lines: `/path` is a page view, `!Name key=value` a custom event, `~/path 40% 5s` engagement with a page,
    /// `$3 12.5` a conversion of goal 3 worth 12.5, `@Source` before a path says where the visit came from.
    pub(super) async fn play(lines: &str, goals: Vec<Goal>, policy: VisitPolicy) -> Story {
        let catalogue = Arc::new(Catalogue::built_in());
        let site = Arc::new(site(goals, policy));
        let mut teller = Teller::new(&catalogue);
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
            teller.tell(line);
        }
        let store = MemoryStore::new(Arc::clone(&catalogue));
        store.append(teller.batch()).await.unwrap();
        let reader = Reader {
            store: Arc::new(store),
            sites: Arc::new(Sites::new([Site::clone(&site)], [], TrackingSettings::default())),
            catalogue,
            settings: Settings::default(),
            now: MIDNIGHT.plus(400 * 86_400_000),
        };
        Story { reader, site }
    }

    /// A question about the first three days of March.
    pub(super) fn ask(&self, metrics: &str, dimensions: &str, style: Style) -> StatsQuery {
        let days = DateRange::new(date(2026, 3, 1), date(2026, 3, 3)).unwrap();
        let mut query = StatsQuery::new(Arc::clone(&self.site), Span::days(days, &TimeZone::UTC), style);
        query.metrics = metrics.split_whitespace().map(|name| Metric::parse(name).unwrap()).collect();
        query.dimensions = dimensions.split_whitespace().map(|name| self.dimension(name)).collect();
        query.sorted_by_default()
    }

    pub(super) fn dimension(&self, name: &str) -> Dimension {
        Dimension::parse(name, &self.site, &self.reader.catalogue).unwrap()
    }

    pub(super) fn is(&self, name: &str, value: &str) -> Filter {
        Filter::Leaf(Leaf {
            how: Match::Is,
            dimension: self.dimension(name),
            values: vec![Text::from(value)],
            case_sensitive: true,
        })
    }

    pub(super) async fn answer(&self, query: &StatsQuery) -> StatsAnswer {
        run(&self.reader, query).await.unwrap()
    }

    /// Asks and compares: a line a row, values and figures with spaces between them.
    pub(super) async fn check(&self, query: &StatsQuery, expected: &str) {
        let answer = self.answer(query).await;
        let shown: Vec<String> = answer
            .rows
            .iter()
            .map(|row| {
                let figures = row.metrics.iter().map(|figure| figure.map_or_else(|| "-".to_owned(), |n| n.to_string()));
                let values = row.dimensions.iter().map(|value| value.to_string());
                values.chain(figures).collect::<Vec<_>>().join(" ")
            })
            .collect();
        let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        assert_eq!(shown, expected);
    }
}

/// A goal under a number.
pub(super) fn goal(id: i32, name: &str, rule: footfall_model::GoalMatch) -> Goal {
    Goal {
        id: GoalId(id),
        name: name.to_owned(),
        description: String::new(),
        rule,
        revenue: 0.0,
        event_value_as_revenue: false,
        many_per_visit: false,
        currency: None,
    }
}

pub(crate) fn site(goals: Vec<Goal>, policy: VisitPolicy) -> Site {
    Site {
        id: SiteId(1),
        name: "Example".to_owned(),
        domain: "example.org".to_owned(),
        former_domain: None,
        urls: Vec::new(),
        timezone: "UTC".to_owned(),
        zone: TimeZone::UTC,
        currency: "EUR".to_owned(),
        policy,
        ecommerce: false,
        search: SiteSearch::default(),
        exclusions: Exclusions::default(),
        excluded_params: Vec::new(),
        keep_fragments: false,
        group: String::new(),
        kind: "website".to_owned(),
        created_at: MIDNIGHT,
        public: false,
        goals,
        dimensions: Vec::<CustomDimension>::new(),
        allowed_props: Vec::new(),
    }
}

struct Teller<'a> {
    catalogue: &'a Catalogue,
    texts: Vec<Text>,
    visitors: HashMap<String, u64>,
    visits: Vec<VisitRow>,
    hits: Vec<HitRow>,
    conversions: Vec<ConversionRow>,
}

impl<'a> Teller<'a> {
    fn new(catalogue: &'a Catalogue) -> Teller<'a> {
        Teller {
            catalogue,
            texts: Vec::new(),
            visitors: HashMap::new(),
            visits: Vec::new(),
            hits: Vec::new(),
            conversions: Vec::new(),
        }
    }

    fn text(&mut self, text: &str) -> u32 {
        let known = self.texts.iter().position(|known| **known == *text);
        let place = known.unwrap_or_else(|| {
            self.texts.push(Text::from(text));
            self.texts.len() - 1
        });
        place as u32 + 1
    }

    fn tell(&mut self, line: &str) {
        let mut words = line.split_whitespace();
        let at = MIDNIGHT.plus(words.next().unwrap().parse::<i64>().unwrap() * 60_000);
        let next = self.visitors.len() as u64 + 1;
        let visitor = *self.visitors.entry(words.next().unwrap().to_owned()).or_insert(next);
        let words: Vec<&str> = words.collect();
        let (source, words) = match words.split_first() {
            Some((first, rest)) if first.starts_with('@') => (Some(&first[1..]), rest),
            _ => (None, words.as_slice()),
        };
        let visit = self.visit(at, visitor, source);
        let hit_id = self.hits.len() as u64 + 1;
        let mut hit = HitRow {
            hit_id,
            visit_id: self.visits[visit].visit_id,
            site_id: SiteId(1),
            visitor_id: VisitorId(visitor),
            at,
            facts: vec![Value::Null; self.catalogue.facts(Scope::Action).len()],
            interactive: true,
            ..HitRow::default()
        };
        match (words[0].chars().next().unwrap(), &words[0][1..]) {
            ('/', _) => self.page_view(&mut hit, visit, words[0]),
            ('!', name) => {
                hit.kind = ActionKind::Event as u8;
                hit.event_action = self.text(name);
                hit.page = self.text("/");
                let pairs = words[1..].iter().filter_map(|word| word.split_once('='));
                hit.props = pairs.map(|(key, value)| (Text::from(key), Text::from(value))).collect();
                let visit = &mut self.visits[visit];
                visit.events += 1;
                visit.actions += 1;
                visit.bounce = false;
            }
            ('~', page) => {
                hit.kind = ActionKind::Engagement as u8;
                hit.page = self.text(page);
                hit.scroll_depth = words[1].trim_end_matches('%').parse().ok();
                hit.engagement_ms = words[2].trim_end_matches('s').parse::<u32>().ok().map(|seconds| seconds * 1000);
            }
            ('$', number) => {
                self.conversions.push(ConversionRow {
                    hit_id,
                    visit_id: hit.visit_id,
                    site_id: SiteId(1),
                    visitor_id: hit.visitor_id,
                    at,
                    goal_id: GoalId(number.parse().unwrap()),
                    revenue: words[1].parse().unwrap(),
                    ..ConversionRow::default()
                });
                return;
            }
            other => panic!("`{other:?}` means nothing in a story"),
        }
        if hit.kind != ActionKind::Engagement as u8 {
            let visit = &mut self.visits[visit];
            visit.last_at = at;
            visit.seen_at = at;
            visit.duration = ((at.0 - visit.first_at.0) / 1000) as u32;
        }
        self.hits.push(hit);
    }

    fn page_view(&mut self, hit: &mut HitRow, visit: usize, path: &str) {
        hit.kind = ActionKind::PageView as u8;
        hit.page = self.text(path);
        hit.host = self.text("example.org");
        let (page, host) = (hit.page, hit.host);
        let visit = &mut self.visits[visit];
        if visit.entry_page == 0 {
            visit.entry_page = page;
            visit.entry_host = host;
        }
        visit.exit_page = page;
        visit.exit_host = host;
        visit.pageviews += 1;
        visit.actions += 1;
        visit.bounce = visit.pageviews == 1 && visit.events == 0;
    }

    /// The place of the visit a hit belongs to: the visitor's last one, if it was seen in the half hour before.
    fn visit(&mut self, at: Millis, visitor: u64, source: Option<&str>) -> usize {
        let open =
            self.visits.iter().rposition(|visit| visit.visitor_id == VisitorId(visitor) && at.0 - visit.last_at.0 <= 30 * 60_000);
        if let Some(open) = open {
            return open;
        }
        let mut facts = vec![Value::Null; self.catalogue.facts(Scope::Visit).len()];
        if let Some(source) = source {
            let place = self.catalogue.fact_index(self.catalogue.get("visit.source").unwrap()).unwrap();
            facts[place] = Value::text(source);
        }
        self.visits.push(VisitRow {
            visit_id: VisitId(self.visits.len() as u64 + 1),
            site_id: SiteId(1),
            visitor_id: VisitorId(visitor),
            first_at: at,
            last_at: at,
            seen_at: at,
            visit_count: 1,
            facts,
            ..VisitRow::default()
        });
        self.visits.len() - 1
    }

    fn batch(self) -> Batch {
        Batch {
            swallowed: 1,
            texts: self.texts.into_iter().enumerate().map(|(place, text)| (place as u32 + 1, text)).collect(),
            hits: self.hits,
            opened: self.visits,
            conversions: self.conversions,
            ..Batch::default()
        }
    }
}
