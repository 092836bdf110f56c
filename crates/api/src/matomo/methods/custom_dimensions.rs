//! `CustomDimensions.*`: what custom dimensions a site has.

use footfall_admin::NewDimension;
use footfall_model::{Access, Cell, CustomDimension, CustomScope, SiteId};

use crate::{
    access::{self, Need},
    matomo::{
        Answer, Failure, Param,
        cells::cells,
        dispatch::{Call, Method},
        scope,
    },
};

const MODULE: &str = "CustomDimensions";

pub(super) const METHODS: &[Method] = &[
    Method::new(MODULE, "configureNewCustomDimension", Need::Nobody, &["idSite", "name", "scope", "active"], |call| {
        Box::pin(add(call))
    }),
    Method::new(MODULE, "configureExistingCustomDimension", Need::Nobody, &["idDimension", "idSite", "name", "active"], |call| {
        Box::pin(update(call))
    }),
    Method::new(MODULE, "getConfiguredCustomDimensions", Need::Nobody, &["idSite"], |call| Box::pin(list(call, None))),
    Method::new(MODULE, "getConfiguredCustomDimensionsHavingScope", Need::Nobody, &["idSite", "scope"], |call| {
        Box::pin(list(call, call.request.filled("scope")))
    }),
    Method::new(MODULE, "getAvailableScopes", Need::Nobody, &["idSite"], |call| Box::pin(scopes(call))),
    Method::new(MODULE, "getAvailableExtractionDimensions", Need::Somewhere(Access::Write), &[], |_| {
        Box::pin(async { Ok(Answer::Data(sources())) })
    }),
];

/// The slots that Matomo has for either scope.
const SLOTS: i64 = 5;

async fn add(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::Write)?;
    let extractions = check(call)?;
    let given = scope::required(call.request, "scope")?;
    let scope = parse_scope(given).ok_or_else(|| {
        Failure::new(format!("Invalid value '{given}' for 'scope' specified. Available scopes are: visit, action, conversion"))
    })?;
    let new = new(call, scope, true, extractions)?;
    let used = site.dimensions.iter().filter(|known| known.scope == scope).count();
    if used >= usize::from(CustomDimension::SLOTS) {
        return Err(Failure::new(format!("All Custom Dimensions for website {} in scope '{given}' are already used.", site.id)));
    }
    let made = call.ctx.admin.add_dimension(site.id, new).await?;
    Ok(Answer::value(i64::from(made.id)))
}

async fn update(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::Write)?;
    let id = call.request.int("idDimension");
    let known = site.dimensions.iter().find(|known| Some(i64::from(known.id)) == id).ok_or_else(|| {
        let id = call.request.text("idDimension").unwrap_or_default();
        Failure::new(format!("Dimension {id} for website {} does not exist.", site.id))
    })?;
    let new = new(call, known.scope, known.case_sensitive, check(call)?)?;
    call.ctx.admin.update_dimension(site.id, known.id, new).await?;
    Ok(Answer::Done)
}

async fn list(call: Call<'_>, scope: Option<&str>) -> Result<Answer, Failure> {
    let (id, known) = dimensions(call)?;
    let kept = known.iter().filter(|known| scope.is_none_or(|scope| scope == scope_name(known.scope)));
    Ok(Answer::list(kept.map(|known| shown(id, known)).collect()))
}

/// The dimensions of the site asked for: a site that does not exist has none, for those who may see any.
fn dimensions(call: Call<'_>) -> Result<(SiteId, Vec<CustomDimension>), Failure> {
    let given = scope::required(call.request, "idSite")?;
    let id = SiteId(given.trim().parse().unwrap_or_default());
    access::check_site(call.caller, id, Access::View)?;
    let site = call.ctx.sites.get(id);
    Ok((id, site.map_or_else(Vec::new, |site| site.dimensions.clone())))
}

async fn scopes(call: Call<'_>) -> Result<Answer, Failure> {
    let (_, known) = dimensions(call)?;
    let one = |scope: CustomScope, name: &str| {
        let used = known.iter().filter(|known| known.scope == scope).count() as i64;
        let slots = SLOTS.max(used);
        cells! {
            "value" => scope_name(scope),
            "name" => name,
            "numSlotsAvailable" => slots,
            "numSlotsUsed" => used,
            "numSlotsLeft" => slots - used,
            "supportsExtractions" => scope == CustomScope::Action,
        }
    };
    Ok(Answer::list(vec![one(CustomScope::Visit, "Visit"), one(CustomScope::Action, "Action")]))
}

fn sources() -> Cell {
    let one = |value: &str, name: &str| cells! {"value" => value, "name" => name};
    Cell::List(vec![one("url", "Page URL"), one("urlparam", "Page URL Parameter"), one("action_name", "Page Title")])
}

