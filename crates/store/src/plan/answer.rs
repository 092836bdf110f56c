use footfall_model::{Error, Fact, Filter, Having, Key, Kind, Millis, Order, Query};

use super::{
    Plan, Planner, Shape,
    check::measure_place,
    compare::{any, number, positive},
    condition::{Place, condition, not},
    measure::{Written, measure, shape, whole},
    writer::{Writer, comparable, from, of},
};
use crate::TEXTS;

/// Groups and measures first, then everything that is done to whole groups: conditions on measures, texts, order, limit.
pub(super) fn plan(planner: &Planner<'_>, query: &Query) -> Result<Plan, Error> {
    let mut writer = Writer::of_query(planner, query);
    let place = Place { fact: query.fact, visits_joined: joins_visits(query) };
    let one_day = in_one_day(query);

    let mut rows = Source::new(&writer, place);
    if query.filter != Filter::All {
        let wanted = condition(&mut writer, place, &query.filter)?;
        rows.wanted.push(wanted);
    }
    let mut keys = Vec::new();
    let mut shapes = Vec::new();
    for key in &query.keys {
        let (sql, shape) = key_sql(&mut writer, place, key, &mut rows)?;
        keys.push(sql);
        shapes.push(shape);
    }
    let mut grouped = Grouped::default();
    for asked in &query.measures {
        let written = measure(&mut writer, place, query, asked, one_day)?;
        grouped.add(&writer, &keys, &rows, written, &asked.aggregate);
        shapes.push(shape(&asked.aggregate));
    }
    let with = grouped.with(&keys, &rows, query)?;
    Ok(finish(&writer, query, with, shapes))
}

/// The rows that are grouped.
#[derive(Clone)]
struct Source {
    fact: Fact,
    from: String,
    wanted: Vec<String>,
}

impl Source {
    fn new(writer: &Writer<'_>, place: Place) -> Source {
        let mut source = Source { fact: place.fact, from: from(place.fact), wanted: writer.in_range(place.fact) };
        if place.visits_joined {
            let near = writer.near_range(Fact::Visits);
            source.from += &format!(" JOIN {} ON v.visit_id = {}", from(Fact::Visits), of(place.fact, "visit_id"));
            source.wanted.extend(near);
        }
        source
    }

    fn select(&self, columns: &[String], group_by: usize) -> String {
        let places: Vec<String> = (1..=group_by).map(|place| place.to_string()).collect();
        let mut sql = format!("SELECT {}\n  FROM {}\n  WHERE {}", columns.join(", "), self.from, self.wanted.join(" AND "));
        if group_by > 0 {
            sql += &format!("\n  GROUP BY {}", places.join(", "));
        }
        sql
    }
}

/// The measures of the groups: those of one pass over the rows, and those that need a pass of their own.
#[derive(Default)]
struct Grouped {
    aggregates: Vec<String>,
    /// Where each measure is found.
    found: Vec<String>,
    passes: Vec<String>,
    /// The aggregates of rows for which a marked column, which is a key, is not set: they are groups of their own.
    unset: Vec<String>,
    marked: Option<String>,
}

impl Grouped {
    fn add(
        &mut self,
        writer: &Writer<'_>,
        keys: &[String],
        rows: &Source,
        written: Written,
        aggregate: &footfall_model::Aggregate,
    ) {
        let name = format!("m{}", self.found.len());
        match written {
            Written::Aggregate(sql) => {
                self.aggregates.push(format!("{sql} AS {name}"));
                self.unset.push(format!("{sql} AS {name}"));
                self.found.push(format!("g.{name}"));
            }
            Written::Marked { sum, count, id } => {
                self.aggregates.push(format!("{sum} AS {name}"));
                self.unset.push(format!("{count} AS {name}"));
                self.found.push(format!("g.{name}"));
                self.marked = Some(id);
            }
            Written::PerVisit { value, only } => {
                let mut rows = rows.clone();
                rows.wanted.extend(only);
                let mut columns = named(keys);
                columns.push(format!("{} AS visit", of(rows.fact, "visit_id")));
                columns.push(format!("max({value}) AS most"));
                let inner = rows.select(&columns, keys.len() + 1);
                let places: Vec<String> = (0..keys.len()).map(|place| format!("k{place}")).collect();
                let pass = format!("p{}", self.passes.len());
                let group = if places.is_empty() { String::new() } else { format!(" GROUP BY {}", places.join(", ")) };
                let mut columns = places;
                columns.push("sum(most) AS most".to_owned());
                self.passes.push(format!("{pass} AS (SELECT {} FROM (\n  {inner}\n){group})", columns.join(", ")));
                let sum = format!("coalesce({pass}.most, 0)");
                if let footfall_model::Aggregate::SumOfMaxPerVisit(column) = aggregate {
                    self.found.push(whole(writer, column, sum));
                }
            }
        }
    }

