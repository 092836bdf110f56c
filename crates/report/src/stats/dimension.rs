use footfall_model::{
    ActionKind, Catalogue, Column, CustomScope, Fact, Filter as Condition, HitRow, Key, Op, Scope, Site, Text, TimePart, Value,
    VisitRow,
};

use super::{Bucket, place::Place};

/// Something figures are grouped by, or conditions are about.
#[derive(Clone, Debug, PartialEq)]
pub struct Dimension {
    /// Its name on the wire.
    pub name: Text,
    /// Where its values come from.
    pub source: Source,
}

/// Where a dimension's values come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A bucket of time.
    Time(Bucket),
    /// A part of the clock, whatever the day.
    Clock(TimePart),
    /// A column of visits.
    Visit(Column),
    /// A column of actions; of these kinds only, if any are named.
    Hit(Column, &'static [ActionKind]),
    /// Whether the visitor came back.
    VisitorType,
    /// What happened: `pageview`, or the name of an event.
    EventName,
    /// A property of an event or page view.
    Prop(Text),
    /// A property of a visit's first event.
    EntryProp(Text),
    /// The goals that were reached.
    Goal,
    /// The English name of a place whose code is kept.
    Place(Place),
}

/// Shown where the site a visitor came from is not known.
pub const DIRECT: &str = "Direct / None";
/// Shown where nothing is known.
pub const NOT_SET: &str = "(not set)";
/// Shown where a property is not there.
pub const NO_PROP: &str = "(none)";

impl Dimension {
    /// The dimension of this name, on this site.
    pub fn parse(name: &str, site: &Site, catalogue: &Catalogue) -> Option<Dimension> {
        Some(Dimension { name: Text::from(name), source: Source::parse(name, site, catalogue)? })
    }

    /// The goals that were reached.
    pub fn goal() -> Dimension {
        Dimension { name: Text::from("event:goal"), source: Source::Goal }
    }

    /// Whether it is about what was done.
    pub fn is_of_actions(&self) -> bool {
        self.name.starts_with("event:")
    }

    /// Whether it is known of whole visits only: where they began and ended.
    pub fn is_of_visits(&self) -> bool {
        match &self.source {
            Source::Visit(column) => {
                matches!(column.name, "entry_page" | "entry_host" | "exit_page" | "exit_host")
            }
            _ => false,
        }
    }

    /// Whether it is a bucket of time.
    pub fn bucket(&self) -> Option<Bucket> {
        match self.source {
            Source::Time(bucket) => Some(bucket),
            _ => None,
        }
    }

    /// Whether it is about the clock.
    pub fn is_of_time(&self) -> bool {
        matches!(self.source, Source::Time(_) | Source::Clock(_))
    }

    /// What is shown where there is no value.
    pub fn unset(&self) -> &'static str {
        match &self.source {
            Source::Visit(column) if matches!(column.name, "source" | "referrer") => DIRECT,
            Source::Visit(column) if column.name == "channel" => "Direct",
            Source::Prop(_) | Source::EntryProp(_) => NO_PROP,
            _ => NOT_SET,
        }
    }

    /// The dimension of a visit that means the same for the page it began on.
    pub(super) fn of_entry(&self) -> Option<Dimension> {
        let Source::Hit(column, _) = &self.source else {
            return None;
        };
        let name = match column.name {
            "page" => "entry_page",
            "host" => "entry_host",
            "title" => "entry_title",
            _ => return None,
        };
        Some(Dimension { name: self.name.clone(), source: Source::Visit(visit(name)?) })
    }

    /// What rows of a fact are grouped by; `None` where the fact does not know it. Goals are grouped by elsewhere.
    pub(super) fn keys(&self, fact: Fact) -> Option<Vec<Key>> {
        Some(match &self.source {
            Source::Time(bucket) => vec![Key::Clock(moment(fact), bucket.part())],
            Source::Clock(part) => vec![Key::Clock(moment(fact), *part)],
            Source::Visit(column) => vec![Key::Column(*column)],
            Source::Hit(column, _) if fact == Fact::Hits => vec![Key::Column(*column)],
            Source::VisitorType => vec![Key::FirstOf(vec![Condition::is(visit("visitor_kind")?, 0i64), Condition::All])],
            Source::EventName if fact == Fact::Hits => {
                vec![Key::Column(hit("kind")?), Key::Column(hit("event_action")?)]
            }
            Source::Prop(name) if fact == Fact::Hits => vec![Key::Prop(Catalogue::PROPS, name.clone())],
            Source::EntryProp(name) => vec![Key::Prop(Catalogue::ENTRY_PROPS, name.clone())],
            Source::Place(place) => vec![Key::Column(place.column()?)],
            Source::Hit(..) | Source::EventName | Source::Prop(_) | Source::Goal => return None,
        })
    }

    /// Which rows can have a value at all, where others are left out.
    pub(super) fn present(&self) -> Condition {
        match &self.source {
            Source::Hit(column, kinds) => {
                let set = match column.name {
                    "host" => Condition::All,
                    name if name.starts_with('d') && name[1..].parse::<u8>().is_ok() => Condition::All,
                    _ => Condition::test(Key::Column(*column), Op::IsNot, vec![Value::Null]),
                };
                super::filter::of_kinds(kinds).and(set)
            }
            _ => Condition::All,
        }
    }

    /// The value that is shown for the keys of a row.
    pub(super) fn label(&self, keys: &[Value]) -> Text {
        let first = keys.first().unwrap_or(&Value::Null);
        match &self.source {
            Source::VisitorType => Text::from(if first.as_i64() == Some(0) { "new" } else { "returning" }),
            Source::EventName => event_name(first, keys.get(1).unwrap_or(&Value::Null)),
            Source::Place(place) => place.label(first).unwrap_or_else(|| Text::from(self.unset())),
            _ => match first {
                Value::Text(text) if !text.is_empty() => text.clone(),
                Value::Int(number) => Text::from(number.to_string()),
                Value::Real(number) => Text::from(number.to_string()),
                _ => Text::from(self.unset()),
            },
        }
    }

    /// Whether different keys can have one label.
    pub(super) fn merges(&self) -> bool {
        matches!(self.source, Source::Place(_) | Source::EventName)
    }
}

