//! `footfall serve`.

use clap::Command;
use footfall_model::Error;

use super::output;
use crate::{config::Config, http, tasks, wiring};

pub(super) fn command() -> Command {
    Command::new("serve").about("Serve tracking, reports and the UI").long_about(
        "Serves tracking, reports and the UI until it is asked to stop (Ctrl+C, SIGTERM); then it answers no more, moves what\n\
         was answered into the store, and ends.",
    )
}

pub(super) async fn run(config: Config) -> Result<(), Error> {
    let app = wiring::build(config).await?;
    for notice in app.config.notices() {
        tracing::warn!("{notice}");
    }
    let tasks = tasks::start(&app).await?;
    let setup = wiring::first_user(&app).await?;
    let serving = http::serve::bind(&app).await?;
    match setup {
        Some(token) => output::line(&format!(
            "Footfall is running. Nobody has an account yet; make the first one here (the link works once):\n  {}/setup?token={token}",
            app.config.base_url()
        ))?,
        None => output::line(&format!("Footfall is running at {}", app.config.base_url()))?,
    }
    serving.until(wiring::asked_to_stop()).await;
    tasks::stop(&app, tasks).await
}
