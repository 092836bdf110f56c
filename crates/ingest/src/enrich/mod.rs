//! From what was sent to what is known: device, place, referrer, campaign, page, identity. Addresses and user agents end here.

mod campaign;
mod channel;
mod columns;
mod countries;
mod device;
mod engines;
mod fingerprint;
mod identity;
mod language;
mod place;
mod privacy;
mod referrer;
mod salts;
mod search;
mod slots;
mod source;
mod title;
mod url;

use std::{net::IpAddr, sync::Arc};

use footfall_devices::Detector;
use footfall_model::{
    Catalogue, GoalMatch, Kind, Millis, ReferrerMask, Scope, Site, SiteId, Sites, Text, TrackingSettings, Value, VisitPolicy,
    VisitorId,
};
use parking_lot::RwLock;

use self::{
    campaign::Tags,
    columns::Columns,
    device::{Devices, Known},
    referrer::{Referrer, Referrers},
    source::Sources,
    url::{Cuts, Parts, bare},
};
pub use self::{
    place::{Place, Places, continent},
    salts::Salts,
};
use crate::{
    Dropped, Hit,
    enriched::{Credited, Enriched, PageUrl},
    hit::{Action, Attribution, Dialect},
    patterns::Patterns,
    protocol::import::{CREDITED, FINGERPRINT},
};

/// Turns hits into what is known about them. Built once, shared; reads no clock and asks nobody.
pub struct Enricher {
    devices: Devices,
    places: RwLock<Arc<Places>>,
    referrers: Referrers,
    sources: Sources,
    columns: Columns,
    catalogue: Arc<Catalogue>,
    patterns: Patterns,
}

impl Enricher {
    /// An enricher over these devices and places, that fills the columns of this catalogue.
    pub fn new(detector: Arc<Detector>, places: Places, catalogue: Arc<Catalogue>) -> Enricher {
        let referrers = Referrers::built_in();
        Enricher {
            devices: Devices::new(detector),
            places: RwLock::new(Arc::new(places)),
            sources: Sources::built_in(&referrers),
            referrers,
            columns: Columns::of(&catalogue),
            catalogue,
            patterns: Patterns::default(),
        }
    }

    /// What the location database that is asked first calls itself, such as `DBIP-City-Lite`; `None` without a file.
    pub fn place_database(&self) -> Option<String> {
        self.places().kind().map(str::to_owned)
    }

    /// Asks other location databases from now on.
    pub fn replace_places(&self, places: Places) {
        *self.places.write() = Arc::new(places);
    }

    fn places(&self) -> Arc<Places> {
        Arc::clone(&self.places.read())
    }

    /// Where an address is, as far as the location databases know.
    pub fn locate(&self, address: IpAddr) -> Place {
        self.places().of(address.to_canonical())
    }

