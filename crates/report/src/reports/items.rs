//! What was ordered, left in carts and looked at.

use footfall_model::{
    Aggregate, Cell, Column, DataTable, Error, Fact, Filter, GoalId, ItemRow, Key, Measure, Op, Row, Text, TimePart, Unit, Value,
};

use crate::{
    Ask, Limited, Processed, Report, calculate, number,
    record::{
        actions::hit,
        breakdown::is,
        tree::{Join, Place, Tree},
        visits::name_in,
    },
};

const ITEMS: Report = Report {
    module: "Goals",
    category: "Goals_Ecommerce",
    subcategory: "Goals_Products",
    metrics: &["revenue", "quantity", "orders", "nb_visits"],
    processed: &[AVERAGE_PRICE, AVERAGE_QUANTITY, PRODUCT_CONVERSION],
    processed_names: &[],
    sort: "revenue",
    queued: &[|table, _| {
        for row in &mut table.rows {
            row.remove("price");
        }
    }],
    limited: Limited::Products,
    ..Report::BASE
};

/// Products by code.
pub const SKU: Report = Report {
    action: "getItemsSku",
    title: "Product SKU",
    doc: "The products that were ordered, by their codes.",
    dimension: Some("Product SKU"),
    dimension_id: "Ecommerce.ProductSku",
    segment: "productSku",
    order: 31,
    make: |ask| Box::pin(table(ask, Of::Sku)),
    ..ITEMS
};

/// Products by name.
pub const NAME: Report = Report {
    action: "getItemsName",
    title: "Product Name",
    doc: "The products that were ordered, by their names.",
    dimension: Some("Product Name"),
    dimension_id: "Ecommerce.ProductName",
    segment: "productName",
    order: 30,
    make: |ask| Box::pin(table(ask, Of::Name)),
    ..ITEMS
};

/// Products by category.
pub const CATEGORY: Report = Report {
    action: "getItemsCategory",
    title: "Product Category",
    doc: "The categories of the products that were ordered.",
    dimension: Some("Product Category"),
    dimension_id: "Ecommerce.ProductCategory",
    segment: "productCategory",
    order: 32,
    make: |ask| Box::pin(table(ask, Of::Category)),
    ..ITEMS
};

fn orders(row: &Row) -> f64 {
    row.number("orders").or_else(|| row.number("abandoned_carts")).unwrap_or_default()
}

const AVERAGE_PRICE: Processed = Processed::new(
    "avg_price",
    "Average Price",
    "What one piece cost on average.",
    Unit::Money,
    &["price", "orders", "abandoned_carts"],
    |row| {
        let price = row.number("price").unwrap_or_default();
        Some(number::quotient(price, orders(row), 2))
    },
);

const AVERAGE_QUANTITY: Processed = Processed::new(
    "avg_quantity",
    "Average Quantity",
    "How many pieces an order had on average.",
    Unit::Number,
    &["quantity", "orders", "abandoned_carts"],
    |row| {
        let quantity = row.number("quantity").unwrap_or_default();
        Some(number::quotient(quantity, orders(row), 1))
    },
);

const PRODUCT_CONVERSION: Processed = Processed::new(
    "conversion_rate",
    "Product Conversion Rate",
    "The share of visits that saw the product and ordered it.",
    Unit::Percent,
    &["orders", "abandoned_carts", "nb_visits"],
    |row| {
        let visits = row.number("nb_visits").unwrap_or_default();
        Some(number::quotient(orders(row), visits, 4))
    },
);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Sku,
    Name,
    Category,
}

impl Of {
    /// The columns of items and of product views. Of several, only the first may be empty.
    fn columns(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Of::Sku => &[("sku", "product_sku")],
            Of::Name => &[("name", "product_name")],
            Of::Category => &[
                ("category", "product_category"),
                ("category2", "product_category2"),
                ("category3", "product_category3"),
                ("category4", "product_category4"),
                ("category5", "product_category5"),
            ],
        }
    }

    fn unnamed(self) -> &'static str {
        match self {
            Of::Sku => "Product SKU not defined",
            Of::Name => "Product Name not defined",
            Of::Category => "Product Category not defined",
        }
    }
}

const REVENUE: usize = 0;
const ORDERS: usize = 3;
const VISITS: usize = 4;
const VIEWED: usize = 7;

async fn table(ask: &Ask<'_>, of: Of) -> Result<DataTable, Error> {
    if !ask.slice.site.ecommerce {
        return Ok(DataTable::default());
    }
    let orders = if ask.options.abandoned_carts { "abandoned_carts" } else { "orders" };
    let sum = |name: &'static str| (footfall_model::Name::Borrowed(name), Join::Sum);
    let mut tree = Tree::new(vec![
        sum("revenue"),
        sum("quantity"),
        sum("price"),
        sum(orders),
        sum("nb_visits"),
        (name_in(ask.slice.period, "nb_uniq_visitors"), Join::Sum),
        sum("nb_actions"),
        sum("avg_price_viewed"),
    ]);
    for (index, (item, view)) in of.columns().iter().enumerate() {
        let may_be_empty = index == 0;
        add_items(ask, &mut tree, item_column(item), may_be_empty, of).await?;
        add_views(ask, &mut tree, view, may_be_empty, of).await?;
    }
    let mut table = tree.into_table();
    for row in &mut table.rows {
        finish(row, ask.report.segment);
    }
    Ok(table)
}

