//! What was reached, ordered and left in carts.

use crate::{Dimension, Kind, Names, Scope, Source};

/// Number of the goal that was reached.
pub const GOAL: Dimension = Dimension {
    id: "conversion.goal",
    column: "goal_id",
    scope: Scope::Conversion,
    kind: Kind::Count,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("visitConvertedGoalId"), plausible: None },
    title: "Goal",
    doc: "Number of the goal that was reached.",
};

/// Number of the order.
pub const ORDER_ID: Dimension = Dimension {
    id: "conversion.order",
    column: "order_id",
    scope: Scope::Conversion,
    kind: Kind::Text,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("orderId"), plausible: None },
    title: "Order ID",
    doc: "Number of the order.",
};

/// Grand total of the order.
pub const REVENUE: Dimension = Dimension {
    id: "conversion.revenue",
    column: "revenue",
    scope: Scope::Conversion,
    kind: Kind::Real,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("revenueOrder"), plausible: None },
    title: "Order revenue",
    doc: "Grand total of the order.",
};

/// Code of a product in an order or cart.
pub const PRODUCT_SKU: Dimension = Dimension {
    id: "item.sku",
    column: "sku",
    scope: Scope::Item,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("productSku"), plausible: None },
    title: "Product code",
    doc: "Code of a product in an order or cart.",
};

/// Name of a product in an order or cart.
pub const PRODUCT_NAME: Dimension = Dimension {
    id: "item.name",
    column: "name",
    scope: Scope::Item,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("productName"), plausible: None },
    title: "Product",
    doc: "Name of a product in an order or cart.",
};

/// Category of a product in an order or cart.
pub const PRODUCT_CATEGORY: Dimension = Dimension {
    id: "item.category",
    column: "category",
    scope: Scope::Item,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("productCategory"), plausible: None },
    title: "Product category",
    doc: "Category of a product in an order or cart.",
};

/// Price of a product in an order or cart.
pub const PRODUCT_PRICE: Dimension = Dimension {
    id: "item.price",
    column: "price",
    scope: Scope::Item,
    kind: Kind::Real,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("productPrice"), plausible: None },
    title: "Product price",
    doc: "Price of a product in an order or cart.",
};
