//! What is kept of a sweep's rows: counts, exact sums and fixed bins.
//!
//! Every part is a commutative monoid, so [`State::merge`] gives the same bits however the rows were
//! divided among threads, shards and runs.

use super::pooled::Pool;
use super::row::{Chances, Row};
use crate::claims::COLUMNS;
use crate::shares::Pair;
use crate::verdict::Class;
use detente_stats::merge::{ExactSum, Spread, Tally};
use serde::{Deserialize, Serialize};

/// The classes in the order in which they are counted.
pub const CLASSES: [Class; 4] = [Class::TrueInAll, Class::TrueInSome, Class::FalseInAll, Class::Undefined];

/// Most different words of one kind that are counted; those first in the alphabet are kept, so that
/// the order of merging does not matter.
const MOST_WORDS: usize = 2000;

/// All that is kept of some rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    pub draws: u64,
    /// By position in [`super::row::STRENGTHS`].
    pub strengths: [u64; 5],
    pub open: Words,
    /// Why draws took the exact path, where draws are answered many at a time.
    #[serde(default)]
    pub exact: Words,
    pub patterns: Words,
    /// Draws by number of components.
    pub components: Tally<u64>,
    /// Complete draws in which everything observed is impossible.
    pub refuted: u64,
    pub weights: Weights,
    pub outcomes: Vec<Outcome>,
    pub claims: Vec<Claim>,
    pub asks: Vec<Ask>,
    pub hypotheses: Vec<Pool>,
}

/// How often words were seen, up to a bound on how many different ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Words {
    pub counts: std::collections::BTreeMap<String, u64>,
    /// Draws whose words were too many to keep.
    pub others: u64,
}

/// Sums of weights and of their squares.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    pub sum: ExactSum,
    pub squares: ExactSum,
}

/// The sum of one number over draws, and of its square.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Moments {
    pub sum: ExactSum,
    pub squares: ExactSum,
}

/// Low and high of a probability over draws in which it is known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ends {
    pub low: Moments,
    pub high: Moments,
}

/// An outcome's probability, by selection of equilibria.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub all: Ends,
    pub intuitive: Ends,
    pub not_refuted: Ends,
    pub uniform: Moments,
    pub logit: Moments,
}

/// A claim over draws.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Draws that its `where` leaves.
    pub used: u64,
    /// Per column of equilibria, draws by class.
    pub classes: [[u64; 4]; 3],
    /// Per column and class: the least and the greatest weight of the observations.
    pub weighted: [[(ExactSum, ExactSum); 4]; 3],
    pub weights: Weights,
}

/// An ask over draws.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    pub undefined: u64,
    pub low: Spread,
    pub high: Spread,
    pub sums: Ends,
    /// For a statement.
    pub classes: [u64; 4],
    pub pool: Pool,
}

impl State {
    /// Returns the state of no rows, for a model of so many outcomes, claims, asks and hypotheses.
    pub fn new(outcomes: usize, claims: usize, asks: usize, hypotheses: usize) -> State {
        State {
            outcomes: vec![Outcome::default(); outcomes],
            claims: vec![Claim::default(); claims],
            asks: vec![Ask::default(); asks],
            hypotheses: vec![Pool::default(); hypotheses],
            ..State::default()
        }
    }

    /// Adds a row.
    pub fn add(&mut self, row: &Row) {
        self.draws += 1;
        self.strengths[usize::from(row.strength).min(4)] += 1;
        if let Some(why) = &row.open {
            self.open.add(why, 1);
        }
        if let Some(why) = row.exact {
            self.exact.add(why, 1);
        }
        let weight = row.observed.iter().map(|o| o.1).fold(0.0, f64::max);
        if let Some(pattern) = &row.pattern {
            self.patterns.add(pattern, 1);
            self.components.add(row.equilibria[0]);
            self.refuted += u64::from(weight == 0.0);
        }
        self.weights.add(weight);
        for (kept, chances) in self.outcomes.iter_mut().zip(&row.outcomes) {
            kept.add(chances);
        }
        for (kept, drawn) in self.claims.iter_mut().zip(&row.claims) {
            if let Some(drawn) = drawn {
                kept.add(&drawn.classes, &row.observed);
            }
        }
        for (kept, drawn) in self.asks.iter_mut().zip(&row.asks) {
            kept.undefined += u64::from(drawn.undefined);
            if let Some((low, high)) = drawn.bounds {
                kept.low.add(low);
                kept.high.add(high);
                kept.sums.add(Some((low, high)));
            }
            if let Some(class) = drawn.class {
                kept.classes[place(class)] += 1;
            }
            kept.pool.add(&drawn.pairs);
        }
        for (kept, pairs) in self.hypotheses.iter_mut().zip(&row.hypotheses) {
            kept.add(pairs);
        }
    }

    /// Adds all that another state holds. Both must be of the same model.
    pub fn merge(&mut self, other: &State) {
        self.draws += other.draws;
        self.refuted += other.refuted;
        add_all(&mut self.strengths, &other.strengths);
        self.open.merge(&other.open);
        self.exact.merge(&other.exact);
        self.patterns.merge(&other.patterns);
        self.components.merge(&other.components);
        self.weights.merge(&other.weights);
        for (own, others) in self.outcomes.iter_mut().zip(&other.outcomes) {
            own.all.merge(&others.all);
            own.intuitive.merge(&others.intuitive);
            own.not_refuted.merge(&others.not_refuted);
            own.uniform.merge(&others.uniform);
            own.logit.merge(&others.logit);
        }
        for (own, others) in self.claims.iter_mut().zip(&other.claims) {
            own.merge(others);
        }
        for (own, others) in self.asks.iter_mut().zip(&other.asks) {
            own.undefined += others.undefined;
            own.low.merge(&others.low);
            own.high.merge(&others.high);
            own.sums.merge(&others.sums);
            add_all(&mut own.classes, &others.classes);
            own.pool.merge(&others.pool);
        }
        for (own, others) in self.hypotheses.iter_mut().zip(&other.hypotheses) {
            own.merge(others);
        }
    }

