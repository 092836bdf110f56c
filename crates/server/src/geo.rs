//! MaxMind's location databases: downloaded with a key, looked at before they replace the last one, kept in the data directory.

use std::{
    fs, io,
    io::Read,
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

use axum::http::{Request, StatusCode, header};
use flate2::read::GzDecoder;
use footfall_ingest::enrich::Places;
use footfall_model::{Error, Millis};

use crate::{config::Config, outbound::Outbound};

/// The longest archive that is taken, and the largest database in one.
const LARGEST: u64 = 1 << 30;
/// How many files of an archive are looked at.
const MOST_FILES: usize = 100;
/// How long a download may take.
const PATIENCE: Duration = Duration::from_secs(20 * 60);
/// How long a database counts as fresh.
const DAY: i64 = 86_400_000;

/// A database that is downloaded.
#[derive(Clone, Debug)]
pub(crate) struct Download {
    edition: String,
    key: String,
    base: String,
    directory: PathBuf,
    outbound: Outbound,
}

impl Download {
    /// What the settings say; `None` without a key.
    ///
    /// # Errors
    /// When the edition is no name.
    pub(crate) fn of(config: &Config) -> Result<Option<Download>, Error> {
        let key = config.text("geo.maxmind_license_key");
        if key.is_empty() {
            return Ok(None);
        }
        let edition = config.text("geo.maxmind_edition").to_owned();
        if edition.is_empty() || !edition.bytes().all(|sign| sign.is_ascii_alphanumeric() || sign == b'-') {
            return Err(Error::invalid(format!(
                "`MAXMIND_EDITION` holds `{edition}`, but may hold the name of a database such as `GeoLite2-City`"
            )));
        }
        Ok(Some(Download {
            edition,
            key: key.to_owned(),
            base: config.text("geo.maxmind_url").trim_end_matches('/').to_owned(),
            directory: config.data_dir().join("geo"),
            outbound: Outbound::of(config)?,
        }))
    }

    /// Which database it is.
    pub(crate) fn edition(&self) -> &str {
        &self.edition
    }

    /// Where the last one lies.
    pub(crate) fn kept(&self) -> PathBuf {
        self.directory.join(format!("{}.mmdb", self.edition))
    }

    /// Where it is written from when that one is.
    fn dated(&self) -> PathBuf {
        self.directory.join(format!("{}.date", self.edition))
    }

    /// Whether there is none, or a day has passed since it was asked for.
    pub(crate) fn is_due(&self, now: Millis) -> bool {
        let asked = fs::metadata(self.dated()).and_then(|file| file.modified()).ok();
        let asked = asked.and_then(|at| at.duration_since(UNIX_EPOCH).ok()).and_then(|at| i64::try_from(at.as_millis()).ok());
        !self.kept().exists() || asked.is_none_or(|asked| now.0 - asked >= DAY)
    }

    /// Asks for it, and keeps it where it is newer; says whether it was. What is kept stays when this fails.
    ///
    /// # Errors
    /// When it cannot be downloaded or is no location database. The key is not told.
    pub(crate) async fn fetch(&self) -> Result<bool, Error> {
        let unwritten =
            |cause: io::Error| Error::broken(format!("`{}` cannot be written", self.directory.display())).because(cause);
        fs::create_dir_all(&self.directory).map_err(unwritten)?;
        let last = fs::read_to_string(self.dated()).ok().filter(|date| !date.is_empty() && self.kept().exists());
        let pairs = [("edition_id", self.edition.as_str()), ("license_key", &self.key), ("suffix", "tar.gz")];
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let mut request = Request::get(format!("{}/app/geoip_download?{query}", self.base));
        if let Some(last) = last {
            request = request.header(header::IF_MODIFIED_SINCE, last);
        }
        let request = request.body(Vec::new()).map_err(|_| Error::invalid("`geo.maxmind_url` makes no address"))?;
        let part = self.directory.join("download.part");
        let into = part.clone();
        let read = move |status: StatusCode, body: &mut dyn Read| if status.is_success() { unpack(body, &into) } else { Ok(()) };
        let (head, ()) = self.outbound.read(request, LARGEST, PATIENCE, read).await?;
        match head.status {
            StatusCode::NOT_MODIFIED => {}
            status if status.is_success() => {
                let file = part.clone();
                let checked = tokio::task::spawn_blocking(move || Places::none().add_file(&file)).await;
                let checked = checked.unwrap_or_else(|cause| Err(Error::broken("looking at it was cut short").because(cause)));
                if let Err(error) = checked {
                    let _ = fs::remove_file(&part);
                    let sentence = format!("what MaxMind gives for `{}` is no location database", self.edition);
                    return Err(Error::broken(sentence).because(error));
                }
                fs::rename(&part, self.kept()).map_err(unwritten)?;
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                return Err(Error::broken("MaxMind refuses the key in `MAXMIND_LICENSE_KEY`"));
            }
            StatusCode::NOT_FOUND => {
                return Err(Error::broken(format!("MaxMind has no database `{}` (`MAXMIND_EDITION`)", self.edition)));
            }
            status => return Err(Error::broken(format!("MaxMind answers with {status}"))),
        }
        let date = head.headers.get(header::LAST_MODIFIED).and_then(|date| date.to_str().ok()).map(str::to_owned);
        let date = date.or_else(|| fs::read_to_string(self.dated()).ok()).unwrap_or_default();
        fs::write(self.dated(), date).map_err(unwritten)?;
        Ok(head.status != StatusCode::NOT_MODIFIED)
    }
}

/// Writes the database of an archive to a file.
fn unpack(archive: &mut dyn Read, into: &Path) -> io::Result<()> {
    let mut archive = tar::Archive::new(GzDecoder::new(archive).take(2 * LARGEST));
    for entry in archive.entries()?.take(MOST_FILES) {
        let entry = entry?;
        let is_database = entry.path()?.extension().is_some_and(|end| end == "mmdb");
        if !is_database || !entry.header().entry_type().is_file() {
            continue;
        }
        let mut file = fs::File::create(into)?;
        if io::copy(&mut entry.take(LARGEST + 1), &mut file)? > LARGEST {
            return Err(io::Error::other("the database is too large"));
        }
        return file.sync_all();
    }
    Err(io::Error::other("the archive holds no database"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;

    fn download(flags: &[(&str, &str)]) -> Result<Option<Download>, Error> {
        let flags = flags.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Download::of(&Config::read(&Sources { flags, ..Sources::default() })?)
    }

    #[test]
    fn a_database_has_a_name() {
        assert!(download(&[]).unwrap().is_none());
        let key = ("geo.maxmind_license_key", "k");
        assert_eq!(download(&[key]).unwrap().unwrap().edition(), "GeoLite2-City");
        let error = download(&[key, ("geo.maxmind_edition", "../x")]).unwrap_err();
        let sentence = "`MAXMIND_EDITION` holds `../x`, but may hold the name of a database such as `GeoLite2-City`";
        assert_eq!(error.message(), sentence);
    }

    #[test]
    fn a_database_is_fresh_for_a_day() {
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().display().to_string();
        let download = download(&[("geo.maxmind_license_key", "k"), ("data_dir", &place)]).unwrap().unwrap();
        fs::create_dir(directory.path().join("geo")).unwrap();
        fs::write(download.dated(), "").unwrap();
        let asked = fs::metadata(download.dated()).unwrap().modified().unwrap().duration_since(UNIX_EPOCH).unwrap();
        let asked = i64::try_from(asked.as_millis()).unwrap();
        assert!(download.is_due(Millis(asked)));
        fs::write(download.kept(), "").unwrap();
        assert!(!download.is_due(Millis(asked + DAY - 1)) && download.is_due(Millis(asked + DAY)));
    }

    #[tokio::test]
    async fn what_has_not_changed_is_not_sent_again() {
        let directory = tempfile::tempdir().unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 2048];
            let n = stream.read(&mut request).unwrap();
            io::Write::write_all(&mut stream, b"HTTP/1.1 304 Not Modified\r\nconnection: close\r\n\r\n").unwrap();
            String::from_utf8_lossy(&request[..n]).to_ascii_lowercase()
        });
        let place = directory.path().display().to_string();
        let flags = [("geo.maxmind_license_key", "k"), ("geo.maxmind_url", &url), ("data_dir", &place)];
        let download = download(&flags).unwrap().unwrap();
        let date = "Tue, 17 Nov 2026 14:01:02 GMT";
        fs::create_dir(directory.path().join("geo")).unwrap();
        fs::write(download.dated(), date).unwrap();
        fs::write(download.kept(), "the last one").unwrap();
        assert!(!download.fetch().await.unwrap());
        let request = server.join().unwrap();
        assert!(request.contains("\r\nif-modified-since: tue, 17 nov 2026 14:01:02 gmt\r\n"), "{request}");
        assert_eq!(fs::read_to_string(download.kept()).unwrap(), "the last one");
        assert_eq!(fs::read_to_string(download.dated()).unwrap(), date);
    }

    #[test]
    fn an_archive_without_a_database_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let into = directory.path().join("part");
        let mut archive = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
        let mut head = tar::Header::new_gnu();
        head.set_size(4);
        archive.append_data(&mut head, "GeoLite2-City_20261117/README.txt", &b"text"[..]).unwrap();
        let packed = archive.into_inner().unwrap().finish().unwrap();
        assert_eq!(unpack(&mut &packed[..], &into).unwrap_err().to_string(), "the archive holds no database");
        assert!(unpack(&mut &b"no archive"[..], &into).is_err());
        assert!(!into.exists());
    }
}
