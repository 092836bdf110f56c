use std::path::Path;

use footfall_model::Error;

/// What a failure of the engine means to the caller, in one sentence, with what to do about it.
pub(crate) fn fault(doing: &str, cause: duckdb::Error) -> Error {
    let said = cause.to_string();
    let has = |sign: &str| said.contains(sign);
    if let Some(reason) = no_expression(&said) {
        return Error::invalid(format!("a pattern is not a regular expression: {reason}")).because(cause);
    }
    let error = if has("No space left") || has("File too large") || has("disk quota") {
        Error::busy(format!("the disk is full: {doing} failed"))
            .hint("free some space on the disk that holds the data directory; nothing acknowledged is lost")
    } else if has("INTERRUPT") || has("Interrupted") {
        Error::busy(format!("{doing} was interrupted"))
    } else if has("Out of Memory") {
        Error::busy(format!("{doing} needs more memory than it may use"))
            .hint("raise the store's memory limit, or ask for a shorter range")
    } else if has("invalidated because of a previous fatal error") {
        Error::broken(format!("the store stopped after an earlier failure: {doing} failed"))
            .hint("start Footfall again; what was not yet stored is still in the journal")
    } else {
        Error::broken(format!("{doing} failed"))
    };
    error.because(cause)
}

/// What RE2 says of a pattern that is none: its reason and the part of the pattern that it is about.
fn no_expression(said: &str) -> Option<&str> {
    const REASONS: [&str; 15] = [
        "unexpected error",
        "invalid escape sequence",
        "invalid character class",
        "invalid character class range",
        "missing ]",
        "missing )",
        "unexpected )",
        "trailing \\",
        "no argument for repetition operator",
        "invalid repetition size",
        "bad repetition operator",
        "invalid perl operator",
        "invalid UTF-8",
        "invalid named capture group",
        "pattern too large",
    ];
    let (_, reason) = said.split_once("Invalid Input Error: ")?;
    REASONS.iter().any(|known| reason.starts_with(known)).then(|| reason.lines().next().unwrap_or(reason))
}

/// What it means that a database could not be opened.
pub(crate) fn open_fault(path: &Path, cause: duckdb::Error) -> Error {
    let shown = path.display();
    let said = cause.to_string();
    let has = |sign: &str| said.contains(sign);
    let error = if has("Could not set lock") || has("Conflicting lock") || has("already open") {
        Error::busy(format!("`{shown}` is in use by another process"))
            .hint("stop the other Footfall, or give this one a data directory of its own")
    } else if has("not a valid DuckDB database") || has("Serialization") || has("checksum") || has("orrupt") {
        Error::broken(format!("`{shown}` is damaged or is not a Footfall store")).hint("put the file's last backup in its place")
    } else if has("No space left") {
        Error::busy(format!("the disk that holds `{shown}` is full")).hint("free some space on it")
    } else if has("Permission denied") || has("Read-only file system") {
        Error::broken(format!("`{shown}` cannot be written")).hint("let the user that runs Footfall own the data directory")
    } else {
        Error::broken(format!("`{shown}` cannot be opened"))
    };
    error.because(cause)
}
