//! The salts of cookieless visitors: one for each UTC day, deleted after 48 hours.

use footfall_ingest::enrich::Salts;
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
    let kept = app.admin.salts(now).await?;
    Ok(Salts { secret: secret(app).await?, days: vec![(kept.day - 1, kept.yesterday), (kept.day, kept.today)] })
}

/// The instance's own secret, made at the first start.
async fn secret(app: &App) -> Result<[u8; 16], Error> {
    const NAME: &str = "instance.secret";
    let mut secret = [0; 16];
    match app.admin.setting::<String>(NAME).await? {
        Some(kept) => hex::decode_to_slice(kept, &mut secret)
            .map_err(|cause| Error::broken("the administration database holds an unreadable secret").because(cause))?,
        None => {
            secret = rand::random();
            app.admin.set_setting(NAME, &hex::encode(secret)).await?;
        }
    }
    Ok(secret)
}
