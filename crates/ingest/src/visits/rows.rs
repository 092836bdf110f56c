use std::sync::Arc;

use footfall_model::{ActionKind, ConversionRow, GoalId, HitRow, ItemRow, Text, Value, VisitRow};

use crate::{
    enriched::Enriched,
    hit::{Action, Order, Product},
    texts::Texts,
};

/// The row of an action, into which what only actions have moves; `None` for what is no action of its own (goals, orders, carts,
/// heart-beats).
pub(super) fn hit_row(hit: &mut Enriched, hit_id: u64, visit: &VisitRow, texts: &Texts) -> Option<HitRow> {
    let mut row = HitRow {
        hit_id,
        visit_id: visit.visit_id,
        site_id: hit.site.id,
        visitor_id: visit.visitor_id,
        at: hit.at,
        url: texts.number(&hit.url.whole),
        url_prefix: hit.url.prefix,
        host: texts.number(&hit.url.host),
        page: texts.number(&hit.url.path),
        pageview_id: hit.pageview,
        interactive: true,
        facts: std::mem::take(&mut hit.action_facts),
        slots: std::mem::take(&mut hit.action_slots),
        props: std::mem::take(&mut hit.props),
        cvars: super::variables::kept(&hit.page_variables),
        ..HitRow::default()
    };
    let kind = match &hit.action {
        Action::PageView => {
            row.title = texts.number(&hit.title);
            ActionKind::PageView
        }
        Action::Download { .. } => ActionKind::Download,
        Action::Outlink { .. } => ActionKind::Outlink,
        Action::Search { keyword, category, count } => {
            row.search_keyword = texts.number(keyword);
            row.search_category = texts.number(category);
            row.search_count = *count;
            ActionKind::Search
        }
        Action::Event { category, action, name, value } => {
            row.event_category = texts.number(category);
            row.event_action = texts.number(action);
            row.event_name = texts.number(name);
            row.event_value = *value;
            ActionKind::Event
        }
        Action::Custom { name, interactive } => {
            row.event_action = texts.number(name);
            row.interactive = *interactive;
            ActionKind::Event
        }
        Action::Content { name, piece, target, interaction } => {
            row.content_name = texts.number(name);
            row.content_piece = texts.number(piece);
            row.content_target = texts.number(target);
            row.content_interaction = texts.number(interaction);
            if interaction.is_empty() { ActionKind::ContentImpression } else { ActionKind::ContentInteraction }
        }
        Action::Engagement { scroll_depth, milliseconds } => {
            row.scroll_depth = *scroll_depth;
            row.engagement_ms = Some(*milliseconds);
            ActionKind::Engagement
        }
        Action::Ping | Action::Goal { .. } | Action::Order(_) | Action::Cart(_) => return None,
    };
    row.kind = kind as u8;
    if kind == ActionKind::PageView {
        let [network, server, transfer, processing, completion, on_load] = hit.timings;
        row.time_network = network;
        row.time_server = server;
        row.time_transfer = transfer;
        row.time_dom_processing = processing;
        row.time_dom_completion = completion;
        row.time_on_load = on_load;
    }
    if let Some((amount, currency)) = &hit.revenue {
        row.revenue = Some(*amount);
        row.currency = Some(Arc::clone(currency));
    }
    if let Some(product) = &hit.product {
        let [first, second, third, fourth, fifth] = categories(product, texts);
        row.product_sku = texts.number(&product.sku);
        row.product_name = texts.number(&product.name);
        row.product_category = first;
        row.product_category2 = second;
        row.product_category3 = third;
        row.product_category4 = fourth;
        row.product_category5 = fifth;
        row.product_price = product.price;
    }
    Some(row)
}

/// What every conversion of a hit shares: when, where, and what it is credited to.
pub(super) fn conversion_row(
    hit: &Enriched,
    hit_id: u64,
    visit: &VisitRow,
    referrer: [usize; 3],
    texts: &Texts,
) -> ConversionRow {
    let fact = |place: usize| {
        visit.facts.get(place).and_then(|value| match value {
            Value::Text(text) => Some(Arc::clone(text)),
            _ => None,
        })
    };
    let [mut kind, mut name, mut keyword] = referrer.map(fact);
    if let Some(credited) = &hit.credited {
        let comes_from_campaign = kind.as_deref() == Some("campaign") && name.is_some();
        if &*credited.kind == "campaign" || !comes_from_campaign {
            kind = Some(Arc::clone(&credited.kind));
            name = credited.name.clone();
            keyword = credited.keyword.clone();
        }
    }
    ConversionRow {
        hit_id,
        visit_id: visit.visit_id,
        site_id: visit.site_id,
        visitor_id: visit.visitor_id,
        at: hit.at,
        url: texts.number(&hit.url.whole),
        visit_count: visit.visit_count,
        since_first: visit.since_first,
        since_order: visit.since_order,
        referrer_type: kind,
        referrer_name: name,
        referrer_keyword: keyword,
        slots: visit.slots.clone(),
        cvars: visit.cvars.clone(),
        ..ConversionRow::default()
    }
}

/// The items of an order or a cart; those without a code are left out.
pub(super) fn item_rows(hit: &Enriched, visit: &VisitRow, goal: GoalId, order: &Order, texts: &Texts) -> Vec<ItemRow> {
    let items = order.items.iter().filter(|item| !item.sku.is_empty());
    items
        .map(|item| {
            let [category, category2, category3, category4, category5] = categories(item, texts);
            ItemRow {
                hit_id: 0,
                visit_id: visit.visit_id,
                site_id: visit.site_id,
                visitor_id: visit.visitor_id,
                at: hit.at,
                goal_id: goal,
                order_id: (goal == GoalId::ORDER).then(|| Text::from(order.id.as_str())),
                sku: texts.number(&item.sku),
                name: texts.number(&item.name),
                category,
                category2,
                category3,
                category4,
                category5,
                price: item.price.unwrap_or_default(),
                quantity: item.quantity,
            }
        })
        .collect()
}

fn categories(product: &Product, texts: &Texts) -> [u32; 5] {
    std::array::from_fn(|place| product.categories.get(place).map_or(0, |name| texts.number(name)))
}

/// Every text of a hit that rows keep by number.
pub(crate) fn texts_of(hit: &Enriched, mut take: impl FnMut(&str)) {
    for text in [&hit.url.whole, &hit.url.host, &hit.url.path, &hit.title, &hit.referrer_url] {
        take(text);
    }
    let product = |product: &Product, take: &mut dyn FnMut(&str)| {
        take(&product.sku);
        take(&product.name);
        for category in &product.categories {
            take(category);
        }
    };
    match &hit.action {
        Action::Search { keyword, category, .. } => {
            take(keyword);
            take(category);
        }
        Action::Event { category, action, name, .. } => {
            take(category);
            take(action);
            take(name);
        }
        Action::Custom { name, .. } => take(name),
        Action::Content { name, piece, target, interaction } => {
            take(name);
            take(piece);
            take(target);
            take(interaction);
        }
        Action::Order(order) | Action::Cart(order) => {
            for item in &order.items {
                product(item, &mut take);
            }
        }
        Action::PageView
        | Action::Download { .. }
        | Action::Outlink { .. }
        | Action::Engagement { .. }
        | Action::Ping
        | Action::Goal { .. } => {}
    }
    if let Some(looked_at) = &hit.product {
        product(looked_at, &mut take);
    }
}
