//! What stays open, as a few lines of text.
//!
//! The one idea: text counts cases and names the first actions; JSON lists every case in full.

/// How each case that a search left open begins, and what such a case is told by.
const CASE: &str = "not decided: play of ";
/// How the number of cases that are not told one by one begins.
const MORE: &str = "not decided: ";
/// Most actions of a case that are named.
const NAMED: usize = 3;
/// Longest case that is told in full.
const SHORT: usize = 160;

/// Returns the lines that stand for these reasons; cases of play are counted in one of them.
pub(super) fn open_lines(unresolved: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    let cases: Vec<&str> = unresolved.iter().filter_map(|open| open.strip_prefix(CASE)).collect();
    let mut told = false;
    for open in unresolved {
        if !open.starts_with(CASE) && more(open).is_none() {
            lines.push(open.clone());
        } else if !told {
            told = true;
            lines.push(summed(&cases, unresolved.iter().filter_map(|open| more(open)).sum()));
        }
    }
    lines
}

/// How many further cases a line counts.
fn more(open: &str) -> Option<usize> {
    open.strip_prefix(MORE)?.strip_suffix(" more cases of this kind")?.parse().ok()
}

fn summed(cases: &[&str], untold: usize) -> String {
    if let ([case], 0) = (cases, untold)
        && case.len() <= SHORT
    {
        return format!("{CASE}{case}");
    }
    let count = match cases.len() + untold {
        1 => "one case of play is".to_string(),
        n => format!("{n} cases of play are"),
    };
    let Some(first) = cases.first() else { return format!("{count} not decided") };
    // The actions of a case stand before the boxes of their probabilities.
    let used = first.split(", with ").next().unwrap_or(first);
    let names: Vec<&str> = used.split(", ").collect();
    let mut named = names[..names.len().min(NAMED)].join(", ");
    if names.len() > NAMED {
        named.push_str(&format!(" and {} more actions", names.len() - NAMED));
    }
    let listed = if untold == 0 { "them".to_string() } else { format!("{} of them", cases.len()) };
    format!("{count} not decided; the first uses {named} (--format json lists {listed})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_counted_and_others_are_told() {
        let all = ["a, b, c, d, with a 0 to 1", "a, b, d"].map(|case| format!("{CASE}{case}"));
        let mut open = vec!["time was up".to_string()];
        open.extend(all);
        open.push("not decided: 7 more cases of this kind".into());
        let lines = open_lines(&open);
        assert_eq!(
            lines,
            [
                "time was up",
                "9 cases of play are not decided; the first uses a, b, c and 1 more actions (--format json lists 2 of them)"
            ]
        );
        assert_eq!(open_lines(&open[2..3]), ["not decided: play of a, b, d"]);
    }
}
