//! `footfall import plausible`: daily figures of Plausible's CSV export.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::{Arg, ArgMatches, Command};
use footfall_admin::NewImport;
use footfall_api::plausible::archive;
use footfall_model::Error;

use super::{output, site};
use crate::{clock, config::Config, wiring};

/// The largest file, in bytes.
const LARGEST: u64 = 2 << 30;

pub(super) fn import_command() -> Command {
    Command::new("plausible")
        .about("Import the daily figures of an unpacked CSV export of Plausible's")
        .long_about(
            "Imports daily figures from files named imported_<table>_<first>_<last>.csv, as Plausible's CSV export holds them\n\
             (unpack it first). All files become one import. A server may be running meanwhile.",
        )
        .arg(Arg::new("site").required(true).value_name("SITE").help("The site's number or domain"))
        .arg(Arg::new("files").required(true).num_args(1..).value_name("PATH").help("Files, or directories that hold them"))
}

pub(super) async fn import(config: Config, given: &ArgMatches) -> Result<(), Error> {
    let admin = wiring::open_admin(&config).await?;
    let wanted = given.get_one::<String>("site").cloned().unwrap_or_default();
    let site = site::find(&admin.sites(clock::now()).await?, &wanted)?;
    let mut new = NewImport { source: "plausible".to_owned(), ..NewImport::default() };
    for path in found(given.get_many::<String>("files").into_iter().flatten())? {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let Some(table) = archive::table_of(name) else {
            return Err(Error::invalid(format!("`{}` is no file of an archive, such as imported_pages.csv", path.display())));
        };
        let rows = archive::read(&table, &text(&path)?)?;
        new.tables.push((table, rows));
    }
    let import = admin.add_import(site.id, new, clock::now()).await?;
    output::line(&format!("{} rows from {} to {} (import {})", import.rows, import.first, import.last, import.id))
}

/// The files that are named, and those of an archive in directories that are named, in order.
fn found<'a>(given: impl Iterator<Item = &'a String>) -> Result<Vec<PathBuf>, Error> {
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
            if entry.file_name().and_then(|name| name.to_str()).is_some_and(|name| archive::table_of(name).is_some()) {
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
