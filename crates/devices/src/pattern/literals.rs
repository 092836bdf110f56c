use super::Node;
use super::parse::parse;

/// Most texts an exact set may hold before it is given up.
const MOST_EXACT: usize = 24;
/// Longest text worth keeping, in bytes.
const LONGEST: usize = 16;
/// Shortest text worth asking for.
const SHORTEST: usize = 2;

/// Texts in lower case of which every match of the pattern contains at least one, or nothing if there is no such set.
///
/// `is_common` tells texts that occur in most user agents and thus rule out little.
pub(crate) fn required_literals(source: &str, is_common: &dyn Fn(&[u8]) -> bool) -> Result<Option<Vec<Vec<u8>>>, String> {
    let (node, _) = parse(source)?;
    Ok(required(&node, is_common))
}

/// The same for a pattern that is already read.
pub(super) fn required(node: &Node, is_common: &dyn Fn(&[u8]) -> bool) -> Option<Vec<Vec<u8>>> {
    Finder { is_common }.visit(node).best().map(|(_, texts)| texts)
}

type Texts = Vec<Vec<u8>>;

/// What is known about the matches of a node.
struct Found {
    /// The matches themselves, where they are few.
    exact: Option<Texts>,
    /// The best set of which every match contains one, with its score.
    required: Option<(usize, Texts)>,
    exact_score: Option<usize>,
}

impl Found {
    fn best(self) -> Option<(usize, Texts)> {
        match (self.exact_score.zip(self.exact), self.required) {
            (Some(exact), Some(required)) if exact.0 >= required.0 => Some(exact),
            (exact, None) => exact,
            (_, required) => required,
        }
    }
}

struct Finder<'a> {
    is_common: &'a dyn Fn(&[u8]) -> bool,
}

impl Finder<'_> {
    fn visit(&self, node: &Node) -> Found {
        match node {
            Node::Empty | Node::Start | Node::End | Node::Look { .. } => self.exact(vec![Vec::new()]),
            Node::Byte(byte) => self.exact(vec![vec![*byte]]),
            Node::Set(set) => {
                let bytes: Texts = set.lower_case_bytes().take(5).map(|byte| vec![byte]).collect();
                if bytes.len() < 5 { self.exact(bytes) } else { NOTHING }
            }
            Node::Group(node, _) => self.visit(node),
            Node::Concat(nodes) => self.concat(nodes),
            Node::Alternate(nodes) => self.alternate(nodes),
            Node::Repeat { node, min: 0, max: 1, .. } => match self.visit(node).exact {
                Some(mut texts) if texts.len() < MOST_EXACT => {
                    texts.push(Vec::new());
                    self.exact(texts)
                }
                _ => NOTHING,
            },
            Node::Repeat { min: 0, .. } => NOTHING,
            Node::Repeat { node, min: 1, max: 1, .. } => self.visit(node),
            Node::Repeat { node, .. } => Found { exact: None, exact_score: None, required: self.visit(node).best() },
        }
    }

    fn exact(&self, texts: Texts) -> Found {
        Found { exact_score: self.score(&texts), exact: Some(texts), required: None }
    }

    fn concat(&self, nodes: &[Node]) -> Found {
        let mut run: Texts = vec![Vec::new()];
        let mut is_whole = true;
        let mut required: Option<(usize, Texts)> = None;
        let mut keep = |candidate: Option<(usize, Texts)>| {
            if let Some((score, texts)) = candidate
                && required.as_ref().is_none_or(|(best, _)| score > *best)
            {
                required = Some((score, texts));
            }
        };
        for node in nodes {
            let found = self.visit(node);
            match &found.exact {
                Some(texts) if run.len() * texts.len() <= MOST_EXACT => {
                    run = run.iter().flat_map(|left| texts.iter().map(move |right| joined(left, right))).collect();
                }
                _ => {
                    is_whole = false;
                    keep(self.score(&run).map(|score| (score, std::mem::take(&mut run))));
                    run = found.exact.clone().unwrap_or_else(|| vec![Vec::new()]);
                    keep(found.best());
                }
            }
        }
        if is_whole {
            return self.exact(run);
        }
        keep(self.score(&run).map(|score| (score, run)));
        Found { exact: None, exact_score: None, required }
    }

    fn alternate(&self, nodes: &[Node]) -> Found {
        let mut exact: Option<Texts> = Some(Vec::new());
        let mut required: Option<Texts> = Some(Vec::new());
        for node in nodes {
            let found = self.visit(node);
            exact = match (exact, &found.exact) {
                (Some(mut all), Some(texts)) if all.len() + texts.len() <= MOST_EXACT => {
                    all.extend(texts.iter().cloned());
                    Some(all)
                }
                _ => None,
            };
            required = required.zip(found.best()).map(|(mut all, (_, texts))| {
                all.extend(texts);
                all
            });
        }
        let required = required.and_then(|mut texts| {
            texts.sort();
            texts.dedup();
            self.score(&texts).map(|score| (score, texts))
        });
        let exact_score = exact.as_ref().and_then(|texts| self.score(texts));
        Found { exact, exact_score, required }
    }

    /// How much asking for one of these texts rules out; nothing if it is not worth asking.
    fn score(&self, texts: &[Vec<u8>]) -> Option<usize> {
        let rarity = |text: &Vec<u8>| match text.len() {
            len if len < SHORTEST => 0,
            _ if (self.is_common)(text) => 1,
            len => len.min(8) * 10,
        };
        let least = texts.iter().map(rarity).min()?;
        (least > 0).then(|| least * 100 + 99 - texts.len().min(99))
    }
}

const NOTHING: Found = Found { exact: None, exact_score: None, required: None };

fn joined(left: &[u8], right: &[u8]) -> Vec<u8> {
    [left, right].concat()
}

/// A shorter text that any text containing `text` contains too.
pub(crate) fn cut(text: &[u8]) -> &[u8] {
    &text[..text.len().min(LONGEST)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literals(source: &str) -> Option<Vec<String>> {
        let found =
            required_literals(source, &|text| b"mozilla/5.0 android chrome/".windows(text.len()).any(|part| part == text));
        found.unwrap().map(|texts| texts.into_iter().map(|text| String::from_utf8(text).unwrap()).collect())
    }

    #[test]
    fn the_rarest_part_is_asked_for() {
        assert_eq!(literals(r"Chrome/(\d+).+ Iridium/\d+").unwrap(), [" iridium/"]);
        assert_eq!(literals(r"Chrome/[\d.]+").unwrap(), ["chrome/"]);
        assert_eq!(literals("(?:BUZZ [1-9]|CLEVER [13])x*").unwrap(), ["buzz ", "clever 1", "clever 3"]);
    }

    #[test]
    fn what_may_be_absent_is_not_asked_for() {
        assert_eq!(literals(r"(?:Foobar)?\d+"), None);
        assert_eq!(literals(r"Foobar|\d+"), None);
        assert_eq!(literals("(?!Foobar)x"), None);
        assert_eq!(literals("(?:Foobar)*"), None);
        assert_eq!(literals("Foo ?bar").unwrap(), ["foo bar", "foobar"]);
        assert_eq!(literals("(?:Foobar)+").unwrap(), ["foobar"]);
    }
}
