use footfall_model::{CustomDimension, CustomScope, Site, Text};

use super::url::decoded;
use crate::patterns::Patterns;

/// What custom dimensions are extracted from.
pub(crate) struct Sources<'a> {
    /// The URL of the action as sent, cleaned: the page's, or that of the file or site that was opened.
    pub(crate) url: &'a str,
    /// The page's title, or what was searched for.
    pub(crate) title: &'a str,
    /// Values that were sent, by the dimension's number.
    pub(crate) sent: &'a [(u32, String)],
}

/// Values of a scope's custom dimensions by slot.
pub(crate) type Slots = [Option<Text>; CustomDimension::SLOTS as usize];

/// The values of a site's dimensions, of visits and of actions: what was sent, else what the dimension extracts.
pub(crate) fn of(site: &Site, sources: &Sources<'_>, patterns: &Patterns) -> (Slots, Slots) {
    let mut visit = Slots::default();
    let mut action = Slots::default();
    for dimension in site.dimensions.iter().filter(|dimension| dimension.active) {
        let slots = match dimension.scope {
            CustomScope::Visit => &mut visit,
            CustomScope::Action => &mut action,
        };
        let Some(slot) = usize::from(dimension.slot).checked_sub(1).and_then(|at| slots.get_mut(at)) else {
            continue;
        };
        let sent = sources.sent.iter().rev().find(|(number, _)| *number == dimension.id);
        *slot = match sent {
            Some((_, text)) => Some(Text::from(text.as_str())),
            None => extracted(dimension, sources, patterns),
        };
    }
    (visit, action)
}

fn extracted(dimension: &CustomDimension, sources: &Sources<'_>, patterns: &Patterns) -> Option<Text> {
    dimension.extractions.iter().filter(|(_, pattern)| !pattern.is_empty()).find_map(|(from, pattern)| {
        let any_case = !dimension.case_sensitive;
        let found = match from.as_str() {
            "urlparam" if plain(pattern) && !any_case => {
                let (_, query) = sources.url.split_once('?')?;
                let (_, value) = query.rsplit_once(&format!("{pattern}="))?;
                value.split('&').next()?.to_owned()
            }
            "urlparam" => captured(patterns, &format!("\\?.*{pattern}=([^&]*)"), any_case, sources.url)?,
            "url" => captured(patterns, pattern, any_case, sources.url)?,
            "action_name" => captured(patterns, pattern, any_case, sources.title)?,
            _ => return None,
        };
        let value: String = decoded(&found).trim().chars().take(250).collect();
        (!found.is_empty()).then(|| Text::from(value))
    })
}

/// Whether a parameter's name is one, and no pattern.
fn plain(name: &str) -> bool {
    name.bytes().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, b'_' | b'-'))
}

fn captured(patterns: &Patterns, pattern: &str, any_case: bool, text: &str) -> Option<String> {
    let groups = patterns.get(pattern, any_case)?.captures(text)?;
    Some(groups.get(1)?.as_str().to_owned())
}
