use crate::{Column, Fact, GoalId, Kind, Millis, SiteId, Text, Value, ValueRef, VisitId, VisitorId};

/// What a fact of a row looks like to a store: seen as a value, and made of one.
trait Stored: Default {
    fn to_value(&self) -> ValueRef<'_>;
    fn from_value(value: ValueRef<'_>) -> Self;
}

macro_rules! stored_integers {
    ($($type:ty),*) => {$(
        impl Stored for $type {
            fn to_value(&self) -> ValueRef<'_> {
                ValueRef::Int(*self as i64)
            }
            fn from_value(value: ValueRef<'_>) -> Self {
                value.as_i64().unwrap_or_default() as $type
            }
        }
    )*};
}
stored_integers!(u8, u16, u32, u64, i32, i64);

impl Stored for bool {
    fn to_value(&self) -> ValueRef<'_> {
        ValueRef::Int(i64::from(*self))
    }
    fn from_value(value: ValueRef<'_>) -> Self {
        value.as_i64() == Some(1)
    }
}

impl Stored for f64 {
    fn to_value(&self) -> ValueRef<'_> {
        ValueRef::Real(*self)
    }
    fn from_value(value: ValueRef<'_>) -> Self {
        value.as_f64().unwrap_or_default()
    }
}

impl Stored for Millis {
    fn to_value(&self) -> ValueRef<'_> {
        ValueRef::Int(self.0)
    }
    fn from_value(value: ValueRef<'_>) -> Self {
        Millis(value.as_i64().unwrap_or_default())
    }
}

impl Stored for VisitorId {
    fn to_value(&self) -> ValueRef<'_> {
        ValueRef::Int(self.0 as i64)
    }
    fn from_value(value: ValueRef<'_>) -> Self {
        VisitorId(value.as_i64().unwrap_or_default() as u64)
    }
}

impl Stored for VisitId {
    fn to_value(&self) -> ValueRef<'_> {
        ValueRef::Int(self.0 as i64)
    }
    fn from_value(value: ValueRef<'_>) -> Self {
        VisitId(value.as_i64().unwrap_or_default() as u64)
    }
}

impl Stored for SiteId {
    fn to_value(&self) -> ValueRef<'_> {
        ValueRef::Int(i64::from(self.0))
    }
    fn from_value(value: ValueRef<'_>) -> Self {
        SiteId(value.as_i64().unwrap_or_default() as u32)
    }
}

impl Stored for GoalId {
    fn to_value(&self) -> ValueRef<'_> {
        ValueRef::Int(i64::from(self.0))
    }
    fn from_value(value: ValueRef<'_>) -> Self {
        GoalId(value.as_i64().unwrap_or_default() as i32)
    }
}

impl Default for GoalId {
    fn default() -> GoalId {
        GoalId(1)
    }
}

impl<T: Stored> Stored for Option<T> {
    fn to_value(&self) -> ValueRef<'_> {
        self.as_ref().map_or(ValueRef::Null, Stored::to_value)
    }
    fn from_value(value: ValueRef<'_>) -> Self {
        (value != ValueRef::Null).then(|| T::from_value(value))
    }
}

impl Stored for Text {
    fn to_value(&self) -> ValueRef<'_> {
        ValueRef::Text(self)
    }
    fn from_value(value: ValueRef<'_>) -> Self {
        Text::from(value.as_str().unwrap_or_default())
    }
}

/// Declares a row type: its fields, the columns they are kept in, and the way to and from values.
macro_rules! row {
    ($(#[$doc:meta])* $name:ident of $fact:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty as $kind:ident,)* } with { $($(#[$extra_doc:meta])* $extra:ident: $extra_type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
            $($(#[$extra_doc])* pub $extra: $extra_type,)*
        }

        impl $name {
            /// The columns of the declared fields, in order. Catalogue columns and slots come after them in a store.
            pub const COLUMNS: &'static [Column] = &[
                $(Column { fact: Fact::$fact, name: stringify!($field), kind: Kind::$kind },)*
            ];

            /// Hands over every declared field's value, in the order of [`Self::COLUMNS`].
            pub fn each_value<'a>(&'a self, mut take: impl FnMut(ValueRef<'a>)) {
                $(take(Stored::to_value(&self.$field));)*
            }

            /// The declared fields from values in the order of [`Self::COLUMNS`]; missing ones are left at their default.
            pub fn from_values(values: &[Value]) -> $name {
                let mut values = values.iter();
                $name::from_each(|| values.next().map(Value::seen))
            }

            /// The declared fields from values that are asked for in the order of [`Self::COLUMNS`]; missing ones are left at their
            /// default.
            pub fn from_each<'a>(mut next: impl FnMut() -> Option<ValueRef<'a>>) -> $name {
                $name {
                    $($field: next().map(Stored::from_value).unwrap_or_default(),)*
                    $($extra: Default::default(),)*
                }
            }

            /// The declared column of this name.
            pub fn column(name: &str) -> Option<Column> {
                Self::COLUMNS.iter().find(|column| column.name == name).copied()
            }
        }
    };
}

