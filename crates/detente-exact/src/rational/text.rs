//! `Q` as text: `3`, `-0.25`, `1/3`, `1e-3` in; `p/q` or `n` out; the same string in serde.
//!
//! The one idea: a decimal is read as the exact decimal it is, and what is printed reads back
//! as the same number.

use std::fmt;
use std::str::FromStr;

use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Q, Repr};

/// Largest size of a decimal exponent, and largest number of digits, that `Q::parse` accepts of
/// a decimal. It keeps a short text from asking for a number that fills the memory.
const EXPONENT_LIMIT: i32 = 4096;

/// Longest text that `Q::parse` accepts.
const LENGTH_LIMIT: usize = 1 << 20;

impl Q {
    /// Reads `3`, `-0.25`, `.5`, `1/3` or `1e-3` exactly; `None` for anything else, for a zero
    /// denominator, and for a decimal exponent beyond ±4096. No spaces inside or around.
    pub fn parse(text: &str) -> Option<Q> {
        if text.len() > LENGTH_LIMIT {
            return None;
        }
        let (negative, body) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let size = match body.split_once('/') {
            Some((num, den)) => integer(num)?.checked_div(&integer(den)?)?,
            None => decimal(body)?,
        };
        Some(if negative { -size } else { size })
    }
}

/// An unsigned integer of decimal digits.
fn integer(digits: &str) -> Option<Q> {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    if digits.len() <= 18 {
        return digits.parse::<i64>().ok().map(Q::from);
    }
    let value = UBig::from_str_radix(digits, 10).ok()?;
    Some(Q::from_rbig(RBig::from(IBig::from(value))))
}

/// An unsigned decimal with optional point and exponent.
fn decimal(body: &str) -> Option<Q> {
    let (mantissa, exponent) = match body.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, decimal_exponent(exponent)?),
        None => (body, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if fraction.is_empty() && exponent == 0 {
        // `5.` is refused, `5` is not.
        return if mantissa.contains('.') { None } else { integer(whole) };
    }
    if mantissa.ends_with('.') {
        return None;
    }
    let digits = integer(&format!("{whole}{fraction}"))?;
    let places = i32::try_from(fraction.len()).ok()?;
    if places > EXPONENT_LIMIT {
        return None;
    }
    Some(digits * Q::from(10).pow(exponent - places))
}

fn decimal_exponent(text: &str) -> Option<i32> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let value: i32 = text.parse().ok()?;
    (value.abs() <= EXPONENT_LIMIT).then_some(value)
}

/// The text was not a number `Q::parse` reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseError;

impl fmt::Display for ParseError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("not an exact number; write it like 3, -0.25, 1/3 or 1e-3")
    }
}

impl std::error::Error for ParseError {}

impl FromStr for Q {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Q, ParseError> {
        Q::parse(text).ok_or(ParseError)
    }
}

impl fmt::Display for Q {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match &self.0 {
            Repr::Small(n, d) if d.get() == 1 => n.to_string(),
            Repr::Small(n, d) => format!("{n}/{d}"),
            Repr::Big(b) => b.to_string(),
        };
        let digits = text.strip_prefix('-').unwrap_or(&text);
        out.pad_integral(digits.len() == text.len(), "", digits)
    }
}

impl fmt::Debug for Q {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl Serialize for Q {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Q {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Q, D::Error> {
        deserializer.deserialize_any(QVisitor)
    }
}

/// Accepts the string form, and plain integers as written by hand.
struct QVisitor;

impl Visitor<'_> for QVisitor {
    type Value = Q;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an exact number as text, like \"1/3\" or \"0.25\"")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Q, E> {
        Q::parse(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Q, E> {
        Ok(Q::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Q, E> {
        Ok(Q::from_reduced(i128::from(value), 1))
    }
}
