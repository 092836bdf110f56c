//! HTTPS: which certificate is shown, from files or from a certificate authority by ACME, and the listener that shows it.

mod authority;
mod files;
mod validity;

use std::{collections::HashMap, sync::Arc};

use footfall_model::Error;
use parking_lot::RwLock;
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

pub(crate) use self::{authority::Order, files::Files};
use crate::config::Config;

/// Where certificates come from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// Files that somebody else renews.
    Files(Files),
    /// A certificate authority, which is asked for one by ACME.
    Authority(Order),
}

impl Source {
    /// What the settings say; `None` where HTTPS is not asked for.
    ///
    /// # Errors
    /// When what they say does not go together.
    pub(crate) fn of(config: &Config) -> Result<Option<Source>, Error> {
        let (certificate, key) = (config.text("tls.certificate"), config.text("tls.key"));
        if certificate.is_empty() != key.is_empty() {
            let (given, missing) = if key.is_empty() { ("tls.certificate", "tls.key") } else { ("tls.key", "tls.certificate") };
            return Err(Error::invalid(format!("`{given}` is set without `{missing}`, and HTTPS needs both")));
        }
        if config.text("https_port").is_empty() {
            return match certificate {
                "" => Ok(None),
                _ => Err(Error::invalid("`tls.certificate` is set without `HTTPS_PORT`, so that nothing would show it")),
            };
        }
        if certificate.is_empty() {
            return Ok(Some(Source::Authority(Order::of(config)?)));
        }
        Ok(Some(Source::Files(Files::new(certificate, key))))
    }
}

/// The certificate that is shown at this moment, and the proofs a certificate authority may fetch.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    certificate: RwLock<Option<Arc<CertifiedKey>>>,
    proofs: RwLock<HashMap<String, String>>,
}

impl Shown {
    /// Whether there is a certificate.
    pub(crate) fn is_there(&self) -> bool {
        self.certificate.read().is_some()
    }

    /// The proof for a token of a certificate authority.
    pub(crate) fn proof(&self, token: &str) -> Option<String> {
        self.proofs.read().get(token).cloned()
    }

    /// Shows a chain from now on.
    ///
    /// # Errors
    /// When it is no certificate with its key.
    pub(crate) fn show(&self, chain: &[u8], key: &[u8]) -> Result<(), Error> {
        let wrong = || Error::invalid("the certificate and its key cannot be used together");
        let chain: Vec<_> =
            CertificateDer::pem_slice_iter(chain).collect::<Result<_, _>>().map_err(|cause| wrong().because(cause))?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|cause| wrong().because(cause))?;
        let provider = rustls::crypto::ring::default_provider();
        let certified = CertifiedKey::from_der(chain, key, &provider).map_err(|cause| wrong().because(cause))?;
        *self.certificate.write() = Some(Arc::new(certified));
        Ok(())
    }

    /// How connections begin: TLS 1.2 or 1.3, then HTTP/1.1.
    ///
    /// # Errors
    /// When the library refuses that.
    pub(crate) fn server_config(self: &Arc<Shown>) -> Result<ServerConfig, Error> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let resolver: Arc<dyn ResolvesServerCert> = Arc::clone(self) as Arc<dyn ResolvesServerCert>;
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|cause| Error::broken("TLS cannot be spoken").because(cause))?
            .with_no_client_auth()
            .with_cert_resolver(resolver);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.certificate.read().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;

    fn source(flags: &[(&str, &str)]) -> Result<Option<Source>, Error> {
        let flags = flags.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Source::of(&Config::read(&Sources { flags, ..Sources::default() })?)
    }

    fn refused(flags: &[(&str, &str)]) -> String {
        source(flags).unwrap_err().message().to_owned()
    }

    #[test]
    fn settings_of_https_go_together() {
        assert!(source(&[]).unwrap().is_none());
        assert_eq!(refused(&[("tls.key", "k")]), "`tls.key` is set without `tls.certificate`, and HTTPS needs both");
        assert_eq!(
            refused(&[("tls.certificate", "c"), ("tls.key", "k")]),
            "`tls.certificate` is set without `HTTPS_PORT`, so that nothing would show it"
        );
        for (base_url, sentence) in [
            ("", "`HTTPS_PORT` is set, and `BASE_URL` names no host to get a certificate for"),
            ("https://10.1.2.3", "`BASE_URL` holds `https://10.1.2.3`, and no certificate is given for an address"),
            ("https://localhost", "`BASE_URL` holds `https://localhost`, and no certificate is given for a local name"),
        ] {
            assert_eq!(refused(&[("https_port", "443"), ("base_url", base_url)]), sentence);
        }
        let given = source(&[("https_port", "443"), ("base_url", "https://stats.example.org")]).unwrap();
        assert!(matches!(given, Some(Source::Authority(_))));
        let given = source(&[("https_port", "443"), ("tls.certificate", "c"), ("tls.key", "k")]).unwrap();
        assert!(matches!(given, Some(Source::Files(_))));
    }

    #[test]
    fn a_key_that_is_not_the_certificate_s_is_refused() {
        let made = |name: &str| rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
        let (one, other) = (made("one.example.org"), made("other.example.org"));
        let shown = Shown::default();
        let key = one.signing_key.serialize_pem();
        assert!(shown.show(other.cert.pem().as_bytes(), key.as_bytes()).is_err());
        assert!(shown.show(b"", key.as_bytes()).is_err() && !shown.is_there());
        shown.show(one.cert.pem().as_bytes(), key.as_bytes()).unwrap();
        assert!(shown.is_there());
    }
}
