//! What can be chosen for a site, and its tracking code.

use footfall_model::{Access, Cell, Name};
use footfall_report::names::{currencies, zones};

use super::{MODULE, tracking_code};
use crate::{
    access::Need,
    matomo::{
        Answer, Failure,
        dispatch::{Call, Method},
        scope,
    },
};

pub(in crate::matomo::methods) const METHODS: &[Method] = &[
    Method::new(MODULE, "getCurrencyList", Need::Nobody, &[], |_| Box::pin(async { Ok(currency_list()) })),
    Method::new(MODULE, "getCurrencySymbols", Need::Nobody, &[], |_| {
        Box::pin(async {
            let all = currencies::all().iter().map(|(code, _, sign)| (Name::Borrowed(*code), Cell::text(sign)));
            Ok(Answer::map(all.collect()))
        })
    }),
    Method::new(MODULE, "getTimezonesList", Need::Nobody, &[], |_| Box::pin(async { Ok(zone_list()) })),
    Method::new(MODULE, "getTimezoneName", Need::Nobody, &["timezone"], |call| {
        Box::pin(async move { Ok(Answer::value(zones::name(scope::required(call.request, "timezone")?).as_str())) })
    }),
    Method::new(MODULE, "isTimezoneSupportEnabled", Need::Somewhere(Access::View), &[], |_| {
        Box::pin(async { Ok(Answer::value(true)) })
    }),
    Method::new(MODULE, "getNumWebsitesToDisplayPerPage", Need::Somewhere(Access::View), &[], |_| {
        Box::pin(async { Ok(Answer::value(15i64)) })
    }),
    Method::new(MODULE, "getIpsForRange", Need::Nobody, &["ipRange"], |call| Box::pin(addresses(call))),
    Method::new(MODULE, "getImageTrackingCode", Need::Nobody, &["idSite"], |call| Box::pin(image(call))),
    Method::new(MODULE, "getJavascriptTag", Need::Nobody, &["idSite"], |call| {
        Box::pin(async move {
            let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
            Ok(Answer::value(tracking_code::script(site.id, &site.urls, &call.ctx.settings.base_url, call.request).as_str()))
        })
    }),
    Method::new(MODULE, "detectConsentManager", Need::Nobody, &["idSite"], |call| {
        Box::pin(async move {
            scope::site(call.ctx, call.caller, call.request, Access::View)?;
            Ok(Answer::Done)
        })
    }),
];

fn currency_list() -> Answer {
    let mut all: Vec<(Name, String)> =
        currencies::all().iter().map(|(code, name, sign)| (Name::Borrowed(*code), format!("{name} ({sign})"))).collect();
    all.sort_by(|(_, one), (_, two)| one.cmp(two));
    Answer::map(all.into_iter().map(|(code, name)| (code, name.as_str().into())).collect())
}

/// Whether a time zone is one of those that can be chosen.
pub(super) fn is_zone(given: &str) -> bool {
    let is_offset = |rest: &str| zones::OFFSETS.contains(&rest);
    given.strip_prefix("UTC").is_some_and(is_offset) || zones::all().iter().any(|(zone, _)| *zone == given)
}

fn zone_list() -> Answer {
    let mut continents: Vec<(&str, Vec<(Name, String)>)> = Vec::new();
    for (zone, _) in zones::all() {
        let continent = zone.split('/').next().unwrap_or(zone);
        let entry = (Name::Borrowed(*zone), zones::name(zone));
        match continents.iter_mut().find(|(known, _)| *known == continent) {
            Some((_, held)) => held.push(entry),
            None => continents.push((continent, vec![entry])),
        }
    }
    continents.sort_by_key(|(continent, _)| *continent);
    let mut all: Vec<(Name, Cell)> = Vec::new();
    for (continent, mut held) in continents {
        held.sort_by(|(_, one), (_, two)| one.cmp(two));
        all.push((continent.into(), Cell::Map(held.into_iter().map(|(zone, name)| (zone, name.as_str().into())).collect())));
    }
    let offsets = zones::OFFSETS.iter().map(|offset| {
        let zone = format!("UTC{offset}");
        let name = zones::name(&zone);
        (Name::Owned(zone), Cell::text(&name))
    });
    all.push(("UTC".into(), Cell::Map(offsets.collect())));
    Answer::map(all)
}

/// The first and last address of `1.2.3.*` or `1.2.3.0/24`; `false` where it is neither.
async fn addresses(call: Call<'_>) -> Result<Answer, Failure> {
    Ok(match ends(scope::required(call.request, "ipRange")?) {
        Some((first, last)) => Answer::list(vec![first.to_string().as_str().into(), last.to_string().as_str().into()]),
        None => Answer::value(false),
    })
}

/// The first and last address of those that are written so; `None` where it is nothing of the kind.
pub(super) fn ends(given: &str) -> Option<(std::net::IpAddr, std::net::IpAddr)> {
    wildcard(given).or_else(|| masked(given)).or_else(|| {
        let one: std::net::IpAddr = given.parse().ok()?;
        Some((one, one))
    })
}

fn wildcard(given: &str) -> Option<(std::net::IpAddr, std::net::IpAddr)> {
    if !given.ends_with('*') {
        return None;
    }
    Some((given.replace('*', "0").parse().ok()?, given.replace('*', "255").parse().ok()?))
}

fn masked(given: &str) -> Option<(std::net::IpAddr, std::net::IpAddr)> {
    let (address, bits) = given.split_once('/')?;
    let bits: u32 = bits.parse().ok()?;
    match address.parse().ok()? {
        std::net::IpAddr::V4(address) if bits <= 32 => {
            let free = u32::MAX.checked_shr(bits).unwrap_or(0);
            let first = address.to_bits() & !free;
            Some((std::net::Ipv4Addr::from_bits(first).into(), std::net::Ipv4Addr::from_bits(first | free).into()))
        }
        std::net::IpAddr::V6(address) if bits <= 128 => {
            let free = u128::MAX.checked_shr(bits).unwrap_or(0);
            let first = address.to_bits() & !free;
            Some((std::net::Ipv6Addr::from_bits(first).into(), std::net::Ipv6Addr::from_bits(first | free).into()))
        }
        _ => None,
    }
}

async fn image(call: Call<'_>) -> Result<Answer, Failure> {
    let request = call.request;
    let site = scope::required(request, "idSite")?;
    let mut query = format!("idsite={}&rec=1", form_urlencoded::byte_serialize(site.as_bytes()).collect::<String>());
    for (param, name) in [("actionName", "action_name"), ("idGoal", "idgoal"), ("revenue", "revenue")] {
        if let Some(given) = request.filled(param).filter(|_| name != "revenue" || request.filled("idGoal").is_some()) {
            let value: String = form_urlencoded::byte_serialize(given.as_bytes()).collect();
            query.push_str(&format!("&{name}={value}"));
        }
    }
    let base = request.filled("piwikUrl").unwrap_or_default().trim_end_matches('/');
    let url = format!("http://{base}/matomo.php?{query}");
    let html = format!(
        "<!-- Matomo Image Tracker-->\n<img referrerpolicy=\"no-referrer-when-downgrade\" src=\"{}\" style=\"border:0\" alt=\"\" \
         />\n<!-- End Matomo -->",
        url.replace('&', "&amp;").replace('"', "&quot;")
    );
    Ok(Answer::value(markup(&html).as_str()))
}

/// What is markup and stands as text in an answer.
pub(super) fn markup(html: &str) -> String {
    html.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
