//! What a request to `matomo.php` says was done.

use footfall_model::{GoalId, Site};

use super::{
    client::cut,
    entities::plain,
    params::{Name, Params, Raw, real},
    products,
};
use crate::{
    Dropped,
    accept::bounds,
    hit::{Action, Order, Product},
};

/// Why a request is not counted.
pub(crate) enum Refusal {
    /// It is fine, but not counted.
    Excluded(Dropped),
    /// It is wrong.
    Wrong(Dropped),
}

const TIMINGS: [Name; 6] = [Name::Network, Name::Server, Name::Transfer, Name::DomProcessing, Name::DomCompletion, Name::OnLoad];

/// What was done. One request is one action; where several are named, the last of this order wins: page view, search,
/// content, event, outlink, download. A heart-beat beats them all, then orders and goals.
pub(crate) fn action(params: &Params<'_>, site: &Site) -> Result<Action, Refusal> {
    let wrong = Refusal::Wrong(Dropped::InvalidParameter);
    let trimmed = |name| plain(params.text(name)).trim().to_owned();
    let goal = params.int(Name::Goal).unwrap_or(-1);
    if params.int(Name::Ping) == Some(1) {
        return Ok(Action::Ping);
    }
    if goal == 0 {
        return order(params);
    }
    if goal > 0 {
        let goal =
            i32::try_from(goal).ok().filter(|number| site.goals.iter().any(|goal| goal.id == GoalId(*number))).ok_or(wrong)?;
        return Ok(Action::Goal { goal, revenue: params.float(Name::Revenue) });
    }
    if params.filled(Name::Download).is_some() {
        return Ok(Action::Download { target: bounded(params.text(Name::Download)) });
    }
    if params.filled(Name::Link).is_some() {
        return Ok(Action::Outlink { target: bounded(params.text(Name::Link)) });
    }
    if !params.text(Name::EventCategory).is_empty() && !params.text(Name::EventAction).is_empty() {
        let (category, action) = (trimmed(Name::EventCategory), trimmed(Name::EventAction));
        if category.is_empty() || action.is_empty() {
            return Err(wrong);
        }
        return Ok(Action::Event {
            category: bounded(&category),
            action: bounded(&action),
            name: bounded(&trimmed(Name::EventLabel)),
            // A value that is no number counts as 0.
            value: (!params.text(Name::EventValue).is_empty()).then(|| params.float(Name::EventValue).unwrap_or_default()),
        });
    }
    if params.filled(Name::Content).is_some() {
        let name = trimmed(Name::Content);
        if name.is_empty() {
            return Err(wrong);
        }
        return Ok(Action::Content {
            name: bounded(&name),
            piece: bounded(&trimmed(Name::ContentPiece)),
            target: bounded(&trimmed(Name::ContentTarget)),
            interaction: bounded(&trimmed(Name::ContentInteraction)),
        });
    }
    if site.search.enabled && params.filled(Name::Search).is_some() {
        let keyword = trimmed(Name::Search);
        if !keyword.is_empty() {
            let count = params.int(Name::SearchCount).filter(|count| *count >= 0);
            return Ok(Action::Search {
                keyword: bounded(&keyword),
                category: cut(&trimmed(Name::SearchCategory), 200).to_owned(),
                count: count.and_then(|count| i32::try_from(count).ok()),
            });
        }
    }
    if params.is_set(Name::CustomAction) {
        return Err(Refusal::Wrong(Dropped::UnknownAction));
    }
    Ok(Action::PageView)
}

fn order(params: &Params<'_>) -> Result<Action, Refusal> {
    let amount = |name| params.float(name).map_or(0.0, cents);
    let Some(items) = products::items(params.json(Name::Items).as_deref()) else {
        return Err(Refusal::Excluded(Dropped::InvalidParameter));
    };
    let id = params.filled(Name::OrderId).map(plain).unwrap_or_default();
    let order = Order {
        id: id.chars().take(100).collect(),
        total: amount(Name::Revenue),
        subtotal: amount(Name::Subtotal),
        tax: amount(Name::Tax),
        shipping: amount(Name::Shipping),
        discount: amount(Name::Discount),
        items,
    };
    Ok(if order.id.is_empty() { Action::Cart(order) } else { Action::Order(order) })
}

fn cents(amount: f64) -> f64 {
    (amount * 100.0).round() / 100.0
}

/// The product that is looked at. What no parameter says may stand in the custom variables of the page, where trackers of
/// Matomo 3 and before put it: the price in the second, code, name and category in the third to the fifth.
pub(crate) fn product(params: &Params<'_>, page_variables: &[(String, String)]) -> Option<Product> {
    let old = |number: usize, name: &str| {
        page_variables.get(number - 1).filter(|(variable, _)| variable == name).map(|(_, value)| value.as_str())
    };
    let text = |param, number, name| match params.raw(param) {
        Some(_) => bounded(params.text(param)).trim().to_owned(),
        None => old(number, name).unwrap_or_default().to_owned(),
    };
    let sku = text(Name::ProductSku, 3, "_pks");
    let name = text(Name::ProductLabel, 4, "_pkn");
    let categories = match params.raw(Name::ProductCategory) {
        Some(Raw::Text(text)) => products::categories(text),
        Some(Raw::Json(list)) => products::several(list),
        None => products::categories(old(5, "_pkc").unwrap_or_default()),
    };
    if sku.is_empty() && name.is_empty() && categories.is_empty() {
        return None;
    }
    let price = params.float(Name::ProductPrice).or_else(|| old(2, "_pkp").and_then(real));
    Some(Product { sku, name, categories, price, quantity: 1 })
}

/// Page timings. What is no page view brings those of a page view before, by its `pv_id`. A negative one is refused with a page
/// view, else left out; so is one that no page can need.
pub(crate) fn timings(params: &Params<'_>, action: &Action) -> Result<[Option<u32>; 6], Refusal> {
    let mut timings = [None; 6];
    let is_page = matches!(action, Action::PageView);
    for (timing, name) in timings.iter_mut().zip(TIMINGS) {
        match params.int(name) {
            None | Some(-1) => {}
            Some(negative) if negative < 0 && !is_page => {}
            Some(negative) if negative < 0 => {
                return Err(Refusal::Wrong(Dropped::InvalidParameter));
            }
            Some(milliseconds) => {
                *timing = u32::try_from(milliseconds).ok().filter(|milliseconds| *milliseconds <= 0xff_ffff);
            }
        }
    }
    Ok(timings)
}

/// The text as it is kept: entities written out, cut.
pub(crate) fn bounded(text: &str) -> String {
    let text = plain(text);
    cut(&text, bounds::TEXT).to_owned()
}
