//! The script that a page carries to be counted (`SitesManager.getJavascriptTag`).

use footfall_model::{SiteId, variable};

use super::choices::markup;
use crate::matomo::{MatomoRequest, Param, encode::json_text};

/// The script of a site, as it stands as text in an answer: all but what was asked for on top is written in entities.
pub(super) fn script(site: SiteId, urls: &[String], base_url: &str, request: &MatomoRequest) -> String {
    let base = request.filled("piwikUrl").unwrap_or(base_url);
    let address = base.trim_start_matches("https:").trim_start_matches("http:").trim_start_matches('/').trim_end_matches('/');
    let without_script = if request.flag("trackNoScript") {
        format!(
            "<noscript><p><img referrerpolicy=\"no-referrer-when-downgrade\" src=\"//{address}/matomo.php?idsite={}&amp;rec=1\" \
             style=\"border:0;\" alt=\"\" /></p></noscript>\n",
            site
        )
    } else {
        String::new()
    };
    let head = "<!-- Matomo -->\n<script>\n  var _paq = window._paq = window._paq || [];\n  /* tracker methods like \
                \"setCustomDimension\" should be called before \"trackPageView\" */\n";
    let rest = format!(
        "  _paq.push(['trackPageView']);\n  _paq.push(['enableLinkTracking']);\n  (function() {{\n    var u=\"//{address}/\";\n    \
         _paq.push(['setTrackerUrl', u+'matomo.php']);\n    _paq.push(['setSiteId', '{id}']);\n    var d=document, \
         g=d.createElement('script'), s=d.getElementsByTagName('script')[0];\n    g.async=true; g.src=u+'matomo.js'; \
         s.parentNode.insertBefore(g,s);\n  }})();\n</script>\n{without_script}<!-- End Matomo Code -->\n",
        id = site,
    );
    format!("{}{}{}", markup(head), options(urls, request), markup(&rest))
}

/// The calls that come before the page view, a line each.
fn options(urls: &[String], request: &MatomoRequest) -> String {
    let mut lines = String::new();
    let mut push = |call: &str| lines.push_str(&format!("  _paq.push([{call}]);\n"));
    if request.flag("groupPageTitlesByDomain") {
        push("\"setDocumentTitle\", document.domain + \"/\" + document.title");
    }
    let hosts = hosts(urls);
    if let Some(first) = hosts.first().filter(|_| request.flag("mergeSubdomains")) {
        let host = first.split('/').next().unwrap_or(first);
        push(&format!("\"setCookieDomain\", \"*.{host}\""));
    }
    // Links from one domain to another can only be told from others when the domains are known.
    if (request.flag("mergeAliasUrls") || request.flag("crossDomain")) && !hosts.is_empty() {
        push(&format!("\"setDomains\", [\"*.{}\"]", hosts.join("\",\"*.")));
    }
    if request.flag("crossDomain") {
        push("\"enableCrossDomainLinking\"");
    }
    lines.push_str(&variables(request, "visitorCustomVariables", "visitor", "visit"));
    lines.push_str(&variables(request, "pageCustomVariables", "action (page view, download, click, site search)", "page"));
    let mut push = |call: &str| lines.push_str(&format!("  _paq.push([{call}]);\n"));
    if request.flag("disableCampaignParameters") {
        push("\"disableCampaignParameters\"");
    }
    for (param, name) in
        [("customCampaignNameQueryParam", "setCampaignNameKey"), ("customCampaignKeywordParam", "setCampaignKeywordKey")]
    {
        if let Some(given) = request.filled(param) {
            push(&format!("\"{name}\", {}", json_text(given)));
        }
    }
    if request.flag("doNotTrack") {
        push("\"setDoNotTrack\", true");
    }
    for (param, name) in [("excludedQueryParams", "setExcludedQueryParams"), ("excludedReferrers", "setExcludedReferrers")] {
        let words = match request.get(param) {
            Some(Param::Text(text)) => text.split(',').filter(|_| !text.is_empty()).map(str::to_owned).collect(),
            _ => request.texts(param),
        };
        if !words.is_empty() {
            let list: Vec<String> = words.iter().map(|word| json_text(word)).collect();
            push(&format!("\"{name}\", [{}]", list.join(",")));
        }
    }
    if request.flag("disableCookies") {
        push("\"disableCookies\"");
    }
    lines
}

