//! Rows into Arrow columns, in the types of the schema.

use std::sync::Arc;

use duckdb::arrow::{
    array::{
        ArrayBuilder, ArrayRef, BooleanBuilder, Float64Builder, Int32Builder, Int64Builder, MapBuilder, StringBuilder,
        UInt8Builder, UInt32Builder,
    },
    datatypes::{Field, Schema as ArrowSchema},
    record_batch::RecordBatch,
};
use footfall_model::{Column, Error, Kind, Text, Value};
use footfall_store::{FactRow, Table, check_row, is_signed, kept_props};

/// The rows of a table, column by column.
pub(crate) struct Columns {
    names: Vec<&'static str>,
    builders: Vec<Builder>,
}

enum Builder {
    Flag(BooleanBuilder),
    Small(UInt8Builder),
    Count(UInt32Builder),
    Signed(Int32Builder),
    Wide(Int64Builder),
    Real(Float64Builder),
    Text(StringBuilder),
    Props(MapBuilder<StringBuilder, StringBuilder>),
}

impl Columns {
    /// These rows of a table. A row of the wrong shape refuses them all.
    pub(crate) fn of<R: FactRow>(table: &Table, facts: usize, rows: &[R]) -> Result<Columns, Error> {
        let mut builders: Vec<Builder> =
            table.columns.iter().map(|column| Builder::new(column, rows.len())).collect();
        let plain = table.plain().count();
        for row in rows {
            check_row(row, facts)?;
            let mut place = 0;
            row.each_value(|value| {
                if let Some(builder) = builders.get_mut(place) {
                    builder.push(&value);
                }
                place += 1;
            });
            for (builder, props) in builders[plain..].iter_mut().zip(row.props()) {
                builder.push_props(props)?;
            }
        }
        Ok(Columns { names: table.columns.iter().map(|column| column.name).collect(), builders })
    }

    /// The columns' names, in order.
    pub(crate) fn names(&self) -> &[&'static str] {
        &self.names
    }

    /// What DuckDB takes.
    pub(crate) fn finish(mut self) -> Result<RecordBatch, Error> {
        let arrays: Vec<ArrayRef> = self.builders.iter_mut().map(Builder::finish).collect();
        batch(&self.names, arrays)
    }
}

/// A batch of these columns.
pub(crate) fn batch(names: &[&str], arrays: Vec<ArrayRef>) -> Result<RecordBatch, Error> {
    let fields: Vec<Field> = names
        .iter()
        .zip(&arrays)
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    RecordBatch::try_new(Arc::new(ArrowSchema::new(fields)), arrays)
        .map_err(|cause| Error::broken("rows do not fit their columns").because(cause))
}

impl Builder {
    fn new(column: &Column, rows: usize) -> Builder {
        match column.kind {
            Kind::Flag => Builder::Flag(BooleanBuilder::with_capacity(rows)),
            Kind::Small => Builder::Small(UInt8Builder::with_capacity(rows)),
            Kind::Count if is_signed(column) => Builder::Signed(Int32Builder::with_capacity(rows)),
            Kind::Count | Kind::Long => Builder::Count(UInt32Builder::with_capacity(rows)),
            Kind::Id | Kind::Moment => Builder::Wide(Int64Builder::with_capacity(rows)),
            Kind::Real => Builder::Real(Float64Builder::with_capacity(rows)),
            Kind::Text => Builder::Text(StringBuilder::with_capacity(rows, rows * 8)),
            Kind::Props => Builder::Props(MapBuilder::new(None, StringBuilder::new(), StringBuilder::new())),
        }
    }

    fn push(&mut self, value: &Value) {
        match self {
            Builder::Flag(builder) => builder.append_option(value.as_i64().map(|number| number == 1)),
            Builder::Small(builder) => builder.append_option(value.as_i64().map(|number| number as u8)),
            Builder::Count(builder) => builder.append_option(value.as_i64().map(|number| number as u32)),
            Builder::Signed(builder) => builder.append_option(value.as_i64().map(|number| number as i32)),
            Builder::Wide(builder) => builder.append_option(value.as_i64()),
            Builder::Real(builder) => builder.append_option(value.as_f64()),
            Builder::Text(builder) => builder.append_option(value.as_str()),
            Builder::Props(_) => {}
        }
    }

    fn push_props(&mut self, props: &Vec<(Text, Text)>) -> Result<(), Error> {
        let Builder::Props(builder) = self else { return Ok(()) };
        for (name, value) in kept_props(props) {
            builder.keys().append_value(name);
            builder.values().append_value(value);
        }
        builder
            .append(!props.is_empty())
            .map_err(|cause| Error::broken("properties do not fit their column").because(cause))
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Builder::Flag(builder) => Arc::new(builder.finish()),
            Builder::Small(builder) => Arc::new(builder.finish()),
            Builder::Count(builder) => Arc::new(builder.finish()),
            Builder::Signed(builder) => Arc::new(builder.finish()),
            Builder::Wide(builder) => Arc::new(builder.finish()),
            Builder::Real(builder) => Arc::new(builder.finish()),
            Builder::Text(builder) => Arc::new(builder.finish()),
            Builder::Props(builder) => ArrayBuilder::finish(builder),
        }
    }
}
