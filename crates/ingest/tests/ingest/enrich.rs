//! From hits to facts.

use footfall_ingest::hit::Action;
use footfall_model::{CustomDimension, CustomScope, Value};

use crate::stage::{Ask, CHROME, Stage, salts};

#[test]
fn goals_see_the_whole_url_of_a_page_view() {
    let stage = Stage::new();
    let seen = |query: &str| {
        let found = stage.enrich(stage.hit(query));
        (found.goal_url.to_string(), found.url.whole.to_string())
    };
    let page = "url=http%3A%2F%2Fwww.example.org%2Fa%3Fpk_campaign%3Dspring%26b%3D1";
    assert_eq!(seen(page), ("http://www.example.org/a?pk_campaign=spring&b=1".to_owned(), "example.org/a?b=1".to_owned()));
    assert_eq!(seen(&format!("{page}&download=http%3A%2F%2Fexample.org%2Ff.pdf")).0, "");
    assert_eq!(seen("url=nonsense").0, "");
}

#[test]
fn pages_are_stored_in_parts() {
    let mut stage = Stage::new();
    stage.list[0].excluded_params = vec!["secret".to_owned(), "/^x_.*/".to_owned()];
    let page = |stage: &Stage, url: &str| {
        let url: String = form_urlencoded::byte_serialize(url.as_bytes()).collect();
        let found = stage.enrich(stage.hit(&format!("url={url}"))).url;
        (found.whole.to_string(), found.prefix, found.host.to_string(), found.path.to_string())
    };
    let parts =
        |whole: &str, prefix: Option<u8>, host: &str, path: &str| (whole.to_owned(), prefix, host.to_owned(), path.to_owned());
    for (url, wanted) in [
        ("http://example.org/a", parts("example.org/a", Some(0), "example.org", "/a")),
        ("HTTPS://WWW.Example.org/A?b=C#d", parts("example.org/A?b=C", Some(3), "example.org", "/A")),
        ("https://example.org", parts("example.org", Some(2), "example.org", "/")),
        ("http://example.org:8080/?a=1&gclid=x&b=2", parts("example.org:8080/?a=1&b=2", Some(0), "example.org", "/")),
        ("http://example.org/?utm_source=x&mtm_kwd=y", parts("example.org/", Some(0), "example.org", "/")),
        ("http://example.org/?SECRET=1&x_a=2&c=3&=4&&d", parts("example.org/?c=3&d", Some(0), "example.org", "/")),
        ("http://example.org/?a=1&b=2&a=3", parts("example.org/?a=3&b=2", Some(0), "example.org", "/")),
        ("http://example.org/?a%5B%5D=1&a[]=2", parts("example.org/?a[]=1&a[]=2", Some(0), "example.org", "/")),
        ("http://example.org/thing;a=1;b=2", parts("example.org/thing?a=1&b=2", Some(0), "example.org", "/thing")),
        ("app://example.org/a", parts("app://example.org/a", None, "example.org", "/a")),
        ("//example.org/a", parts("example.org/a", None, "example.org", "/a")),
        ("http://example.org/?a=1&amp;b=2", parts("example.org/?a=1&b=2", Some(0), "example.org", "/")),
        ("javascript://alert", parts("", None, "", "")),
        ("nonsense", parts("", None, "", "")),
        ("http://", parts("", None, "", "")),
        (&format!("http://{}/", "a.".repeat(200)), parts("", None, "", "")),
        (" http://example.org/a\n ", parts("example.org/a", Some(0), "example.org", "/a")),
    ] {
        assert_eq!(page(&stage, url), wanted, "{url}");
    }
    let long = page(&stage, &format!("http://example.org/{}", "ä".repeat(2000)));
    assert_eq!((long.0.len(), long.3.len()), (1016, 1005));
    stage.list[0].keep_fragments = true;
    for (url, whole) in [
        ("http://example.org/#/a?b=1", "example.org/#/a?b=1"),
        ("http://example.org/?a=1#b#", "example.org/?a=1#b"),
        ("http://example.org/#gclid=1&c=2", "example.org/#c=2"),
        ("http://example.org/#", "example.org/"),
    ] {
        assert_eq!(page(&stage, url).0, whole, "{url}");
    }
}

