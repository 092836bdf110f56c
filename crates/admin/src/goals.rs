use std::collections::HashMap;

use footfall_model::{Error, Goal, GoalId, GoalMatch, MatchAttribute, MatchPattern, SiteId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    Admin, bounds,
    database::{OrBroken, insert, update},
    entity::goal,
    funnels, json, site, sites,
};

/// A goal to be made, or what an existing one becomes.
#[derive(Clone, Debug, PartialEq)]
pub struct NewGoal {
    /// What people call it; empty means a name made of the rule, as Plausible does.
    pub name: String,
    /// A longer explanation.
    pub description: String,
    /// When it is reached.
    pub rule: GoalMatch,
    /// What one conversion is worth.
    pub revenue: f64,
    /// Whether an event's value becomes the revenue.
    pub event_value_as_revenue: bool,
    /// Whether one visit can reach it more than once.
    pub many_per_visit: bool,
    /// The currency of a revenue goal of Plausible's.
    pub currency: Option<String>,
}

impl NewGoal {
    /// A goal of this name that is reached by this rule, worth nothing.
    pub fn new(name: impl Into<String>, rule: GoalMatch) -> NewGoal {
        NewGoal {
            name: name.into(),
            description: String::new(),
            rule,
            revenue: 0.0,
            event_value_as_revenue: false,
            many_per_visit: false,
            currency: None,
        }
    }
}

/// Why a goal that was asked for cannot be had: the site has one that is in its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// One for the same event brings its money in another currency, or none.
    Event {
        /// The event's name.
        name: String,
        /// The currency it has.
        currency: Option<String>,
    },
    /// Another one has the name.
    Name,
}

/// The goal among these that a goal which is asked for is already: one with its rule, and with its currency if it names one.
/// Goals of Matomo's are not looked at: Plausible's clients do not see them.
fn like<'a>(held: &'a [Goal], new: &NewGoal) -> Result<Option<&'a Goal>, Taken> {
    if let Some(goal) = held.iter().find(|goal| goal.rule == new.rule) {
        return match (&goal.rule, &new.currency) {
            (GoalMatch::Event { name, .. }, Some(currency)) if goal.currency.as_ref() != Some(currency) => {
                Err(Taken::Event { name: name.clone(), currency: goal.currency.clone() })
            }
            _ => Ok(Some(goal)),
        };
    }
    let named = |goal: &Goal| !matches!(goal.rule, GoalMatch::Matomo { .. }) && goal.name == new.name;
    if held.iter().any(named) { Err(Taken::Name) } else { Ok(None) }
}

impl Admin {
    /// Adds a goal to a site. Numbers are 1, 2, 3, … within the site and are never given twice.
    ///
    /// # Errors
    /// When there is no such site, or a field is out of bounds.
    pub async fn add_goal(&self, site: SiteId, new: NewGoal) -> Result<Goal, Error> {
        let new = checked(new)?;
        let tx = self.begin().await?;
        sites::row(&tx, site).await?;
        let goal = with_id(next_id(&tx, site).await?, new);
        insert(&tx, to_row(site, &goal)?).await?;
        self.commit(tx).await?;
        Ok(goal)
    }

    /// The site's goals with these rules, made where there are none: all of them, or none. Plausible's clients ask this way.
    ///
    /// # Errors
    /// As [`add_goal`](Admin::add_goal).
    pub async fn find_or_add_goals(&self, site: SiteId, wanted: Vec<NewGoal>) -> Result<Result<Vec<Goal>, Taken>, Error> {
        let wanted = wanted.into_iter().map(checked).collect::<Result<Vec<_>, _>>()?;
        let tx = self.begin().await?;
        sites::row(&tx, site).await?;
        let mut held = load(&tx, Some(site)).await?.remove(&site).unwrap_or_default();
        let mut found = Vec::new();
        for new in wanted {
            let goal = match like(&held, &new) {
                Err(taken) => return Ok(Err(taken)),
                Ok(Some(goal)) => goal.clone(),
                Ok(None) => {
                    let goal = with_id(next_id(&tx, site).await?, new);
                    insert(&tx, to_row(site, &goal)?).await?;
                    held.push(goal.clone());
                    goal
                }
            };
            found.push(goal);
        }
        self.commit(tx).await?;
        Ok(Ok(found))
    }

    /// Puts another goal under the number of an existing one.
    ///
    /// # Errors
    /// When there is no such goal, or a field is out of bounds.
    pub async fn update_goal(&self, site: SiteId, id: GoalId, new: NewGoal) -> Result<Goal, Error> {
        let goal = with_id(id, checked(new)?);
        let tx = self.begin().await?;
        row(&tx, site, id).await?;
        update(&tx, to_row(site, &goal)?).await?;
        self.commit(tx).await?;
        Ok(goal)
    }