    /// The queries named in `WITH`: the last one is `q`, with all keys and measures.
    fn with(&self, keys: &[String], rows: &Source, query: &Query) -> Result<Vec<String>, Error> {
        let select = |aggregates: &[String], more: Option<String>| {
            let mut columns = named(keys);
            columns.extend(aggregates.iter().cloned());
            if columns.is_empty() {
                columns.push("count(*) AS n".to_owned());
            }
            let mut rows = rows.clone();
            rows.wanted.extend(more);
            rows.select(&columns, keys.len())
        };
        let group = match &self.marked {
            None => select(&self.aggregates, None),
            Some(id) => {
                let set = select(&self.aggregates, Some(format!("{id} <> 0")));
                let unset = select(&self.unset, Some(format!("{id} = 0")));
                format!("{set}\n  UNION ALL\n  {unset}")
            }
        };
        let having = having(query)?;
        let passes = self.passes.clone();
        if passes.is_empty() && having.is_empty() {
            return Ok(vec![group]);
        }
        let joined_passes: Vec<String> = (0..passes.len()).map(|pass| format!("p{pass}")).collect();
        let mut with = vec![group];
        with.extend(passes);
        let measures = self.found.iter().enumerate().map(|(place, found)| format!("{found} AS m{place}"));
        let shown: Vec<String> = (0..keys.len()).map(|place| format!("g.k{place}")).chain(measures).collect();
        let mut joined = "g".to_owned();
        if !joined_passes.is_empty() {
            joined = format!("SELECT {}\n  FROM g", shown.join(", "));
        }
        for pass in &joined_passes {
            let same: Vec<String> =
                (0..keys.len()).map(|place| format!("g.k{place} IS NOT DISTINCT FROM {pass}.k{place}")).collect();
            joined += &format!(" LEFT JOIN {pass} ON {}", if same.is_empty() { "TRUE".to_owned() } else { same.join(" AND ") });
        }
        if !having.is_empty() {
            let from = if joined_passes.is_empty() { joined } else { format!("({joined}) g") };
            joined = format!("SELECT * FROM {from} WHERE {}", having.join(" AND "));
        }
        with.push(joined);
        Ok(with)
    }
}

fn named(keys: &[String]) -> Vec<String> {
    keys.iter().enumerate().map(|(place, key)| format!("{key} AS k{place}")).collect()
}

fn having(query: &Query) -> Result<Vec<String>, Error> {
    query
        .having
        .iter()
        .map(|Having { measure, op, value }| {
            let (how, negated) = positive(*op);
            let name = format!("m{}", measure_place(query, measure)?);
            let holds = number(&name, how, std::slice::from_ref(value)).unwrap_or_else(|| any(Vec::new()));
            Ok(if negated { not(&holds) } else { holds })
        })
        .collect()
}