/// The site's addresses as hosts with the paths behind them, the main one first.
fn hosts(urls: &[String]) -> Vec<String> {
    let mut urls: Vec<&String> = urls.iter().collect();
    if let Some(others) = urls.get_mut(1..) {
        others.sort_by_key(|url| url.to_lowercase());
    }
    let host = |url: &String| {
        let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        let host = authority.rsplit('@').next().unwrap_or_default();
        let port = host.rfind(':').filter(|at| host[at + 1..].bytes().all(|sign| sign.is_ascii_digit()));
        format!("{}{path}", port.map_or(host, |at| &host[..at]))
    };
    urls.into_iter().map(host).filter(|host| !host.is_empty()).collect()
}

/// Lines that set custom variables: each is a list of a name and a value.
fn variables(request: &MatomoRequest, param: &str, whose: &str, scope: &str) -> String {
    let Some(Param::List(given)) = request.get(param) else {
        return String::new();
    };
    let mut lines = format!("  // you can set up to {} custom variables for each {whose}\n", variable::MOST);
    let of_two = given.iter().filter_map(|(_, one)| match one {
        Param::List(members) => Some(members),
        Param::Text(_) => None,
    });
    for (index, members) in of_two.enumerate() {
        let member = |key: &str| match members.iter().find(|(known, _)| known == key) {
            Some((_, Param::Text(text))) => json_text(text),
            _ => "null".to_owned(),
        };
        let line =
            format!("  _paq.push([\"setCustomVariable\", {}, {}, {}, \"{scope}\"]);\n", index + 1, member("0"), member("1"));
        lines.push_str(&line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> String {
        let urls = ["http://shop.example:8080", "https://www.shop.example/de/", "http://a.example"].map(str::to_owned);
        let whole = script(SiteId(1), &urls, "https://stats.example/", &MatomoRequest::decode(query, b"").unwrap());
        let after = whole.split_once("&quot;trackPageView&quot; */\n").unwrap().1;
        let (options, rest) = after.split_once("  _paq.push(['trackPageView']);\n").unwrap();
        assert!(rest.contains("    var u=&quot;//stats.example/&quot;;\n"), "{rest}");
        options.to_owned()
    }

    #[test]
    fn domains_are_the_addresses_of_the_site() {
        assert_eq!(asked(""), "");
        assert_eq!(asked("mergeSubdomains=1"), "  _paq.push([\"setCookieDomain\", \"*.shop.example\"]);\n");
        let domains = "  _paq.push([\"setDomains\", [\"*.shop.example\",\"*.a.example\",\"*.www.shop.example/de/\"]]);\n";
        assert_eq!(asked("mergeAliasUrls=1"), domains);
        assert_eq!(asked("crossDomain=1"), format!("{domains}  _paq.push([\"enableCrossDomainLinking\"]);\n"));
    }

    #[test]
    fn variables_are_set_one_by_one() {
        let query = "visitorCustomVariables[0][0]=Ti%22er&visitorCustomVariables[0][1]=a/b&pageCustomVariables[0][0]=Part\
                     &pageCustomVariables[0][1]=%C3%A4&pageCustomVariables[1][0]=Other";
        let expected = "  // you can set up to 20 custom variables for each visitor\n  _paq.push([\"setCustomVariable\", 1, \
                        \"Ti\\\"er\", \"a\\/b\", \"visit\"]);\n  // you can set up to 20 custom variables for each action (page view, \
                        download, click, site search)\n  _paq.push([\"setCustomVariable\", 1, \"Part\", \"\\u00e4\", \
                        \"page\"]);\n  _paq.push([\"setCustomVariable\", 2, \"Other\", null, \"page\"]);\n";
        assert_eq!(asked(query), expected);
    }

    #[test]
    fn what_else_is_wanted_stands_in_matomos_order() {
        let query = "disableCookies=1&doNotTrack=1&excludedQueryParams=a,b&excludedReferrers[]=x.example/y\
                     &customCampaignNameQueryParam=c&customCampaignKeywordParam=k&disableCampaignParameters=1\
                     &groupPageTitlesByDomain=1";
        let expected = "  _paq.push([\"setDocumentTitle\", document.domain + \"/\" + document.title]);\n  \
                        _paq.push([\"disableCampaignParameters\"]);\n  _paq.push([\"setCampaignNameKey\", \"c\"]);\n  \
                        _paq.push([\"setCampaignKeywordKey\", \"k\"]);\n  _paq.push([\"setDoNotTrack\", true]);\n  \
                        _paq.push([\"setExcludedQueryParams\", [\"a\",\"b\"]]);\n  _paq.push([\"setExcludedReferrers\", \
                        [\"x.example\\/y\"]]);\n  _paq.push([\"disableCookies\"]);\n";
        assert_eq!(asked(query), expected);
    }
}
