//! The nearest valid word, for errors that name the fix.

/// The candidate with the smallest edit distance to `word`, if it is close enough: at
/// most a third of the length of the longer word; one edit is always accepted.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lowered = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (distance(&lowered, &candidate.to_lowercase()), candidate))
        .min_by_key(|&(edits, _)| edits)
        .filter(|&(edits, candidate)| {
            let longer = word.chars().count().max(candidate.chars().count());
            edits <= (longer / 3).max(1)
        })
        .map(|(_, candidate)| candidate)
}

/// The Levenshtein distance in characters.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &b) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_single_character_edits() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
    }

    #[test]
    fn a_misspelt_word_finds_its_neighbour_and_nonsense_finds_none() {
        let words = ["executions", "success_rate", "users"];
        assert_eq!(nearest("execution", words), Some("executions"));
        assert_eq!(nearest("Sucess_Rate", words), Some("success_rate"));
        assert_eq!(nearest("zzzzzzzz", words), None);
    }
}
