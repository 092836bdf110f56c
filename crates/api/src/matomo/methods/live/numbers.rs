//! The numbers that Matomo's clients know actions by. Ours are the dictionary's. Those that Matomo would have given (every
//! text once for each kind of action, in the order of first appearance) are worked out where `matomo.compat.action_ids`
//! asks for them: that looks at everything ever recorded.

use std::collections::HashMap;

use footfall_model::{
    ActionKind, Aggregate, Column, Error, Fact, Filter, GoalId, HitRow, ItemRow, Key, Measure, Op, Query, SiteId, Text,
    TimeRange, Value,
};
use jiff::tz::TimeZone;

use crate::matomo::Context;

/// Actions by kind and text.
#[derive(Default)]
pub(super) struct Numbers {
    given: Option<HashMap<(u8, Text), i64>>,
    /// What was cut before an address where it first appeared: Matomo keeps every address once.
    prefixes: HashMap<(u8, Text), Option<u8>>,
}

/// Texts that are numbered: Matomo's number of what they are, the column they stand in, and the actions they are taken from.
struct Numbered {
    kind: u8,
    column: &'static str,
    of: &'static [ActionKind],
}

const fn numbered(kind: u8, column: &'static str, of: &'static [ActionKind]) -> Numbered {
    Numbered { kind, column, of }
}

const CONTENTS: &[ActionKind] = &[ActionKind::ContentImpression, ActionKind::ContentInteraction];

/// Everything of one action that gets a number, in Matomo's order.
const OF_HITS: [Numbered; 21] = [
    numbered(4, "title", &[ActionKind::PageView]),
    numbered(8, "search_keyword", &[ActionKind::Search]),
    numbered(1, "url", &[ActionKind::PageView]),
    numbered(2, "url", &[ActionKind::Outlink]),
    numbered(3, "url", &[ActionKind::Download]),
    numbered(10, "url", &[ActionKind::Event]),
    numbered(13, "url", CONTENTS),
    numbered(7, "product_category", &[]),
    numbered(7, "product_category2", &[]),
    numbered(7, "product_category3", &[]),
    numbered(7, "product_category4", &[]),
    numbered(7, "product_category5", &[]),
    numbered(6, "product_name", &[]),
    numbered(5, "product_sku", &[]),
    numbered(11, "event_action", &[ActionKind::Event]),
    numbered(10, "event_category", &[ActionKind::Event]),
    numbered(12, "event_name", &[ActionKind::Event]),
    numbered(16, "content_interaction", CONTENTS),
    numbered(13, "content_name", CONTENTS),
    numbered(14, "content_piece", CONTENTS),
    numbered(15, "content_target", CONTENTS),
];

/// What an item gets a number for.
const OF_ITEMS: [(u8, &str); 7] =
    [(5, "sku"), (6, "name"), (7, "category"), (7, "category2"), (7, "category3"), (7, "category4"), (7, "category5")];

impl Numbers {
    /// The numbers of everything on these sites; ours where Matomo's are not asked for.
    pub(super) async fn read(ctx: &Context) -> Result<Numbers, Error> {
        if !ctx.settings.action_ids {
            return Ok(Numbers::default());
        }
        let sites: Vec<SiteId> = ctx.sites.all().iter().map(|site| site.id).collect();
        let mut first: HashMap<(u8, Text), (i64, usize)> = HashMap::new();
        for (place, part) in OF_HITS.iter().enumerate() {
            for (text, hit) in appearances(ctx, &sites, HitRow::column(part.column), HitRow::column("hit_id"), part.of).await? {
                let at = first.entry((part.kind, text)).or_insert((hit, place));
                *at = (*at).min((hit, place));
            }
        }
        let mut sold: Vec<(u8, Text)> = Vec::new();
        for (kind, column) in OF_ITEMS {
            for (text, _) in appearances(ctx, &sites, ItemRow::column(column), ItemRow::column("at"), &[]).await? {
                if !first.contains_key(&(kind, Text::clone(&text))) && !sold.contains(&(kind, Text::clone(&text))) {
                    sold.push((kind, text));
                }
            }
        }
        let mut prefixes = HashMap::new();
        for part in OF_HITS.iter().filter(|part| part.column == "url") {
            for (text, prefix) in first_prefixes(ctx, &sites, part.of).await? {
                prefixes.insert((part.kind, text), prefix);
            }
        }
        Ok(Numbers { given: Some(given(ctx, first, sold).await?), prefixes })
    }

    /// What was cut before this address: that of its first appearance where Matomo's numbers are asked for.
    pub(super) fn prefix(&self, kind: ActionKind, text: &str, own: Option<u8>) -> Option<u8> {
        if self.given.is_none() {
            return own;
        }
        self.prefixes.get(&(kind_number(kind), Text::from(text))).copied().unwrap_or(own)
    }

    /// The number of what was visited, fetched or followed.
    pub(super) fn action(&self, kind: ActionKind, url: u32, text: &str) -> Option<i64> {
        self.of(kind_number(kind), url, text)
    }

    /// The number of a text of a kind; none for no text.
    pub(super) fn of(&self, kind: u8, id: u32, text: &str) -> Option<i64> {
        let Some(given) = &self.given else {
            return (id != 0).then(|| i64::from(id));
        };
        given.get(&(kind, Text::from(text))).copied()
    }
}

