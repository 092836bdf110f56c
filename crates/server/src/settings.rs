//! The one table of settings: every name, what it may hold, its default, and its other names. The command line, the
//! environment, the TOML file and `footfall config --help` all read it.

/// What a setting may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Any text.
    Text,
    /// A secret: any text, never printed.
    Secret,
    /// `true` or `false`.
    Flag,
    /// A whole number within bounds.
    Number(i64, i64),
    /// One of these words.
    Word(&'static [&'static str]),
    /// Words between commas.
    List,
    /// An address alone, such as `0.0.0.0`.
    Address,
    /// An address and port, such as `0.0.0.0:8000`.
    Listen,
    /// A URL with scheme and host.
    Url,
    /// A number of bytes with a unit, such as `256MB`, no fewer than these.
    Size(u64),
}

/// One setting.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    /// The name: `--a.b-c` on the command line, `FOOTFALL_A_B_C` in the environment, `a.b_c` in the file.
    pub(crate) name: &'static str,
    /// Names that other products' containers use for it.
    pub(crate) aliases: &'static [&'static str],
    /// What it may hold.
    pub(crate) holds: Holds,
    /// What it holds when nothing is said; empty means nothing.
    pub(crate) default: &'static str,
    /// One sentence for people.
    pub(crate) doc: &'static str,
}

const fn setting(
    name: &'static str,
    aliases: &'static [&'static str],
    holds: Holds,
    default: &'static str,
    doc: &'static str,
) -> Setting {
    Setting { name, aliases, holds, default, doc }
}

