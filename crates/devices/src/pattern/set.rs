/// A set of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ByteSet([u64; 4]);

impl ByteSet {
    pub(crate) const EMPTY: ByteSet = ByteSet([0; 4]);

    pub(super) fn of(byte: u8) -> ByteSet {
        ByteSet::EMPTY.with(byte)
    }

    pub(super) fn range(first: u8, last: u8) -> ByteSet {
        (first..=last).fold(ByteSet::EMPTY, ByteSet::with)
    }

    pub(crate) fn with(mut self, byte: u8) -> ByteSet {
        self.0[usize::from(byte >> 6)] |= 1 << (byte & 63);
        self
    }

    pub(super) fn or(self, other: ByteSet) -> ByteSet {
        ByteSet([0, 1, 2, 3].map(|word| self.0[word] | other.0[word]))
    }

    pub(super) fn not(self) -> ByteSet {
        ByteSet(self.0.map(|word| !word))
    }

    /// The set with both cases of every letter in it.
    pub(super) fn folded(self) -> ByteSet {
        (b'a'..=b'z').fold(self, |set, lower| {
            let upper = lower.to_ascii_uppercase();
            if set.contains(lower) || set.contains(upper) { set.with(lower).with(upper) } else { set }
        })
    }

    /// Whether the sets share a byte.
    #[inline(always)]
    pub(crate) fn meets(&self, other: &ByteSet) -> bool {
        let (left, right) = (&self.0, &other.0);
        (left[0] & right[0]) | (left[1] & right[1]) | (left[2] & right[2]) | (left[3] & right[3]) != 0
    }

    #[inline(always)]
    pub(super) fn contains(&self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1
    }

    /// The bytes of the set that can occur in a text whose letters are lower case.
    pub(super) fn lower_case_bytes(&self) -> impl Iterator<Item = u8> {
        (0..=255).filter(|byte: &u8| !byte.is_ascii_uppercase() && self.contains(*byte))
    }
}
