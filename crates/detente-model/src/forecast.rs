//! Forecasts as plain data: what is forecast, when, against which base rate, and what happened.
//!
//! The one idea: a forecast uses only what had been seen before the day on which it was made, so
//! the observations it may use are named here, and so are those it may not.

use crate::model::{Day, Support};
use crate::question::{Number, Query};
use detente_exact::Q;
use detente_prob::Prior;

/// `forecast`: a dated question that the world settles.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    pub name: String,
    /// The last day of the question.
    pub deadline: Day,
    /// The day on which it was made; nothing if the text does not say.
    pub made: Option<Day>,
    pub body: Forecasted,
    pub base: Option<BaseRate>,
    /// Observations that it uses, by position in `Model::observes`.
    pub evidence: Vec<usize>,
    /// Observations that it may not use, because they are of the day it was made, or of later, or of no day.
    pub later: Vec<usize>,
    pub resolution: Option<Resolution>,
    /// True if a council is asked.
    pub of_council: bool,
    pub support: Support,
}

/// What is forecast.
#[derive(Clone, Debug, PartialEq)]
pub enum Forecasted {
    /// The probability of an event.
    Probability(Number),
    /// A number; its distribution counts, not only its mean.
    Number(Number),
    /// One of several alternatives that exclude each other; `None` stands for `rest`.
    Alternatives { ordered: bool, arms: Vec<(String, Option<Number>)> },
}

/// What anybody could have said without the model.
#[derive(Clone, Debug, PartialEq)]
pub struct BaseRate {
    pub value: BaseValue,
    pub support: Support,
}

/// The value of a base rate.
#[derive(Clone, Debug, PartialEq)]
pub enum BaseValue {
    /// A probability, or one number where a number is forecast.
    Point(Q),
    /// A distribution of the number that is forecast.
    Distribution(Prior),
    /// One probability for each alternative, in their order.
    Alternatives(Vec<Q>),
}

/// `resolve`: what happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolution {
    pub value: Resolved,
    /// The day on which it was settled.
    pub date: Day,
    pub support: Support,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolved {
    Yes,
    No,
    /// The question turned out to have no answer; it is counted apart.
    Void,
    /// The alternative at this position.
    Alternative(usize),
    Number(Q),
}

impl Forecast {
    /// Calls `visit` on every query inside, in the order of the text.
    pub fn queries<'a>(&'a self, visit: &mut dyn FnMut(&'a Query)) {
        match &self.body {
            Forecasted::Probability(number) | Forecasted::Number(number) => number.queries(visit),
            Forecasted::Alternatives { arms, .. } => {
                arms.iter().filter_map(|(_, number)| number.as_ref()).for_each(|n| n.queries(visit));
            }
        }
    }
}
