//! Forecasts and their resolutions.
//!
//! The one idea: a forecast is a dated answer to a question that the world will
//! settle, so its dates, the rate it must beat and its value stand together, and
//! what happened is an item of its own, written later.

use super::{Caption, Citation, Date, Dist, Expr, Name, PrivateArm, Text};
use detente_diag::Span;

/// `forecast joins "label" @cite by 2023-12-31 made 2022-02-25 base 0.1 @cite = prob(…)`
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The forecast's name.
    pub name: Name,
    /// The question in words, and its sources.
    pub caption: Caption,
    /// The last day of the question.
    pub by: Option<Date>,
    /// The day on which it was made; later evidence does not count.
    pub made: Option<Date>,
    /// Where `ordered` stands: the alternatives have an order.
    pub ordered: Option<Span>,
    /// What anybody could have said without the model.
    pub base: Option<Base>,
    /// What is forecast.
    pub value: ForecastValue,
}

/// What is forecast.
#[derive(Debug, Clone, PartialEq)]
pub enum ForecastValue {
    /// A probability, or a number.
    Plain(Expr),
    /// `{ none: prob(…), war: rest }`: one of several alternatives.
    Arms {
        /// The alternatives and their probabilities.
        arms: Vec<PrivateArm>,
        /// Braces included.
        span: Span,
    },
}

/// `base 0.1 @cite assumed "why"`
#[derive(Debug, Clone, PartialEq)]
pub struct Base {
    /// What it is.
    pub value: BaseValue,
    /// Its sources.
    pub citations: Vec<Citation>,
    /// `assumed "why"`
    pub assumed: Option<Text>,
    /// From `base` to the last source.
    pub span: Span,
}

/// A base rate.
#[derive(Debug, Clone, PartialEq)]
pub enum BaseValue {
    /// A probability; a distribution where a number is forecast.
    Dist(Dist),
    /// One probability for each alternative.
    Arms(Vec<PrivateArm>),
}

/// `resolve joins yes on 2023-04-04 "label" @cite`
#[derive(Debug, Clone, PartialEq)]
pub struct Resolve {
    /// The forecast.
    pub name: Name,
    /// What happened.
    pub value: ResolveValue,
    /// The day on which it was settled.
    pub date: Option<Date>,
    /// Label and sources.
    pub caption: Caption,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum ResolveValue {
    /// `yes`, `no`, `void`, or the name of an alternative.
    Word(Name),
    /// A number, for a forecast of one.
    Number(Expr),
}