row! {
    /// One visit, as stored.
    VisitRow of Visits {
        /// The visit.
        visit_id: VisitId as Id,
        /// The site.
        site_id: SiteId as Count,
        /// The visitor.
        visitor_id: VisitorId as Id,
        /// The visitor's fingerprint (Matomo's `config_id`); 0 where there is none.
        config_id: u64 as Id,
        /// The person, where the site names them.
        user_id: Option<Text> as Text,
        /// The first action.
        first_at: Millis as Moment,
        /// The last action.
        last_at: Millis as Moment,
        /// The last sign of life: an action, a heart-beat, an engagement.
        seen_at: Millis as Moment,
        /// Whether this is the visitor's first visit on this day of the site's clock.
        first_of_day: bool as Flag,
        /// 0 new, 1 returning, 2 returning customer.
        visitor_kind: u8 as Small,
        /// Which visit of the visitor this is, from 1.
        visit_count: u32 as Count,
        /// Seconds from the visitor's first visit to this one.
        since_first: u32 as Count,
        /// Seconds from the visitor's visit before to this one; 0 for the first.
        since_last: u32 as Count,
        /// Seconds from the visitor's last order to this visit.
        since_order: Option<u32> as Count,
        /// Seconds from the first action to the last (with Matomo's heart-beats to those).
        duration: u32 as Count,
        /// Actions of every kind that count as one.
        actions: u32 as Count,
        /// Page views and searches: Matomo's interactions.
        interactions: u32 as Count,
        /// Page views.
        pageviews: u32 as Count,
        /// Site searches.
        searches: u32 as Count,
        /// Events: Matomo's and custom ones.
        events: u32 as Count,
        /// Whether nothing came after the first action, by the site's visit policy.
        bounce: bool as Flag,
        /// Whether a goal was reached or something ordered.
        converted: bool as Flag,
        /// How many goals were reached, orders included.
        conversions: u32 as Count,
        /// [`crate::EcommerceStatus`].
        ecommerce: u8 as Small,
        /// The kind of the first page view or search, 0 where there is none; of a search, the keyword stands in the entry title.
        entry_kind: u8 as Small,
        /// The kind of the last page view or search, 0 where there is none; of a search, the keyword stands in the exit title.
        exit_kind: u8 as Small,
        /// The first page's URL.
        entry_url: u32 as Long,
        /// The first page's title.
        entry_title: u32 as Long,
        /// The last page's URL.
        exit_url: u32 as Long,
        /// The last page's title.
        exit_title: u32 as Long,
        /// The first page view's path.
        entry_page: u32 as Long,
        /// The first page view's host name.
        entry_host: u32 as Long,
        /// The last page view's path.
        exit_page: u32 as Long,
        /// The last page view's host name.
        exit_host: u32 as Long,
        /// The URL the visitor came from.
        referrer_url: u32 as Long,
    } with {
        /// Catalogue columns of visit scope, in catalogue order.
        facts: Vec<Value>,
        /// Custom dimensions of visit scope, by slot (columns `d1`, `d2`, …).
        slots: [Option<Text>; 10],
        /// Properties of the first event (column `entry_props`).
        entry_props: Vec<(Text, Text)>,
        /// Matomo's custom variables of visit scope (column `cvars`), as [`crate::variable`] keeps them.
        cvars: Vec<(Text, Text)>,
    }
}

