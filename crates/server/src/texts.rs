//! The language files of a Matomo that the owner of this server keeps beside it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use footfall_api::matomo::{Language, Languages, Texts};
use footfall_model::Error;
use serde_json::Value;

/// How large a language file may be, in bytes.
const LARGEST: u64 = 4 << 20;
/// How many languages there may be.
const MOST_LANGUAGES: usize = 500;
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
    Ok(Texts::new(texts).with_languages(Arc::new(Files::find(directory))))
}

/// The language files of a Matomo. Those of other languages are read when they are asked for.
#[derive(Debug)]
struct Files {
    directory: PathBuf,
    all: Vec<Language>,
}

impl Files {
    /// The languages that have a file of Matomo's own and one with their names.
    fn find(directory: &Path) -> Files {
        let mut all = Vec::new();
        for file in std::fs::read_dir(directory.join("lang")).into_iter().flatten().take(MOST_LANGUAGES).flatten() {
            let name = file.file_name();
            let Some(code) = name.to_str().and_then(|name| name.strip_suffix(".json")) else {
                continue;
            };
            let mut texts = Vec::new();
            if add(&mut texts, &directory.join(format!("plugins/Intl/lang/{code}.json"))).is_err() {
                continue;
            }
            let text = |key: &str| texts.iter().find(|(known, _)| known == key).map(|(_, text)| text.clone());
            if let (Some(name), Some(english_name)) = (text("Intl_OriginalLanguageName"), text("Intl_EnglishLanguageName")) {
                all.push(Language { code: code.to_owned(), name, english_name });
            }
        }
        all.sort_by(|one, other| one.code.cmp(&other.code));
        Files { directory: directory.to_path_buf(), all }
    }
}

impl Languages for Files {
    fn all(&self) -> &[Language] {
        &self.all
    }

    fn texts(&self, code: &str) -> Vec<(String, String)> {
        let mut texts = Vec::new();
        if self.all.iter().all(|language| language.code != code) {
            return texts;
        }
        // A plugin may lack a language: what it would say stays English.
        let name = format!("lang/{code}.json");
        let _ = add(&mut texts, &self.directory.join(&name));
        for plugin in std::fs::read_dir(self.directory.join("plugins")).into_iter().flatten().take(MOST_PLUGINS).flatten() {
            let _ = add(&mut texts, &plugin.path().join(&name));
        }
        texts
    }
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
        let french = r#"{"Intl":{"OriginalLanguageName":"Français","EnglishLanguageName":"French"}}"#;
        std::fs::create_dir_all(directory.path().join("plugins/Intl/lang")).unwrap();
        std::fs::write(directory.path().join("plugins/Intl/lang/fr.json"), french).unwrap();
        std::fs::write(directory.path().join("lang/fr.json"), r#"{"General":{"A":"à"}}"#).unwrap();
        let files = Files::find(directory.path());
        let codes: Vec<&str> = files.all().iter().map(|language| language.code.as_str()).collect();
        assert_eq!((codes, files.texts("fr").len(), files.texts("../fr").len()), (vec!["fr"], 3, 0));
        std::fs::write(directory.path().join("lang/en.json"), "{").unwrap();
        assert!(read(directory.path()).unwrap_err().message().contains("`matomo.texts` needs"));
    }
}
