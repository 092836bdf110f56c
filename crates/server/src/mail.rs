//! Letters go out by SMTP: they wait in a queue, so that nobody who asks for one waits for it, and are tried again when the relay
//! fails. What waits when the process ends is lost, as at Plausible.

use std::time::Duration;

use footfall_api::{Letter, Post};
use footfall_model::Error;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Attachment, Mailbox, MultiPart, SinglePart, header::ContentType},
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
        extension::ClientId,
    },
};
use tokio::sync::mpsc;

use crate::config::Config;

/// How many letters may wait.
const QUEUE: usize = 200;
/// How long a relay may take for one step.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long the first wait before another try is; each is longer by as much.
const PAUSE: Duration = Duration::from_secs(2);

/// Where letters are handed over, and what they are signed with.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Relay {
    host: String,
    port: u16,
    /// Whether the connection begins with TLS; otherwise it changes to TLS where the relay offers that.
    tls: bool,
    login: Option<(String, String)>,
    from: (Option<String>, String),
    hello: String,
    retries: u32,
}

impl Relay {
    /// The relay that the settings name; `None` where they name none.
    ///
    /// # Errors
    /// When what they say does not go together.
    pub(crate) fn of(config: &Config) -> Result<Option<Relay>, Error> {
        let given = |name: &str| Some(config.text(name).to_owned()).filter(|text| !text.is_empty());
        // What sends by a service's own interface there is sent by the same service's relay here.
        let service = |host: &str, key: &str, variable: &str, user: Option<&str>| {
            let key = given(key).ok_or_else(|| {
                Error::invalid(format!("`MAILER_ADAPTER` holds `{}`, and `{variable}` is missing", config.text("mail.adapter")))
            })?;
            Ok::<_, Error>((host.to_owned(), 587, Some((user.map_or_else(|| key.clone(), str::to_owned), key))))
        };
        let (host, usual, login) = match config.text("mail.adapter") {
            "Bamboo.PostmarkAdapter" => service("smtp.postmarkapp.com", "mail.postmark_key", "POSTMARK_API_KEY", None)?,
            "Bamboo.MandrillAdapter" => {
                service("smtp.mandrillapp.com", "mail.mandrill_key", "MANDRILL_API_KEY", Some("footfall"))?
            }
            "Bamboo.SendGridAdapter" => service("smtp.sendgrid.net", "mail.sendgrid_key", "SENDGRID_API_KEY", Some("apikey"))?,
            "Bamboo.MailgunAdapter" => {
                return Err(Error::invalid("`MAILER_ADAPTER` holds `Bamboo.MailgunAdapter`, and letters go by SMTP only").hint(
                    "leave it out, and set `SMTP_HOST_ADDR=smtp.mailgun.org` with the domain's SMTP login in `SMTP_USER_NAME` and `SMTP_USER_PWD`",
                ));
            }
            adapter => {
                let login = match (given("mail.user"), given("mail.password")) {
                    (Some(user), Some(password)) => Some((user, password)),
                    (None, None) => None,
                    (Some(_), None) => return Err(together("SMTP_USER_NAME", "SMTP_USER_PWD")),
                    (None, Some(_)) => return Err(together("SMTP_USER_PWD", "SMTP_USER_NAME")),
                };
                let by_smtp = adapter == "Bamboo.SMTPAdapter";
                let Some(host) = given("mail.host").or_else(|| by_smtp.then(|| "mail".to_owned())) else {
                    return Ok(None);
                };
                (host, if by_smtp { 25 } else { 587 }, login)
            }
        };
        let port = u16::try_from(config.number("mail.port")).ok().filter(|port| *port > 0).unwrap_or(usual);
        let base = config.base_url();
        let hello = url::Url::parse(&base).ok().and_then(|url| url.host_str().map(str::to_owned));
        let hello = hello.unwrap_or_else(|| "localhost".to_owned());
        let from = given("mail.from").unwrap_or_else(|| format!("footfall@{hello}"));
        let relay = Relay {
            tls: given("mail.tls").map_or(port == 465, |_| config.flag("mail.tls")),
            host,
            port,
            login,
            from: (given("mail.from_name"), from),
            hello,
            retries: u32::try_from(config.number("mail.retries")).unwrap_or(2),
        };
        relay.sender()?;
        Ok(Some(relay))
    }