/// A row's price is that of the orders, or where there are none that of the views.
fn finish(row: &mut Row, segment: &str) {
    let viewed = row.remove("avg_price_viewed");
    if row.number("price").unwrap_or_default() == 0.0
        && let Some(viewed) = viewed
    {
        row.set("avg_price", viewed);
    }
    let segment = is(segment, row.label());
    row.set_metadata("segment", Cell::text(&segment));
}

fn item_column(name: &str) -> Column {
    ItemRow::column(name).unwrap_or(ItemRow::COLUMNS[0])
}

fn place(tree: &mut Tree, key: &Value, may_be_empty: bool, of: Of) -> Option<Place> {
    match key.as_str().unwrap_or_default() {
        "" if !may_be_empty => None,
        "" => Some(tree.row(None, &Text::from(of.unnamed()))),
        label => Some(tree.row(None, &Text::from(label))),
    }
}

/// What was ordered or left: amounts by price and number, then how many orders.
async fn add_items(ask: &Ask<'_>, tree: &mut Tree, column: Column, may_be_empty: bool, of: Of) -> Result<(), Error> {
    let goal = if ask.options.abandoned_carts { GoalId::CART } else { GoalId::ORDER };
    let mut query = ask.slice.query(Fact::Items);
    query.filter = ask.reader.segment_filter(ask.slice)?.and(Filter::is(item_column("goal_id"), i64::from(goal.0)));
    query.keys = [column, item_column("price"), item_column("quantity")].map(Key::Column).to_vec();
    query.measures = vec![Measure::new("n", Aggregate::Count)];
    let mut sums: rustc_hash::FxHashMap<Text, [f64; 3]> = rustc_hash::FxHashMap::default();
    for row in ask.reader.ask(&query).await?.rows {
        let real = |index: usize| row[index].as_f64().unwrap_or_default();
        let (price, quantity, n) = (real(1), real(2), real(3));
        let label = Text::from(row[0].as_str().unwrap_or_default());
        let sum = sums.entry(label).or_default();
        sum[0] += price * quantity * n;
        sum[1] += quantity * n;
        sum[2] += price * n;
    }
    query.keys.truncate(1);
    query.measures =
        vec![Measure::new("orders", Aggregate::Distinct(item_column("order_id"))), Measure::new("visits", Aggregate::Visits)];
    for row in ask.reader.ask(&query).await?.rows {
        let Some(at) = place(tree, &row[0], may_be_empty, of) else {
            continue;
        };
        let label = Text::from(row[0].as_str().unwrap_or_default());
        let sum = sums.get(&label).copied().unwrap_or_default();
        let values = sum.map(|amount| number::number(number::round(amount, 2)));
        tree.add(at, REVENUE, &values);
        let orders = if goal == GoalId::CART { &row[2] } else { &row[1] };
        tree.add(at, ORDERS, std::slice::from_ref(orders));
    }
    Ok(())
}

/// What was looked at.
async fn add_views(ask: &Ask<'_>, tree: &mut Tree, column: &str, may_be_empty: bool, of: Of) -> Result<(), Error> {
    let is_set = |name: &str| Filter::test(Key::Column(hit(name)), Op::IsNot, vec![Value::Null]);
    // A product is looked at by code and name; a category page has neither.
    let viewed = match of {
        Of::Category if may_be_empty => {
            Filter::Or(vec![is_set("product_sku"), is_set("product_name"), is_set("product_category")])
        }
        Of::Category => is_set(column),
        _ => Filter::Or(vec![is_set("product_sku"), is_set("product_name")]),
    };
    let mut query = ask.slice.query(Fact::Hits);
    query.filter = ask.reader.segment_filter(ask.slice)?.and(viewed);
    query.keys = vec![Key::Column(hit(column))];
    if ask.reader.sums_days(ask.slice) {
        query.keys.push(Key::Clock(hit("at"), TimePart::Day));
    }
    let first = query.keys.len();
    let price = hit("product_price");
    query.measures = vec![
        Measure::new("nb_visits", Aggregate::Visits),
        Measure::new("nb_uniq_visitors", Aggregate::DailyVisitors),
        Measure::new("nb_actions", Aggregate::Count),
        Measure::new("sum_price", Aggregate::Sum(price)),
        Measure::new("n_price", Aggregate::Count).only(is_set("product_price")),
    ];
    for row in ask.reader.ask(&query).await?.rows {
        let Some(at) = place(tree, &row[0], may_be_empty, of) else {
            continue;
        };
        tree.add(at, VISITS, &row[first..first + 3]);
        let sum = row[first + 3].as_f64().unwrap_or_default();
        let average = calculate::quotient(sum, row[first + 4].as_f64().unwrap_or_default(), 2);
        tree.add(at, VIEWED, &[average]);
    }
    Ok(())
}
