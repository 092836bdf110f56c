use footfall_model::{Error, SiteId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::{
    Admin,
    database::{OrBroken, insert, update},
    entity::tracker_script,
    json, secret,
    site::id_of,
    sites,
};

/// How a site's own script (`/js/pa-<id>.js`) behaves: Plausible's tracker script configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackerScript {
    /// What stands in the script's address: nobody can guess it.
    pub id: String,
    /// The site.
    pub site: SiteId,
    /// How it was put into the site's pages: one of [`INSTALLATIONS`].
    pub installation: Option<String>,
    /// What it does beyond page views: some of [`SCRIPT_OPTIONS`], in their order.
    pub options: Vec<String>,
}

/// The ways a script can be put into pages.
pub const INSTALLATIONS: &[&str] = &["manual", "wordpress", "gtm", "npm"];

/// What a script can do beyond page views.
pub const SCRIPT_OPTIONS: &[&str] = &[
    "track_404_pages",
    "hash_based_routing",
    "outbound_links",
    "file_downloads",
    "revenue_tracking",
    "tagged_events",
    "form_submissions",
    "pageview_props",
];

impl TrackerScript {
    /// Whether the script does this.
    pub fn does(&self, option: &str) -> bool {
        self.options.iter().any(|held| held == option)
    }
}

impl Admin {
    /// The script of a site, made when it has none yet.
    ///
    /// # Errors
    /// When there is no such site.
    pub async fn tracker_script(&self, site: SiteId) -> Result<TrackerScript, Error> {
        if let Some(row) = of_site(&self.db, site).await? {
            return of_row(row);
        }
        let tx = self.begin().await?;
        sites::row(&tx, site).await?;
        let row = made(&tx, site).await?;
        tx.commit().await.or_broken()?;
        of_row(row)
    }

    /// The script of this id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tracker_script_by_id(&self, id: &str) -> Result<Option<TrackerScript>, Error> {
        tracker_script::Entity::find_by_id(id.to_owned()).one(&self.db).await.or_broken()?.map(of_row).transpose()
    }

    /// Changes how a site's script behaves: `None` leaves a thing as it is.
    ///
    /// # Errors
    /// When there is no such site, installation or option.
    pub async fn update_tracker_script(
        &self,
        site: SiteId,
        installation: Option<&str>,
        options: &[(&str, bool)],
    ) -> Result<TrackerScript, Error> {
        if installation.is_some_and(|name| !INSTALLATIONS.contains(&name)) {
            return Err(Error::invalid(format!("`installation_type` must be one of `{}`", INSTALLATIONS.join("`, `"))));
        }
        if let Some((unknown, _)) = options.iter().find(|(name, _)| !SCRIPT_OPTIONS.contains(name)) {
            return Err(Error::invalid(format!(
                "a tracker script has no option `{}`",
                unknown.chars().take(60).collect::<String>()
            )));
        }
        let tx = self.begin().await?;
        sites::row(&tx, site).await?;
        let mut row = made(&tx, site).await?;
        if let Some(name) = installation {
            row.installation = Some(name.to_owned());
        }
        let held: Vec<String> = json::read("options", &row.options)?;
        let held: Vec<&str> = SCRIPT_OPTIONS
            .iter()
            .copied()
            .filter(|option| {
                options
                    .iter()
                    .rev()
                    .find(|(name, _)| name == option)
                    .map_or_else(|| held.iter().any(|held| held == option), |(_, on)| *on)
            })
            .collect();
        row.options = json::write(&held)?;
        update(&tx, row.clone()).await?;
        self.commit(tx).await?;
        of_row(row)
    }
}

/// The row of a site's script, added when it has none.
async fn made(db: &impl ConnectionTrait, site: SiteId) -> Result<tracker_script::Model, Error> {
    if let Some(row) = of_site(db, site).await? {
        return Ok(row);
    }
    let row = tracker_script::Model {
        id: secret::random_hex::<12>(),
        site: i64::from(site.0),
        installation: None,
        options: "[]".to_owned(),
    };
    insert(db, row.clone()).await?;
    Ok(row)
}

async fn of_site(db: &impl ConnectionTrait, site: SiteId) -> Result<Option<tracker_script::Model>, Error> {
    tracker_script::Entity::find().filter(tracker_script::Column::Site.eq(i64::from(site.0))).one(db).await.or_broken()
}

fn of_row(row: tracker_script::Model) -> Result<TrackerScript, Error> {
    Ok(TrackerScript {
        id: row.id,
        site: id_of(row.site)?,
        installation: row.installation,
        options: json::read("options", &row.options)?,
    })
}
