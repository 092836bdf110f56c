//! Variables of Plausible's container that are no settings here: what they would do is refused, or said to change nothing. None is
//! passed over in silence.

use std::{collections::HashMap, path::Path};

use footfall_model::Error;

use crate::settings;

/// The directory whose files Plausible reads variables from, where nothing else is said.
const SECRETS: &str = "/run/secrets";
/// The largest of these files that is read.
const LARGEST: u64 = 64 << 10;

const SITES: &str = "sites and users live in SQLite below `data_dir`; remove the variable to run on the embedded store";
const EVENTS: &str = "events live in DuckDB below `data_dir`; remove the variable to run on the embedded store";

/// Variables that stop the start when they hold something, and what to do: they name a database, which belongs to an installation of
/// several machines.
const REFUSED: &[(&str, &str)] = &[
    ("DATABASE_URL", SITES),
    ("DATABASE_HOST", SITES),
    ("DATABASE_PORT", SITES),
    ("DATABASE_NAME", SITES),
    ("DATABASE_USER", SITES),
    ("DATABASE_PASSWORD", SITES),
    ("DATABASE_SOCKET_DIR", SITES),
    ("DATABASE_CACERTFILE", SITES),
    ("CLICKHOUSE_DATABASE_URL", EVENTS),
    ("CLICKHOUSE_CACERTFILE", EVENTS),
];

/// Variables that change nothing here: name, and why that does not matter.
const UNNEEDED: &[(&str, &str)] = &[
    ("SECRET_KEY_BASE", "sessions and links are random and kept as digests, so that no key signs them"),
    ("TOTP_VAULT_KEY", "secrets of second factors are kept in `data_dir`, which only its owner reads"),
    ("ENABLE_EMAIL_VERIFICATION", "nobody signs up alone, and who is invited by letter has proved the address"),
    ("GOOGLE_CLIENT_ID", "nothing is asked of Google; reports of Google Analytics 4 come in as files"),
    ("GOOGLE_CLIENT_SECRET", "nothing is asked of Google; reports of Google Analytics 4 come in as files"),
    ("GEONAMES_SOURCE_FILE", "names of cities come from the file that `IP_GEOLOCATION_DB` names"),
    ("SMTP_MX_LOOKUPS_ENABLED", "letters go to the relay that `SMTP_HOST_ADDR` names"),
    ("SMTP_MIDDLEBOX_COMP_MODE", "it mends a fault of another TLS library"),
    ("ECTO_IPV6", "there is no database to connect to"),
    ("ECTO_CH_IPV6", "there is no database to connect to"),
    ("POSTGRES_USER", "there is no database to connect to"),
    ("POSTGRES_PASSWORD", "there is no database to connect to"),
    ("CLICKHOUSE_FLUSH_INTERVAL_MS", "every hit is on disk before it is answered"),
    ("CLICKHOUSE_MAX_BUFFER_SIZE", "every hit is on disk before it is answered"),
    ("CLICKHOUSE_MAX_BUFFER_SIZE_BYTES", "every hit is on disk before it is answered"),
    ("CLICKHOUSE_INGEST_POOL_SIZE", "there is no database to connect to"),
    ("ADMIN_USER_IDS", "who is a superuser is said in the UI"),
    ("SECURE_COOKIE", "cookies are `Secure` where `BASE_URL` begins with https"),
    ("WEBSOCKET_URL", "the UI opens no web socket"),
    ("SELFHOST", "it is always so"),
];

/// Refuses variables that would be ignored otherwise, all of a kind in one sentence.
///
/// # Errors
/// When one is set.
pub(crate) fn refuse(environment: &HashMap<String, String>) -> Result<(), Error> {
    let is_set = |name: &str| environment.get(name).is_some_and(|value| !value.is_empty());
    let stores: Vec<_> = REFUSED.iter().filter(|(name, _)| is_set(name)).collect();
    let names: Vec<String> = stores.iter().map(|(name, _)| format!("`{name}`")).collect();
    let (Some((_, instead)), Some((last, before))) = (stores.first(), names.split_last()) else {
        return Ok(());
    };
    let (named, are) =
        if before.is_empty() { (last.clone(), "is") } else { (format!("{} and {last}", before.join(", ")), "are") };
    let instead = match before {
        [] => (*instead).to_owned(),
        _ => "sites, users and events live below `data_dir`; remove these variables to run on the embedded stores".to_owned(),
    };
    Err(Error::invalid(format!("{named} {are} set, but this version runs on its embedded stores only")).hint(instead))
}

