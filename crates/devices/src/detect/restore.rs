use crate::hints::Hints;
use crate::pattern::Scratch;
use crate::rules::{Database, Fixed, Subject};

/// Puts the model from the client hints where the browser put a placeholder or left it out; nothing if that changes
/// nothing.
pub(super) fn restored(given: &str, hints: &Hints, database: &Database, scratch: &mut Scratch) -> Option<String> {
    let model = &*hints.model;
    if model.is_empty() {
        return None;
    }
    let mut text = given.to_owned();
    if is_frozen_android(&Subject::new(&text, &database.index), &database.fixed, scratch) {
        let version = if hints.platform_version.is_empty() { "10" } else { &hints.platform_version };
        text = replace_android(&text, &format!("Android {version}; {model}"));
    }
    if is_desktop(&Subject::new(&text, &database.index), &database.fixed, scratch) {
        for place in ["X11; Linux x86_64", "Windows NT 10.0; Win64; x64"] {
            text = text.replace(place, &format!("{place}; {model}"));
        }
    }
    (text != given).then_some(text)
}

/// Whether the user agent is Chrome's on Android with a placeholder for the model.
pub(super) fn is_frozen_android(subject: &Subject<'_>, fixed: &Fixed, scratch: &mut Scratch) -> bool {
    fixed.frozen_android.find(subject, scratch).is_some() && fixed.telegram.find(subject, scratch).is_none()
}

/// Whether the user agent is of a desktop browser that is silent about the machine.
pub(super) fn is_desktop(subject: &Subject<'_>, fixed: &Fixed, scratch: &mut Scratch) -> bool {
    fixed.desktop.matches(subject, scratch) && !fixed.no_desktop.matches(subject, scratch)
}

/// Replaces `Android 10; K` and `Android 11` to `Android 17`.
fn replace_android(text: &str, with: &str) -> String {
    let mut replaced = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("Android 1") {
        let (before, found) = rest.split_at(at);
        let after = &found["Android 1".len()..];
        replaced.push_str(before);
        let placeholder = after
            .strip_prefix('0')
            .and_then(|after| {
                after.trim_start_matches(|letter: char| letter == '.' || letter.is_ascii_digit()).strip_prefix("; K")
            })
            .or_else(|| after.strip_prefix(|letter| ('1'..='7').contains(&letter)));
        match placeholder {
            Some(after) => {
                replaced.push_str(with);
                rest = after;
            }
            None => {
                replaced.push_str("Android 1");
                rest = after;
            }
        }
    }
    replaced + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_replaced() {
        assert_eq!(replace_android("(Linux; Android 10; K) x", "Android 14; Pixel 8"), "(Linux; Android 14; Pixel 8) x");
        assert_eq!(replace_android("(Android 13) x", "Android 14; P"), "(Android 14; P) x");
        assert_eq!(replace_android("(Android 10; SM-1) x", "A"), "(Android 10; SM-1) x");
    }
}
