//! The only file where a concrete store, journal and detector are named: puts the parts together from the settings.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use footfall_admin::{Admin, NewToken, NewUser};
use footfall_api::{
    Post,
    matomo::Texts,
    plausible::{Limits, Requests},
};
use footfall_ingest::{
    Ranges,
    accept::Gate,
    enrich::{Enricher, Places},
};
use footfall_journal::{EmbeddedJournal, Journal, Offset};
use footfall_model::{Catalogue, Error, Sites};
use footfall_report::RowLimits;
use footfall_store::Store;
use footfall_store_duckdb::DuckStore;
use parking_lot::{Mutex, RwLock};
use tokio::sync::watch;
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::{
    app::{App, Parts},
    clock,
    config::Config,
    device_data,
    geo::Download,
    http::Packed,
    mail::{Mailer, Relay},
    metrics::Metrics,
    tls,
};

/// The file of sites, users and settings, below the data directory.
pub(crate) const ADMIN_FILE: &str = "admin.db";
/// The file of events.
const EVENTS_FILE: &str = "events.duckdb";
/// The file of hits that are answered and not yet stored.
const JOURNAL_FILE: &str = "journal.db";

/// Bytes of the disk that the journal leaves to the store, so that a disk full of hits can be worked off: a write-ahead log and
/// the blocks it is worked into.
const RESERVE: u64 = 128 << 20;

/// Opens everything.
///
/// # Errors
/// With one sentence on what cannot be opened, and what to do.
pub(crate) async fn build(config: Config) -> Result<App, Error> {
    start_logging(&config);
    let relay = Relay::of(&config)?;
    let https = https(&config)?;
    Download::of(&config)?;
    let directory = make_directory(&config)?;
    let catalogue = Arc::new(Catalogue::built_in());
    // The journal first: its lock keeps a second process out before anything else is touched.
    let admin = open_admin(&config).await?;
    let store = open_store(&config, &directory, &catalogue).await?;
    let swallowed = Offset(store.swallowed().await?);
    let journal = open_journal(&directory, swallowed)?;
    admin.end_event_imports().await?;
    let detector = Arc::new(device_data::detector(&config)?);
    let now = clock::now();
    let mut sites = admin.snapshot(now).await?;
    apply_tracking(&mut sites, &config)?;
    let row_limits = match config.flag("matomo.compat.row_limits") {
        true => Some(RowLimits::parse(config.text("matomo.compat.max_rows"))?),
        false => None,
    };
    let texts = match config.text("matomo.texts") {
        "" => Texts::default(),
        directory => crate::texts::read(Path::new(directory))?,
    };
    let mailer = relay.map(|relay| Arc::new(Mailer::new(relay)));
    let reads_wait = config.flag("reports.read_your_hits");
    let hourly = u32::try_from(config.number("api.hourly_requests")).ok().filter(|hourly| *hourly > 0);
    let requests = Arc::new(Requests::new(Limits { hourly }));
    Ok(Arc::new(Parts {
        admin,
        store,
        journal,
        catalogue,
        gate: Gate::new(Arc::clone(&detector)).with_data_centers(data_centers(&config)?),
        detector,
        metrics: Metrics::default(),
        sites: RwLock::new(Arc::new(sites)),
        drained: watch::Sender::new(swallowed),
        enricher: std::sync::OnceLock::new(),
        stopping: watch::Sender::new(false),
        refreshing: tokio::sync::Mutex::default(),
        drops: Mutex::default(),
        failures: Mutex::default(),
        requests,
        texts: Arc::new(texts),
        reads_wait,
        row_limits,
        scripts: Packed::default(),
        https,
        post: mailer.clone().map(|mailer| mailer as Arc<dyn Post>),
        mailer,
        config,
    }))
}