    /// The channel of a source with these tags: medium, campaign and source, as an import tells them.
    pub fn channel(&self, source: &str, medium: &str, campaign: &str, tagged: &str) -> &'static str {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let tags = Tags { source: text(tagged), medium: text(medium), campaign: text(campaign), ..Tags::default() };
        channel::of(source, &tags, &self.sources, &self.referrers)
    }

    /// What is known about a hit, or why it is not counted after all.
    ///
    /// # Errors
    /// With [`Dropped::UnknownSite`] when the site was deleted meanwhile, with [`Dropped::ExcludedCountry`] when the site does not
    /// count the visitor's country.
    pub fn enrich(&self, mut hit: Hit, sites: &Sites, salts: &Salts) -> Result<Enriched, Dropped> {
        let site = Arc::clone(sites.get(SiteId(hit.site)).ok_or(Dropped::UnknownSite)?);
        let settings = &sites.settings;
        if settings.hash_user_ids {
            hit.user = hit.user.map(|user| privacy::user(&user, salts));
        }
        if let Action::Order(order) = &mut hit.action
            && settings.hash_order_ids
            && !order.id.is_empty()
        {
            order.id = privacy::order(&order.id, hit.at, salts);
        }
        let languages = language::cleaned(&hit.language);
        let address = hit.address.map(|address| {
            let address = address.to_canonical();
            if settings.mask_first { footfall_model::masked(address, settings.mask_bytes) } else { address }
        });
        let place = self.place(&hit, address, &languages, settings);
        if let Some(country) = &place.country
            && site.exclusions.countries.iter().any(|excluded| excluded.eq_ignore_ascii_case(country))
        {
            return Err(Dropped::ExcludedCountry);
        }
        let device = self.devices.of(&hit.user_agent, hit.hints.as_deref());
        let mut facts = Facts { visit: vec![Value::Null; self.columns.visit], action: vec![Value::Null; self.columns.action] };
        self.set_device(&mut facts, &device, &hit);
        self.set_place(&mut facts, &place, &hit, &languages, settings);
        self.set_params(&mut facts, &hit);

        let sent_page = url::clean(&hit.url, settings.page_maximum_length).into_owned();
        let page = Parts::of(&sent_page);
        let scene = referrer::Scene { site: &site, sites, patterns: &self.patterns, page, params: &hit.params };
        let came = privacy::referrer(self.referrers.of(&hit.referrer, &scene), settings.referrer_mask);
        let leaves_out = hit.dialect == Dialect::Matomo && referrer::is_left_out(&hit.referrer, &scene);
        let sent_referrer = privacy::url(if leaves_out { "" } else { &hit.referrer }, settings.referrer_mask);
        let referrer_url = referrer::kept(&sent_referrer, settings.page_maximum_length);
        let credited = given_credit(&hit).or_else(|| self.credited(&hit.attribution, &site, sites));
        let title = title::of(&hit.title, settings);
        let (action, page_url) = self.page(&hit, page.as_ref(), &site, settings);
        let action_url = match &hit.action {
            Action::Download { target } | Action::Outlink { target } => target,
            // A search that was told as such has no address of its own.
            Action::Search { .. } => "",
            _ => sent_page.as_str(),
        };
        let action_name = match &action {
            Action::PageView => &*title,
            Action::Search { keyword, .. } => keyword,
            _ => "",
        };
        let sources = slots::Sources { url: action_url, title: action_name, sent: &hit.dimensions };
        let (visit_slots, action_slots) = slots::of(&site, &sources, &self.patterns);
        self.set_acquisition(&mut facts, &hit, &came, page.as_ref(), &page_url.host, settings.referrer_mask);
        self.set_given(&mut facts, &hit);

        let who = self.who(&hit, &site, address, &device, &languages, &page_url.host, settings, salts);
        let pairs = |pairs: Vec<(String, String)>| -> Vec<(Text, Text)> {
            pairs.into_iter().map(|(name, value)| (Text::from(name), Text::from(value))).collect()
        };
        let (revenue, goal_revenue) = match hit.dialect {
            Dialect::Matomo => (None, hit.revenue.as_ref().map(|(amount, _)| *amount)),
            _ => (revenue(&hit, &site, settings), None),
        };
        let learned = self.learned(&hit);
        let is_page = matches!(action, Action::PageView);
        Ok(Enriched {
            dialect: hit.dialect,
            at: Millis(hit.at),
            received_at: Millis(hit.received_at),
            visitor: who.visitor,
            visitor_before: who.before,
            visitor_forced: who.forced,
            fingerprint: who.fingerprint,
            user: hit.user.map(Text::from),
            new_visit: hit.new_visit,
            action,
            goal_url: Text::from(if is_page && page.is_some() { sent_page.as_str() } else { "" }),
            url: page_url,
            title,
            referrer_url,
            pageview: hit.pageview.as_deref().map_or(0, pageview_bits),
            timings: hit.timings,
            learned,
            visit_facts: facts.visit,
            action_facts: facts.action,
            visit_slots,
            action_slots,
            visit_variables: pairs(hit.visit_variables),
            page_variables: pairs(hit.page_variables),
            props: pairs(hit.props),
            product: hit.product,
            credited,
            revenue,
            goal_revenue,
            import: hit.import.map(|(batch, line)| (Text::from(batch), line)),
            site,
        })
    }

    /// Where the visitor was: as the request says, else as the address tells, else as the language hints.
    fn place(&self, hit: &Hit, address: Option<IpAddr>, languages: &str, settings: &TrackingSettings) -> Place {
        let given = |id: &str| hit.given.iter().find(|(known, _)| known == id).map(|(_, text)| text.as_str());
        let named = ["visit.country", "visit.region", "visit.city", "visit.latitude", "visit.longitude"].map(given);
        let mut place = match address {
            Some(address) if named[0].is_none() => self.places().of(address),
            _ => Place::default(),
        };
        if let Some(country) = named[0] {
            place.country = Some(Text::from(country.chars().take(3).collect::<String>().to_uppercase()));
        }
        if place.country.is_none() && hit.dialect == Dialect::Matomo && settings.guess_country_from_language {
            place.country = place::of_language(languages).map(Text::from);
        }
        if let Some(region) = named[1] {
            let region = region.to_uppercase();
            place.region = Some(match &place.country {
                Some(country) if !region.contains('-') => Text::from(format!("{country}-{region}")),
                _ => Text::from(region),
            });
        }
        if let Some(city) = named[2] {
            let is_number = !city.is_empty() && city.bytes().all(|sign| sign.is_ascii_digit());
            let slot = if is_number { &mut place.city_id } else { &mut place.city };
            *slot = Some(Text::from(city));
        }
        // Whoever holds a token is believed, as far as the column of Matomo's database would hold it.
        let degrees = |text: Option<&str>| {
            text.map(|text| text.trim().parse::<f64>().unwrap_or(0.0)).filter(|degrees| degrees.abs() < 1000.0)
        };
        place.latitude = degrees(named[3]).or(place.latitude);
        place.longitude = degrees(named[4]).or(place.longitude);
        place
    }

    fn set_device(&self, facts: &mut Facts, device: &Known, hit: &Hit) {
        for (place, value) in self.columns.device.iter().zip(&device.facts) {
            facts.visit(*place, value.clone());
        }
        if !hit.plugins.is_empty() {
            facts.visit(self.columns.plugins, Value::text(&hit.plugins.join(",")));
        }
    }

    fn set_place(&self, facts: &mut Facts, place: &Place, hit: &Hit, languages: &str, settings: &TrackingSettings) {
        let columns = &self.columns;
        let text = |text: &Option<Text>| text.clone().map_or(Value::Null, Value::Text);
        if let Some(country) = &place.country {
            facts.visit(columns.continent, Value::text(place::continent(country)));
        }
        facts.visit(columns.country, text(&place.country));
        facts.visit(columns.region, text(&place.region));
        facts.visit(columns.city, text(&place.city));
        facts.visit(columns.city_id, text(&place.city_id));
        facts.visit(columns.latitude, place.latitude.map_or(Value::Null, Value::Real));
        facts.visit(columns.longitude, place.longitude.map_or(Value::Null, Value::Real));
        if settings.keep_address
            && let Some(address) = hit.address
        {
            facts.visit(columns.address, Value::text(&footfall_model::masked(address, settings.mask_bytes).to_string()));
        }
        let language = language::first(languages);
        if !language.is_empty() {
            facts.visit(columns.language, Value::text(&language));
        }
    }

    /// Where the visitor is: whoever holds a token may say so at any time.
    fn learned(&self, hit: &Hit) -> Vec<usize> {
        if hit.dialect != Dialect::Matomo {
            return Vec::new();
        }
        let columns = &self.columns;
        let places = hit.given.iter().map(|(id, _)| match id.as_str() {
            "visit.country" => [columns.country, columns.continent],
            "visit.region" => [columns.region, None],
            "visit.city" => [columns.city, columns.city_id],
            "visit.latitude" => [columns.latitude, None],
            "visit.longitude" => [columns.longitude, None],
            _ => [None, None],
        });
        places.flatten().flatten().collect()
    }

    fn set_params(&self, facts: &mut Facts, hit: &Hit) {
        if hit.dialect == Dialect::Matomo {
            // What the visitor's clock does not say is read on the server's.
            let server = footfall_model::Millis(hit.at).local(&jiff::tz::TimeZone::UTC);
            for (place, part) in self.columns.local_time.iter().zip([server.hour(), server.minute(), server.second()]) {
                facts.visit(*place, Value::Int(part.into()));
            }
        }
        for (name, text) in &hit.params {
            for (_, parse, scope, place) in self.columns.params.iter().filter(|(known, ..)| known == name) {
                let value = parse(text).unwrap_or_default();
                match scope {
                    Scope::Visit => facts.visit(Some(*place), value),
                    _ => facts.action(Some(*place), value),
                }
            }
        }
    }

    fn set_acquisition(
        &self,
        facts: &mut Facts,
        hit: &Hit,
        came: &Referrer,
        page: Option<&Parts<'_>>,
        host: &str,
        mask: ReferrerMask,
    ) {
        let columns = &self.columns;
        let text = |text: &Option<Text>| text.clone().map_or(Value::Null, Value::Text);
        facts.visit(columns.referrer_type, Value::text(came.kind));
        facts.visit(columns.referrer_name, text(&came.name));
        facts.visit(columns.referrer_keyword, text(&came.keyword));

        let given = |id: &str| hit.given.iter().find(|(known, _)| known == id).map(|(_, text)| text.clone());
        let mut tags = campaign::tags(page.and_then(|page| page.query).unwrap_or(""));
        if !hit.given.is_empty() {
            tags.source = given("visit.utm_source").or(tags.source);
            tags.medium = given("visit.utm_medium").or(tags.medium);
            tags.campaign = given("visit.utm_campaign").or(tags.campaign);
            tags.content = given("visit.utm_content").or(tags.content);
            tags.term = given("visit.utm_term").or(tags.term);
        }
        let sent = match mask {
            // What kind of referrer it was may still be told, and the names of those that everybody uses.
            ReferrerMask::All if came.kind != "website" => privacy::url(&hit.referrer, ReferrerMask::Path),
            mask => privacy::url(&hit.referrer, mask),
        };
        let referrer = Parts::of(&sent);
        let untagged = Tags::default();
        let naming = if hit.dialect == Dialect::Import { &untagged } else { &tags };
        let source = match given("visit.source") {
            Some(source) => Some(Text::from(source)),
            None => self.sources.of(naming, referrer.as_ref(), host, &self.referrers),
        };
        if let Some(click) = given("visit.click_id") {
            tags.click_id =
                ["gclid", "gbraid", "wbraid", "msclkid", "fbclid", "twclid"].into_iter().find(|known| *known == click);
        }
        tags.infer_medium(source.as_deref().unwrap_or(""));
        let channel = channel::of(source.as_deref().unwrap_or(""), &tags, &self.sources, &self.referrers);
        facts.visit(columns.channel, Value::text(channel));
        facts.visit(columns.source, text(&source));
        facts.visit(columns.referrer, text(&self.sources.referrer(referrer.as_ref(), host)));
        for (place, tag) in [
            (columns.utm_source, &tags.source),
            (columns.utm_medium, &tags.medium),
            (columns.utm_campaign, &tags.campaign),
            (columns.utm_content, &tags.content),
            (columns.utm_term, &tags.term),
        ] {
            if let Some(tag) = tag {
                facts.visit(place, Value::text(tag));
            }
        }
        if let Some(click) = tags.click_id {
            facts.visit(columns.click_id, Value::text(click));
        }
    }

    /// Facts that were given win over derived ones, but for places, which were looked at before.
    fn set_given(&self, facts: &mut Facts, hit: &Hit) {
        if hit.dialect == Dialect::Plausible {
            return;
        }
        for (id, text) in &hit.given {
            let placed =
                ["visit.country", "visit.region", "visit.city", "visit.latitude", "visit.longitude"].contains(&id.as_str());
            let Some(dimension) = self.catalogue.get(id).filter(|dimension| !placed && dimension.is_catalogue_column()) else {
                continue;
            };
            let place = self.catalogue.fact_index(dimension);
            let value = match dimension.kind {
                Kind::Small | Kind::Count => text.parse().map_or(Value::Null, Value::Int),
                Kind::Real => text.parse().map_or(Value::Null, Value::Real),
                _ => Value::text(text),
            };
            match dimension.scope {
                Scope::Visit => facts.visit(place, value),
                _ => facts.action(place, value),
            }
        }
    }

    /// The action with its URL; a page view may turn out to be a site search.
    fn page(&self, hit: &Hit, page: Option<&Parts<'_>>, site: &Site, settings: &TrackingSettings) -> (Action, PageUrl) {
        let mut cuts = Cuts::of(site, settings, &self.patterns);
        let mut url = match &hit.action {
            Action::Download { target } | Action::Outlink { target } => {
                return (hit.action.clone(), url::target(target, settings.page_maximum_length));
            }
            Action::PageView if hit.dialect == Dialect::Matomo => {
                let charset = hit.params.iter().find(|(name, _)| name == "cs").map_or("", |(_, charset)| charset.as_str());
                if let Some(found) = page.and_then(|page| search::of(page, site, settings, charset)) {
                    cuts.more = found.params;
                    let url = url::page(&hit.url, &cuts);
                    let action = Action::Search { keyword: found.keyword, category: found.category, count: found.count };
                    return (action, url);
                }
                url::page(&hit.url, &cuts)
            }
            _ => url::page(&hit.url, &cuts),
        };
        for (id, text) in &hit.given {
            match id.as_str() {
                "action.page" => url.path = Text::from(text.as_str()),
                "action.host" => url.host = Text::from(text.as_str()),
                _ => {}
            }
        }
        if url.whole.is_empty() && !url.path.is_empty() {
            url.whole = Text::from(format!("{}{}", url.host, url.path));
        }
        (hit.action.clone(), url)
    }

    fn credited(&self, attribution: &Attribution, site: &Site, sites: &Sites) -> Option<Credited> {
        let campaign = url::decoded(attribution.campaign.trim());
        if !campaign.is_empty() {
            let keyword = url::decoded(attribution.keyword.trim()).to_lowercase();
            return Some(Credited {
                kind: Text::from("campaign"),
                name: Some(Text::from(campaign.to_lowercase())),
                keyword: (!keyword.is_empty()).then(|| Text::from(keyword)),
            });
        }
        if attribution.referrer.is_empty() {
            return None;
        }
        let scene = referrer::Scene { site, sites, patterns: &self.patterns, page: None, params: &[] };
        let found = privacy::referrer(self.referrers.of(&attribution.referrer, &scene), sites.settings.referrer_mask);
        matches!(found.kind, "website" | "search" | "social" | "ai-assistant").then(|| Credited {
            kind: Text::from(found.kind),
            name: found.name,
            keyword: found.keyword,
        })
    }

    #[expect(clippy::too_many_arguments, reason = "identity is made of all of these, once")]
    fn who(
        &self,
        hit: &Hit,
        site: &Site,
        address: Option<IpAddr>,
        device: &Known,
        languages: &str,
        host: &str,
        settings: &TrackingSettings,
        salts: &Salts,
    ) -> Who {
        let cookieless = site.policy == VisitPolicy::Plausible || hit.dialect == Dialect::Plausible;
        let named = settings.user_id_makes_visitor_id && hit.dialect != Dialect::Import;
        let user = hit.user.as_deref().filter(|_| named).and_then(identity::of_user);
        let forced = user.is_some() || hit.visitor_forced && hit.visitor.is_some();
        let claimed = user.or_else(|| hit.visitor.filter(|_| forced || !cookieless).map(VisitorId));
        if cookieless && claimed.is_none() {
            let day = hit.at.div_euclid(86_400_000);
            let trace = identity::Trace { user_agent: &hit.user_agent, address, domain: &site.domain, host: bare(host) };
            return Who {
                visitor: Some(identity::of_trace(&trace, &salts.of(day))),
                before: Some(identity::of_trace(&trace, &salts.of(day - 1))),
                forced: false,
                fingerprint: 0,
            };
        }
        if hit.visitor_forced && hit.dialect == Dialect::Import {
            return Who { visitor: claimed, before: None, forced, fingerprint: given_fingerprint(hit) };
        }
        if cookieless {
            return Who { visitor: claimed, before: None, forced, fingerprint: 0 };
        }
        let day = settings.new_visit_after_midnight.then(|| start_of_day(Millis(hit.at), site));
        let looks = fingerprint::Looks {
            device: &device.device,
            plugins: &hit.plugins,
            address,
            language: languages,
            site: site.id.0,
            day,
        };
        Who { visitor: claimed, before: None, forced: hit.visitor_forced, fingerprint: fingerprint::of(&looks, salts) }
    }
}