/// Matomo's numbers of kinds of texts.
pub(super) mod of {
    pub(in super::super) const TITLE: u8 = 4;
    pub(in super::super) const PRODUCT_SKU: u8 = 5;
    pub(in super::super) const PRODUCT_NAME: u8 = 6;
    pub(in super::super) const PRODUCT_CATEGORY: u8 = 7;
    pub(in super::super) const SEARCH: u8 = 8;
    pub(in super::super) const EVENT_CATEGORY: u8 = 10;
    pub(in super::super) const EVENT_ACTION: u8 = 11;
    pub(in super::super) const EVENT_NAME: u8 = 12;
    pub(in super::super) const CONTENT_NAME: u8 = 13;
    pub(in super::super) const CONTENT_PIECE: u8 = 14;
    pub(in super::super) const CONTENT_TARGET: u8 = 15;
    pub(in super::super) const CONTENT_INTERACTION: u8 = 16;

    /// The number of the address of an action.
    pub(in super::super) fn kind(kind: footfall_model::ActionKind) -> u8 {
        super::kind_number(kind)
    }
}

/// Matomo's number of a kind of action.
fn kind_number(kind: ActionKind) -> u8 {
    match kind {
        ActionKind::PageView => 1,
        ActionKind::Outlink => 2,
        ActionKind::Download => 3,
        ActionKind::Search => 8,
        ActionKind::Event => 10,
        ActionKind::ContentImpression | ActionKind::ContentInteraction | ActionKind::Engagement => 13,
    }
}

/// Every address of these actions with what was cut before it where it first appeared.
async fn first_prefixes(ctx: &Context, sites: &[SiteId], of: &[ActionKind]) -> Result<Vec<(Text, Option<u8>)>, Error> {
    let columns = ["url", "url_prefix", "hit_id", "kind"].map(HitRow::column);
    let [Some(url), Some(prefix), Some(hit), Some(kind)] = columns else {
        return Ok(Vec::new());
    };
    let mut query = Query::new(Fact::Hits, sites.to_vec(), TimeRange::EVER, TimeZone::UTC);
    let kinds = of.iter().map(|kind| Value::Int(*kind as i64)).collect();
    query.filter = Filter::test(Key::Column(kind), Op::Is, kinds);
    query.keys = vec![Key::Column(url), Key::Column(prefix)];
    query.measures = vec![Measure::new("first", Aggregate::Min(hit))];
    let mut first: HashMap<Text, (i64, Option<u8>)> = HashMap::new();
    for row in ctx.store.query(&query).await?.rows {
        let [Value::Text(text), prefix, hit] = row.as_slice() else { continue };
        let Some(hit) = hit.as_i64() else { continue };
        let prefix = prefix.as_i64().and_then(|prefix| u8::try_from(prefix).ok());
        let known = first.entry(Text::clone(text)).or_insert((hit, prefix));
        if hit < known.0 {
            *known = (hit, prefix);
        }
    }
    Ok(first.into_iter().map(|(text, (_, prefix))| (text, prefix)).collect())
}

/// Every text of a column with the least of another: the number of the action where it first was.
async fn appearances(
    ctx: &Context,
    sites: &[SiteId],
    column: Option<Column>,
    least: Option<Column>,
    of: &[ActionKind],
) -> Result<Vec<(Text, i64)>, Error> {
    let (Some(column), Some(least)) = (column, least) else {
        return Ok(Vec::new());
    };
    let mut query = Query::new(column.fact, sites.to_vec(), TimeRange::EVER, TimeZone::UTC);
    if let (Fact::Hits, Some(kind), false) = (column.fact, HitRow::column("kind"), of.is_empty()) {
        let kinds = of.iter().map(|kind| Value::Int(*kind as i64)).collect();
        query.filter = Filter::test(Key::Column(kind), Op::Is, kinds);
    }
    if let (Fact::Items, Some(goal)) = (column.fact, ItemRow::column("goal_id")) {
        query.filter = Filter::test(Key::Column(goal), Op::AtMost, vec![Value::Int(i64::from(GoalId::ORDER.0))]);
    }
    query.keys = vec![Key::Column(column)];
    query.measures = vec![Measure::new("first", Aggregate::Min(least))];
    let rows = ctx.store.query(&query).await?.rows.into_iter();
    Ok(rows
        .filter_map(|row| match row.as_slice() {
            [Value::Text(text), first] if !text.is_empty() => Some((Text::clone(text), first.as_i64()?)),
            _ => None,
        })
        .collect())
}

/// Numbers in the order of appearance. Of what only orders carried, the dictionary's numbers tell where it belongs.
async fn given(
    ctx: &Context,
    first: HashMap<(u8, Text), (i64, usize)>,
    sold: Vec<(u8, Text)>,
) -> Result<HashMap<(u8, Text), i64>, Error> {
    let mut seen: Vec<((i64, usize), (u8, Text))> = first.into_iter().map(|(pair, at)| (at, pair)).collect();
    seen.sort();
    let texts: Vec<Text> = seen.iter().map(|(_, (_, text))| text).chain(sold.iter().map(|(_, text)| text)).cloned().collect();
    let ids: Vec<u32> = ctx.store.text_ids(&texts).await?.into_iter().map(|id| id.unwrap_or(0)).collect();
    let (of_seen, of_sold) = ids.split_at(seen.len());
    let mut sold: Vec<(u32, (u8, Text))> = of_sold.iter().copied().zip(sold).collect();
    sold.sort();
    let mut numbers = HashMap::with_capacity(texts.len());
    let mut sold = sold.into_iter().peekable();
    let mut take = |pair: (u8, Text)| {
        let number = numbers.len() as i64 + 1;
        numbers.entry(pair).or_insert(number);
    };
    let mut newest = 0;
    for (id, (_, pair)) in of_seen.iter().zip(seen) {
        // What was sold came before the first action that brought a newer text.
        if *id > newest {
            newest = *id;
            while sold.peek().is_some_and(|(known, _)| *known < newest) {
                sold.next().into_iter().for_each(|(_, pair)| take(pair));
            }
        }
        take(pair);
    }
    sold.for_each(|(_, pair)| take(pair));
    Ok(numbers)
}
