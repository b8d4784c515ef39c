//! Who counts in a vote: Shapley–Shubik and Banzhaf power.
//!
//! The one idea: an actor has power where its voice turns a losing coalition into a winning one. With
//! whole-number weights such coalitions are counted, not sampled: all counts are exact, and each index is
//! rounded once per coalition size.
//! Sources: Shapley, L. and Shubik, M. "A method for evaluating the distribution of power in a committee
//! system", American Political Science Review 48 (1954); Banzhaf, J. "Weighted voting doesn't work",
//! Rutgers Law Review 19 (1965); the counting follows Mann, I. and Shapley, L. "Values of large games VI"
//! (1962).

use thiserror::Error;

/// More actors than this have coalitions that no 64-bit number counts.
pub const MOST_ACTORS: usize = 60;
/// The most entries of a counting table; more would take seconds and gigabytes.
const MOST_ENTRIES: u64 = 10_000_000;

/// Why power cannot be counted.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum PowerError {
    #[error("there are {found} actors; power is counted for 1 to {MOST_ACTORS}")]
    Actors { found: usize },
    #[error(
        "the quota is {quota} of {total}; it must be at least 1 and at most the total, or nobody decides"
    )]
    Quota { quota: u64, total: u64 },
    #[error("the weights sum to {total}; round them to fewer digits, so that they sum to {most} at most")]
    TooFine { total: u64, most: u64 },
    #[error("weight number {index}, counted from 0, is {value}; it must be a number, 0 or above")]
    Weight { index: usize, value: f64 },
}

/// Voters with whole-number weights and the weight that carries a motion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voting {
    weights: Vec<u64>,
    quota: u64,
}

/// The power of every actor.
#[derive(Clone, Debug, PartialEq)]
pub struct Power {
    /// The share of orders of joining in which the actor turns the vote; sums to 1.
    pub shapley_shubik: Vec<f64>,
    /// The share of coalitions of the others that the actor's voice turns.
    pub banzhaf: Vec<f64>,
    /// The Banzhaf numbers scaled to sum to 1.
    pub banzhaf_share: Vec<f64>,
    /// How many coalitions of the others the actor turns: exact.
    pub swings: Vec<u64>,
    /// The quota that all of this is for.
    pub quota: u64,
    /// The sum of all weights.
    pub total: u64,
}

/// Returns numbers as whole weights with that many decimals, rounded half up: 102.543 with 3 is 102543.
///
/// # Errors
/// [`PowerError::Weight`] for a negative or unreal number or one that is too large.
pub fn whole_weights(numbers: &[f64], decimals: u32) -> Result<Vec<u64>, PowerError> {
    let unit = (0..decimals.min(15)).fold(1.0, |unit, _| unit * 10.0);
    let whole = |(index, &value): (usize, &f64)| {
        let scaled = value * unit;
        let sound = value >= 0.0 && scaled < 9e15;
        if sound { Ok((scaled + 0.5).floor() as u64) } else { Err(PowerError::Weight { index, value }) }
    };
    numbers.iter().enumerate().map(whole).collect()
}

/// Returns the quota of a simple majority: more than half of the weight.
pub fn majority(weights: &[u64]) -> u64 {
    weights.iter().fold(0u64, |sum, w| sum.saturating_add(*w)) / 2 + 1
}

impl Voting {
    /// Checks weights and quota.
    ///
    /// # Errors
    /// [`PowerError`] for too many actors, a quota that nobody or everybody meets, weights too fine.
    pub fn new(weights: Vec<u64>, quota: u64) -> Result<Voting, PowerError> {
        let found = weights.len();
        if found == 0 || found > MOST_ACTORS {
            return Err(PowerError::Actors { found });
        }
        let total = weights.iter().fold(0u64, |sum, w| sum.saturating_add(*w));
        if quota == 0 || quota > total {
            return Err(PowerError::Quota { quota, total });
        }
        let most = MOST_ENTRIES / found as u64;
        if quota > most {
            return Err(PowerError::TooFine { total, most });
        }
        Ok(Voting { weights, quota })
    }

