//! Custom variables, by name and by value.

use footfall_model::{
    ActionKind, Aggregate, Catalogue, Cell, Column, DataTable, Error, Fact, Filter, Key, Measure, Name, Op, Row, Text, Value,
    variable,
};

use crate::{
    Ask, Limited, Report,
    record::{
        actions::hit,
        breakdown::is,
        tree::{Place, Tree},
        visits,
    },
};

/// Visits and actions by the names of custom variables.
pub const NAMES: Report = Report {
    action: "getCustomVariables",
    title: "Custom Variables",
    doc: "The custom variables of visits and of pages. Numbers of visits are only known of those that belong to visits.",
    subcategory: "CustomVariables_CustomVariables",
    dimension: Some("Custom Variable name"),
    dimension_id: "CustomVariables.CustomVariableName",
    subtable: Some("getCustomVariablesValuesFromNameId"),
    has_goals: true,
    order: 10,
    make: |ask| Box::pin(names(ask)),
    ..VARIABLES
};

/// The values that custom variables of one name had.
pub const VALUES: Report = Report {
    action: "getCustomVariablesValuesFromNameId",
    title: "Custom Variables",
    doc: "The values that custom variables of one name had.",
    dimension: Some("Custom Variable value"),
    dimension_id: "CustomVariables.CustomVariableValue",
    is_subtable: true,
    order: 15,
    make: |ask| Box::pin(values(ask)),
    ..VARIABLES
};

const VARIABLES: Report = Report {
    module: "CustomVariables",
    category: "General_Visitors",
    sort: "nb_actions",
    limited: Limited::CustomDimensions,
    by_days: true,
    // Of single days unique visitors are not told; of longer periods their sums are.
    queued: &[|table, _| {
        table.each_row(&mut |row: &mut Row| {
            row.remove(visits::CORE[UNIQUE]);
        });
    }],
    ..Report::BASE
};

const NO_VALUE: &str = "Value not defined";

/// Names that stood for products and site searches at Matomo, before those had a place of their own.
const RESERVED: [&str; 6] = ["_pks", "_pkn", "_pkc", "_pkp", "_pk_scat", "_pk_scount"];

/// The places of columns in [`visits::CORE`].
const UNIQUE: usize = 0;
const USERS: usize = 3;
const MOST_ACTIONS: usize = 4;

/// What a variable belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    Visit,
    Page,
}

impl Scope {
    fn name(self) -> &'static str {
        match self {
            Scope::Visit => "visit",
            Scope::Page => "page",
        }
    }

    fn column(self) -> Column {
        match self {
            Scope::Visit => Catalogue::VISIT_VARIABLES,
            Scope::Page => Catalogue::PAGE_VARIABLES,
        }
    }
}

async fn names(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let mut table = table(ask).await?;
    if ask.options.is_single && !ask.options.reserved_variables {
        table.rows.retain(|row| !RESERVED.contains(&row.label()));
    }
    if !ask.options.flat {
        for row in &mut table.rows {
            let segment = is("customVariableName", row.label());
            row.set_metadata("segment", Cell::text(&segment));
        }
    }
    Ok(table)
}

async fn values(ask: &Ask<'_>) -> Result<DataTable, Error> {
    Ok(ask.below(table(ask).await?).1)
}

async fn table(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let mut tree = Tree::new(visits::columns(ask.slice.period));
    if ask.reader.tells_text_sums(ask.slice) {
        tree = tree.telling_text_sums(&visits::TEXT_SUMS);
    }
    let mut slots = Slots::default();
    let (of_visits, of_pages) = (used(ask, Scope::Visit).await?, used(ask, Scope::Page).await?);
    for number in 1..=variable::MOST {
        if of_visits.contains(&number) {
            add_visits(ask, number, &mut tree, &mut slots).await?;
        }
        if of_pages.contains(&number) {
            add_pages(ask, number, &mut tree, &mut slots).await?;
        }
        if of_visits.contains(&number) {
            add_goals(ask, number, &mut tree).await?;
        }
    }
    forget_visits_of_pages(&mut tree);
    slots.tell(&mut tree);
    let mut table = tree.into_table();
    // Actions with a variable are counted, not added up.
    table.each_row(&mut |row: &mut Row| {
        if row.get("max_actions").is_none() {
            row.text_sums.clear();
        }
    });
    Ok(table)
}

/// The numbers that are in use.
async fn used(ask: &Ask<'_>, scope: Scope) -> Result<Vec<u32>, Error> {
    let column = scope.column();
    let mut query = ask.slice.query(column.fact);
    query.filter = ask.reader.segment_filter(ask.slice)?;
    query.keys = vec![Key::PropNames(column)];
    query.measures = vec![Measure::new("n", Aggregate::Count)];
    let rows = ask.reader.ask(&query).await?.rows;
    Ok(rows.iter().filter_map(|row| row[0].as_str()?.strip_prefix('k')?.parse().ok()).collect())
}