row! {
    /// One action, as stored.
    HitRow of Hits {
        /// The action: increases in the order actions were swallowed.
        hit_id: u64 as Id,
        /// Its visit.
        visit_id: VisitId as Id,
        /// The site.
        site_id: SiteId as Count,
        /// The visitor.
        visitor_id: VisitorId as Id,
        /// When it happened.
        at: Millis as Moment,
        /// [`crate::ActionKind`].
        kind: u8 as Small,
        /// First-of marks: [`Flag`] bits.
        flags: u32 as Count,
        /// The page, file or target: host, path and query without scheme and `www.`.
        url: u32 as Long,
        /// What was cut before [`Self::url`]: 0 `http://`, 1 `http://www.`, 2 `https://`, 3 `https://www.`; none for other URLs.
        url_prefix: Option<u8> as Small,
        /// The page's title (page views, searches: none).
        title: u32 as Long,
        /// The page's host name without `www.`.
        host: u32 as Long,
        /// The page's path.
        page: u32 as Long,
        /// An event's category.
        event_category: u32 as Long,
        /// An event's action; the name of a custom event.
        event_action: u32 as Long,
        /// An event's name.
        event_name: u32 as Long,
        /// An event's value.
        event_value: Option<f64> as Real,
        /// What was searched for.
        search_keyword: u32 as Long,
        /// Where it was searched.
        search_category: u32 as Long,
        /// How many results there were.
        search_count: Option<i32> as Count,
        /// A content's name.
        content_name: u32 as Long,
        /// A content's piece.
        content_piece: u32 as Long,
        /// A content's target.
        content_target: u32 as Long,
        /// What was done with the content.
        content_interaction: u32 as Long,
        /// The URL of the visit's page before.
        ref_url: u32 as Long,
        /// The title of the visit's page before.
        ref_title: u32 as Long,
        /// The kind of the page view or search before, 0 where there is none; of a search, the keyword stands in [`Self::ref_title`].
        ref_kind: u8 as Small,
        /// Seconds spent on the action before.
        time_spent: Option<u32> as Count,
        /// Which page view of the visit this belongs to, from 1.
        position: u32 as Count,
        /// The page view's own id (`pv_id`), six characters as bits; 0 where none was sent.
        pageview_id: u64 as Id,
        /// Network time of the page's load in milliseconds.
        time_network: Option<u32> as Count,
        /// Server time.
        time_server: Option<u32> as Count,
        /// Transfer time.
        time_transfer: Option<u32> as Count,
        /// DOM processing time.
        time_dom_processing: Option<u32> as Count,
        /// DOM completion time.
        time_dom_completion: Option<u32> as Count,
        /// On-load time.
        time_on_load: Option<u32> as Count,
        /// The code of the product that was looked at.
        product_sku: u32 as Long,
        /// The name of the product that was looked at.
        product_name: u32 as Long,
        /// Its first category.
        product_category: u32 as Long,
        /// Its second category.
        product_category2: u32 as Long,
        /// Its third category.
        product_category3: u32 as Long,
        /// Its fourth category.
        product_category4: u32 as Long,
        /// Its fifth category.
        product_category5: u32 as Long,
        /// Its price.
        product_price: Option<f64> as Real,
        /// Whether a custom event counts as an interaction.
        interactive: bool as Flag,
        /// Revenue of a custom event, in the reporting currency.
        revenue: Option<f64> as Real,
        /// The currency of the revenue.
        currency: Option<Text> as Text,
        /// How far the page was read, in percent.
        scroll_depth: Option<u8> as Small,
        /// Milliseconds of engaged time.
        engagement_ms: Option<u32> as Count,
    } with {
        /// Catalogue columns of action scope, in catalogue order.
        facts: Vec<Value>,
        /// Custom dimensions of action scope, by slot (columns `d1`, `d2`, …).
        slots: [Option<Text>; 10],
        /// Properties of the event or page view (column `props`).
        props: Vec<(Text, Text)>,
        /// Matomo's custom variables of page scope (column `cvars`), as [`crate::variable`] keeps them.
        cvars: Vec<(Text, Text)>,
    }
}

row! {
    /// One conversion of a goal, one order, or one cart, as stored.
    ConversionRow of Conversions {
        /// The action that reached the goal; 0 where it was no action of its own that did (manual goals, orders, carts).
        hit_id: u64 as Id,
        /// The visit.
        visit_id: VisitId as Id,
        /// The site.
        site_id: SiteId as Count,
        /// The visitor.
        visitor_id: VisitorId as Id,
        /// When it happened.
        at: Millis as Moment,
        /// The goal, or 0 for an order, -1 for a cart.
        goal_id: GoalId as Count,
        /// What it was worth; the grand total of an order.
        revenue: f64 as Real,
        /// The URL on which it happened.
        url: u32 as Long,
        /// The order's number.
        order_id: Option<Text> as Text,
        /// The order without tax, shipping and discount.
        subtotal: f64 as Real,
        /// The tax.
        tax: f64 as Real,
        /// The shipping.
        shipping: f64 as Real,
        /// The discount.
        discount: f64 as Real,
        /// How many items.
        items: u32 as Count,
        /// Which visit of the visitor this happened in.
        visit_count: u32 as Count,
        /// Seconds from the visitor's first visit.
        since_first: u32 as Count,
        /// Seconds from the visitor's last order.
        since_order: Option<u32> as Count,
        /// Type of the referrer the conversion is credited to.
        referrer_type: Option<Text> as Text,
        /// Name of that referrer.
        referrer_name: Option<Text> as Text,
        /// Its keyword.
        referrer_keyword: Option<Text> as Text,
    } with {
        /// The visit's custom dimensions at that moment, by slot (columns `d1`, `d2`, …).
        slots: [Option<Text>; 10],
        /// The visit's custom variables at that moment (column `cvars`).
        cvars: Vec<(Text, Text)>,
    }
}

