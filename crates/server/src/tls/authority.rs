//! A certificate from a certificate authority, by ACME (RFC 8555): the authority looks for a proof at
//! `/.well-known/acme-challenge/`, over plain HTTP.

use std::{
    fs, io,
    io::Write as _,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    pin::Pin,
    time::Duration,
};

use bytes::Bytes;
use footfall_model::{Error, Millis};
use instant_acme::{
    Account, AccountCredentials, AuthorizationStatus, BodyWrapper, BytesResponse, ChallengeType, HttpClient, Identifier,
    NewAccount, NewOrder, OrderStatus, RetryPolicy,
};
use rustls::pki_types::{CertificateDer, pem::PemObject as _};

use super::{Shown, validity::Validity};
use crate::{config::Config, outbound::Outbound};

/// The longest answer of an authority.
const LARGEST: u64 = 1 << 20;
/// How long an authority may take to look for the proof, and to give the certificate.
const DECISION: Duration = Duration::from_secs(300);
/// How long an authority may take for one answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A certificate for one host, from one authority.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    host: String,
    directory: String,
    contact: Option<String>,
    /// Where account and certificate are kept.
    place: PathBuf,
    outbound: Outbound,
}

impl Order {
    /// What the settings say.
    ///
    /// # Errors
    /// When no certificate can be had for the host of `base_url`.
    pub(super) fn of(config: &Config) -> Result<Order, Error> {
        let base = config.text("base_url");
        let hint = "name the host in `BASE_URL`, or a certificate of your own in `tls.certificate` and `tls.key`";
        let host = match url::Url::parse(base).ok().as_ref().and_then(url::Url::host) {
            Some(url::Host::Domain(host)) if host != "localhost" && host.contains('.') => host.to_owned(),
            Some(url::Host::Domain(_)) => {
                let sentence = format!("`BASE_URL` holds `{base}`, and no certificate is given for a local name");
                return Err(Error::invalid(sentence).hint(hint));
            }
            Some(_) => {
                let sentence = format!("`BASE_URL` holds `{base}`, and no certificate is given for an address");
                return Err(Error::invalid(sentence).hint(hint));
            }
            None => {
                return Err(
                    Error::invalid("`HTTPS_PORT` is set, and `BASE_URL` names no host to get a certificate for").hint(hint)
                );
            }
        };
        let directory = config.text("acme.directory").to_owned();
        let authority = url::Url::parse(&directory).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        let letters = [config.text("acme.email"), config.text("mail.from")];
        let contact = letters.into_iter().find(|address| !address.is_empty()).map(|address| format!("mailto:{address}"));
        let place = config.data_dir().join("tls").join(authority.replace([':', '[', ']'], "_"));
        Ok(Order { host, directory, contact, place, outbound: Outbound::of(config)? })
    }

    /// The host the certificate is for.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Shows the certificate that is kept, where there is one.
    ///
    /// # Errors
    /// When what is kept cannot be used.
    pub(crate) fn show_kept(&self, shown: &Shown) -> Result<(), Error> {
        match fs::read(self.kept()) {
            Ok(kept) => shown.show(&kept, &kept),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(cause) => Err(Error::broken(format!("`{}` cannot be read", self.kept().display())).because(cause)),
        }
    }

    /// Whether it is time to ask for one: there is none that counts long enough.
    pub(crate) fn is_due(&self, now: Millis) -> bool {
        let kept = fs::read(self.kept()).ok();
        let kept = kept.and_then(|pem| CertificateDer::from_pem_slice(&pem).ok());
        kept.and_then(|der| Validity::of(&der)).is_none_or(|validity| validity.is_due(now))
    }