/// What HTTPS shows, where it is spoken.
fn https(config: &Config) -> Result<Option<(tls::Source, Arc<tls::Shown>)>, Error> {
    let Some(mut source) = tls::Source::of(config)? else { return Ok(None) };
    let shown = Arc::new(tls::Shown::default());
    match &mut source {
        tls::Source::Files(files) => {
            files.look(&shown)?;
        }
        tls::Source::Authority(order) => {
            if let Err(error) = order.show_kept(&shown) {
                tracing::warn!(error = %error, "the certificate that is kept cannot be shown, and another is asked for");
            }
            if config.listen().port() != 80 {
                tracing::warn!(
                    port = config.listen().port(),
                    "the certificate authority looks for its proof at port 80, which has to lead to the port of HTTP"
                );
            }
        }
    }
    Ok(Some((source, shown)))
}

/// Opens only the file of sites, users and settings: what the command line works on, also while a server runs.
///
/// # Errors
/// When it cannot be opened.
pub(crate) async fn open_admin(config: &Config) -> Result<Admin, Error> {
    let directory = make_directory(config)?;
    Admin::open(&directory.join(ADMIN_FILE).display().to_string()).await
}

/// The store, for a command that only reads: `None` before there is any.
///
/// # Errors
/// When it cannot be opened, as while a server is at work in it.
pub(crate) async fn store_at_rest(config: &Config) -> Result<Option<Arc<dyn Store>>, Error> {
    let directory = config.data_dir().to_owned();
    if !directory.join(EVENTS_FILE).exists() {
        return Ok(None);
    }
    open_store(config, &directory, &Arc::new(Catalogue::built_in())).await.map(Some)
}

/// The enrichment steps with their data files.
///
/// # Errors
/// When a data file that the settings name cannot be read.
pub(crate) fn enricher(app: &App) -> Result<Arc<Enricher>, Error> {
    let places = places(&app.config)?;
    Ok(Arc::new(Enricher::new(Arc::clone(&app.detector), places, Arc::clone(&app.catalogue))))
}

/// The location databases, those that were downloaded first.
///
/// # Errors
/// When the file that the settings name cannot be read.
pub(crate) fn places(config: &Config) -> Result<Places, Error> {
    let mut places = if config.flag("geo.built_in") { Places::built_in() } else { Places::none() };
    if let Some(path) = Download::of(config)?.map(|download| download.kept()).filter(|path| path.exists())
        && let Err(error) = places.add_file(&path)
    {
        tracing::warn!(error = %error, "the location database that was downloaded cannot be read; it is downloaded again");
    }
    let given = config.text("geo.database");
    if !given.is_empty() {
        let wrong = |cause| Error::invalid(format!("`geo.database` holds `{given}`, which cannot be read: {cause}"));
        places.add_file(Path::new(given)).map_err(wrong)?;
    }
    Ok(places)
}

/// Puts the settings of this process into a snapshot.
///
/// # Errors
/// When a setting holds what it may not.
pub(crate) fn apply_tracking(sites: &mut Sites, config: &Config) -> Result<(), Error> {
    config.apply_tracking(&mut sites.settings);
    sites.trusted_proxies = config.trusted_proxies()?;
    sites.settings.exchange_rates = config.exchange_rates()?;
    Ok(())
}

/// Makes the first superuser from the settings, or gives the one-time token with which a person makes it.
///
/// # Errors
/// When the user cannot be made.
pub(crate) async fn first_user(app: &App) -> Result<Option<String>, Error> {
    let given = |name: &str| Some(app.config.text(name).to_owned()).filter(|text| !text.is_empty());
    if app.admin.count_users().await? == 0
        && let (Some(email), Some(password)) = (given("admin_user_email"), given("admin_user_pwd"))
    {
        let name = given("admin_user_name").unwrap_or_else(|| email.split('@').next().unwrap_or("admin").to_owned());
        // At Plausible this is what somebody is called, and may have blanks; they sign in by their address.
        let login = if footfall_admin::may_be_login(&name) { name.clone() } else { email.clone() };
        let user = NewUser { login: login.clone(), email, name, password: Some(password), superuser: true, role: None };
        app.admin.add_user(user, clock::now()).await?;
        if let Some(token) = given("admin_user_token") {
            let new = NewToken { login, description: "given by the settings".to_owned(), ..NewToken::default() };
            app.admin.keep_token(&token, new, clock::now()).await?;
        }
        app.refresh_sites().await?;
    }
    app.admin.setup_token().await
}

