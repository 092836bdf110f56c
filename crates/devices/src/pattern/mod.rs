//! The regular expressions of a rule database, made for many patterns over short texts.
//!
//! A database holds some 22 000 patterns of Perl's dialect, most of which are asked once in a while. So a pattern here
//! costs a few hundred bytes and a few microseconds to compile, knows look-around, and answers within a budget of
//! steps. Letters match in either case, and without Unicode, as Matomo runs them.

mod literals;
mod matcher;
mod pairs;
mod parse;
mod program;
mod set;

pub(crate) use literals::{cut, required_literals};
pub(crate) use matcher::{Captures, Scratch};
pub(crate) use pairs::Pairs;
pub(crate) use program::Pattern;
pub(crate) use set::ByteSet;

/// A parsed pattern. Letters are lower case; sets hold both cases.
#[derive(Clone, Debug)]
enum Node {
    Empty,
    Byte(u8),
    Set(ByteSet),
    Start,
    End,
    Group(Box<Node>, Option<u16>),
    Concat(Vec<Node>),
    Alternate(Vec<Node>),
    Repeat { node: Box<Node>, min: u16, max: u16, greedy: bool },
    Look { node: Box<Node>, behind: bool, negative: bool },
}

/// The `max` of a repetition without end.
const NO_END: u16 = u16::MAX;

impl Node {
    /// Whether the node can match without taking a byte, and which bytes it can begin with.
    fn first(&self) -> (bool, ByteSet) {
        match self {
            Node::Empty | Node::Start | Node::End | Node::Look { .. } => (true, ByteSet::EMPTY),
            Node::Byte(byte) => (false, ByteSet::of(*byte)),
            Node::Set(set) => (false, *set),
            Node::Group(node, _) => node.first(),
            Node::Concat(nodes) => {
                let mut all = ByteSet::EMPTY;
                for node in nodes {
                    let (empty, set) = node.first();
                    all = all.or(set);
                    if !empty {
                        return (false, all);
                    }
                }
                (true, all)
            }
            Node::Alternate(nodes) => nodes.iter().fold((false, ByteSet::EMPTY), |(empty, all), node| {
                let (also_empty, set) = node.first();
                (empty || also_empty, all.or(set))
            }),
            Node::Repeat { node, min, .. } => {
                let (empty, set) = node.first();
                (empty || *min == 0, set)
            }
        }
    }

    /// How many bytes the node takes, where that is always the same.
    fn width(&self) -> Option<usize> {
        match self {
            Node::Empty | Node::Start | Node::End | Node::Look { .. } => Some(0),
            Node::Byte(_) | Node::Set(_) => Some(1),
            Node::Group(node, _) => node.width(),
            Node::Concat(nodes) => nodes.iter().map(Node::width).sum(),
            Node::Alternate(nodes) => {
                let mut widths = nodes.iter().map(Node::width);
                let first = widths.next()??;
                widths.all(|width| width == Some(first)).then_some(first)
            }
            Node::Repeat { node, min, max, .. } if min == max => Some(node.width()? * usize::from(*min)),
            Node::Repeat { .. } => None,
        }
    }
}
