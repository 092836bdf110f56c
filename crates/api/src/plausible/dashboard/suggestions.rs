//! `GET /api/stats/{domain}/suggestions/…?q=`: values that a filter could name.

use footfall_model::Text;
use footfall_report::{
    names,
    stats::{self, By, Dimension, Filter, Leaf, Match, Metric, Source},
};
use serde_json::{Value, json};

use super::{
    super::{Failure, filters::refused},
    asked::Asked,
};
use crate::{
    Call,
    matomo::{Context, Reply},
    own::shape,
};

/// How many values are suggested at most.
const MOST: usize = 25;
/// Among how many of the most frequent places the names that fit are looked for.
const PLACES: u64 = 5000;
/// How long what is searched for may be, in bytes.
const LONGEST: usize = 2000;

/// Names in the path, and the dimensions they mean.
const NAMES: [(&str, &str); 24] = [
    ("page", "event:page"),
    ("hostname", "event:hostname"),
    ("entry_page", "visit:entry_page"),
    ("exit_page", "visit:exit_page"),
    ("source", "visit:source"),
    ("channel", "visit:channel"),
    ("referrer", "visit:referrer"),
    ("utm_medium", "visit:utm_medium"),
    ("utm_source", "visit:utm_source"),
    ("utm_campaign", "visit:utm_campaign"),
    ("utm_content", "visit:utm_content"),
    ("utm_term", "visit:utm_term"),
    ("screen", "visit:device"),
    ("screen_size", "visit:device"),
    ("device", "visit:device"),
    ("browser", "visit:browser"),
    ("browser_version", "visit:browser_version"),
    ("os", "visit:os"),
    ("operating_system", "visit:os"),
    ("os_version", "visit:os_version"),
    ("operating_system_version", "visit:os_version"),
    ("country", "visit:country"),
    ("region", "visit:region"),
    ("city", "visit:city"),
];

/// Answers for a filter's name.
pub(super) async fn answer(ctx: &Context, call: &Call, asked: &Asked, name: &str) -> Result<Reply, Failure> {
    let q = call.param("q").ok_or_else(|| Failure::bad("Search parameter 'q' is required"))?;
    let q = searched(q)?;
    let fits = |text: &str| text.to_lowercase().contains(&q.to_lowercase());
    let pairs: Vec<(Value, Text)> = match name {
        "goal" => {
            let goals = asked.site().goals.iter().map(stats::goal_name).filter(|name| fits(name));
            return Ok(told(goals.map(|name| (Value::from(&*name), name)).collect()));
        }
        "prop_key" => plain(properties(ctx, asked).await?.into_iter().filter(|name| fits(name))),
        "prop_value" => match property(asked) {
            Some(property) => return of_property(ctx, call, asked, &property).await,
            None => return Err(Failure::bad("Values of a property can only be suggested with a filter on it")),
        },
        "country" | "region" | "city" => places(ctx, asked, name, &q).await?,
        name => {
            let known = NAMES.iter().find(|(known, _)| *known == name);
            let (_, dimension) = known.ok_or_else(|| Failure::bad(format!("Invalid filter name `{name}`.")))?;
            // A star stands for anything in a filter on pages.
            let q = if name.ends_with("page") { q.replace('*', "") } else { q };
            plain(values(ctx, asked, dimension, &q).await?.into_iter())
        }
    };
    Ok(told(pairs))
}

/// Answers for the values of a property.
pub(super) async fn of_property(ctx: &Context, call: &Call, asked: &Asked, name: &str) -> Result<Reply, Failure> {
    let q = searched(call.param("q").unwrap_or_default())?;
    Ok(told(plain(values(ctx, asked, &format!("event:props:{name}"), &q).await?.into_iter())))
}

fn searched(q: String) -> Result<String, Failure> {
    if q.len() > LONGEST { Err(Failure::bad("Search parameter 'q' is too long")) } else { Ok(q) }
}

fn told(pairs: Vec<(Value, Text)>) -> Reply {
    let told: Vec<Value> =
        pairs.into_iter().take(MOST).map(|(value, label)| json!({ "value": value, "label": &*label })).collect();
    shape::json(200, &told.into())
}

