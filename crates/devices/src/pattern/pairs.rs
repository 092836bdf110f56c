/// Which pairs of neighbouring bytes a text holds, roughly: a pair that is there is always found, one that is not is
/// mostly not.
#[derive(Clone, Debug)]
pub(crate) struct Pairs([u64; Pairs::WORDS]);

/// The most pairs of a required text that are looked for.
const MOST: usize = 6;

impl Pairs {
    const WORDS: usize = 16;

    pub(crate) fn of(text: &[u8]) -> Pairs {
        let mut pairs = Pairs([0; Pairs::WORDS]);
        for pair in text.windows(2) {
            let place = place(pair);
            pairs.0[usize::from(place >> 6)] |= 1 << (place & 63);
        }
        pairs
    }

    /// Whether the pairs at the end of this text seem to be there.
    pub(crate) fn hold_end_of(&self, text: &[u8]) -> bool {
        text.windows(2).rev().take(MOST).all(|pair| self.holds(place(pair)))
    }

    /// Whether all these pairs seem to be there.
    #[inline(always)]
    pub(super) fn hold(&self, places: &[u16]) -> bool {
        places.iter().all(|place| self.holds(*place))
    }

    #[inline(always)]
    fn holds(&self, place: u16) -> bool {
        self.0[usize::from(place >> 6)] >> (place & 63) & 1 == 1
    }
}

/// The places of the pairs at the end of a text, where names differ most.
pub(super) fn last_places(text: &[u8]) -> Box<[u16]> {
    text.windows(2).rev().take(MOST).map(place).collect()
}

fn place(pair: &[u8]) -> u16 {
    (u16::from(pair[0]).wrapping_mul(37) ^ u16::from(pair[1]).wrapping_mul(11)) & (64 * Pairs::WORDS as u16 - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_a_part_are_pairs_of_the_whole() {
        let pairs = Pairs::of(b"mozilla/5.0 (linux; android 14; pixel 8)");
        assert!(pairs.hold(&last_places(b"pixel 8")));
        assert!(pairs.hold(&last_places(b"")));
        assert!(!pairs.hold(&last_places(b"pixel 9")));
    }
}
