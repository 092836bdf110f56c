//! Matomo's segments as conditions on the rows of a table of facts.
//!
//! Conditions on visits are tested on the visit's columns. Conditions on actions, conversions and items hold for a visit when one
//! action (conversion, item) satisfies all of them together; where the rows asked for are of that kind themselves, they have to
//! satisfy them. A `!=` or `!@` on anything but visits rules out every visit in which the opposite happened.

mod choice;
mod name;
mod region;
mod suggest;
mod value;

use footfall_model::{Catalogue, Condition, Error, Fact, Filter, Related, Segment, SegmentOp, Site};

use name::Atom;
pub use suggest::suggest;
pub use value::without_scheme;

/// The rows of the fact that a segment lets through, for one site.
///
/// # Errors
/// When the segment names something that is not known, or leaves out a value that is needed.
pub fn filter(segment: &Segment, fact: Fact, site: &Site, catalogue: &Catalogue) -> Result<Filter, Error> {
    let mut compiled = Filter::All;
    let mut by_fact: Vec<(Fact, Filter)> = Vec::new();
    for any in &segment.all {
        let clause = Clause::read(any, site, catalogue)?;
        match clause.sole_fact() {
            // Conditions on other facts are gathered: one row has to satisfy all of them.
            // So it is with items among items: those of a visit in which one satisfies them all count.
            Some(other) if (other != fact || fact == Fact::Items) && other != Fact::Visits => {
                let together = clause.positive(other);
                match by_fact.iter_mut().find(|(known, _)| *known == other) {
                    Some((_, held)) => *held = std::mem::take(held).and(together),
                    None => by_fact.push((other, together)),
                }
                compiled = compiled.and(clause.ruled_out(fact));
            }
            _ => compiled = compiled.and(clause.filter(fact)),
        }
    }
    for (other, together) in by_fact {
        if together != Filter::All {
            compiled = compiled.and(has(other, together));
        }
    }
    Ok(compiled)
}

/// Whether every name of the segment is known to the site.
///
/// # Errors
/// Names the first one that is not.
pub fn check(segment: &Segment, site: &Site, catalogue: &Catalogue) -> Result<(), Error> {
    filter(segment, Fact::Visits, site, catalogue).map(|_| ())
}

/// Whether a name means something for a site.
pub fn is_known(name: &str, site: &Site, catalogue: &Catalogue) -> bool {
    let condition = Condition { name: name.to_owned(), op: SegmentOp::Is, value: "1".to_owned() };
    name::resolve(&condition, site, catalogue).is_ok()
}

/// One group of conditions, of which one has to hold.
struct Clause {
    /// Conditions that a row satisfies.
    plain: Vec<Atom>,
    /// Conditions on other facts than visits, turned round: visits in which they hold are ruled out.
    ruled_out: Vec<Atom>,
    /// How many conditions there are in all.
    n: usize,
}

impl Clause {
    fn read(any: &[Condition], site: &Site, catalogue: &Catalogue) -> Result<Clause, Error> {
        let mut clause = Clause { plain: Vec::new(), ruled_out: Vec::new(), n: any.len() };
        for condition in any {
            value::check(condition)?;
            let is_negative = matches!(condition.op, SegmentOp::IsNot | SegmentOp::ContainsNot) && !condition.value.is_empty();
            let atoms = name::resolve(condition, site, catalogue)?;
            let is_without = condition.value.is_empty() && condition.op == SegmentOp::Is;
            let on_visits = atoms.iter().any(|atom| atom.fact == Fact::Visits);
            if is_negative && !on_visits {
                let opposite = Condition {
                    op: match condition.op {
                        SegmentOp::IsNot => SegmentOp::Is,
                        _ => SegmentOp::Contains,
                    },
                    ..condition.clone()
                };
                let atoms = name::resolve(&opposite, site, catalogue)?;
                clause.ruled_out.push(Atom::any(atoms));
            } else {
                let atom = Atom::any(atoms);
                let or_none = is_without && !on_visits && atom.filter != Filter::None;
                clause.plain.push(Atom { or_none, ..atom });
            }
        }
        Ok(clause)
    }

    /// The one fact, other than visits, that all plain conditions are about, or visits when they are about nothing else.
    fn sole_fact(&self) -> Option<Fact> {
        let mut sole = None;
        for atom in &self.plain {
            if atom.or_none {
                return None;
            }
            if atom.fact == Fact::Visits {
                continue;
            }
            match sole {
                None => sole = Some(atom.fact),
                Some(known) if known != atom.fact => return None,
                Some(_) => {}
            }
        }
        match (sole, self.ruled_out.is_empty()) {
            (Some(fact), true) => Some(fact),
            (None, _) => Some(Fact::Visits),
            (Some(_), false) => None,
        }
    }

    /// The plain conditions on a row of the fact they are about.
    fn positive(&self, fact: Fact) -> Filter {
        any(self.plain.iter().map(|atom| atom.on(fact)).collect())
    }

    /// Visits that are ruled out, where that is all the clause says.
    fn ruled_out(&self, fact: Fact) -> Filter {
        if self.ruled_out.is_empty() || self.n > self.ruled_out.len() {
            return Filter::All;
        }
        self.nothing_of_all(fact)
    }

    /// No row of another fact satisfies all that is ruled out at once.
    fn nothing_of_all(&self, _fact: Fact) -> Filter {
        let mut together: Vec<(Fact, Filter)> = Vec::new();
        for atom in &self.ruled_out {
            match together.iter_mut().find(|(known, _)| *known == atom.fact) {
                Some((_, held)) => *held = std::mem::take(held).and(atom.filter.clone()),
                None => together.push((atom.fact, atom.filter.clone())),
            }
        }
        let mut all = Filter::All;
        for (other, filter) in together {
            all = all.and(has(other, filter));
        }
        all.negated()
    }

    /// The whole clause on a row of the fact.
    fn filter(&self, fact: Fact) -> Filter {
        let mut filters: Vec<Filter> = self.plain.iter().map(|atom| atom.on(fact)).collect();
        if !self.ruled_out.is_empty() {
            filters.push(self.nothing_of_all(fact));
        }
        any(filters)
    }
}

fn any(mut filters: Vec<Filter>) -> Filter {
    match filters.len() {
        0 => Filter::All,
        1 => filters.remove(0),
        _ => Filter::Or(filters),
    }
}

/// A related row in the same visit.
fn has(fact: Fact, filter: Filter) -> Filter {
    Filter::Has { fact, related: Related::SameVisit, filter: Box::new(filter) }
}
