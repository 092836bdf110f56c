/// The document that describes this API.
pub const OPENAPI: &str = include_str!("../../openapi.json");
