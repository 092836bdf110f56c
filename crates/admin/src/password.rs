//! Hashing of passwords: argon2id with its usual cost, off the threads that answer requests.

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier, password_hash::SaltString};
use footfall_model::Error;

use crate::{Admin, secret};

/// The fewest characters of a password.
pub const SHORTEST_PASSWORD: usize = 8;

/// The most characters of a password.
pub const LONGEST_PASSWORD: usize = 1024;

/// Whether a text may be a password.
pub(crate) fn check(password: &str) -> Result<(), Error> {
    let length = password.chars().count();
    if !(SHORTEST_PASSWORD..=LONGEST_PASSWORD).contains(&length) {
        return Err(Error::invalid(format!("`password` must have {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")));
    }
    Ok(())
}

impl Admin {
    /// The hash that is kept in a password's place.
    pub(crate) async fn hash(&self, password: &str) -> Result<String, Error> {
        let password = password.to_owned();
        self.off_thread(move || {
            let salt = SaltString::encode_b64(&secret::random::<16>()).map_err(failed)?;
            let hash = Argon2::default().hash_password(password.as_bytes(), &salt).map_err(failed)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether a password has this hash. Without a hash the same work is done, and the answer is no.
    pub(crate) async fn fits(&self, password: &str, hash: Option<String>) -> Result<bool, Error> {
        if password.chars().count() > LONGEST_PASSWORD {
            return Ok(false);
        }
        let (hash, known) = match hash {
            Some(hash) => (hash, true),
            None => {
                let nobody = self.shared.nobody.get_or_try_init(|| async { self.hash(&secret::random_hex::<16>()).await });
                (nobody.await?.clone(), false)
            }
        };
        let password = password.to_owned();
        self.off_thread(move || {
            let parsed = PasswordHash::new(&hash).map_err(failed)?;
            let fits = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
            Ok(fits && known)
        })
        .await
    }

    async fn off_thread<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
        let permit = self.shared.hashing.clone().acquire_owned().await;
        let permit = permit.map_err(|cause| Error::broken("the server is stopping").because(cause))?;
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        })
        .await
        .map_err(|cause| Error::broken("hashing a password was interrupted").because(cause))?
    }
}

fn failed(cause: argon2::password_hash::Error) -> Error {
    Error::broken(format!("hashing a password failed: {cause}"))
}
