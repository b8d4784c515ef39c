//! The principal branch of agent logit equilibria as data: every point, and where it turns or meets others.
//!
//! The one idea: one equilibrium at one precision hides how play got there. The branch from the
//! uniform play at λ = 0 is a curve; it may turn back in λ, so that a precision has several points, and
//! it may meet other branches. Here the whole curve is a list of points in plain floats
//! ([`crate::solve`] proves one of them), with these events beside it.

use crate::qre::field::Field;
use crate::qre::path::{Stop, Walk};
use crate::qre::{MAX_UNKNOWNS, doubts, fitting, has_decisions};
use crate::settings::Progress;
use detente_exact::Q;
use detente_game::{Game, Numbers};

/// Most that a probability changes from one point to the next.
const FINE: f64 = 0.04;
/// Where the branch ends if nothing is asked: λ times the largest payoff range.
const FAR: f64 = 1e5;
/// Play has settled where no probability changes by more than this until the end.
const SETTLED: f64 = 1e-3;
/// How many times further the branch is kept, past the place where play has settled.
const MARGIN: f64 = 3.0;

/// A point of the branch.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Precision of choice, in 1 / payoff units; a player's own is this times the player's weight.
    pub lambda: f64,
    /// Natural logarithm of the probability of each action, per information set.
    pub log: Vec<Vec<f64>>,
}

impl Point {
    /// Probability of each action, per information set.
    pub fn probs(&self) -> Vec<Vec<f64>> {
        self.log.iter().map(|h| h.iter().map(|l| libm::exp(*l)).collect()).collect()
    }
}

/// Something on the way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// The curve turns in λ at this precision: beyond, λ falls (or rises again).
    Turn { lambda: f64 },
    /// Other branches meet this one between these precisions.
    Crossing { low: f64, high: f64 },
}

impl Event {
    /// The precision at which it happens, or the middle of its range.
    pub fn lambda(&self) -> f64 {
        match *self {
            Event::Turn { lambda } => lambda,
            Event::Crossing { low, high } => low / 2.0 + high / 2.0,
        }
    }
}

/// The branch, from the uniform play on.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// Per player: the player's precision as a multiple of λ.
    pub weights: Vec<Q>,
    /// In the order of the walk; λ may fall between turns.
    pub points: Vec<Point>,
    pub events: Vec<Event>,
    /// Why the walk ended before its goal, in words; `None` if it did not.
    pub stopped: Option<String>,
}

/// Follows the branch from λ = 0 until λ first reaches `until`; without it, until play has settled.
/// `weights`: each player's precision as a multiple of λ; empty for 1 each.
///
/// # Errors
/// In words: nothing to decide, too large a game, or weights that are not one number of at least 0 per
/// player.
pub fn branch(
    game: &Game,
    numbers: &Numbers,
    weights: &[Q],
    until: Option<f64>,
    progress: &dyn Progress,
) -> Result<Branch, String> {
    fitting(game, weights)?;
    if !has_decisions(game) {
        return Err("nobody decides anything in this game".into());
    }
    let field = Field::<f64>::weighted(game, numbers, weights);
    if field.unknowns() > MAX_UNKNOWNS {
        return Err(format!(
            "{} free probabilities are more than the {MAX_UNKNOWNS} for which the logit path is followed",
            field.unknowns()
        ));
    }
    let range = field.range().max(f64::MIN_POSITIVE);
    if !range.is_finite() || until.is_some_and(|x| x < 0.0 || !(x * range).is_finite()) {
        return Err("payoffs or precisions are beyond floats".into());
    }
    let point = |odds: &[f64], lambda: f64| {
        let play = field.play(odds);
        let log = field.sets.iter().map(|s| play.log[s.first..s.first + s.actions].to_vec()).collect();
        Point { lambda, log }
    };
    let mut points = vec![point(&vec![0.0; field.unknowns()], 0.0)];
    let mut walk = Walk::new(&field).finely(FINE);
    let trace = walk.watched(until.unwrap_or(FAR / range), progress, &mut |odds, lambda| {
        points.push(point(odds, lambda));
    });
    let stopped = (trace.stop != Stop::Reached).then(|| doubts(&trace).pop().unwrap_or_default());
    let mut events: Vec<Event> = trace.turns.iter().map(|lambda| Event::Turn { lambda: *lambda }).collect();
    events.extend(trace.crossings.iter().map(|(low, high)| Event::Crossing { low: *low, high: *high }));
    events.sort_by(|a, b| a.lambda().total_cmp(&b.lambda()));
    if until.is_none() {
        settle(&mut points);
    }
    let weights = match weights.is_empty() {
        true => vec![Q::ONE; game.players.len()],
        false => weights.to_vec(),
    };
    Ok(Branch { weights, points, events, stopped })
}

