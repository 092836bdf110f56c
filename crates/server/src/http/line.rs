//! The bytes of a connection: nobody looks for them while a hit waits for the disk, and addresses may hold what browsers escape.

use std::{
    mem::MaybeUninit,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    task::{Context, Poll, ready},
};

use hyper::rt::{Read, ReadBuf, ReadBufCursor, Write};

/// A stream as hyper reads it. Between a request and its answer hyper asks the stream whether somebody is still there, which costs a
/// call of the system each time; a hit counts whether or not its sender waits for the answer.
pub(super) struct Line<S> {
    stream: S,
    waits: Waits,
    place: Place,
    /// What was read and not handed on yet.
    left: Vec<u8>,
}

/// Where in a request the next byte stands, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Where a request may begin: at first, and after an answer.
    Begin,
    /// In a request's first line.
    FirstLine,
    /// Behind it.
    Behind,
}

/// What the first line of a request begins with.
const METHODS: [&str; 7] = ["GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "OPTIONS ", "PATCH "];

/// How much is read at a time while a first line is looked for.
const READ: usize = 8 << 10;

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
        Line { stream, waits, place: Place::Begin, left: Vec::new() }
    }
}

/// Bytes of a request as hyper takes them. In its first line, `"`, `<` and `>` are escaped: scripts write `segment=actions>1`, the
/// web servers around a Matomo take that, and RFC 9112 lets a server repair it. Gives the place behind them.
fn repair(bytes: &[u8], place: Place, into: &mut Vec<u8>) -> Place {
    let is_one = |method: &&str| bytes.starts_with(method.as_bytes()) || method.as_bytes().starts_with(bytes);
    if place == Place::Begin && bytes.is_empty() {
        return place;
    }
    if place == Place::Behind || place == Place::Begin && !METHODS.iter().any(is_one) {
        into.extend_from_slice(bytes);
        return Place::Behind;
    }
    for (at, sign) in bytes.iter().enumerate() {
        match sign {
            b'"' => into.extend_from_slice(b"%22"),
            b'<' => into.extend_from_slice(b"%3C"),
            b'>' => into.extend_from_slice(b"%3E"),
            b'\n' => {
                into.extend_from_slice(&bytes[at..]);
                return Place::Behind;
            }
            other => into.push(*other),
        }
    }
    Place::FirstLine
}

impl<S: Read + Unpin> Read for Line<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, mut bytes: ReadBufCursor<'_>) -> Poll<std::io::Result<()>> {
        // The answer is written by whoever is woken for the hit, and after that the stream is read again.
        if self.waits.0.load(Relaxed) {
            return Poll::Pending;
        }
        let line = &mut *self;
        if line.left.is_empty() {
            if line.place == Place::Behind {
                return Pin::new(&mut line.stream).poll_read(context, bytes);
            }
            let mut buffer = [MaybeUninit::uninit(); READ];
            let mut read = ReadBuf::uninit(&mut buffer);
            ready!(Pin::new(&mut line.stream).poll_read(context, read.unfilled()))?;
            line.place = repair(read.filled(), line.place, &mut line.left);
        }
        let n = line.left.len().min(bytes.remaining());
        bytes.put_slice(&line.left[..n]);
        line.left.drain(..n);
        Poll::Ready(Ok(()))
    }
}

impl<S: Write + Unpin> Write for Line<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        // What was read of the next request already stays as it is.
        if self.left.is_empty() {
            self.place = Place::Begin;
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repaired(parts: &[&str]) -> (String, Place) {
        let (mut place, mut out) = (Place::Begin, Vec::new());
        for part in parts {
            place = repair(part.as_bytes(), place, &mut out);
        }
        (String::from_utf8(out).unwrap(), place)
    }

    #[test]
    fn only_first_lines_are_repaired() {
        let whole = "GET /?a>1&b=\"<\" HTTP/1.1\r\nx: \"<>\"\r\n\r\n<b>";
        let wanted = ("GET /?a%3E1&b=%22%3C%22 HTTP/1.1\r\nx: \"<>\"\r\n\r\n<b>".to_owned(), Place::Behind);
        assert_eq!(repaired(&[whole]), wanted);
        // However it comes in.
        let pieces: Vec<&str> = whole.as_bytes().chunks(1).map(|byte| std::str::from_utf8(byte).unwrap()).collect();
        assert_eq!(repaired(&pieces), wanted);
        assert_eq!(repaired(&["GET /<"]), ("GET /%3C".to_owned(), Place::FirstLine));
    }

    #[test]
    fn what_is_no_request_stays_as_it_is() {
        assert_eq!(repaired(&["{\"a\": \"<\"}\n"]), ("{\"a\": \"<\"}\n".to_owned(), Place::Behind));
        // A body that is waited for behind `100 Continue`.
        assert_eq!(repaired(&["A<B>\n"]), ("A<B>\n".to_owned(), Place::Behind));
        assert_eq!(repaired(&[""]), (String::new(), Place::Begin));
    }
}
