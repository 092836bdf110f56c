//! `footfall import plausible` and `footfall import google-analytics`: daily figures of other products.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use clap::{Arg, ArgMatches, Command};
use footfall_admin::{CutDays, NewImport};
use footfall_api::plausible::{
    archive::{self, Source},
    first_day,
};
use footfall_model::Error;

use super::{output, site};
use crate::{clock, config::Config, wiring};

/// The largest file, in bytes, also when it is unpacked.
const LARGEST: u64 = 2 << 30;

pub(super) fn import_command() -> Command {
    with_files(Command::new("plausible").about("Import the daily figures of Plausible's CSV export").long_about(
        "Imports daily figures from Plausible's CSV export: the zip file as it comes, or its files, named\n\
                 imported_<table>_<first>_<last>.csv. All files become one import. A server may be running meanwhile.",
    ))
}

pub(super) fn google_command() -> Command {
    with_files(Command::new("google-analytics").about("Import the daily figures of Google Analytics 4 reports").long_about(
        "Imports daily figures from reports of Google Analytics 4 as CSV (docs/import.md says which), loose or in a zip\n\
                 file. Reports need the dimension `Date`. All files become one import. A server may be running meanwhile.",
    ))
}

fn with_files(command: Command) -> Command {
    command
        .arg(Arg::new("site").required(true).value_name("SITE").help("The site's number or domain"))
        .arg(Arg::new("files").required(true).num_args(1..).value_name("PATH").help("Files, or directories that hold them"))
}

pub(super) async fn import(config: Config, given: &ArgMatches, source: Source) -> Result<(), Error> {
    let admin = wiring::open_admin(&config).await?;
    let wanted = given.get_one::<String>("site").cloned().unwrap_or_default();
    let site = site::find(&admin.sites(clock::now()).await?, &wanted)?;
    let name = match source {
        Source::Plausible => "plausible",
        Source::GoogleAnalytics => "google_analytics",
    };
    let mut new = NewImport { source: name.to_owned(), ..NewImport::default() };
    for path in found(source, given.get_many::<String>("files").into_iter().flatten())? {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.to_ascii_lowercase().ends_with(".zip") {
            let unreadable = |cause| Error::invalid(format!("`{}` cannot be read", path.display())).because(cause);
            new.tables.extend(archive::read_zip(source, File::open(&path).map_err(unreadable)?, LARGEST)?);
        } else {
            new.tables.extend(source.read(name, &text(&path)?)?);
        }
    }
    new.tracked_since = match wiring::store_at_rest(&config).await {
        Ok(Some(store)) => first_day(&*store, &site).await?,
        Ok(None) => None,
        Err(_) => {
            eprintln!(
                "a server is at work, so that days it has tracked cannot be told and stay in the import; `PUT /api/v1/sites/imports` leaves them out"
            );
            None
        }
    };
    let import = admin.add_import(site.id, new, clock::now()).await?;
    if let Some(cut) = import.cut {
        let CutDays { first, last, rows } = cut;
        eprintln!("{rows} rows from {first} to {last} are left out, because the site was tracked by then");
    }
    output::line(&format!("{} rows from {} to {} (import {})", import.rows, import.first, import.last, import.id))
}

/// The files that are named, and those to be read in directories that are named, in order.
fn found<'a>(source: Source, given: impl Iterator<Item = &'a String>) -> Result<Vec<PathBuf>, Error> {
    let unreadable = |path: &Path, cause| Error::invalid(format!("`{}` cannot be read", path.display())).because(cause);
    let mut files = Vec::new();
    for path in given.map(Path::new) {
        if !path.is_dir() {
            files.push(path.to_owned());
            continue;
        }
        let mut inside = Vec::new();
        for entry in fs::read_dir(path).map_err(|cause| unreadable(path, cause))? {
            let entry = entry.map_err(|cause| unreadable(path, cause))?.path();
            if entry.file_name().and_then(|name| name.to_str()).is_some_and(|name| source.knows(name)) {
                inside.push(entry);
            }
        }
        inside.sort();
        files.extend(inside);
    }
    Ok(files)
}

fn text(path: &Path) -> Result<String, Error> {
    let unreadable = |cause| Error::invalid(format!("`{}` cannot be read", path.display())).because(cause);
    if fs::metadata(path).map_err(unreadable)?.len() > LARGEST {
        return Err(Error::invalid(format!("`{}` is larger than the {LARGEST} bytes that are read", path.display())));
    }
    fs::read_to_string(path).map_err(unreadable)
}
