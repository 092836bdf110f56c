use footfall_model::{Cell, DataTable, Name};
use footfall_report::Tables;

/// What a method answers, before it is written in a format.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A report.
    Tables(Tables),
    /// A list, named values, or one value.
    Data(Cell),
    /// Named values of which some are reports, such as a report with its description.
    Parts(Vec<(Name, Part)>),
    /// Nothing but that it was done.
    Done,
    /// Bytes that no format changes, such as a picture.
    Raw(Reply),
}

impl Answer {
    /// One table that is about nothing in particular.
    pub fn table(table: DataTable) -> Answer {
        Answer::Tables(Tables::of(table))
    }

    /// One value.
    pub fn value(value: impl Into<Cell>) -> Answer {
        Answer::Data(value.into())
    }

    /// Named values.
    pub fn map(entries: Vec<(Name, Cell)>) -> Answer {
        Answer::Data(Cell::Map(entries))
    }

    /// A list of values.
    pub fn list(values: Vec<Cell>) -> Answer {
        Answer::Data(Cell::List(values))
    }
}

/// A part of an answer.
#[derive(Clone, Debug)]
pub enum Part {
    /// A list, named values, or one value.
    Data(Cell),
    /// A report.
    Tables(Tables),
}

/// An answer as it goes over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The content type.
    pub content_type: &'static str,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}