/// Refuses what no dimension can be, in Matomo's order, and gives the extractions.
fn check(call: Call<'_>) -> Result<Vec<(String, String)>, Failure> {
    let request = call.request;
    let name = scope::required(request, "name")?;
    if name.len() > 255 {
        return Err(Failure::new("Name contains too many characters, use up to 255 characters."));
    }
    if name.contains(['/', '\\', '&', '.', '<', '>', '"']) {
        return Err(Failure::new("Allowed characters are any letters, numbers, whitespace, a dash and underline."));
    }
    let is_bit = |name: &str| {
        let given = request.text(name).unwrap_or_default();
        if matches!(given, "0" | "1") {
            return Ok(());
        }
        Err(Failure::new(format!("Invalid value '{given}' for '{name}' specified. Allowed values: '0' or '1'")))
    };
    is_bit("active")?;
    let extractions = extractions(request.get("extractions"))?;
    if request.filled("caseSensitive").is_some() {
        is_bit("caseSensitive")?;
    }
    Ok(extractions)
}

fn new(
    call: Call<'_>,
    scope: CustomScope,
    case_sensitive: bool,
    extractions: Vec<(String, String)>,
) -> Result<NewDimension, Failure> {
    let request = call.request;
    if scope == CustomScope::Visit && !extractions.is_empty() {
        return Err(Failure::new("Extractions can be used only in scope 'action'"));
    }
    Ok(NewDimension {
        name: scope::required(request, "name")?.to_owned(),
        scope,
        active: request.text("active") == Some("1"),
        case_sensitive: if request.filled("caseSensitive").is_some() { request.flag("caseSensitive") } else { case_sensitive },
        extractions,
    })
}

/// Where values come from: each entry has a source and a pattern, and nothing else.
fn extractions(given: Option<&Param>) -> Result<Vec<(String, String)>, Failure> {
    let entries = match given {
        None => return Ok(Vec::new()),
        Some(Param::Text(text)) if text.is_empty() => return Ok(Vec::new()),
        Some(Param::Text(_)) => return Err(Failure::new("extractions has to be an array")),
        Some(Param::List(entries)) => entries,
    };
    let mut found = Vec::new();
    for (_, entry) in entries {
        let Param::List(members) = entry else {
            return Err(Failure::new("Each extraction within extractions has to be an array"));
        };
        let text = |wanted: &str| {
            members.iter().find(|(name, _)| name == wanted).and_then(|(_, value)| match value {
                Param::Text(text) => Some(text.clone()),
                Param::List(_) => None,
            })
        };
        let (2, Some(source), Some(pattern)) = (members.len(), text("dimension"), text("pattern")) else {
            return Err(Failure::new("Each extraction within extractions must have a key \"dimension\" and \"pattern\" only"));
        };
        check_extraction(&source, &pattern)?;
        // What has no pattern finds nothing.
        if !pattern.is_empty() {
            found.push((source, pattern));
        }
    }
    Ok(found)
}

fn check_extraction(source: &str, pattern: &str) -> Result<(), Failure> {
    if !["url", "urlparam", "action_name"].contains(&source) {
        return Err(Failure::new(format!(
            "Invald dimension '{source}' used in an extraction. Available dimensions are: url, urlparam, action_name"
        )));
    }
    // Signs are counted, as at Matomo, and groups that catch nothing are taken off.
    let unnamed = pattern.matches("(?").count();
    let is_one = |sign: char| pattern.matches(sign).count().checked_sub(unnamed) == Some(1);
    let opens_first = pattern.find('(') < pattern.find(')');
    if !pattern.is_empty() && source != "urlparam" && !(is_one('(') && is_one(')') && opens_first) {
        return Err(Failure::new(
            "You need to group exactly one part of the regular expression inside round brackets, eg 'index_(.+).html'",
        ));
    }
    Ok(())
}

fn shown(site: SiteId, dimension: &CustomDimension) -> Cell {
    let source = |(from, pattern): &(String, String)| {
        cells! {"dimension" => from.as_str(), "pattern" => pattern.as_str()}
    };
    cells! {
        "idcustomdimension" => dimension.id.to_string().as_str(),
        "idsite" => site.to_string().as_str(),
        "name" => dimension.name.as_str(),
        "index" => dimension.slot.to_string().as_str(),
        "scope" => scope_name(dimension.scope),
        "active" => dimension.active,
        "extractions" => Cell::List(dimension.extractions.iter().map(source).collect()),
        "case_sensitive" => dimension.case_sensitive,
    }
}

fn scope_name(scope: CustomScope) -> &'static str {
    match scope {
        CustomScope::Visit => "visit",
        CustomScope::Action => "action",
    }
}

fn parse_scope(name: &str) -> Option<CustomScope> {
    match name {
        "visit" => Some(CustomScope::Visit),
        "action" => Some(CustomScope::Action),
        _ => None,
    }
}
