/// The JSON schema of queries, served for editors and clients.
pub const SCHEMA: &str = include_str!("query.schema.json");
