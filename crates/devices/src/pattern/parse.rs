use super::set::ByteSet;
use super::{NO_END, Node};

/// Deepest nesting of groups.
const DEEPEST: usize = 60;
/// Largest count in a repetition.
const MOST_REPEATS: u16 = 1000;

/// Reads a pattern of the part of Perl's dialect that rule databases use; tells how many groups it captures.
pub(super) fn parse(source: &str) -> Result<(Node, u16), String> {
    let mut parser = Parser { rest: source.as_bytes(), groups: 0 };
    let node = parser.alternation(0)?;
    match parser.rest.first() {
        None => Ok((node, parser.groups)),
        Some(_) => Err(format!("`{source}` closes a group it does not open")),
    }
}

struct Parser<'a> {
    rest: &'a [u8],
    groups: u16,
}

impl Parser<'_> {
    fn alternation(&mut self, depth: usize) -> Result<Node, String> {
        if depth > DEEPEST {
            return Err("groups are nested too deeply".to_owned());
        }
        let mut branches = Vec::new();
        loop {
            branches.push(self.sequence(depth)?);
            if !self.skip(b"|") {
                break;
            }
        }
        Ok(if branches.len() == 1 { branches.remove(0) } else { Node::Alternate(branches) })
    }

    fn sequence(&mut self, depth: usize) -> Result<Node, String> {
        let mut nodes = Vec::new();
        while let Some(&byte) = self.rest.first() {
            if matches!(byte, b'|' | b')') {
                break;
            }
            let atom = self.atom(depth)?;
            nodes.push(self.repeated(atom)?);
        }
        Ok(match nodes.len() {
            0 => Node::Empty,
            1 => nodes.remove(0),
            _ => Node::Concat(nodes),
        })
    }

    fn atom(&mut self, depth: usize) -> Result<Node, String> {
        let Some(byte) = self.next() else { return Ok(Node::Empty) };
        Ok(match byte {
            b'.' => Node::Set(ByteSet::of(b'\n').not()),
            b'^' => Node::Start,
            b'$' => Node::End,
            b'(' => self.group(depth)?,
            b'[' => Node::Set(self.class()?),
            b'*' | b'+' | b'?' => return Err(format!("`{}` repeats nothing", char::from(byte))),
            b'\\' => match self.escape()? {
                Escape::Byte(byte) => Node::Byte(byte.to_ascii_lowercase()),
                Escape::Set(set) => Node::Set(set),
            },
            byte => Node::Byte(byte.to_ascii_lowercase()),
        })
    }

    fn group(&mut self, depth: usize) -> Result<Node, String> {
        let look = |node, behind, negative| Node::Look { node: Box::new(node), behind, negative };
        let node = if self.skip(b"?:") {
            Node::Group(Box::new(self.alternation(depth + 1)?), None)
        } else if self.skip(b"?=") {
            look(self.alternation(depth + 1)?, false, false)
        } else if self.skip(b"?!") {
            look(self.alternation(depth + 1)?, false, true)
        } else if self.skip(b"?<=") {
            look(self.alternation(depth + 1)?, true, false)
        } else if self.skip(b"?<!") {
            look(self.alternation(depth + 1)?, true, true)
        } else if self.skip(b"?") {
            return Err("groups may begin with `?:`, `?=`, `?!`, `?<=` or `?<!` only".to_owned());
        } else {
            self.groups += 1;
            let number = self.groups;
            Node::Group(Box::new(self.alternation(depth + 1)?), Some(number))
        };
        if self.skip(b")") { Ok(node) } else { Err("a group is not closed".to_owned()) }
    }

    fn repeated(&mut self, mut node: Node) -> Result<Node, String> {
        while let Some((min, max)) = self.counts()? {
            // A possessive repetition is read as a greedy one: it may match more, never less.
            let greedy = !self.skip(b"?");
            if greedy {
                self.skip(b"+");
            }
            if matches!(node, Node::Start | Node::End | Node::Look { .. } | Node::Empty) {
                return Err("an assertion cannot be repeated".to_owned());
            }
            node = Node::Repeat { node: Box::new(node), min, max, greedy };
        }
        Ok(node)
    }

    /// Takes a repetition's counts, if one comes next. A brace that is no count stands for itself.
    fn counts(&mut self) -> Result<Option<(u16, u16)>, String> {
        let counts = match self.rest.first() {
            Some(b'*') => (0, NO_END),
            Some(b'+') => (1, NO_END),
            Some(b'?') => (0, 1),
            Some(b'{') => return self.braces(),
            _ => return Ok(None),
        };
        self.next();
        Ok(Some(counts))
    }

    fn braces(&mut self) -> Result<Option<(u16, u16)>, String> {
        let Some(end) = self.rest.iter().position(|byte| *byte == b'}') else { return Ok(None) };
        let inside = &self.rest[1..end];
        if !inside.first().is_some_and(u8::is_ascii_digit) || !inside.iter().all(|byte| byte.is_ascii_digit() || *byte == b',') {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(inside);
        let number = |text: &str| text.parse::<u16>().ok().filter(|count| *count <= MOST_REPEATS);
        let counts = match text.split_once(',') {
            None => number(&text).map(|count| (count, count)),
            Some((min, "")) => number(min).map(|min| (min, NO_END)),
            Some((min, max)) => number(min).zip(number(max)),
        };
        let (min, max) = counts.filter(|(min, max)| min <= max).ok_or_else(|| format!("bad counts `{{{text}}}`"))?;
        self.rest = &self.rest[end + 1..];
        Ok(Some((min, max)))
    }

    fn class(&mut self) -> Result<ByteSet, String> {
        let negated = self.skip(b"^");
        let mut set = ByteSet::EMPTY;
        let mut is_first = true;
        loop {
            let byte = self.next().ok_or("a class is not closed")?;
            if byte == b']' && !is_first {
                break;
            }
            is_first = false;
            let first = match byte {
                b'\\' => match self.escape()? {
                    Escape::Byte(byte) => byte,
                    Escape::Set(inner) => {
                        set = set.or(inner);
                        continue;
                    }
                },
                byte => byte,
            };
            set = set.or(match self.range_end()? {
                Some(last) if first <= last => ByteSet::range(first, last),
                Some(_) => return Err("a range ends before it begins".to_owned()),
                None => ByteSet::of(first),
            });
        }
        let folded = set.folded();
        Ok(if negated { folded.not() } else { folded })
    }

    /// Takes `-x`, if a range goes on; a hyphen before a set or the closing bracket stands for itself.
    fn range_end(&mut self) -> Result<Option<u8>, String> {
        let [b'-', last, ..] = *self.rest else { return Ok(None) };
        if last == b']' {
            return Ok(None);
        }
        let before = self.rest;
        self.rest = &self.rest[2..];
        if last != b'\\' {
            return Ok(Some(last));
        }
        match self.escape()? {
            Escape::Byte(byte) => Ok(Some(byte)),
            Escape::Set(_) => {
                self.rest = before;
                Ok(None)
            }
        }
    }

    fn escape(&mut self) -> Result<Escape, String> {
        let digits = ByteSet::range(b'0', b'9');
        let words = digits.or(ByteSet::range(b'a', b'z')).or(ByteSet::range(b'A', b'Z')).with(b'_');
        let spaces = ByteSet::range(b'\t', b'\r').with(b' ');
        Ok(match self.next().ok_or("a backslash ends the pattern")? {
            b'd' => Escape::Set(digits),
            b'D' => Escape::Set(digits.not()),
            b'w' => Escape::Set(words),
            b'W' => Escape::Set(words.not()),
            b's' => Escape::Set(spaces),
            b'S' => Escape::Set(spaces.not()),
            b'n' => Escape::Byte(b'\n'),
            b'r' => Escape::Byte(b'\r'),
            b't' => Escape::Byte(b'\t'),
            byte if byte.is_ascii_alphanumeric() => return Err(format!("`\\{}` is not known", char::from(byte))),
            byte => Escape::Byte(byte),
        })
    }

    fn next(&mut self) -> Option<u8> {
        let (byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*byte)
    }

    fn skip(&mut self, prefix: &[u8]) -> bool {
        let Some(rest) = self.rest.strip_prefix(prefix) else { return false };
        self.rest = rest;
        true
    }
}

enum Escape {
    Byte(u8),
    Set(ByteSet),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_counted() {
        assert_eq!(parse("(a)(?:b)(c(d))").unwrap().1, 3);
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for source in ["(", ")", "a)", "*", "(?#x)", "(?P<n>a)", r"\b", r"\1", "[a", "[b-a]", "a{3,2}", "a{9999}", "^*"] {
            assert!(parse(source).is_err(), "{source}");
        }
        assert!(parse(&"(".repeat(10_000)).is_err());
    }

    #[test]
    fn braces_without_counts_are_text() {
        assert!(matches!(parse("a{x}").unwrap().0, Node::Concat(nodes) if nodes.len() == 4));
    }
}
