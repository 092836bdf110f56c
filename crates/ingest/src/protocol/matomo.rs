//! Matomo's tracking API: one request, or a bulk of them, into hits.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use footfall_model::{Access, SiteId, Sites, Token, VisitorId, dimensions};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    action::{Refusal, action, bounded, product, timings},
    address, answer, bulk,
    client::{Client, cut},
    entities::plain,
    exclude::{self, Suspect},
    moment,
    params::{Name, Params, Raw},
    variables,
};
use crate::{
    Dropped, Hit,
    accept::{Accepted, Failure, Gate, Incoming, bounds},
    hit::{Action, Attribution, Dialect},
};

/// Seconds that `cdt` may lie in the past at all: twenty years.
const OLDEST: i64 = 20 * 365 * 86_400;

/// Browser features, by parameter and name.
const PLUGINS: [(Name, &str); 8] = [
    (Name::Cookie, "cookie"),
    (Name::Flash, "flash"),
    (Name::Java, "java"),
    (Name::Pdf, "pdf"),
    (Name::QuickTime, "quicktime"),
    (Name::RealPlayer, "realplayer"),
    (Name::Silverlight, "silverlight"),
    (Name::WindowsMedia, "windowsmedia"),
];

/// What one tracking request comes to.
pub(crate) enum Verdict {
    /// It is counted.
    Counted(Box<Hit>),
    /// It is fine, but not counted.
    Excluded(Dropped),
    /// It is wrong.
    Refused(Dropped),
}

/// Takes a request to `matomo.php`.
pub(crate) fn accept(gate: &Gate, incoming: &Incoming<'_>, sites: &Sites) -> Accepted {
    if incoming.method.eq_ignore_ascii_case("OPTIONS") {
        return nothing(answer::preflight(), Vec::new());
    }
    if incoming.body.len() > bounds::MATOMO_BODY || incoming.query.len() > bounds::QUERY {
        let dropped = vec![(0, Dropped::TooLarge)];
        return nothing(answer::pixel(incoming, 413, false, &dropped), dropped);
    }
    let client = Client::of(incoming, sites);
    if bulk::is_one(incoming.body) {
        return bulk::accept(gate, incoming, sites, &client);
    }
    let mut params = Params::new();
    params.form(incoming.query.as_bytes(), false);
    if is_form(incoming.content_type) {
        params.form(incoming.body, true);
    }
    let image = params.text(Name::SendImage) != "0";
    if !sites.settings.record {
        let dropped = vec![(site_of(&params, sites), Dropped::Paused)];
        return nothing(answer::pixel(incoming, 503, image, &dropped), dropped);
    }
    if params.is_empty() {
        return nothing(answer::page(incoming), Vec::new());
    }
    let scene = Scene { gate, sites, client: &client, incoming, token: None };
    let mut failures = Vec::new();
    let verdict = scene.decide(&params, &mut failures);
    let (status, dropped) = match &verdict {
        Verdict::Counted(hit) if is_repeated(gate, hit, &[]) => (400, Vec::new()),
        Verdict::Counted(_) => (200, Vec::new()),
        Verdict::Excluded(reason) => (200, vec![(site_of(&params, sites), *reason)]),
        Verdict::Refused(reason) => (400, vec![(site_of(&params, sites), *reason)]),
    };
    let explains = sites.settings.explain || (sites.settings.explain_on_demand && params.int(Name::Explain) == Some(1));
    let mut reply = match explains {
        true => answer::explained(incoming, status, &params, &verdict, &dropped),
        false => answer::pixel(incoming, status, image, &dropped),
    };
    let hits = match verdict {
        Verdict::Counted(hit) => {
            let claimed = || VisitorId::parse(params.text(Name::Id)).map(|id| id.0);
            if sites.settings.third_party_cookie
                && let Some(id) = client.cookie_id.or_else(claimed)
            {
                reply.headers.push(("set-cookie", answer::cookie(incoming, id).into()));
            }
            vec![*hit]
        }
        _ => Vec::new(),
    };
    Accepted { reply, hits, dropped, failures }
}

/// Whether an order was tracked before, or by a neighbour in a bulk. It is kept once, and what else the request tells counts; the
/// answer says that the request was wrong, as Matomo's does.
pub(crate) fn is_repeated(gate: &Gate, hit: &Hit, neighbours: &[Hit]) -> bool {
    let Action::Order(order) = &hit.action else {
        return false;
    };
    let is_same = |other: &Hit| other.site == hit.site && matches!(&other.action, Action::Order(other) if other.id == order.id);
    gate.orders.has(hit.site, &order.id) || neighbours.iter().any(is_same)
}

