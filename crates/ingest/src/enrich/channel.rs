use super::{
    campaign::Tags,
    referrer::Referrers,
    source::{Kind, Sources},
};

/// Plausible's acquisition channel: the first of these rules that holds, in the order in which its database asks them when a visit
/// is kept.
pub(crate) fn of(source: &str, tags: &Tags, sources: &Sources, referrers: &Referrers) -> &'static str {
    let lower = |text: Option<&String>| text.map(|text| text.to_lowercase()).unwrap_or_default();
    let source = source.to_lowercase();
    let medium = lower(tags.medium.as_ref());
    let campaign = lower(tags.campaign.as_ref());
    let tagged = lower(tags.source.as_ref());
    let kind = sources.kind(&source, referrers);
    let is = |wanted| kind == Some(wanted);
    let paid = is_paid_medium(&medium);
    let paid_here = paid || is_paid_source(&tagged);
    let shopping = is(Kind::Shopping) || is_shopping_campaign(&campaign);
    let clicked = matches!((source.as_str(), tags.click_id), ("google", Some("gclid")) | ("bing", Some("msclkid")));
    if campaign.contains("cross-network") {
        "Cross-network"
    } else if matches!(medium.as_str(), "display" | "banner" | "expandable" | "interstitial" | "cpm") {
        "Display"
    } else if shopping && paid {
        "Paid Shopping"
    } else if is(Kind::Search) && paid_here || clicked {
        "Paid Search"
    } else if is(Kind::Social) && paid_here {
        "Paid Social"
    } else if is(Kind::Video) && paid_here {
        "Paid Video"
    } else if paid {
        "Paid Other"
    } else if shopping {
        "Organic Shopping"
    } else if is(Kind::Social) || is_social_medium(&medium) {
        "Organic Social"
    } else if is(Kind::Video) || medium.contains("video") {
        "Organic Video"
    } else if is(Kind::Assistant) {
        "AI Assistants"
    } else if is(Kind::Search) {
        "Organic Search"
    } else if is(Kind::Email) || is_mail(&tagged) || is_mail(&medium) {
        "Email"
    } else if medium == "affiliate" {
        "Affiliates"
    } else if medium == "audio" {
        "Audio"
    } else if tagged == "sms" || medium == "sms" {
        "SMS"
    } else if medium.ends_with("push") || medium.contains("mobile") || medium.contains("notification") || source == "firebase" {
        "Mobile Push Notifications"
    } else if !source.is_empty() || matches!(medium.as_str(), "referral" | "app" | "link") {
        "Referral"
    } else {
        "Direct"
    }
}

fn is_paid_medium(medium: &str) -> bool {
    medium.contains("cp") || medium.starts_with("paid") || matches!(medium, "ppc" | "retargeting")
}

/// Words that say of themselves that the click was paid for.
fn is_paid_source(source: &str) -> bool {
    const PAID: [&str; 17] = [
        "adwords",
        "fb-ads",
        "fbads",
        "fbad",
        "facebook-ads",
        "facebook_ads",
        "facebook_ad",
        "facebook_feed_ad",
        "yt-ads",
        "reddit-ads",
        "google_ads",
        "google-ads",
        "googleads",
        "gads",
        "google ads",
        "twitter-ads",
        "tiktokads",
    ];
    PAID.contains(&source)
}

fn is_social_medium(medium: &str) -> bool {
    matches!(medium, "social" | "social-network" | "social-media" | "sm" | "social network" | "social media")
}

fn is_mail(word: &str) -> bool {
    ["email", "e-mail", "e_mail", "e mail", "newsletter"].iter().any(|part| word.contains(part))
}

/// `shop` as a word's beginning, or `shopping` anywhere; `bishop` and `workshop` are no shops, `eshop` is.
fn is_shopping_campaign(campaign: &str) -> bool {
    campaign.contains("shopping")
        || campaign.match_indices("shop").any(|(at, _)| match campaign[..at].chars().next_back() {
            None | Some('e') => at == 0,
            Some(before) => !before.is_ascii_lowercase(),
        })
}