/// Leaves out the end, where nothing happens any more.
fn settle(points: &mut Vec<Point>) {
    let Some(last) = points.last().map(Point::probs) else { return };
    let near = |p: &Point| {
        let pairs = |(a, b): (&Vec<f64>, &Vec<f64>)| a.iter().zip(b).all(|(x, y)| (x - y).abs() <= SETTLED);
        p.probs().iter().zip(&last).all(pairs)
    };
    let still = points.iter().rposition(|p| !near(p)).map_or(0, |k| k + 1);
    let end = points.get(still).map_or(0.0, |p| MARGIN * p.lambda);
    let keep = points.iter().skip(still).position(|p| p.lambda > end).map(|k| still + k + 1);
    points.truncate(keep.unwrap_or(points.len()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Silent;

    fn traced(text: &str, weights: &[Q], until: Option<f64>) -> Branch {
        let game = detente_game::formats::nfg::read(text).expect("a valid game");
        let numbers = game.numbers(&[]).expect("constants only");
        branch(&game, &numbers, weights, until, &Silent).expect("a branch")
    }

    fn logistic(x: f64) -> f64 {
        1.0 / (1.0 + (-x).exp())
    }

    const PENNIES: &str = "NFG 1 R \"asymmetric matching pennies\" { \"Row\" \"Column\" } { 2 2 }\n\
                           9 0 0 1 0 1 1 0\n";

    #[test]
    fn every_point_solves_the_equations() {
        let found = traced(PENNIES, &[], None);
        assert!(found.events.is_empty() && found.stopped.is_none() && found.points.len() > 20);
        for p in &found.points {
            let probs = p.probs();
            let (up, left) = (probs[0][0], probs[1][0]);
            // Row earns 9 q from the first row and 1 - q from the second; Column 1 - p and p.
            assert!((up - logistic(p.lambda * (9.0 * left - (1.0 - left)))).abs() < 1e-7, "{p:?}");
            assert!((left - logistic(p.lambda * ((1.0 - up) - up))).abs() < 1e-7, "{p:?}");
        }
        // Play settles at the mixed equilibrium: the row at 1/2, the column at 1/10.
        let end = found.points.last().expect("points").probs();
        assert!((end[0][0] - 0.5).abs() < 0.01 && (end[1][0] - 0.1).abs() < 0.01, "{end:?}");
    }

    #[test]
    fn a_player_without_precision_plays_at_random_and_the_other_answers() {
        let weights = [Q::from(2), Q::ZERO];
        for p in &traced(PENNIES, &weights, Some(1.0)).points {
            let probs = p.probs();
            assert!((probs[1][0] - 0.5).abs() < 1e-12);
            assert!((probs[0][0] - logistic(2.0 * p.lambda * 4.0)).abs() < 1e-8);
        }
    }

    #[test]
    fn where_two_branches_meet_is_told() {
        // Choosing the same: the uniform play loses its uniqueness where the slope of
        // p -> logistic(lambda (2 p - 1)) at 1/2 becomes 1, at lambda = 2.
        let same = traced("NFG 1 R \"same\" { \"A\" \"B\" } { 2 2 }\n1 1 0 0 0 0 1 1\n", &[], Some(5.0));
        let [Event::Crossing { low, high }] = same.events[..] else { panic!("{:?}", same.events) };
        assert!(low <= 2.0 && 2.0 <= high && high - low < 0.01, "{low} {high}");
    }

    #[test]
    fn several_branches_that_meet_in_one_point_are_told_too() {
        // With three places to meet, the derivative of the replies at the uniform play has the
        // eigenvalue lambda / 3 twice, so that the determinant only touches 0, at lambda = 3.
        let text = "NFG 1 R \"three\" { \"A\" \"B\" } { 3 3 }\n1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0 1 1\n";
        let three = traced(text, &[], Some(8.0));
        let [Event::Crossing { low, high }] = three.events[..] else { panic!("{:?}", three.events) };
        assert!(low <= 3.0 && 3.0 <= high && high - low < 0.1, "{low} {high}");
    }

    #[test]
    fn a_branch_that_turns_back_says_where() {
        // Coordination with a small advantage at first for what does not last: found by search, checked
        // against the slope of the reply to the reply, which is 1 where the curve turns.
        let text = "NFG 1 R \"fold\" { \"A\" \"B\" } { 2 2 }\n0 9 0 8 6 0 7 1\n";
        let found = traced(text, &[], None);
        let turns: Vec<f64> = found.events.iter().map(Event::lambda).collect();
        assert!(found.points.windows(2).all(|w| w[0].lambda < w[1].lambda) == turns.is_empty());
    }
}
