use super::literals::required;
use super::pairs::last_places;
use super::parse::parse;
use super::set::ByteSet;
use super::{NO_END, Node};

/// Longest program; databases stay far below.
const LONGEST_PROGRAM: usize = 60_000;
/// From this many branches on, an alternation looks at the next byte before it tries them.
const BRANCHES_FOR_TABLE: usize = 4;
/// The number of the set `.` stands for, which is in no program's list.
pub(super) const ANY: u16 = u16::MAX;
/// Ends a table's list of branches.
pub(super) const LIST_END: u16 = u16::MAX;

/// A compiled pattern.
#[derive(Debug)]
pub(crate) struct Pattern {
    pub(super) code: Box<[Inst]>,
    pub(super) literals: Box<[u8]>,
    pub(super) sets: Box<[ByteSet]>,
    pub(super) tables: Box<[Table]>,
    /// The bytes a match can begin with; every byte, if it can be empty.
    pub(super) first: ByteSet,
    pub(super) can_be_empty: bool,
    /// Pairs of bytes every match holds.
    pub(super) pairs: Box<[u16]>,
    /// Whether the pattern begins with `.*` or `.+`, so that what fails at one place fails at every later one.
    pub(super) leads_with_any: bool,
    pub(super) groups: u16,
    /// Capture positions and loop marks a match needs.
    pub(super) slots: u16,
}

/// One step of a match. On failure the matcher goes back to the last choice.
#[derive(Clone, Copy, Debug)]
pub(super) enum Inst {
    Match,
    Byte(u8),
    Literal {
        at: u16,
        len: u16,
    },
    Set(u16),
    Start,
    End,
    /// Goes on from the first place only, unless the text has several lines.
    First,
    Save(u16),
    /// Tries the first place, then the second.
    Split(u16, u16),
    Jump(u16),
    /// Tries the branches a table lists for the next byte.
    Dispatch(u16),
    /// Takes bytes of a set, as many (or as few) as lead to a match. [`ANY`] stands for all bytes but the line feed.
    Run {
        set: u16,
        min: u16,
        max: u16,
        greedy: bool,
    },
    /// Matches the code up to `end` without taking anything.
    Look {
        negative: bool,
        end: u16,
    },
    /// Goes back some bytes.
    Back(u16),
    /// Notes where a round of a loop begins.
    Mark(u16),
    /// Leaves the loop for the given place after a round that took nothing.
    Progress {
        slot: u16,
        out: u16,
    },
}

/// Which branches of an alternation are worth trying, by the next byte.
#[derive(Debug)]
pub(super) struct Table {
    /// By class: printable ASCII bytes each have one, then all other bytes share one, then the end has one.
    classes: [u8; Table::CLASSES],
    /// Where each list of branches begins in `branches`.
    starts: Box<[u16]>,
    /// Lists of places in the code, each ended by [`LIST_END`].
    pub(super) branches: Box<[u16]>,
}

impl Table {
    const OTHER: usize = 96;
    const AT_END: usize = 97;
    const CLASSES: usize = 98;

    /// The index in `branches` of the first branch to try.
    #[inline(always)]
    pub(super) fn list(&self, next: Option<&u8>) -> usize {
        let class = match next {
            None => Table::AT_END,
            Some(byte @ 32..=127) => usize::from(byte - 32),
            Some(_) => Table::OTHER,
        };
        usize::from(self.starts[usize::from(self.classes[class])])
    }

    fn new(branches: &[(bool, ByteSet, u16)]) -> Table {
        let mut table = Table { classes: [0; Table::CLASSES], starts: Box::default(), branches: Box::default() };
        let mut lists: Vec<Vec<u16>> = Vec::new();
        for class in 0..Table::CLASSES {
            let is_possible = |set: &ByteSet| match class {
                Table::AT_END => false,
                Table::OTHER => (0..32).chain(128..=255).any(|byte| set.contains(byte)),
                printable => set.contains(printable as u8 + 32),
            };
            let list: Vec<u16> = branches
                .iter()
                .filter(|(can_be_empty, set, _)| *can_be_empty || is_possible(set))
                .map(|(_, _, place)| *place)
                .collect();
            let known = lists.iter().position(|other| *other == list);
            table.classes[class] = known.unwrap_or_else(|| {
                lists.push(list);
                lists.len() - 1
            }) as u8;
        }
        let mut starts = Vec::new();
        let mut all = Vec::new();
        for list in lists {
            starts.push(all.len() as u16);
            all.extend(list);
            all.push(LIST_END);
        }
        table.starts = starts.into();
        table.branches = all.into();
        table
    }
}

