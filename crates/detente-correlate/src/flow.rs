//! What somebody plans who speaks at many places: a flow over sequences.
//!
//! The one idea: a plan's probability comes in at sequence 0 and divides at every fork, so the best plan for a
//! linear number is found by one walk from the last forks to the first (von Stengel, "Efficient computation of
//! behavior strategies", 1996). A device is the case of one fork, whose sequences are the combinations of plans.

use detente_exact::{Q, Scalar};

/// The forks, each after those that it depends on: the sequence before, the first one after, how many.
#[derive(Clone, Debug)]
pub(crate) struct Flow {
    pub forks: Vec<(usize, usize, usize)>,
    pub sequences: usize,
}

/// Shares are rounded to this part of one.
const PARTS: f64 = (1u64 << 40) as f64;
/// What floats call less than this is nothing.
const NOTHING: f64 = 1e-11;

impl Flow {
    /// The most that a number, given per sequence, can come to.
    pub fn most<S: Scalar + PartialOrd>(&self, number: &[S]) -> S {
        let mut best = number.to_vec();
        for (before, first, count) in self.forks.iter().rev() {
            let top = (*first..first + count).reduce(|a, b| if best[b] > best[a] { b } else { a });
            if let Some(top) = top {
                let value = best[top].clone();
                best[*before] = best[*before].add(&value);
            }
        }
        best[0].clone()
    }

    /// A plan in short fractions near one in floats. `None` where these are no numbers.
    pub fn rounded(&self, plan: &[f64]) -> Option<Vec<Q>> {
        let mut x = vec![Q::ZERO; self.sequences];
        x[0] = Q::ONE;
        for (before, first, count) in &self.forks {
            if x[*before].is_zero() {
                continue;
            }
            for (at, share) in shares(&plan[*first..first + count])?.into_iter().enumerate() {
                x[first + at] = &x[*before] * &share;
            }
        }
        Some(x)
    }
}

/// Shares of one, in proportion. The largest takes what rounding leaves.
fn shares(weights: &[f64]) -> Option<Vec<Q>> {
    let kept = |weight: &f64| if *weight > NOTHING { *weight } else { 0.0 };
    let total: f64 = weights.iter().map(kept).sum();
    let largest = (0..weights.len()).max_by(|a, b| weights[*a].total_cmp(&weights[*b]))?;
    let whole = |weight: f64| Q::from_f64(libm::floor(weight * PARTS) / PARTS);
    let mut shares = Vec::with_capacity(weights.len());
    for weight in weights {
        // Where the plan as good as never comes, anything goes: the likeliest alone.
        let share = if total > 0.0 { kept(weight) / total } else { 0.0 };
        shares.push(whole(share)?);
    }
    let given: Q = shares.iter().cloned().sum();
    shares[largest] += &(Q::ONE - given);
    (!shares[largest].is_negative()).then_some(shares)
}
