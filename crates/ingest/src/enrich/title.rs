use footfall_model::{Text, TrackingSettings};

use super::url::clean;

/// A page's title as it is stored: cleaned, cut, and where titles form a hierarchy, without blanks around and nothing between
/// the delimiters.
pub(crate) fn of(sent: &str, settings: &TrackingSettings) -> Text {
    let delimiter = settings.title_delimiter.as_str();
    let most = settings.page_maximum_length;
    if delimiter.is_empty() || !sent.contains(delimiter) {
        return Text::from(clean(sent, most).as_ref());
    }
    let levels: Vec<&str> = sent.split(delimiter).map(str::trim).filter(|level| !level.is_empty()).collect();
    Text::from(clean(&levels.join(delimiter), most).as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_cleaned() {
        let flat = TrackingSettings::default();
        let levels = TrackingSettings { title_delimiter: "/".to_owned(), page_maximum_length: 12, ..TrackingSettings::default() };
        assert_eq!(&*of("  a\n b ", &flat), "a b");
        assert_eq!(&*of("/ Home //  News / ", &flat), "/ Home //  News /");
        assert_eq!(&*of("/ Home //  News / ", &levels), "Home/News");
        assert_eq!(&*of("ääääääää", &levels), "ääääää");
        assert_eq!(&*of("", &levels), "");
    }
}