/// Resolves when the process is asked to stop.
pub(crate) async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = interrupt => {}
        () = terminate => {}
    }
}

fn start_logging(config: &Config) {
    let level = match config.text("log.level") {
        "emergency" | "alert" | "critical" => "error",
        "warning" => "warn",
        "notice" => "info",
        "all" => "trace",
        "none" => "off",
        level => level,
    };
    let filter = EnvFilter::new(match level {
        "off" | "error" => level.to_owned(),
        level => format!("{level},sqlx=warn,sea_orm=warn,hyper=warn,h2=warn,ureq=info,ureq_proto=info"),
    });
    let registry = tracing_subscriber::registry().with(filter);
    // A second start in the same process (tests) keeps the first's subscriber.
    let started = if config.text("log.format") == "json" {
        registry.with(fmt::layer().json().with_writer(std::io::stderr)).try_init()
    } else {
        registry.with(fmt::layer().with_target(false).with_writer(std::io::stderr)).try_init()
    };
    drop(started);
}

fn make_directory(config: &Config) -> Result<PathBuf, Error> {
    let directory = config.data_dir().to_path_buf();
    std::fs::create_dir_all(&directory).map_err(|cause| {
        Error::broken(format!("the data directory `{}` cannot be made or used", directory.display()))
            .hint("name another one with `--data-dir`, or give this user the right to write there")
            .because(cause)
    })?;
    Ok(directory)
}

async fn open_store(config: &Config, directory: &Path, catalogue: &Arc<Catalogue>) -> Result<Arc<dyn Store>, Error> {
    let options = footfall_store_duckdb::Options {
        memory_limit: config.store_memory(),
        threads: usize::try_from(config.number("store.threads")).unwrap_or(0),
        ..footfall_store_duckdb::Options::default()
    };
    let path = directory.join(EVENTS_FILE);
    let catalogue = Arc::clone(catalogue);
    let opened = tokio::task::spawn_blocking(move || DuckStore::open(&path, catalogue, options));
    let store = opened.await.map_err(|cause| Error::broken("opening the store was cut short").because(cause))??;
    Ok(Arc::new(store))
}

fn open_journal(directory: &Path, after: Offset) -> Result<Arc<dyn Journal>, Error> {
    let options = footfall_journal::Options { after, reserve: RESERVE, ..footfall_journal::Options::default() };
    let journal = EmbeddedJournal::open(&directory.join(JOURNAL_FILE), &options)
        .map_err(|cause| Error::broken(cause.to_string()).hint("another Footfall may be using the data directory"))?;
    Ok(Arc::new(journal))
}

fn data_centers(config: &Config) -> Result<Ranges, Error> {
    let path = config.text("tracking.data_centers");
    if path.is_empty() {
        return Ok(Ranges::default());
    }
    let wrong = |cause: String| Error::invalid(format!("`tracking.data_centers` holds `{path}`, which cannot be read: {cause}"));
    let text = std::fs::read_to_string(path).map_err(|cause| wrong(cause.to_string()))?;
    Ranges::parse(&text).map_err(|error| wrong(error.message().to_owned()))
}

/// A file of the data directory, as `footfall doctor` shows it.
#[derive(Clone, Debug)]
pub(crate) struct DataFile {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its size.
    pub(crate) bytes: u64,
    /// What is wrong with it.
    pub(crate) problem: Option<String>,
}

/// The files of the data directory.
pub(crate) fn data_files(config: &Config) -> Vec<DataFile> {
    [ADMIN_FILE, EVENTS_FILE, JOURNAL_FILE]
        .into_iter()
        .map(|name| match std::fs::metadata(config.data_dir().join(name)) {
            Ok(data) => DataFile { name, bytes: data.len(), problem: None },
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
                DataFile { name, bytes: 0, problem: Some("not there yet; `footfall serve` makes it".to_owned()) }
            }
            Err(cause) => DataFile { name, bytes: 0, problem: Some(cause.to_string()) },
        })
        .collect()
}
