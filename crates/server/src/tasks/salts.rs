//! The salts of cookieless visitors: one for each UTC day, deleted after 48 hours.

use footfall_ingest::Salts;
use footfall_model::{Error, Millis};

use crate::{app::App, clock};

/// Today's salt and yesterday's.
pub(super) struct Ring {
    day: i64,
    salts: Salts,
}

impl Ring {
    pub(super) async fn load(app: &App) -> Result<Ring, Error> {
        let now = clock::now();
        Ok(Ring { day: day(now), salts: read(app, now).await? })
    }

    /// The salts of this moment; new ones when the day has changed.
    pub(super) async fn for_day(&mut self, app: &App, now: Millis) -> Result<&Salts, Error> {
        if day(now) != self.day {
            self.salts = read(app, now).await?;
            self.day = day(now);
        }
        Ok(&self.salts)
    }
}

fn day(at: Millis) -> i64 {
    at.seconds().div_euclid(86_400)
}

async fn read(app: &App, now: Millis) -> Result<Salts, Error> {
    let salts = app.admin.salts(now).await?;
    Ok(Salts { today: salts.today, yesterday: salts.yesterday })
}