/// Variables that are set and change nothing, each with a sentence.
pub(crate) fn unneeded(environment: &HashMap<String, String>) -> Vec<String> {
    let set = UNNEEDED.iter().filter(|(name, _)| environment.get(*name).is_some_and(|value| !value.is_empty()));
    set.map(|(name, why)| format!("`{name}` is set and changes nothing: {why}")).collect()
}

/// The variables of each kind with what is to be known about them, for people.
pub(crate) fn explained() -> [(&'static str, Vec<(&'static str, String)>); 2] {
    let refused = REFUSED.iter().map(|(name, instead)| (*name, (*instead).to_owned()));
    let unneeded = UNNEEDED.iter().map(|(name, why)| (*name, (*why).to_owned()));
    [
        ("Variables that stop the start, since they would be ignored otherwise:", refused.collect()),
        ("Variables of Plausible's container that change nothing, which the log says at the start:", unneeded.collect()),
    ]
}

/// Adds the variables that lie as files in the directory `CONFIG_DIR`, as orchestrators put secrets there. A file wins.
///
/// # Errors
/// When such a file cannot be read.
pub(crate) fn add_secrets(environment: &mut HashMap<String, String>) -> Result<(), Error> {
    let directory = environment.get("CONFIG_DIR").filter(|value| !value.is_empty()).cloned();
    let directory = directory.unwrap_or_else(|| SECRETS.to_owned());
    let known = settings::ALL.iter().flat_map(|setting| setting.aliases).copied();
    for name in known.chain(REFUSED.iter().map(|(name, _)| *name)).chain(UNNEEDED.iter().map(|(name, _)| *name)) {
        let path = Path::new(&directory).join(name);
        let Ok(metadata) = std::fs::metadata(&path) else { continue };
        if !metadata.is_file() || metadata.len() > LARGEST {
            return Err(Error::invalid(format!("`{}` is no file of at most {LARGEST} bytes", path.display())));
        }
        let text = std::fs::read_to_string(&path)
            .map_err(|cause| Error::invalid(format!("`{}` cannot be read", path.display())).because(cause))?;
        environment.insert(name.to_owned(), text.trim().to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(variables: &[(&str, &str)]) -> HashMap<String, String> {
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn databases_are_refused_together() {
        let portal = set(&[("CLICKHOUSE_DATABASE_URL", "http://c"), ("DATABASE_HOST", "db"), ("DATABASE_PORT", "5432")]);
        let error = refuse(&portal).unwrap_err();
        let sentence = "`DATABASE_HOST`, `DATABASE_PORT` and `CLICKHOUSE_DATABASE_URL` are set, but this version runs on its embedded stores only";
        assert_eq!(error.message(), sentence);
        assert!(refuse(&set(&[("DATABASE_URL", ""), ("BASE_URL", "x")])).is_ok());
    }

    #[test]
    fn a_variable_is_explained_once() {
        let mut names: Vec<&str> = settings::ALL.iter().flat_map(|setting| setting.aliases).copied().collect();
        names.retain(|name| *name != "SECRET_KEY_BASE");
        names.extend(REFUSED.iter().map(|(name, _)| *name).chain(UNNEEDED.iter().map(|(name, _)| *name)));
        let n_names = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), n_names);
        let told = unneeded(&set(&[("TOTP_VAULT_KEY", "k"), ("ECTO_IPV6", "")]));
        let sentence = "`TOTP_VAULT_KEY` is set and changes nothing: secrets of second factors are kept in `data_dir`, which only its owner reads";
        assert_eq!(told, [sentence]);
    }

    #[test]
    fn files_win_over_variables() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("BASE_URL"), "https://stats.example.org\n").unwrap();
        std::fs::write(directory.path().join("OTHER"), "x").unwrap();
        let mut environment = set(&[("CONFIG_DIR", directory.path().to_str().unwrap()), ("BASE_URL", "https://old.example.org")]);
        add_secrets(&mut environment).unwrap();
        assert_eq!(environment["BASE_URL"], "https://stats.example.org");
        assert_eq!(environment.get("OTHER"), None);
    }
}
