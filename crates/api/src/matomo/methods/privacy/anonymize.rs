//! `PrivacyManager.anonymizeSomeRawData`: what is known of people is taken out of visits that stay.

use std::net::IpAddr;

use footfall_model::{Column, Error, Fact, Key, Kind, Query, SiteId, Text, TimeRange, Value, VisitAnchor, masked, variable};
use footfall_report::{
    Periods,
    store::{Change, Rewrite},
};
use jiff::tz::TimeZone;
use sha1::{Digest, Sha1};

use super::columns;
use crate::matomo::{Answer, Failure, Location, dispatch::Call, methods::users, scope};

/// What is to be taken away.
struct Asked {
    sites: Vec<SiteId>,
    range: TimeRange,
    addresses: bool,
    places: bool,
    users: bool,
    of_visits: Vec<String>,
    of_actions: Vec<String>,
}

/// Takes it away at once.
pub(super) async fn run(call: Call<'_>) -> Result<Answer, Failure> {
    users::confirm_always(call).await?;
    let asked = asked(call)?;
    let mut changes = Vec::new();
    if asked.addresses || asked.places {
        changes.extend(places(call, &asked).await?);
    }
    if asked.users {
        changes.extend(people(call, &asked).await?);
    }
    changes.extend(plugins(call, &asked).await?);
    changes.extend(emptied(call, Fact::Visits, &asked.of_visits));
    let of_conversions = emptied(call, Fact::Conversions, &asked.of_visits).collect();
    let of_actions = emptied(call, Fact::Hits, &asked.of_actions).collect();
    for (fact, changes) in [(Fact::Visits, changes), (Fact::Conversions, of_conversions), (Fact::Hits, of_actions)] {
        if !changes.is_empty() {
            let wanted = Rewrite { fact, sites: asked.sites.clone(), range: asked.range, changes };
            call.ctx.store.rewrite(&wanted).await?;
        }
    }
    Ok(Answer::Done)
}

fn asked(call: Call<'_>) -> Result<Asked, Failure> {
    let request = call.request;
    let given = request.words("idSites").join(",");
    let sites = if given == "all" {
        call.ctx.sites.all().iter().map(|site| site.id).collect()
    } else {
        scope::sites(call.ctx, call.caller, &given, footfall_model::Access::Admin)?.iter().map(|site| site.id).collect()
    };
    let date = scope::required(request, "date")?;
    let period = if date.contains(',') { "range" } else { "day" };
    let days = match Periods::parse(period, date, scope::today(call.ctx, None))? {
        Periods::One(period) => period.days,
        Periods::Each(_) => return Err(Failure::missing("date")),
    };
    let asked = Asked {
        sites,
        range: days.on(&TimeZone::UTC),
        addresses: request.flag("anonymizeIp"),
        places: request.flag("anonymizeLocation"),
        users: request.flag("anonymizeUserId"),
        of_visits: known(request.texts("unsetVisitColumns"), columns::VISIT, "log_visit")?,
        of_actions: known(request.texts("unsetLinkVisitActionColumns"), columns::ACTION, "log_link_visit_action")?,
    };
    let is_nothing =
        !asked.addresses && !asked.places && !asked.users && asked.of_visits.is_empty() && asked.of_actions.is_empty();
    if is_nothing {
        return Err(Failure::new("Nothing is selected to be anonymized"));
    }
    Ok(asked)
}

/// Columns that are named and can be emptied.
fn known(named: Vec<String>, names: columns::Names, table: &str) -> Result<Vec<String>, Failure> {
    let named: Vec<String> = named.into_iter().filter(|name| !name.is_empty()).collect();
    let all = || names.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    match named.iter().find(|name| names.iter().all(|(known, _)| known != name)) {
        None => Ok(named),
        Some(unknown) => Err(Failure::new(format!(
            "The column \"{unknown}\" seems to not exist in {table} or cannot be unset. Use one of {}",
            all()
        ))),
    }
}

/// Columns that hold nothing afterwards.
fn emptied(call: Call<'_>, fact: Fact, names: &[String]) -> impl Iterator<Item = Change> {
    let mut changes = Vec::new();
    for name in names {
        if let Some((number, is_name)) = columns::variable(name) {
            let key = if is_name { variable::name_key(number) } else { variable::value_key(number) };
            changes.extend(column(call, fact, "cvars").map(|held| Change::Drop(held, vec![key])));
        }
        let ours = columns::ours(fact, name);
        changes
            .extend(ours.iter().filter_map(|name| column(call, fact, name)).map(|column| Change::Put(column, nothing(&column))));
    }
    changes.into_iter()
}

