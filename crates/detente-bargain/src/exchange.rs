//! Trading positions: an actor gives way where it cares less and is helped where it cares more.
//!
//! The one idea: two actors on opposite sides of the expected outcome on two issues can both gain if each
//! moves towards the other on the issue that matters relatively less to it. Outcomes are weighted means;
//! an exchange shifts both outcomes, and it is struck where both gain the same.
//! Source: Stokman, F. and van Oosten, R. "The exchange of positions: an object-oriented model of policy
//! networks", in Bueno de Mesquita and Stokman (eds.), European Community Decision Making (1994).

use crate::baseline::{issue_weights, weighted_mean};
use crate::council::Council;

/// Relative room for rounding when sides and gains are compared.
const ROOM: f64 = 1e-12;
/// Places nearer than this, in parts of a scale, are one.
const SAME_PLACE: f64 = 1e-9;

/// Choices of the exchange model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExchangeOptions {
    /// The most rounds. Within a round an actor trades each issue once; 1 in the source's model.
    pub rounds: usize,
    /// An exchange must bring each side more than this, in salience (0 to 1) times parts of a scale.
    pub least_gain: f64,
}

impl Default for ExchangeOptions {
    fn default() -> ExchangeOptions {
        ExchangeOptions { rounds: 1, least_gain: 1e-9 }
    }
}

/// One side of an exchange: who moves on which issue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    pub actor: usize,
    pub issue: usize,
    /// Positions before and after, in the issue's unit.
    pub from: f64,
    pub to: f64,
}

/// An exchange that took place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exchange {
    /// Counted from 0.
    pub round: usize,
    pub first: Step,
    pub second: Step,
    /// What each of the two gains, in salience times parts of a scale.
    pub gain: f64,
}

/// What an exchange run hands back.
#[derive(Clone, Debug, PartialEq)]
pub struct ExchangeRun {
    /// In the order in which they were struck, the most gainful first within a round.
    pub exchanges: Vec<Exchange>,
    /// `[actor][issue]` after all exchanges, in the issues' units.
    pub positions: Vec<Vec<f64>>,
    /// The weighted means after all exchanges, in the issues' units.
    pub outcome: Vec<f64>,
    /// `[actor]`: what all exchanges together, its own and those of others, changed for it.
    pub utility_change: Vec<f64>,
}

/// The table on the unit scale, `[actor][issue]`.
struct Market {
    place: Vec<Vec<f64>>,
    ideal: Vec<Vec<f64>>,
    salience: Vec<Vec<f64>>,
    /// What moving by the whole scale does to the outcome.
    pull: Vec<Vec<f64>>,
    outcome: Vec<f64>,
    weights: Vec<Vec<f64>>,
}

/// Strikes exchanges until none gains.
pub fn run(council: &Council, options: &ExchangeOptions) -> ExchangeRun {
    let mut market = Market::of(council);
    let before = market.utilities();
    let (actors, issues) = (council.actors().len(), council.issues().len());
    let mut exchanges = Vec::new();
    for round in 0..options.rounds {
        let mut open = vec![vec![true; issues]; actors];
        let mut struck = false;
        while let Some(deal) = market.best(&open, options.least_gain) {
            exchanges.push(market.strike(council, &deal, round));
            open[deal.giver][deal.given] = false;
            open[deal.taker][deal.taken] = false;
            struck = true;
        }
        if !struck {
            break;
        }
    }
    let after = market.utilities();
    let in_units = |row: &Vec<f64>| (0..issues).map(|k| council.from_unit(k, row[k])).collect();
    ExchangeRun {
        exchanges,
        positions: market.place.iter().map(in_units).collect(),
        outcome: in_units(&market.outcome),
        utility_change: after.iter().zip(&before).map(|(new, old)| new - old).collect(),
    }
}

/// A possible exchange: `giver` moves on `given`, `taker` on `taken`, by these parts of the scale.
#[derive(Clone, Copy)]
struct Deal {
    giver: usize,
    given: usize,
    giver_step: f64,
    taker: usize,
    taken: usize,
    taker_step: f64,
    gain: f64,
}