    /// Returns the total weight.
    pub fn total(&self) -> u64 {
        self.weights.iter().sum()
    }

    /// Returns the weight that carries a motion.
    pub fn quota(&self) -> u64 {
        self.quota
    }

    /// Returns the weight of every actor.
    pub fn weights(&self) -> &[u64] {
        &self.weights
    }

    /// Counts the power of every actor.
    ///
    /// Time grows with actors squared times the quota: 50 actors and a quota of 1,000 take milliseconds.
    pub fn power(&self) -> Power {
        let (n, q) = (self.weights.len(), self.quota as usize);
        let counts = self.counts();
        let choose = binomials(n - 1);
        let mut power = Power {
            shapley_shubik: Vec::with_capacity(n),
            banzhaf: Vec::with_capacity(n),
            banzhaf_share: Vec::new(),
            swings: Vec::with_capacity(n),
            quota: self.quota,
            total: self.total(),
        };
        let half = (0..n - 1).fold(1.0, |share: f64, _| share / 2.0);
        let mut without = vec![0u64; q];
        for &weight in &self.weights {
            let (mut swings, mut shapley) = (0u64, 0.0);
            let w = (weight.min(self.quota)) as usize;
            without.fill(0);
            for size in 0..n {
                // Coalitions of this size without the actor: all, less those of one fewer with it added.
                let row = &counts[size * q..(size + 1) * q];
                let mut next = row.to_vec();
                if size > 0 {
                    for sum in w..q {
                        next[sum] -= without[sum - w];
                    }
                }
                let turned: u64 = next[q - w..].iter().sum();
                swings += turned;
                shapley += turned as f64 / choose[size] as f64;
                without = next;
            }
            power.swings.push(swings);
            power.shapley_shubik.push(shapley / n as f64);
            power.banzhaf.push(swings as f64 * half);
        }
        let all: f64 = power.swings.iter().map(|s| *s as f64).sum();
        power.banzhaf_share = power.swings.iter().map(|s| *s as f64 / all).collect();
        power
    }

    /// Returns the vote in which some actors are one voter, which comes first; the others follow in their order.
    pub fn joined(&self, members: &[usize]) -> Voting {
        let own = members.iter().filter_map(|i| self.weights.get(*i)).sum();
        let others = self.weights.iter().enumerate().filter(|(i, _)| !members.contains(i)).map(|(_, w)| *w);
        Voting { weights: std::iter::once(own).chain(others).collect(), quota: self.quota }
    }

    /// Counts coalitions by size and weight below the quota: `[size * quota + weight]`.
    fn counts(&self) -> Vec<u64> {
        let (n, q) = (self.weights.len(), self.quota as usize);
        let mut counts = vec![0u64; (n + 1) * q];
        counts[0] = 1;
        for (joined, &weight) in self.weights.iter().enumerate() {
            if weight >= self.quota {
                continue;
            }
            let w = weight as usize;
            for size in (0..=joined).rev() {
                let (low, high) = counts.split_at_mut((size + 1) * q);
                let from = &low[size * q..];
                for sum in w..q {
                    high[sum] += from[sum - w];
                }
            }
        }
        counts
    }
}

