//! Numbers for an `IN`.

/// A number of a column's type.
pub(crate) trait Number: ToString {
    /// What DuckDB calls the type.
    const TYPE: &'static str;
}

impl Number for i64 {
    const TYPE: &'static str = "BIGINT";
}

impl Number for u64 {
    const TYPE: &'static str = "BIGINT";
}

impl Number for u32 {
    const TYPE: &'static str = "UINTEGER";
}

/// From so many numbers on they are one text: DuckDB takes several times as long to understand as many numbers one by one.
const MANY: usize = 64;

/// What stands in the brackets of an `IN`; never empty.
pub(crate) fn list<N: Number>(numbers: &[N]) -> String {
    if numbers.is_empty() {
        return "NULL".to_owned();
    }
    let digits: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    if digits.len() < MANY {
        return digits.join(", ");
    }
    format!("SELECT unnest(CAST(string_split('{}', ',') AS {}[]))", digits.join(","), N::TYPE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_numbers_stand_for_themselves_and_many_are_one_text() {
        assert_eq!(list::<u32>(&[]), "NULL");
        assert_eq!(list(&[3_u64, 1]), "3, 1");
        let many: Vec<i64> = (-1..63).collect();
        assert!(list(&many).starts_with("SELECT unnest(CAST(string_split('-1,0,1,2,"));
        assert!(list(&many).ends_with(",62', ',') AS BIGINT[]))"));
    }
}
