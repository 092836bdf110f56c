use super::program::{ANY, Inst, LIST_END, Pattern};
use super::{ByteSet, NO_END, Pairs};

/// Steps all matches on one scratch may take together. Real user agents need a few thousand.
const BUDGET: u32 = 2_000_000;
const UNSET: u32 = u32::MAX;

/// The memory matches work in. When its budget is used up, nothing matches any more.
pub(crate) struct Scratch {
    slots: Vec<u32>,
    stack: Vec<Frame>,
    budget: u32,
}

/// A choice to go back to, or a slot to put back on the way there.
#[derive(Clone, Copy)]
enum Frame {
    Branch {
        pc: u16,
        at: u32,
    },
    List {
        table: u16,
        next: u16,
        at: u32,
    },
    /// A greedy run that can give back bytes down to `low`.
    Shrink {
        pc: u16,
        low: u32,
        at: u32,
    },
    /// A lazy run that can take more bytes; `pc` is the run itself.
    Grow {
        pc: u16,
        taken: u16,
        at: u32,
    },
    Restore {
        slot: u16,
        old: u32,
    },
}

/// The groups of the last match.
pub(crate) struct Captures<'a> {
    text: &'a str,
    slots: &'a [u32],
}

impl Scratch {
    pub(crate) fn new() -> Scratch {
        Scratch { slots: Vec::new(), stack: Vec::new(), budget: BUDGET }
    }

    /// The groups `pattern` captured in `text`, right after it matched the lower-case form of that text.
    pub(crate) fn captures<'a>(&'a self, pattern: &Pattern, text: &'a str) -> Captures<'a> {
        Captures { text, slots: &self.slots[..2 * usize::from(pattern.groups)] }
    }
}

impl Captures<'_> {
    /// The text of a group, counted from one; empty if it took no part in the match.
    pub(crate) fn group(&self, number: usize) -> std::borrow::Cow<'_, str> {
        match self.slots.get(2 * number - 2..2 * number) {
            Some(&[start, end]) if start != UNSET && end != UNSET => {
                String::from_utf8_lossy(&self.text.as_bytes()[start as usize..end as usize])
            }
            _ => "".into(),
        }
    }

    /// How many groups the pattern has, whether they took part in the match or not.
    pub(crate) fn count(&self) -> usize {
        self.slots.len() / 2
    }
}

impl Pattern {
    /// Whether the pattern may match a text that holds these pairs, from a place where one of these bytes comes next.
    pub(crate) fn may_match(&self, pairs: &Pairs, first_bytes: &ByteSet) -> bool {
        (self.can_be_empty || self.first.meets(first_bytes)) && pairs.hold(&self.pairs)
    }

    /// Whether the pattern matches `text`, whose letters are lower case, from one of the places in `starts`.
    /// The places ascend; the first one that leads to a match counts.
    pub(crate) fn matches(&self, text: &[u8], starts: impl IntoIterator<Item = u32>, scratch: &mut Scratch) -> bool {
        for start in starts {
            let is_possible = self.can_be_empty || text.get(start as usize).is_some_and(|byte| self.first.contains(*byte));
            if !is_possible {
                continue;
            }
            scratch.slots.clear();
            scratch.slots.resize(usize::from(self.slots), UNSET);
            scratch.stack.clear();
            if self.run(text, 0, start as usize, scratch) {
                return true;
            }
            if scratch.budget == 0 || self.leads_with_any && !text.contains(&b'\n') {
                return false;
            }
        }
        false
    }

