//! One round on one issue: odds, attitudes to risk, and the offer that each actor takes.
//!
//! The one idea: actors who stand at one place are one rival to everybody else but for their weight and
//! salience. So distances and their powers are taken once for each pair of an actor and a held place;
//! powers are what a round costs, and tables gather on few places soon.
//! Sources: see `options.rs`.

use super::model::{Kind, Shift};
use super::options::*;
use crate::baseline::weighted_median;

/// A number from 0 to 1 whose powers are asked for many times. A power is taken as exp(r ln x), with the
/// logarithm kept: twice as quick as one function for both, and as exact to the last digit or two.
#[derive(Clone, Copy)]
struct Share {
    plain: f64,
    logarithm: f64,
}

/// The logarithm of one half.
const LN_HALF: f64 = -std::f64::consts::LN_2;

impl Share {
    fn new(plain: f64) -> Share {
        let plain = plain.max(0.0);
        Share { plain, logarithm: if plain > 0.0 { libm::log(plain) } else { 0.0 } }
    }

    /// Returns the share to the power of a risk exponent.
    fn bent(self, exponent: f64) -> f64 {
        if exponent == 1.0 || self.plain <= 0.0 { self.plain } else { libm::exp(exponent * self.logarithm) }
    }

    /// Returns what the share of the range is worth to a risk exponent.
    fn value(self, exponent: f64) -> f64 {
        2.0 - 4.0 * self.bent(exponent)
    }
}

/// What the status quo, one half, is worth to a risk exponent.
fn status_quo(exponent: f64) -> f64 {
    Share { plain: 0.5, logarithm: LN_HALF }.value(exponent)
}

/// What a contest between two places is worth to one risk exponent.
#[derive(Clone, Copy)]
struct Worth {
    success: f64,
    failure: f64,
    status_quo: f64,
}

/// What an actor sees when it looks at a place.
#[derive(Clone, Copy)]
struct Sight {
    worth: Worth,
    /// What happens if it does not challenge the place.
    unchallenged: f64,
    /// What an actor from that place gains by challenging it, if both have its exponent.
    rival_gain: f64,
}

/// What one round reads.
pub(super) struct Dispute<'a> {
    x: &'a [f64],
    salience: &'a [f64],
    weights: &'a [f64],
    options: &'a UtilityOptions,
    /// The different places that are held.
    places: Vec<f64>,
    /// The place of each actor.
    held: Vec<usize>,
    /// `[place * places + place]`, in parts of the range.
    distance: Vec<f64>,
    /// The shares behind success and failure, laid out likewise.
    success: Vec<Share>,
    failure: Vec<Share>,
    /// From each place to the median, in parts of the range.
    to_median: Vec<f64>,
    /// What may happen where one place leaves another alone, laid out likewise; empty if the status quo holds
    /// for sure.
    left_alone: Vec<Prospects>,
}

/// What may happen without a challenge: how likely it is better, and the shares behind better and worse.
#[derive(Clone, Copy)]
struct Prospects {
    better_share: f64,
    better: Share,
    worse: Share,
}

