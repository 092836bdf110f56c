//! Events as a Parquet file: a column for each field that a line of the export may have, rows written in groups so that memory is
//! bounded however many there are.

use std::{
    io::Write,
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use footfall_model::{Catalogue, Error, Kind, Scope};
use parquet::{
    basic::Compression,
    data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int64Type},
    errors::ParquetError,
    file::{
        properties::WriterProperties,
        writer::{SerializedColumnWriter, SerializedFileWriter},
    },
    schema::parser::parse_message_type,
};
use serde_json::{Map, Value};

/// Rows of a group.
const GROUP: usize = 20_000;

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Text,
    Json,
    /// A moment in milliseconds, from a text in RFC 3339.
    Moment,
    /// A whole number from 0 on.
    Count,
    Number,
    Flag,
}

/// The columns of what every site has by name; what lies in an object has its parts joined by `_`. The facts of the catalogue come
/// after them.
const COLUMNS: [(&str, Holds); 63] = [
    ("site", Holds::Text),
    ("timestamp", Holds::Moment),
    ("type", Holds::Text),
    ("name", Holds::Text),
    ("visitor", Holds::Text),
    ("visit", Holds::Count),
    ("visit_count", Holds::Count),
    ("fingerprint", Holds::Text),
    ("user_id", Holds::Text),
    ("url", Holds::Text),
    ("hostname", Holds::Text),
    ("path", Holds::Text),
    ("title", Holds::Text),
    ("pageview_id", Holds::Text),
    ("referrer_url", Holds::Text),
    ("props", Holds::Json),
    ("revenue_amount", Holds::Number),
    ("revenue_currency", Holds::Text),
    ("interactive", Holds::Flag),
    ("scroll_depth", Holds::Number),
    ("engagement_time_ms", Holds::Number),
    ("time_spent", Holds::Number),
    ("event_category", Holds::Text),
    ("event_name", Holds::Text),
    ("event_value", Holds::Number),
    ("search_keyword", Holds::Text),
    ("search_category", Holds::Text),
    ("search_count", Holds::Number),
    ("content_name", Holds::Text),
    ("content_piece", Holds::Text),
    ("content_target", Holds::Text),
    ("content_interaction", Holds::Text),
    ("product_sku", Holds::Text),
    ("product_name", Holds::Text),
    ("product_category", Holds::Text),
    ("product_category2", Holds::Text),
    ("product_category3", Holds::Text),
    ("product_category4", Holds::Text),
    ("product_category5", Holds::Text),
    ("product_price", Holds::Number),
    ("time_network", Holds::Number),
    ("time_server", Holds::Number),
    ("time_transfer", Holds::Number),
    ("time_dom_processing", Holds::Number),
    ("time_dom_completion", Holds::Number),
    ("time_on_load", Holds::Number),
    ("dimensions", Holds::Json),
    ("visit_dimensions", Holds::Json),
    ("variables", Holds::Json),
    ("visit_variables", Holds::Json),
    ("goal", Holds::Count),
    ("goal_name", Holds::Text),
    ("manual", Holds::Flag),
    ("total", Holds::Number),
    ("order_id", Holds::Text),
    ("subtotal", Holds::Number),
    ("tax", Holds::Number),
    ("shipping", Holds::Number),
    ("discount", Holds::Number),
    ("items", Holds::Json),
    ("credited_type", Holds::Text),
    ("credited_name", Holds::Text),
    ("credited_keyword", Holds::Text),
];