/// What a column holds where nothing was said.
fn nothing(column: &Column) -> Value {
    let may_be_unsaid = ["since_order", "search_count"].contains(&column.name) || column.name.starts_with("time_");
    match column.kind {
        Kind::Text | Kind::Real => Value::Null,
        Kind::Small if column.name.starts_with("local_") => Value::Null,
        _ if may_be_unsaid => Value::Null,
        _ => Value::Int(0),
    }
}

/// Addresses lose their last bytes, at least two of them; places are those of such addresses.
async fn places(call: Call<'_>, asked: &Asked) -> Result<Vec<Change>, Failure> {
    const PLACES: [&str; 7] = ["continent", "country", "region", "city", "city_id", "latitude", "longitude"];
    let Some(address) = column(call, Fact::Visits, "address") else { return Ok(Vec::new()) };
    let bytes = call.ctx.admin.setting::<u8>("anonymize_ip_bytes").await?.unwrap_or(0).max(2);
    let held: Vec<(Text, IpAddr)> = held(call, asked, address)
        .await?
        .into_iter()
        .filter_map(|text| text.parse().ok().map(|address: IpAddr| (text, masked(address, bytes))))
        .collect();
    let mut changes = Vec::new();
    if asked.places {
        let columns: Vec<Column> = PLACES.iter().filter_map(|name| column(call, Fact::Visits, name)).collect();
        changes.extend(columns.iter().map(|column| Change::Put(*column, Value::Null)));
        if let Some(places) = &call.ctx.settings.places {
            let rows = held.iter().map(|(text, address)| (text.clone(), place(&places.locate(*address)))).collect();
            changes.push(Change::Replace { by: address, columns, rows });
        }
    }
    if asked.addresses {
        let rows = held.into_iter().map(|(text, address)| (text, vec![Value::text(&address.to_string())])).collect();
        changes.push(Change::Replace { by: address, columns: vec![address], rows });
    }
    Ok(changes)
}

fn place(found: &Location) -> Vec<Value> {
    let text = |text: &str| if text.is_empty() { Value::Null } else { Value::text(text) };
    let (latitude, longitude) =
        found.degrees.map_or((Value::Null, Value::Null), |(north, east)| (Value::Real(north), Value::Real(east)));
    let [continent, country, region, city] =
        [&found.continent, &found.country, &found.region, &found.city].map(|held| text(held));
    vec![continent, country, region, city, Value::Null, latitude, longitude]
}

/// A hash stands for each user id: the one that tracking would have kept.
async fn people(call: Call<'_>, asked: &Asked) -> Result<Vec<Change>, Failure> {
    let Some(user) = column(call, Fact::Visits, "user_id") else { return Ok(Vec::new()) };
    let secret: String = call.ctx.admin.setting("instance.secret").await?.unwrap_or_default();
    let secret: Vec<u8> =
        secret.as_bytes().chunks(2).filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect();
    let hash = |id: &Text| {
        let hash = Sha1::new().chain_update(id.as_bytes()).chain_update(&secret).finalize();
        hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let held = held(call, asked, user).await?;
    let rows = held.into_iter().map(|id| (id.clone(), vec![Value::text(&hash(&id))])).collect();
    Ok(vec![Change::Replace { by: user, columns: vec![user], rows }])
}

/// Plugins are kept as one list: what is left of each list when some are taken out.
async fn plugins(call: Call<'_>, asked: &Asked) -> Result<Vec<Change>, Failure> {
    let gone: Vec<&str> = asked.of_visits.iter().filter_map(|name| columns::plugin(name)).collect();
    let Some(column) = column(call, Fact::Visits, "plugins").filter(|_| !gone.is_empty()) else { return Ok(Vec::new()) };
    let left = |list: &Text| list.split(',').filter(|word| !gone.contains(word)).collect::<Vec<_>>().join(",");
    let held = held(call, asked, column).await?;
    let value = |list: String| if list.is_empty() { Value::Null } else { Value::text(&list) };
    let rows = held.into_iter().map(|list| (list.clone(), vec![value(left(&list))])).collect();
    Ok(vec![Change::Replace { by: column, columns: vec![column], rows }])
}

/// The texts that a column of the visits meant holds.
async fn held(call: Call<'_>, asked: &Asked, column: Column) -> Result<Vec<Text>, Error> {
    let mut query = Query::new(Fact::Visits, asked.sites.clone(), asked.range, TimeZone::UTC);
    query.anchor = VisitAnchor::LastAction;
    query.keys = vec![Key::Column(column)];
    let rows = call.ctx.store.query(&query).await?.rows;
    let text = |row: Vec<Value>| match row.into_iter().next() {
        Some(Value::Text(text)) if !text.is_empty() => Some(text),
        _ => None,
    };
    Ok(rows.into_iter().filter_map(text).collect())
}

fn column(call: Call<'_>, fact: Fact, name: &str) -> Option<Column> {
    call.ctx.catalogue.columns(fact).into_iter().find(|column| column.name == name)
}
