//! What every report says about itself: its place in the menu, its dimension, its metrics with their names, kinds and
//! explanations. Taken from the catalogue of reports; `extras` holds what Matomo's clients expect beyond it.

mod accepted;
mod columns;
mod docs;
mod extras;
mod goals;
mod graph;
mod language;
mod list;
mod menu;
pub(super) mod segments;
pub(super) mod widgets;

pub use docs::Texts;
pub(super) use graph::Pictures;
pub(super) use language::{Dictionary, dictionary, name_rows, translated};
pub use language::{Language, Languages};
pub(super) use list::{find, list};

use std::{borrow::Cow, sync::Arc};

use footfall_model::{Cell, Name};

use super::{Context, MatomoRequest};

/// Words by the names of metrics, in the order they are shown.
pub(super) type Words = Vec<(String, String)>;

/// A report as it is described.
#[derive(Clone, Debug, Default)]
pub(super) struct Described {
    /// The module.
    pub(super) module: &'static str,
    /// The action.
    pub(super) action: &'static str,
    /// Its place in the menu.
    pub(super) category: &'static str,
    /// Its place within that.
    pub(super) subcategory: String,
    /// What a person reads.
    pub(super) name: String,
    /// What has to be sent along to get it.
    pub(super) parameters: Words,
    /// What its rows are; empty where it is a list of numbers.
    pub(super) dimension: String,
    /// What explains it.
    pub(super) documentation: String,
    /// A page of the manual about it.
    pub(super) guide: &'static str,
    /// Whether it gives the rows below a row of another.
    pub(super) is_subtable: bool,
    /// What its rows and the rows below are, by id; empty where there is only one.
    pub(super) dimensions: Words,
    /// Its metrics.
    pub(super) metrics: Words,
    /// Whether a request wanted none of its metrics.
    pub(super) hides_metrics: bool,
    /// What explains the metrics.
    pub(super) docs: Words,
    /// The metrics that are worked out.
    pub(super) processed: Words,
    /// What the numbers mean.
    pub(super) types: Words,
    /// The action that gives the rows below its rows.
    pub(super) subtable: Option<&'static str>,
    /// Whether its rows are always the same.
    pub(super) is_constant: bool,
    /// Reports that show the same in another way: name, module, action.
    pub(super) related: Vec<(String, &'static str, &'static str)>,
    /// What goals add to it.
    pub(super) goals: Option<goals::GoalWords>,
}

impl Described {
    /// `Module.action`.
    pub(super) fn method(&self) -> String {
        format!("{}.{}", self.module, self.action)
    }

    /// What tells it apart from all others, such as `Goals_get_idGoal--1`.
    pub(super) fn unique_id(&self) -> String {
        let mut id = format!("{}_{}", self.module, self.action);
        for (name, value) in &self.parameters {
            let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            id.push_str(&format!("_{name}--{}", value.replace('%', "")));
        }
        id
    }