#[test]
fn targets_are_kept_whole() {
    let stage = Stage::new();
    let found = stage.enrich(stage.hit("url=http://example.org/&download=http://www.example.org/a.pdf%3Fgclid%3D1")).url;
    assert_eq!((&*found.whole, found.prefix, &*found.host), ("http://www.example.org/a.pdf?gclid=1", None, "example.org"));
}

#[test]
fn a_search_is_found_in_the_url() {
    let mut stage = Stage::new();
    let found = |stage: &Stage, query: &str| {
        let enriched = stage.enrich(stage.hit(query));
        (enriched.action, enriched.url.whole.to_string())
    };
    let search = |keyword: &str, category: &str, count: Option<i32>| Action::Search {
        keyword: keyword.to_owned(),
        category: category.to_owned(),
        count,
    };
    let url =
        |rest: &str| format!("url=http://example.org/s{}", form_urlencoded::byte_serialize(rest.as_bytes()).collect::<String>());
    assert_eq!(
        found(&stage, &url("?a=1&Q=Red+Shoes&search_count=4")),
        (search("Red Shoes", "", Some(4)), "example.org/s?a=1&search_count=4".into())
    );
    assert_eq!(found(&stage, &url("?q=")).0, Action::PageView);
    assert_eq!(found(&stage, &url("#?query=a%20b")).0, search("a b", "", None));
    assert_eq!(found(&stage, &format!("{}&cs=iso-8859-1", url("?q=caf%E9"))).0, search("café", "", None));
    assert_eq!(found(&stage, &url("?q=caf%E9")).0, search("caf%E9", "", None));
    stage.list[0].search.keyword_params = vec!["term".to_owned()];
    stage.list[0].search.category_params = vec!["in".to_owned()];
    assert_eq!(found(&stage, &url("?q=a&term=b&in=c")), (search("b", "c", None), "example.org/s?q=a".into()));
    assert_eq!(found(&stage, &url("?q=a")).0, Action::PageView);
    assert!(matches!(found(&stage, &format!("{}&e_c=a&e_a=b", url("?term=b"))).0, Action::Event { .. }));
}

