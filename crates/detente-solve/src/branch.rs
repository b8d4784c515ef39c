//! The principal branch of agent logit equilibria as data: every point, and where it turns or meets others.
//!
//! The one idea: the walk that finds one equilibrium passes all others on its branch; here every point is
//! kept, in steps fine enough for a picture, and the end is left out where nothing happens any more.

use crate::qre::field::Field;
use crate::qre::path::{Stop, Walk};
use crate::qre::{MAX_UNKNOWNS, doubts, fitting, has_decisions};
use crate::settings::Progress;
use detente_exact::Q;
use detente_game::branch::{Branch, Event, Point};
use detente_game::{Game, Numbers};

/// Most that a probability changes from one point to the next.
const FINE: f64 = 0.04;
/// Where the branch ends if nothing is asked: λ times the largest payoff range.
const FAR: f64 = 1e5;
/// Play has settled where no probability changes by more than this until the end.
const SETTLED: f64 = 1e-3;
/// How many times further the branch is kept, past the place where play has settled and past the last event.
const MARGIN: f64 = 3.0;

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
        settle(&mut points, events.last().map_or(0.0, Event::lambda));
    }
    let weights = match weights.is_empty() {
        true => vec![Q::ONE; game.players.len()],
        false => weights.to_vec(),
    };
    Ok(Branch { weights, points, events, stopped })
}

/// Leaves out the end, where nothing happens any more: play has settled, and λ is past the last event. Play may
/// settle long before other branches meet it, as where uniform play stays an equilibrium.
fn settle(points: &mut Vec<Point>, event: f64) {
    let Some(last) = points.last().map(Point::probs) else { return };
    let near = |p: &Point| {
        let pairs = |(a, b): (&Vec<f64>, &Vec<f64>)| a.iter().zip(b).all(|(x, y)| (x - y).abs() <= SETTLED);
        p.probs().iter().zip(&last).all(pairs)
    };
    let still = points.iter().rposition(|p| !near(p)).map_or(0, |k| k + 1);
    let end = points.get(still).map_or(0.0, |p| MARGIN * p.lambda.max(event));
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
    fn the_branch_goes_past_every_event_also_where_play_stands_still() {
        let same = traced("NFG 1 R \"same\" { \"A\" \"B\" } { 2 2 }\n1 1 0 0 0 0 1 1\n", &[], None);
        let [event] = same.events[..] else { panic!("{:?}", same.events) };
        let end = same.points.last().expect("points");
        assert!(end.lambda > event.lambda(), "{} {event:?}", end.lambda);
        assert!((end.probs()[0][0] - 0.5).abs() < 1e-9);
    }

    #[test]
    fn several_branches_that_meet_in_one_point_are_told_too() {
        // With three places to meet, the derivative of the replies at the uniform play has the
        // eigenvalue lambda / 3 twice, so that the determinant only touches 0, at lambda = 3.
        let text = "NFG 1 R \"three\" { \"A\" \"B\" } { 3 3 }\n1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0 1 1\n";
        let three = traced(text, &[], Some(8.0));
        let [Event::Crossing { low, high }] = three.events[..] else { panic!("{:?}", three.events) };
        assert!(low <= 3.0 && 3.0 <= high && high - low < 0.01, "{low} {high}");
    }

    #[test]
    fn a_branch_that_turns_back_passes_the_same_precision_three_times() {
        let pays = [
            [-41, -5, -3],
            [-67, -50, 81],
            [-88, -78, -64],
            [-36, 30, -46],
            [3, 65, -92],
            [18, 25, 17],
            [0, 27, 47],
            [-50, 4, -77],
        ];
        let list: Vec<String> = pays.iter().flatten().map(i32::to_string).collect();
        let text = format!("NFG 1 R \"fold\" {{ \"A\" \"B\" \"C\" }} {{ 2 2 2 }}\n{}\n", list.join(" "));
        let found = traced(&text, &[], None);
        let [Event::Turn { lambda: low }, Event::Turn { lambda: high }] = found.events[..] else {
            panic!("{:?}", found.events)
        };
        let falls = |w: &[Point]| w[1].lambda < w[0].lambda;
        let from = found.points.windows(2).position(falls).expect("the branch turns back");
        let to = found.points.windows(2).rposition(falls).expect("the branch turns back") + 1;
        // Between the turns λ falls from the higher to the lower one, and no point lies beyond.
        assert!(found.points[from..=to].windows(2).all(falls));
        assert!(found.points[from].lambda <= high + 1e-12 && high - found.points[from].lambda < 1e-3);
        assert!(found.points[to].lambda >= low - 1e-12 && found.points[to].lambda - low < 1e-3);
        // Each point solves the equations, written out for this table.
        for p in &found.points {
            let x: Vec<f64> = p.probs().iter().map(|h| h[0]).collect();
            for player in 0..3 {
                let mut gain = 0.0;
                for (cell, pay) in pays.iter().enumerate() {
                    let others: f64 = (0..3)
                        .filter(|q| *q != player)
                        .map(|q| if cell >> q & 1 == 0 { x[q] } else { 1.0 - x[q] })
                        .product();
                    let sign = if cell >> player & 1 == 0 { 1.0 } else { -1.0 };
                    gain += sign * others * f64::from(pay[player]);
                }
                assert!((x[player] - logistic(p.lambda * gain)).abs() < 1e-6, "{p:?}");
            }
        }
    }
}
