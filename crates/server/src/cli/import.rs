//! `footfall import events`.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead as _, BufReader, Read, Seek as _},
};

use clap::{Arg, ArgAction, ArgMatches, Command};
use footfall_admin::{ImportState, NewEventImport};
use footfall_ingest::{import, record};
use footfall_model::{Error, Millis, SiteId, Sites};
use serde_json::json;

use super::output::{self, Progress};
use crate::{app::App, clock, config::Config, tasks, wiring};

/// Lines that become durable together.
const CHUNK: usize = 2000;
/// Bytes of a line that are looked at; longer ones are refused without being held.
const LONGEST_LINE: u64 = 1 << 20;

pub(super) fn events_command() -> Command {
    Command::new("events")
        .about("Import events from a file of JSON lines, or `-` for standard input")
        .long_about(
            "Imports events, one JSON object a line (docs/import.md describes them). Bad lines are reported with their number and\n\
             reason and never stop the rest. Running the same file again with the same --batch-id changes nothing.\n\
             The data directory must not be in use; while a server runs, send the file to POST /api/v1/import/events.",
        )
        .arg(Arg::new("file").required(true).value_name("FILE"))
        .arg(Arg::new("batch-id").long("batch-id").value_name("TEXT").help("Names the import, so that it can be repeated (default: made from the content)"))
        .arg(Arg::new("json").long("json").action(ArgAction::SetTrue).help("Print the outcome as JSON"))
}

pub(super) async fn events(config: Config, given: &ArgMatches) -> Result<(), Error> {
    let path = given.get_one::<String>("file").cloned().unwrap_or_default();
    let unread = |cause| Error::broken(format!("`{path}` cannot be read")).because(cause);
    let mut file = if path == "-" {
        // Kept aside, because it is read twice.
        let mut kept = tempfile::tempfile().map_err(unread)?;
        std::io::copy(&mut std::io::stdin(), &mut kept).map_err(unread)?;
        kept.rewind().map_err(unread)?;
        kept
    } else {
        File::open(&path).map_err(|cause| Error::invalid(format!("`{path}` cannot be opened")).because(cause))?
    };
    let batch = match given.get_one::<String>("batch-id") {
        Some(named) => named.clone(),
        None => content_id(&mut file).map_err(unread)?,
    };
    let length = file.metadata().map_err(unread)?.len();
    let app = wiring::build(config).await?;
    let tasks = tasks::start(&app).await?;
    let outcome = lines(&app, &app.sites(), &batch, file, Some(length)).await;
    tasks::stop(&app, tasks).await?;
    let outcome = outcome?;
    for (line, reason) in &outcome.bad {
        eprintln!("line {line}: {reason}");
    }
    if given.get_flag("json") {
        let bad: Vec<_> = outcome.bad.iter().map(|(line, reason)| json!({"line": line, "reason": reason})).collect();
        return output::line(
            &json!({"batch_id": batch, "lines": outcome.lines, "accepted": outcome.accepted, "bad": bad}).to_string(),
        );
    }
    output::line(&format!("{} of {} lines accepted (batch `{batch}`)", outcome.accepted, outcome.lines))
}

/// What an import came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    /// Lines that are not empty.
    pub(crate) lines: u64,
    /// Lines that were taken.
    pub(crate) accepted: u64,
    /// Lines that were not: number and reason. The first thousand.
    pub(crate) bad: Vec<(u64, String)>,
    /// Which sites the events are about.
    sites: BTreeMap<SiteId, Brought>,
}

/// What an import brought to one site.
#[derive(Clone, Copy, Debug)]
struct Brought {
    first: Millis,
    last: Millis,
    accepted: i64,
}

impl Outcome {
    fn takes(&mut self, site: SiteId, at: Millis) {
        let brought = self.sites.entry(site).or_insert(Brought { first: at, last: at, accepted: 0 });
        brought.first = brought.first.min(at);
        brought.last = brought.last.max(at);
        brought.accepted += 1;
    }

