use std::collections::HashMap;

use crate::{Column, ConversionRow, Dimension, Fact, HitRow, ItemRow, Kind, Scope, VisitRow, dimensions};

/// Every dimension known. A name is taken once.
pub struct Catalogue {
    dimensions: Vec<&'static Dimension>,
    by_id: HashMap<&'static str, &'static Dimension>,
    by_segment: HashMap<&'static str, &'static Dimension>,
    by_plausible: HashMap<&'static str, &'static Dimension>,
    visit_facts: Vec<&'static Dimension>,
    action_facts: Vec<&'static Dimension>,
}

impl Default for Catalogue {
    fn default() -> Catalogue {
        Catalogue::built_in()
    }
}

impl Catalogue {
    /// Properties of a visit's first event.
    pub const ENTRY_PROPS: Column = Column { fact: Fact::Visits, name: "entry_props", kind: Kind::Props };
    /// Matomo's custom variables of visit scope.
    pub const VISIT_VARIABLES: Column = Column { fact: Fact::Visits, name: "cvars", kind: Kind::Props };
    /// The same of a conversion, as the visit had them at that moment.
    pub const CONVERSION_VARIABLES: Column = Column { fact: Fact::Conversions, name: "cvars", kind: Kind::Props };
    /// Properties of an event or page view.
    pub const PROPS: Column = Column { fact: Fact::Hits, name: "props", kind: Kind::Props };
    /// Matomo's custom variables of page scope.
    pub const PAGE_VARIABLES: Column = Column { fact: Fact::Hits, name: "cvars", kind: Kind::Props };

    /// The dimensions that come with Footfall.
    pub fn built_in() -> Catalogue {
        let dimensions: Vec<&'static Dimension> = dimensions::ALL.to_vec();
        let stored = |scope: Scope| {
            dimensions.iter().filter(|dimension| dimension.scope == scope && dimension.is_catalogue_column()).copied().collect()
        };
        Catalogue {
            by_id: dimensions.iter().map(|dimension| (dimension.id, *dimension)).collect(),
            by_segment: dimensions.iter().filter_map(|dimension| Some((dimension.names.matomo?, *dimension))).collect(),
            by_plausible: dimensions.iter().filter_map(|dimension| Some((dimension.names.plausible?, *dimension))).collect(),
            visit_facts: stored(Scope::Visit),
            action_facts: stored(Scope::Action),
            dimensions,
        }
    }

    /// Every dimension, in display order.
    pub fn dimensions(&self) -> &[&'static Dimension] {
        &self.dimensions
    }

    /// The dimension of this id.
    pub fn get(&self, id: &str) -> Option<&'static Dimension> {
        self.by_id.get(id).copied()
    }

    /// The dimension that Matomo's segments call by this name.
    pub fn segment(&self, name: &str) -> Option<&'static Dimension> {
        self.by_segment.get(name).copied()
    }

    /// The dimension that Plausible's queries call by this name.
    pub fn plausible(&self, name: &str) -> Option<&'static Dimension> {
        self.by_plausible.get(name).copied()
    }

    /// The catalogue columns of a scope, in the order rows keep them in `facts`.
    pub fn facts(&self, scope: Scope) -> &[&'static Dimension] {
        match scope {
            Scope::Visit => &self.visit_facts,
            Scope::Action => &self.action_facts,
            Scope::Conversion | Scope::Item => &[],
        }
    }

    /// The place of a catalogue column in the `facts` of its rows.
    pub fn fact_index(&self, dimension: &Dimension) -> Option<usize> {
        self.facts(dimension.scope).iter().position(|known| known.id == dimension.id)
    }

    /// Every column of a table of facts, in the order stores keep them: the row type's own, the catalogue's, the slots, the props.
    pub fn columns(&self, fact: Fact) -> Vec<Column> {
        let (own, scope, slots): (&[Column], Option<Scope>, bool) = match fact {
            Fact::Visits => (VisitRow::COLUMNS, Some(Scope::Visit), true),
            Fact::Hits => (HitRow::COLUMNS, Some(Scope::Action), true),
            Fact::Conversions => (ConversionRow::COLUMNS, None, true),
            Fact::Items => (ItemRow::COLUMNS, None, false),
        };
        let mut columns = own.to_vec();
        if let Some(scope) = scope {
            columns.extend(self.facts(scope).iter().map(|dimension| dimension.at()));
        }
        if slots {
            columns.extend(SLOT_NAMES.iter().map(|name| Column { fact, name, kind: Kind::Text }));
        }
        match fact {
            Fact::Visits => columns.extend([Catalogue::ENTRY_PROPS, Catalogue::VISIT_VARIABLES]),
            Fact::Hits => columns.extend([Catalogue::PROPS, Catalogue::PAGE_VARIABLES]),
            Fact::Conversions => columns.push(Catalogue::CONVERSION_VARIABLES),
            Fact::Items => {}
        }
        columns
    }

    /// The column of a custom dimension's slot, from 1.
    pub fn slot(&self, fact: Fact, slot: u8) -> Option<Column> {
        let name = SLOT_NAMES.get(usize::from(slot).checked_sub(1)?)?;
        Some(Column { fact, name, kind: Kind::Text })
    }
}

const SLOT_NAMES: [&str; 10] = ["d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9", "d10"];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_taken_once() {
        let catalogue = Catalogue::built_in();
        let mut ids = HashSet::new();
        let mut segments = HashSet::new();
        let mut plausible = HashSet::new();
        for dimension in catalogue.dimensions() {
            assert!(ids.insert(dimension.id), "`{}` twice", dimension.id);
            if let Some(name) = dimension.names.matomo {
                assert!(segments.insert(name), "segment `{name}` twice");
                assert!(name.starts_with(|sign: char| sign.is_ascii_lowercase()), "segment `{name}` is not lower camel case");
            }
            if let Some(name) = dimension.names.plausible {
                assert!(plausible.insert(name), "`{name}` twice");
            }
            assert!(!dimension.title.is_empty() && !dimension.doc.is_empty(), "`{}` is not explained", dimension.id);
        }
    }

    #[test]
    fn a_field_of_a_line_holds_one_fact() {
        let catalogue = Catalogue::built_in();
        let mut fields = HashSet::new();
        for dimension in catalogue.facts(Scope::Visit).iter().chain(catalogue.facts(Scope::Action)) {
            assert!(fields.insert(dimension.field()), "`{}` of `{}` twice", dimension.field(), dimension.id);
        }
    }

    #[test]
    fn every_dimension_has_a_column() {
        let catalogue = Catalogue::built_in();
        for fact in [Fact::Visits, Fact::Hits, Fact::Conversions, Fact::Items] {
            let columns = catalogue.columns(fact);
            let names: HashSet<&str> = columns.iter().map(|column| column.name).collect();
            assert_eq!(names.len(), columns.len(), "a column of {fact:?} twice");
            for dimension in catalogue.dimensions().iter().filter(|dimension| dimension.scope.fact() == fact) {
                let column = columns.iter().find(|column| column.name == dimension.column);
                let column = column.unwrap_or_else(|| panic!("`{}` has no column", dimension.id));
                if !matches!(dimension.source, crate::Source::Clock(_)) {
                    assert_eq!(column.kind, dimension.kind, "`{}`", dimension.id);
                }
            }
        }
    }
}