#[test]
fn referrers_are_what_matomo_calls_them() {
    let mut stage = Stage::new();
    stage.list[0].urls.push("https://shop.example.com/eu/".to_owned());
    stage.list[0].exclusions.referrers =
        vec!["pay.example".to_owned(), ".bank.example".to_owned(), "host.example/login".to_owned()];
    stage.list[1].urls = vec!["https://shared.example/other/".to_owned()];
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let came = |page: &str, referrer: &str| {
        let enriched = stage.enrich(stage.hit(&format!("url={}&urlref={}", encoded(page), encoded(referrer))));
        let fact = |id: &str| match stage.fact(&enriched, id) {
            Value::Null => "-".to_owned(),
            value => value.as_str().unwrap().to_owned(),
        };
        format!("{} {} {}", fact("visit.referrer_type"), fact("visit.referrer_name"), fact("visit.referrer_keyword"))
    };
    let home = "https://example.org/";
    for (page, referrer, wanted) in [
        (home, "", "direct - -"),
        (home, "nonsense", "direct - -"),
        (home, "https://www.example.org/before", "direct - -"),
        (home, "https://shop.example.com/eu/basket", "direct - -"),
        (home, "https://shop.example.com/us/", "website shop.example.com -"),
        (home, "https://shared.example/other/page", "website shared.example/other -"),
        ("https://elsewhere.example/", "https://elsewhere.example/before", "direct - -"),
        (home, "https://pay.example/x", "direct - -"),
        (home, "https://www.pay.example/x", "direct - -"),
        (home, "https://eu.bank.example/", "direct - -"),
        (home, "https://host.example/login/now", "direct - -"),
        (home, "https://host.example/logout", "website host.example -"),
        (home, "https://News.Example.net/a", "website news.example.net -"),
        (home, "https://www.google.com/search?q=Red%20Shoes", "search Google red shoes"),
        (home, "https://www.google.co.uk/", "search Google "),
        (home, "https://www.google.de/url?q=", "search Google "),
        (home, "https://www.google.com/search?q=a&tbm=isch", "search Google Images a"),
        (home, "https://www.google.com/search?as_q=a+b&as_epq=c", "search Google a b \"c\""),
        (home, "https://de.search.yahoo.com/search?p=schuhe", "search Yahoo! schuhe"),
        (home, "https://duckduckgo.com/?q=x", "search DuckDuckGo x"),
        (home, "https://www.bing.com/search?q=x", "search Bing x"),
        (home, "https://www.google.com/partners.html", "website www.google.com -"),
        (home, "https://m.facebook.com/", "social Facebook -"),
        (home, "https://t.co/abc", "social Twitter -"),
        (home, "android-app://com.linkedin.android/", "social LinkedIn -"),
        (home, "https://chatgpt.com/", "search ChatGPT "),
        (home, "https://claude.ai/", "ai-assistant Claude -"),
        ("https://example.org/?mtm_campaign=Spring&mtm_kwd=Red%20Shoes", "https://www.google.com/", "campaign spring red shoes"),
        ("https://example.org/?pk_campaign=Spring", "https://www.google.com/search?q=Boots", "campaign spring boots"),
        ("https://example.org/?utm_campaign=Spring", "https://news.example.net/", "campaign spring news.example.net"),
        ("https://example.org/?utm_campaign=Spring", "", "campaign spring -"),
        ("https://example.org/#mtm_campaign=Hash", "", "campaign hash -"),
        ("https://example.org/?ignore_referrer=1&mtm_campaign=x", "https://news.example.net/", "direct - -"),
        (
            home,
            "https://googleads.g.doubleclick.net/pagead/ads?url=http%3A%2F%2Fblog.example%2F",
            "campaign adwords (adwords) blog.example",
        ),
    ] {
        assert_eq!(came(page, referrer), wanted, "{page} {referrer}");
    }
    let beside = stage.enrich(stage.hit("url=https://example.org/&mtm_campaign=Beside&mtm_kwd=K"));
    let named = ["visit.referrer_type", "visit.referrer_name", "visit.referrer_keyword"].map(|id| stage.text(&beside, id));
    assert_eq!(named, ["campaign", "beside", "k"]);
    let kept = |page: &str, referrer: &str| {
        let sent = format!("url={}&urlref={}", encoded(page), encoded(referrer));
        stage.enrich(stage.hit(&sent)).referrer_url.to_string()
    };
    assert_eq!(kept(home, "https://news.example.net/a"), "https://news.example.net/a");
    assert_eq!(kept("https://example.org/?ignore_referrer=1", "https://news.example.net/a"), "");
    assert_eq!(kept("https://example.org/?a=b&ignore_referer=1", "https://news.example.net/a"), "");
    assert_eq!(kept("https://example.org/?ignore_referrer=0", "https://news.example.net/a"), "https://news.example.net/a");
    assert_eq!(kept(home, "https://pay.example/x"), "");
    let from = |referrer| stage.text(&stage.enrich(stage.hit(&format!("urlref={referrer}"))), "visit.referrer_name");
    assert_eq!(from("https://news.example.net/a"), "news.example.net");
    assert_eq!(from("https://example.org/a"), "");
}

