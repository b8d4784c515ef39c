//! A box in plain words, with the two numbers that say what it is worth.

use super::cases::{Bounds, Cases, Measure, Region};
use serde::Serialize;

/// A box and what it holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rule {
    /// The box.
    pub region: Region,
    /// What it holds.
    pub measure: Measure,
}

impl Rule {
    /// Returns the rule with its ends rounded to some significant digits and measured again; an end nearer to
    /// zero than a hundredth of what its input spans is rounded to such a part, so that no end is a tiny number.
    ///
    /// A sentence prints rounded ends; this makes its shares those of the ends that it prints.
    pub fn rounded(&self, cases: &Cases, rows: &[usize], digits: usize) -> Rule {
        let bounds = self.region.bounds.iter().enumerate().map(|(input, b)| {
            let finest = if b.open() { 0.0 } else { finest(cases, input, rows) };
            let round = |end: Option<f64>| end.map(|x| significant(x, digits, finest));
            Bounds { low: round(b.low), high: round(b.high) }
        });
        let region = Region { bounds: bounds.collect() };
        let measure = cases.measure(&cases.inside(&region, rows));
        Rule { region, measure }
    }

    /// Returns the condition in words: "x is at least 0.62 and y is at most 0.3"; `None` for a box
    /// without ends. `names` are those of the inputs; one that is missing is called by its number.
    pub fn condition(&self, names: &[&str]) -> Option<String> {
        let restricted = self.region.bounds.iter().enumerate().filter(|(_, b)| !b.open());
        let parts: Vec<String> = restricted
            .map(|(input, bounds)| {
                let number = format!("input {}", input + 1);
                format!("{} is {}", names.get(input).copied().unwrap_or(&number), span(bounds))
            })
            .collect();
        let (last, first) = parts.split_last()?;
        Some(if first.is_empty() { last.clone() } else { format!("{} and {last}", first.join(", ")) })
    }

    /// Returns the rule as a sentence. `claim` is a clause that can stand before "holds".
    pub fn sentence(&self, names: &[&str], claim: &str) -> String {
        let density = percent(self.measure.hits, self.measure.n);
        match self.condition(names) {
            Some(condition) => format!(
                "When {condition}, {claim} holds in {density} of draws; that covers {} of the draws where it holds.",
                percent(self.measure.hits, self.measure.all_hits)
            ),
            None => format!("Whatever the inputs, {claim} holds in {density} of draws."),
        }
    }
}

fn span(bounds: &Bounds) -> String {
    match (bounds.low, bounds.high) {
        (Some(low), Some(high)) if low == high => low.to_string(),
        (Some(low), Some(high)) => format!("from {low} to {high}"),
        (Some(low), None) => format!("at least {low}"),
        (None, Some(high)) => format!("at most {high}"),
        (None, None) => "anything".to_string(),
    }
}

/// A share in whole per cent that never rounds to all or nothing.
fn percent(part: usize, whole: usize) -> String {
    let share = part as f64 / whole.max(1) as f64 * 100.0;
    match share.round() as u32 {
        0 if part > 0 => "less than 1 %".to_string(),
        100 if part < whole => "more than 99 %".to_string(),
        whole => format!("{whole} %"),
    }
}

/// The power of ten between a thousandth and a hundredth of what an input spans over these rows.
fn finest(cases: &Cases, input: usize, rows: &[usize]) -> f64 {
    let values = || rows.iter().map(|row| cases.value(input, *row));
    let span = values().fold(f64::NEG_INFINITY, f64::max) - values().fold(f64::INFINITY, f64::min);
    if span > 0.0 && span.is_finite() {
        // The text of a number has its exponent, the same on every machine.
        let text = format!("{span:e}");
        let exponent = text.split('e').nth(1).and_then(|e| e.parse::<i32>().ok()).unwrap_or(0);
        format!("1e{}", exponent - 2).parse().unwrap_or(0.0)
    } else {
        0.0
    }
}

/// Rounds to some significant digits, but not more finely than to whole multiples of `finest`.
fn significant(x: f64, digits: usize, finest: f64) -> f64 {
    let after = digits.clamp(1, 15) - 1;
    let rounded: f64 = format!("{x:.after$e}").parse().unwrap_or(x);
    if rounded.abs() >= 10.0 * finest || finest == 0.0 {
        return rounded;
    }
    // Dividing by the inverse keeps short decimals short, and adding zero has no negative zero.
    let inverse = (1.0 / finest).round();
    let rounded =
        if inverse >= 1.0 { (x * inverse).round() / inverse } else { (x / finest).round() * finest };
    rounded + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(bounds: Vec<Bounds>, n: usize, hits: usize) -> Rule {
        Rule { region: Region { bounds }, measure: Measure { n, hits, all: 1000, all_hits: 123 } }
    }

    #[test]
    fn sentences() {
        let low = |x| Bounds { low: Some(x), high: None };
        let high = |x| Bounds { low: None, high: Some(x) };
        let both = Bounds { low: Some(0.1), high: Some(0.25) };
        let two = rule(vec![low(0.62), Bounds::default(), high(0.3)], 100, 91);
        assert_eq!(
            two.sentence(&["x", "y", "z"], "war"),
            "When x is at least 0.62 and z is at most 0.3, war holds in 91 % of draws; \
             that covers 74 % of the draws where it holds."
        );
        let three = rule(vec![both, low(2.0), high(-1.0)], 1000, 1);
        assert_eq!(
            three.condition(&["x", "y"]).unwrap(),
            "x is from 0.1 to 0.25, y is at least 2 and input 3 is at most -1"
        );
        assert!(three.sentence(&[], "war").contains("holds in less than 1 % of draws"));
        let open = rule(vec![Bounds::default()], 1000, 999);
        assert_eq!(
            open.sentence(&["x"], "peace"),
            "Whatever the inputs, peace holds in more than 99 % of draws."
        );
    }

    #[test]
    fn a_rounded_rule_is_measured_at_its_rounded_ends() {
        let columns = [vec![0.1, 0.1236, 0.2]];
        let cases = Cases::new(&columns, &[false, true, true]).unwrap();
        let exact = Rule {
            region: Region { bounds: vec![Bounds { low: Some(0.12355), high: None }] },
            measure: cases.measure(&[1, 2]),
        };
        let rounded = exact.rounded(&cases, &cases.rows(), 3);
        assert_eq!(rounded.region.bounds[0].low, Some(0.124));
        assert_eq!((exact.measure.n, rounded.measure.n), (2, 1));
        assert_eq!(significant(-123_456.0, 2, 0.0), -120_000.0);
        assert_eq!(significant(0.0, 3, 0.01), 0.0);
    }

    #[test]
    fn an_end_next_to_zero_is_no_tiny_number() {
        let columns = [vec![-0.4, -0.000_083, 0.2, 0.4]];
        let cases = Cases::new(&columns, &[true, true, false, false]).unwrap();
        assert_eq!(finest(&cases, 0, &cases.rows()), 0.001);
        let end = |high: f64| {
            let region = Region { bounds: vec![Bounds { low: None, high: Some(high) }] };
            let rule = Rule { region, measure: cases.measure(&[0, 1]) };
            rule.rounded(&cases, &cases.rows(), 2).condition(&["x"]).unwrap()
        };
        assert_eq!(end(-0.000_083), "x is at most 0");
        assert_eq!(end(0.00768), "x is at most 0.008");
        assert_eq!(end(0.0768), "x is at most 0.077");
    }
}
