//! Unique names out of labels that may be empty or used twice.

use std::collections::{HashMap, HashSet};

/// Makes labels nonempty and distinct, and says how.
///
/// An empty label becomes `empty(position)`; the second `x` becomes `x#2`. A label that
/// stands alone is never changed, so `x#2` skips a number that another label has.
pub(crate) fn distinct(labels: &[String], empty: impl Fn(usize) -> String) -> (Vec<String>, Vec<usize>) {
    if already_distinct(labels) {
        return (labels.to_vec(), Vec::new());
    }
    let mut taken: HashSet<String> = labels.iter().filter(|l| !l.is_empty()).cloned().collect();
    let mut first: HashSet<&str> = HashSet::new();
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut names = Vec::with_capacity(labels.len());
    let mut changed = Vec::new();
    for (position, label) in labels.iter().enumerate() {
        if !label.is_empty() && first.insert(label) {
            names.push(label.clone());
            continue;
        }
        changed.push(position);
        let stem = if label.is_empty() { empty(position) } else { label.clone() };
        let mut name = stem.clone();
        while !taken.insert(name.clone()) {
            let count = counts.entry(stem.clone()).or_insert(1);
            *count += 1;
            name = format!("{stem}#{count}");
        }
        names.push(name);
    }
    (names, changed)
}

/// A quick look at short lists, which most are.
fn already_distinct(labels: &[String]) -> bool {
    const SHORT: usize = 8;
    labels.len() <= SHORT
        && labels.iter().enumerate().all(|(k, label)| !label.is_empty() && !labels[..k].contains(label))
}

/// Says in one sentence what [`distinct`] changed; nothing if it changed nothing.
pub(crate) fn sentence(what: &str, labels: &[String], names: &[String], changed: &[usize]) -> Option<String> {
    const SHOWN: usize = 12;
    if changed.is_empty() {
        return None;
    }
    let list: Vec<String> = changed.iter().take(SHOWN).map(|&k| format!("`{}`", names[k])).collect();
    let more =
        if changed.len() > SHOWN { format!(" and {} more", changed.len() - SHOWN) } else { String::new() };
    let why = if changed.iter().all(|&k| labels[k].is_empty()) {
        "without a label"
    } else if changed.iter().all(|&k| !labels[k].is_empty()) {
        "with a label used before"
    } else {
        "without a label of their own"
    };
    Some(format!("{what} {why}, now called: {}{more}", list.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::distinct;

    fn names(labels: &[&str]) -> Vec<String> {
        let labels: Vec<String> = labels.iter().map(|l| l.to_string()).collect();
        distinct(&labels, |k| (k + 1).to_string()).0
    }

    #[test]
    fn repeated_and_empty_labels_get_names() {
        assert_eq!(names(&["a", "b", "a", "", ""]), ["a", "b", "a#2", "4", "5"]);
    }

    #[test]
    fn an_own_label_is_never_taken_away() {
        assert_eq!(names(&["a", "a", "a#2", "a"]), ["a", "a#3", "a#2", "a#4"]);
        assert_eq!(names(&["", "1", ""]), ["1#2", "1", "3"]);
    }
}
