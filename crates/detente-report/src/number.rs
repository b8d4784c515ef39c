//! Numbers as people read them and as programs read them.
//!
//! The one idea: an exact number is shown exactly where that is short, and a number that is not
//! exact never looks as if it were.

use detente_exact::Q;
use detente_game::solution::Num;
use serde_json::{Map, Value, json};

/// Longest fraction that is shown as a fraction in running text, in characters.
const FRACTION_WIDTH: usize = 7;

/// Returns a number as the published JSON writes it: `value` always, then `exact` or `radius`.
pub fn num_json(num: &Num) -> Value {
    Value::Object(num_map(num))
}

/// The same, as a map that the caller may extend.
pub(crate) fn num_map(num: &Num) -> Map<String, Value> {
    let mut map = Map::new();
    map.insert("value".into(), json!(plain_zero(num.value)));
    if let Some(exact) = &num.exact {
        map.insert("exact".into(), json!(exact.to_string()));
    } else if let Some(radius) = num.radius {
        map.insert("radius".into(), json!(radius));
    }
    map
}

/// Returns a gap as text: the exact fraction, or a decimal that the true gap does not exceed.
pub fn gap_text(num: &Num) -> String {
    match (&num.exact, num.radius) {
        (Some(exact), _) => exact.to_string(),
        (None, Some(radius)) => format!("{:e}", (num.value + radius).next_up()),
        (None, None) => format!("{:e}", num.value),
    }
}

/// Returns a rational in its shortest honest form: `3`, `-0.25`, `4/13`, else `≈0.3077`.
pub fn short(q: &Q) -> String {
    if let Some(text) = decimal(q, 3) {
        return text;
    }
    let fraction = q.to_string();
    if fraction.chars().count() <= FRACTION_WIDTH {
        return fraction;
    }
    match decimal(q, 6) {
        Some(text) => text,
        None => format!("≈{}", significant(q.to_f64())),
    }
}

/// Returns a computed number in its shortest honest form; inexact ones carry `≈`.
pub fn short_num(num: &Num) -> String {
    match &num.exact {
        Some(q) => short(q),
        None => format!("≈{}", significant(num.value)),
    }
}

/// Returns a number for a table: the fraction and, where that says more, the decimal beside it.
pub fn full_num(num: &Num) -> String {
    match &num.exact {
        Some(q) => match decimal(q, 6) {
            Some(text) => text,
            None if q.to_string().len() <= 24 => format!("{q} ({})", significant(q.to_f64())),
            None => format!("≈{}", significant(q.to_f64())),
        },
        None => match num.radius {
            Some(radius) => format!("≈{:.9} ± {radius:.0e}", num.value),
            None => format!("≈{}", significant(num.value)),
        },
    }
}

/// The decimal form of a rational that has one with at most `places` places.
fn decimal(q: &Q, places: usize) -> Option<String> {
    let mut scaled = q.abs();
    let ten = Q::from(10);
    let mut used = 0;
    while !scaled.is_integer() {
        if used == places {
            return None;
        }
        scaled *= ten.clone();
        used += 1;
    }
    let digits = scaled.to_string();
    let sign = if q.is_negative() { "-" } else { "" };
    if used == 0 {
        return Some(format!("{sign}{digits}"));
    }
    let padded = format!("{digits:0>width$}", width = used + 1);
    let (whole, fraction) = padded.split_at(padded.len() - used);
    Some(format!("{sign}{whole}.{fraction}"))
}

/// A distance in standard deviations, in two significant digits: nobody judges a prior more finely.
pub fn deviations(value: f64) -> String {
    significant(format!("{value:.1e}").parse().unwrap_or(value))
}

/// A number in a picture, in three significant digits.
pub fn three_digits(value: f64) -> String {
    significant(format!("{value:.2e}").parse().unwrap_or(value))
}

/// Six significant digits at most, without zeros at the end.
pub fn six_digits(value: f64) -> String {
    let value = plain_zero(value);
    let size = value.abs();
    if value == 0.0 || !(1e-4..1e9).contains(&size) {
        return format!("{value}");
    }
    let places = (5 - leading_exponent(size)).clamp(0, 9) as usize;
    let text = format!("{value:.places$}");
    if places == 0 { text } else { text.trim_end_matches('0').trim_end_matches('.').to_string() }
}

/// Four significant digits, without an exponent where the number is of ordinary size.
pub fn significant(value: f64) -> String {
    let value = plain_zero(value);
    if value == 0.0 || !value.is_finite() {
        return format!("{value}");
    }
    let size = value.abs();
    if !(1e-4..1e7).contains(&size) {
        return format!("{value:.3e}");
    }
    let places = (3 - leading_exponent(size)).clamp(0, 8) as usize;
    let text = format!("{value:.places$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
}

/// The exponent of the leading decimal digit, found by comparison so that it is the same everywhere.
fn leading_exponent(size: f64) -> i32 {
    let mut exponent = 0;
    let mut power = 1.0;
    while size >= power * 10.0 {
        power *= 10.0;
        exponent += 1;
    }
    while size < power {
        power /= 10.0;
        exponent -= 1;
    }
    exponent
}

/// Negative zero is printed as zero.
fn plain_zero(value: f64) -> f64 {
    if value == 0.0 { 0.0 } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms() {
        let cases = [
            ("3", "3"),
            ("-1/4", "-0.25"),
            ("2/5", "0.4"),
            ("4/13", "4/13"),
            ("1/128", "1/128"),
            ("3/1000000", "0.000003"),
            ("12345678901/37", "≈3.337e8"),
            ("1000001/3000000", "≈0.3333"),
        ];
        for (given, shown) in cases {
            assert_eq!(short(&Q::parse(given).expect("the cases are numbers")), shown, "{given}");
        }
    }

    #[test]
    fn an_inexact_number_never_looks_exact() {
        let num = Num::within(0.5, 1e-10);
        assert!(short_num(&num).starts_with('≈'));
        assert!(full_num(&num).contains('±'));
        assert_eq!(num_json(&num), json!({"value": 0.5, "radius": 1e-10}));
        assert!(gap_text(&num).parse::<f64>().expect("a float") > 0.5);
    }

    #[test]
    fn negative_zero_is_zero() {
        assert_eq!(num_json(&Num::within(-0.0, 0.0)).to_string(), r#"{"value":0.0,"radius":0.0}"#);
        assert_eq!(significant(-0.0), "0");
    }
}