    fn sender(&self) -> Result<Mailbox, Error> {
        let (name, address) = &self.from;
        let wrong =
            |cause| Error::invalid(format!("`MAILER_EMAIL` holds `{address}`, which is no e-mail address")).because(cause);
        Ok(Mailbox::new(name.clone(), address.parse().map_err(wrong)?))
    }

    fn connection(&self) -> Result<AsyncSmtpTransport<Tokio1Executor>, Error> {
        let unusable = |cause| Error::invalid(format!("`{}` cannot be reached with TLS", self.host)).because(cause);
        let parameters = TlsParameters::new(self.host.clone()).map_err(unusable)?;
        let tls = if self.tls { Tls::Wrapper(parameters) } else { Tls::Opportunistic(parameters) };
        let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(self.host.as_str())
            .port(self.port)
            .tls(tls)
            .timeout(Some(PATIENCE))
            .hello_name(ClientId::Domain(self.hello.clone()));
        let builder = match &self.login {
            Some((user, password)) => builder.credentials(Credentials::new(user.clone(), password.clone())),
            None => builder,
        };
        Ok(builder.build())
    }

    fn written(&self, letter: &Letter) -> Result<Message, Error> {
        let unwritten = |cause| Error::invalid("the letter cannot be written").because(cause);
        let to = letter.to.parse().map_err(|cause| Error::invalid("the letter's address is none").because(cause))?;
        let message = Message::builder().from(self.sender()?).to(Mailbox::new(None, to)).subject(letter.subject.as_str());
        let text = letter.text.clone();
        let Some(attachment) = &letter.attachment else {
            return match &letter.html {
                Some(html) => message.multipart(MultiPart::alternative_plain_html(text, html.clone())).map_err(unwritten),
                None => message.singlepart(SinglePart::plain(text)).map_err(unwritten),
            };
        };
        let kind = ContentType::parse(attachment.content_type).unwrap_or(ContentType::TEXT_PLAIN);
        let file = Attachment::new(attachment.name.clone()).body(attachment.body.clone(), kind);
        message.multipart(MultiPart::mixed().singlepart(SinglePart::plain(text)).singlepart(file)).map_err(unwritten)
    }
}

impl std::fmt::Debug for Relay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Relay").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

fn together(given: &str, missing: &str) -> Error {
    Error::invalid(format!("`{given}` is set without `{missing}`, and a relay wants both or neither"))
}

/// The queue's end where letters come in.
#[derive(Clone, Debug)]
pub(crate) struct Mailer(mpsc::Sender<Letter>);

impl Post for Mailer {
    fn take(&self, letter: Letter) -> bool {
        let taken = self.0.try_send(letter).is_ok();
        if !taken {
            tracing::error!("a letter is not sent, because {QUEUE} are waiting already");
        }
        taken
    }
}

/// Sends what is put into the queue until its other end is gone.
///
/// # Errors
/// When the relay cannot be talked to with TLS at all.
pub(crate) fn start(relay: Relay) -> Result<Mailer, Error> {
    let connection = relay.connection()?;
    let (queue, mut waiting) = mpsc::channel(QUEUE);
    tokio::spawn(async move {
        while let Some(letter) = waiting.recv().await {
            deliver(&relay, &connection, &letter).await;
        }
    });
    Ok(Mailer(queue))
}

