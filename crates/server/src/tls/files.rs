//! A certificate from files, read again when they change.

use std::path::{Path, PathBuf};

use footfall_model::Error;

use super::Shown;

/// A certificate chain and its key, in PEM files.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    certificate: PathBuf,
    key: PathBuf,
    last: Option<(Vec<u8>, Vec<u8>)>,
}

impl Files {
    pub(super) fn new(certificate: &str, key: &str) -> Files {
        Files { certificate: PathBuf::from(certificate), key: PathBuf::from(key), last: None }
    }

    /// Shows what the files hold, where that is something else than last time; says whether it was.
    ///
    /// # Errors
    /// When they cannot be read or used. What was shown before is shown on.
    pub(crate) fn look(&mut self, shown: &Shown) -> Result<bool, Error> {
        let found = (read("tls.certificate", &self.certificate)?, read("tls.key", &self.key)?);
        if self.last.as_ref() == Some(&found) {
            return Ok(false);
        }
        let path = self.certificate.display();
        shown.show(&found.0, &found.1).map_err(|error| {
            Error::invalid(format!("`tls.certificate` holds `{path}`, which cannot be used with the key in `tls.key`"))
                .because(error)
        })?;
        self.last = Some(found);
        Ok(true)
    }
}

fn read(setting: &str, path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path)
        .map_err(|cause| Error::invalid(format!("`{setting}` holds `{}`, which cannot be read", path.display())).because(cause))
}
