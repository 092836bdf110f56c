//! `Goals.*`: what goals a site has.

use footfall_admin::NewGoal;
use footfall_model::{Access, Cell, Fault, Goal, GoalId, GoalMatch, MatchAttribute, MatchPattern, Name, SiteId};

use crate::{
    access::Need,
    matomo::{
        Answer, Failure,
        cells::bit,
        dispatch::{Call, Method},
        scope,
    },
};

/// What a goal has to be changed with: all of it.
const TO_UPDATE: &[&str] = &["idSite", "idGoal", "name", "matchAttribute", "pattern", "patternType"];

pub(super) const METHODS: &[Method] = &[
    Method::new("Goals", "getGoal", Need::Nobody, &["idSite", "idGoal"], |call| Box::pin(get(call))),
    Method::new("Goals", "getGoals", Need::Nobody, &["idSite"], |call| Box::pin(list(call))),
    Method::new("Goals", "addGoal", Need::Nobody, &["idSite", "name", "matchAttribute", "pattern", "patternType"], |call| {
        Box::pin(add(call))
    }),
    Method::new("Goals", "updateGoal", Need::Nobody, TO_UPDATE, |call| Box::pin(update(call))),
    Method::new("Goals", "deleteGoal", Need::Nobody, &["idSite", "idGoal"], |call| Box::pin(delete(call))),
];

async fn get(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    let id = call.request.int("idGoal");
    Ok(match site.goals.iter().find(|goal| Some(i64::from(goal.id.0)) == id) {
        Some(goal) => Answer::Data(shown(site.id, goal)),
        None => Answer::Done,
    })
}

async fn list(call: Call<'_>) -> Result<Answer, Failure> {
    let given = scope::required(call.request, "idSite")?;
    let sites = scope::sites(call.ctx, call.caller, given, Access::View)?;
    let mut goals: Vec<(SiteId, &Goal)> = sites.iter().flat_map(|site| site.goals.iter().map(|goal| (site.id, goal))).collect();
    if call.request.flag("orderByName") {
        goals.sort_by(|(_, one), (_, two)| one.name.to_lowercase().cmp(&two.name.to_lowercase()).then(two.id.cmp(&one.id)));
    }
    // Keyed by number as at Matomo, where the last of equal numbers stands.
    let mut entries: Vec<(Name, Cell)> = Vec::new();
    for (site, goal) in goals {
        let (key, cell) = (Name::Owned(goal.id.0.to_string()), shown(site, goal));
        match entries.iter_mut().find(|(known, _)| *known == key) {
            Some((_, held)) => *held = cell,
            None => entries.push((key, cell)),
        }
    }
    Ok(Answer::map(entries))
}

async fn add(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::Write)?;
    let goal = call.ctx.admin.add_goal(site.id, new(call)?).await?;
    Ok(Answer::value(i64::from(goal.id.0)))
}

async fn update(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::Write)?;
    let goal = new(call)?;
    if goal.event_value_as_revenue && !is_event(&goal.rule) {
        return Err(Failure::new("'useEventValueAsRevenue' can only be 1 if the goal matches an event attribute."));
    }
    call.ctx.admin.update_goal(site.id, id(call)?, goal).await?;
    Ok(Answer::Done)
}

async fn delete(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::Write)?;
    // What is not there need not be deleted.
    let Ok(id) = id(call) else { return Ok(Answer::Done) };
    match call.ctx.admin.delete_goal(site.id, id).await {
        Err(error) if error.fault() == Fault::Missing => Ok(Answer::Done),
        done => Ok(done.map(|()| Answer::Done)?),
    }
}

fn id(call: Call<'_>) -> Result<GoalId, Failure> {
    let id = call.request.int("idGoal").and_then(|id| i32::try_from(id).ok());
    id.map(GoalId).ok_or_else(|| Failure::missing("idGoal"))
}

fn is_event(rule: &GoalMatch) -> bool {
    use MatchAttribute::{EventAction, EventCategory, EventName};
    matches!(rule, GoalMatch::Matomo { attribute: EventCategory | EventAction | EventName, .. })
}

