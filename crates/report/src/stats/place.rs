use footfall_model::{Catalogue, Column, Text, Value};

use crate::names;

/// A place that is kept as a code and shown by its English name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    column: Column,
    is_country: bool,
}

impl Place {
    pub(super) fn country(catalogue: &Catalogue) -> Option<Place> {
        Some(Place { column: catalogue.get("visit.country")?.at(), is_country: true })
    }

    pub(super) fn region(catalogue: &Catalogue) -> Option<Place> {
        Some(Place { column: catalogue.get("visit.region")?.at(), is_country: false })
    }

    pub(super) fn column(&self) -> Option<Column> {
        Some(self.column)
    }

    /// The name for a code; the code where there is no name.
    pub(super) fn label(&self, code: &Value) -> Option<Text> {
        let code = code.as_str().filter(|code| !code.is_empty())?;
        let name = if self.is_country { names::countries::name(code) } else { names::regions::name(code) };
        Some(Text::from(name.unwrap_or(code)))
    }

    /// The codes whose names satisfy a condition.
    pub(super) fn codes(&self, holds: impl Fn(&str) -> bool) -> Vec<Value> {
        let all = if self.is_country { names::countries::all() } else { names::regions::all() };
        all.iter().filter(|(_, name)| holds(name)).map(|(code, _)| Value::text(code)).collect()
    }
}