impl Pattern {
    pub(crate) fn new(source: &str) -> Result<Pattern, String> {
        let (node, groups) = parse(source)?;
        let mut compiler = Compiler { slots: 2 * groups, ..Compiler::default() };
        match &node {
            Node::Alternate(branches) => compiler.alternate(branches, true)?,
            node => compiler.node(node)?,
        }
        compiler.push(Inst::Match)?;
        let (can_be_empty, first) = node.first();
        Ok(Pattern {
            code: compiler.code.into(),
            literals: compiler.literals.into(),
            sets: compiler.sets.into(),
            tables: compiler.tables.into(),
            first,
            can_be_empty,
            pairs: match required(&node, &|_| false).as_deref() {
                Some([text]) => last_places(text),
                _ => Box::default(),
            },
            leads_with_any: leads_with_any(&node),
            groups,
            slots: compiler.slots,
        })
    }
}

fn leads_with_any(node: &Node) -> bool {
    match node {
        Node::Concat(nodes) => nodes.first().is_some_and(leads_with_any),
        Node::Group(node, _) => leads_with_any(node),
        Node::Repeat { node, max: NO_END, .. } => {
            matches!(&**node, Node::Set(set) if is_any(set))
        }
        _ => false,
    }
}

fn is_any(set: &ByteSet) -> bool {
    *set == ByteSet::of(b'\n').not()
}

#[derive(Default)]
struct Compiler {
    code: Vec<Inst>,
    literals: Vec<u8>,
    sets: Vec<ByteSet>,
    tables: Vec<Table>,
    slots: u16,
    /// Depth of look-around, inside which groups capture nothing.
    looking: u16,
}

impl Compiler {
    fn push(&mut self, inst: Inst) -> Result<usize, String> {
        if self.code.len() >= LONGEST_PROGRAM {
            return Err("the pattern is too long".to_owned());
        }
        self.code.push(inst);
        Ok(self.code.len() - 1)
    }

    fn here(&self) -> u16 {
        self.code.len() as u16
    }

    fn set(&mut self, set: ByteSet) -> u16 {
        let known = self.sets.iter().position(|other| *other == set);
        known.unwrap_or_else(|| {
            self.sets.push(set);
            self.sets.len() - 1
        }) as u16
    }

    fn node(&mut self, node: &Node) -> Result<(), String> {
        match node {
            Node::Empty => {}
            Node::Byte(byte) => drop(self.push(Inst::Byte(*byte))?),
            Node::Set(set) => {
                let set = self.set(*set);
                self.push(Inst::Set(set))?;
            }
            Node::Start => drop(self.push(Inst::Start)?),
            Node::End => drop(self.push(Inst::End)?),
            Node::Group(node, Some(number)) if self.looking == 0 => {
                self.push(Inst::Save(2 * (number - 1)))?;
                self.node(node)?;
                self.push(Inst::Save(2 * (number - 1) + 1))?;
            }
            Node::Group(node, _) => self.node(node)?,
            Node::Concat(nodes) => self.concat(nodes)?,
            Node::Alternate(branches) => self.alternate(branches, false)?,
            Node::Repeat { node, min, max, greedy } => self.repeat(node, *min, *max, *greedy)?,
            Node::Look { node, behind, negative } => self.look(node, *behind, *negative)?,
        }
        Ok(())
    }

    fn concat(&mut self, nodes: &[Node]) -> Result<(), String> {
        let mut rest = nodes;
        while let [node, after @ ..] = rest {
            let text: Vec<u8> =
                rest.iter().map_while(|node| if let Node::Byte(byte) = node { Some(*byte) } else { None }).collect();
            if text.len() < 2 || self.literals.len() + text.len() > usize::from(u16::MAX) {
                self.node(node)?;
                rest = after;
                continue;
            }
            let at = self.literals.len() as u16;
            self.literals.extend(&text);
            self.push(Inst::Literal { at, len: text.len() as u16 })?;
            rest = &rest[text.len()..];
        }
        Ok(())
    }

