//! Matomo's device database: fetched or copied, looked at before it replaces the last one, kept in the data directory.

use std::{
    fs, io,
    io::Read,
    path::{Component, Path, PathBuf},
    time::{Duration, SystemTime},
};

use axum::http::{Request, StatusCode};
use flate2::read::GzDecoder;
use footfall_devices::Detector;
use footfall_model::Error;

use crate::{config::Config, outbound::Outbound};

/// Where the database is published.
pub(crate) const PUBLISHED: &str = "https://github.com/matomo-org/device-detector/archive/refs/heads/master.tar.gz";

/// The folder of a checkout that holds the rules.
const RULES: &str = "regexes";
/// The longest archive that is taken.
const LARGEST_ARCHIVE: u64 = 256 << 20;
/// The largest file of rules, and how many there may be.
const LARGEST_FILE: u64 = 16 << 20;
const MOST_FILES: usize = 100;
/// How many files of an archive are looked at.
const MOST_ENTRIES: usize = 20_000;
/// How long a download may take.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// Where the database of the data directory lies, once it is installed.
pub(crate) fn kept(config: &Config) -> PathBuf {
    config.data_dir().join("devices")
}

/// When the database of the data directory was installed; `None` where there is none, or where another one is set.
pub(crate) fn installed(config: &Config) -> Option<SystemTime> {
    if !config.text("devices.database").is_empty() {
        return None;
    }
    fs::metadata(kept(config)).and_then(|folder| folder.modified()).ok()
}

/// Devices as the settings want them told: by the database they name, by the one that is installed, else by the built-in rules.
///
/// # Errors
/// When the database that the settings name cannot be read. One that is installed and cannot be read is passed over with a warning.
pub(crate) fn detector(config: &Config) -> Result<Detector, Error> {
    match config.text("devices.database") {
        "" if installed(config).is_some() => Ok(read_installed(config).unwrap_or_else(|error| {
            tracing::warn!(%error, "the installed device database cannot be read; the built-in rules are used");
            Detector::built_in()
        })),
        "" => Ok(Detector::built_in()),
        path => Detector::from_dir(Path::new(path))
            .map_err(|cause| Error::invalid(format!("`devices.database` holds `{path}`, which cannot be read: {cause}"))),
    }
}

/// The detector over the installed database.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn read_installed(config: &Config) -> Result<Detector, Error> {
    let place = kept(config);
    Detector::from_dir(&place).map_err(|cause| {
        Error::broken(format!("the device database in `{}` cannot be read", place.display()))
            .because(cause)
            .hint("install it anew with `footfall data update devices`, or remove that folder")
    })
}

/// Installs the database in the data directory, in the place of the last one; gives how many files of rules it has. `from` is a
/// folder (a checkout or its `regexes`), an archive (`.tar.gz`), or the URL of one. What is kept stays when this fails.
///
/// # Errors
/// When it cannot be fetched or written, or is no device database.
pub(crate) async fn install(config: &Config, from: &str) -> Result<usize, Error> {
    let place = kept(config);
    let (new, old) = (place.with_extension("new"), place.with_extension("old"));
    let unwritten = |cause: io::Error| Error::broken(format!("`{}` cannot be written", place.display())).because(cause);
    fs::create_dir_all(config.data_dir()).map_err(unwritten)?;
    clear(&new).and_then(|()| fs::create_dir(&new)).map_err(unwritten)?;
    let copied = match from.split_once("://") {
        Some(("http" | "https", _)) => download(&Outbound::of(config)?, from, &new).await,
        Some((scheme, _)) => Err(Error::invalid(format!("`{from}` cannot be fetched: `{scheme}` is neither `http` nor `https`"))),
        None => copy(Path::new(from), &new),
    };
    let checked = copied.and_then(|files| match files {
        0 => Err(Error::invalid(format!("`{from}` holds no device database: it has no folder `{RULES}` with files of rules"))),
        _ => Detector::from_dir(&new)
            .map(|_| files)
            .map_err(|cause| Error::invalid(format!("`{from}` holds no device database that can be read")).because(cause)),
    });
    let files = match checked {
        Ok(files) => files,
        Err(error) => {
            let _ = clear(&new);
            return Err(error);
        }
    };
    clear(&old).map_err(unwritten)?;
    if place.exists() {
        fs::rename(&place, &old).map_err(unwritten)?;
    }
    fs::rename(&new, &place).map_err(unwritten)?;
    clear(&old).map_err(unwritten)?;
    Ok(files)
}

