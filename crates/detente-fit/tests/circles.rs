//! Games whose decisions depend on each other in a circle: the play is a fixed point.

mod support;

use detente_fit::Shocks;
use detente_fit::fit::Problem;
use detente_solve::Silent;
use detente_solve::logit::Logit;
use support::{fitted, game, rows};

const SIGNAL: &str = r#"
game "Signal"
players S "s", R "r"
param q "share" assumed "x" = 0.4
param c "cost" assumed "x" = 0.3
private S.type "t" { strong: q, weak: rest }
outcome quiet { S: 0, R: 1 }
outcome win { S: 1, R: 0 }
outcome war { S: if S.type == strong then 0.25 else -0.6, R: if S.type == strong then -1 else 0.6 }
outcome back { S: -c, R: 1 }
play {
  S chooses message { calm => end quiet, threat }
  R chooses answer { concede => end win, resist }
  S chooses finish { fight => end war, stop => end back }
}
"#;

const HUNT: &str = r#"
game "Hunt"
players A "a", B "b"
param s "stag" assumed "x" = 3
outcome both { A: s, B: s }
outcome left { A: 0, B: 2 }
outcome right { A: 2, B: 0 }
outcome hares { A: 2, B: 2 }
play {
  together {
    A chooses m { stag, hare }
    B chooses n { stag, hare }
  }
  if A.m == stag and B.n == stag { end both }
  if A.m == stag { end left }
  if B.n == stag { end right }
  end hares
}
"#;

#[test]
fn the_fixed_point_is_the_principal_branch_of_the_solver() {
    let game = game(SIGNAL);
    let data = rows(&game, "S.message,R.answer\nthreat,resist\n");
    for lambda in [0.3, 2.0, 9.0] {
        let problem = Problem::new(&game, &data, Shocks::Logit, &[], Some(lambda)).unwrap();
        assert!(problem.engine.is_circular());
        let point = problem.point(&[], 0, false).unwrap();
        let solved = problem.engine.solve(&point).unwrap();
        let numbers = game.numbers(&game.base_params()).unwrap();
        let other = Logit::new(&game, &numbers).at(lambda, &Silent).unwrap();
        assert!(!solved.folded);
        for (a, b) in solved.log.iter().flatten().zip(other.log.iter().flatten()) {
            assert!((a.value - b).abs() < 1e-9, "{lambda}: {a:?} {b}");
        }
    }
}

#[test]
fn gradients_through_fixed_points_are_those_of_differences() {
    let game = game(SIGNAL);
    let data = rows(&game, "S.message,R.answer,S.finish\nthreat,resist,fight\ncalm,-,-\nthreat,concede,-\n");
    let names = ["q".to_string(), "c".to_string()];
    for shocks in [Shocks::Logit, Shocks::Probit] {
        let problem = Problem::new(&game, &data, shocks, &names, None).unwrap();
        let z = [0.45, 0.25, 0.6];
        let at = problem.evaluate(&z).unwrap();
        for k in 0..3 {
            let moved = |h: f64| {
                let mut z = z;
                z[k] += h;
                problem.evaluate(&z).unwrap().log_likelihood
            };
            let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            assert!(
                (at.gradient[k] - slope).abs() < 1e-6 * (1.0 + slope.abs()),
                "{shocks:?} {k} {slope} {at:?}"
            );
        }
    }
}

#[test]
fn several_equilibria_at_the_estimate_are_reported() {
    let game = game(HUNT);
    // Nearly all hunt hares: a precise play of the risk-dominant equilibrium.
    let data = rows(&game, "A.m,B.n,count\nhare,hare,9990\nhare,stag,5\nstag,hare,5\n");
    let fit = fitted(&game, &data, Shocks::Logit, &[], None);
    assert!(fit.branches.circular && fit.branches.several == 1, "{:?}", fit.branches);
    assert!(fit.branches.low < fit.branches.principal - 100.0, "{:?}", fit.branches);
    assert!(
        fit.warnings.iter().any(|w| w.contains("several equilibria fit the estimate")),
        "{:?}",
        fit.warnings
    );
}