/// Whether keys or measures name columns of the visit, so that it has to be there beside each row.
fn joins_visits(query: &Query) -> bool {
    fn filter(of: &Filter) -> bool {
        match of {
            Filter::And(parts) | Filter::Or(parts) => parts.iter().any(filter),
            Filter::Not(inner) => filter(inner),
            Filter::Test(test) => key(&test.key),
            Filter::All | Filter::None | Filter::Has { .. } => false,
        }
    }
    fn key(of: &Key) -> bool {
        match of {
            Key::FirstOf(conditions) | Key::EachOf(conditions) => conditions.iter().any(filter),
            other => other.column().is_some_and(|column| column.fact == Fact::Visits),
        }
    }
    use footfall_model::Aggregate as A;
    query.fact != Fact::Visits
        && (query.keys.iter().any(key)
            || query.measures.iter().any(|measure| {
                filter(&measure.only)
                    || match &measure.aggregate {
                        A::Sum(column)
                        | A::Min(column)
                        | A::Max(column)
                        | A::Distinct(column)
                        | A::SumOfMaxPerVisit(column)
                        | A::Any(column) => column.fact == Fact::Visits,
                        A::ArgMax(one, other) | A::ArgMin(one, other) => one.fact == Fact::Visits || other.fact == Fact::Visits,
                        A::Count | A::Visits | A::Visitors | A::DailyVisitors => false,
                    }
            }))
}

fn in_one_day(query: &Query) -> bool {
    let day = |at: Millis| at.local(&query.zone).date();
    query.fact != Fact::Visits && day(query.range.start) == day(query.range.end.plus(-1))
        || query.fact == Fact::Visits
            && query.anchor != footfall_model::VisitAnchor::Overlap
            && day(query.range.start) == day(query.range.end.plus(-1))
}

fn key_sql(writer: &mut Writer<'_>, place: Place, key: &Key, rows: &mut Source) -> Result<(String, Shape), Error> {
    let dialect = writer.dialect();
    Ok(match key {
        Key::Column(column) if column.kind == Kind::Long => (of(column.fact, column.name), Shape::Long),
        Key::Column(column) => (comparable(dialect, column), Shape::Plain),
        Key::Number(column) => (of(column.fact, column.name), Shape::Plain),
        Key::Clock(column, part) => writer.clock(false).part(dialect, &of(column.fact, column.name), *part),
        Key::UtcClock(column, part) => writer.clock(true).part(dialect, &of(column.fact, column.name), *part),
        Key::Address(column) => (dialect.address(&of(column.fact, column.name)), Shape::Plain),
        Key::Site => (of(place.fact, "site_id"), Shape::Plain),
        Key::Prop(column, name) => {
            let name = writer.bind(name);
            (dialect.prop(&of(column.fact, column.name), &name), Shape::Plain)
        }
        Key::PropNames(column) => {
            rows.from += &format!(" {}", dialect.explode(&dialect.prop_names(&of(column.fact, column.name))));
            ("each.one".to_owned(), Shape::Plain)
        }
        Key::FirstOf(filters) => {
            let conditions = each_condition(writer, place, filters)?;
            rows.wanted.push(any(conditions.clone()));
            let cases: String =
                conditions.iter().enumerate().map(|(number, holds)| format!("WHEN {holds} THEN {number} ")).collect();
            let case = if cases.is_empty() { "0".to_owned() } else { format!("CASE {cases}END") };
            (case, Shape::Plain)
        }
        Key::EachOf(filters) => {
            let conditions = each_condition(writer, place, filters)?;
            rows.wanted.push(any(conditions.clone()));
            let elements: Vec<String> =
                conditions.iter().enumerate().map(|(number, holds)| format!("CASE WHEN {holds} THEN {number} END")).collect();
            if elements.is_empty() {
                ("0".to_owned(), Shape::Plain)
            } else {
                rows.from += &format!(" {}", dialect.explode(&dialect.list(&elements)));
                rows.wanted.push("each.one IS NOT NULL".to_owned());
                ("each.one".to_owned(), Shape::Plain)
            }
        }
    })
}

fn each_condition(writer: &mut Writer<'_>, place: Place, filters: &[Filter]) -> Result<Vec<String>, Error> {
    filters.iter().map(|filter| condition(writer, place, filter)).collect()
}

