//! `footfall demo`: two sites with two months of traffic, and a third whose pages this server serves itself.

mod places;
mod stories;
mod traffic;

use std::time::Duration;

use footfall_admin::{NewFunnel, NewGoal, NewSite, NewUser};
use footfall_ingest::{Hit, record};
use footfall_model::{Error, GoalMatch, MatchAttribute, MatchPattern, Millis, TimeRange, VisitPolicy};

use crate::{
    app::App,
    cli::output::{self, Progress},
    clock,
    config::Config,
    tasks, wiring,
};

/// The password of the demo's superuser.
const PASSWORD: &str = "footfall-demo";
/// A month, and the month before to compare it with.
const DAYS: i64 = 61;
/// The setting that remembers up to when traffic was made.
const MADE_UNTIL: &str = "demo.made_until";

/// Serves the demo until it is told to stop.
///
/// # Errors
/// When the server cannot start.
pub(crate) async fn run(config: Config) -> Result<(), Error> {
    let config = config.with_default("data_dir", "./data/demo").with_default("listen", "127.0.0.1:8000");
    let app = wiring::build(config).await?;
    let drain = tasks::start(&app).await?;
    prepare(&app).await?;
    let stop = async {
        tokio::select! {
            () = wiring::asked_to_stop() => {}
            () = keep_lively(&app) => {}
        }
    };
    let serving = crate::http::serve::bind(&app).await?;
    greet(&app)?;
    serving.until(stop).await;
    tasks::stop(&app, drain).await
}

/// Makes the demo's sites and people, and the traffic that is missing since the last time.
async fn prepare(app: &App) -> Result<(), Error> {
    let now = clock::now();
    if app.admin.count_users().await? == 0 {
        set_up(app, now).await?;
    }
    app.refresh_sites().await?;
    let until = app.admin.setting::<i64>(MADE_UNTIL).await?;
    let since = until.map_or(now.plus(-DAYS * 86_400_000), |made| Millis(made).max(now.plus(-DAYS * 86_400_000)));
    make_traffic(app, TimeRange { start: since, end: now }, true).await?;
    app.admin.set_setting(MADE_UNTIL, &now.0).await
}

async fn set_up(app: &App, now: Millis) -> Result<(), Error> {
    let admin = &app.admin;
    let user = NewUser {
        login: "demo".to_owned(),
        email: "demo@example.org".to_owned(),
        name: "Demo".to_owned(),
        password: Some(PASSWORD.to_owned()),
        superuser: true,
        role: None,
    };
    admin.add_user(user, now).await?;
    let began = now.plus(-DAYS * 86_400_000);
    let shop = NewSite {
        name: stories::SHOP.name.to_owned(),
        urls: vec![stories::SHOP.origin.to_owned()],
        timezone: Some("Europe/Berlin".to_owned()),
        currency: Some("EUR".to_owned()),
        ecommerce: true,
        policy: Some(VisitPolicy::Matomo),
        created_at: Some(began),
        ..NewSite::default()
    };
    let docs = NewSite {
        name: stories::DOCS.name.to_owned(),
        urls: vec![stories::DOCS.origin.to_owned()],
        timezone: Some("UTC".to_owned()),
        policy: Some(VisitPolicy::Plausible),
        created_at: Some(began),
        ..NewSite::default()
    };
    let own = NewSite {
        name: "Your first pages".to_owned(),
        urls: vec![app.config.base_url()],
        domain: Some("demo-pages.example".to_owned()),
        created_at: Some(began),
        ..NewSite::default()
    };
    let shop = admin.add_site(shop, now).await?.id;
    let docs = admin.add_site(docs, now).await?.id;
    admin.add_site(own, now).await?;
    let url_goal = |text: &str| GoalMatch::Matomo {
        attribute: MatchAttribute::Url,
        pattern: MatchPattern::Contains,
        text: text.to_owned(),
        case_sensitive: false,
    };
    admin.add_goal(shop, NewGoal::new("Newsletter subscribed", url_goal("/newsletter/welcome"))).await?;
    admin.add_goal(shop, NewGoal::new("Checkout reached", url_goal("/checkout"))).await?;
    let event = |name: &str| GoalMatch::Event { name: name.to_owned(), props: Vec::new() };
    let signup = admin.add_goal(docs, NewGoal::new("Signup", event("Signup"))).await?;
    admin.add_goal(docs, NewGoal::new("Download", event("Download"))).await?;
    let page = |path: &str| GoalMatch::PagePath { path: path.to_owned(), props: Vec::new() };
    let start = admin.add_goal(docs, NewGoal::new("Visit /", page("/"))).await?;
    let pricing = admin.add_goal(docs, NewGoal::new("Visit /pricing", page("/pricing"))).await?;
    let steps = vec![start.id, pricing.id, signup.id];
    admin.add_funnel(docs, NewFunnel { name: "From the start to signing up".to_owned(), steps, strict: false }).await?;
    Ok(())
}

/// Puts the traffic of a span into the journal and waits until the store has it.
async fn make_traffic(app: &App, span: TimeRange, shown: bool) -> Result<(), Error> {
    let sites = app.sites();
    let all = sites.all();
    let number = |name: &str| all.iter().find(|site| site.name == name).map(|site| site.id);
    let mut hits: Vec<Hit> = Vec::new();
    for site in [&stories::SHOP, &stories::DOCS] {
        if let Some(number) = number(site.name) {
            hits.extend(traffic::hits(site, number.0, span));
        }
    }
    hits.sort_by_key(|hit| hit.at);
    let total = hits.len() as u64;
    let mut progress = shown.then(|| Progress::new("making two months of traffic", total));
    let mut done = 0;
    for chunk in hits.chunks(4000) {
        let appended = app.journal.append_all(chunk.iter().map(record::encode).collect()).await;
        let offset = appended.map_err(|cause| Error::broken("the demo's traffic cannot be made durable").because(cause))?;
        app.caught_up(offset).await?;
        done += chunk.len() as u64;
        if let Some(progress) = &mut progress {
            progress.at(done);
        }
    }
    if let Some(progress) = progress {
        progress.end();
    }
    Ok(())
}

/// Goes on making traffic as time passes.
async fn keep_lively(app: &App) {
    let mut made = clock::now();
    loop {
        tokio::time::sleep(Duration::from_secs(5)).await;
        let now = clock::now();
        let span = TimeRange { start: made, end: now };
        if let Err(error) = make_traffic(app, span, false).await {
            tracing::warn!(error = %error, "the demo's traffic stands still");
            continue;
        }
        made = now;
        if let Err(error) = app.admin.set_setting(MADE_UNTIL, &now.0).await {
            tracing::warn!(error = %error, "the demo's place cannot be written down");
        }
    }
}

fn greet(app: &App) -> Result<(), Error> {
    let base = app.config.base_url();
    output::line(&format!(
        "\n  Footfall is running at {base}\n\n  Log in with   demo\n  Password      {PASSWORD}\n\n  Try:\n  \
         - the two busy sites: click any row to filter, pick a range, compare with the period before\n  \
         - {base}/demo-pages/matomo.html and {base}/demo-pages/plausible.html: pages of your own third site;\n    \
           click around there and watch the visit appear\n  \
         - {base}/index.php?module=API&method=API.getMatomoVersion&format=json: Matomo's API is there, too\n\n  \
         Stop with Ctrl+C; start again with the same command, the data stays.\n"
    ))
}
