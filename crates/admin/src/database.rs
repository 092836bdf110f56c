use std::{path::Path, sync::Arc};

use footfall_model::Error;
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, ConnectOptions, ConnectionTrait, Database, DatabaseConnection,
    DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
    sea_query::{Expr, ExprTrait},
    sqlx::sqlite::SqliteJournalMode,
};
use tokio::sync::{Semaphore, watch};

use crate::{entity::sequence, migrations, secret, throttle::Throttle};

/// The sequence that counts changes.
const REVISION: &str = "revision";

/// The relational side of a server. Cheap to clone; clones share one database and one change signal.
#[derive(Clone, Debug)]
pub struct Admin {
    pub(crate) db: DatabaseConnection,
    pub(crate) shared: Arc<Shared>,
}

#[derive(Debug)]
pub(crate) struct Shared {
    version: watch::Sender<u64>,
    /// How many passwords are hashed at once: each takes 19 MiB.
    pub(crate) hashing: Arc<Semaphore>,
    pub(crate) throttle: Throttle,
    /// The hash of a password nobody knows, checked where there is no user to check.
    pub(crate) nobody: tokio::sync::OnceCell<String>,
}

impl Admin {
    /// Opens a database and brings its tables up to date: the path of a SQLite file (made when missing), or a URL
    /// `sqlite:…`.
    ///
    /// # Errors
    /// When the URL names a database this build has no driver for, or the file cannot be opened or is something else.
    pub async fn open(place: &str) -> Result<Admin, Error> {
        let path = place.strip_prefix("sqlite://").or_else(|| place.strip_prefix("sqlite:")).unwrap_or(place);
        if path == ":memory:" {
            return Admin::open_in_memory().await;
        }
        if let Some((scheme, _)) = path.split_once("://") {
            return Err(Error::invalid(format!(
                "this build cannot keep its administration in `{scheme}`; it may be the path of a SQLite file"
            )));
        }
        if let Some(folder) = Path::new(path).parent() {
            std::fs::create_dir_all(folder)
                .map_err(|cause| Error::broken(format!("the directory of `{path}` cannot be made")).because(cause))?;
        }
        make_private(path)?;
        let file = path.to_owned();
        let mut options = ConnectOptions::new("sqlite://administration");
        options.max_connections(4).sqlx_logging(false).map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .filename(&file)
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .foreign_keys(true)
                .busy_timeout(std::time::Duration::from_secs(5))
        });
        Admin::connect(options).await.map_err(|error| {
            if error.hint_text().is_some() {
                return error;
            }
            Error::broken(format!("`{path}` cannot be used as the administration database"))
                .hint("it must be a SQLite file this program wrote, in a directory it may write to")
                .because(error)
        })
    }

    /// A database that lives as long as its last clone.
    ///
    /// # Errors
    /// When memory runs out.
    pub async fn open_in_memory() -> Result<Admin, Error> {
        let mut options = ConnectOptions::new("sqlite::memory:");
        options
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .sqlx_logging(false)
            .map_sqlx_sqlite_opts(|sqlite| sqlite.foreign_keys(true));
        Admin::connect(options).await
    }

    async fn connect(options: ConnectOptions) -> Result<Admin, Error> {
        let db = Database::connect(options).await.or_broken()?;
        let admin = Admin {
            db,
            shared: Arc::new(Shared {
                version: watch::Sender::new(0),
                hashing: Arc::new(Semaphore::new(2)),
                throttle: Throttle::new(secret::random()),
                nobody: tokio::sync::OnceCell::new(),
            }),
        };
        let tx = admin.begin().await?;
        migrations::migrate(&tx).await?;
        tx.commit().await.or_broken()?;
        admin.look_for_changes().await?;
        Ok(admin)
    }

    /// Ends every connection, so that nothing is left beside the database's file.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn close(self) -> Result<(), Error> {
        self.db.close().await.or_broken()
    }

    /// Counts the changes to anything a [`snapshot`](Admin::snapshot) or a principal is made of. Whoever keeps a snapshot
    /// takes a new one when the number moves.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.version.subscribe()
    }

    /// A transaction that may write; others that write wait for it.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, Error> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.db.begin_with_options(options).await.or_broken()
    }

    /// Looks whether another process changed something, such as the command line beside a running server; then
    /// [`changes`](Admin::changes) moves. A server calls it every few seconds.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn look_for_changes(&self) -> Result<(), Error> {
        let revision = revision(&self.db).await?;
        self.announce(revision);
        Ok(())
    }

    /// Ends a transaction that changed something snapshots show.
    pub(crate) async fn commit(&self, tx: DatabaseTransaction) -> Result<(), Error> {
        let moved = sequence::Entity::update_many()
            .col_expr(sequence::Column::Last, Expr::col(sequence::Column::Last).add(1))
            .filter(sequence::Column::Name.eq(REVISION))
            .exec(&tx)
            .await
            .or_broken()?;
        if moved.rows_affected == 0 {
            let first = sequence::Model { name: REVISION.to_owned(), last: 1 };
            insert(&tx, first).await?;
        }
        let revision = revision(&tx).await?;
        tx.commit().await.or_broken()?;
        self.announce(revision);
        Ok(())
    }

    fn announce(&self, revision: u64) {
        self.shared.version.send_if_modified(|version| {
            let newer = revision > *version;
            *version = std::cmp::max(revision, *version);
            newer
        });
    }
}

/// Makes the file when it is missing, for this user's eyes only: it holds hashes of passwords.
fn make_private(path: &str) -> Result<(), Error> {
    let mut open = std::fs::OpenOptions::new();
    open.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    open.open(path).map_err(|cause| Error::broken(format!("`{path}` cannot be opened")).because(cause))?;
    Ok(())
}

/// How many changes were ever made.
async fn revision(db: &impl ConnectionTrait) -> Result<u64, Error> {
    let row = sequence::Entity::find_by_id(REVISION.to_owned()).one(db).await.or_broken()?;
    Ok(row.map_or(0, |row| row.last.unsigned_abs()))
}

/// A failure of the database, in this crate's words; the cause is for the log.
pub(crate) trait OrBroken<T> {
    fn or_broken(self) -> Result<T, Error>;
}

impl<T> OrBroken<T> for Result<T, DbErr> {
    fn or_broken(self) -> Result<T, Error> {
        self.map_err(|cause| {
            let said = cause.to_string();
            if matches!(cause, DbErr::ConnectionAcquire(_)) || said.contains("database is locked") {
                return Error::busy("the administration database is busy").because(cause);
            }
            let error = Error::broken("the administration database failed");
            if said.contains("disk is full") {
                return error.hint("its disk is full").because(cause);
            }
            error.because(cause)
        })
    }
}

/// Adds a row.
pub(crate) async fn insert<M, A>(db: &impl ConnectionTrait, row: M) -> Result<(), Error>
where
    M: ModelTrait + IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = M::Entity>,
{
    M::Entity::insert(row.into_active_model()).exec_without_returning(db).await.or_broken()?;
    Ok(())
}

/// Writes every column of the row with the same key.
pub(crate) async fn update<M, A>(db: &impl ConnectionTrait, row: M) -> Result<(), Error>
where
    M: ModelTrait + IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = M::Entity> + ActiveModelBehavior + Send,
{
    row.into_active_model().reset_all().update_without_returning(db).await.or_broken()?;
    Ok(())
}
