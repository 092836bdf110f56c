//! Goals of a site.

use std::{collections::BTreeMap, sync::Arc};

use footfall_admin::NewGoal;
use footfall_model::{Access, Goal, GoalId, GoalMatch, MatchAttribute, MatchPattern, Site};
use serde::Deserialize;
use serde_json::{Map, Value, json};

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
    #[serde(default, deserialize_with = "body::nullable")]
    currency: Option<Option<String>>,
    props: Option<BTreeMap<String, String>>,
    #[serde(default, deserialize_with = "body::nullable")]
    scroll_depth: Option<Option<u8>>,
}

impl Fields {
    fn changes_rule(&self) -> bool {
        self.r#match.is_some()
            || self.pattern.is_some()
            || self.pattern_type.is_some()
            || self.case_sensitive.is_some()
            || self.props.is_some()
            || self.scroll_depth.is_some()
    }

    /// The rule they tell, with what they leave out as it was.
    fn told(&self, held: Told) -> Told {
        let props = self.props.as_ref().map(|props| props.iter().map(|(name, value)| (name.clone(), value.clone())).collect());
        Told {
            matched: self.r#match.clone().unwrap_or(held.matched),
            pattern: self.pattern.clone().unwrap_or(held.pattern),
            pattern_type: self.pattern_type.clone().unwrap_or(held.pattern_type),
            case_sensitive: self.case_sensitive.unwrap_or(held.case_sensitive),
            props: props.unwrap_or(held.props),
            scroll_depth: self.scroll_depth.unwrap_or(held.scroll_depth),
        }
    }
}

/// A rule as its fields tell it.
#[derive(Clone, Debug, PartialEq)]
struct Told {
    matched: String,
    pattern: String,
    pattern_type: String,
    case_sensitive: bool,
    props: Vec<(String, String)>,
    scroll_depth: Option<u8>,
}

impl Default for Told {
    fn default() -> Told {
        Told {
            matched: String::new(),
            pattern: String::new(),
            pattern_type: "exact".to_owned(),
            case_sensitive: false,
            props: Vec::new(),
            scroll_depth: None,
        }
    }
}

/// `POST /sites/{id}/goals`.
pub(super) async fn create(ctx: &Context, caller: &Caller, call: &Call, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_site(site, Access::Write, "adding a goal")?;
    let fields: Fields = body::read(call)?;
    let (Some(name), Some(_)) = (&fields.name, &fields.r#match) else {
        return Err(Failure::bad_request("the body is not what is asked for: `name` and `match` must be given"));
    };
    let rule = rule(fields.told(Told::default()))?;
    let held = ctx.admin.goals(site.id).await?;
    check_name(&held, name, None)?;
    check_rule(&held, &rule, None)?;
    let new = apply(NewGoal::new(name.clone(), rule), &fields);
    let goal = ctx.admin.add_goal(site.id, new).await?;
    Ok(shape::json(201, &describe(&goal)))
}