    /// Removes a goal; its number stays taken. Funnels lose the step, and those with one step left go.
    ///
    /// # Errors
    /// When there is no such goal.
    pub async fn delete_goal(&self, site: SiteId, id: GoalId) -> Result<(), Error> {
        let tx = self.begin().await?;
        let mut row = row(&tx, site, id).await?;
        row.deleted = true;
        update(&tx, row).await?;
        funnels::without_goal(&tx, site, id).await?;
        self.commit(tx).await
    }

    /// The site's goals by number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn goals(&self, site: SiteId) -> Result<Vec<Goal>, Error> {
        Ok(load(&self.db, Some(site)).await?.remove(&site).unwrap_or_default())
    }
}

/// The goals of one site or of all, by site and number.
pub(crate) async fn load(db: &impl ConnectionTrait, site: Option<SiteId>) -> Result<HashMap<SiteId, Vec<Goal>>, Error> {
    let mut find = goal::Entity::find().filter(goal::Column::Deleted.eq(false)).order_by_asc(goal::Column::Id);
    if let Some(site) = site {
        find = find.filter(goal::Column::Site.eq(i64::from(site.0)));
    }
    let mut goals: HashMap<SiteId, Vec<Goal>> = HashMap::new();
    for row in find.all(db).await.or_broken()? {
        let site = site::id_of(row.site)?;
        goals.entry(site).or_default().push(of_row(row)?);
    }
    Ok(goals)
}

async fn row(db: &impl ConnectionTrait, site: SiteId, id: GoalId) -> Result<goal::Model, Error> {
    goal::Entity::find_by_id((i64::from(site.0), id.0))
        .one(db)
        .await
        .or_broken()?
        .filter(|row| !row.deleted)
        .ok_or_else(|| Error::missing(format!("site `{site}` has no goal with the number `{}`", id.0)))
}

async fn next_id(db: &impl ConnectionTrait, site: SiteId) -> Result<GoalId, Error> {
    let last: Option<Option<i32>> = goal::Entity::find()
        .select_only()
        .column_as(goal::Column::Id.max(), "last")
        .filter(goal::Column::Site.eq(i64::from(site.0)))
        .into_tuple()
        .one(db)
        .await
        .or_broken()?;
    Ok(GoalId(last.flatten().unwrap_or(0) + 1))
}

fn with_id(id: GoalId, new: NewGoal) -> Goal {
    Goal {
        id,
        name: new.name,
        description: new.description,
        rule: new.rule,
        revenue: new.revenue,
        event_value_as_revenue: new.event_value_as_revenue,
        many_per_visit: new.many_per_visit,
        currency: new.currency,
    }
}

fn checked(new: NewGoal) -> Result<NewGoal, Error> {
    let rule = checked_rule(new.rule)?;
    let name = if new.name.trim().is_empty() { made_name(&rule) } else { new.name };
    if !new.revenue.is_finite() {
        return Err(Error::invalid("`revenue` must be a number"));
    }
    Ok(NewGoal {
        name: bounds::text("name", &name, 255)?,
        description: bounds::lines("description", &new.description, 1000)?,
        rule,
        currency: new.currency.map(|code| bounds::currency("currency", &code)).transpose()?,
        ..new
    })
}

fn checked_rule(rule: GoalMatch) -> Result<GoalMatch, Error> {
    Ok(match rule {
        GoalMatch::Matomo { attribute, pattern, text, case_sensitive } => {
            let text = bounds::lines("pattern", &text, 1024)?;
            if text.is_empty() && attribute != MatchAttribute::Manually {
                return Err(Error::invalid("`pattern` must have 1 to 1024 characters"));
            }
            let numeric = matches!(
                attribute,
                MatchAttribute::VisitDuration | MatchAttribute::VisitTotalActions | MatchAttribute::VisitTotalPageviews
            );
            if numeric != (pattern == MatchPattern::GreaterThan) && attribute != MatchAttribute::Manually {
                return Err(Error::invalid(format!(
                    "`pattern_type` must be {} for `{}`",
                    if numeric { "`greater_than`" } else { "`contains`, `exact` or `regex`" },
                    attribute.name()
                )));
            }
            if numeric && text.trim().parse::<f64>().is_err() {
                return Err(Error::invalid(format!("`pattern` must be a number for `{}`", attribute.name())));
            }
            GoalMatch::Matomo { attribute, pattern, text, case_sensitive }
        }
        GoalMatch::PagePath { path, props } => GoalMatch::PagePath { path: page_path(&path)?, props: checked_props(props)? },
        GoalMatch::Event { name, props } => GoalMatch::Event { name: event_name(&name)?, props: checked_props(props)? },
        GoalMatch::Scroll { path, threshold } => {
            if threshold > 100 {
                return Err(Error::invalid("`scroll_threshold` must be 0 to 100"));
            }
            GoalMatch::Scroll { path: page_path(&path)?, threshold }
        }
    })
}

