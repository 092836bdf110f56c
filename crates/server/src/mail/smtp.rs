//! Letters by SMTP.

use std::time::Duration;

use footfall_admin::WaitingLetter;
use footfall_model::Error;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor,
    address::Envelope,
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, CertificateStore, Tls, TlsParameters},
        extension::ClientId,
    },
};

use super::{Failure, Relay, relay::Encryption};

/// How long a relay may take for one step.
const PATIENCE: Duration = Duration::from_secs(20);

/// Answers that are about the login and not about the letter (RFC 4954).
const LOGIN: [u16; 4] = [530, 534, 535, 538];

/// Connections to a relay.
pub(super) struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl Smtp {
    pub(super) fn to(relay: &Relay) -> Result<Smtp, Error> {
        let unusable = |cause| Error::invalid(format!("`{}` cannot be reached with TLS", relay.host)).because(cause);
        let mut parameters = TlsParameters::builder(relay.host.clone());
        if let Some(authorities) = &relay.authorities {
            parameters = parameters.certificate_store(CertificateStore::None);
            for authority in authorities {
                parameters = parameters.add_root_certificate(Certificate::from_der(authority.to_vec()).map_err(unusable)?);
            }
        }
        let parameters = parameters.build().map_err(unusable)?;
        let tls = match relay.encryption {
            Encryption::First => Tls::Wrapper(parameters),
            Encryption::Needed => Tls::Required(parameters),
            Encryption::Offered => Tls::Opportunistic(parameters),
        };
        let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(relay.host.as_str())
            .port(relay.port)
            .tls(tls)
            .timeout(Some(PATIENCE))
            .hello_name(ClientId::Domain(relay.hello.clone()));
        let builder = match &relay.login {
            Some((user, password)) => builder.credentials(Credentials::new(user.clone(), password.clone())),
            None => builder,
        };
        Ok(Smtp { transport: builder.build() })
    }

    pub(super) async fn send(&self, relay: &Relay, letter: &WaitingLetter) -> Result<(), Failure> {
        let wrong = |error| Failure { error, is_final: true };
        let to =
            letter.recipient.parse().map_err(|cause| wrong(Error::invalid("the letter's address is none").because(cause)))?;
        let from = relay.sender().map_err(wrong)?.email;
        let envelope = Envelope::new(Some(from), vec![to])
            .map_err(|cause| wrong(Error::invalid("the letter has no addresses").because(cause)))?;
        self.transport.send_raw(&envelope, letter.message.as_bytes()).await.map(|_| ()).map_err(|cause| Failure {
            is_final: cause.is_permanent() && !is_about_login(cause.status().map(u16::from)),
            error: Error::broken(format!("the relay `{}` takes no letter: {cause}", relay.host)).because(cause),
        })
    }
}

/// Whether an answer is about the login, which may be mended, so that the letter is sent then.
fn is_about_login(answer: Option<u16>) -> bool {
    answer.is_some_and(|code| LOGIN.contains(&code))
}

#[cfg(test)]
mod tests {
    use super::is_about_login;

    #[test]
    fn a_refused_login_ends_no_letter() {
        assert!(is_about_login(Some(535)) && is_about_login(Some(530)));
        assert!(!is_about_login(Some(550)) && !is_about_login(None));
    }
}