struct Who {
    visitor: Option<VisitorId>,
    before: Option<VisitorId>,
    forced: bool,
    fingerprint: u64,
}

struct Facts {
    visit: Vec<Value>,
    action: Vec<Value>,
}

impl Facts {
    fn visit(&mut self, place: Option<usize>, value: Value) {
        if let Some(slot) = place.and_then(|place| self.visit.get_mut(place)) {
            *slot = value;
        }
    }

    fn action(&mut self, place: Option<usize>, value: Value) {
        if let Some(slot) = place.and_then(|place| self.action.get_mut(place)) {
            *slot = value;
        }
    }
}

/// What an import says a conversion is credited to.
fn given_credit(hit: &Hit) -> Option<Credited> {
    let [kind, name, keyword] =
        CREDITED.map(|field| hit.given.iter().find(|(known, _)| known == field).map(|(_, text)| Text::from(text.as_str())));
    Some(Credited { kind: kind?, name, keyword })
}

/// The fingerprint that an import names; 0 where it names none.
fn given_fingerprint(hit: &Hit) -> u64 {
    let given = hit.given.iter().find(|(known, _)| known == FINGERPRINT);
    given.and_then(|(_, digits)| u64::from_str_radix(digits, 16).ok()).unwrap_or_default()
}

/// The revenue of an event, in the currency of the goal it reaches where the rates are known.
fn revenue(hit: &Hit, site: &Site, settings: &TrackingSettings) -> Option<(f64, Text)> {
    let (amount, currency) = hit.revenue.as_ref()?;
    let as_sent = Some((*amount, Text::from(currency.as_str())));
    let (Action::Custom { name, .. }, Dialect::Plausible) = (&hit.action, hit.dialect) else {
        return as_sent;
    };
    let wanted = site.goals.iter().find_map(|goal| match &goal.rule {
        GoalMatch::Event { name: known, .. } if known == name => goal.currency.as_ref(),
        _ => None,
    });
    let rate = |code: &str| settings.exchange_rates.iter().find(|(known, _)| known == code).map(|(_, rate)| *rate);
    let dollars = |code: &str| if code == "USD" { Some(1.0) } else { rate(code) };
    match wanted.filter(|wanted| *wanted != currency) {
        Some(wanted) => match (dollars(currency), dollars(wanted)) {
            (Some(from), Some(to)) => Some((amount / from * to, Text::from(wanted.as_str()))),
            _ => as_sent,
        },
        None => as_sent,
    }
}

/// The second in which the day on the site's clock begins.
fn start_of_day(at: Millis, site: &Site) -> i64 {
    let offset = i64::from(site.zone.to_offset(at.timestamp()).seconds());
    let start = at.seconds() - (at.seconds() + offset).rem_euclid(86_400);
    // Where the clock was put forward or back since, midnight was an hour earlier or later.
    let then = i64::from(site.zone.to_offset(Millis::from_seconds(start).timestamp()).seconds());
    start + offset - then
}

/// Six signs as bits, the first in the highest byte; 0 when there are others than letters and digits.
fn pageview_bits(id: &str) -> u64 {
    if id.len() > 6 || !id.bytes().all(|sign| sign.is_ascii_alphanumeric()) {
        return 0;
    }
    id.bytes().fold(0, |bits, sign| bits << 8 | u64::from(sign))
}
