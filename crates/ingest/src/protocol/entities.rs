use std::borrow::Cow;

/// The entities that trackers and log importers send; the rest stays as it is.
const NAMED: [(&str, &str); 24] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", "\u{a0}"),
    ("copy", "©"),
    ("reg", "®"),
    ("trade", "™"),
    ("euro", "€"),
    ("pound", "£"),
    ("yen", "¥"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("hellip", "…"),
    ("bull", "•"),
    ("middot", "·"),
    ("deg", "°"),
];

/// The longest entity that is looked for, in bytes after the `&`.
const LONGEST: usize = 10;

/// The text with HTML entities written out and without NUL signs, as Matomo reads every parameter.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    let entities = text.contains('&') && text.contains(';');
    if !entities && !text.contains('\0') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['&', '\0']) {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if text.as_bytes()[text.len() - rest.len() - 1] == 0 {
            continue;
        }
        let window = rest.floor_char_boundary(LONGEST);
        let found = rest[..window].find(';').and_then(|end| Some((sign(&rest[..end])?, end)));
        match found {
            Some((sign, end)) => {
                plain.push_str(&sign);
                rest = &rest[end + 1..];
            }
            None => plain.push('&'),
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

fn sign(entity: &str) -> Option<Cow<'static, str>> {
    if let Some(number) = entity.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        let sign = char::from_u32(code).filter(|sign| !sign.is_control())?;
        return Some(Cow::Owned(sign.to_string()));
    }
    NAMED.iter().find(|(name, _)| *name == entity).map(|(_, sign)| Cow::Borrowed(*sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_become_signs() {
        for (given, wanted) in [
            ("a & b; c", "a & b; c"),
            ("Tom &amp; Jerry", "Tom & Jerry"),
            ("&lt;b&gt;&quot;x&#039;", "<b>\"x'"),
            ("&#x41;&#66;", "AB"),
            ("&amp;amp;", "&amp;"),
            ("&nothing; &", "&nothing; &"),
            ("&#0;&#99999999;", "&#0;&#99999999;"),
            ("a\0b&amp;\0", "ab&"),
            ("ä&ä;&euro;", "ä&ä;€"),
        ] {
            assert_eq!(plain(given), wanted, "{given}");
        }
    }
}