/// The number of the site that a request names, 0 when there is none.
pub(crate) fn site_of(params: &Params<'_>, sites: &Sites) -> u32 {
    let number = params.int(Name::Site).and_then(|number| u32::try_from(number).ok());
    number.filter(|number| sites.get(SiteId(*number)).is_some()).unwrap_or(0)
}

/// Everything around a tracking request that is the same for all of a bulk.
pub(crate) struct Scene<'a, 'i> {
    pub(crate) gate: &'a Gate,
    pub(crate) sites: &'a Sites,
    pub(crate) client: &'a Client<'i>,
    pub(crate) incoming: &'a Incoming<'i>,
    /// The bulk's token; it comes before the request's own.
    pub(crate) token: Option<Option<Arc<Token>>>,
}

impl Scene<'_, '_> {
    /// What becomes of a request with these parameters.
    pub(crate) fn decide(&self, params: &Params<'_>, failures: &mut Vec<Failure>) -> Verdict {
        match self.read(params, failures) {
            Ok(hit) => Verdict::Counted(Box::new(hit)),
            Err(Refusal::Excluded(reason)) => Verdict::Excluded(reason),
            Err(Refusal::Wrong(reason)) => Verdict::Refused(reason),
        }
    }

    fn read(&self, params: &Params<'_>, failures: &mut Vec<Failure>) -> Result<Hit, Refusal> {
        let number = params.int(Name::Site).unwrap_or(0);
        let site = u32::try_from(number).ok().filter(|number| *number > 0).and_then(|number| self.sites.get(SiteId(number)));
        let Some(site) = site else {
            failures.push(self.failure(Dropped::UnknownSite, number, params));
            return Err(Refusal::Wrong(Dropped::UnknownSite));
        };
        if !params.text(Name::InstallCheck).is_empty() {
            return Err(Refusal::Excluded(Dropped::InstallCheck));
        }
        let mut authority = Authority { scene: self, site: site.id, params, known: None };
        let given = self.place(params, &mut authority, failures)?;
        let at = self.moment(params, &mut authority, failures)?;
        let address = match params.filled(Name::Address) {
            Some(text) => {
                authority.demand(failures)?;
                // What is no address, such as the `-` of a log, is nobody's.
                address::parse(text).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
            }
            None => self.client.address,
        };
        let sent_url = params.text(Name::Url);
        let referrer = params.text(Name::Referrer);
        let url = if sent_url.is_empty() && referrer.is_empty() { self.client.referer } else { sent_url };
        let user_agent = match params.text(Name::UserAgent) {
            "" => self.client.user_agent,
            text => cut(text, bounds::USER_AGENT),
        };
        let suspect = Suspect {
            address,
            user_agent,
            url,
            referrer,
            count_bots: params.is_set(Name::Bots),
            record: params.is_set(Name::Record),
        };
        if let Some(reason) = exclude::matomo(self.gate, self.sites, site, self.client, &suspect) {
            return Err(Refusal::Excluded(reason));
        }
        let mut hit = Hit::page_view(site.id.0, Dialect::Matomo, at);
        hit.received_at = self.incoming.received_at.0;
        // An IPv4 address that is sent as an IPv6 one is kept, and shown, in that form.
        let as_sent = params.filled(Name::Address).and_then(|text| text.trim().parse().ok());
        hit.address = as_sent.or(Some(address));
        hit.user_agent = plain(user_agent).into_owned();
        hit.count_bots = suspect.count_bots;
        hit.action = action(params, site)?;
        hit.url = bounded(url);
        // Matomo's `0` is no title.
        hit.title = bounded(Some(params.text(Name::Title)).filter(|title| *title != "0").unwrap_or_default());
        hit.referrer = bounded(referrer);
        hit.given = given;
        self.visitor(params, &mut hit)?;
        self.rest(params, &mut hit)?;
        Ok(hit)
    }

