use std::collections::BTreeMap;

use footfall_model::{Error, TrackingSettings, VisitPolicy};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    Admin, bounds,
    database::{OrBroken, insert},
    entity::setting,
    json, site, tracking, zone,
};

impl Admin {
    /// The value of a setting, if it was ever set.
    ///
    /// # Errors
    /// When the value is of another type.
    pub async fn setting<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Error> {
        get(&self.db, name).await
    }

    /// Every setting that was ever set, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settings(&self) -> Result<BTreeMap<String, Value>, Error> {
        all(&self.db).await
    }

    /// Sets a setting. Those the server itself reads are checked: `default_timezone`, `default_currency`, `default_policy`,
    /// `instance_name`, `retention_days` and every name of [`TRACKING_SETTINGS`](crate::TRACKING_SETTINGS). Other names are
    /// kept as they are.
    ///
    /// # Errors
    /// When name or value are too long, or the value is not one the setting may have.
    pub async fn set_setting<T: Serialize + Sync + ?Sized>(&self, name: &str, value: &T) -> Result<(), Error> {
        self.set_settings([(name, json::write(value)?)]).await
    }

    /// Sets several settings from JSON texts: all, or none when one is refused.
    ///
    /// # Errors
    /// As [`set_setting`](Admin::set_setting).
    pub async fn set_settings<'a>(&self, settings: impl IntoIterator<Item = (&'a str, String)> + Send) -> Result<(), Error> {
        let mut checked = Vec::new();
        for (name, value) in settings {
            let name = bounds::text("name", name, 190)?;
            let value = bounds::lines(&name, &value, 60_000)?;
            check(&name, &json::read(&name, &value)?)?;
            checked.push((name, value));
        }
        let tx = self.begin().await?;
        for (name, value) in checked {
            put(&tx, name, value).await?;
        }
        self.commit(tx).await
    }

    /// Takes a setting back to its default.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_setting(&self, name: &str) -> Result<(), Error> {
        let tx = self.begin().await?;
        remove(&tx, name).await?;
        self.commit(tx).await
    }

    /// The rules of tracking: Matomo's defaults with what was set.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tracking_settings(&self) -> Result<TrackingSettings, Error> {
        tracking(&self.db).await
    }
}

/// How the names of settings begin that only this crate reads and writes.
const OWN: &str = "setup.";

/// What a new site gets when it says nothing.
pub(crate) struct Defaults {
    pub(crate) timezone: String,
    pub(crate) currency: String,
    pub(crate) policy: VisitPolicy,
}

impl Defaults {
    pub(crate) async fn load(db: &impl ConnectionTrait) -> Result<Defaults, Error> {
        let policy: Option<String> = get(db, "default_policy").await?;
        Ok(Defaults {
            timezone: get(db, "default_timezone").await?.unwrap_or_else(|| "UTC".to_owned()),
            currency: get(db, "default_currency").await?.unwrap_or_else(|| "USD".to_owned()),
            policy: policy.as_deref().and_then(site::parse_policy).unwrap_or_default(),
        })
    }
}

/// The rules of tracking, from within a transaction too.
pub(crate) async fn tracking(db: &impl ConnectionTrait) -> Result<TrackingSettings, Error> {
    let mut settings = TrackingSettings::default();
    // By name, so that `Tracker.url_query_parameter_to_exclude_from_url` comes before what is added to it.
    for (name, value) in all(db).await? {
        tracking::set(&mut settings, &name, &value)?;
    }
    Ok(settings)
}

pub(crate) async fn get<T: DeserializeOwned>(db: &impl ConnectionTrait, name: &str) -> Result<Option<T>, Error> {
    let found = setting::Entity::find_by_id(name.to_owned()).one(db).await.or_broken()?;
    found.map(|row| json::read(name, &row.value)).transpose()
}

pub(crate) async fn put(db: &impl ConnectionTrait, name: String, value: String) -> Result<(), Error> {
    remove(db, &name).await?;
    insert(db, setting::Model { name, value }).await
}

pub(crate) async fn remove(db: &impl ConnectionTrait, name: &str) -> Result<(), Error> {
    setting::Entity::delete_by_id(name.to_owned()).exec(db).await.or_broken()?;
    Ok(())
}

async fn all(db: &impl ConnectionTrait) -> Result<BTreeMap<String, Value>, Error> {
    let rows = setting::Entity::find().order_by_asc(setting::Column::Name).all(db).await.or_broken()?;
    let mut settings = BTreeMap::new();
    for row in rows {
        if row.name.starts_with(OWN) {
            continue;
        }
        let value = json::read(&row.name, &row.value)?;
        settings.insert(row.name, value);
    }
    Ok(settings)
}

/// Whether a setting may have this value.
fn check(name: &str, value: &Value) -> Result<(), Error> {
    let text = || value.as_str().ok_or_else(|| Error::invalid(format!("`{name}` must be a text")));
    match name {
        _ if name.starts_with(OWN) => Err(Error::invalid(format!("a setting's name must not begin with `{OWN}`"))),
        "default_timezone" => zone::time_zone(text()?).map(|_| ()),
        "default_currency" => bounds::currency(name, text()?).map(|_| ()),
        "default_policy" => site::parse_policy(text()?)
            .map(|_| ())
            .ok_or_else(|| Error::invalid("`default_policy` must be `matomo` or `plausible`")),
        "instance_name" => bounds::text(name, text()?, 60).map(|_| ()),
        "retention_days" => {
            let days = value.as_u64().is_some_and(|days| days >= 1);
            if !days && !value.is_null() {
                return Err(Error::invalid("`retention_days` must be a whole number from 1, or null"));
            }
            Ok(())
        }
        _ => tracking::set(&mut TrackingSettings::default(), name, value).map(|_| ()),
    }
}
