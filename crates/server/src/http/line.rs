//! The bytes of a connection, which nobody looks for while a hit waits for the disk.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    task::{Context, Poll},
};

use hyper::rt::{Read, ReadBufCursor, Write};

/// A stream as hyper reads it. Between a request and its answer hyper asks the stream whether somebody is still there, which costs a
/// call of the system each time; a hit counts whether or not its sender waits for the answer.
pub(super) struct Line<S> {
    stream: S,
    waits: Waits,
}

/// Whether a hit of a connection waits to be durable.
#[derive(Clone, Default)]
pub(crate) struct Waits(Arc<AtomicBool>);

impl Waits {
    /// Does the work, during which nothing is read.
    pub(super) async fn during<T>(&self, work: impl Future<Output = T>) -> T {
        self.0.store(true, Relaxed);
        let _over = Over(&self.0);
        work.await
    }
}

/// Ends the waiting, also where the work panics.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(false, Relaxed);
    }
}

impl<S> Line<S> {
    pub(super) fn new(stream: S, waits: Waits) -> Line<S> {
        Line { stream, waits }
    }
}

impl<S: Read + Unpin> Read for Line<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: ReadBufCursor<'_>) -> Poll<std::io::Result<()>> {
        // The answer is written by whoever is woken for the hit, and after that the stream is read again.
        if self.waits.0.load(Relaxed) { Poll::Pending } else { Pin::new(&mut self.stream).poll_read(context, bytes) }
    }
}

impl<S: Write + Unpin> Write for Line<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