    /// As it is answered, with the addresses of its pictures where there are any.
    pub(super) fn cell(&self, pictures: Option<&Pictures>) -> Cell {
        let mut out: Vec<(Name, Cell)> = Vec::new();
        let mut put = |name: &'static str, text: &str| {
            if !text.is_empty() {
                out.push((name.into(), Cell::text(text)));
            }
        };
        put("category", self.category);
        put("subcategory", &self.subcategory);
        put("name", &self.name);
        put("module", self.module);
        put("action", self.action);
        add(&mut out, "parameters", &self.parameters);
        let mut put = |name: &'static str, text: &str| {
            if !text.is_empty() {
                out.push((name.into(), Cell::text(text)));
            }
        };
        put("dimension", &self.dimension);
        put("documentation", &self.documentation);
        put("onlineGuideUrl", self.guide);
        if self.is_subtable {
            out.push(("isSubtableReport".into(), Cell::Bool(true)));
        }
        add(&mut out, "dimensions", &self.dimensions);
        if !self.hides_metrics {
            out.push(("metrics".into(), map(&self.metrics)));
        }
        add(&mut out, "metricsDocumentation", &self.docs);
        add(&mut out, "processedMetrics", &self.processed);
        add(&mut out, "metricTypes", &self.types);
        if let Some(action) = self.subtable {
            out.push(("actionToLoadSubTables".into(), Cell::text(action)));
        }
        if self.is_constant {
            out.push(("constantRowsCount".into(), Cell::Bool(true)));
        }
        if !self.related.is_empty() {
            let related = self.related.iter().map(|(name, module, action)| {
                Cell::Map(vec![
                    ("name".into(), Cell::text(name)),
                    ("module".into(), Cell::text(module)),
                    ("action".into(), Cell::text(action)),
                ])
            });
            out.push(("relatedReports".into(), Cell::List(related.collect())));
        }
        if let Some(goals) = &self.goals {
            add(&mut out, "metricsGoal", &goals.metrics);
            add(&mut out, "processedMetricsGoal", &goals.processed);
            add(&mut out, "metricTypesGoal", &goals.types);
        }
        if let Some(pictures) = pictures {
            pictures.add(self, &mut out);
        }
        out.push(("uniqueId".into(), Cell::text(&self.unique_id())));
        Cell::Map(out)
    }
}

/// Metrics that are explained whether a report has them or not: what each is called, its name, and what explains it.
pub(super) fn defaults(texts: &Texts) -> impl Iterator<Item = (&'static str, &'static str, String)> {
    docs::defaults(texts).map(|(metric, doc)| (metric, columns::name(metric), doc))
}

/// The name of a column in a report.
fn shown<'a>(method: &str, column: &'a str) -> &'a str {
    let own = extras::of(method).names.iter().find(|(known, _)| *known == column);
    own.map_or_else(|| columns::name(column), |(_, name)| *name)
}

/// How the columns of an answer are named: by their ids, or where a request asks for it by what people call them in its language.
#[derive(Default)]
pub(super) struct Names {
    /// The method whose columns they are, where they have names.
    method: Option<String>,
    dictionary: Option<Arc<Dictionary>>,
}

impl Names {
    /// The names a request asks for.
    pub(super) fn of(ctx: &Context, request: &MatomoRequest) -> Names {
        Names { dictionary: dictionary(ctx, request), ..Names::in_english(request) }
    }

    /// The names a request asks for, whatever its language.
    pub(super) fn in_english(request: &MatomoRequest) -> Names {
        let method = request.flag("translateColumnNames").then(|| request.text("method").unwrap_or_default().to_owned());
        Names { method, dictionary: None }
    }

    /// Whether columns have other names than their ids.
    pub(super) fn are_asked_for(&self) -> bool {
        self.method.is_some()
    }

    /// A word in the language that is asked for.
    pub(super) fn word<'a>(&self, english: &'a str) -> Cow<'a, str> {
        self.dictionary.as_ref().and_then(|dictionary| dictionary.told(english)).map_or(Cow::Borrowed(english), Cow::Owned)
    }

    /// The name of a column.
    pub(super) fn shown<'a>(&self, column: &'a str) -> Cow<'a, str> {
        self.method.as_deref().map_or(Cow::Borrowed(column), |method| self.word(shown(method, column)))
    }
}

/// Words as named values.
pub(super) fn map(words: &Words) -> Cell {
    Cell::Map(words.iter().map(|(name, word)| (Name::Owned(name.clone()), Cell::text(word))).collect())
}

fn add(out: &mut Vec<(Name, Cell)>, name: &'static str, words: &Words) {
    if !words.is_empty() {
        out.push((name.into(), map(words)));
    }
}

/// The same words, owned.
fn words<'a>(given: impl IntoIterator<Item = (&'a str, &'a str)>) -> Words {
    given.into_iter().map(|(name, word)| (name.to_owned(), word.to_owned())).collect()
}
