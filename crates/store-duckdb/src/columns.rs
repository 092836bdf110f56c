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
use footfall_model::{Column, Error, Kind, ValueRef};
use footfall_store::{FactRow, Props, Table, is_signed, kept_props};

/// Rows of a table as Arrow columns, and the columns' names.
pub(crate) struct Columns {
    pub(crate) names: Vec<&'static str>,
    pub(crate) rows: RecordBatch,
}

/// Which columns are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted<'a> {
    /// Those that hold more than what DuckDB puts there anyway.
    Said,
    /// These, whatever they hold.
    These(&'a [&'a str]),
}

/// A column. What says nothing is only counted until a row says something: most columns of most batches never do.
struct Filled {
    name: &'static str,
    column: Column,
    wanted: bool,
    capacity: usize,
    unsaid: usize,
    builder: Option<Builder>,
}

enum Builder {
    Flag(BooleanBuilder),
    Small(UInt8Builder),
    Count(UInt32Builder),
    Signed(Int32Builder),
    Wide(Int64Builder),
    Real(Float64Builder),
    Text(StringBuilder),
    Props(Box<MapBuilder<StringBuilder, StringBuilder>>),
}

impl Columns {
    /// These rows of a table. Of rows that leave out catalogue columns, only columns that the row type declares may be wanted.
    pub(crate) fn of<'a, R: FactRow + 'a>(
        table: &Table,
        rows: impl ExactSizeIterator<Item = &'a R>,
        wanted: Wanted<'_>,
    ) -> Result<Columns, Error> {
        let plain = table.plain().count();
        let mut columns: Vec<Filled> = table.columns.iter().map(|column| Filled::new(column, rows.len(), wanted)).collect();
        for row in rows {
            let mut places = columns[..plain].iter_mut();
            row.each_value(|value| {
                if let Some(column) = places.next() {
                    column.push(value);
                }
            });
            for (column, props) in columns[plain..].iter_mut().zip(row.props()) {
                column.push_props(props)?;
            }
        }
        columns.retain(|column| column.wanted && (column.builder.is_some() || wanted != Wanted::Said));
        let names: Vec<&'static str> = columns.iter().map(|column| column.name).collect();
        let arrays = columns.into_iter().map(Filled::finish).collect::<Result<_, Error>>()?;
        let rows = batch(&names, arrays)?;
        Ok(Columns { names, rows })
    }
}

impl Filled {
    fn new(column: &Column, capacity: usize, wanted: Wanted<'_>) -> Filled {
        let wanted = match wanted {
            Wanted::These(names) => names.contains(&column.name),
            Wanted::Said => true,
        };
        Filled { name: column.name, column: *column, wanted, capacity, unsaid: 0, builder: None }
    }

    fn push(&mut self, value: ValueRef<'_>) {
        // What DuckDB puts where nothing is appended: `DEFAULT 0` for dictionary numbers, else `NULL`.
        let says = match value {
            ValueRef::Null => false,
            ValueRef::Int(0) => self.column.kind != Kind::Long,
            _ => true,
        };
        match &mut self.builder {
            _ if !self.wanted => {}
            Some(builder) => builder.push(value),
            None if says => {
                if let Ok(builder) = self.begin() {
                    builder.push(value);
                }
            }
            None => self.unsaid += 1,
        }
    }

    fn push_props(&mut self, props: &Props) -> Result<(), Error> {
        match &mut self.builder {
            _ if !self.wanted => Ok(()),
            Some(builder) => builder.push_props(props),
            None if !props.is_empty() => self.begin()?.push_props(props),
            None => {
                self.unsaid += 1;
                Ok(())
            }
        }
    }

    /// The builder with what was not said so far.
    fn begin(&mut self) -> Result<&mut Builder, Error> {
        let builder = self.builder.insert(Builder::new(&self.column, self.capacity));
        let nothing = if self.column.kind == Kind::Long { ValueRef::Int(0) } else { ValueRef::Null };
        for _ in 0..std::mem::take(&mut self.unsaid) {
            match self.column.kind {
                Kind::Props => builder.push_props(&Props::new())?,
                _ => builder.push(nothing),
            }
        }
        Ok(builder)
    }

    fn finish(mut self) -> Result<ArrayRef, Error> {
        if self.builder.is_none() {
            self.begin()?;
        }
        self.builder.as_mut().map(Builder::finish).ok_or_else(|| Error::broken("a column without rows"))
    }
}

/// A batch of these columns.
pub(crate) fn batch(names: &[&str], arrays: Vec<ArrayRef>) -> Result<RecordBatch, Error> {
    let fields: Vec<Field> =
        names.iter().zip(&arrays).map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
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
            Kind::Props => Builder::Props(Box::new(MapBuilder::new(None, StringBuilder::new(), StringBuilder::new()))),
        }
    }

    fn push(&mut self, value: ValueRef<'_>) {
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

    fn push_props(&mut self, props: &Props) -> Result<(), Error> {
        let Builder::Props(builder) = self else { return Ok(()) };
        for (name, value) in kept_props(props) {
            builder.keys().append_value(name);
            builder.values().append_value(value);
        }
        builder.append(!props.is_empty()).map_err(|cause| Error::broken("properties do not fit their column").because(cause))
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
            Builder::Props(builder) => ArrayBuilder::finish(builder.as_mut()),
        }
    }
}
