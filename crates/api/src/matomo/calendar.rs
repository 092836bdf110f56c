//! Days, moments and periods as people read them: in English, or in the language of a request by the patterns of its texts.

use std::sync::Arc;

use footfall_model::{Day, Period, PeriodKind};
use jiff::civil::DateTime;

use super::{Context, MatomoRequest, metadata::Dictionary};

/// How days, moments and periods are written: in which language, and whether hours are counted to twelve.
#[derive(Clone, Debug, Default)]
pub(super) struct Calendar(Option<Arc<Dictionary>>, bool);

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// What the patterns are in English, by their keys.
const PATTERNS: [(&str, &str); 18] = [
    ("Intl_Format_DateTime_Short", "MMM d, y {time}"),
    ("Intl_Format_Date_Day_Month", "E, MMM d"),
    ("Intl_Format_Date_Long", "EEEE, MMMM d, y"),
    ("Intl_Format_Interval_Long_D", "MMMM d\u{2009}–\u{2009}d, y"),
    ("Intl_Format_Interval_Long_M", "MMMM d\u{2009}–\u{2009}MMMM d, y"),
    ("Intl_Format_Interval_Long_Y", "MMMM d, y\u{2009}–\u{2009}MMMM d, y"),
    ("Intl_Format_Interval_Short_D", "MMM d\u{2009}–\u{2009}d, y"),
    ("Intl_Format_Interval_Short_M", "MMM d\u{2009}–\u{2009}MMM d, y"),
    ("Intl_Format_Interval_Short_Y", "MMM d, y\u{2009}–\u{2009}MMM d, y"),
    ("Intl_Format_Month_Long", "MMMM y"),
    ("Intl_Format_Month_Short", "MMM y"),
    ("Intl_Format_Time", "{time}"),
    ("Intl_Format_Time_12", "h:mm:ss a"),
    ("Intl_Format_Time_24", "HH:mm:ss"),
    ("Intl_Format_Year", "y"),
    ("Intl_PeriodWeek", "week"),
    ("Intl_Time_AM", "AM"),
    ("Intl_Time_PM", "PM"),
];

impl Calendar {
    /// The calendar in the language a request asks for.
    pub(super) fn of(ctx: &Context, request: &MatomoRequest) -> Calendar {
        Calendar(super::metadata::dictionary(ctx, request), false)
    }

    /// The calendar of a language; English where there is none.
    pub(super) fn in_words(words: Option<Arc<Dictionary>>) -> Calendar {
        Calendar(words, false)
    }

    /// The same, hours counted to twelve where somebody prefers that.
    pub(super) fn counting_to_twelve(self, twelve: bool) -> Calendar {
        Calendar(self.0, twelve)
    }

    /// A period in words, such as `Friday, August 10, 2012` or `week August 13 – 19, 2012`.
    pub(super) fn long(&self, period: Period) -> String {
        let (first, last) = (period.days.first(), period.days.last());
        match period.kind {
            PeriodKind::Day => self.written("Intl_Format_Date_Long", first),
            PeriodKind::Week => format!("{} {}", self.text("Intl_PeriodWeek"), self.span("Long", first, last)),
            PeriodKind::Month => self.written("Intl_Format_Month_Long", first),
            PeriodKind::Year => self.written("Intl_Format_Year", first),
            PeriodKind::Range => self.span("Long", first, last),
        }
    }

    /// A period in few words, such as `Fri, Aug 10` or `Aug 2012`.
    pub(super) fn short(&self, period: Period) -> String {
        let (first, last) = (period.days.first(), period.days.last());
        match period.kind {
            PeriodKind::Day => self.written("Intl_Format_Date_Day_Month", first),
            PeriodKind::Month => self.written("Intl_Format_Month_Short", first),
            PeriodKind::Year => self.written("Intl_Format_Year", first),
            PeriodKind::Week | PeriodKind::Range => self.span("Short", first, last),
        }
    }

    /// All days of several periods in words.
    pub(super) fn over(&self, periods: &[Period]) -> String {
        match (periods.first(), periods.last()) {
            (Some(first), Some(last)) => self.span("Long", first.days.first(), last.days.last()),
            _ => String::new(),
        }
    }

    /// A day in words, such as `Tuesday, April 5, 2011`.
    pub(super) fn day(&self, day: Day) -> String {
        self.written("Intl_Format_Date_Long", day)
    }

    /// A moment in few words, such as `Apr 5, 2011 07:53:42`.
    pub(super) fn moment(&self, at: DateTime) -> String {
        self.written("Intl_Format_DateTime_Short", at)
    }

    /// The time of a day, such as `07:53:42`.
    pub(super) fn clock(&self, at: DateTime) -> String {
        self.written("Intl_Format_Time", at)
    }

