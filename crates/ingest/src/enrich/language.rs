use std::borrow::Cow;

/// The languages as sent, in lower case, without qualities, blanks and comments: `fr-be,fr,en`.
pub(crate) fn cleaned(sent: &str) -> Cow<'_, str> {
    let plain = sent.bytes().all(|sign| sign.is_ascii_lowercase() || matches!(sign, b'-' | b','));
    if plain {
        return Cow::Borrowed(sent);
    }
    let mut cleaned = String::with_capacity(sent.len());
    for tag in sent.split(',') {
        let tag = tag.split(';').next().unwrap_or("");
        let tag = tag.split(['.', '(']).next().unwrap_or("");
        let tag = tag.trim();
        if tag.is_empty() || tag == "C" || tag.starts_with("chrome:") {
            continue;
        }
        if !cleaned.is_empty() {
            cleaned.push(',');
        }
        for sign in tag.chars().filter(|sign| !sign.is_whitespace() && *sign != '\\') {
            cleaned.push(if sign == '_' { '-' } else { sign.to_ascii_lowercase() });
        }
    }
    Cow::Owned(cleaned)
}

/// The first language that is one, with its region where it names one: `fr-be`, `fr`; of cleaned languages. `xx` where none
/// of them is one, nothing where there are none.
pub(crate) fn first(languages: &str) -> Cow<'_, str> {
    if languages.is_empty() {
        return Cow::Borrowed("");
    }
    for tag in languages.split(',') {
        let mut parts = tag.split('-');
        let language = parts.next().unwrap_or("");
        if !is_known(language) {
            continue;
        }
        let region = parts.filter(|part| part.len() != 4).take(1).find(|part| is_region(part));
        return match region {
            Some(region) if tag.len() == 5 && tag.ends_with(region) => Cow::Borrowed(tag),
            Some(region) => Cow::Owned(format!("{language}-{region}")),
            None => Cow::Borrowed(language),
        };
    }
    Cow::Borrowed("xx")
}

fn is_region(part: &str) -> bool {
    part.len() == 2 && part.bytes().all(|sign| sign.is_ascii_lowercase())
}

fn is_known(language: &str) -> bool {
    match language.as_bytes() {
        [first @ b'a'..=b'z', second @ b'a'..=b'z'] => MARKS[index(*first, *second)],
        _ => false,
    }
}

const fn index(first: u8, second: u8) -> usize {
    (first - b'a') as usize * 26 + (second - b'a') as usize
}

/// Which pairs of letters are in [`KNOWN`].
const MARKS: [bool; 676] = {
    let mut marks = [false; 676];
    let known = KNOWN.as_bytes();
    let mut at = 0;
    while at < known.len() {
        marks[index(known[at], known[at + 1])] = true;
        at += 3;
    }
    marks
};

/// ISO 639-1, and codes of before.
const KNOWN: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el \
en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk \
kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om \
or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt \
tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_cleaned() {
        for (sent, wanted) in [
            ("fr-be,fr;q=0.8, en_US;q=0.5", "fr-be,fr,en-us"),
            ("en", "en"),
            ("en_CA.UTF-8", "en-ca"),
            ("C", ""),
            ("de (Germany), ,en", "de,en"),
            ("", ""),
        ] {
            assert_eq!(cleaned(sent), wanted, "{sent}");
        }
    }

    #[test]
    fn the_first_language_counts() {
        for (languages, wanted) in [
            ("fr-be,fr,en", "fr-be"),
            ("en", "en"),
            ("zh-hans-cn", "zh-cn"),
            ("es-419", "es"),
            ("klingon,de", "de"),
            ("qq", "xx"),
            ("", ""),
        ] {
            assert_eq!(first(languages), wanted, "{languages}");
        }
    }
}