row! {
    /// One item of an order or a cart, as stored.
    ItemRow of Items {
        /// The action that carried it; 0 where that was none of its own.
        hit_id: u64 as Id,
        /// The visit.
        visit_id: VisitId as Id,
        /// The site.
        site_id: SiteId as Count,
        /// The visitor.
        visitor_id: VisitorId as Id,
        /// When it happened.
        at: Millis as Moment,
        /// 0 for an order, -1 for a cart.
        goal_id: GoalId as Count,
        /// The order's number.
        order_id: Option<Text> as Text,
        /// The product's code.
        sku: u32 as Long,
        /// The product's name.
        name: u32 as Long,
        /// Its first category.
        category: u32 as Long,
        /// Its second category.
        category2: u32 as Long,
        /// Its third category.
        category3: u32 as Long,
        /// Its fourth category.
        category4: u32 as Long,
        /// Its fifth category.
        category5: u32 as Long,
        /// The price of one.
        price: f64 as Real,
        /// How many.
        quantity: u32 as Count,
    } with {}
}

/// First-of marks of an action: bits of [`HitRow::flags`]. "First" means first of its kind of action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Flag {
    /// The first action of its visit with this URL.
    VisitUrl = 1,
    /// The first action of its visitor's day with this URL.
    DayUrl = 1 << 1,
    /// The first of its visit with this title.
    VisitTitle = 1 << 2,
    /// The first of its visitor's day with this title.
    DayTitle = 1 << 3,
    /// The first of its visit with this path.
    VisitPage = 1 << 4,
    /// The first of its visitor's day with this path.
    DayPage = 1 << 5,
    /// The first of its visit with this event category.
    VisitCategory = 1 << 6,
    /// The first of its visitor's day with this event category.
    DayCategory = 1 << 7,
    /// The first of its visit with this event action.
    VisitAction = 1 << 8,
    /// The first of its visitor's day with this event action.
    DayAction = 1 << 9,
    /// The first of its visit with this event name.
    VisitName = 1 << 10,
    /// The first of its visitor's day with this event name.
    DayName = 1 << 11,
    /// The first of its visit with this search keyword.
    VisitKeyword = 1 << 12,
    /// The first of its visitor's day with this search keyword.
    DayKeyword = 1 << 13,
    /// The first of its visit with this content name.
    VisitContent = 1 << 14,
    /// The first of its visitor's day with this content name.
    DayContent = 1 << 15,
    /// The first action of its visit of this kind at all.
    VisitKind = 1 << 16,
    /// The first action of its visitor's day of this kind at all.
    DayKind = 1 << 17,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_survives_the_way_through_values() {
        let visit = VisitRow {
            visit_id: VisitId(7),
            visitor_id: VisitorId(u64::MAX),
            user_id: Some(Text::from("ada")),
            bounce: true,
            since_order: None,
            entry_url: 9,
            ..VisitRow::default()
        };
        let mut values = Vec::new();
        visit.each_value(|value| values.push(Value::from(value)));
        assert_eq!(values.len(), VisitRow::COLUMNS.len());
        assert_eq!(values[0], Value::Int(7));
        assert_eq!(values[2], Value::Int(-1));
        assert_eq!(VisitRow::from_values(&values), visit);
    }

    #[test]
    fn columns_have_different_names() {
        for columns in [VisitRow::COLUMNS, HitRow::COLUMNS, ConversionRow::COLUMNS, ItemRow::COLUMNS] {
            for (index, column) in columns.iter().enumerate() {
                assert!(columns[..index].iter().all(|other| other.name != column.name), "`{}` twice", column.name);
            }
        }
    }
}
