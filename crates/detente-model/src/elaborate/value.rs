//! What a formula is worth along one path.

use detente_exact::Q;
use detente_game::{EventId, ExprId};

/// A value: known now, or an expression over the parameters.
#[derive(Clone, Debug)]
pub(crate) enum Value<'p> {
    Number(Q),
    /// A number that depends on parameters, or an irrational constant.
    Formula(ExprId),
    Truth(bool),
    /// A statement that depends on parameters: 1 or 0 on the tape.
    TruthFormula(ExprId),
    /// The arm that an event took.
    Arm {
        event: EventId,
        arm: u32,
    },
    /// The name of an arm.
    Word(&'p str),
    /// An error has been reported.
    Error,
}

impl Value<'_> {
    /// Says in a word what kind of value it is.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Number(_) | Value::Formula(_) => "a number",
            Value::Truth(_) | Value::TruthFormula(_) => "true or false",
            Value::Arm { .. } => "a move or draw",
            Value::Word(_) => "a name",
            Value::Error => "an error",
        }
    }
}

/// Writes a number as a short decimal where it is one, else as a fraction.
pub fn short(value: &Q) -> String {
    for digits in 0..=6u32 {
        let scale = 10i64.pow(digits);
        let Some(whole) = (value * Q::new(scale, 1)).to_i64() else { continue };
        if digits == 0 {
            return whole.to_string();
        }
        let sign = if whole < 0 { "-" } else { "" };
        let (size, scale) = (whole.unsigned_abs(), scale as u64);
        return format!("{sign}{}.{:0width$}", size / scale, size % scale, width = digits as usize);
    }
    match (value.numerator().to_i64(), value.denominator().to_i64()) {
        (Some(n), Some(d)) if d < 10_000 => format!("{n}/{d}"),
        _ => {
            let text = format!("{:.6}", value.to_f64());
            text.trim_end_matches('0').trim_end_matches('.').to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers() {
        let text = |n, d| short(&Q::new(n, d));
        assert_eq!([text(1, 4), text(-1, 20), text(3, 1), text(1, 3)], ["0.25", "-0.05", "3", "1/3"]);
    }
}