    /// Who it is.
    fn visitor(&self, params: &Params<'_>, hit: &mut Hit) -> Result<(), Refusal> {
        let user = plain(params.text(Name::UserId));
        if !user.is_empty() {
            hit.user = Some(user.chars().take(200).collect());
        }
        let makes_id = self.sites.settings.user_id_makes_visitor_id && hit.user.as_deref().is_some_and(|user| user != "0");
        let forced = params.text(Name::VisitorId);
        if !matches!(forced, "" | "0") && !makes_id {
            if forced.len() != 16 {
                return Err(Refusal::Wrong(Dropped::InvalidParameter));
            }
            hit.visitor = VisitorId::parse(forced).map(|id| id.0);
            hit.visitor_forced = hit.visitor.is_some();
        }
        if hit.visitor.is_none() && self.sites.settings.third_party_cookie {
            hit.visitor = self.client.cookie_id;
        }
        if hit.visitor.is_none() {
            hit.visitor = VisitorId::parse(params.text(Name::Id)).map(|id| id.0);
        }
        hit.new_visit = params.is_set(Name::NewVisit);
        Ok(())
    }

    /// What people look at.
    fn rest(&self, params: &Params<'_>, hit: &mut Hit) -> Result<(), Refusal> {
        hit.language = match params.text(Name::Language) {
            "" => self.client.language.to_owned(),
            text => bounded(cut(text, 512)),
        };
        hit.hints = match params.raw(Name::Hints) {
            Some(Raw::Text(text)) if !text.is_empty() => Some(text.clone().into_owned()),
            Some(Raw::Json(object @ Value::Object(_))) => Some(object.to_string()),
            _ => hints(self.incoming),
        };
        hit.pageview =
            Some(params.text(Name::PageViewId)).filter(|text| !text.is_empty()).map(|text| text.chars().take(6).collect());
        hit.timings = timings(params, &hit.action)?;
        hit.visit_variables = variables::read(params.json(Name::CustomVariables).as_deref());
        hit.page_variables = variables::read(params.json(Name::PageVariables).as_deref());
        for variables in [&mut hit.visit_variables, &mut hit.page_variables] {
            variables.truncate(self.sites.settings.custom_variables as usize);
        }
        hit.product = product(params, &hit.page_variables);
        hit.attribution = Attribution {
            campaign: bounded(params.text(Name::Campaign)),
            keyword: bounded(params.text(Name::CampaignKeyword)),
            at: params.int(Name::AttributionTime).unwrap_or(0),
            referrer: bounded(params.text(Name::AttributionReferrer)),
        };
        hit.plugins = PLUGINS.iter().filter(|(name, _)| params.is_set(*name)).map(|(_, plugin)| (*plugin).to_owned()).collect();
        for (name, text) in params.others() {
            if let Some(number) = name.strip_prefix("dimension").and_then(|number| number.parse().ok()) {
                if (1..=999).contains(&number) {
                    hit.dimensions.push((number, plain(text).trim().chars().take(250).collect()));
                }
            } else if self.gate.catalogued.contains(&name) || is_campaign(name, self.sites) {
                hit.params.push((name.to_owned(), bounded(text)));
            }
        }
        hit.revenue = params.float(Name::Revenue).map(|amount| (amount, String::new()));
        let charset = params.text(Name::Charset);
        if !charset.is_empty() && !charset.eq_ignore_ascii_case("utf-8") {
            hit.params.push(("cs".to_owned(), cut(charset, 32).to_owned()));
        }
        Ok(())
    }

    /// Where the request says the visitor was; only a token may.
    fn place(
        &self,
        params: &Params<'_>,
        authority: &mut Authority<'_, '_, '_>,
        failures: &mut Vec<Failure>,
    ) -> Result<Vec<(String, String)>, Refusal> {
        let mut given = Vec::new();
        for (name, dimension) in [
            (Name::City, dimensions::place::CITY),
            (Name::Region, dimensions::place::REGION),
            (Name::Country, dimensions::place::COUNTRY),
            (Name::Latitude, dimensions::place::LATITUDE),
            (Name::Longitude, dimensions::place::LONGITUDE),
        ] {
            if let Some(text) = params.filled(name) {
                authority.demand(failures)?;
                given.push((dimension.id.to_owned(), plain(cut(text, 255)).into_owned()));
            }
        }
        Ok(given)
    }