#[test]
fn sources_and_channels_are_plausibles() {
    let stage = Stage::new();
    let of = |page: &str, referrer: &str| {
        let body = serde_json::json!({"n": "pageview", "u": page, "d": "example.org", "r": referrer}).to_string();
        let accepted = stage.plausible(&Ask { method: "POST", body: body.as_bytes(), ..Ask::default() });
        let enriched = stage.enrich(accepted.hits.into_iter().next().unwrap());
        let fact = |id: &str| stage.text(&enriched, id);
        [fact("visit.source"), fact("visit.referrer"), fact("visit.channel")].join(" | ")
    };
    let home = "http://example.org/";
    for (page, referrer, wanted) in [
        (home, "", " |  | Direct"),
        (home, "http://localhost:4000/", " |  | Direct"),
        (home, "http://www.example.org/a", " |  | Direct"),
        (home, "ftp://wat", " |  | Direct"),
        (home, "https://blog.example.org", "blog.example.org | blog.example.org | Referral"),
        (home, "http://m.facebook.com/", "Facebook | m.facebook.com | Organic Social"),
        (home, "https://www.indiehackers.com/page?query=param#hash", "indiehackers.com | indiehackers.com/page | Referral"),
        (home, "https://facebook.com/page/", "Facebook | facebook.com/page | Organic Social"),
        (home, "android-app://some.android.app", "android-app://some.android.app | android-app://some.android.app | Referral"),
        (home, "android-app://com.reddit.frontpage", "Reddit | android-app://com.reddit.frontpage | Organic Social"),
        (home, "https://en.m.wikipedia.org/wiki/Web", "Wikipedia | en.m.wikipedia.org/wiki/Web | Referral"),
        (home, "https://search.brave.com", "Brave | search.brave.com | Organic Search"),
        (home, "https://yandex.kz", "Yandex | yandex.kz | Organic Search"),
        (home, "https://ptb.discord.com", "Discord | ptb.discord.com | Organic Social"),
        (home, "https://search.yahoo.com", "Yahoo! | search.yahoo.com | Organic Search"),
        (home, "https://app.slack.com", "Slack | app.slack.com | Organic Social"),
        (home, "https://temu.com", "temu.com | temu.com | Organic Shopping"),
        (home, "https://perplexity.ai", "Perplexity | perplexity.ai | Organic Search"),
        (home, "https://pplx.ai", "Perplexity | pplx.ai | Organic Search"),
        (home, "https://chatgpt.com", "ChatGPT | chatgpt.com | AI Assistants"),
        (home, "https://chat.openai.com", "ChatGPT | chat.openai.com | AI Assistants"),
        ("http://example.org/?utm_source=chatgpt.com", "", "ChatGPT |  | AI Assistants"),
        (home, "https://claude.ai", "Claude | claude.ai | AI Assistants"),
        (home, "https://gemini.google.com", "Google Gemini | gemini.google.com | AI Assistants"),
        (home, "https://copilot.microsoft.com", "Microsoft Copilot | copilot.microsoft.com | AI Assistants"),
        (home, "https://copilot.com", "Microsoft Copilot | copilot.com | AI Assistants"),
        ("http://example.org/?utm_source=copilot", "", "Microsoft Copilot |  | AI Assistants"),
        ("http://example.org/?utm_source=claude&utm_medium=cpc", "", "Claude |  | Paid Other"),
        (home, "https://phind.com", "Phind | phind.com | AI Assistants"),
        (home, "https://chat.deepseek.com", "DeepSeek | chat.deepseek.com | AI Assistants"),
        (home, "https://grok.com", "Grok | grok.com | AI Assistants"),
        (home, "https://kagi.com", "Kagi | kagi.com | Organic Search"),
        (home, "https://go.bsky.app", "Bluesky | go.bsky.app | Organic Social"),
        (home, "https://fosstodon.org", "Mastodon | fosstodon.org | Organic Social"),
        (home, "https://l.threads.com", "Threads | l.threads.com | Organic Social"),
        (home, "https://x.com", "Twitter | x.com | Organic Social"),
        (home, "https://euc-excel.officeapps.live.com", "Microsoft 365 | euc-excel.officeapps.live.com | Referral"),
        (home, "https://notofficeapps.live.com", "notofficeapps.live.com | notofficeapps.live.com | Referral"),
        (home, "https://zu.wikipedia.org", "Wikipedia | zu.wikipedia.org | Referral"),
        (home, "https://notwikipedia.org", "notwikipedia.org | notwikipedia.org | Referral"),
        (home, "https://google.com", "Google | google.com | Organic Search"),
        ("http://example.org/?gclid=x", "https://google.com", "Google | google.com | Paid Search"),
        ("http://example.org/?msclkid=x", "https://google.com", "Google | google.com | Organic Search"),
        ("http://example.org/?utm_source=GOOGLE", "", "Google |  | Organic Search"),
        ("http://example.org/?utm_source=betalist", "https://betalist.com/p", "betalist | betalist.com/p | Referral"),
        ("http://example.org/?source=betalist", "", "betalist |  | Referral"),
        ("http://example.org/?ref=producthunt", "", "producthunt |  | Organic Social"),
        ("http://example.org/?utm_source=ig", "", "Instagram |  | Organic Social"),
        ("http://example.org/?utm_source=yt-ads", "", "Youtube |  | Paid Video"),
        ("http://example.org/?utm_source=Reddit-ads", "", "Reddit |  | Paid Social"),
        ("http://example.org/?source=Google-ads", "", "Google |  | Paid Search"),
        ("http://example.org/?utm_source=Adwords", "", "Google |  | Paid Search"),
        ("http://example.org/?utm_campaign=cross-network", "", " |  | Cross-network"),
        ("http://example.org/?utm_campaign=shopping&utm_medium=paid", "", " |  | Paid Shopping"),
        ("http://example.org/?utm_campaign=my-shop", "", " |  | Organic Shopping"),
        ("http://example.org/?utm_campaign=workshop", "", " |  | Direct"),
        ("http://example.org/?utm_source=vimeo&utm_medium=paid", "", "Vimeo |  | Paid Video"),
        ("http://example.org/?utm_medium=banner", "", " |  | Display"),
        ("http://example.org/?utm_medium=cpc", "", " |  | Paid Other"),
        ("http://example.org/?utm_medium=sm", "", " |  | Organic Social"),
        ("http://example.org/?utm_medium=video", "", " |  | Organic Video"),
        ("http://example.org/?utm_source=Newsletter-UK", "", "Newsletter-UK |  | Email"),
        ("http://example.org/?utm_medium=affiliate", "", " |  | Affiliates"),
        ("http://example.org/?utm_medium=audio", "", " |  | Audio"),
        ("http://example.org/?utm_source=sms", "", "sms |  | SMS"),
        ("http://example.org/?utm_medium=app-push", "", " |  | Mobile Push Notifications"),
        ("http://example.org/?utm_medium=referral", "", " |  | Referral"),
    ] {
        assert_eq!(of(page, referrer), wanted, "{page} {referrer}");
    }
}

