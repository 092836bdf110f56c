//! Goals of a site.

use std::sync::Arc;

use footfall_admin::NewGoal;
use footfall_model::{Access, Goal, GoalId, GoalMatch, MatchAttribute, MatchPattern, Site};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Caller, Failure, body, shape};
use crate::{
    Call,
    matomo::{Context, Reply},
};

/// `GET /sites/{id}/goals`.
pub(super) async fn list(ctx: &Context, caller: &Caller, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_site(site, Access::View, "reading goals")?;
    let goals: Vec<Value> = ctx.admin.goals(site.id).await?.iter().map(describe).collect();
    Ok(shape::json(200, &json!({ "goals": goals })))
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    name: Option<String>,
    r#match: Option<String>,
    pattern: Option<String>,
    pattern_type: Option<String>,
    case_sensitive: Option<bool>,
    allow_multiple: Option<bool>,
    #[serde(default, deserialize_with = "body::nullable")]
    revenue: Option<Option<f64>>,
    revenue_from_event: Option<bool>,
}

/// `POST /sites/{id}/goals`.
pub(super) async fn create(ctx: &Context, caller: &Caller, call: &Call, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_site(site, Access::Write, "adding a goal")?;
    let fields: Fields = body::read(call)?;
    let (Some(name), Some(matched)) = (&fields.name, &fields.r#match) else {
        return Err(Failure::bad_request("the body is not what is asked for: `name` and `match` must be given"));
    };
    let rule = rule(
        matched,
        fields.pattern.as_deref().unwrap_or_default(),
        fields.pattern_type.as_deref().unwrap_or("exact"),
        fields.case_sensitive.unwrap_or(false),
    )?;
    check_name(ctx, site, name, None).await?;
    let new = apply(NewGoal::new(name.clone(), rule), &fields);
    let goal = ctx.admin.add_goal(site.id, new).await?;
    Ok(shape::json(201, &describe(&goal)))
}

/// `PATCH /sites/{id}/goals/{goal}`.
pub(super) async fn update(ctx: &Context, caller: &Caller, call: &Call, site: &Arc<Site>, id: &str) -> Result<Reply, Failure> {
    caller.check_site(site, Access::Write, "changing a goal")?;
    let held = find(ctx, site, id).await?;
    let fields: Fields = body::read(call)?;
    let (matched, pattern, pattern_type, case_sensitive) = told(&held.rule);
    let same = fields.r#match.is_none() && fields.pattern.is_none() && fields.pattern_type.is_none();
    let rule = if same && fields.case_sensitive.is_none_or(|given| given == case_sensitive) {
        held.rule.clone()
    } else {
        rule(
            fields.r#match.as_deref().unwrap_or(matched),
            fields.pattern.as_deref().unwrap_or(&pattern),
            fields.pattern_type.as_deref().unwrap_or(pattern_type),
            fields.case_sensitive.unwrap_or(case_sensitive),
        )?
    };
    let name = fields.name.clone().unwrap_or_else(|| held.name.clone());
    check_name(ctx, site, &name, Some(held.id)).await?;
    let kept = NewGoal {
        description: held.description,
        revenue: held.revenue,
        event_value_as_revenue: held.event_value_as_revenue,
        many_per_visit: held.many_per_visit,
        currency: held.currency,
        ..NewGoal::new(name, rule)
    };
    let goal = ctx.admin.update_goal(site.id, held.id, apply(kept, &fields)).await?;
    Ok(shape::json(200, &describe(&goal)))
}

/// `DELETE /sites/{id}/goals/{goal}`.
pub(super) async fn delete(ctx: &Context, caller: &Caller, site: &Arc<Site>, id: &str) -> Result<Reply, Failure> {
    caller.check_site(site, Access::Write, "deleting a goal")?;
    let held = find(ctx, site, id).await?;
    ctx.admin.delete_goal(site.id, held.id).await?;
    Ok(shape::nothing())
}

async fn find(ctx: &Context, site: &Site, id: &str) -> Result<Goal, Failure> {
    let number = id.parse().ok().map(GoalId);
    let goals = ctx.admin.goals(site.id).await?;
    goals
        .into_iter()
        .find(|goal| Some(goal.id) == number)
        .ok_or_else(|| Failure::not_found(format!("site `{}` has no goal `{id}`", site.id)))
}

