use crate::{ActionKind, Column, Fact, TimePart, Value};

/// How a value is stored and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Yes or no.
    Flag,
    /// A small whole number, 0 to 255.
    Small,
    /// A whole number, 0 to 2^32 - 1.
    Count,
    /// 64 bits that identify something, kept as a signed number of the same bits.
    Id,
    /// Milliseconds since the epoch.
    Moment,
    /// A real number.
    Real,
    /// Text with few different values, stored in place.
    Text,
    /// Text with many different values: stored once in the dictionary, rows hold its number; 0 is no text.
    Long,
    /// Names with text values.
    Props,
}

/// What a dimension is a fact about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The visit.
    Visit,
    /// One action.
    Action,
    /// One conversion of a goal, an order or a cart.
    Conversion,
    /// One item of an order or a cart.
    Item,
}

impl Scope {
    /// The table that holds facts of this scope.
    pub fn fact(self) -> Fact {
        match self {
            Scope::Visit => Fact::Visits,
            Scope::Action => Fact::Hits,
            Scope::Conversion => Fact::Conversions,
            Scope::Item => Fact::Items,
        }
    }
}

/// Reads a tracking parameter; `None` when it says nothing usable.
pub type Parse = fn(&str) -> Option<Value>;

/// Where a dimension's values come from.
#[derive(Clone, Copy)]
pub enum Source {
    /// A tracking parameter: decoded wherever it is sent, kept as a catalogue column.
    Param {
        /// The parameter of Matomo's tracking API.
        matomo: &'static str,
        /// Reads it.
        parse: Parse,
    },
    /// Worked out by an enrichment step, kept as a catalogue column.
    Enriched,
    /// A field the machine reasons about: a column that the row types declare themselves.
    Field,
    /// A part of a moment on the site's clock; not a column.
    Clock(TimePart),
}

/// The names a dimension has on the wires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Names {
    /// The name in Matomo's segments.
    pub matomo: Option<&'static str>,
    /// The name in Plausible's queries, such as `visit:browser`.
    pub plausible: Option<&'static str>,
}

/// Something that can be grouped by or filtered on: declared once, found by everything that needs it.
#[derive(Clone, Copy)]
pub struct Dimension {
    /// The name within Footfall, such as `visit.resolution`.
    pub id: &'static str,
    /// The column that holds it (for [`Source::Clock`] the moment it is a part of).
    pub column: &'static str,
    /// What it is a fact about.
    pub scope: Scope,
    /// How its values are stored.
    pub kind: Kind,
    /// Where its values come from.
    pub source: Source,
    /// The kinds of action it is a fact about; empty means all.
    pub kinds: &'static [ActionKind],
    /// Its names on the wires.
    pub names: Names,
    /// What a person reads.
    pub title: &'static str,
    /// One sentence that explains it.
    pub doc: &'static str,
}

impl Dimension {
    /// The column queries name.
    pub fn at(&self) -> Column {
        Column { fact: self.scope.fact(), name: self.column, kind: self.kind }
    }

    /// The field that holds it in lines of events, as they are exported and imported: the column's name, but where that would tell
    /// less than it means, or is the name of another field.
    pub fn field(&self) -> &'static str {
        match self.id {
            "visit.source" => "referrer_source",
            "visit.browser_release" => "browser_version",
            "visit.browser_version" => "browser_full_version",
            "visit.os_release" => "os_version",
            "visit.os_version" => "os_full_version",
            "visit.screen_class" => "device",
            "visit.resolution" => "screen",
            _ => self.column,
        }
    }

    /// Whether it is a catalogue column (and not a field of the row types).
    pub fn is_catalogue_column(&self) -> bool {
        matches!(self.source, Source::Param { .. } | Source::Enriched)
    }
}

impl std::fmt::Debug for Dimension {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}