    /// Writes down how far the import is, where each of its sites lists what was brought.
    async fn note(&self, app: &App, sites: &Sites, batch: &str, state: ImportState, now: Millis) -> Result<(), Error> {
        let refused = i64::try_from(self.lines.saturating_sub(self.accepted)).unwrap_or(i64::MAX);
        let several = self.sites.len() > 1;
        for (id, brought) in &self.sites {
            let Some(site) = sites.get(*id) else { continue };
            let day = |at: Millis| at.local(&site.zone).date();
            let new = NewEventImport {
                batch: batch.chars().take(190).collect(),
                first: day(brought.first),
                last: day(brought.last),
                accepted: brought.accepted,
                // Whose a line is that cannot be read is not known where a file tells of several sites.
                lines: if several { brought.accepted } else { i64::try_from(self.lines).unwrap_or(i64::MAX) },
                refused: if several { 0 } else { refused },
                state,
            };
            app.admin.note_event_import(*id, new, now).await?;
        }
        Ok(())
    }
}

/// Imports lines that are about these sites and waits until the store has them. With their `length` in bytes, shows how far it is.
/// The sites' lists of imports tell of it from the first events on.
///
/// # Errors
/// When they cannot be read or made durable.
pub(crate) async fn lines(
    app: &App,
    sites: &Sites,
    batch: &str,
    source: impl Read,
    length: Option<u64>,
) -> Result<Outcome, Error> {
    let mut outcome = Outcome::default();
    let read = read(app, sites, batch, source, length, &mut outcome).await;
    let state = if read.is_ok() { ImportState::Completed } else { ImportState::Failed };
    outcome.note(app, sites, batch, state, clock::now()).await?;
    read.map(|()| outcome)
}

async fn read(
    app: &App,
    sites: &Sites,
    batch: &str,
    source: impl Read,
    length: Option<u64>,
    outcome: &mut Outcome,
) -> Result<(), Error> {
    let mut progress = length.map(|length| Progress::new("importing", length));
    let mut done = 0;
    let now = clock::now();
    let mut records = Vec::with_capacity(CHUNK);
    let mut last = app.journal.tail();
    let mut number = 0;
    let mut reader = BufReader::new(source);
    loop {
        let mut line = Vec::new();
        let unread = |cause| Error::broken("the import cannot be read").because(cause);
        let mut read = reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(unread)?;
        if read as u64 == LONGEST_LINE && line.last() != Some(&b'\n') {
            read += reader.skip_until(b'\n').map_err(unread)?;
        }
        let ends = read == 0;
        if !ends {
            number += 1;
            done += read as u64;
            let line = line.trim_ascii();
            if !line.is_empty() {
                outcome.lines += 1;
                match import::line(line, number, batch, sites, now) {
                    Ok(hit) => {
                        outcome.accepted += 1;
                        if let Some(hit) = hit {
                            outcome.takes(SiteId(hit.site), Millis(hit.at));
                            records.push(record::encode(&hit));
                        }
                    }
                    Err(reason) if outcome.bad.len() < 1000 => outcome.bad.push((number, reason.to_string())),
                    Err(_) => {}
                }
            }
        }
        if (ends && !records.is_empty()) || records.len() >= CHUNK {
            let chunk = std::mem::replace(&mut records, Vec::with_capacity(CHUNK));
            if !ends {
                outcome.note(app, sites, batch, ImportState::Importing, now).await?;
            }
            last = app
                .journal
                .append_all(chunk)
                .await
                .map_err(|cause| Error::broken("the import cannot be made durable").because(cause))?;
            app.caught_up(last).await?;
            if let Some(progress) = &mut progress {
                progress.at(done);
            }
        }
        if ends {
            break;
        }
    }
    app.caught_up(last).await?;
    if let Some(progress) = progress {
        progress.end();
    }
    Ok(())
}

/// A name made from the content: the same file is the same import. The file is at its beginning afterwards.
pub(crate) fn content_id(file: &mut File) -> std::io::Result<String> {
    use sha2::Digest as _;
    let mut digest = sha2::Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece)? {
            0 => break,
            read => digest.update(&piece[..read]),
        }
    }
    file.rewind()?;
    Ok(hex::encode(&digest.finalize()[..16]))
}
