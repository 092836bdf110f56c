//! The rules that ship with this crate, in the form of Matomo's database.

/// The files by name.
pub(crate) const FILES: &[(&str, &str)] = &[];
