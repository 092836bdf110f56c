//! Which relay or service takes letters, and how they are written.

use base64::Engine as _;
use footfall_api::Letter;
use footfall_model::Error;
use lettre::{
    Message,
    message::{Attachment, Mailbox, MultiPart, SinglePart, header::ContentType},
};
use rustls::pki_types::CertificateDer;

use super::{Mailgun, Smtp, Way};
use crate::{
    config::Config,
    outbound::{self, Outbound},
};

/// When a connection changes to TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encryption {
    /// It begins with TLS.
    First,
    /// It changes to TLS, or nothing is sent.
    Needed,
    /// It changes to TLS where the relay offers that.
    Offered,
}

/// Where letters are handed over, and what they are signed with.
#[derive(Clone)]
pub(crate) struct Relay {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) encryption: Encryption,
    pub(super) login: Option<(String, String)>,
    pub(super) authorities: Option<Vec<CertificateDer<'static>>>,
    /// The service whose own interface is spoken in place of SMTP.
    mailgun: Option<Mailgun>,
    from: (Option<String>, String),
    pub(super) hello: String,
    pub(super) retries: u32,
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
            let login = (user.map_or_else(|| key.clone(), str::to_owned), key);
            Ok::<_, Error>((host.to_owned(), 587, Encryption::Needed, Some(login)))
        };
        let mut mailgun = None;
        let (host, usual, encryption, login) = match config.text("mail.adapter") {
            "Bamboo.PostmarkAdapter" => service("smtp.postmarkapp.com", "mail.postmark_key", "POSTMARK_API_KEY", None)?,
            "Bamboo.MandrillAdapter" => {
                service("smtp.mandrillapp.com", "mail.mandrill_key", "MANDRILL_API_KEY", Some("footfall"))?
            }
            "Bamboo.SendGridAdapter" => service("smtp.sendgrid.net", "mail.sendgrid_key", "SENDGRID_API_KEY", Some("apikey"))?,
            "Bamboo.MailgunAdapter" => {
                mailgun = Some(by_mailgun(config)?);
                (String::new(), 0, Encryption::Needed, None)
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
                (host, if by_smtp { 25 } else { 587 }, Encryption::Offered, login)
            }
        };
        let port = u16::try_from(config.number("mail.port")).ok().filter(|port| *port > 0).unwrap_or(usual);
        let base = config.base_url();
        let hello = url::Url::parse(&base).ok().and_then(|url| url.host_str().map(str::to_owned));
        let hello = hello.unwrap_or_else(|| "localhost".to_owned());
        let from = given("mail.from").unwrap_or_else(|| format!("footfall@{hello}"));
        let relay = Relay {
            encryption: match given("mail.tls").map_or(port == 465, |_| config.flag("mail.tls")) {
                true => Encryption::First,
                false => encryption,
            },
            authorities: outbound::authorities(config)?,
            mailgun,
            host,
            port,
            login,
            from: (given("mail.from_name"), from),
            hello,
            retries: u32::try_from(config.number("mail.retries")).unwrap_or(2),
        };
        relay.sender()?;
        relay.way()?;
        Ok(Some(relay))
    }

    /// How letters leave.
    ///
    /// # Errors
    /// When TLS cannot be spoken.
    pub(super) fn way(&self) -> Result<Way, Error> {
        match &self.mailgun {
            Some(mailgun) => Ok(Way::Mailgun(mailgun.clone())),
            None => Smtp::to(self).map(Way::Smtp),
        }
    }

    pub(super) fn sender(&self) -> Result<Mailbox, Error> {
        let (name, address) = &self.from;
        let wrong =
            |cause| Error::invalid(format!("`MAILER_EMAIL` holds `{address}`, which is no e-mail address")).because(cause);
        Ok(Mailbox::new(name.clone(), address.parse().map_err(wrong)?))
    }

    pub(super) fn written(&self, letter: &Letter) -> Result<Message, Error> {
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

/// What Mailgun's adapter is told there.
fn by_mailgun(config: &Config) -> Result<Mailgun, Error> {
    let given = |name: &str, variable: &str| match config.text(name) {
        "" => Err(Error::invalid(format!("`MAILER_ADAPTER` holds `Bamboo.MailgunAdapter`, and `{variable}` is missing"))),
        text => Ok(text),
    };
    let (key, domain) = (given("mail.mailgun_key", "MAILGUN_API_KEY")?, given("mail.mailgun_domain", "MAILGUN_DOMAIN")?);
    if !domain.bytes().all(|sign| sign.is_ascii_alphanumeric() || b".-_".contains(&sign)) {
        return Err(Error::invalid(format!("`MAILGUN_DOMAIN` holds `{domain}`, but may hold a domain such as `mg.example.org`")));
    }
    let login = base64::engine::general_purpose::STANDARD.encode(format!("api:{key}"));
    Ok(Mailgun {
        base: config.text("mail.mailgun_url").trim_end_matches('/').to_owned(),
        domain: domain.to_owned(),
        authorization: format!("Basic {login}"),
        outbound: Outbound::of(config)?,
    })
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
        assert!(relay(&[]).unwrap().is_none());
        assert!(relay(&[("SMTP_USER_NAME", "ada"), ("SMTP_USER_PWD", "x")]).unwrap().is_none());
    }

    #[test]
    fn ports_follow_the_way_a_letter_goes() {
        let port = |more: &[(&str, &str)]| {
            let relay = relay(&[&[("SMTP_HOST_ADDR", "relay.example.org")], more].concat()).unwrap().unwrap();
            (relay.port, relay.encryption == Encryption::First)
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
            assert_eq!((found.host.as_str(), found.port, found.encryption), (host, 587, Encryption::Needed));
            assert_eq!(found.login, Some((user.to_owned(), "secret".to_owned())));
            let sentence = format!("`MAILER_ADAPTER` holds `{adapter}`, and `{variable}` is missing");
            assert_eq!(refused(&[("MAILER_ADAPTER", adapter)]), sentence);
        }
    }

    #[test]
    fn mailgun_needs_a_key_and_a_domain() {
        let adapter = ("MAILER_ADAPTER", "Bamboo.MailgunAdapter");
        let (key, domain) = (("MAILGUN_API_KEY", "secret"), ("MAILGUN_DOMAIN", "mg.example.org"));
        let missing = |name: &str| format!("`MAILER_ADAPTER` holds `Bamboo.MailgunAdapter`, and `{name}` is missing");
        assert_eq!(refused(&[adapter, domain]), missing("MAILGUN_API_KEY"));
        assert_eq!(refused(&[adapter, key]), missing("MAILGUN_DOMAIN"));
        let sentence = "`MAILGUN_DOMAIN` holds `a/b`, but may hold a domain such as `mg.example.org`";
        assert_eq!(refused(&[adapter, key, ("MAILGUN_DOMAIN", "a/b")]), sentence);
        let found = relay(&[adapter, key, domain]).unwrap().unwrap().mailgun.unwrap();
        assert_eq!((found.base.as_str(), found.authorization.as_str()), ("https://api.mailgun.net/v3", "Basic YXBpOnNlY3JldA=="));
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
