use footfall_model::{Error, Millis, SiteId};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, NotSet, QueryOrder, Set};

use crate::{
    Admin, bounds,
    database::{OrBroken, update},
    entity::scheduled_report as table,
    json, segments,
    site::id_of,
    sites, users,
};

/// A report that is sent now and then.
#[derive(Clone, Debug, PartialEq)]
pub struct ScheduledReport {
    /// The number.
    pub id: i64,
    /// What is sent.
    pub report: NewScheduledReport,
    /// When it was made.
    pub created_at: Millis,
    /// When it was last sent.
    pub last_sent_at: Option<Millis>,
}

/// A report to be sent now and then, or what an existing one becomes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewScheduledReport {
    /// The site it is about.
    pub site: SiteId,
    /// Whose it is.
    pub login: String,
    /// What its owner says about it.
    pub description: String,
    /// The saved segment it is limited to.
    pub segment: Option<i64>,
    /// How often: `day`, `week`, `month` or `never`.
    pub period: String,
    /// The hour of the site's day it is sent at, 0 to 23.
    pub hour: u8,
    /// How it travels, such as `email`.
    pub kind: String,
    /// What it is written as, such as `html`.
    pub format: String,
    /// The reports in it.
    pub reports: Vec<String>,
    /// The rest of its settings: a JSON object whose shape is its readers' affair.
    pub parameters: serde_json::Value,
    /// What evolution is shown over: `prev` or `each`.
    pub evolution_for: String,
    /// Over how many periods.
    pub evolution_n: Option<i32>,
    /// The period reported on, where it is another than how often it is sent; empty otherwise.
    pub period_param: String,
}

impl Admin {
    /// Keeps a report.
    ///
    /// # Errors
    /// When there is no such site, user or segment, or a field is out of bounds.
    pub async fn add_scheduled_report(&self, new: NewScheduledReport, now: Millis) -> Result<ScheduledReport, Error> {
        let new = checked(new)?;
        let tx = self.begin().await?;
        sites::row(&tx, new.site).await?;
        if let Some(segment) = new.segment {
            segments::check_usable(&tx, segment, new.site).await?;
        }
        let login = users::row(&tx, &new.login).await?.login;
        let row = table::ActiveModel {
            id: NotSet,
            site: Set(i64::from(new.site.0)),
            login: Set(login),
            description: Set(new.description),
            segment: Set(new.segment),
            period: Set(new.period),
            hour: Set(i32::from(new.hour)),
            kind: Set(new.kind),
            format: Set(new.format),
            reports: Set(json::write(&new.reports)?),
            parameters: Set(json::write(&new.parameters)?),
            evolution_for: Set(new.evolution_for),
            evolution_n: Set(new.evolution_n),
            period_param: Set(new.period_param),
            created_at: Set(now.0),
            last_sent_at: Set(None),
        };
        let row = row.insert(&tx).await.or_broken()?;
        tx.commit().await.or_broken()?;
        of_row(row)
    }

    /// Puts another report under the number of an existing one; it stays its owner's.
    ///
    /// # Errors
    /// When there is no such report, site or segment, or a field is out of bounds.
    pub async fn update_scheduled_report(&self, id: i64, new: NewScheduledReport) -> Result<ScheduledReport, Error> {
        let new = checked(new)?;
        let tx = self.begin().await?;
        let old = row(&tx, id).await?;
        sites::row(&tx, new.site).await?;
        if let Some(segment) = new.segment {
            segments::check_usable(&tx, segment, new.site).await?;
        }
        let row = table::Model {
            site: i64::from(new.site.0),
            description: new.description,
            segment: new.segment,
            period: new.period,
            hour: i32::from(new.hour),
            kind: new.kind,
            format: new.format,
            reports: json::write(&new.reports)?,
            parameters: json::write(&new.parameters)?,
            evolution_for: new.evolution_for,
            evolution_n: new.evolution_n,
            period_param: new.period_param,
            ..old
        };
        update(&tx, row.clone()).await?;
        tx.commit().await.or_broken()?;
        of_row(row)
    }

    /// Writes down that a report was sent.
    ///
    /// # Errors
    /// When there is no such report.
    pub async fn sent_scheduled_report(&self, id: i64, at: Millis) -> Result<(), Error> {
        let tx = self.begin().await?;
        let mut row = row(&tx, id).await?;
        row.last_sent_at = Some(at.0);
        update(&tx, row).await?;
        tx.commit().await.or_broken()
    }

    /// Removes a report.
    ///
    /// # Errors
    /// When there is no such report.
    pub async fn delete_scheduled_report(&self, id: i64) -> Result<(), Error> {
        let tx = self.begin().await?;
        row(&tx, id).await?;
        table::Entity::delete_by_id(id).exec(&tx).await.or_broken()?;
        tx.commit().await.or_broken()
    }

    /// Every report by number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn scheduled_reports(&self) -> Result<Vec<ScheduledReport>, Error> {
        let rows = table::Entity::find().order_by_asc(table::Column::Id).all(&self.db).await.or_broken()?;
        rows.into_iter().map(of_row).collect()
    }
}

async fn row(db: &impl ConnectionTrait, id: i64) -> Result<table::Model, Error> {
    table::Entity::find_by_id(id)
        .one(db)
        .await
        .or_broken()?
        .ok_or_else(|| Error::missing(format!("no scheduled report has the number `{id}`")))
}

fn checked(new: NewScheduledReport) -> Result<NewScheduledReport, Error> {
    if !["day", "week", "month", "never"].contains(&new.period.as_str()) {
        return Err(Error::invalid("`period` must be `day`, `week`, `month` or `never`"));
    }
    if new.hour > 23 {
        return Err(Error::invalid("`hour` must be 0 to 23"));
    }
    if !["prev", "each"].contains(&new.evolution_for.as_str()) {
        return Err(Error::invalid("`evolution_for` must be `prev` or `each`"));
    }
    let periods = ["", "day", "week", "month", "year", "range"];
    if !periods.contains(&new.period_param.as_str()) {
        return Err(Error::invalid("`period_param` must be `day`, `week`, `month`, `year`, `range` or empty"));
    }
    bounds::lines("parameters", &json::write(&new.parameters)?, 60_000)?;
    Ok(NewScheduledReport {
        description: bounds::lines("description", &new.description, 1000)?,
        kind: bounds::text("type", &new.kind, 20)?,
        format: bounds::text("format", &new.format, 10)?,
        reports: bounds::list("reports", &new.reports, 300, 190)?,
        ..new
    })
}

fn of_row(row: table::Model) -> Result<ScheduledReport, Error> {
    Ok(ScheduledReport {
        id: row.id,
        report: NewScheduledReport {
            site: id_of(row.site)?,
            login: row.login,
            description: row.description,
            segment: row.segment,
            period: row.period,
            hour: u8::try_from(row.hour).unwrap_or_default(),
            kind: row.kind,
            format: row.format,
            reports: json::read("reports", &row.reports)?,
            parameters: json::read("parameters", &row.parameters)?,
            evolution_for: row.evolution_for,
            evolution_n: row.evolution_n,
            period_param: row.period_param,
        },
        created_at: Millis(row.created_at),
        last_sent_at: row.last_sent_at.map(Millis),
    })
}
