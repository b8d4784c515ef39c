//! "Did you mean …?": the nearest known word.
//!
//! The one idea: a suggestion is worth making only if the words differ by at
//! most a third of their letters; otherwise silence is kinder.

/// The candidate nearest to `word`, if one is near enough to be a slip of the
/// fingers. Distance is the optimal string alignment distance (insertions,
/// deletions, substitutions, swaps of neighbours), letters compared without
/// regard to case. Of equally near candidates the first wins.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word_length = word.chars().count();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let length = word_length.max(candidate.chars().count());
        // Long junk is never near, and its table would be large.
        if length > 64 {
            continue;
        }
        let allowed = (length / 3).max(1);
        let distance = distance(word, candidate);
        let nearer = best.is_none_or(|(least, _)| distance < least);
        if distance <= allowed && distance < length && nearer {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Optimal string alignment distance, ignoring case.
fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.to_lowercase().chars().collect();
    let right: Vec<char> = right.to_lowercase().chars().collect();
    let width = right.len() + 1;
    let mut table = vec![0usize; (left.len() + 1) * width];
    for i in 0..=left.len() {
        for j in 0..=right.len() {
            table[i * width + j] = if i == 0 || j == 0 {
                i + j
            } else {
                let changed = usize::from(left[i - 1] != right[j - 1]);
                let mut least = (table[(i - 1) * width + j] + 1)
                    .min(table[i * width + j - 1] + 1)
                    .min(table[(i - 1) * width + j - 1] + changed);
                let swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
                if swapped {
                    least = least.min(table[(i - 2) * width + j - 2] + 1);
                }
                least
            };
        }
    }
    table[left.len() * width + right.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let words = ["end", "leave", "repeat", "threat"];
        assert_eq!(nearest("endd", words), Some("end"));
        assert_eq!(nearest("treat", words), Some("threat"));
        assert_eq!(nearest("laeve", words), Some("leave"));
        assert_eq!(nearest("Repeat", words), Some("repeat"));
        assert_eq!(nearest("banana", words), None);
        assert_eq!(nearest("x", words), None);
    }
}