    /// Days in words, such as `August 27 – September 2, 2012`, thin blanks in between.
    fn span(&self, length: &str, first: Day, last: Day) -> String {
        let differs = match (first, last) {
            _ if first.year() != last.year() => 'Y',
            _ if first.month() != last.month() => 'M',
            _ => 'D',
        };
        let pattern = self.text(&format!("Intl_Format_Interval_{length}_{differs}"));
        let (start, end) = pattern.split_at(second_date(pattern));
        capital(&self.filled(start, first.into())) + &self.filled(end, last.into())
    }

    /// A text of the language, or what it is in English.
    fn text(&self, key: &str) -> &str {
        let english = || PATTERNS.iter().find(|(known, _)| *known == key).map_or("", |(_, english)| *english);
        self.0.as_ref().and_then(|words| words.text(key)).unwrap_or_else(english)
    }

    /// A moment in the pattern of a key, which begins with a capital.
    fn written(&self, key: &str, at: impl Into<DateTime>) -> String {
        let clock = if self.1 { "Intl_Format_Time_12" } else { "Intl_Format_Time_24" };
        let pattern = self.text(key).replace("{time}", self.text(clock));
        capital(&self.filled(&pattern, at.into()))
    }

    /// A moment in a pattern: letters stand for its parts, and what is quoted for itself.
    fn filled(&self, pattern: &str, at: DateTime) -> String {
        let mut to = String::with_capacity(pattern.len() + 16);
        let mut rest = pattern;
        while let Some(letter) = rest.chars().next() {
            if let Some(quoted) = rest.strip_prefix('\'') {
                let (literal, after) = quoted.split_once('\'').unwrap_or((quoted, ""));
                to.push_str(if literal.is_empty() { "'" } else { literal });
                rest = after;
                continue;
            }
            let run = rest.find(|other| other != letter).unwrap_or(rest.len());
            to.push_str(&self.part(&rest[..run], at));
            rest = &rest[run..];
        }
        to
    }

    /// What a run of equal letters stands for. Two letters are a month without a leading zero and one is a month with it:
    /// Matomo has them the other way round than the standard for such patterns.
    fn part(&self, run: &str, at: DateTime) -> String {
        let month = usize::from(at.month().unsigned_abs());
        let weekday = usize::from(at.weekday().to_monday_one_offset().unsigned_abs());
        let named = |key: &str, number: usize, english: &str| {
            let own = self.0.as_ref().and_then(|words| words.text(&format!("Intl_{key}_{number}")));
            own.unwrap_or(english).to_owned()
        };
        let (month_name, day_name) = (MONTHS[month - 1], DAYS[weekday - 1]);
        match run {
            "yyyy" | "y" => at.year().to_string(),
            "yy" => format!("{:02}", at.year() % 100),
            "MMMM" => named("Month_Long", month, month_name),
            "MMM" => named("Month_Short", month, &month_name[..3]),
            "LLLL" => named("Month_Long_StandAlone", month, month_name),
            "LLL" => named("Month_Short_StandAlone", month, &month_name[..3]),
            "MM" | "LL" => month.to_string(),
            "M" | "L" => format!("{month:02}"),
            "dd" => format!("{:02}", at.day()),
            "d" => at.day().to_string(),
            "EEEE" => named("Day_Long", weekday, day_name),
            "EEE" | "EE" | "E" => named("Day_Short", weekday, &day_name[..3]),
            "cccc" => named("Day_Long_StandAlone", weekday, day_name),
            "ccc" | "cc" | "c" => named("Day_Short_StandAlone", weekday, &day_name[..3]),
            "HH" => format!("{:02}", at.hour()),
            "H" => at.hour().to_string(),
            "hh" => format!("{:02}", (at.hour() + 11) % 12 + 1),
            "h" => ((at.hour() + 11) % 12 + 1).to_string(),
            // From noon or midnight on, one less than the hour: Matomo begins with eleven.
            "K" => ((at.hour() + 11) % 12).to_string(),
            "a" | "b" | "B" => self.text(if at.hour() < 12 { "Intl_Time_AM" } else { "Intl_Time_PM" }).to_owned(),
            "mm" | "m" => format!("{:02}", at.minute()),
            "ss" | "s" => format!("{:02}", at.second()),
            other if other.starts_with(['G', 'z', 'Z', 'v']) => String::new(),
            other => other.to_owned(),
        }
    }
}

