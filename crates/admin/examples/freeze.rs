//! Writes the database that a version's frozen test opens: `freeze FILE`. Done once, when a version of the tables is released.

#[path = "../tests/admin/story.rs"]
mod story;

use footfall_admin::Admin;
use footfall_model::Error;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let Some(path) = std::env::args().nth(1) else {
        return Err(Error::invalid("name the file to write"));
    };
    let admin = Admin::open(&path).await?;
    story::tell(&admin).await?;
    admin.close().await
}
