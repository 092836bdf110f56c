use footfall_model::{ConversionRow, HitRow, ItemRow, Text, VisitId, VisitRow};

/// What one write carries: everything, or nothing of it, is kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// The journal's offset up to which this batch has swallowed it. A store that has already swallowed it changes nothing.
    pub swallowed: u64,
    /// New texts of the dictionary, with their numbers (from 1, increasing).
    pub texts: Vec<(u32, Text)>,
    /// New actions.
    pub hits: Vec<HitRow>,
    /// Later news about actions already kept (a heart-beat's time, page timings sent after the page view).
    pub hit_updates: Vec<HitUpdate>,
    /// Visits opened in this batch.
    pub opened: Vec<VisitRow>,
    /// Visits of earlier batches, as they stand now.
    pub changed: Vec<VisitRow>,
    /// Visits of earlier batches of which only what [`VisitRow`] declares itself may have changed: catalogue columns, slots and
    /// properties are left out here, and stay as they are. None of them is among [`Batch::changed`].
    pub continued: Vec<VisitRow>,
    /// Visits whose cart (conversion and items with goal -1) is replaced or ordered: the old cart is dropped first.
    pub carts_dropped: Vec<VisitId>,
    /// New conversions.
    pub conversions: Vec<ConversionRow>,
    /// New items.
    pub items: Vec<ItemRow>,
    /// How far imports have come: batch id and the number of its lines swallowed so far.
    pub imports: Vec<(Text, u64)>,
}

/// Later news about an action already kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HitUpdate {
    /// The action.
    pub hit_id: u64,
    /// Page timings: network, server, transfer, DOM processing, DOM completion, on-load; what is `None` stays as it is.
    pub timings: [Option<u32>; 6],
}
