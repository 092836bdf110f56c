use std::borrow::Cow;

/// Deepest nesting of lists and maps.
const DEEPEST: usize = 16;

/// A value of a rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Yaml<'a> {
    Text(Cow<'a, str>),
    List(Vec<Yaml<'a>>),
    Map(Vec<(Cow<'a, str>, Yaml<'a>)>),
}

/// What is wrong with a file, and on which line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Malformed {
    pub(crate) line: usize,
    pub(crate) what: String,
}

impl<'a> Yaml<'a> {
    /// Reads the part of YAML that rule files use: block lists and maps, one-line texts, literal blocks, comments.
    pub(crate) fn parse(source: &'a str) -> Result<Yaml<'a>, Malformed> {
        let mut reader = Reader { lines: lines(source), next: 0 };
        let value = reader.block(0, 0)?;
        match reader.lines.get(reader.next) {
            None => Ok(value),
            Some(line) => Err(line.malformed("the indentation fits nothing above")),
        }
    }

    /// The text; empty for lists and maps.
    pub(crate) fn text(&self) -> &str {
        match self {
            Yaml::Text(text) => text,
            _ => "",
        }
    }

    pub(crate) fn list(&self) -> &[Yaml<'a>] {
        match self {
            Yaml::List(items) => items,
            _ => &[],
        }
    }

    pub(crate) fn map(&self) -> &[(Cow<'a, str>, Yaml<'a>)] {
        match self {
            Yaml::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The value of a map's key.
    pub(crate) fn get(&self, key: &str) -> Option<&Yaml<'a>> {
        self.map().iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }
}

#[derive(Clone, Copy)]
struct Line<'a> {
    number: usize,
    indent: usize,
    text: &'a str,
    /// Where the line begins in the source, for literal blocks.
    whole: &'a str,
}

impl Line<'_> {
    fn malformed(&self, what: &str) -> Malformed {
        Malformed { line: self.number, what: what.to_owned() }
    }

    fn is_item(&self) -> bool {
        self.text == "-" || self.text.starts_with("- ")
    }
}

fn lines(source: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    for (at, whole) in source.lines().enumerate() {
        let text = whole.trim_start_matches(' ');
        let indent = whole.len() - text.len();
        let text = text.trim_end();
        if !text.is_empty() && !text.starts_with('#') && text != "---" {
            lines.push(Line { number: at + 1, indent, text, whole });
        }
    }
    lines
}

struct Reader<'a> {
    lines: Vec<Line<'a>>,
    next: usize,
}

impl<'a> Reader<'a> {
    /// Reads the list or map that begins on the next line, if that is indented by at least `least`.
    fn block(&mut self, least: usize, depth: usize) -> Result<Yaml<'a>, Malformed> {
        let Some(&first) = self.lines.get(self.next).filter(|line| line.indent >= least) else {
            return Ok(Yaml::Text(Cow::Borrowed("")));
        };
        if depth > DEEPEST {
            return Err(first.malformed("values are nested too deeply"));
        }
        if first.is_item() { self.items(first.indent, depth) } else { self.entries(first.indent, depth) }
    }

    fn items(&mut self, indent: usize, depth: usize) -> Result<Yaml<'a>, Malformed> {
        let mut items = Vec::new();
        while let Some(line) = self.lines.get_mut(self.next).filter(|line| line.indent == indent && line.is_item()) {
            let rest = line.text[1..].trim_start_matches(' ');
            if rest.is_empty() || rest.starts_with('#') {
                self.next += 1;
                items.push(self.block(indent + 1, depth + 1)?);
            } else if rest.starts_with("- ") || split_key(rest).is_some() {
                // What follows the hyphen is the first line of a block of its own.
                line.indent += line.text.len() - rest.len();
                line.text = rest;
                items.push(self.block(indent + 1, depth + 1)?);
            } else {
                let line = *line;
                self.next += 1;
                items.push(Yaml::Text(scalar(&line, rest)?));
            }
        }
        Ok(Yaml::List(items))
    }

    fn entries(&mut self, indent: usize, depth: usize) -> Result<Yaml<'a>, Malformed> {
        let mut entries = Vec::new();
        while let Some(&line) = self.lines.get(self.next).filter(|line| line.indent == indent) {
            if line.is_item() {
                break;
            }
            let (key, rest) = split_key(line.text).ok_or_else(|| line.malformed("`key: value` is missing here"))?;
            let key = scalar(&line, key)?;
            self.next += 1;
            let value = match rest {
                "" => {
                    let is_list_below = self.lines.get(self.next).is_some_and(|next| next.indent == indent && next.is_item());
                    self.block(if is_list_below { indent } else { indent + 1 }, depth + 1)?
                }
                "|" | "|-" => Yaml::Text(self.literal(indent)),
                "[]" | "[ ]" | "{}" | "{ }" => Yaml::List(Vec::new()),
                _ => Yaml::Text(scalar(&line, rest)?),
            };
            entries.push((key, value));
        }
        Ok(Yaml::Map(entries))
    }

    /// Reads the lines of a literal block; empty lines inside it are lost.
    fn literal(&mut self, indent: usize) -> Cow<'a, str> {
        let mut text = String::new();
        let mut inner = 0;
        while let Some(line) = self.lines.get(self.next).filter(|line| line.indent > indent) {
            if text.is_empty() {
                inner = line.indent;
            } else {
                text.push('\n');
            }
            text.push_str(&line.whole[inner.min(line.indent)..]);
            self.next += 1;
        }
        Cow::Owned(text)
    }
}