async fn check_name(ctx: &Context, site: &Site, name: &str, but: Option<GoalId>) -> Result<(), Failure> {
    let goals = ctx.admin.goals(site.id).await?;
    let taken = goals.iter().any(|goal| Some(goal.id) != but && goal.name == name.trim());
    if taken { Err(Failure::conflict(format!("the site has a goal `{}` already", name.trim()))) } else { Ok(()) }
}

fn apply(goal: NewGoal, fields: &Fields) -> NewGoal {
    NewGoal {
        revenue: fields.revenue.map_or(goal.revenue, |given| given.unwrap_or(0.0)),
        event_value_as_revenue: fields.revenue_from_event.unwrap_or(goal.event_value_as_revenue),
        many_per_visit: fields.allow_multiple.unwrap_or(goal.many_per_visit),
        ..goal
    }
}

/// The rule that the fields of a goal mean.
fn rule(matched: &str, pattern: &str, pattern_type: &str, case_sensitive: bool) -> Result<GoalMatch, Failure> {
    if matched != "manually" && pattern.trim().is_empty() {
        return Err(Failure::field("pattern", "`pattern` must be given"));
    }
    match matched {
        "path" => {
            let path = match pattern_type {
                "exact" | "wildcard" => pattern.to_owned(),
                "contains" => format!("**{pattern}**"),
                _ => {
                    return Err(Failure::field(
                        "pattern_type",
                        "`pattern_type` must be `exact`, `contains` or `wildcard` for a path",
                    ));
                }
            };
            Ok(GoalMatch::PagePath { path, props: Vec::new() })
        }
        "event" if pattern_type == "exact" => Ok(GoalMatch::Event { name: pattern.to_owned(), props: Vec::new() }),
        "event" => Err(Failure::field("pattern_type", "`pattern_type` must be `exact` for a custom event")),
        _ => {
            let attribute = MatchAttribute::parse(matched)
                .ok_or_else(|| Failure::field("match", "`match` must be one of the kinds the API description lists"))?;
            let pattern_kind = match pattern_type {
                "exact" => MatchPattern::Exact,
                "contains" => MatchPattern::Contains,
                "regex" => {
                    regex::RegexBuilder::new(pattern)
                        .size_limit(1 << 20)
                        .build()
                        .map_err(|_| Failure::field("pattern", "`pattern` must be a regular expression"))?;
                    MatchPattern::Regex
                }
                _ => return Err(Failure::field("pattern_type", "`pattern_type` must be `exact`, `contains` or `regex` here")),
            };
            Ok(GoalMatch::Matomo { attribute, pattern: pattern_kind, text: pattern.to_owned(), case_sensitive })
        }
    }
}

/// Kind, pattern, pattern's kind, and whether case matters.
fn told(rule: &GoalMatch) -> (&'static str, String, &'static str, bool) {
    match rule {
        GoalMatch::PagePath { path, .. } | GoalMatch::Scroll { path, .. } => {
            ("path", path.clone(), if path.contains('*') { "wildcard" } else { "exact" }, true)
        }
        GoalMatch::Event { name, .. } => ("event", name.clone(), "exact", true),
        GoalMatch::Matomo { attribute, pattern, text, case_sensitive } => {
            let kind = match attribute {
                MatchAttribute::VisitDuration | MatchAttribute::VisitTotalActions | MatchAttribute::VisitTotalPageviews => {
                    "manually"
                }
                other => other.name(),
            };
            let pattern = match pattern {
                MatchPattern::Contains => "contains",
                MatchPattern::Regex => "regex",
                MatchPattern::Exact | MatchPattern::GreaterThan => "exact",
            };
            (kind, text.clone(), pattern, *case_sensitive)
        }
    }
}

fn describe(goal: &Goal) -> Value {
    let (matched, pattern, pattern_type, case_sensitive) = told(&goal.rule);
    json!({
        "id": goal.id.0,
        "name": goal.name,
        "match": matched,
        "pattern": pattern,
        "pattern_type": pattern_type,
        "case_sensitive": case_sensitive,
        "allow_multiple": goal.many_per_visit,
        "revenue": (goal.revenue != 0.0).then(|| shape::number(goal.revenue)),
        "revenue_from_event": goal.event_value_as_revenue,
    })
}