/// Every setting, in the order they are shown.
pub(crate) const ALL: &[Setting] = &[
    setting(
        "data_dir",
        &["DATA_DIR"],
        Holds::Text,
        "./data",
        "The directory that holds everything: journal, events, sites and users.",
    ),
    setting("listen", &[], Holds::Listen, "0.0.0.0:8000", "Where the server listens."),
    setting("port", &["HTTP_PORT", "PORT"], Holds::Number(1, 65_535), "", "The port alone; wins over the port in `listen`."),
    setting("listen_ip", &["LISTEN_IP"], Holds::Address, "", "The address alone; wins over the address in `listen`."),
    setting(
        "private_listen",
        &[],
        Holds::Listen,
        "",
        "A second listener for reports, administration and the UI; `listen` then serves only tracking, scripts and health.",
    ),
    setting(
        "https_port",
        &["HTTPS_PORT"],
        Holds::Number(1, 65_535),
        "",
        "The port of HTTPS, which is spoken where this is set: with the certificate in `tls.certificate`, or with one that is asked of \
         `acme.directory` for the host of `base_url`.",
    ),
    setting(
        "base_url",
        &["BASE_URL"],
        Holds::Url,
        "",
        "The address people reach the server at; snippets and links begin with it.",
    ),
    setting(
        "tls.certificate",
        &[],
        Holds::Text,
        "",
        "A PEM file with the certificate HTTPS shows and the ones between it and its authority; read again when it changes.",
    ),
    setting("tls.key", &[], Holds::Text, "", "A PEM file with the private key of `tls.certificate`."),
    setting(
        "tls.redirect",
        &[],
        Holds::Flag,
        "true",
        "Whether plain HTTP sends on to HTTPS once there is a certificate; probes of health and requests to localhost are answered.",
    ),
    setting(
        "tls.authorities",
        &[],
        Holds::Text,
        "",
        "A PEM file with the authorities that are trusted when this server asks others (mail relays, downloads, `acme.directory`), in \
         place of those that browsers trust.",
    ),
    setting(
        "acme.directory",
        &["ACME_DIRECTORY_URL"],
        Holds::Url,
        "https://acme-v02.api.letsencrypt.org/directory",
        "The certificate authority that is asked where `https_port` is set without `tls.certificate`; it looks for its proof at port 80 \
         of the host, and the terms it asks for are agreed to.",
    ),
    setting(
        "acme.email",
        &[],
        Holds::Text,
        "",
        "Whom the certificate authority may write to; `mail.from` when empty, and nobody when that is empty too.",
    ),
    setting(
        "secret_key_base",
        &["SECRET_KEY_BASE"],
        Holds::Secret,
        "",
        "Accepted for Plausible's compose files; sessions need no shared secret here.",
    ),
    setting(
        "disable_registration",
        &["DISABLE_REGISTRATION"],
        Holds::Word(&["true", "false", "invite_only"]),
        "invite_only",
        "Whether people who are invited may make an account (`invite_only`), or nobody may (`true`). There is no public sign-up: \
         `false` is refused.",
    ),
    setting(
        "disable_auth",
        &["DISABLE_AUTH"],
        Holds::Word(&["false"]),
        "false",
        "Accepted for Plausible's older set-ups: nobody changes anything without signing in. Public dashboards are a site's affair.",
    ),
    setting(
        "admin_user_email",
        &["ADMIN_USER_EMAIL"],
        Holds::Text,
        "",
        "E-mail address of the first superuser, made at the first start.",
    ),
    setting(
        "admin_user_name",
        &["ADMIN_USER_NAME"],
        Holds::Text,
        "",
        "Name of the first superuser, who signs in with it where it may be a login, and with the e-mail address always.",
    ),
    setting("admin_user_pwd", &["ADMIN_USER_PWD"], Holds::Secret, "", "Password of the first superuser."),
    setting(
        "admin_user_token",
        &[],
        Holds::Secret,
        "",
        "A token of the first superuser (32 characters or more), so that scripts can use a server they have just started.",
    ),
    setting(
        "trusted_proxies",
        &["TRUSTED_PROXIES"],
        Holds::List,
        "",
        "Addresses of proxies whose `X-Forwarded-For` and the like are believed, besides loopback and private networks.",
    ),
    setting(
        "geo.built_in",
        &[],
        Holds::Flag,
        "true",
        "Whether countries are told by the built-in table; off leaves them to `geo.database` and the browser's languages.",
    ),
    setting(
        "geo.database",
        &["IP_GEOLOCATION_DB"],
        Holds::Text,
        "",
        "A MaxMind or DB-IP file (mmdb, also packed by gzip) with countries or cities; the built-in countries when empty.",
    ),
    setting(
        "geo.maxmind_license_key",
        &["MAXMIND_LICENSE_KEY"],
        Holds::Secret,
        "",
        "A key of MaxMind's, with which its database is downloaded and kept fresh; it is asked before `geo.database`.",
    ),
    setting(
        "geo.maxmind_edition",
        &["MAXMIND_EDITION"],
        Holds::Text,
        "GeoLite2-City",
        "Which of MaxMind's databases is downloaded.",
    ),
    setting("geo.maxmind_url", &[], Holds::Url, "https://download.maxmind.com", "Where MaxMind's databases are downloaded from."),
    setting(
        "devices.database",
        &[],
        Holds::Text,
        "",
        "A directory with Matomo's device detector database (its `regexes` folder). When empty, the one that `footfall data update devices` \
         has installed, else the built-in detection.",
    ),
    setting(
        "log.level",
        &["LOG_LEVEL"],
        Holds::Word(&[
            "error",
            "warn",
            "info",
            "debug",
            "trace",
            "emergency",
            "alert",
            "critical",
            "warning",
            "notice",
            "all",
            "none",
        ]),
        "info",
        "How much is logged. Plausible's names for levels are taken too.",
    ),
    setting(
        "log.format",
        &["LOG_FORMAT"],
        Holds::Word(&["text", "standard", "json"]),
        "text",
        "How log lines look; `standard` is Plausible's name for `text`.",
    ),
    setting(
        "log.failed_sign_ins",
        &["LOG_FAILED_LOGIN_ATTEMPTS"],
        Holds::Flag,
        "false",
        "Whether the log tells of logins that were refused, by the login that was given.",
    ),
    setting(
        "mail.host",
        &["SMTP_HOST_ADDR"],
        Holds::Text,
        "",
        "The relay that letters go to (forgotten passwords, invitations, reports); none are sent when empty.",
    ),
    setting(
        "mail.port",
        &["SMTP_HOST_PORT"],
        Holds::Number(1, 65_535),
        "",
        "The relay's port; 587 when empty, or 25 with `Bamboo.SMTPAdapter`.",
    ),
    setting("mail.user", &["SMTP_USER_NAME"], Holds::Text, "", "The login at the relay."),
    setting("mail.password", &["SMTP_USER_PWD"], Holds::Secret, "", "The password at the relay."),
    setting(
        "mail.tls",
        &["SMTP_HOST_SSL_ENABLED"],
        Holds::Flag,
        "",
        "Whether the connection begins with TLS; on port 465 it does when empty, elsewhere it changes to TLS where the relay can.",
    ),
    setting(
        "mail.retries",
        &["SMTP_RETRIES"],
        Holds::Number(0, 20),
        "2",
        "How often a letter is tried again within seconds; after that in growing pauses, for two days.",
    ),
    setting(
        "mail.from",
        &["MAILER_EMAIL"],
        Holds::Text,
        "",
        "Who letters come from; `footfall@` and the host of `base_url` when empty.",
    ),
    setting("mail.from_name", &["MAILER_NAME"], Holds::Text, "", "What the sender of letters is called."),
    setting(
        "mail.adapter",
        &["MAILER_ADAPTER"],
        Holds::Word(&[
            "Bamboo.Mua",
            "Bamboo.SMTPAdapter",
            "Bamboo.PostmarkAdapter",
            "Bamboo.MandrillAdapter",
            "Bamboo.SendGridAdapter",
            "Bamboo.MailgunAdapter",
        ]),
        "Bamboo.Mua",
        "Plausible's name for the way letters go. Postmark, Mandrill and SendGrid are reached by their SMTP relays.",
    ),
    setting("mail.postmark_key", &["POSTMARK_API_KEY"], Holds::Secret, "", "The key at Postmark, for `Bamboo.PostmarkAdapter`."),
    setting("mail.mandrill_key", &["MANDRILL_API_KEY"], Holds::Secret, "", "The key at Mandrill, for `Bamboo.MandrillAdapter`."),
    setting("mail.sendgrid_key", &["SENDGRID_API_KEY"], Holds::Secret, "", "The key at SendGrid, for `Bamboo.SendGridAdapter`."),
    setting("mail.mailgun_key", &["MAILGUN_API_KEY"], Holds::Secret, "", "The key at Mailgun, for `Bamboo.MailgunAdapter`."),
    setting("mail.mailgun_domain", &["MAILGUN_DOMAIN"], Holds::Text, "", "The domain at Mailgun."),
    setting(
        "mail.mailgun_url",
        &["MAILGUN_BASE_URI"],
        Holds::Url,
        "https://api.mailgun.net/v3",
        "Where Mailgun is asked; `https://api.eu.mailgun.net/v3` for domains in Europe.",
    ),
    setting("store.memory", &[], Holds::Size(64 << 20), "160MB", "Memory the embedded engine may use."),
    setting("store.threads", &[], Holds::Number(0, 256), "0", "Threads the embedded engine may use; 0 means one per core."),
    setting(
        "reports.read_your_hits",
        &[],
        Holds::Flag,
        "false",
        "Whether reports wait until every hit that was answered before them is in the store.",
    ),
    setting(
        "matomo.compat.action_ids",
        &[],
        Holds::Flag,
        "false",
        "Whether the visit log numbers pages as Matomo would have (`pageIdAction`), which looks at everything recorded.",
    ),
    setting(
        "matomo.compat.arrival_order",
        &[],
        Holds::Flag,
        "false",
        "Whether a visit's exit page and length follow the order in which its actions arrive, as at Matomo, and not their times.",
    ),
    setting(
        "matomo.compat.row_limits",
        &[],
        Holds::Flag,
        "false",
        "Whether Matomo's reports are cut to its row limits day by day, with an `Others` row, and products' prices are those of single days added up, as in its archives; off means complete reports and exact averages.",
    ),
    setting(
        "matomo.compat.max_rows",
        &[],
        Holds::List,
        "",
        "Row limits that differ from Matomo's, such as `actions=500/100,standard=500`; read where `matomo.compat.row_limits` is on.",
    ),
    setting(
        "matomo.compat.text_sums",
        &[],
        Holds::Flag,
        "false",
        "Whether the JSON of single days has those sums as text that Matomo's database gives as text, and the visitors of countries \
         and continents are those of their cities added up, as there.",
    ),
    setting(
        "matomo.compat.visitors_of_months",
        &[],
        Holds::Flag,
        "false",
        "Whether unique visitors are told of days, weeks and months only, as Matomo does unless it is set otherwise; off means of \
         years and ranges too.",
    ),
    setting(
        "matomo.texts",
        &[],
        Holds::Text,
        "",
        "A directory with a Matomo whose English texts explain reports and metrics; our own do when empty.",
    ),
    setting(
        "matomo.pivot_by_segment",
        &[],
        Holds::Flag,
        "false",
        "Whether `pivotBy` may take a dimension that is not below the report's own, which asks the store once a row.",
    ),
    setting("tracking.record_statistics", &[], Holds::Flag, "true", "Whether anything is counted at all."),
    setting("tracking.visit_standard_length", &[], Holds::Number(1, 86_400), "1800", "Idle seconds after which a visit is over."),
    setting(
        "tracking.window_look_back_for_visitor",
        &[],
        Holds::Number(0, 86_400 * 366),
        "0",
        "Seconds within which a visitor is recognised by configuration; 0 means the visit's length.",
    ),
    setting(
        "tracking.create_new_visit_after_midnight",
        &[],
        Holds::Flag,
        "true",
        "Whether the site's midnight ends visits (Matomo's visit policy).",
    ),
    setting(
        "tracking.create_new_visit_when_campaign_changes",
        &[],
        Holds::Flag,
        "true",
        "Whether another campaign ends visits (Matomo's visit policy).",
    ),
    setting(
        "tracking.create_new_visit_when_website_referrer_changes",
        &[],
        Holds::Flag,
        "false",
        "Whether another website referrer ends visits (Matomo's visit policy).",
    ),
    setting(
        "tracking.create_new_visit_after_x_actions",
        &[],
        Holds::Number(1, 1_000_000),
        "10000",
        "Actions after which a visit is cut.",
    ),
    setting(
        "tracking.trust_visitors_cookies",
        &[],
        Holds::Flag,
        "false",
        "Whether a visitor's cookie is believed alone, without looking at the configuration.",
    ),
    setting("tracking.enable_userid_overwrites_visitorid", &[], Holds::Flag, "true", "Whether a user id makes the visitor id."),
    setting(
        "tracking.default_time_one_page_visit",
        &[],
        Holds::Number(0, 86_400),
        "0",
        "Seconds that a visit of one page counts.",
    ),
    setting(
        "tracking.use_third_party_id_cookie",
        &[],
        Holds::Flag,
        "false",
        "Whether visitors are recognised by a cookie of this server.",
    ),
    setting(
        "tracking.requests_require_authentication",
        &[],
        Holds::Flag,
        "true",
        "Whether overriding time, address and place needs a token.",
    ),
    setting(
        "tracking.custom_timestamp_age",
        &[],
        Holds::Number(0, 86_400 * 3660),
        "86400",
        "Seconds back that a hit may be dated without a token.",
    ),
    setting("tracking.page_maximum_length", &[], Holds::Number(64, 16_384), "1024", "Characters kept of a page's URL."),
    setting(
        "tracking.action_title_category_delimiter",
        &[],
        Holds::Text,
        "",
        "Splits page titles into a hierarchy; empty means never.",
    ),
    setting("tracking.action_url_category_delimiter", &[], Holds::Text, "/", "Splits page URLs into a hierarchy."),
    setting(
        "api.hourly_requests",
        &[],
        Holds::Number(0, 1_000_000_000),
        "600",
        "How many requests of Plausible's Stats API a key may make in an hour; 0 sets no limit.",
    ),
    setting(
        "api.largest_import",
        &[],
        Holds::Size(0),
        "512MB",
        "The largest body of an import over HTTP, and what a zip file among them may hold when it is unpacked.",
    ),
    setting(
        "tracking.custom_variables",
        &[],
        Holds::Number(0, 20),
        "20",
        "The greatest number of a custom variable that is kept; 5 in a Matomo as it is installed.",
    ),
    setting(
        "tracking.data_centers",
        &[],
        Holds::Text,
        "",
        "A file of networks such as `192.0.2.0/24`, one a line: events of Plausible's scripts from there are not counted.",
    ),
    setting(
        "tracking.exchange_rates",
        &[],
        Holds::List,
        "",
        "How much of each currency a US dollar buys, such as `EUR=0.9, BRL=5.4`: revenue is changed into its goal's currency.",
    ),
    setting(
        "tracking.honour_do_not_track",
        &[],
        Holds::Flag,
        "false",
        "Whether `DNT: 1` and `Sec-GPC: 1` keep a visitor from being counted.",
    ),
    setting(
        "tracking.mask_address_bytes",
        &[],
        Holds::Number(0, 4),
        "2",
        "Bytes of an address that are masked before place and configuration are derived from it.",
    ),
    setting(
        "tracking.keep_address",
        &[],
        Holds::Flag,
        "false",
        "Whether the masked address is kept with the visit (`visitIp`); off keeps nothing of it.",
    ),
    setting(
        "tracking.debug",
        &[],
        Holds::Flag,
        "false",
        "Whether every tracking request is answered with a text that says what became of it, instead of the pixel.",
    ),
    setting(
        "tracking.debug_on_demand",
        &[],
        Holds::Flag,
        "false",
        "Whether tracking requests with `debug=1` are; anybody can ask then, so switch it on for a short time only.",
    ),
    setting(
        "tracking.guess_country_from_language",
        &[],
        Holds::Flag,
        "true",
        "Whether the country is guessed from the language when the address tells nothing.",
    ),
    setting(
        "testing.now_header",
        &[],
        Holds::Text,
        "",
        "A request header that sets the clock of that request (RFC 3339); for conformance runs only.",
    ),
];