/// Splits `key: value` or `key:` after the key, which may be quoted.
fn split_key(text: &str) -> Option<(&str, &str)> {
    let colon = match text.as_bytes()[0] {
        quote @ (b'\'' | b'"') => {
            let end = 1 + text[1..].find(char::from(quote))?;
            text[end + 1..].starts_with(':').then_some(end + 1)?
        }
        _ => text.match_indices(':').map(|(at, _)| at).find(|at| matches!(text.as_bytes().get(at + 1), None | Some(b' ')))?,
    };
    let rest = text[colon + 1..].trim_start_matches(' ');
    Some((&text[..colon], if rest.starts_with('#') { "" } else { rest }))
}

/// Reads a text that is plain, or in single or double quotes.
fn scalar<'a>(line: &Line<'a>, text: &'a str) -> Result<Cow<'a, str>, Malformed> {
    match text.as_bytes().first() {
        Some(b'\'') => single_quoted(text).ok_or_else(|| line.malformed("a quote is not closed")),
        Some(b'"') => double_quoted(text).ok_or_else(|| line.malformed("a quote is not closed")),
        Some(b'[' | b'{' | b'&' | b'*' | b'!' | b'>') => Err(line.malformed("this form of value is not read")),
        _ => Ok(Cow::Borrowed(text.split_once(" #").map_or(text, |(before, _)| before).trim_end())),
    }
}

fn single_quoted(text: &str) -> Option<Cow<'_, str>> {
    let inside = &text[1..];
    let mut from = 0;
    loop {
        let end = from + inside[from..].find('\'')?;
        if !inside[end + 1..].starts_with('\'') {
            let raw = &inside[..end];
            return Some(if from == 0 { Cow::Borrowed(raw) } else { Cow::Owned(raw.replace("''", "'")) });
        }
        from = end + 2;
    }
}

fn double_quoted(text: &str) -> Option<Cow<'_, str>> {
    let inside = &text[1..];
    let end = inside.find(['"', '\\'])?;
    if inside.as_bytes()[end] == b'"' {
        return Some(Cow::Borrowed(&inside[..end]));
    }
    let mut owned = String::new();
    let mut letters = inside.chars();
    loop {
        match letters.next()? {
            '"' => return Some(Cow::Owned(owned)),
            '\\' => match letters.next()? {
                'n' => owned.push('\n'),
                't' => owned.push('\t'),
                'r' => owned.push('\r'),
                length @ ('x' | 'u' | 'U') => {
                    let digits = match length {
                        'x' => 2,
                        'u' => 4,
                        _ => 8,
                    };
                    let code: String = letters.by_ref().take(digits).collect();
                    owned.push(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32)?);
                }
                letter => owned.push(letter),
            },
            letter => owned.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Yaml<'_> {
        Yaml::Text(Cow::Borrowed(text))
    }

    #[test]
    fn a_rule_file_is_read() {
        let source = "# comment\n- regex: 'it''s (a|b)' # note\n  name: \"x\\ty\"\n  empty: ''\n  list:\n    - one\n    - 'two'\n-\n  regex: plain: no key # note\n";
        let yaml = Yaml::parse(source).unwrap();
        let [first, second] = yaml.list() else { panic!("{yaml:?}") };
        assert_eq!(first.get("regex").unwrap().text(), "it's (a|b)");
        assert_eq!(first.get("name").unwrap().text(), "x\ty");
        assert_eq!(first.get("empty").unwrap().text(), "");
        assert_eq!(first.get("list").unwrap().list(), [text("one"), text("two")]);
        assert_eq!(second.get("regex").unwrap().text(), "plain: no key");
    }

    #[test]
    fn maps_keep_their_order() {
        let yaml = Yaml::parse("b:\n  x: 1\n'a.b': 2\nc:\n- 3\n").unwrap();
        let keys: Vec<_> = yaml.map().iter().map(|(key, _)| &**key).collect();
        assert_eq!(keys, ["b", "'a.b'".trim_matches('\''), "c"]);
        assert_eq!(yaml.get("c").unwrap().list(), [text("3")]);
    }

    #[test]
    fn a_literal_block_keeps_its_text() {
        let yaml = Yaml::parse("a: |\n  one: 'x'\n    two\nb: 1\n").unwrap();
        assert_eq!(yaml.get("a").unwrap().text(), "one: 'x'\n  two");
        assert_eq!(yaml.get("b").unwrap().text(), "1");
    }

    #[test]
    fn what_is_no_rule_file_names_its_line() {
        assert_eq!(Yaml::parse("a: 1\nnonsense\n").unwrap_err().line, 2);
        assert_eq!(Yaml::parse("a: 'x\n").unwrap_err().line, 1);
        assert_eq!(Yaml::parse("a: 1\n   b: 2\n").unwrap_err().line, 2);
        assert!(Yaml::parse(&"- ".repeat(100)).is_err());
        let deep: String = (0..40).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
        assert!(Yaml::parse(&deep).is_err());
    }
}
