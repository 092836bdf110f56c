//! DuckDB's answers into values and rows.

use duckdb::{
    Connection,
    arrow::{
        array::{Array, ArrayRef, AsArray, StringArray},
        datatypes::{
            DataType, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
        },
    },
};
use footfall_model::{Column, Error, Kind, Rows, Text, Value};
use footfall_store::{FactRow, Plan, Props, Table};

use crate::fault::fault;

/// The answer to a planned question.
pub(crate) fn answer(connection: &Connection, plan: &Plan) -> Result<Rows, Error> {
    let rows = values(connection, &plan.sql, &plan.params)?;
    let total = match &plan.total {
        Some(sql) if rows.is_empty() => values(connection, sql, &plan.params)?.first().and_then(|row| row.first()?.as_i64()),
        _ => None,
    };
    Ok(plan.rows(rows, total.map(|total| total as u64)))
}

/// The rows of a statement as values.
pub(crate) fn values(connection: &Connection, sql: &str, params: &[Text]) -> Result<Vec<Vec<Value>>, Error> {
    let mut rows: Vec<Vec<Value>> = Vec::new();
    batches(connection, sql, params, |columns, n_rows| {
        let first = rows.len();
        rows.resize_with(first + n_rows, || Vec::with_capacity(columns.len()));
        for column in columns {
            each_value(column, |row, value| rows[first + row].push(value))?;
        }
        Ok(())
    })?;
    Ok(rows)
}

/// Whole rows of a table, those that satisfy the condition.
pub(crate) fn rows<R: FactRow>(
    connection: &Connection,
    table: &Table,
    facts: usize,
    wanted: &str,
    params: &[Text],
) -> Result<Vec<R>, Error> {
    parts_of_rows(connection, table, facts, None, wanted, params)
}

/// Rows of a table, those that satisfy the condition, with some of their columns; the others are as if nothing was said there.
pub(crate) fn parts_of_rows<R: FactRow>(
    connection: &Connection,
    table: &Table,
    facts: usize,
    columns: Option<&[&str]>,
    wanted: &str,
    params: &[Text],
) -> Result<Vec<R>, Error> {
    let read = |column: &Column| columns.is_none_or(|columns| columns.contains(&column.name));
    let read: Vec<(usize, &Column)> = table.columns.iter().enumerate().filter(|(_, column)| read(column)).collect();
    let names: Vec<String> = read.iter().map(|(_, column)| quoted(column.name)).collect();
    let sql = format!("SELECT {} FROM {} WHERE {wanted}", names.join(", "), table.name());
    let plain = table.plain().count();
    let mut found = Vec::new();
    batches(connection, &sql, params, |columns, n_rows| {
        let mut values: Vec<Vec<Value>> = (0..n_rows).map(|_| vec![Value::Null; plain]).collect();
        let mut all_props: Vec<Vec<Props>> = vec![Vec::new(); n_rows];
        for ((place, column), array) in read.iter().zip(columns) {
            if column.kind == Kind::Props {
                each_props(array, |row, props| all_props[row].push(props));
            } else {
                each_value(array, |row, value| values[row][*place] = value)?;
            }
        }
        found.extend(values.iter().zip(all_props).map(|(values, props)| R::from_parts(values, facts, props)));
        Ok(())
    })?;
    Ok(found)
}

/// A column's name where it stands alone: `at` is a word of DuckDB's.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn batches(
    connection: &Connection,
    sql: &str,
    params: &[Text],
    mut take: impl FnMut(&[ArrayRef], usize) -> Result<(), Error>,
) -> Result<(), Error> {
    let failed = |cause| fault("reading the store", cause);
    let mut statement = connection.prepare(sql).map_err(failed)?;
    let params = duckdb::params_from_iter(params.iter().map(|text| &**text));
    for batch in statement.query_arrow(params).map_err(failed)? {
        take(batch.columns(), batch.num_rows())?;
    }
    Ok(())
}

fn each_value(column: &ArrayRef, mut take: impl FnMut(usize, Value)) -> Result<(), Error> {
    macro_rules! integers {
        ($type:ty) => {
            for (row, value) in column.as_primitive::<$type>().iter().enumerate() {
                take(row, value.map_or(Value::Null, |number| Value::Int(number as i64)));
            }
        };
    }
    match column.data_type() {
        DataType::Int64 => integers!(Int64Type),
        DataType::UInt32 => integers!(UInt32Type),
        DataType::Int32 => integers!(Int32Type),
        DataType::UInt8 => integers!(UInt8Type),
        DataType::UInt64 => integers!(UInt64Type),
        DataType::Int8 => integers!(Int8Type),
        DataType::Int16 => integers!(Int16Type),
        DataType::UInt16 => integers!(UInt16Type),
        DataType::Boolean => {
            for (row, value) in column.as_boolean().iter().enumerate() {
                take(row, value.map_or(Value::Null, |yes| Value::Int(yes.into())));
            }
        }
        DataType::Float64 => {
            for (row, value) in column.as_primitive::<Float64Type>().iter().enumerate() {
                take(row, value.map_or(Value::Null, Value::Real));
            }
        }
        DataType::Utf8 => {
            for (row, value) in column.as_string::<i32>().iter().enumerate() {
                take(row, value.map_or(Value::Null, Value::text));
            }
        }
        other => return Err(Error::broken(format!("the store answered with a column of type `{other}`"))),
    }
    Ok(())
}

fn each_props(column: &ArrayRef, mut take: impl FnMut(usize, Props)) {
    let Some(maps) = column.as_map_opt() else { return };
    for row in 0..maps.len() {
        let mut props = Props::new();
        if maps.is_valid(row) {
            let entries = maps.value(row);
            let (names, values) = (entries.column(0).as_string_opt::<i32>(), entries.column(1).as_string_opt::<i32>());
            if let (Some(names), Some(values)) = (names, values) {
                let text = |texts: &StringArray, place| Text::from(texts.value(place));
                props.extend((0..entries.len()).map(|place| (text(names, place), text(values, place))));
            }
        }
        take(row, props);
    }
}