impl Source {
    fn parse(name: &str, site: &Site, catalogue: &Catalogue) -> Option<Source> {
        if let Some(bucket) = Bucket::parse(name) {
            return Some(Source::Time(bucket));
        }
        if let Some(prop) = name.strip_prefix("event:props:") {
            return (!prop.is_empty()).then(|| Source::Prop(Text::from(prop)));
        }
        if let Some(prop) = name.strip_prefix("visit:entry_props:") {
            return (!prop.is_empty()).then(|| Source::EntryProp(Text::from(prop)));
        }
        if let Some(number) = name.strip_prefix("visit:dimension") {
            let slot = slot(site, number, CustomScope::Visit)?;
            return Some(Source::Visit(catalogue.slot(Fact::Visits, slot)?));
        }
        if let Some(number) = name.strip_prefix("event:dimension") {
            let slot = slot(site, number, CustomScope::Action)?;
            return Some(Source::Hit(catalogue.slot(Fact::Hits, slot)?, &[]));
        }
        Some(match name {
            "time:hour_of_day" => Source::Clock(TimePart::HourOfDay),
            "time:day_of_week" => Source::Clock(TimePart::DayOfWeek),
            "event:name" => Source::EventName,
            "event:goal" => Source::Goal,
            "visit:visitor_type" => Source::VisitorType,
            "visit:keyword" => Source::Visit(catalogue.get("visit.referrer_keyword")?.at()),
            "visit:user_id" => Source::Visit(visit("user_id")?),
            "visit:screen" => Source::Visit(catalogue.plausible("visit:device")?.at()),
            "visit:country_name" => Source::Place(Place::country(catalogue)?),
            "visit:region_name" => Source::Place(Place::region(catalogue)?),
            "visit:city_name" => Source::Visit(catalogue.get("visit.city")?.at()),
            _ => {
                let known = catalogue.plausible(name)?;
                match known.scope {
                    Scope::Visit => Source::Visit(known.at()),
                    Scope::Action => Source::Hit(known.at(), known.kinds),
                    Scope::Conversion | Scope::Item => return None,
                }
            }
        })
    }
}

/// The moment by which rows of a fact are put into buckets.
fn moment(fact: Fact) -> Column {
    let name = if fact == Fact::Visits { "last_at" } else { "at" };
    Column { fact, name, kind: footfall_model::Kind::Moment }
}

pub(super) fn visit(name: &str) -> Option<Column> {
    VisitRow::column(name)
}

pub(super) fn hit(name: &str) -> Option<Column> {
    HitRow::column(name)
}

fn slot(site: &Site, number: &str, scope: CustomScope) -> Option<u8> {
    let id: u32 = number.parse().ok()?;
    site.dimensions.iter().find(|dimension| dimension.id == id && dimension.scope == scope).map(|dimension| dimension.slot)
}

/// What actions other than named events are called.
pub(super) const KIND_NAMES: [(ActionKind, &str); 7] = [
    (ActionKind::PageView, "pageview"),
    (ActionKind::Download, "File Download"),
    (ActionKind::Outlink, "Outbound Link: Click"),
    (ActionKind::Search, "Site Search"),
    (ActionKind::ContentImpression, "Content: Impression"),
    (ActionKind::ContentInteraction, "Content: Interaction"),
    (ActionKind::Engagement, "engagement"),
];

fn event_name(kind: &Value, action: &Value) -> Text {
    let named = KIND_NAMES.iter().find(|(known, _)| kind.as_i64() == Some(*known as i64));
    match (named, action) {
        (Some((_, name)), _) => Text::from(*name),
        (None, Value::Text(text)) => text.clone(),
        (None, _) => Text::from(NOT_SET),
    }
}
