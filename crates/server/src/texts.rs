//! The language files of a Matomo that the owner of this server keeps beside it.

use std::path::Path;

use footfall_api::matomo::Texts;
use footfall_model::Error;
use serde_json::Value;

/// How large a language file may be, in bytes.
const LARGEST: u64 = 4 << 20;
/// How many folders of plugins are looked into.
const MOST_PLUGINS: usize = 1000;

/// The English texts of the Matomo in a directory: its own and those of its plugins.
///
/// # Errors
/// When there is no language file in it, or one cannot be read.
pub(crate) fn read(directory: &Path) -> Result<Texts, Error> {
    let mut texts = Vec::new();
    add(&mut texts, &directory.join("lang/en.json"))?;
    if let Ok(plugins) = std::fs::read_dir(directory.join("plugins")) {
        for plugin in plugins.take(MOST_PLUGINS).flatten() {
            let file = plugin.path().join("lang/en.json");
            if file.is_file() {
                add(&mut texts, &file)?;
            }
        }
    }
    Ok(Texts::new(texts))
}

fn add(texts: &mut Vec<(String, String)>, file: &Path) -> Result<(), Error> {
    let wrong = |cause: String| Error::invalid(format!("`matomo.texts` needs `{}`: {cause}", file.display()));
    let size = std::fs::metadata(file).map_err(|cause| wrong(cause.to_string()))?.len();
    if size > LARGEST {
        return Err(wrong(format!("it has {size} bytes, and {LARGEST} are the most")));
    }
    let text = std::fs::read_to_string(file).map_err(|cause| wrong(cause.to_string()))?;
    let read: Value = serde_json::from_str(&text).map_err(|cause| wrong(cause.to_string()))?;
    for (plugin, keys) in read.as_object().into_iter().flatten() {
        for (key, text) in keys.as_object().into_iter().flatten() {
            texts.extend(text.as_str().map(|text| (format!("{plugin}_{key}"), text.to_owned())));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_from_both_places() {
        let directory = tempfile::tempdir().unwrap();
        for (folder, text) in [("lang", r#"{"General":{"A":"a","B":"b"}}"#), ("plugins/P/lang", r#"{"P":{"C":"c"}}"#)] {
            std::fs::create_dir_all(directory.path().join(folder)).unwrap();
            std::fs::write(directory.path().join(folder).join("en.json"), text).unwrap();
        }
        assert_eq!(read(directory.path()).unwrap().len(), 3);
        std::fs::write(directory.path().join("lang/en.json"), "{").unwrap();
        assert!(read(directory.path()).unwrap_err().message().contains("`matomo.texts` needs"));
    }
}