fn keys(scope: Scope, number: u32) -> [Key; 2] {
    keys_in(scope.column(), number)
}

fn keys_in(column: Column, number: u32) -> [Key; 2] {
    [Key::Prop(column, variable::name_key(number)), Key::Prop(column, variable::value_key(number))]
}

fn is_named(scope: Scope, number: u32) -> Filter {
    Filter::test(Key::Prop(scope.column(), variable::name_key(number)), Op::IsNot, vec![Value::Null])
}

/// The row of a name and, below it, that of a value.
fn places(tree: &mut Tree, keys: &[Value]) -> (Place, Place) {
    let text = |value: &Value| Text::from(value.as_str().unwrap_or_default());
    let name = tree.row(None, &text(&keys[0]));
    let value = match text(&keys[1]) {
        value if value.is_empty() => Text::from(NO_VALUE),
        value => value,
    };
    let below = tree.row(Some(name), &value);
    (name, below)
}

async fn add_visits(ask: &Ask<'_>, number: u32, tree: &mut Tree, slots: &mut Slots) -> Result<(), Error> {
    let (keys, only) = (keys(Scope::Visit, number), is_named(Scope::Visit, number));
    for group in visits::by_with(ask.reader, ask.slice, &keys, only, Vec::new()).await? {
        let (name, value) = places(tree, &group.keys);
        slots.add(name, Scope::Visit, number);
        visits::add(tree, name, &group);
        visits::add(tree, value, &group);
    }
    Ok(())
}

async fn add_pages(ask: &Ask<'_>, number: u32, tree: &mut Tree, slots: &mut Slots) -> Result<(), Error> {
    let mut query = ask.slice.query(Fact::Hits);
    let actions = Filter::is(hit("kind"), ActionKind::Engagement as i64).negated();
    query.filter = ask.reader.segment_filter(ask.slice)?.and(actions).and(is_named(Scope::Page, number));
    query.keys = keys(Scope::Page, number).to_vec();
    query.measures = vec![
        Measure::new("nb_uniq_visitors", Aggregate::DailyVisitors),
        Measure::new("nb_visits", Aggregate::Visits),
        Measure::new("nb_actions", Aggregate::Count),
    ];
    for row in ask.reader.ask(&query).await?.rows {
        let (name, value) = places(tree, &row[..2]);
        slots.add(name, Scope::Page, number);
        tree.add(name, UNIQUE, &row[2..]);
        tree.add(value, UNIQUE, &row[2..]);
    }
    Ok(())
}

async fn add_goals(ask: &Ask<'_>, number: u32, tree: &mut Tree) -> Result<(), Error> {
    for reached in visits::reached_by(ask.reader, ask.slice, &keys_in(Catalogue::CONVERSION_VARIABLES, number)).await? {
        if reached.keys[0].as_str().is_none_or(str::is_empty) {
            continue;
        }
        let (name, value) = places(tree, &reached.keys);
        for place in [name, value] {
            tree.add_goal(place, reached.goal, &reached.metrics);
        }
    }
    Ok(())
}

/// A page can say one name several times in a visit: how many visits said it is only known of each value.
fn forget_visits_of_pages(tree: &mut Tree) {
    for name in tree.roots() {
        if tree.value(name, MOST_ACTIONS).is_null() && !RESERVED.contains(&tree.label(name)) {
            for column in [UNIQUE, UNIQUE + 1, USERS] {
                tree.set(name, column, Value::Null);
            }
        }
    }
}

/// Which numbers a name stood under.
#[derive(Default)]
struct Slots(Vec<(Place, Vec<(Scope, u32)>)>);

impl Slots {
    fn add(&mut self, name: Place, scope: Scope, number: u32) {
        let at = match self.0.iter().position(|(known, _)| *known == name) {
            Some(at) => at,
            None => {
                self.0.push((name, Vec::new()));
                self.0.len() - 1
            }
        };
        if !self.0[at].1.contains(&(scope, number)) {
            self.0[at].1.push((scope, number));
        }
    }

    fn tell(self, tree: &mut Tree) {
        for (name, slots) in self.0 {
            let told = slots.into_iter().map(|(scope, number)| {
                let entries: Vec<(Name, Cell)> =
                    vec![("scope".into(), Cell::text(scope.name())), ("index".into(), i64::from(number).into())];
                Cell::Map(entries)
            });
            tree.set_metadata(name, "slots", Cell::List(told.collect()));
        }
    }
}