#[test]
fn places_come_from_tokens_addresses_and_languages() {
    let mut stage = Stage::new();
    let place = |stage: &Stage, query: &str| {
        let enriched = stage.enrich(stage.hit(query));
        ["visit.country", "visit.region", "visit.city", "visit.continent"].map(|id| stage.text(&enriched, id)).join(" ")
    };
    assert_eq!(place(&stage, "token_auth=super&cip=193.0.6.139"), "NL   eur");
    assert_eq!(place(&stage, "lang=fr"), "FR   eur");
    assert_eq!(place(&stage, "lang=en-us"), "US   amn");
    assert_eq!(place(&stage, "lang=en"), "   ");
    assert_eq!(place(&stage, "token_auth=super&country=us&region=ca&city=Palo%20Alto"), "US US-CA Palo Alto amn");
    assert_eq!(place(&stage, "token_auth=super&cip=193.0.6.139&region=NH"), "NL NL-NH  eur");
    stage.settings.guess_country_from_language = false;
    assert_eq!(place(&stage, "lang=fr"), "   ");
    let enriched = stage.enrich(stage.hit("token_auth=super&lat=123.456&long=2000"));
    assert_eq!(stage.fact(&enriched, "visit.latitude"), Value::Real(123.456));
    assert_eq!(stage.fact(&enriched, "visit.longitude"), Value::Null);
}