/// Plausible's `custom_props`: at most three, each with a value, in the order of their names.
fn checked_props(props: Vec<(String, String)>) -> Result<Vec<(String, String)>, Error> {
    let mut kept: Vec<(String, String)> = Vec::new();
    for (name, value) in props {
        let name = bounds::text("custom_props", &name, 300)?;
        let value = bounds::text("custom_props", &value, 2000)?;
        kept.push((name, value));
    }
    kept.sort();
    kept.dedup_by(|one, other| one.0 == other.0);
    if kept.len() > 3 {
        return Err(Error::invalid(format!("`custom_props` may hold 3 entries, and has {}", kept.len())));
    }
    Ok(kept)
}

/// What is not the name of what the script sends by itself when a page is left.
fn event_name(name: &str) -> Result<String, Error> {
    let name = bounds::text("event_name", name, 120)?;
    if name == "engagement" {
        return Err(Error::invalid("`event_name` may not be `engagement`, which the script sends by itself"));
    }
    Ok(name)
}

/// A path pattern with what paths begin with.
fn page_path(path: &str) -> Result<String, Error> {
    let path = bounds::text("page_path", path, 1024)?;
    let path = if path.starts_with(['/', '*']) { path } else { format!("/{path}") };
    bounds::text("page_path", &path, 1024)
}

fn made_name(rule: &GoalMatch) -> String {
    let name = match rule {
        GoalMatch::Matomo { attribute, .. } => attribute.name().to_owned(),
        GoalMatch::PagePath { path, .. } => format!("Visit {path}"),
        GoalMatch::Event { name, .. } => name.clone(),
        GoalMatch::Scroll { path, threshold } => format!("Scroll {threshold}% on {path}"),
    };
    name.chars().take(255).collect()
}

fn of_row(row: goal::Model) -> Result<Goal, Error> {
    let unknown = |what: &str| Error::broken(format!("the administration database holds a goal with an unknown {what}"));
    let rule = match row.kind.as_str() {
        "matomo" => GoalMatch::Matomo {
            attribute: MatchAttribute::parse(&row.attribute).ok_or_else(|| unknown("match attribute"))?,
            pattern: MatchPattern::parse(&row.pattern_type).ok_or_else(|| unknown("pattern type"))?,
            text: row.pattern,
            case_sensitive: row.case_sensitive,
        },
        "page" => GoalMatch::PagePath { path: row.pattern, props: json::read("props", &row.props)? },
        "event" => GoalMatch::Event { name: row.pattern, props: json::read("props", &row.props)? },
        "scroll" => {
            GoalMatch::Scroll { path: row.pattern, threshold: u8::try_from(row.threshold).map_err(|_| unknown("scroll depth"))? }
        }
        _ => return Err(unknown("kind")),
    };
    Ok(Goal {
        id: GoalId(row.id),
        name: row.name,
        description: row.description,
        rule,
        revenue: row.revenue,
        event_value_as_revenue: row.event_value_as_revenue,
        many_per_visit: row.many_per_visit,
        currency: row.currency,
    })
}

fn to_row(site: SiteId, goal: &Goal) -> Result<goal::Model, Error> {
    let mut row = goal::Model {
        site: i64::from(site.0),
        id: goal.id.0,
        name: goal.name.clone(),
        description: goal.description.clone(),
        kind: String::new(),
        attribute: String::new(),
        pattern_type: String::new(),
        pattern: String::new(),
        case_sensitive: false,
        props: "[]".to_owned(),
        threshold: 0,
        revenue: goal.revenue,
        event_value_as_revenue: goal.event_value_as_revenue,
        many_per_visit: goal.many_per_visit,
        currency: goal.currency.clone(),
        deleted: false,
    };
    match &goal.rule {
        GoalMatch::Matomo { attribute, pattern, text, case_sensitive } => {
            row.kind = "matomo".to_owned();
            row.attribute = attribute.name().to_owned();
            row.pattern_type = pattern.name().to_owned();
            row.pattern = text.clone();
            row.case_sensitive = *case_sensitive;
        }
        GoalMatch::PagePath { path, props } => {
            row.kind = "page".to_owned();
            row.pattern = path.clone();
            row.props = json::write(props)?;
        }
        GoalMatch::Event { name, props } => {
            row.kind = "event".to_owned();
            row.pattern = name.clone();
            row.props = json::write(props)?;
        }
        GoalMatch::Scroll { path, threshold } => {
            row.kind = "scroll".to_owned();
            row.pattern = path.clone();
            row.threshold = i32::from(*threshold);
        }
    }
    Ok(row)
}