fn clear(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

async fn download(outbound: &Outbound, url: &str, into: &Path) -> Result<usize, Error> {
    let request = Request::get(url).body(Vec::new()).map_err(|_| Error::invalid(format!("`{url}` is no URL")))?;
    let into = into.to_owned();
    let read = move |status: StatusCode, body: &mut dyn Read| if status.is_success() { unpack(body, &into) } else { Ok(0) };
    let read = outbound.read(request, LARGEST_ARCHIVE, PATIENCE, read).await;
    let (head, files) = read.map_err(|error| error.hint("without that server, name a checkout: `--from DIR`"))?;
    if !head.status.is_success() {
        return Err(Error::broken(format!("`{url}` is answered with {}", head.status)));
    }
    Ok(files)
}

fn copy(from: &Path, into: &Path) -> Result<usize, Error> {
    let unread = |cause: io::Error| Error::invalid(format!("`{}` cannot be read", from.display())).because(cause);
    if fs::metadata(from).map_err(unread)?.is_file() {
        return fs::File::open(from).and_then(|mut archive| unpack(&mut archive, into)).map_err(unread);
    }
    let inner = from.join(RULES);
    let root = if inner.is_dir() { inner } else { from.to_owned() };
    let mut files = 0;
    // The rules lie at most two folders deep.
    let mut folders = vec![(root.clone(), 2)];
    while let Some((folder, depth)) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(unread)? {
            let path = entry.map_err(unread)?.path();
            if path.is_dir() && depth > 0 {
                folders.push((path, depth - 1));
            } else if path.is_file()
                && let Some(name) = path.strip_prefix(&root).ok().and_then(|name| rules_file(name.components()))
            {
                let mut file = fs::File::open(&path).map_err(unread)?;
                files = keep(&mut file, &into.join(name), files).map_err(unread)?;
            }
        }
    }
    Ok(files)
}

/// Writes an archive's files of rules below a folder; gives how many there were.
fn unpack(archive: &mut dyn Read, into: &Path) -> io::Result<usize> {
    let mut archive = tar::Archive::new(GzDecoder::new(archive).take(8 * LARGEST_ARCHIVE));
    let mut files = 0;
    for entry in archive.entries()?.take(MOST_ENTRIES) {
        let mut entry = entry?;
        let path = entry.path()?.into_owned();
        let mut parts = path.components();
        // `device-detector-master/regexes/client/browsers.yml`
        let is_below = parts.by_ref().take(2).any(|part| part.as_os_str() == RULES);
        if let Some(name) = rules_file(parts).filter(|_| is_below && entry.header().entry_type().is_file()) {
            files = keep(&mut entry, &into.join(name), files)?;
        }
    }
    Ok(files)
}

/// Where a file of rules lies below their folder; `None` for anything else.
fn rules_file<'a>(parts: impl Iterator<Item = Component<'a>>) -> Option<PathBuf> {
    let mut name = PathBuf::new();
    for part in parts {
        let Component::Normal(part) = part else { return None };
        name.push(part);
    }
    (name.extension()? == "yml" && name.components().count() <= 3).then_some(name)
}

/// Writes one file; gives how many there are now.
fn keep(from: &mut dyn Read, into: &Path, files: usize) -> io::Result<usize> {
    if files == MOST_FILES {
        return Err(io::Error::other(format!("there are more than {MOST_FILES} files of rules")));
    }
    if let Some(folder) = into.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = fs::File::create(into)?;
    if io::copy(&mut from.take(LARGEST_FILE + 1), &mut file)? > LARGEST_FILE {
        return Err(io::Error::other(format!("`{}` is too large", into.display())));
    }
    file.sync_all()?;
    Ok(files + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rules_are_taken_out_of_an_archive() {
        let directory = tempfile::tempdir().unwrap();
        let mut archive = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
        let names = [
            "device-detector-master/README.md",
            "device-detector-master/Tests/fixtures/bots.yml",
            "device-detector-master/regexes/bots.yml",
            "device-detector-master/regexes/client/hints/apps.yml",
            "device-detector-master/regexes/client/notes.txt",
            "regexes/oss.yml",
        ];
        for name in names {
            let mut head = tar::Header::new_gnu();
            head.set_size(4);
            archive.append_data(&mut head, name, &b"text"[..]).unwrap();
        }
        let packed = archive.into_inner().unwrap().finish().unwrap();
        assert_eq!(unpack(&mut &packed[..], directory.path()).unwrap(), 3);
        for name in ["bots.yml", "client/hints/apps.yml", "oss.yml"] {
            assert_eq!(fs::read_to_string(directory.path().join(name)).unwrap(), "text", "{name}");
        }
        assert!(unpack(&mut &b"no archive"[..], directory.path()).is_err());
    }

    #[test]
    fn names_that_lead_elsewhere_are_no_rules() {
        let of = |name: &'static str| rules_file(Path::new(name).components());
        assert_eq!(of("client/browsers.yml"), Some(PathBuf::from("client/browsers.yml")));
        for name in ["../bots.yml", "/bots.yml", "client/../../bots.yml", "bots.json", "a/b/c/d.yml"] {
            assert_eq!(of(name), None, "{name}");
        }
    }
}
