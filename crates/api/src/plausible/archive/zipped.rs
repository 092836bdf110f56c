//! An archive as the zip file that Plausible gives out.

use std::io::{Read, Seek};

use footfall_model::Error;
use zip::ZipArchive;

use super::{Source, Table};

/// How many files a zip file may hold.
const MOST_FILES: usize = 1000;

/// Reads the tables of a zip file, whose files may have `most` bytes together when they are unpacked. Files of other kinds are
/// passed over.
///
/// # Errors
/// When it is no zip file, too large, holds no table, or a table cannot be read.
pub fn read_zip(source: Source, file: impl Read + Seek, most: u64) -> Result<Vec<Table>, Error> {
    let broken = |cause| Error::invalid("the zip file cannot be read").because(cause);
    let mut archive = ZipArchive::new(file).map_err(broken)?;
    if archive.len() > MOST_FILES {
        return Err(Error::invalid(format!("the zip file holds {} files, and may hold {MOST_FILES}", archive.len())));
    }
    let mut left = most;
    let mut tables = Vec::new();
    for place in 0..archive.len() {
        let file = archive.by_index(place).map_err(broken)?;
        let name = file.name().map_err(broken)?.into_owned();
        let is_hidden = name.rsplit('/').next().is_none_or(|name| name.starts_with('.')) || name.starts_with("__MACOSX/");
        if !file.is_file() || is_hidden || !source.knows(&name) {
            continue;
        }
        // What a file says about its size is not believed.
        let mut text = String::new();
        let read = file.take(left + 1).read_to_string(&mut text).map_err(|cause| {
            Error::invalid(format!("`{}` in the zip file cannot be read", super::shown(&name))).because(cause)
        })?;
        left = left
            .checked_sub(read as u64)
            .ok_or_else(|| Error::invalid(format!("the zip file is larger than {most} bytes when it is unpacked")))?;
        tables.extend(source.read(&name, &text)?);
    }
    if tables.is_empty() {
        return Err(Error::invalid(format!("the zip file holds no {}", source.wanted())));
    }
    Ok(tables)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn zip(files: &[(&str, &[u8])]) -> Cursor<Vec<u8>> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(text).unwrap();
        }
        writer.finish().unwrap()
    }

    fn told(files: &[(&str, &[u8])], most: u64) -> String {
        read_zip(Source::Plausible, zip(files), most).unwrap_err().message().to_owned()
    }

    #[test]
    fn tables_are_found_among_other_files() {
        let visitors = b"date,visitors\n2021-01-01,5\n";
        let files: [(&str, &[u8]); 4] = [
            ("export/imported_visitors_20210101_20210102.csv", visitors),
            ("__MACOSX/imported_visitors_20210101_20210102.csv", b"\0"),
            ("export/README.txt", b"hello"),
            ("export/imported_devices_20210101_20210102.csv", b"date,device,visitors\n2021-01-02,Mobile,3\n"),
        ];
        let tables = read_zip(Source::Plausible, zip(&files), 1000).unwrap();
        let read: Vec<_> =
            tables.iter().map(|(table, rows)| (table.name, rows.len(), table.number(&rows[0], "visitors"))).collect();
        assert_eq!(read, [("visitors", 1, 5), ("devices", 1, 3)]);
    }

    #[test]
    fn what_is_no_archive_is_refused() {
        let visitors: (&str, &[u8]) = ("imported_visitors.csv", b"date,visitors\n2021-01-01,5\n");
        assert_eq!(told(&[("a.txt", b"")], 1000), "the zip file holds no file of an archive, such as `imported_pages.csv`");
        assert_eq!(told(&[visitors], 20), "the zip file is larger than 20 bytes when it is unpacked");
        assert_eq!(
            told(&[("imported_visitors.csv", b"\xff\xfe")], 1000),
            "`imported_visitors.csv` in the zip file cannot be read"
        );
        let zeros = vec![b'\n'; 50_000_000];
        assert_eq!(
            told(&[("imported_visitors.csv", &zeros)], 1_000_000),
            "the zip file is larger than 1000000 bytes when it is unpacked"
        );
        let text = read_zip(Source::Plausible, Cursor::new(b"date,visitors"), 1000).unwrap_err();
        assert_eq!(text.message(), "the zip file cannot be read");
    }
}
