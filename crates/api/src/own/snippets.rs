//! Code to paste into a site.

use std::sync::Arc;

use footfall_model::{Access, Site};
use serde_json::json;

use super::{Caller, Failure, shape};
use crate::{
    Call,
    matomo::{Context, Reply},
};

/// `GET /sites/{id}/snippets`.
pub(super) async fn get(ctx: &Context, caller: &Caller, call: &Call, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_site(site, Access::View, "reading snippets")?;
    let set: Option<Option<String>> = ctx.admin.setting("base_url").await?;
    let base = set.flatten().unwrap_or_else(|| call.origin.clone());
    let Snippets { matomo, plausible, image } = snippets(&base, site);
    Ok(shape::json(200, &json!({ "matomo": matomo, "plausible": plausible, "image": image })))
}

/// Code to paste into a site's pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippets {
    /// Matomo's tracker.
    pub matomo: String,
    /// Plausible's script.
    pub plausible: String,
    /// A picture, for pages without scripts.
    pub image: String,
}

/// The code for a site, loaded from the server at this address (empty: the page's own).
pub fn snippets(base: &str, site: &Site) -> Snippets {
    let base = escaped(base.trim_end_matches('/'));
    let domain = escaped(&site.domain);
    let id = site.id;
    let matomo = format!(
        "<script>\n  var _paq = window._paq = window._paq || [];\n  _paq.push(['trackPageView']);\n  \
         _paq.push(['enableLinkTracking']);\n  (function () {{\n    var u = '{base}/';\n    \
         _paq.push(['setTrackerUrl', u + 'matomo.php']);\n    _paq.push(['setSiteId', '{id}']);\n    \
         var d = document, g = d.createElement('script'), s = d.getElementsByTagName('script')[0];\n    \
         g.async = true; g.src = u + 'matomo.js'; s.parentNode.insertBefore(g, s);\n  }})();\n</script>"
    );
    let plausible = format!("<script defer data-domain=\"{domain}\" src=\"{base}/js/script.js\"></script>");
    let image = format!(
        "<img src=\"{base}/matomo.php?idsite={id}&amp;rec=1\" referrerpolicy=\"no-referrer-when-downgrade\" \
         style=\"border:0\" alt=\"\">"
    );
    Snippets { matomo, plausible, image }
}

/// Text that cannot end an attribute or a script's string.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('\'', "&#39;").replace('<', "&lt;").replace('>', "&gt;")
}