impl Setting {
    /// The name of the environment variable.
    pub(crate) fn variable(&self) -> String {
        format!("FOOTFALL_{}", self.name.replace('.', "_").to_uppercase())
    }

    /// The name of the flag, without the dashes before it.
    pub(crate) fn flag(&self) -> String {
        self.name.replace('_', "-")
    }

    /// What the setting may hold, in words.
    pub(crate) fn may_hold(&self) -> String {
        match self.holds {
            Holds::Text => "text".to_owned(),
            Holds::Secret => "text that is kept secret".to_owned(),
            Holds::Flag => "`true` or `false`".to_owned(),
            Holds::Number(least, most) => format!("a whole number from {least} to {most}"),
            Holds::Word(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
            Holds::List => "words between commas".to_owned(),
            Holds::Address => "an IP address such as `0.0.0.0` or `::`".to_owned(),
            Holds::Listen => "an address and port such as `127.0.0.1:8000`".to_owned(),
            Holds::Url => "a URL such as `https://stats.example.org`".to_owned(),
            Holds::Size(0) => "a number of bytes with a unit, such as `256MB` or `1GB`".to_owned(),
            Holds::Size(least) => {
                format!("a number of bytes with a unit, such as `256MB` or `1GB`, from `{}MB` on", least >> 20)
            }
        }
    }

    /// Whether a value is one that the setting may hold.
    pub(crate) fn accepts(&self, value: &str) -> bool {
        match self.holds {
            Holds::Text | Holds::Secret | Holds::List => true,
            Holds::Flag => flag(value).is_some(),
            Holds::Number(least, most) => value.parse().is_ok_and(|number: i64| (least..=most).contains(&number)),
            Holds::Word(words) => words.contains(&value),
            Holds::Address => value.parse::<std::net::IpAddr>().is_ok(),
            Holds::Listen => value.parse::<std::net::SocketAddr>().is_ok(),
            Holds::Url => url::Url::parse(value).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()),
            Holds::Size(least) => bytes(value).is_some_and(|size| size >= least),
        }
    }
}