/// Returns the binomial coefficients of `n`; exact for all sizes that [`MOST_ACTORS`] allows.
fn binomials(n: usize) -> Vec<u64> {
    let mut row = vec![1u64];
    for _ in 0..n {
        let mut next = vec![1u64; row.len() + 1];
        for k in 1..row.len() {
            next[k] = row[k - 1] + row[k];
        }
        row = next;
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts by going through all coalitions and all orders' positions.
    fn by_hand(weights: &[u64], quota: u64) -> (Vec<u64>, Vec<f64>) {
        let n = weights.len();
        let (mut swings, mut shapley) = (vec![0; n], vec![0.0; n]);
        let choose = binomials(n - 1);
        for set in 0..1u32 << n {
            let sum: u64 = (0..n).filter(|i| set >> i & 1 == 1).map(|i| weights[i]).sum();
            for i in (0..n).filter(|i| set >> i & 1 == 0) {
                if sum < quota && sum + weights[i] >= quota {
                    swings[i] += 1;
                    shapley[i] += 1.0 / (n as f64 * choose[set.count_ones() as usize] as f64);
                }
            }
        }
        (swings, shapley)
    }

    #[test]
    fn counting_equals_going_through_all_coalitions() {
        let cases: [(&[u64], u64); 6] = [
            (&[50, 49, 1], 51),
            (&[4, 3, 2, 1], 6),
            (&[10, 1, 1, 1, 1], 10),
            (&[4, 4, 4, 2, 2, 1], 12),
            (&[7, 0, 5, 5, 3, 3, 3, 1, 1, 9], 20),
            (&[5], 5),
        ];
        for (weights, quota) in cases {
            let power = Voting::new(weights.to_vec(), quota).expect("sound").power();
            let (swings, shapley) = by_hand(weights, quota);
            assert_eq!(power.swings, swings, "{weights:?}");
            for (x, y) in power.shapley_shubik.iter().zip(&shapley) {
                assert!((x - y).abs() < 1e-14, "{weights:?}");
            }
            assert!((power.shapley_shubik.iter().sum::<f64>() - 1.0).abs() < 1e-14);
            assert!((power.banzhaf_share.iter().sum::<f64>() - 1.0).abs() < 1e-14);
        }
    }

    /// The first European Council of Ministers, 1958: France, Germany, Italy 4, Belgium, Netherlands 2,
    /// Luxembourg 1, quota 12. Luxembourg never counts: a textbook case of power unlike weight.
    #[test]
    fn luxembourg_had_no_power_in_1958() {
        let power = Voting::new(vec![4, 4, 4, 2, 2, 1], 12).expect("sound").power();
        assert_eq!(power.swings[5], 0);
        assert!((power.banzhaf_share[0] - 5.0 / 21.0).abs() < 1e-15);
        assert!((power.banzhaf_share[3] - 3.0 / 21.0).abs() < 1e-15);
        assert!((power.shapley_shubik[0] - 14.0 / 60.0).abs() < 1e-15);
        assert!((power.shapley_shubik[3] - 9.0 / 60.0).abs() < 1e-15);
    }

    /// Of 4, 3, 2, 1 with 6 needed, the last two as one voter weigh 3 beside 4 and 3: every pair wins.
    #[test]
    fn who_votes_as_one_is_counted_as_one() {
        let voting = Voting::new(vec![4, 3, 2, 1], 6).expect("sound");
        let joined = voting.joined(&[3, 2]);
        assert_eq!(joined.weights(), [3, 4, 3]);
        assert!(joined.power().shapley_shubik.iter().all(|p| (p - 1.0 / 3.0).abs() < 1e-15));
    }

    #[test]
    fn fifty_actors_are_counted() {
        let weights: Vec<u64> = (1..=50).collect();
        let power = Voting::new(weights.clone(), majority(&weights)).expect("sound").power();
        assert!((power.shapley_shubik.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(power.shapley_shubik.windows(2).all(|pair| pair[0] <= pair[1]));
        let even = Voting::new(vec![1; 50], 26).expect("sound").power();
        assert!(even.shapley_shubik.iter().all(|p| (p - 0.02).abs() < 1e-15));
        // 49 choose 25 coalitions of the others lack one voice.
        assert_eq!(even.swings[7], 63_205_303_218_876);
    }

    #[test]
    fn faults_are_named() {
        assert_eq!(Voting::new(vec![], 1), Err(PowerError::Actors { found: 0 }));
        assert_eq!(Voting::new(vec![1, 2], 4), Err(PowerError::Quota { quota: 4, total: 3 }));
        assert!(matches!(Voting::new(vec![1 << 40; 3], 1 << 41), Err(PowerError::TooFine { .. })));
        assert_eq!(whole_weights(&[102.543, 0.0], 3), Ok(vec![102_543, 0]));
        assert!(matches!(whole_weights(&[1.0, f64::NAN], 3), Err(PowerError::Weight { index: 1, .. })));
    }
}
