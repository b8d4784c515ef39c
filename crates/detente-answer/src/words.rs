//! Words for probabilities of events, and short numbers for the terminal.
//!
//! The words are those of Intelligence Community Directive 203 (2015), first
//! row. They stand for probabilities pooled over the priors, never for shares
//! of draws, and always with the number beside them.

use detente_game::solution::{Num, Status};

const BANDS: [(f64, &str); 7] = [
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (1.01, "almost certain"),
];

/// The word for a probability; bands are half open, an edge belongs to the higher one.
pub fn word(p: f64) -> &'static str {
    BANDS.iter().find(|(end, _)| p < *end).map_or("almost certain", |(_, word)| word)
}

/// The word or the two words for an interval of probabilities.
pub fn likelihood(low: f64, high: f64) -> String {
    let (a, b) = (word(low), word(high));
    if a == b { a.to_string() } else { format!("{a} to {b}") }
}

/// A strength in words.
pub fn strength(status: Status) -> &'static str {
    match status {
        Status::ExactComplete => "exact-complete: all equilibria, proven",
        Status::ExactSome => "exact-some: exact equilibria, perhaps not all",
        Status::Certified => "certified: within a rigorous bound",
        Status::Numeric => "numeric: computed, not proven",
    }
}

/// A percentage with at most one digit after the point; never 0 or 100 unless it is.
pub fn percent(p: f64) -> String {
    let rounded = (p * 1000.0).round() / 10.0;
    if p > 0.0 && rounded == 0.0 {
        return "<0.1 %".into();
    }
    if p < 1.0 && rounded == 100.0 {
        return ">99.9 %".into();
    }
    format!("{rounded} %")
}

/// A number in at most four significant digits, with the fraction beside it if it is short.
pub fn number(n: &Num) -> String {
    let short = short(n.value);
    match &n.exact {
        Some(q) if q.is_integer() && short == q.to_string() => short,
        Some(q) => {
            let fraction = q.to_string();
            let sign = if detente_exact::Q::parse(&short).is_some_and(|s| s == *q) { "" } else { "≈ " };
            match (fraction.len() <= 11, sign) {
                (true, "") => short,
                (true, _) => format!("{fraction} ≈ {short}"),
                (false, "") => short,
                (false, _) => format!("≈ {short}"),
            }
        }
        None => format!("≈ {short}"),
    }
}

/// Low–high, or one number where they are the same.
pub fn interval(low: &Num, high: &Num) -> String {
    if low == high { number(low) } else { format!("{} to {}", number(low), number(high)) }
}

/// Four significant digits without trailing zeros.
pub fn short(x: f64) -> String {
    if x == 0.0 {
        return "0".into();
    }
    let size = x.abs().log10().floor() as i32;
    if !(-5..=9).contains(&size) {
        return format!("{x:.3e}");
    }
    let digits = (3 - size).max(0) as usize;
    let text = format!("{x:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_exact::Q;

    #[test]
    fn words_follow_the_directive() {
        assert_eq!(word(0.2), "unlikely");
        assert_eq!(likelihood(0.31, 0.52), "unlikely to roughly even chance");
        assert_eq!(likelihood(0.96, 1.0), "almost certain");
        assert_eq!(percent(0.9999), ">99.9 %");
        assert_eq!(percent(0.25), "25 %");
    }

    #[test]
    fn numbers_are_short_and_say_when_they_are_rounded() {
        assert_eq!(number(&Num::exact(Q::new(1, 3))), "1/3 ≈ 0.3333");
        assert_eq!(number(&Num::exact(Q::new(2, 5))), "0.4");
        assert_eq!(number(&Num::exact(Q::new(7, 1))), "7");
        assert_eq!(number(&Num::within(0.123456, 1e-10)), "≈ 0.1235");
        assert_eq!(short(12345.6), "12346");
    }
}