    /// Whether this is the state of a model of so many outcomes, claims, asks and hypotheses.
    pub fn fits(&self, other: &State) -> bool {
        let shape = |s: &State| (s.outcomes.len(), s.claims.len(), s.asks.len(), s.hypotheses.len());
        shape(self) == shape(other)
    }
}

/// A class's position in [`CLASSES`].
pub fn place(class: Class) -> usize {
    CLASSES.iter().position(|c| *c == class).unwrap_or(3)
}

fn add_all(own: &mut [u64], others: &[u64]) {
    own.iter_mut().zip(others).for_each(|(a, b)| *a += b);
}

impl Words {
    fn add(&mut self, word: &str, times: u64) {
        match self.counts.get_mut(word) {
            Some(count) => *count += times,
            None => {
                self.counts.insert(word.to_string(), times);
            }
        }
        if self.counts.len() > MOST_WORDS {
            self.others += self.counts.pop_last().map_or(0, |(_, count)| count);
        }
    }

    fn merge(&mut self, other: &Words) {
        other.counts.iter().for_each(|(word, count)| self.add(word, *count));
        self.others += other.others;
    }

    /// Words and counts, the most frequent first.
    pub fn ranked(&self) -> Vec<(String, u64)> {
        let mut list: Vec<(String, u64)> = self.counts.iter().map(|(w, c)| (w.clone(), *c)).collect();
        list.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        list
    }
}

impl Weights {
    fn add(&mut self, weight: f64) {
        self.sum.add(weight);
        self.squares.add(weight * weight);
    }

    fn merge(&mut self, other: &Weights) {
        self.sum.merge(&other.sum);
        self.squares.merge(&other.squares);
    }

    /// Kish's effective sample size.
    pub fn effective(&self) -> f64 {
        let (sum, squares) = (self.sum.value(), self.squares.value());
        if squares > 0.0 { sum * sum / squares } else { 0.0 }
    }
}

impl Moments {
    fn add(&mut self, x: f64) {
        self.sum.add(x);
        self.squares.add(x * x);
    }

    fn merge(&mut self, other: &Moments) {
        self.sum.merge(&other.sum);
        self.squares.merge(&other.squares);
    }

    /// How many numbers there are.
    pub fn count(&self) -> u64 {
        self.sum.count()
    }

    /// Their mean and the standard error of the mean, as if draws were independent.
    pub fn mean(&self) -> Option<(f64, f64)> {
        let mean = self.sum.mean()?;
        let n = self.count() as f64;
        let variance = (self.squares.value() / n - mean * mean).max(0.0);
        Some((mean, (variance / (n - 1.0).max(1.0)).sqrt()))
    }
}

impl Ends {
    fn add(&mut self, ends: Option<(f64, f64)>) {
        if let Some((low, high)) = ends {
            self.low.add(low);
            self.high.add(high);
        }
    }

    fn merge(&mut self, other: &Ends) {
        self.low.merge(&other.low);
        self.high.merge(&other.high);
    }
}

impl Outcome {
    fn add(&mut self, chances: &Chances) {
        self.all.add(chances.all);
        self.intuitive.add(chances.intuitive);
        self.not_refuted.add(chances.not_refuted);
        chances.uniform.iter().for_each(|p| self.uniform.add(*p));
        chances.logit.iter().for_each(|p| self.logit.add(*p));
    }
}

impl Claim {
    fn add(&mut self, classes: &[Class; 3], observed: &[Pair]) {
        self.used += 1;
        let ends = || observed.iter().flat_map(|(low, high)| [*low, *high]).filter(|w| *w > 0.0);
        let (least, most) = (ends().fold(f64::INFINITY, f64::min), ends().fold(0.0, f64::max));
        self.weights.add(most);
        for (column, class) in classes.iter().enumerate() {
            let k = place(*class);
            self.classes[column][k] += 1;
            // A draw in which the observations are impossible weighs nothing.
            if most > 0.0 {
                self.weighted[column][k].0.add(least);
                self.weighted[column][k].1.add(most);
            }
        }
    }

    fn merge(&mut self, other: &Claim) {
        self.used += other.used;
        self.weights.merge(&other.weights);
        for column in 0..COLUMNS.len() {
            add_all(&mut self.classes[column], &other.classes[column]);
            for class in 0..CLASSES.len() {
                self.weighted[column][class].0.merge(&other.weighted[column][class].0);
                self.weighted[column][class].1.merge(&other.weighted[column][class].1);
            }
        }
    }

    /// Lowest and highest weighted share of a class in a column, over the equilibria that draws may
    /// be in: a share is highest where its draws weigh most and all others least.
    pub fn share(&self, column: usize, class: Class) -> Option<(f64, f64)> {
        let of = &self.weighted[column];
        let total = |pick: fn(&(ExactSum, ExactSum)) -> &ExactSum| -> f64 {
            let rest = (0..CLASSES.len()).filter(|k| *k != place(class));
            let mut sum = ExactSum::new();
            rest.for_each(|k| sum.merge(pick(&of[k])));
            sum.value()
        };
        let own = &of[place(class)];
        let (least, most) = (own.0.value(), own.1.value());
        let (others_least, others_most) = (total(|w| &w.0), total(|w| &w.1));
        (most + others_most > 0.0).then(|| {
            let part = |a: f64, b: f64| if a + b > 0.0 { a / (a + b) } else { 0.0 };
            (part(least, others_most), part(most, others_least))
        })
    }
}