    /// Asks for a certificate, keeps and shows it.
    ///
    /// # Errors
    /// When the authority gives none, with what it said.
    pub(crate) async fn place(&self, shown: &Shown) -> Result<(), Error> {
        let (key, chain) = self
            .get(shown)
            .await
            .map_err(|cause| Error::broken(format!("`{}` gives no certificate for `{}`: {cause}", self.directory, self.host)))?;
        keep(&self.kept(), format!("{key}{chain}").as_bytes())?;
        shown.show(chain.as_bytes(), key.as_bytes())
    }

    /// Key and chain.
    async fn get(&self, shown: &Shown) -> Result<(String, String), instant_acme::Error> {
        let account = self.account().await?;
        let mut order = account.new_order(&NewOrder::new(&[Identifier::Dns(self.host.clone())])).await?;
        let mut tokens = Vec::new();
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            let mut authorization = authorization?;
            if authorization.status == AuthorizationStatus::Valid {
                continue;
            }
            let mut challenge = authorization
                .challenge(ChallengeType::Http01)
                .ok_or(instant_acme::Error::Unsupported("proofs over plain HTTP (`http-01`)"))?;
            let (token, proof) = (challenge.token.clone(), challenge.key_authorization().as_str().to_owned());
            shown.proofs.write().insert(token.clone(), proof);
            tokens.push(token);
            challenge.set_ready().await?;
        }
        let retries = RetryPolicy::default().timeout(DECISION);
        let ready = order.poll_ready(&retries).await;
        for token in &tokens {
            shown.proofs.write().remove(token);
        }
        if ready? != OrderStatus::Ready {
            let found = format!("it did not find the proof at `http://{}/.well-known/acme-challenge/`", self.host);
            return Err(instant_acme::Error::Other(found.into()));
        }
        let key = order.finalize().await?;
        let chain = order.poll_certificate(&retries).await?;
        Ok((key, chain))
    }

    /// The account at the authority, made at the first time.
    async fn account(&self) -> Result<Account, instant_acme::Error> {
        let other = |cause: Error| instant_acme::Error::Other(Box::new(cause));
        let builder = Account::builder_with_http(Box::new(self.outbound.clone()));
        let path = self.place.join("account.json");
        if let Ok(kept) = fs::read(&path)
            && let Ok(credentials) = serde_json::from_slice::<AccountCredentials>(&kept)
        {
            return builder.from_credentials(credentials).await;
        }
        let contact: Vec<&str> = self.contact.iter().map(String::as_str).collect();
        let new = NewAccount { contact: &contact, terms_of_service_agreed: true, only_return_existing: false };
        let (account, credentials) = builder.create(&new, self.directory.clone(), None).await?;
        keep(&path, &serde_json::to_vec(&credentials)?).map_err(other)?;
        Ok(account)
    }

    fn kept(&self) -> PathBuf {
        self.place.join(format!("{}.pem", self.host))
    }
}

/// Writes a file that only its owner may read, wholly or not at all.
fn keep(path: &Path, contents: &[u8]) -> Result<(), Error> {
    let written = || -> io::Result<()> {
        if let Some(directory) = path.parent() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
        }
        let part = path.with_extension("part");
        let mut file = fs::OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&part)?;
        file.write_all(contents)?;
        file.sync_all()?;
        fs::rename(&part, path)
    };
    written().map_err(|cause| Error::broken(format!("`{}` cannot be written", path.display())).because(cause))
}

impl HttpClient for Outbound {
    fn request(
        &self,
        request: http::Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, instant_acme::Error>> + Send>> {
        let outbound = self.clone();
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let body = axum::body::to_bytes(axum::body::Body::new(body), usize::MAX).await;
            let body = body.map_err(|cause| instant_acme::Error::Other(Box::new(cause)))?;
            let asked = outbound.ask(http::Request::from_parts(head, body.to_vec()), LARGEST, PATIENCE).await;
            let (parts, body) = asked.map_err(|cause| instant_acme::Error::Other(Box::new(cause)))?.into_parts();
            Ok(BytesResponse { parts, body: Box::new(Bytes::from(body)) })
        })
    }
}
