//! What texts from outside may hold. Everything kept here passes one of these.

use footfall_model::Error;

/// A list's JSON may have so many bytes: the smallest text column of the databases we know holds 65 535.
const LONGEST_LIST: usize = 60_000;

/// A trimmed text of 1 to `longest` characters on one line.
pub(crate) fn text(field: &str, given: &str, longest: usize) -> Result<String, Error> {
    let text = optional(field, given, longest)?;
    if text.is_empty() {
        return Err(Error::invalid(format!("`{field}` must have 1 to {longest} characters")));
    }
    Ok(text)
}

/// A trimmed text of at most `longest` characters on one line, perhaps none.
pub(crate) fn optional(field: &str, given: &str, longest: usize) -> Result<String, Error> {
    optional_untrimmed(field, given.trim(), longest)
}

/// The same where spaces at the ends matter.
pub(crate) fn optional_untrimmed(field: &str, text: &str, longest: usize) -> Result<String, Error> {
    if text.chars().any(char::is_control) {
        return Err(Error::invalid(format!("`{field}` must not hold control characters")));
    }
    fits(field, text, longest)?;
    Ok(text.to_owned())
}

/// A text of at most `longest` characters as it is, with any lines.
pub(crate) fn lines(field: &str, given: &str, longest: usize) -> Result<String, Error> {
    if given.contains('\0') {
        return Err(Error::invalid(format!("`{field}` must not hold the character U+0000")));
    }
    fits(field, given, longest)?;
    Ok(given.to_owned())
}

/// Trimmed texts without empty ones and without repetitions: at most `most`, each of at most `longest` characters.
pub(crate) fn list(field: &str, given: &[String], most: usize, longest: usize) -> Result<Vec<String>, Error> {
    let mut kept: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for item in given {
        let item = optional(field, item, longest)?;
        if !item.is_empty() && seen.insert(item.clone()) {
            kept.push(item);
        }
    }
    let bytes: usize = kept.iter().map(|item| item.len() + 4).sum();
    if kept.len() > most || bytes > LONGEST_LIST {
        return Err(Error::invalid(format!(
            "`{field}` may hold {most} entries and {LONGEST_LIST} bytes, and has {} entries and {bytes} bytes",
            kept.len()
        )));
    }
    Ok(kept)
}

/// An e-mail address, as far as one can tell without sending to it.
pub(crate) fn email(field: &str, given: &str) -> Result<String, Error> {
    let text = text(field, given, 320)?;
    let whole = text
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@') && !text.contains(' '));
    if !whole {
        return Err(Error::invalid(format!("`{field}` must be an e-mail address such as `ada@example.org`")));
    }
    Ok(text)
}

/// An ISO 4217 code, in any case.
pub(crate) fn currency(field: &str, given: &str) -> Result<String, Error> {
    let code = given.trim().to_uppercase();
    if code.len() != 3 || !code.bytes().all(|letter| letter.is_ascii_alphanumeric()) {
        return Err(Error::invalid(format!("`{field}` must be an ISO 4217 code such as `EUR`")));
    }
    Ok(code)
}

fn fits(field: &str, text: &str, longest: usize) -> Result<(), Error> {
    let length = text.chars().count();
    if length > longest {
        return Err(Error::invalid(format!("`{field}` may have {longest} characters, and has {length}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_trimmed_and_counted_in_characters() {
        assert_eq!(text("name", "  äöü ", 3).unwrap(), "äöü");
        assert_eq!(text("name", "äöüß", 3).unwrap_err().message(), "`name` may have 3 characters, and has 4");
        assert_eq!(text("name", " ", 3).unwrap_err().message(), "`name` must have 1 to 3 characters");
        assert_eq!(text("name", "a\nb", 3).unwrap_err().message(), "`name` must not hold control characters");
    }

    #[test]
    fn a_list_has_each_entry_once() {
        let given = ["b", " a", "", "b "].map(str::to_owned);
        assert_eq!(list("urls", &given, 2, 5).unwrap(), ["b", "a"]);
        assert_eq!(
            list("urls", &given, 1, 5).unwrap_err().message(),
            "`urls` may hold 1 entries and 60000 bytes, and has 2 entries and 10 bytes"
        );
    }

    #[test]
    fn an_e_mail_address_has_a_name_and_a_host() {
        assert_eq!(email("email", " ada@localhost ").unwrap(), "ada@localhost");
        for bad in ["ada", "@b", "a@", "a@b@c", "a b@c"] {
            assert_eq!(
                email("email", bad).unwrap_err().message(),
                "`email` must be an e-mail address such as `ada@example.org`",
                "{bad}"
            );
        }
    }

    #[test]
    fn a_currency_is_a_code_in_upper_case() {
        assert_eq!(currency("currency", "eur").unwrap(), "EUR");
        assert_eq!(currency("currency", "euro").unwrap_err().message(), "`currency` must be an ISO 4217 code such as `EUR`");
    }
}
