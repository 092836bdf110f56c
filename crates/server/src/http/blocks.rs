//! Variants of a script: a template is divided by comments into blocks that a variant takes or leaves.
//!
//! `/*!if a|!b*/` … `/*!else*/` … `/*!end*/`: a block is taken if any of its terms holds, `a` when the feature is wanted, `!b`
//! when it is not. Blocks may lie within each other.

/// A mark that divides a template.
enum Mark<'a> {
    If(&'a str),
    Else,
    End,
}

/// The variant of a template that has the wanted features; `None` when a block ends that never began, or never ends.
pub(super) fn assemble(template: &str, wanted: &[&str]) -> Option<String> {
    let holds = |term: &str| match term.strip_prefix('!') {
        Some(name) => !wanted.contains(&name),
        None => wanted.contains(&term),
    };
    let mut open: Vec<bool> = Vec::new();
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, mark, after)) = next_mark(rest) {
        if open.iter().all(|taken| *taken) {
            text.push_str(before);
        }
        match mark {
            Mark::If(terms) => open.push(terms.split('|').any(holds)),
            Mark::Else => {
                let taken = open.last_mut()?;
                *taken = !*taken;
            }
            Mark::End => {
                open.pop()?;
            }
        }
        rest = after;
    }
    if !open.is_empty() {
        return None;
    }
    text.push_str(rest);
    Some(text)
}

/// The text before the next mark, the mark, and what follows it. Other comments are text.
fn next_mark(text: &str) -> Option<(&str, Mark<'_>, &str)> {
    const OPENING: &str = "/*!";
    let mut from = 0;
    loop {
        let at = from + text[from..].find(OPENING)?;
        let inner = &text[at + OPENING.len()..];
        let length = inner.find("*/")?;
        let mark = match &inner[..length] {
            "else" => Some(Mark::Else),
            "end" => Some(Mark::End),
            other => other.strip_prefix("if ").map(Mark::If),
        };
        match mark {
            Some(mark) => return Some((&text[..at], mark, &inner[length + 2..])),
            None => from = at + OPENING.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::assemble;

    #[test]
    fn blocks_are_taken_or_left() {
        let template = "a/*!if x|y*/b/*!if !y*/c/*!else*/d/*!end*/e/*!else*/f/*!end*/g";
        assert_eq!(assemble(template, &[]).as_deref(), Some("afg"));
        assert_eq!(assemble(template, &["x"]).as_deref(), Some("abceg"));
        assert_eq!(assemble(template, &["y", "x"]).as_deref(), Some("abdeg"));
        assert_eq!(assemble(template, &["z"]).as_deref(), Some("afg"));
    }

    #[test]
    fn other_comments_stay() {
        assert_eq!(assemble("/*! a licence *//*!if x*/1/*!end*/2", &[]).as_deref(), Some("/*! a licence */2"));
        assert_eq!(assemble("/*! never closed", &[]).as_deref(), Some("/*! never closed"));
    }

    #[test]
    fn a_template_that_is_not_whole_makes_nothing() {
        for broken in ["/*!end*/", "/*!else*/", "/*!if x*/a", "/*!if x*/a/*!end*/b/*!end*/"] {
            assert_eq!(assemble(broken, &["x"]), None, "{broken}");
        }
    }
}
