//! Questions to other servers over HTTP: certificate authorities, location databases, services that send letters. Every answer is
//! bounded in size and in time.

use std::{
    io::{self, Read},
    path::Path,
    sync::Arc,
    time::Duration,
};

use axum::http::{Request, Response, StatusCode, response::Parts};
use footfall_model::Error;
use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use tokio::sync::oneshot;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::config::Config;

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(15);
/// How many times an answer may name another place.
const REDIRECTS: u32 = 5;

/// Asks other servers; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Outbound {
    agent: ureq::Agent,
}

impl Outbound {
    /// What trusts the authorities that the settings name, or the ones browsers trust.
    ///
    /// # Errors
    /// When the file of authorities cannot be read.
    pub(crate) fn of(config: &Config) -> Result<Outbound, Error> {
        let roots = match authorities(config)? {
            Some(authorities) => {
                let roots: Vec<_> = authorities.iter().map(|der| Certificate::from_der(der.as_ref()).to_owned()).collect();
                RootCerts::new_with_certs(&roots)
            }
            None => RootCerts::WebPki,
        };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = TlsConfig::builder().root_certs(roots).unversioned_rustls_crypto_provider(provider).build();
        let agent = ureq::Agent::config_builder()
            .tls_config(tls)
            .user_agent(concat!("Footfall/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(CONNECT))
            .max_redirects(REDIRECTS)
            .max_idle_connections(0)
            .http_status_as_error(false)
            .build();
        Ok(Outbound { agent: agent.into() })
    }

    /// The answer to a request, whatever its status.
    ///
    /// # Errors
    /// When there is none within `patience`, or it is longer than `most` bytes. The message never holds the request's URL.
    pub(crate) async fn ask(&self, request: Request<Vec<u8>>, most: u64, patience: Duration) -> Result<Response<Vec<u8>>, Error> {
        let whole = |_: StatusCode, body: &mut dyn Read| {
            let mut bytes = Vec::new();
            body.read_to_end(&mut bytes).map(|_| bytes)
        };
        let (head, bytes) = self.read(request, most, patience, whole).await?;
        Ok(Response::from_parts(head, bytes))
    }

    /// The head of the answer to a request, and what is made of its body while it comes in.
    ///
    /// # Errors
    /// As [`Outbound::ask`].
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        request: Request<Vec<u8>>,
        most: u64,
        patience: Duration,
        take: impl FnOnce(StatusCode, &mut dyn Read) -> io::Result<T> + Send + 'static,
    ) -> Result<(Parts, T), Error> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        let agent = self.agent.clone();
        let (answer, answered) = oneshot::channel();
        let ask = move || {
            let request = agent.configure_request(request).timeout_global(Some(patience)).build();
            let (head, body) = agent.run(request)?.into_parts();
            let mut body = Bounded { body: body.into_reader(), left: most, most };
            let taken = take(head.status, &mut body)?;
            Ok((head, taken))
        };
        // A thread of its own, which the end of the process does not wait for.
        let thread = std::thread::Builder::new().name("outbound".to_owned());
        let started = thread.spawn(move || answer.send(ask()).is_ok());
        started.map_err(|cause| Error::broken("the process cannot start another thread").because(cause))?;
        let answer = answered.await.map_err(|cause| Error::broken("a question was cut short").because(cause))?;
        answer.map_err(|cause: ureq::Error| Error::broken(format!("`{host}` cannot be asked: {}", explained(&cause))))
    }
}

/// A body that may not be longer than so many bytes.
struct Bounded<R> {
    body: R,
    left: u64,
    most: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.body.read(into)?;
        self.left = self
            .left
            .checked_sub(n as u64)
            .ok_or_else(|| io::Error::other(format!("the answer is longer than {} bytes", self.most)))?;
        Ok(n)
    }
}

/// What went wrong, without what was asked: a URL may hold a key.
fn explained(error: &ureq::Error) -> String {
    match error {
        ureq::Error::BadUri(_) => "its address is none".to_owned(),
        ureq::Error::Io(cause) => cause.to_string(),
        other => other.to_string(),
    }
}

/// The authorities that the settings name.
///
/// # Errors
/// When the file holds none.
pub(crate) fn authorities(config: &Config) -> Result<Option<Vec<CertificateDer<'static>>>, Error> {
    match config.text("tls.authorities") {
        "" => Ok(None),
        path => certificates("tls.authorities", Path::new(path)).map(Some),
    }
}

/// The certificates of a PEM file.
///
/// # Errors
/// Names the setting when there are none.
pub(crate) fn certificates(setting: &str, path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let wrong = || Error::invalid(format!("`{setting}` holds `{}`, which is no PEM file with certificates", path.display()));
    let found = CertificateDer::pem_file_iter(path).map_err(|cause| wrong().because(cause))?;
    let found: Vec<_> = found.collect::<Result<_, _>>().map_err(|cause| wrong().because(cause))?;
    if found.is_empty() { Err(wrong()) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read as _, Write as _},
        net::TcpListener,
    };

    use super::*;
    use crate::config::Sources;

    fn config(authorities: &str) -> Config {
        let flags = vec![("tls.authorities".to_owned(), authorities.to_owned())];
        Config::read(&Sources { flags, ..Sources::default() }).unwrap()
    }

    #[tokio::test]
    async fn an_answer_is_bounded_and_a_key_is_not_told() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            for _ in 0..2 {
                let (mut stream, _) = listener.accept().unwrap();
                let _ = stream.read(&mut [0; 1024]).unwrap();
                stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 5\r\nconnection: close\r\n\r\nnever").unwrap();
            }
        });
        let outbound = Outbound::of(&config("")).unwrap();
        let url = format!("http://{address}/?license_key=secret");
        let ask = |most| {
            let request = Request::get(&url).body(Vec::new()).unwrap();
            outbound.ask(request, most, Duration::from_secs(30))
        };
        let answer = ask(5).await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.body().as_slice()), (404, &b"never"[..]));
        let error = ask(4).await.unwrap_err();
        assert_eq!(error.message(), "`127.0.0.1` cannot be asked: the answer is longer than 4 bytes");
        server.join().unwrap();
        let error = ask(4).await.unwrap_err();
        assert!(error.message().starts_with("`127.0.0.1` cannot be asked: ") && !error.message().contains("secret"));
    }

    #[test]
    fn authorities_come_from_a_file() {
        assert!(authorities(&config("")).unwrap().is_none());
        let error = Outbound::of(&config("Cargo.toml")).unwrap_err();
        assert_eq!(error.message(), "`tls.authorities` holds `Cargo.toml`, which is no PEM file with certificates");
    }
}
