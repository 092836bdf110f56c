//! What commands print: results on standard output, progress on standard error.

use std::io::{IsTerminal as _, Write as _};

use footfall_model::Error;

/// Prints a line of the result.
///
/// # Errors
/// When nobody reads any more.
pub(crate) fn line(text: &str) -> Result<(), Error> {
    writeln!(std::io::stdout().lock(), "{text}").map_err(|cause| Error::broken("the output cannot be written").because(cause))
}

/// A progress line on standard error: redrawn on a terminal, a line every tenth elsewhere.
pub(crate) struct Progress {
    what: &'static str,
    total: u64,
    last: u64,
    is_terminal: bool,
}

impl Progress {
    /// Progress of something that has `total` steps; 0 when that is not known.
    pub(crate) fn new(what: &'static str, total: u64) -> Progress {
        Progress { what, total, last: u64::MAX, is_terminal: std::io::stderr().is_terminal() }
    }

    /// So many steps are done.
    pub(crate) fn at(&mut self, done: u64) {
        let mut stderr = std::io::stderr().lock();
        if self.total == 0 {
            let mark = done / 50_000;
            if mark != self.last {
                self.last = mark;
                let _ = if self.is_terminal {
                    write!(stderr, "\r{}: {done}", self.what)
                } else {
                    writeln!(stderr, "{}: {done}", self.what)
                };
            }
            return;
        }
        let percent = (done.min(self.total) * 100) / self.total;
        let mark = if self.is_terminal { percent } else { percent / 10 };
        if mark == self.last {
            return;
        }
        self.last = mark;
        let _ = if self.is_terminal {
            let filled = usize::try_from(percent / 4).unwrap_or(0);
            write!(stderr, "\r{} [{}{}] {percent:3} %", self.what, "#".repeat(filled), " ".repeat(25 - filled))
        } else {
            writeln!(stderr, "{}: {percent} %", self.what)
        };
    }

    /// It is done.
    pub(crate) fn end(self) {
        if self.is_terminal {
            let _ = writeln!(std::io::stderr().lock());
        }
    }
}