/// Texts, order, limit and the number of groups.
fn finish(writer: &Writer<'_>, query: &Query, with: Vec<String>, shapes: Vec<Shape>) -> Plan {
    let dialect = writer.dialect();
    let n_keys = query.keys.len();
    let limited = query.limit.is_some() || query.offset > 0;
    let materialized = if limited { dialect.materialized() } else { "" };
    let column = |place: usize| if place < n_keys { format!("k{place}") } else { format!("m{}", place - n_keys) };

    let mut shown = Vec::new();
    let mut joins = String::new();
    for (place, shape) in shapes.iter().enumerate() {
        if *shape == Shape::Long {
            joins += &format!("\nLEFT JOIN {TEXTS} t{place} ON t{place}.id = r.{}", column(place));
            shown.push(format!("t{place}.text"));
        } else {
            shown.push(format!("r.{}", column(place)));
        }
    }
    let mut order: Vec<(usize, bool)> = query
        .order
        .iter()
        .filter_map(|order| match order {
            Order::Measure { name, descending } => {
                let place = measure_place(query, name).ok()?;
                Some((n_keys + place, *descending))
            }
            Order::Key { index, descending } => Some((*index, *descending)),
        })
        .collect();
    if query.any_order {
        order.clear();
    } else {
        order.extend((0..n_keys).map(|place| (place, false)));
    }

    // One named query groups; what follows works on the last one.
    let mut named_queries = vec![];
    let last = with.len() - 1;
    for (place, sql) in with.into_iter().enumerate() {
        named_queries.push(match place {
            0 if last == 0 => format!("g AS {materialized}(\n  {sql}\n)"),
            0 => format!("g AS (\n  {sql}\n)"),
            _ if place == last => format!("q AS {materialized}(\n  {sql}\n)"),
            _ => sql,
        });
    }
    let groups = if last == 0 { "g" } else { "q" };
    let mut rows = groups.to_owned();
    if let (Some(limit), Some((first, descending)), false) = (query.limit, order.first(), joins.is_empty())
        && shapes[*first] != Shape::Long
        && limit > 0
    {
        // Only groups that can come before the limit get their texts.
        let name = column(*first);
        let (direction, sign) = directions(*descending);
        let place = (query.offset.saturating_add(limit) - 1).min(i64::MAX as u64);
        named_queries
            .push(format!("cut AS (SELECT {name} AS least FROM {groups} ORDER BY 1 {direction} LIMIT 1 OFFSET {place})"));
        let least = "(SELECT least FROM cut)";
        // Where one of the two is nothing, nothing is known of their order.
        rows = format!("(SELECT * FROM {groups} WHERE ({name} {sign} {least}) IS NOT FALSE)");
    }
    if shown.is_empty() {
        shown.push("r.*".to_owned());
    }
    if limited {
        shown.push(format!("(SELECT count(*) FROM {groups})"));
    }
    let order: Vec<String> =
        order.iter().map(|(place, descending)| format!("{} {}", shown[*place], directions(*descending).0)).collect();
    let with = format!("WITH {}\n", named_queries.join(",\n"));
    let mut sql = format!("{with}SELECT {}\nFROM {rows} r{joins}", shown.join(", "));
    if !order.is_empty() {
        sql += &format!("\nORDER BY {}", order.join(", "));
    }
    if let Some(limit) = query.limit {
        sql += &format!("\nLIMIT {}", limit.min(i64::MAX as u64));
    }
    if query.offset > 0 {
        sql += &format!("\nOFFSET {}", query.offset.min(i64::MAX as u64));
    }
    let total = limited.then(|| format!("{with}SELECT count(*) FROM {groups}"));
    Plan { sql, params: writer.params.clone(), total, shapes }
}

/// The direction of a sort, nothing being the least, and the sign that stands between what comes first and what comes later.
fn directions(descending: bool) -> (&'static str, &'static str) {
    if descending { ("DESC NULLS LAST", ">=") } else { ("ASC NULLS FIRST", "<=") }
}