/// Reads a yes or no.
pub(crate) fn flag(value: &str) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// Reads a number of bytes with a unit.
pub(crate) fn bytes(value: &str) -> Option<u64> {
    let digits = value.trim().trim_end_matches(|sign: char| sign.is_ascii_alphabetic());
    let unit = match value.trim()[digits.len()..].to_ascii_uppercase().as_str() {
        "" | "B" => 1,
        "KB" | "K" | "KIB" => 1 << 10,
        "MB" | "M" | "MIB" => 1 << 20,
        "GB" | "G" | "GIB" => 1 << 30,
        _ => return None,
    };
    digits.trim().parse::<u64>().ok()?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_taken_once_and_defaults_are_accepted() {
        let mut names = HashSet::new();
        for setting in ALL {
            assert!(names.insert(setting.variable()), "`{}` twice", setting.name);
            for alias in setting.aliases {
                assert!(names.insert((*alias).to_owned()), "`{alias}` twice");
            }
            assert!(setting.default.is_empty() || setting.accepts(setting.default), "`{}`", setting.name);
            assert!(setting.doc.ends_with('.'), "`{}` is not explained in a sentence", setting.name);
        }
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(bytes("256MB"), Some(256 << 20));
        assert_eq!(bytes("1 GB"), Some(1 << 30));
        assert_eq!(bytes("12"), Some(12));
        assert_eq!(bytes("many"), None);
        assert_eq!(bytes("99999999999999999999GB"), None);
    }

    #[test]
    fn an_engine_is_not_left_without_memory() {
        let memory = ALL.iter().find(|setting| setting.name == "store.memory").expect("the setting");
        assert!(memory.accepts("64MB") && !memory.accepts("63MB") && !memory.accepts("1024"));
        assert_eq!(memory.may_hold(), "a number of bytes with a unit, such as `256MB` or `1GB`, from `64MB` on");
    }
}