/// `PATCH /sites/{id}/goals/{goal}`.
pub(super) async fn update(ctx: &Context, caller: &Caller, call: &Call, site: &Arc<Site>, id: &str) -> Result<Reply, Failure> {
    caller.check_site(site, Access::Write, "changing a goal")?;
    let held = find(ctx, site, id).await?;
    let fields: Fields = body::read(call)?;
    // What says the same leaves rules alone that this API has no words for.
    let before = told(&held.rule);
    let after = fields.told(before.clone());
    let all = ctx.admin.goals(site.id).await?;
    let rule = if !fields.changes_rule() || after == before {
        held.rule.clone()
    } else {
        let rule = rule(after)?;
        check_rule(&all, &rule, Some(held.id))?;
        rule
    };
    let name = fields.name.clone().unwrap_or_else(|| held.name.clone());
    check_name(&all, &name, Some(held.id))?;
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

fn check_name(goals: &[Goal], name: &str, but: Option<GoalId>) -> Result<(), Failure> {
    let taken = goals.iter().any(|goal| Some(goal.id) != but && goal.name == name.trim());
    if taken { Err(Failure::conflict(format!("the site has a goal `{}` already", name.trim()))) } else { Ok(()) }
}

/// Refuses what another goal stands for, in whatever currency. Rules of Matomo's may be there twice, as in Matomo.
fn check_rule(goals: &[Goal], rule: &GoalMatch, but: Option<GoalId>) -> Result<(), Failure> {
    let same = |goal: &&Goal| Some(goal.id) != but && goal.rule == *rule && !matches!(rule, GoalMatch::Matomo { .. });
    match goals.iter().find(same) {
        Some(goal) => Err(Failure::conflict(format!("the goal `{}` stands for this already", goal.name))),
        None => Ok(()),
    }
}

fn apply(goal: NewGoal, fields: &Fields) -> NewGoal {
    NewGoal {
        revenue: fields.revenue.map_or(goal.revenue, |given| given.unwrap_or(0.0)),
        event_value_as_revenue: fields.revenue_from_event.unwrap_or(goal.event_value_as_revenue),
        many_per_visit: fields.allow_multiple.unwrap_or(goal.many_per_visit),
        currency: fields.currency.clone().unwrap_or_else(|| goal.currency.clone()),
        ..goal
    }
}

/// The rule that the fields of a goal mean.
fn rule(told: Told) -> Result<GoalMatch, Failure> {
    let Told { matched, pattern, pattern_type, case_sensitive, props, scroll_depth } = told;
    if matched != "manually" && pattern.trim().is_empty() {
        return Err(Failure::field("pattern", "`pattern` must be given"));
    }
    if !props.is_empty() && !matches!(matched.as_str(), "path" | "event") {
        return Err(Failure::field("props", "`props` must be left out unless `match` is `path` or `event`"));
    }
    match matched.as_str() {
        "path" => Ok(GoalMatch::PagePath { path: path(&pattern, &pattern_type)?, props }),
        "scroll" => match scroll_depth {
            Some(threshold @ 1..=100) => Ok(GoalMatch::Scroll { path: path(&pattern, &pattern_type)?, threshold }),
            _ => Err(Failure::field("scroll_depth", "`scroll_depth` must be a whole number from 1 to 100")),
        },
        "event" if pattern_type != "exact" => {
            Err(Failure::field("pattern_type", "`pattern_type` must be `exact` for a custom event"))
        }
        "event" if pattern.trim() == "engagement" => {
            Err(Failure::field("pattern", "`pattern` may not be `engagement`, which the script sends by itself"))
        }
        "event" => Ok(GoalMatch::Event { name: pattern.trim().to_owned(), props }),
        _ => {
            let attribute = MatchAttribute::parse(&matched)
                .ok_or_else(|| Failure::field("match", "`match` must be one of the kinds the API description lists"))?;
            let pattern_kind = match pattern_type.as_str() {
                "exact" => MatchPattern::Exact,
                "contains" => MatchPattern::Contains,
                "regex" => {
                    regex::RegexBuilder::new(&pattern)
                        .size_limit(1 << 20)
                        .build()
                        .map_err(|_| Failure::field("pattern", "`pattern` must be a regular expression"))?;
                    MatchPattern::Regex
                }
                _ => return Err(Failure::field("pattern_type", "`pattern_type` must be `exact`, `contains` or `regex` here")),
            };
            Ok(GoalMatch::Matomo { attribute, pattern: pattern_kind, text: pattern, case_sensitive })
        }
    }
}

/// A pattern of page paths, which begins as paths do.
fn path(pattern: &str, pattern_type: &str) -> Result<String, Failure> {
    let pattern = pattern.trim();
    match pattern_type {
        "exact" | "wildcard" if pattern.starts_with(['/', '*']) => Ok(pattern.to_owned()),
        "exact" | "wildcard" => Ok(format!("/{pattern}")),
        "contains" => Ok(format!("**{pattern}**")),
        _ => Err(Failure::field("pattern_type", "`pattern_type` must be `exact`, `contains` or `wildcard` for a path")),
    }
}

/// How this API tells a rule.
fn told(rule: &GoalMatch) -> Told {
    let of_path = |path: &str| if path.contains('*') { "wildcard" } else { "exact" }.to_owned();
    match rule {
        GoalMatch::PagePath { path, props } => Told {
            matched: "path".to_owned(),
            pattern_type: of_path(path),
            pattern: path.clone(),
            case_sensitive: true,
            props: props.clone(),
            scroll_depth: None,
        },
        GoalMatch::Scroll { path, threshold } => Told {
            matched: "scroll".to_owned(),
            pattern_type: of_path(path),
            pattern: path.clone(),
            case_sensitive: true,
            props: Vec::new(),
            scroll_depth: Some(*threshold),
        },
        GoalMatch::Event { name, props } => Told {
            matched: "event".to_owned(),
            pattern: name.clone(),
            case_sensitive: true,
            props: props.clone(),
            ..Told::default()
        },
        GoalMatch::Matomo { attribute, pattern, text, case_sensitive } => {
            let matched = match attribute {
                MatchAttribute::VisitDuration | MatchAttribute::VisitTotalActions | MatchAttribute::VisitTotalPageviews => {
                    "manually"
                }
                other => other.name(),
            };
            let pattern_type = match pattern {
                MatchPattern::Contains => "contains",
                MatchPattern::Regex => "regex",
                MatchPattern::Exact | MatchPattern::GreaterThan => "exact",
            };
            Told {
                matched: matched.to_owned(),
                pattern: text.clone(),
                pattern_type: pattern_type.to_owned(),
                case_sensitive: *case_sensitive,
                ..Told::default()
            }
        }
    }
}

fn describe(goal: &Goal) -> Value {
    let told = told(&goal.rule);
    let props: Map<String, Value> = told.props.into_iter().map(|(name, value)| (name, value.into())).collect();
    json!({
        "id": goal.id.0,
        "name": goal.name,
        "match": told.matched,
        "pattern": told.pattern,
        "pattern_type": told.pattern_type,
        "case_sensitive": told.case_sensitive,
        "allow_multiple": goal.many_per_visit,
        "revenue": (goal.revenue != 0.0).then(|| shape::number(goal.revenue)),
        "revenue_from_event": goal.event_value_as_revenue,
        "currency": goal.currency,
        "props": props,
        "scroll_depth": told.scroll_depth,
    })
}
