//! One widget, and how it is answered.

use footfall_model::{Cell, Name, Value};

use super::places::Places;

/// The layout of a list that shows one of its widgets at a time.
pub(super) const BY_DIMENSION: &str = "ByDimension";

/// The order of what has none of its own.
pub(super) const LAST: i64 = 99;

/// Named values in order.
pub(super) type Values = Vec<(Name, Cell)>;

/// Something to show.
#[derive(Clone, Debug)]
pub(super) struct Widget {
    /// What people read; empty where another widget's name is enough.
    pub(super) name: String,
    /// The id of its category.
    pub(super) category: String,
    /// The id of its place within that; empty where it has none.
    pub(super) subcategory: String,
    pub(super) module: String,
    pub(super) action: String,
    pub(super) order: i64,
    /// What is sent along beside module and action.
    pub(super) parameters: Values,
    /// What is asked before it is shown.
    pub(super) middleware: Values,
    pub(super) is_wide: bool,
    /// Whether it can stand alone on a dashboard.
    pub(super) alone: bool,
    pub(super) kind: Kind,
}

/// What shows it.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Something of its own.
    Plain,
    /// A report, as the view of this name; `forced` where that is not for the report to say.
    Report { view: Option<&'static str>, forced: bool },
    /// Other widgets.
    Container { id: String, layout: &'static str, widgets: Vec<Widget> },
}

impl Widget {
    /// A widget of a method, at the end of its page, that can stand alone.
    pub(super) fn new(module: &str, action: &str) -> Widget {
        Widget {
            name: String::new(),
            category: String::new(),
            subcategory: String::new(),
            module: module.to_owned(),
            action: action.to_owned(),
            order: LAST,
            parameters: Vec::new(),
            middleware: Vec::new(),
            is_wide: false,
            alone: true,
            kind: Kind::Plain,
        }
    }

    /// A list of widgets that cannot stand alone.
    pub(super) fn container(id: &str, category: &str, subcategory: &str) -> Widget {
        let mut made = Widget::new("CoreHome", "renderWidgetContainer");
        made.category = category.to_owned();
        made.subcategory = subcategory.to_owned();
        made.alone = false;
        made.kind = Kind::Container { id: id.to_owned(), layout: "", widgets: Vec::new() };
        made
    }

    /// The same list, showing one of its widgets at a time.
    pub(super) fn one_at_a_time(mut self) -> Widget {
        if let Kind::Container { layout, .. } = &mut self.kind {
            *layout = BY_DIMENSION;
        }
        self
    }

    /// Whether it is the list of this id.
    pub(super) fn is_container(&self, wanted: &str) -> bool {
        matches!(&self.kind, Kind::Container { id, .. } if id == wanted)
    }

    /// Whether it is a list.
    pub(super) fn is_list(&self) -> bool {
        matches!(self.kind, Kind::Container { .. })
    }

    /// Whether it is a list that shows one of its widgets at a time.
    pub(super) fn by_dimension(&self) -> bool {
        matches!(&self.kind, Kind::Container { layout: BY_DIMENSION, .. })
    }

    /// The widgets it lists.
    pub(super) fn children(&self) -> &[Widget] {
        match &self.kind {
            Kind::Container { widgets, .. } => widgets,
            Kind::Plain | Kind::Report { .. } => &[],
        }
    }

    /// Lists another widget.
    pub(super) fn add(&mut self, widget: Widget) {
        if let Kind::Container { widgets, .. } = &mut self.kind {
            widgets.push(widget);
        }
    }

    /// What is sent along, without module and action: the view first where it is forced.
    fn sent(&self) -> (Values, Values) {
        let view = match &self.kind {
            Kind::Report { view: Some(view), forced: true } => {
                vec![("forceView".into(), Cell::text("1")), ("viewDataTable".into(), Cell::text(view))]
            }
            _ => Vec::new(),
        };
        (view, self.parameters.clone())
    }

    /// What tells it apart from all others, such as `widgetReferrersgetAll`.
    pub(super) fn unique_id(&self) -> String {
        let mut id = match &self.kind {
            Kind::Container { id, .. } => format!("widget{id}"),
            Kind::Plain | Kind::Report { .. } => format!("widget{}{}", self.module, self.action),
        };
        let (view, own) = self.sent();
        for (name, value) in view.iter().chain(&own) {
            let value = match value {
                Cell::List(_) => "Array".to_owned(),
                Cell::Value(Value::Int(number)) => number.to_string(),
                other => other.as_str().unwrap_or_default().to_owned(),
            };
            let written: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            id.push_str(name);
            id.push_str(&written.replace('*', "%2A").replace('%', ""));
        }
        id
    }

    /// As it is answered under a name; with its place where the page does not say it.
    pub(super) fn cell(&self, name: &str, place: Option<(&Places, &str, &str)>) -> Cell {
        let mut out: Values = vec![("name".into(), Cell::text(name))];
        if let Some((places, category, subcategory)) = place {
            out.push(("category".into(), places.category_cell(category)));
            out.push(("subcategory".into(), places.subcategory_cell(category, subcategory)));
        }
        let (mut parameters, own) = self.sent();
        parameters.push(("module".into(), Cell::text(&self.module)));
        parameters.push(("action".into(), Cell::text(&self.action)));
        parameters.extend(own);
        if let Kind::Container { id, .. } = &self.kind {
            parameters.push(("containerId".into(), Cell::text(id)));
        }
        out.extend([
            ("module".into(), Cell::text(&self.module)),
            ("action".into(), Cell::text(&self.action)),
            ("order".into(), Cell::from(self.order)),
            ("parameters".into(), Cell::Map(parameters)),
            ("uniqueId".into(), Cell::text(&self.unique_id())),
            ("isWide".into(), Cell::Bool(self.is_wide)),
        ]);
        if !self.middleware.is_empty() {
            out.push(("middlewareParameters".into(), Cell::Map(self.middleware.clone())));
        }
        match &self.kind {
            Kind::Plain => {}
            Kind::Report { view, .. } => {
                out.push(("viewDataTable".into(), view.map_or(Cell::NULL, Cell::text)));
                out.push(("isReport".into(), Cell::Bool(true)));
            }
            Kind::Container { layout, widgets, .. } => {
                out.push(("layout".into(), Cell::text(layout)));
                out.push(("isContainer".into(), Cell::Bool(true)));
                // Within a list, places are only told apart: none has an order, a picture or a help of its own.
                let mut places = Places::default();
                places.add_missing(widgets);
                let child = |held: &Widget| held.cell(&held.name, Some((&places, &held.category, &held.subcategory)));
                out.push(("widgets".into(), Cell::List(widgets.iter().map(child).collect())));
            }
        }
        Cell::Map(out)
    }
}
