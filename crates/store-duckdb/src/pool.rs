use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use duckdb::{Connection, InterruptHandle};
use footfall_model::Error;
use parking_lot::Mutex;
use tokio::sync::Semaphore;

/// A few connections, lent one at a time to work that blocks.
pub(crate) struct Pool {
    idle: Arc<Mutex<Vec<Connection>>>,
    slots: Arc<Semaphore>,
    timeout: Option<Duration>,
}

impl Pool {
    /// A pool of these connections. Work that takes longer than the timeout is interrupted.
    pub(crate) fn new(connections: Vec<Connection>, timeout: Option<Duration>) -> Pool {
        Pool { slots: Arc::new(Semaphore::new(connections.len())), idle: Arc::new(Mutex::new(connections)), timeout }
    }

    /// Does the work on a free connection, on a thread where blocking is allowed. Reading work is interrupted when nobody waits
    /// for its result any more; writing work, which has no timeout, always comes to its end.
    pub(crate) async fn run<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    {
        let timeout = self.timeout;
        let asked = Instant::now();
        let slot = Arc::clone(&self.slots).acquire_owned().await;
        let slot = slot.map_err(|cause| Error::broken("the store is closed").because(cause))?;
        let Some(connection) = self.idle.lock().pop() else {
            return Err(Error::broken("the store has lost a connection"));
        };
        let running = Arc::new(Mutex::new(Some(connection.interrupt_handle())));
        let lent = Lent { connection: Some(connection), idle: Arc::clone(&self.idle), running: Arc::clone(&running) };
        let task = tokio::task::spawn_blocking(move || {
            // The connection goes back before its slot is free: the next one to get the slot finds it.
            let _slot = slot;
            let mut lent = lent;
            match timeout {
                // Waiting for a connection counts too.
                Some(timeout) if asked.elapsed() >= timeout => Err(too_long(timeout)),
                _ => lent.with(work),
            }
        });
        let joined = match timeout {
            None => task.await,
            Some(timeout) => {
                let _interrupt = InterruptOnDrop(running);
                match tokio::time::timeout(timeout, task).await {
                    Ok(joined) => joined,
                    Err(_) => return Err(too_long(timeout)),
                }
            }
        };
        joined.map_err(|cause| Error::broken("the store failed unexpectedly").because(cause))?
    }
}

fn too_long(timeout: Duration) -> Error {
    Error::busy(format!("the question took longer than {} s", timeout.as_secs()))
        .hint("ask for a shorter range or a simpler segment")
}

/// A connection on loan: goes back to its pool even when the work panics.
struct Lent {
    connection: Option<Connection>,
    idle: Arc<Mutex<Vec<Connection>>>,
    running: Arc<Mutex<Option<Arc<InterruptHandle>>>>,
}

impl Lent {
    fn with<T>(&mut self, work: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        match &self.connection {
            Some(connection) => work(connection),
            None => Err(Error::broken("the store has lost a connection")),
        }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        // From here on nobody may interrupt the connection: the next one to borrow it would be hit.
        *self.running.lock() = None;
        self.idle.lock().extend(self.connection.take());
    }
}

struct InterruptOnDrop(Arc<Mutex<Option<Arc<InterruptHandle>>>>);

impl Drop for InterruptOnDrop {
    fn drop(&mut self) {
        if let Some(handle) = &*self.0.lock() {
            handle.interrupt();
        }
    }
}