impl<'a> Dispute<'a> {
    /// `width` is the range that distances are measured against.
    pub fn new(
        x: &'a [f64],
        salience: &'a [f64],
        weights: &'a [f64],
        width: f64,
        options: &'a UtilityOptions,
    ) -> Dispute<'a> {
        let mut places: Vec<f64> = Vec::with_capacity(x.len());
        let mut held = Vec::with_capacity(x.len());
        for own in x {
            let known = places.iter().position(|place| place == own);
            held.push(known.unwrap_or(places.len()));
            if known.is_none() {
                places.push(*own);
            }
        }
        let mut distance = Vec::with_capacity(places.len() * places.len());
        for from in &places {
            distance.extend(places.iter().map(|to| (from - to).abs() / width));
        }
        // Both directions are the same distance, so half of the logarithms are copies.
        let m = places.len();
        let (mut success, mut failure) = (Vec::with_capacity(m * m), Vec::with_capacity(m * m));
        for a in 0..m {
            for b in 0..m {
                let half = 0.5 * distance[a * m + b];
                let (near, far) = match b < a {
                    true => (success[b * m + a], failure[b * m + a]),
                    false => (Share::new(0.5 - half), Share::new(0.5 + half)),
                };
                success.push(near);
                failure.push(far);
            }
        }
        let median = weighted_median(x, weights).0;
        let to_median: Vec<f64> = places.iter().map(|place| (place - median).abs() / width).collect();
        let mut dispute = Dispute {
            x,
            salience,
            weights,
            options,
            places,
            held,
            distance,
            success,
            failure,
            to_median,
            left_alone: Vec::new(),
        };
        if options.status_quo_holds < 1.0 {
            let pairs = (0..m).flat_map(|from| (0..m).map(move |to| (from, to)));
            dispute.left_alone = pairs.map(|(from, to)| dispute.prospects(from, to)).collect();
        }
        dispute
    }

    /// Returns the risk exponents of the round, and who moves where.
    pub fn play(&self) -> (Vec<f64>, Vec<Shift>) {
        let neutral = vec![1.0; self.x.len()];
        let mut odds = self.odds(&neutral);
        let exponent = match self.options.security {
            Security::Neutral => neutral,
            Security::AcrossActors => self.exponents(&odds),
        };
        if self.options.vote_risk == VoteRisk::Voter {
            odds = self.odds(&exponent);
        }
        let mut sights = Vec::with_capacity(self.places.len());
        let shifts =
            (0..self.x.len()).filter_map(|i| self.best_offer(i, &odds, &exponent, &mut sights)).collect();
        (exponent, shifts)
    }

    /// Returns P at `[a * places + b]`: the probability that place `a` beats place `b`; 0 on the diagonal.
    fn odds(&self, exponent: &[f64]) -> Vec<f64> {
        let (n, m) = (self.x.len(), self.places.len());
        // How far each place is from each voter, bent by its exponent: `[place * n + voter]`.
        let mut far = Vec::with_capacity(m * n);
        let straight = exponent.iter().all(|r| *r == 1.0);
        for row in self.distance.chunks(m) {
            match straight {
                true => far.extend(self.held.iter().map(|own| row[*own])),
                false => {
                    let shares: Vec<Share> = row.iter().map(|d| Share::new(*d)).collect();
                    far.extend(self.held.iter().zip(exponent).map(|(own, r)| shares[*own].bent(*r)));
                }
            }
        }
        let mut pro = vec![0.0; m * m];
        for a in 0..m {
            for b in 0..a {
                let (near, distant) = (&far[a * n..(a + 1) * n], &far[b * n..(b + 1) * n]);
                let (mut above, mut below) = (0.0, 0.0);
                for ((near, distant), w) in near.iter().zip(distant).zip(self.weights) {
                    let v = w * (distant - near);
                    above += v.max(0.0);
                    below += (-v).max(0.0);
                }
                (pro[a * m + b], pro[b * m + a]) = (above, below);
            }
        }
        let votes = |a: usize, b: usize| pro[a * m + b] + pro[b * m + a];
        let every = match self.options.denominator {
            Denominator::Pair => 0.0,
            // Over pairs of actors, not of places.
            Denominator::AllPairs => {
                self.held.iter().flat_map(|a| self.held.iter().map(|b| votes(*a, *b))).sum()
            }
        };
        let mut odds = vec![0.0; m * m];
        for a in 0..m {
            for b in (0..m).filter(|b| *b != a) {
                let below = match self.options.denominator {
                    Denominator::Pair => votes(a, b),
                    Denominator::AllPairs => every,
                };
                let above = match self.options.numerator {
                    Numerator::VotesFor => pro[a * m + b],
                    Numerator::NetVotes => (pro[a * m + b] - pro[b * m + a]).max(0.0),
                };
                if below > 0.0 {
                    odds[a * m + b] = above / below;
                }
            }
        }
        odds
    }

    /// Returns the risk exponents: who has little to fear from challenges is daring.
    fn exponents(&self, odds: &[f64]) -> Vec<f64> {
        let m = self.places.len();
        let mut by_place = Vec::with_capacity(m);
        let mut danger = Vec::with_capacity(self.x.len());
        for (i, own) in self.held.iter().enumerate() {
            by_place.clear();
            by_place.extend((0..m).map(|from| {
                let worth = self.worth(from, *own, 1.0, status_quo(1.0));
                let unchallenged = self.unchallenged(from, *own, 1.0);
                self.gain(odds[from * m + own], self.salience[i], worth, unchallenged)
            }));
            let others = self.held.iter().enumerate().filter(|(j, _)| *j != i);
            danger.push(others.map(|(_, from)| by_place[*from]).sum::<f64>());
        }
        let most = danger.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let least = danger.iter().copied().fold(f64::INFINITY, f64::min);
        let width = most - least;
        if width.is_nan() || width <= 1e-12 {
            return vec![1.0; danger.len()];
        }
        let exponent = |sum: &f64| {
            let attitude = (2.0 * sum - most - least) / width;
            (1.0 - attitude / 3.0) / (1.0 + attitude / 3.0)
        };
        danger.iter().map(exponent).collect()
    }

    /// Returns what success, failure and the status quo are worth between two places, to an exponent `r`.
    fn worth(&self, a: usize, b: usize, r: f64, status_quo: f64) -> Worth {
        let at = a * self.places.len() + b;
        Worth { success: self.success[at].value(r), failure: self.failure[at].value(r), status_quo }
    }

    fn prospects(&self, from: usize, to: usize) -> Prospects {
        let (distance, to_median) = (self.distance[from * self.places.len() + to], self.to_median[from]);
        let better_share = match self.options.trend {
            Trend::NearerMedian => f64::from(u8::from(to_median < distance)),
            Trend::Even => 0.5,
            Trend::Worse => 0.0,
        };
        let step = 0.25 * (to_median + distance);
        // A share that counts for nothing needs no logarithm.
        let share = |counts: bool, share: f64| if counts { Share::new(share) } else { Share::new(0.0) };
        Prospects {
            better_share,
            better: share(better_share > 0.0, 0.5 - step),
            worse: share(better_share < 1.0, 0.5 + step),
        }
    }

    /// Returns what an exponent `r` expects where `from` leaves `to` alone and the status quo does not hold.
    fn unchallenged(&self, from: usize, to: usize, r: f64) -> f64 {
        let Some(found) = self.left_alone.get(from * self.places.len() + to) else { return 0.0 };
        let mut expected = 0.0;
        if found.better_share > 0.0 {
            expected += found.better_share * found.better.value(r);
        }
        if found.better_share < 1.0 {
            expected += (1.0 - found.better_share) * found.worse.value(r);
        }
        expected
    }

    /// Returns E: what a challenger gains who prevails with those odds over somebody of that salience.
    fn gain(&self, odds: f64, salience: f64, worth: Worth, unchallenged: f64) -> f64 {
        let q = self.options.status_quo_holds;
        let contest = odds * worth.success + (1.0 - odds) * worth.failure;
        let challenge = salience * contest + (1.0 - salience) * worth.success;
        challenge - q * worth.status_quo - (1.0 - q) * unchallenged
    }

    /// Returns what actor `i` sees at a place other than its own.
    fn sight(&self, i: usize, there: usize, odds: &[f64], r: f64, status_quo: f64) -> Sight {
        let (m, own) = (self.places.len(), self.held[i]);
        let worth = self.worth(own, there, r, status_quo);
        let threat = match self.options.gain_risk {
            GainRisk::Viewer => self.unchallenged(there, own, r),
            // Asked of each rival instead.
            GainRisk::Gainer => 0.0,
        };
        Sight {
            worth,
            unchallenged: self.unchallenged(own, there, r),
            rival_gain: self.gain(odds[there * m + own], self.salience[i], worth, threat),
        }
    }

    /// Returns the offer that actor `i` takes, if it takes any; `sights` is overwritten.
    fn best_offer(
        &self,
        i: usize,
        odds: &[f64],
        exponent: &[f64],
        sights: &mut Vec<Option<Sight>>,
    ) -> Option<Shift> {
        let (m, own, r) = (self.places.len(), self.held[i], exponent[i]);
        let stays = status_quo(r);
        let look = |there| (there != own).then(|| self.sight(i, there, odds, r, stays));
        sights.clear();
        sights.extend((0..m).map(look));
        let mut best: Option<(Shift, f64)> = None;
        for (j, there) in self.held.iter().enumerate() {
            let Some(sight) = &sights[*there] else { continue };
            let own_gain =
                self.gain(odds[own * m + there], self.salience[j], sight.worth, sight.unchallenged);
            let rival_gain = match self.options.gain_risk {
                GainRisk::Viewer => sight.rival_gain,
                GainRisk::Gainer => {
                    let worth = self.worth(own, *there, exponent[j], status_quo(exponent[j]));
                    let threat = self.unchallenged(*there, own, exponent[j]);
                    self.gain(odds[there * m + own], self.salience[i], worth, threat)
                }
            };
            let Some((kind, to)) = self.offer(i, j, own_gain, rival_gain) else { continue };
            let shift = Shift { actor: i, rival: j, kind, own_gain, rival_gain, from: self.x[i], to };
            let rank = self.rank(&shift);
            let wins = best.as_ref().is_none_or(|(old, old_rank)| self.before(&shift, rank, old, *old_rank));
            if wins {
                best = Some((shift, rank));
            }
        }
        best.map(|(shift, _)| shift)
    }

    fn offer(&self, i: usize, j: usize, own: f64, rival: f64) -> Option<(Kind, f64)> {
        if rival > own && own > 0.0 {
            Some((Kind::Confrontation, self.x[j]))
        } else if rival > 0.0 && own < 0.0 && rival > own.abs() {
            Some((Kind::Compromise, self.x[i] + (self.x[j] - self.x[i]) * (own / rival).abs()))
        } else if rival > 0.0 && own < 0.0 && self.options.compelled == Compelled::Yields {
            Some((Kind::Compelled, self.x[j]))
        } else {
            None
        }
    }

    /// Smaller is taken first, among offers of one kind.
    fn rank(&self, shift: &Shift) -> f64 {
        if shift.kind == Kind::Compromise && self.options.compromise == Compromise::LowestMean {
            let (own, rival) = (shift.own_gain.abs(), shift.rival_gain.abs());
            return (own * self.x[shift.actor] + rival * self.x[shift.rival]) / (own + rival);
        }
        (shift.to - shift.from).abs()
    }

    fn before(&self, new: &Shift, rank: f64, old: &Shift, old_rank: f64) -> bool {
        if self.options.priority == Priority::ByKind && new.kind != old.kind {
            return new.kind < old.kind;
        }
        let heavier = self.weights[new.rival] > self.weights[old.rival];
        rank < old_rank || (rank == old_rank && self.options.tie == Tie::Weightier && heavier)
    }
}
