/// The JSON schema of queries, served for editors and clients.
pub const SCHEMA: &str = include_str!("query.schema.json");

/// The description of the Plugins API, from which clients are generated.
pub const PLUGINS: &str = include_str!("plugins.openapi.json");