/// The goal that a request describes.
fn new(call: Call<'_>) -> Result<NewGoal, Failure> {
    let request = call.request;
    let name = scope::decode_plus(scope::required(request, "name")?);
    let given = scope::required(request, "matchAttribute")?;
    let pattern = request.text("pattern").unwrap_or_default();
    let kind = request.filled("patternType").map(str::to_lowercase).unwrap_or_default();
    let kind = kind_of(given, &kind, pattern)?;
    let attribute =
        MatchAttribute::parse(given).ok_or_else(|| Failure::new(format!("The match attribute '{given}' is not known.")))?;
    let rule = GoalMatch::Matomo {
        attribute,
        pattern: kind,
        text: scope::decode_plus(pattern),
        case_sensitive: request.flag("caseSensitive"),
    };
    Ok(NewGoal {
        description: scope::decode_plus(request.text("description").unwrap_or_default()),
        revenue: request.filled("revenue").and_then(|given| given.replace(',', ".").parse().ok()).unwrap_or_default(),
        event_value_as_revenue: request.flag("useEventValueAsRevenue"),
        many_per_visit: request.flag("allowMultipleConversionsPerVisit"),
        ..NewGoal::new(name, rule)
    })
}

/// How a pattern is meant; refused in Matomo's order, which asks for a whole address before it knows what is matched.
fn kind_of(attribute: &str, kind: &str, pattern: &str) -> Result<MatchPattern, Failure> {
    let takes_any = attribute == "title" || attribute.starts_with("event_");
    if kind == "exact" && !takes_any && !pattern.starts_with("http") {
        return Err(Failure::new(
            "If you choose 'exact match', the matching string must be a URL starting with http:// or https://. For example, \
             'http://www.yourwebsite.com/newsletter/subscribed.html'.",
        ));
    }
    if kind == "regex" && regex::Regex::new(pattern).is_err() {
        return Err(Failure::new(format!("The value \"/{pattern}/\" is not a valid regular expression.")));
    }
    let counts = matches!(attribute, "visit_total_actions" | "visit_total_pageviews");
    let is_numeric = attribute == "visit_duration" || (counts && kind == "greater_than");
    if is_numeric && pattern.trim().parse::<f64>().is_err() {
        return Err(Failure::new(format!(
            "Invalid pattern for match attribute '{attribute}'. (got '{pattern}', expected numeric value)."
        )));
    }
    let allowed = if is_numeric { &["greater_than"][..] } else { &["exact", "contains", "regex"] };
    if !allowed.contains(&kind) {
        return Err(Failure::new(format!("The value \"{kind}\" is not allowed, use one of: {}.", allowed.join(", "))));
    }
    MatchPattern::parse(kind).ok_or_else(|| Failure::missing("patternType"))
}

/// A goal as the API shows it.
pub(super) fn shown(site: SiteId, goal: &Goal) -> Cell {
    let mut entries: Vec<(Name, Cell)> = vec![
        ("idsite".into(), i64::from(site.0).into()),
        ("idgoal".into(), i64::from(goal.id.0).into()),
        ("name".into(), goal.name.as_str().into()),
        ("description".into(), goal.description.as_str().into()),
    ];
    let (attribute, pattern) = match &goal.rule {
        GoalMatch::Matomo { attribute: MatchAttribute::Manually, .. } => ("manually", None),
        GoalMatch::Matomo { attribute, pattern, text, case_sensitive } => {
            (attribute.name(), Some((text.clone(), pattern.name(), *case_sensitive)))
        }
        GoalMatch::PagePath { path, .. } | GoalMatch::Scroll { path, .. } => ("url", Some((path.clone(), "contains", true))),
        GoalMatch::Event { name, .. } => ("event_action", Some((name.clone(), "exact", true))),
    };
    entries.push(("match_attribute".into(), attribute.into()));
    if let Some((text, kind, case_sensitive)) = pattern {
        entries.push(("pattern".into(), text.as_str().into()));
        entries.push(("pattern_type".into(), kind.into()));
        entries.push(("case_sensitive".into(), bit(case_sensitive).into()));
    }
    entries.extend([
        ("allow_multiple".into(), bit(goal.many_per_visit).into()),
        ("revenue".into(), Cell::Value(footfall_report::number::number(goal.revenue))),
        ("deleted".into(), 0i64.into()),
        ("event_value_as_revenue".into(), bit(goal.event_value_as_revenue).into()),
    ]);
    Cell::Map(entries)
}