async fn deliver(relay: &Relay, connection: &AsyncSmtpTransport<Tokio1Executor>, letter: &Letter) {
    let message = match relay.written(letter) {
        Ok(message) => message,
        Err(error) => {
            tracing::error!(error = %error, "a letter cannot be written");
            return;
        }
    };
    for attempt in 0..=relay.retries {
        let error = match connection.send(message.clone()).await {
            Ok(_) => return,
            Err(error) => error,
        };
        let is_last = attempt == relay.retries || error.is_permanent();
        if is_last {
            tracing::error!(error = %error, relay = %relay.host, "a letter cannot be sent and is given up");
            return;
        }
        tracing::warn!(error = %error, relay = %relay.host, "a letter cannot be sent and is tried again");
        tokio::time::sleep(PAUSE * (attempt + 1)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;

    fn relay(environment: &[(&str, &str)]) -> Result<Option<Relay>, Error> {
        let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Relay::of(&Config::read(&Sources { environment, ..Sources::default() })?)
    }

    fn refused(environment: &[(&str, &str)]) -> String {
        relay(environment).unwrap_err().message().to_owned()
    }

    #[test]
    fn nothing_is_sent_where_no_relay_is_named() {
        assert_eq!(relay(&[]).unwrap(), None);
        assert_eq!(relay(&[("SMTP_USER_NAME", "ada"), ("SMTP_USER_PWD", "x")]).unwrap(), None);
    }

    #[test]
    fn ports_follow_the_way_a_letter_goes() {
        let port = |more: &[(&str, &str)]| {
            let relay = relay(&[&[("SMTP_HOST_ADDR", "relay.example.org")], more].concat()).unwrap().unwrap();
            (relay.port, relay.tls)
        };
        assert_eq!(port(&[]), (587, false));
        assert_eq!(port(&[("SMTP_HOST_PORT", "465")]), (465, true));
        assert_eq!(port(&[("SMTP_HOST_PORT", "465"), ("SMTP_HOST_SSL_ENABLED", "false")]), (465, false));
        assert_eq!(port(&[("SMTP_HOST_PORT", "2525"), ("SMTP_HOST_SSL_ENABLED", "true")]), (2525, true));
        assert_eq!(port(&[("MAILER_ADAPTER", "Bamboo.SMTPAdapter")]), (25, false));
        let own = relay(&[("MAILER_ADAPTER", "Bamboo.SMTPAdapter")]).unwrap().unwrap();
        assert_eq!((own.host.as_str(), own.port), ("mail", 25));
    }

    #[test]
    fn services_are_reached_by_their_relays() {
        for (adapter, variable, host, user) in [
            ("Bamboo.PostmarkAdapter", "POSTMARK_API_KEY", "smtp.postmarkapp.com", "secret"),
            ("Bamboo.MandrillAdapter", "MANDRILL_API_KEY", "smtp.mandrillapp.com", "footfall"),
            ("Bamboo.SendGridAdapter", "SENDGRID_API_KEY", "smtp.sendgrid.net", "apikey"),
        ] {
            let found = relay(&[("MAILER_ADAPTER", adapter), (variable, "secret")]).unwrap().unwrap();
            assert_eq!((found.host.as_str(), found.port), (host, 587));
            assert_eq!(found.login, Some((user.to_owned(), "secret".to_owned())));
            let sentence = format!("`MAILER_ADAPTER` holds `{adapter}`, and `{variable}` is missing");
            assert_eq!(refused(&[("MAILER_ADAPTER", adapter)]), sentence);
        }
        let sentence = "`MAILER_ADAPTER` holds `Bamboo.MailgunAdapter`, and letters go by SMTP only";
        assert_eq!(refused(&[("MAILER_ADAPTER", "Bamboo.MailgunAdapter"), ("MAILGUN_API_KEY", "key")]), sentence);
    }

    #[test]
    fn what_does_not_go_together_is_refused() {
        let host = ("SMTP_HOST_ADDR", "relay.example.org");
        let sentence = "`SMTP_USER_NAME` is set without `SMTP_USER_PWD`, and a relay wants both or neither";
        assert_eq!(refused(&[host, ("SMTP_USER_NAME", "ada")]), sentence);
        let sentence = "`SMTP_USER_PWD` is set without `SMTP_USER_NAME`, and a relay wants both or neither";
        assert_eq!(refused(&[host, ("SMTP_USER_PWD", "ada")]), sentence);
        assert_eq!(refused(&[host, ("MAILER_EMAIL", "ada")]), "`MAILER_EMAIL` holds `ada`, which is no e-mail address");
    }

    #[test]
    fn a_letter_is_signed_with_the_name_and_address_that_are_set() {
        let signed = |more: &[(&str, &str)]| {
            let set = [&[("SMTP_HOST_ADDR", "relay.example.org"), ("BASE_URL", "https://stats.example.org")], more].concat();
            let letter = Letter { to: "ada@example.org".to_owned(), subject: "Hello".to_owned(), ..Letter::default() };
            let written = relay(&set).unwrap().unwrap().written(&letter).unwrap();
            let text = String::from_utf8(written.formatted()).unwrap();
            text.lines().find(|line| line.starts_with("From:")).unwrap().to_owned()
        };
        assert_eq!(signed(&[]), "From: footfall@stats.example.org");
        let named = [("MAILER_EMAIL", "hello@example.org"), ("MAILER_NAME", "Portal")];
        assert_eq!(signed(&named), "From: Portal <hello@example.org>");
    }
}