/// Where the second date of a pattern of two begins: at the first day, month or year that was there before.
fn second_date(pattern: &str) -> usize {
    let fields: [&[char]; 3] = [&['d', 'E', 'C'], &['M', 'L'], &['y']];
    let mut is_quoted = false;
    let mut before: Option<usize> = None;
    let mut seen = [false; 3];
    for (at, letter) in pattern.char_indices() {
        is_quoted ^= letter == '\'';
        let field = fields.iter().position(|letters| !is_quoted && letters.contains(&letter));
        if let Some(field) = field.filter(|field| before != Some(*field)) {
            if seen[field] {
                return at;
            }
            seen[field] = true;
        }
        before = field;
    }
    pattern.len()
}

/// The text with a capital at its beginning.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn speaking(texts: &[(&str, &str)]) -> Calendar {
        Calendar(Some(Arc::new(Dictionary::of_texts(texts))), false)
    }

    #[test]
    fn periods_are_told_in_words() {
        let english = Calendar::default();
        let day = date(2012, 8, 10);
        assert_eq!(english.long(PeriodKind::Day.around(day)), "Friday, August 10, 2012");
        assert_eq!(english.long(PeriodKind::Week.around(day)), "week August 6\u{2009}–\u{2009}12, 2012");
        assert_eq!(english.long(PeriodKind::Month.around(day)), "August 2012");
        assert_eq!(english.long(PeriodKind::Year.around(day)), "2012");
        assert_eq!(english.short(PeriodKind::Day.around(day)), "Fri, Aug 10");
        assert_eq!(english.short(PeriodKind::Week.around(day)), "Aug 6\u{2009}–\u{2009}12, 2012");
        assert_eq!(english.span("Long", day, date(2012, 9, 2)), "August 10\u{2009}–\u{2009}September 2, 2012");
        assert_eq!(
            english.span("Long", date(2012, 12, 31), date(2013, 1, 6)),
            "December 31, 2012\u{2009}–\u{2009}January 6, 2013"
        );
    }

    #[test]
    fn moments_are_told_in_words() {
        let english = Calendar::default();
        let at = date(2011, 4, 5).at(7, 41, 42, 0);
        assert_eq!(english.day(at.date()), "Tuesday, April 5, 2011");
        assert_eq!(english.clock(at), "07:41:42");
        assert_eq!(english.moment(at), "Apr 5, 2011 07:41:42");
    }

    #[test]
    fn other_languages_have_patterns_of_their_own() {
        let german = speaking(&[
            ("Intl_Format_Date_Long", "EEEE, d. MMMM y"),
            ("Intl_Format_DateTime_Short", "dd.MM.y {time}"),
            ("Intl_Format_Interval_Long_D", "d.–d. MMMM y"),
            ("Intl_Format_Interval_Long_M", "d. MMMM\u{2009}–\u{2009}d. MMMM y"),
            ("Intl_Format_Month_Short", "MMM y"),
            ("Intl_PeriodWeek", "Woche"),
            ("Intl_Month_Long_3", "März"),
            ("Intl_Month_Long_4", "April"),
            ("Intl_Month_Short_2", "Feb."),
            ("Intl_Day_Long_3", "Mittwoch"),
        ]);
        let at = date(2024, 3, 27).at(19, 49, 30, 0);
        assert_eq!(german.day(at.date()), "Mittwoch, 27. März 2024");
        assert_eq!(german.moment(at), "27.3.2024 19:49:30");
        assert_eq!(german.long(PeriodKind::Week.around(date(2024, 3, 27))), "Woche 25.–31. März 2024");
        assert_eq!(german.span("Long", date(2024, 3, 27), date(2024, 4, 2)), "27. März\u{2009}–\u{2009}2. April 2024");
        assert_eq!(german.short(PeriodKind::Month.around(date(2024, 2, 9))), "Feb. 2024");
    }

    #[test]
    fn what_is_quoted_stands_for_itself() {
        let spanish = speaking(&[
            ("Intl_Format_Date_Long", "EEEE, d 'de' MMMM 'de' y"),
            ("Intl_Format_Interval_Long_M", "d 'de' MMMM – d 'de' MMMM 'de' y"),
            ("Intl_Day_Long_3", "miércoles"),
            ("Intl_Month_Long_3", "marzo"),
            ("Intl_Month_Long_4", "abril"),
        ]);
        assert_eq!(spanish.day(date(2024, 3, 27)), "Miércoles, 27 de marzo de 2024");
        assert_eq!(spanish.span("Long", date(2024, 3, 27), date(2024, 4, 2)), "27 de marzo – 2 de abril de 2024");
        let japanese = speaking(&[("Intl_Format_Date_Day_Month", "M月d日(E)"), ("Intl_Day_Short_3", "水")]);
        assert_eq!(japanese.short(PeriodKind::Day.around(date(2024, 3, 27))), "03月27日(水)");
    }
}