    /// When it happened.
    fn moment(
        &self,
        params: &Params<'_>,
        authority: &mut Authority<'_, '_, '_>,
        failures: &mut Vec<Failure>,
    ) -> Result<i64, Refusal> {
        let received = self.incoming.received_at;
        let now = received.seconds();
        let offset = params.int(Name::TimeOffset).unwrap_or(0);
        let named = match params.filled(Name::Time) {
            Some(text) => match moment::seconds(text).or_else(|| moment::spoken_seconds(text, received)) {
                Some(seconds) => seconds,
                None => return Ok(received.0),
            },
            None if offset != 0 => now,
            None => return Ok(received.0),
        };
        let named = named.saturating_sub(offset.saturating_abs());
        if named > now || named <= now - OLDEST {
            return Ok(received.0);
        }
        if now - named >= self.sites.settings.unauthenticated_age_seconds {
            authority.demand(failures)?;
        }
        Ok(named * 1000)
    }

    /// A failure as it is shown to whoever runs the site: without the token, and without what tells who was there.
    fn failure(&self, reason: Dropped, site: i64, params: &Params<'_>) -> Failure {
        const LEFT_OUT: [&str; 8] = ["token_auth", "cip", "ua", "uadata", "uid", "cid", "lat", "long"];
        let mut request = form_urlencoded::Serializer::new(String::new());
        for (name, text) in params.texts().filter(|(name, _)| !LEFT_OUT.contains(name)) {
            request.append_pair(name, cut(text, 1024));
        }
        Failure {
            reason,
            site,
            at: self.incoming.received_at,
            url: cut(params.text(Name::Url), 1024).to_owned(),
            request: cut(&request.finish(), 8192).to_owned(),
        }
    }
}

/// Whether the request may set what only a token may; asked only when it tries to.
struct Authority<'a, 'i, 'p> {
    scene: &'a Scene<'a, 'i>,
    site: SiteId,
    params: &'a Params<'p>,
    known: Option<bool>,
}

impl Authority<'_, '_, '_> {
    fn demand(&mut self, failures: &mut Vec<Failure>) -> Result<(), Refusal> {
        let allowed = match self.known {
            Some(allowed) => allowed,
            None => {
                let allowed = self.ask();
                if !allowed {
                    let site = i64::from(self.site.0);
                    failures.push(self.scene.failure(Dropped::InvalidToken, site, self.params));
                }
                self.known = Some(allowed);
                allowed
            }
        };
        allowed.then_some(()).ok_or(Refusal::Wrong(Dropped::InvalidToken))
    }

    fn ask(&self) -> bool {
        if !self.scene.sites.settings.require_authentication {
            return true;
        }
        let own;
        let token = match &self.scene.token {
            Some(token) => token,
            None => {
                own = token(self.scene.sites, self.params.text(Name::Token));
                &own
            }
        };
        token.as_ref().is_some_and(|token| token.allows(self.site, Access::Write))
    }
}

/// The token of this text.
pub(crate) fn token(sites: &Sites, text: &str) -> Option<Arc<Token>> {
    if text.is_empty() {
        return None;
    }
    sites.token(&Sha256::digest(text.as_bytes()).into()).cloned()
}

/// Client hints of the headers, as the JSON object the detector reads.
pub(crate) fn hints(incoming: &Incoming<'_>) -> Option<String> {
    const HEADERS: [&str; 10] = [
        "sec-ch-ua",
        "sec-ch-ua-full-version-list",
        "sec-ch-ua-full-version",
        "sec-ch-ua-mobile",
        "sec-ch-ua-model",
        "sec-ch-ua-platform",
        "sec-ch-ua-platform-version",
        "sec-ch-ua-arch",
        "sec-ch-ua-bitness",
        "sec-ch-ua-form-factors",
    ];
    let mut hints = serde_json::Map::new();
    for name in HEADERS {
        if let Some(text) = (incoming.header)(name) {
            hints.insert(name.to_owned(), cut(text, 1024).into());
        }
    }
    (!hints.is_empty()).then(|| Value::Object(hints).to_string())
}

fn is_campaign(name: &str, sites: &Sites) -> bool {
    let settings = &sites.settings;
    [&settings.campaign_name_params, &settings.campaign_keyword_params].into_iter().flatten().any(|known| known == name)
}

fn is_form(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or("").trim();
    kind.is_empty() || kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") || kind.eq_ignore_ascii_case("text/plain")
}

fn nothing(reply: crate::accept::Reply, dropped: Vec<(u32, Dropped)>) -> Accepted {
    Accepted { hits: Vec::new(), dropped, failures: Vec::new(), reply }
}