#[test]
fn an_address_that_is_none_is_nobodys() {
    let stage = Stage::new();
    assert_eq!(stage.hit("token_auth=super&cip=-").address, Some(std::net::IpAddr::from([0, 0, 0, 0])));
    assert_eq!(stage.hit("token_auth=super&cip=193.0.6.139").address, Some(std::net::IpAddr::from([193, 0, 6, 139])));
}

#[test]
fn dimensions_are_sent_or_extracted() {
    let mut stage = Stage::new();
    let dimension = |id: u32, scope, slot, from: &[(&str, &str)]| CustomDimension {
        id,
        name: String::new(),
        scope,
        slot,
        active: id != 6,
        case_sensitive: id != 5,
        extractions: from.iter().map(|(from, pattern)| ((*from).to_owned(), (*pattern).to_owned())).collect(),
    };
    stage.list[0].dimensions = vec![
        dimension(1, CustomScope::Visit, 1, &[]),
        dimension(2, CustomScope::Action, 1, &[("url", "/sub_(.{2})/page")]),
        dimension(3, CustomScope::Action, 2, &[("urlparam", "none"), ("urlparam", "lang")]),
        dimension(4, CustomScope::Action, 3, &[("action_name", "^(\\w+)")]),
        dimension(5, CustomScope::Action, 4, &[("url", "(PAGE)")]),
        dimension(6, CustomScope::Action, 5, &[]),
        dimension(7, CustomScope::Visit, 11, &[]),
        dimension(8, CustomScope::Visit, 2, &[("url", "(unclosed")]),
    ];
    let query = "dimension1=premium&dimension6=x&dimension7=y&dimension9=z&action_name=Hello%20World&url=http://example.org/sub_en/page%3Flang%3Dde%2520AT";
    let enriched = stage.enrich(stage.hit(query));
    let slots = |slots: &[Option<std::sync::Arc<str>>]| {
        slots.iter().map(|slot| slot.as_deref().unwrap_or("-").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(slots(&enriched.visit_slots[..3]), ["premium", "-", "-"]);
    assert_eq!(slots(&enriched.action_slots[..6]), ["en", "de AT", "Hello", "page", "-", "-"]);
    let sent = stage.enrich(stage.hit("dimension2=&dimension3=given&url=http://example.org/sub_en/page%3Flang%3Dde"));
    assert_eq!(slots(&sent.action_slots[..2]), ["", "given"]);
    // Of a file or another site it is their address that dimensions are extracted from.
    let page = "url=http://example.org/sub_en/page%3Flang%3Dde";
    let file = stage.enrich(stage.hit(&format!("{page}&download=http://example.org/sub_fr/page.zip")));
    assert_eq!(slots(&file.action_slots[..2]), ["fr", "-"]);
    let link = stage.enrich(stage.hit(&format!("{page}&link=https://partner.example/%3Flang%3Dit")));
    assert_eq!(slots(&link.action_slots[..2]), ["-", "it"]);
    // A search has no address, and its keyword for a name; events have no name.
    let search = stage.enrich(stage.hit(&format!("{page}&action_name=Hello&search=red%20shoes")));
    assert_eq!(slots(&search.action_slots[..3]), ["-", "-", "red"]);
    let event = stage.enrich(stage.hit(&format!("{page}&action_name=Hello&e_c=a&e_a=b")));
    assert_eq!(slots(&event.action_slots[..3]), ["en", "de", "-"]);
}

#[test]
fn conversions_may_be_credited() {
    let stage = Stage::new();
    let credited = |query: &str| {
        stage.enrich(stage.hit(query)).credited.map(|found| {
            let text = |text: Option<std::sync::Arc<str>>| text.map_or("-".to_owned(), |text| text.to_string());
            format!("{} {} {}", found.kind, text(found.name), text(found.keyword))
        })
    };
    assert_eq!(credited("_rcn=Spring&_rck=Shoes&_ref=https://news.example.net/").as_deref(), Some("campaign spring shoes"));
    assert_eq!(credited("_rcn=Spring").as_deref(), Some("campaign spring -"));
    assert_eq!(credited("_ref=https://news.example.net/a").as_deref(), Some("website news.example.net -"));
    assert_eq!(credited("_ref=https://www.google.com/search%3Fq%3Dx").as_deref(), Some("search Google x"));
    assert_eq!(credited("_ref=https://example.org/a"), None);
    assert_eq!(credited(""), None);
}

#[test]
fn parameters_of_the_catalogue_become_facts() {
    let stage = Stage::new();
    let enriched = stage.enrich(stage.hit("res=800x600&h=23&m=5&s=61&bw_bytes=2048&pv_id=abcdef&lang=fr-BE&cookie=1&pdf=1"));
    assert_eq!(stage.text(&enriched, "visit.resolution"), "800x600");
    assert_eq!(stage.fact(&enriched, "visit.local_hour"), Value::Int(23));
    assert_eq!(stage.fact(&enriched, "visit.local_minute"), Value::Int(5));
    assert_eq!(stage.fact(&enriched, "visit.local_second"), Value::Int(0));
    assert_eq!(stage.fact(&enriched, "action.bandwidth"), Value::Int(2048));
    assert_eq!(stage.text(&enriched, "visit.language"), "fr-be");
    assert_eq!(stage.text(&enriched, "visit.plugins"), "cookie,pdf");
    assert_eq!(enriched.pageview, 0x6162_6364_6566);
    assert_eq!(stage.enrich(stage.hit("pv_id=ab%2Fd")).pageview, 0);
    assert_eq!(stage.text(&stage.enrich(stage.hit("res=1024")), "visit.resolution"), "1024");
    assert_eq!(stage.text(&stage.enrich(stage.hit("res=")), "visit.resolution"), "");
}

#[test]
fn devices_have_both_products_names() {
    let stage = Stage::new();
    let enriched = stage.enrich(stage.hit(""));
    for (id, wanted) in [
        ("visit.device_type", "desktop"),
        ("visit.device_model", "generic desktop"),
        ("visit.os_code", "WIN"),
        ("visit.os_name", "Windows"),
        ("visit.os_family", "Windows"),
        ("visit.os_version", "10"),
        ("visit.browser_code", "CH"),
        ("visit.browser_name", "Chrome"),
        ("visit.browser_version", "126.0"),
        ("visit.browser_engine", "Blink"),
        ("visit.client_type", "browser"),
        ("visit.screen_class", "Desktop"),
        ("visit.browser", "Chrome"),
        ("visit.browser_release", "126.0"),
        ("visit.os", "Windows"),
        ("visit.os_release", "10"),
    ] {
        assert_eq!(stage.text(&enriched, id), wanted, "{id}");
    }
}

#[test]
fn nothing_private_passes() {
    let mut stage = Stage::new();
    let query = "idsite=1&rec=1&url=https://example.org/&urlref=https://news.example.net/&uid=ada";
    let headers = [("user-agent", CHROME), ("accept-language", "de")];
    let see = |stage: &Stage| {
        let accepted = stage.matomo(&Ask { query, headers: &headers, peer: "198.51.100.77", ..Ask::default() });
        stage.enricher.enrich(accepted.hits.into_iter().next().unwrap(), &stage.sites(), &salts()).unwrap()
    };
    let shown = format!("{:?}", see(&stage));
    for private in ["198.51", "100.77", "Mozilla", "AppleWebKit", "KHTML"] {
        assert!(!shown.contains(private), "{private} in {shown}");
    }
    stage.settings.keep_address = true;
    assert_eq!(stage.text(&see(&stage), "visit.address"), "198.51.0.0");
    stage.settings.mask_bytes = 0;
    assert_eq!(stage.text(&see(&stage), "visit.address"), "198.51.100.77");
    stage.settings.keep_address = false;
    assert_eq!(stage.text(&see(&stage), "visit.address"), "");
}