    fn run(&self, text: &[u8], pc: usize, at: usize, scratch: &mut Scratch) -> bool {
        let floor = scratch.stack.len();
        let (mut pc, mut at) = (pc, at);
        loop {
            if scratch.budget == 0 {
                return false;
            }
            scratch.budget -= 1;
            let goes_on = match self.code[pc] {
                Inst::Match => {
                    scratch.stack.truncate(floor);
                    return true;
                }
                Inst::Byte(byte) => {
                    let is_there = at < text.len() && text[at] == byte;
                    at += 1;
                    pc += 1;
                    is_there
                }
                Inst::Literal { at: from, len } => {
                    let (from, len) = (usize::from(from), usize::from(len));
                    // Names differ at their end more often than at their beginning.
                    let is_there = at + len <= text.len()
                        && text[at + len - 1] == self.literals[from + len - 1]
                        && text[at..at + len] == self.literals[from..from + len];
                    at += len;
                    pc += 1;
                    is_there
                }
                Inst::Set(set) => {
                    let is_there = at < text.len() && self.sets[usize::from(set)].contains(text[at]);
                    at += 1;
                    pc += 1;
                    is_there
                }
                Inst::Start => {
                    pc += 1;
                    at == 0
                }
                Inst::End => {
                    pc += 1;
                    at == text.len() || (at + 1 == text.len() && text[at] == b'\n')
                }
                Inst::First => {
                    pc += 1;
                    at == 0 || text.contains(&b'\n')
                }
                Inst::Save(slot) | Inst::Mark(slot) => {
                    let old = std::mem::replace(&mut scratch.slots[usize::from(slot)], at as u32);
                    scratch.stack.push(Frame::Restore { slot, old });
                    pc += 1;
                    true
                }
                Inst::Split(first, second) => {
                    scratch.stack.push(Frame::Branch { pc: second, at: at as u32 });
                    pc = usize::from(first);
                    true
                }
                Inst::Jump(place) => {
                    pc = usize::from(place);
                    true
                }
                Inst::Dispatch(table) => {
                    let next = self.tables[usize::from(table)].list(text.get(at)) as u16;
                    scratch.stack.push(Frame::List { table, next, at: at as u32 });
                    false
                }
                Inst::Run { set, min, max, greedy } => {
                    let least = at + usize::from(min);
                    let most = match (greedy, max) {
                        (false, _) => least.min(text.len()),
                        (true, NO_END) => text.len(),
                        (true, max) => text.len().min(at + usize::from(max)),
                    };
                    at = self.run_end(set, text, at, most);
                    if at > least {
                        scratch.stack.push(Frame::Shrink { pc: pc as u16 + 1, low: least as u32, at: at as u32 });
                    } else if !greedy && at == least {
                        scratch.stack.push(Frame::Grow { pc: pc as u16, taken: min, at: at as u32 });
                    }
                    pc += 1;
                    at >= least
                }
                Inst::Look { negative, end } => {
                    let found = self.run(text, pc + 1, at, scratch);
                    pc = usize::from(end);
                    found != negative
                }
                Inst::Back(width) => {
                    pc += 1;
                    let reaches = at >= usize::from(width);
                    at = at.saturating_sub(usize::from(width));
                    reaches
                }
                Inst::Progress { slot, out } => {
                    pc = if scratch.slots[usize::from(slot)] == at as u32 { usize::from(out) } else { pc + 1 };
                    true
                }
            };
            if !goes_on && !self.go_back(text, floor, scratch, &mut pc, &mut at) {
                return false;
            }
        }
    }

    /// Returns to the last choice above `floor` that has another way to go.
    fn go_back(&self, text: &[u8], floor: usize, scratch: &mut Scratch, pc: &mut usize, place: &mut usize) -> bool {
        while scratch.stack.len() > floor {
            let Some(frame) = scratch.stack.pop() else { return false };
            match frame {
                Frame::Restore { slot, old } => scratch.slots[usize::from(slot)] = old,
                Frame::Branch { pc: branch, at } => {
                    (*pc, *place) = (usize::from(branch), at as usize);
                    return true;
                }
                Frame::List { table, next, at } => {
                    let branches = &self.tables[usize::from(table)].branches;
                    let branch = branches[usize::from(next)];
                    if branch == LIST_END {
                        continue;
                    }
                    if branches[usize::from(next) + 1] != LIST_END {
                        scratch.stack.push(Frame::List { table, next: next + 1, at });
                    }
                    (*pc, *place) = (usize::from(branch), at as usize);
                    return true;
                }
                Frame::Shrink { pc: after, low, at } => {
                    let mut at = at as usize - 1;
                    let low = low as usize;
                    if let Some(byte) = self.next_byte(usize::from(after)) {
                        while at > low && text[at] != byte {
                            at -= 1;
                        }
                    }
                    if at > low {
                        scratch.stack.push(Frame::Shrink { pc: after, low: low as u32, at: at as u32 });
                    }
                    (*pc, *place) = (usize::from(after), at);
                    return true;
                }
                Frame::Grow { pc: run, taken, at } => {
                    let Inst::Run { set, max, .. } = self.code[usize::from(run)] else { continue };
                    let is_there = self.run_end(set, text, at as usize, text.len().min(at as usize + 1)) > at as usize;
                    if !is_there || (max != NO_END && taken >= max) {
                        continue;
                    }
                    scratch.stack.push(Frame::Grow { pc: run, taken: taken.saturating_add(1), at: at + 1 });
                    (*pc, *place) = (usize::from(run) + 1, at as usize + 1);
                    return true;
                }
            }
        }
        false
    }

    /// Where a run of bytes of a set ends, at `most` at the latest.
    #[inline]
    fn run_end(&self, set: u16, text: &[u8], at: usize, most: usize) -> usize {
        if at >= most {
            return at;
        }
        if set == ANY {
            return memchr::memchr(b'\n', &text[at..most]).map_or(most, |length| at + length);
        }
        let set = &self.sets[usize::from(set)];
        let mut end = at;
        while end < most && set.contains(text[end]) {
            end += 1;
        }
        end
    }

    /// The byte that must come next for the code from `pc` on to match, where the code says so at once.
    #[inline]
    fn next_byte(&self, pc: usize) -> Option<u8> {
        match self.code[pc] {
            Inst::Byte(byte) => Some(byte),
            Inst::Literal { at, .. } => Some(self.literals[usize::from(at)]),
            _ => None,
        }
    }
}