impl Market {
    fn of(council: &Council) -> Market {
        let (actors, issues) = (council.actors().len(), council.issues().len());
        let table = |f: &dyn Fn(usize, usize) -> f64| -> Vec<Vec<f64>> {
            (0..actors).map(|i| (0..issues).map(|k| f(i, k)).collect()).collect()
        };
        let place = table(&|i, k| council.to_unit(k, council.position(i, k)));
        let weights: Vec<Vec<f64>> = (0..issues).map(|k| issue_weights(council, k)).collect();
        let total: Vec<f64> = weights.iter().map(|row| row.iter().sum()).collect();
        let pull = table(&|i, k| weights[k][i] / total[k]);
        let mut market = Market {
            ideal: place.clone(),
            place,
            salience: table(&|i, k| council.salience(i, k)),
            pull,
            outcome: Vec::new(),
            weights,
        };
        market.outcome = (0..issues).map(|k| market.mean(k)).collect();
        market
    }

    fn mean(&self, issue: usize) -> f64 {
        let places: Vec<f64> = self.place.iter().map(|row| row[issue]).collect();
        weighted_mean(&places, &self.weights[issue])
    }

    /// Returns what the outcomes are worth to each actor: salience times distance, negative.
    fn utilities(&self) -> Vec<f64> {
        let worth = |(ideal, salience): (&Vec<f64>, &Vec<f64>)| -> f64 {
            ideal.iter().zip(salience).zip(&self.outcome).map(|((y, s), o)| -s * (y - o).abs()).sum()
        };
        self.ideal.iter().zip(&self.salience).map(worth).collect()
    }

    /// Returns the most gainful exchange among open positions; the first of several equal ones.
    fn best(&self, open: &[Vec<bool>], least: f64) -> Option<Deal> {
        let (actors, issues) = (self.place.len(), self.outcome.len());
        let sides: Vec<f64> = (0..actors)
            .flat_map(|i| (0..issues).map(move |k| (i, k)))
            .map(|(i, k)| self.side(i, k))
            .collect();
        let mut best: Option<Deal> = None;
        let mut opposed = Vec::with_capacity(issues);
        for giver in 0..actors {
            // The same exchange seen from the other side needs no second look.
            for taker in giver + 1..actors {
                opposed.clear();
                opposed.extend(
                    (0..issues).filter(|k| sides[giver * issues + k] * sides[taker * issues + k] < 0.0),
                );
                for given in opposed.iter().copied().filter(|&k| open[giver][k]) {
                    for taken in opposed.iter().copied().filter(|&k| k != given && open[taker][k]) {
                        let Some(deal) = self.deal(giver, given, taker, taken) else { continue };
                        let floor = best.map_or(least, |old| old.gain * (1.0 + ROOM));
                        if deal.gain > floor {
                            best = Some(deal);
                        }
                    }
                }
            }
        }
        best
    }

    /// Returns on which side of the outcome an actor stands: -1, 1, or 0 if its ideal is the outcome.
    ///
    /// Sides are those of the ideals: who has traded a position away still wants what it wanted.
    fn side(&self, i: usize, k: usize) -> f64 {
        let lack = self.ideal[i][k] - self.outcome[k];
        if lack.abs() > SAME_PLACE { lack.signum() } else { 0.0 }
    }

    /// Returns the exchange at equal gain, of two who are opposed on both issues: both steps as long as
    /// positions and outcomes allow.
    fn deal(&self, giver: usize, given: usize, taker: usize, taken: usize) -> Option<Deal> {
        let s = |i: usize, k: usize| self.salience[i][k];
        // The giver must care relatively less about what it gives.
        if s(giver, given) * s(taker, taken) >= s(giver, taken) * s(taker, given) * (1.0 - ROOM) {
            return None;
        }
        // How far each outcome can go: until the mover stands where the other wants it, and not past that
        // point itself. A mover that is past it already has nothing left to give.
        let reach = |mover: usize, other: usize, k: usize| {
            let wanted = self.ideal[other][k];
            let (step, lack) = (wanted - self.place[mover][k], wanted - self.outcome[k]);
            if step * lack > 0.0 { (step.abs() * self.pull[mover][k]).min(lack.abs()) } else { 0.0 }
        };
        let (most_given, most_taken) = (reach(giver, taker, given), reach(taker, giver, taken));
        // Equal gains: s_gt dt - s_gg dg = s_tg dg - s_tt dt.
        let on_given = s(giver, given) + s(taker, given);
        let on_taken = s(giver, taken) + s(taker, taken);
        if on_given <= 0.0 || on_taken <= 0.0 || most_given <= 0.0 || most_taken <= 0.0 {
            return None;
        }
        let shift_given = most_given.min(most_taken * on_taken / on_given);
        let shift_taken = shift_given * on_given / on_taken;
        let gain = s(giver, taken) * shift_taken - s(giver, given) * shift_given;
        let step = |shift: f64, mover: usize, other: usize, k: usize| {
            (shift / self.pull[mover][k]) * (self.ideal[other][k] - self.place[mover][k]).signum()
        };
        Some(Deal {
            giver,
            given,
            giver_step: step(shift_given, giver, taker, given),
            taker,
            taken,
            taker_step: step(shift_taken, taker, giver, taken),
            gain,
        })
    }