/// A file under way.
pub(super) struct Parquet {
    file: SerializedFileWriter<Pieces>,
    pieces: Pieces,
    columns: Vec<(&'static str, Holds)>,
    rows: Vec<Map<String, Value>>,
}

/// What was written and not yet sent.
#[derive(Clone, Default)]
struct Pieces(Arc<Mutex<Vec<u8>>>);

impl Pieces {
    fn take(&self) -> Vec<u8> {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Parquet {
    /// A file without rows.
    ///
    /// # Errors
    /// Never, unless the columns are wrong.
    pub(super) fn new(catalogue: &Catalogue) -> Result<Parquet, Error> {
        let facts = catalogue.facts(Scope::Visit).iter().chain(catalogue.facts(Scope::Action));
        let columns: Vec<_> = COLUMNS.into_iter().chain(facts.map(|fact| (fact.field(), Holds::of(fact.kind)))).collect();
        let declared: String = columns.iter().map(|(name, holds)| format!("optional {}; ", holds.declared(name))).collect();
        let schema = Arc::new(parse_message_type(&format!("message events {{ {declared}}}")).map_err(unwritten)?);
        let properties = Arc::new(WriterProperties::builder().set_compression(Compression::SNAPPY).build());
        let pieces = Pieces::default();
        let file = SerializedFileWriter::new(pieces.clone(), schema, properties).map_err(unwritten)?;
        Ok(Parquet { file, pieces, columns, rows: Vec::new() })
    }

    /// Adds events; gives the bytes that are finished, perhaps none.
    ///
    /// # Errors
    /// When an event cannot be written.
    pub(super) fn add(&mut self, events: &[Map<String, Value>]) -> Result<Vec<u8>, Error> {
        for event in events {
            self.rows.push(flat(event, &self.columns)?);
            if self.rows.len() == GROUP {
                self.group()?;
            }
        }
        Ok(self.pieces.take())
    }

    /// Ends the file and gives its last bytes.
    ///
    /// # Errors
    /// When the last events cannot be written.
    pub(super) fn end(mut self) -> Result<Vec<u8>, Error> {
        self.group()?;
        self.file.close().map_err(unwritten)?;
        Ok(self.pieces.take())
    }

    fn group(&mut self) -> Result<(), Error> {
        let rows = mem::take(&mut self.rows);
        if rows.is_empty() {
            return Ok(());
        }
        let mut group = self.file.next_row_group().map_err(unwritten)?;
        for (name, holds) in &self.columns {
            let Some(mut column) = group.next_column().map_err(unwritten)? else { break };
            write(&mut column, *holds, rows.iter().map(|row| row.get(*name))).map_err(unwritten)?;
            column.close().map_err(unwritten)?;
        }
        group.close().map_err(unwritten)?;
        Ok(())
    }
}

impl Holds {
    fn of(kind: Kind) -> Holds {
        match kind {
            Kind::Flag | Kind::Small | Kind::Count | Kind::Id | Kind::Moment => Holds::Count,
            Kind::Real => Holds::Number,
            Kind::Text | Kind::Long => Holds::Text,
            Kind::Props => Holds::Json,
        }
    }

    fn declared(self, name: &str) -> String {
        match self {
            Holds::Text => format!("binary {name} (STRING)"),
            Holds::Json => format!("binary {name} (JSON)"),
            Holds::Moment => format!("int64 {name} (TIMESTAMP(MILLIS,true))"),
            Holds::Count => format!("int64 {name} (INTEGER(64,false))"),
            Holds::Number => format!("double {name}"),
            Holds::Flag => format!("boolean {name}"),
        }
    }
}

/// An event without objects inside, but for its properties.
fn flat(event: &Map<String, Value>, columns: &[(&str, Holds)]) -> Result<Map<String, Value>, Error> {
    let mut row = Map::new();
    for (name, value) in event {
        match value {
            Value::Object(parts) if name == "revenue" => {
                row.extend(parts.iter().map(|(part, value)| (format!("revenue_{part}"), value.clone())));
            }
            value => {
                row.insert(name.clone(), value.clone());
            }
        }
    }
    match row.keys().find(|name| !columns.iter().any(|(column, _)| column == name)) {
        Some(unknown) => Err(Error::broken(format!("an export has no column for `{unknown}`"))),
        None => Ok(row),
    }
}

/// Writes a column: what is there, and for each row whether it is.
fn write<'a>(
    column: &mut SerializedColumnWriter<'_>,
    holds: Holds,
    values: impl Iterator<Item = Option<&'a Value>>,
) -> Result<(), ParquetError> {
    let values: Vec<Option<&Value>> = values.collect();
    let there: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
    let values = values.into_iter().flatten();
    match holds {
        Holds::Text => {
            let texts: Vec<ByteArray> = values.map(|value| value.as_str().unwrap_or_default().into()).collect();
            column.typed::<ByteArrayType>().write_batch(&texts, Some(&there), None)?;
        }
        Holds::Json => {
            let texts: Vec<ByteArray> = values.map(|value| value.to_string().as_str().into()).collect();
            column.typed::<ByteArrayType>().write_batch(&texts, Some(&there), None)?;
        }
        Holds::Moment => {
            let moment = |text: &str| text.parse::<jiff::Timestamp>().ok();
            let moments: Vec<i64> =
                values.map(|value| value.as_str().and_then(moment).map_or(0, |at| at.as_millisecond())).collect();
            column.typed::<Int64Type>().write_batch(&moments, Some(&there), None)?;
        }
        Holds::Count => {
            let counts: Vec<i64> = values.map(|value| value.as_u64().unwrap_or(0).cast_signed()).collect();
            column.typed::<Int64Type>().write_batch(&counts, Some(&there), None)?;
        }
        Holds::Number => {
            let numbers: Vec<f64> = values.map(|value| value.as_f64().unwrap_or(0.0)).collect();
            column.typed::<DoubleType>().write_batch(&numbers, Some(&there), None)?;
        }
        Holds::Flag => {
            let flags: Vec<bool> = values.map(|value| value.as_bool().unwrap_or(false)).collect();
            column.typed::<BoolType>().write_batch(&flags, Some(&there), None)?;
        }
    }
    Ok(())
}

fn unwritten(cause: ParquetError) -> Error {
    Error::broken("a Parquet file cannot be written").because(cause)
}
