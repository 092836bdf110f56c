use footfall_model::{Column, ConversionRow, Error, Fact, HitRow, ItemRow, Scope, Text, Value, ValueRef, VisitRow};

/// Names with text values, as rows carry them.
pub type Props = Vec<(Text, Text)>;

/// A row of a table of facts, seen as values in the order of [`crate::Table::plain`], and its properties after them.
pub trait FactRow: Sized {
    /// The table.
    const FACT: Fact;

    /// The columns that the row type declares itself: the first of its table.
    const OWN: &'static [Column];

    /// Hands over every plain column's value, in order.
    fn each_value<'a>(&'a self, take: impl FnMut(ValueRef<'a>));

    /// The properties, in the order of the columns of kind [`footfall_model::Kind::Props`].
    fn props(&self) -> Vec<&Props>;

    /// The row of these values and properties. `facts` is how many catalogue columns the table has.
    fn from_parts(values: &[Value], facts: usize, props: Vec<Props>) -> Self;

    /// The values of catalogue columns.
    fn facts(&self) -> &[Value];

    /// The scope of the catalogue columns; `None` where there are none.
    const SCOPE: Option<Scope>;
}

/// Refuses a row that does not carry exactly one value for each catalogue column.
pub fn check_row<R: FactRow>(row: &R, facts: usize) -> Result<(), Error> {
    if row.facts().len() == facts {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "a row of `{}` carries {} catalogue values and not {facts}",
        crate::table_name(R::FACT),
        row.facts().len()
    )))
}

/// The properties as they are kept: of a name said twice the first counts.
pub fn kept_props(given: &Props) -> impl Iterator<Item = &(Text, Text)> {
    given
        .iter()
        .enumerate()
        .filter(|(place, (name, _))| given[..*place].iter().all(|(before, _)| before != name))
        .map(|(_, prop)| prop)
}

fn slots(values: &[Value]) -> [Option<Text>; 10] {
    std::array::from_fn(|slot| match values.get(slot) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    })
}

fn slot_value(slot: &Option<Text>) -> ValueRef<'_> {
    slot.as_deref().map_or(ValueRef::Null, ValueRef::Text)
}

macro_rules! fact_row {
    ($row:ident, $fact:ident, $scope:expr, facts: [$($facts:ident)?], slots: [$($slots:ident)?], props: [$($props:ident)*]) => {
        impl FactRow for $row {
            const FACT: Fact = Fact::$fact;
            const SCOPE: Option<Scope> = $scope;
            const OWN: &'static [Column] = $row::COLUMNS;

            fn each_value<'a>(&'a self, mut take: impl FnMut(ValueRef<'a>)) {
                $row::each_value(self, &mut take);
                $(self.$facts.iter().map(Value::seen).for_each(&mut take);)?
                $(self.$slots.iter().map(slot_value).for_each(&mut take);)?
            }

            fn props(&self) -> Vec<&Props> {
                vec![$(&self.$props),*]
            }

            fn from_parts(values: &[Value], facts: usize, props: Vec<Props>) -> $row {
                let own = $row::COLUMNS.len().min(values.len());
                let (own, rest) = values.split_at(own);
                let (kept, rest) = rest.split_at(facts.min(rest.len()));
                let mut props = props.into_iter();
                let row = $row::from_values(own);
                let _ = (&kept, &rest, &mut props);
                $row {
                    $($facts: kept.to_vec(),)?
                    $($slots: slots(rest),)?
                    $($props: props.next().unwrap_or_default(),)*
                    ..row
                }
            }

            fn facts(&self) -> &[Value] {
                fact_row!(@facts self $($facts)?)
            }
        }
    };
    (@facts $row:ident $facts:ident) => { &$row.$facts };
    (@facts $row:ident) => { &[] };
}

fact_row!(VisitRow, Visits, Some(Scope::Visit), facts: [facts], slots: [slots], props: [entry_props cvars]);
fact_row!(HitRow, Hits, Some(Scope::Action), facts: [facts], slots: [slots], props: [props cvars]);
fact_row!(ConversionRow, Conversions, None, facts: [], slots: [slots], props: [cvars]);
fact_row!(ItemRow, Items, None, facts: [], slots: [], props: []);

#[cfg(test)]
mod tests {
    use footfall_model::Catalogue;

    use super::*;
    use crate::Schema;

    #[test]
    fn a_hit_survives_the_way_through_values() {
        let catalogue = Catalogue::built_in();
        let facts = catalogue.facts(Scope::Action).len();
        let mut slots: [Option<Text>; 10] = Default::default();
        slots[9] = Some(Text::from("gold"));
        let hit = HitRow {
            hit_id: 3,
            revenue: Some(2.5),
            facts: vec![Value::Int(7); facts],
            slots,
            props: vec![(Text::from("plan"), Text::from("b"))],
            ..HitRow::default()
        };
        let mut values = Vec::new();
        FactRow::each_value(&hit, |value| values.push(Value::from(value)));
        let schema = Schema::of(&catalogue);
        assert_eq!(values.len(), schema.table(Fact::Hits).plain().count());
        let props = hit.props().into_iter().cloned().collect();
        assert_eq!(HitRow::from_parts(&values, facts, props), hit);
    }

    #[test]
    fn of_a_name_said_twice_the_first_counts() {
        let text = Text::from;
        let given = vec![(text("a"), text("1")), (text("b"), text("2")), (text("a"), text("3"))];
        let kept: Vec<&str> = kept_props(&given).map(|(_, value)| &**value).collect();
        assert_eq!(kept, ["1", "2"]);
    }
}