    fn strike(&mut self, council: &Council, deal: &Deal, round: usize) -> Exchange {
        let mut step = |actor: usize, issue: usize, by: f64| {
            let from = self.place[actor][issue];
            let to = (from + by).clamp(0.0, 1.0);
            self.place[actor][issue] = to;
            let (from, to) = (council.from_unit(issue, from), council.from_unit(issue, to));
            Step { actor, issue, from, to }
        };
        let first = step(deal.giver, deal.given, deal.giver_step);
        let second = step(deal.taker, deal.taken, deal.taker_step);
        for issue in [deal.given, deal.taken] {
            self.outcome[issue] = self.mean(issue);
        }
        Exchange { round, first, second, gain: deal.gain }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::council::{Actor, CouncilData, Issue, SalienceRule};

    fn council(positions: [[f64; 2]; 2], saliences: [[f64; 2]; 2], capability: [f64; 2]) -> Council {
        Council::new(CouncilData {
            issues: vec![Issue::new("a", 0.0, 100.0), Issue::new("b", 0.0, 100.0)],
            actors: vec![Actor::new("i"), Actor::new("j")],
            capability: capability.to_vec(),
            position: positions.map(|row| row.to_vec()).to_vec(),
            salience: saliences.map(|row| row.to_vec()).to_vec(),
            full_salience: 100.0,
            salience_rule: SalienceRule::Each,
        })
        .expect("sound")
    }

    #[test]
    fn mirrored_interests_are_traded_in_full() {
        let council = council([[0.0, 0.0], [100.0, 100.0]], [[20.0, 80.0], [80.0, 20.0]], [1.0, 1.0]);
        let run = run(&council, &ExchangeOptions::default());
        assert_eq!(run.exchanges.len(), 1);
        // Outcomes were 80 and 20. A full step of i on a shifts its outcome by its weight, 1/5.
        assert!((run.outcome[0] - 100.0).abs() < 1e-9 && run.outcome[1].abs() < 1e-9, "{:?}", run.outcome);
        let deal = run.exchanges[0];
        assert!((deal.gain - (0.8 * 0.2 - 0.2 * 0.2)).abs() < 1e-12);
        assert_eq!((deal.first.actor, deal.first.issue), (0, 0));
        assert!((deal.first.to - 100.0).abs() < 1e-9);
        assert!(run.utility_change.iter().all(|change| (change - deal.gain).abs() < 1e-12));
    }

    #[test]
    fn gains_are_equal_and_positive_whatever_the_weights() {
        let council = council([[10.0, 20.0], [90.0, 70.0]], [[30.0, 70.0], [60.0, 40.0]], [3.0, 1.0]);
        let run = run(&council, &ExchangeOptions::default());
        assert_eq!(run.exchanges.len(), 1);
        let gain = run.exchanges[0].gain;
        assert!(gain > 0.0);
        assert!(run.utility_change.iter().all(|change| (change - gain).abs() < 1e-12), "{run:?}");
    }

    #[test]
    fn equal_interests_and_agreement_leave_nothing_to_trade() {
        let same = council([[0.0, 0.0], [100.0, 100.0]], [[50.0, 50.0], [50.0, 50.0]], [1.0, 1.0]);
        assert!(run(&same, &ExchangeOptions::default()).exchanges.is_empty());
        let agreed = council([[40.0, 40.0], [40.0, 40.0]], [[20.0, 80.0], [80.0, 20.0]], [1.0, 1.0]);
        let run = run(&agreed, &ExchangeOptions { rounds: 5, ..ExchangeOptions::default() });
        assert!(run.exchanges.is_empty());
        assert!(run.outcome.iter().all(|place| (place - 40.0).abs() < 1e-9));
        assert_eq!(run.utility_change, vec![0.0, 0.0]);
    }
}
