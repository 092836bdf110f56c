//! Matomo's custom variables: a name and a value under a number, for a visit or for one action.
//!
//! A row keeps them among its properties, the name of number 1 as `k1` and its value as `v1`: one name can so stand under two
//! numbers, and each number can be asked for by itself.

use crate::Text;

/// The greatest number of a custom variable.
pub const MOST: u32 = 20;

/// How many numbers Matomo shows even where none is used.
pub const USUAL: u32 = 5;

/// The property that holds the name of a number's variable.
pub fn name_key(number: u32) -> Text {
    Text::from(format!("k{number}"))
}

/// The property that holds the value of a number's variable.
pub fn value_key(number: u32) -> Text {
    Text::from(format!("v{number}"))
}

/// The properties a row keeps of variables given by number.
pub fn kept<'a>(given: impl Iterator<Item = (u32, &'a Text, &'a Text)>) -> Vec<(Text, Text)> {
    given
        .filter(|(number, name, _)| (1..=MOST).contains(number) && !name.is_empty())
        .flat_map(|(number, name, value)| [(name_key(number), Text::clone(name)), (value_key(number), Text::clone(value))])
        .collect()
}

/// The variables that a row's properties hold: number, name and value, by number.
pub fn read(held: &[(Text, Text)]) -> Vec<(u32, &Text, &str)> {
    let mut variables: Vec<(u32, &Text, &str)> = held
        .iter()
        .filter_map(|(key, name)| {
            let number: u32 = key.strip_prefix('k')?.parse().ok()?;
            let value_key = value_key(number);
            let value = held.iter().find(|(key, _)| *key == value_key).map_or("", |(_, value)| value);
            Some((number, name, value))
        })
        .collect();
    variables.sort_by_key(|(number, _, _)| *number);
    variables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_stand_under_two_numbers() {
        let text = |text: &str| Text::from(text);
        let (name, one, two, nothing) = (text("code"), text("200"), text(""), text(""));
        let given = [(3, &name, &two), (1, &name, &one), (2, &nothing, &one), (21, &name, &one)];
        let kept = kept(given.into_iter());
        assert_eq!(kept.len(), 4);
        assert_eq!(kept[0], (text("k3"), text("code")));
        assert_eq!(read(&kept), [(1, &name, "200"), (3, &name, "")]);
    }
}
