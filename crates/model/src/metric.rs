/// How a metric adds up over rows and days. Nobody can sum what is not a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Adds {
    /// The sum of the parts is the whole.
    Sum,
    /// The largest part is the whole.
    Max,
    /// The smallest part is the whole.
    Min,
    /// Has to be counted over the whole; parts overlap.
    Distinct,
    /// One metric over another: worked out again from their wholes.
    Ratio {
        /// The metric above the line.
        of: &'static str,
        /// The metric below the line.
        by: &'static str,
    },
}

/// What a metric's number means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A count.
    Number,
    /// A share, shown as a percentage.
    Percent,
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Money in the site's currency.
    Money,
    /// Bytes.
    Bytes,
}

/// Something that can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// The name on Matomo's wire, such as `nb_visits`.
    pub name: &'static str,
    /// What a person reads.
    pub title: &'static str,
    /// One sentence that explains it.
    pub doc: &'static str,
    /// How it adds up.
    pub adds: Adds,
    /// What its number means.
    pub unit: Unit,
}
