//! The numbers that rows are written in: rationals, or functions of a parameter.
//!
//! The one idea: which terms a row has depends on the shape of the game alone, so the same rows
//! can be written over anything that adds and multiplies. Where the shape of an argument depends
//! on a sign, [`Field::sign`] is asked, and whoever implements it may note the question: the
//! argument then holds wherever all answers stay the same.

use detente_exact::Q;
use std::fmt::Debug;

/// Numbers of a game, or functions of its parameters near a point.
pub trait Field: Clone + Debug + PartialEq {
    /// The constant.
    fn of(value: &Q) -> Self;
    fn plus(&self, other: &Self) -> Self;
    fn times(&self, other: &Self) -> Self;
    fn negated(&self) -> Self;
    /// The quotient; `None` where the divisor is not surely other than 0.
    fn over(&self, divisor: &Self) -> Option<Self>;
    /// Whether it is 0 as a function, everywhere.
    fn is_zero(&self) -> bool;
    /// Whether it is 1 as a function, everywhere.
    fn is_one(&self) -> bool;
    /// The sign, if it is the same wherever the answer is used.
    fn sign(&self) -> Option<i32>;
    /// The value at the point around which the functions are looked at.
    fn center(&self) -> Q;
    /// The larger and the smaller of two numbers.
    fn sorted(&self, other: &Self) -> Option<(Self, Self)>;
    /// A number that the size never exceeds.
    fn bound(&self) -> Q;

    fn zero() -> Self {
        Self::of(&Q::ZERO)
    }
    fn one() -> Self {
        Self::of(&Q::ONE)
    }
    fn minus(&self, other: &Self) -> Self {
        self.plus(&other.negated())
    }
    /// The larger of it and 0, or something above that.
    fn positive_part(&self) -> Option<Self> {
        match self.sign()? {
            1 => Some(self.clone()),
            _ => Some(Self::zero()),
        }
    }
}

impl Field for Q {
    fn of(value: &Q) -> Q {
        value.clone()
    }
    fn plus(&self, other: &Q) -> Q {
        self + other
    }
    fn times(&self, other: &Q) -> Q {
        self * other
    }
    fn negated(&self) -> Q {
        -self
    }
    fn over(&self, divisor: &Q) -> Option<Q> {
        self.checked_div(divisor)
    }
    fn is_zero(&self) -> bool {
        Q::is_zero(self)
    }
    fn is_one(&self) -> bool {
        Q::is_one(self)
    }
    fn sign(&self) -> Option<i32> {
        Some(self.signum())
    }
    fn center(&self) -> Q {
        self.clone()
    }
    fn sorted(&self, other: &Q) -> Option<(Q, Q)> {
        Some(if self >= other { (self.clone(), other.clone()) } else { (other.clone(), self.clone()) })
    }
    fn bound(&self) -> Q {
        self.abs()
    }
}