    /// Compiles branches. At the top of a pattern, those that begin with `.*` or `.+` fail at every later place where
    /// they failed at the first.
    fn alternate(&mut self, branches: &[Node], is_top: bool) -> Result<(), String> {
        let mut jumps = Vec::new();
        if branches.len() >= BRANCHES_FOR_TABLE {
            let dispatch = self.push(Inst::Dispatch(0))?;
            let mut places = Vec::new();
            for branch in branches {
                let (can_be_empty, first) = branch.first();
                places.push((can_be_empty, first, self.here()));
                self.branch(branch, is_top)?;
                jumps.push(self.push(Inst::Jump(0))?);
            }
            self.code[dispatch] = Inst::Dispatch(self.tables.len() as u16);
            self.tables.push(Table::new(&places));
        } else {
            for (at, branch) in branches.iter().enumerate() {
                let is_last = at + 1 == branches.len();
                let split = if is_last { None } else { Some(self.push(Inst::Jump(0))?) };
                self.branch(branch, is_top)?;
                if let Some(split) = split {
                    jumps.push(self.push(Inst::Jump(0))?);
                    self.code[split] = Inst::Split(split as u16 + 1, self.here());
                }
            }
        }
        for jump in jumps {
            self.code[jump] = Inst::Jump(self.here());
        }
        Ok(())
    }

    fn branch(&mut self, branch: &Node, is_top: bool) -> Result<(), String> {
        if is_top && leads_with_any(branch) {
            self.push(Inst::First)?;
        }
        self.node(branch)
    }

    fn repeat(&mut self, node: &Node, min: u16, max: u16, greedy: bool) -> Result<(), String> {
        if let Some(set) = single_byte(node) {
            let set = if is_any(&set) { ANY } else { self.set(set) };
            return self.push(Inst::Run { set, min, max, greedy }).map(drop);
        }
        for _ in 0..min {
            self.node(node)?;
        }
        let split = |enter: u16, out: u16| if greedy { Inst::Split(enter, out) } else { Inst::Split(out, enter) };
        if max == NO_END {
            let again = self.push(Inst::Jump(0))?;
            let can_be_empty = node.first().0;
            let mark = self.slots;
            if can_be_empty {
                self.slots += 1;
                self.push(Inst::Mark(mark))?;
            }
            self.node(node)?;
            if can_be_empty {
                let out = self.here() + 2;
                self.push(Inst::Progress { slot: mark, out })?;
            }
            self.push(Inst::Jump(again as u16))?;
            self.code[again] = split(again as u16 + 1, self.here());
            return Ok(());
        }
        let mut splits = Vec::new();
        for _ in min..max {
            splits.push(self.push(Inst::Jump(0))?);
            self.node(node)?;
        }
        for at in splits {
            self.code[at] = split(at as u16 + 1, self.here());
        }
        Ok(())
    }

    fn look(&mut self, node: &Node, behind: bool, negative: bool) -> Result<(), String> {
        let look = self.push(Inst::Jump(0))?;
        self.looking += 1;
        match node {
            Node::Alternate(branches) if behind => {
                let branches: Vec<Node> = branches.to_vec();
                let mut jumps = Vec::new();
                for (at, branch) in branches.iter().enumerate() {
                    let is_last = at + 1 == branches.len();
                    let split = if is_last { None } else { Some(self.push(Inst::Jump(0))?) };
                    self.behind(branch)?;
                    jumps.push(self.push(Inst::Jump(0))?);
                    if let Some(split) = split {
                        self.code[split] = Inst::Split(split as u16 + 1, self.here());
                    }
                }
                for jump in jumps {
                    self.code[jump] = Inst::Jump(self.here());
                }
            }
            node if behind => self.behind(node)?,
            node => self.node(node)?,
        }
        self.looking -= 1;
        self.push(Inst::Match)?;
        self.code[look] = Inst::Look { negative, end: self.here() };
        Ok(())
    }

    fn behind(&mut self, node: &Node) -> Result<(), String> {
        let width = node.width().and_then(|width| u16::try_from(width).ok());
        self.push(Inst::Back(width.ok_or("what looks behind must have one length")?))?;
        self.node(node)
    }
}

/// The bytes of a node that always takes exactly one.
fn single_byte(node: &Node) -> Option<ByteSet> {
    match node {
        Node::Byte(byte) => Some(ByteSet::of(*byte)),
        Node::Set(set) => Some(*set),
        Node::Group(node, None) => single_byte(node),
        _ => None,
    }
}
