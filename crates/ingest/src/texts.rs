use footfall_model::Text;
use footfall_store::{HighMarks, Store};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{Enriched, visits};

/// The dictionary as the writer sees it: numbers of texts lately used, and the next number to give.
#[derive(Debug, Default)]
pub struct Texts {
    numbers: FxHashMap<Text, u32>,
    highest: u32,
}

impl Texts {
    /// How many texts stay at hand between batches.
    const MOST: usize = 150_000;

    /// Nothing at hand; numbers go on after those the store has given.
    pub fn new(marks: HighMarks) -> Texts {
        Texts { numbers: FxHashMap::default(), highest: marks.text }
    }

    /// The number of a text of the batch; 0 for no text.
    pub fn number(&self, text: &str) -> u32 {
        if text.is_empty() { 0 } else { self.numbers.get(text).copied().unwrap_or(0) }
    }

    /// Makes sure that every text of these hits has a number; returns those that are new.
    ///
    /// # Errors
    /// When the store cannot say which texts it holds.
    pub async fn learn(&mut self, hits: &[Enriched], store: &dyn Store) -> Result<Vec<(u32, Text)>, footfall_model::Error> {
        if self.numbers.len() > Texts::MOST {
            self.numbers.clear();
        }
        // Numbers are given in the order of appearance: what is listed by number is listed as it was first seen.
        let mut unknown: Vec<Text> = Vec::new();
        let mut seen: FxHashSet<Text> = FxHashSet::default();
        for hit in hits {
            visits::texts_of(hit, |text| {
                if !text.is_empty() && !self.numbers.contains_key(text) && !seen.contains(text) {
                    let text = Text::from(text);
                    seen.insert(Text::clone(&text));
                    unknown.push(text);
                }
            });
        }
        let held = store.text_ids(&unknown).await?;
        let mut new = Vec::new();
        for (text, held) in unknown.into_iter().zip(held) {
            let number = held.unwrap_or_else(|| {
                self.highest += 1;
                new.push((self.highest, text.clone()));
                self.highest
            });
            self.numbers.insert(text, number);
        }
        Ok(new)
    }

    /// Forgets what is at hand and takes the store's numbers: after a failed write.
    pub fn reset(&mut self, marks: HighMarks) {
        self.numbers.clear();
        self.highest = marks.text;
    }
}