fn plain(values: impl Iterator<Item = Text>) -> Vec<(Value, Text)> {
    values.map(|value| (Value::from(&*value), value)).collect()
}

/// The properties that events carry, the most frequent first: those the site shows.
///
/// # Errors
/// When the store cannot answer.
pub(super) async fn properties(ctx: &Context, asked: &Asked) -> Result<Vec<Text>, Failure> {
    let shown = &asked.site().allowed_props;
    let found = stats::properties(&ctx.reader(), &asked.query(&asked.span, &[])).await.map_err(refused)?;
    let names = found.into_iter().map(|(name, _)| name);
    Ok(names.filter(|name| shown.is_empty() || shown.iter().any(|known| **known == **name)).collect())
}

/// The property that a condition is about.
pub(super) fn property(asked: &Asked) -> Option<String> {
    asked.filters.iter().find_map(|filter| match filter {
        Filter::Leaf(leaf) => leaf.dimension.name.strip_prefix("event:props:").map(str::to_owned),
        _ => None,
    })
}

/// The values of a dimension that hold what is searched for, the most frequent first.
async fn values(ctx: &Context, asked: &Asked, name: &str, q: &str) -> Result<Vec<Text>, Failure> {
    let dimension = dimension(ctx, asked, name)?;
    let mut query = asked.query(&asked.span, &[often(&dimension)]);
    if !q.is_empty() {
        let values = vec![Text::from(q)];
        query.filters.push(Filter::Leaf(Leaf {
            how: Match::Contains,
            dimension: dimension.clone(),
            values,
            case_sensitive: false,
        }));
    }
    let unset = dimension.unset();
    let says_something = matches!(&dimension.source, Source::Prop(_)) || matches!(name, "visit:source" | "visit:channel");
    query.dimensions = vec![dimension];
    query.order = vec![(By::Metric(0), true), (By::Dimension(0), false)];
    query.limit = Some(MOST as u64 + 1);
    let answer = stats::run(&ctx.reader(), &query).await.map_err(refused)?;
    let values = answer.rows.into_iter().filter_map(|row| row.dimensions.into_iter().next());
    Ok(values.filter(|value| says_something || **value != *unset).collect())
}

/// Places by their codes whose names hold what is searched for, the most frequent first.
async fn places(ctx: &Context, asked: &Asked, name: &str, q: &str) -> Result<Vec<(Value, Text)>, Failure> {
    let code = dimension(ctx, asked, &format!("visit:{name}"))?;
    let unset = code.unset();
    let mut query = asked.query(&asked.span, &[often(&code)]);
    query.dimensions = vec![code];
    if name == "city" {
        query.dimensions.push(dimension(ctx, asked, "visit:city_name")?);
    }
    let unnamed = query.dimensions.last().map_or("", Dimension::unset);
    query.order = vec![(By::Metric(0), true), (By::Dimension(0), false)];
    query.limit = Some(PLACES);
    let answer = stats::run(&ctx.reader(), &query).await.map_err(refused)?;
    let q = q.to_lowercase();
    let named = answer.rows.into_iter().filter_map(|row| {
        let mut values = row.dimensions.into_iter();
        let code = values.next().filter(|code| **code != *unset)?;
        let label = match name {
            "country" => Text::from(names::countries::name(&code)?),
            "region" => names::regions::name(&code).map_or_else(|| code.clone(), Text::from),
            _ => values.next().filter(|name| **name != *unnamed).unwrap_or_else(|| Text::from("N/A")),
        };
        let number = if name == "city" { code.parse::<i64>().ok() } else { None };
        let value = number.map_or_else(|| Value::from(&*code), Value::from);
        label.to_lowercase().contains(&q).then_some((value, label))
    });
    Ok(named.collect())
}

fn dimension(ctx: &Context, asked: &Asked, name: &str) -> Result<Dimension, Failure> {
    let found = Dimension::parse(name, asked.site(), &ctx.catalogue);
    found.ok_or_else(|| Failure::bad(format!("Invalid filter name `{name}`.")))
}

/// What tells how frequent a value is.
fn often(dimension: &Dimension) -> Metric {
    if dimension.is_of_actions() { Metric::Events } else { Metric::Visits }
}
