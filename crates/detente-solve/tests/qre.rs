//! Logit equilibria against fixed points found in other ways.

use detente_exact::Q;
use detente_game::Game;
use detente_game::solution::{Concept, Num, Solution, Status};
use detente_solve::{Settings, Silent, solve};
use detente_test::TreeBuilder;
use detente_verify::{check_assessment, verify};

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|s| s.to_string()).collect()
}

/// Two players choose at once; `pay[row][column]`.
fn matrix(pay: [[(i64, i64); 2]; 2]) -> Game {
    let mut b = TreeBuilder::new("matrix", &["Row", "Column"]);
    let row = b.decision_event(0, "row", &names(&["up", "down"]));
    let column = b.decision_event(1, "column", &names(&["left", "right"]));
    let (h, g) = (b.infoset(row, "row"), b.infoset(column, "column"));
    let root = b.decision(None, h);
    for i in 0..2 {
        let node = b.decision(Some((root, i as u32)), g);
        for j in 0..2 {
            let (u, v) = pay[i][j];
            b.end(Some((node, j as u32)), None, &[Q::from(u), Q::from(v)]);
        }
    }
    b.finish()
}

fn solved(game: &Game, lambda: Option<f64>) -> Solution {
    let numbers = game.numbers(&[]).expect("the game has numbers");
    let lambda = lambda.map(|x| Q::parse(&x.to_string()).expect("a number"));
    let settings = Settings { concept: Concept::Qre, lambda, ..Settings::default() };
    let solution = solve(game, &numbers, &settings, &Silent);
    for c in &solution.components {
        check_assessment(game, &numbers, c, Concept::Qre).expect("the printed numbers agree");
    }
    let verdict = verify(game, &numbers, &solution);
    assert!(verdict.accepted, "{:?}", verdict.rejected);
    if solution.status == Status::Certified {
        assert_eq!(verdict.proven, Status::Certified, "{:?}", verdict.open);
    }
    solution
}

fn certified(game: &Game, lambda: f64) -> Vec<Vec<Num>> {
    let solution = solved(game, Some(lambda));
    assert_eq!(solution.status, Status::Certified, "{:?}", solution.unresolved);
    assert!(solution.unresolved.is_empty());
    let profile = solution.components[0].profile.clone();
    assert!(profile.iter().flatten().all(|n| n.radius.is_some_and(|r| r <= 1e-9)));
    profile
}

fn near(found: &Num, wanted: f64, slack: f64) {
    let off = (found.value - wanted).abs();
    assert!(off <= found.radius.unwrap_or(0.0) + slack, "{} is not {wanted}", found.value);
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// The fixed point of a game in which the reply to the reply falls in p, by bisection.
fn bisected(lambda: f64, row: impl Fn(f64) -> f64, column: impl Fn(f64) -> f64) -> (f64, f64) {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..200 {
        let p = (low + high) / 2.0;
        let reply = logistic(lambda * row(logistic(lambda * column(p))));
        if reply > p { low = p } else { high = p }
    }
    (low, logistic(lambda * column(low)))
}

#[test]
fn asymmetric_matching_pennies_agree_with_bisection() {
    // Ochs, "Games with unique, mixed strategy equilibria: an experimental study" (1995).
    let game = matrix([[(9, 0), (0, 1)], [(0, 1), (1, 0)]]);
    for lambda in [0.0, 0.25, 1.0, 3.0, 20.0] {
        let profile = certified(&game, lambda);
        let (p, q) = bisected(lambda, |q| 9.0 * q - (1.0 - q), |p| (1.0 - p) - p);
        near(&profile[0][0], p, 1e-13);
        near(&profile[1][0], q, 1e-13);
    }
}

/// Goeree, Holt and Palfrey, "Risk averse behavior in generalized matching pennies games", Games and
/// Economic Behavior 2003: the row's own payoff moves the row at every finite precision, though not in
/// equilibrium. Each player may have a precision of its own.
#[test]
fn precisions_may_differ_between_players() {
    let game = matrix([[(9, 0), (0, 1)], [(0, 1), (1, 0)]]);
    let numbers = game.numbers(&[]).expect("the game has numbers");
    for (row, column) in [(2.0, 5.0), (5.0, 0.5), (0.0, 3.0), (3.0, 0.0)] {
        let q = |x: f64| Q::parse(&x.to_string()).expect("a number");
        let settings = Settings {
            concept: Concept::Qre,
            lambda: Some(Q::ONE),
            weights: vec![q(row), q(column)],
            ..Settings::default()
        };
        let solution = solve(&game, &numbers, &settings, &Silent);
        let verdict = verify(&game, &numbers, &solution);
        assert!(verdict.accepted && verdict.proven == Status::Certified, "{:?}", verdict.rejected);
        let (p, left) = bisected(1.0, |left| row * (9.0 * left - (1.0 - left)), |p| column * ((1.0 - p) - p));
        near(&solution.components[0].profile[0][0], p, 1e-12);
        near(&solution.components[0].profile[1][0], left, 1e-12);
        if row > 0.0 && column > 0.0 {
            assert!(p > 0.5, "the row leans to its large payoff");
        }
        // The same numbers with the weights exchanged are another claim.
        let mut changed = solution.clone();
        changed.certificate.logit.as_mut().expect("a precision").weights.reverse();
        assert!(!verify(&game, &numbers, &changed).accepted);
        changed.certificate.logit.as_mut().expect("a precision").weights.pop();
        assert!(!verify(&game, &numbers, &changed).accepted);
    }
    let settings = Settings { concept: Concept::Qre, weights: vec![Q::ONE], ..Settings::default() };
    let refused = solve(&game, &numbers, &settings, &Silent);
    assert!(refused.components.is_empty() && refused.unresolved[0].contains("2 players"), "{refused:?}");
}

#[test]
fn matching_pennies_are_uniform_at_every_precision() {
    let game = matrix([[(1, -1), (-1, 1)], [(-1, 1), (1, -1)]]);
    for lambda in [0.5, 4.0, 300.0] {
        certified(&game, lambda).iter().flatten().for_each(|n| near(n, 0.5, 0.0));
    }
    let limit = solved(&game, None);
    assert_eq!(limit.components[0].profile[0][0].exact, Some(Q::new(1, 2)));
}

#[test]
fn the_stag_hunt_goes_to_the_risk_dominant_equilibrium() {
    // Hare pays 7 for sure; stag pays 10 or 0: hare is risk dominant.
    let game = matrix([[(10, 10), (0, 7)], [(7, 0), (7, 7)]]);
    let profile = certified(&game, 5.0);
    near(&profile[0][1], 1.0, 1e-6);
    let limit = solved(&game, None);
    assert_eq!(limit.status, Status::Certified, "{:?}", limit.unresolved);
    assert_eq!(limit.components[0].profile[0][1].exact, Some(Q::ONE));
    // With a cheaper hare, stag is.
    let game = matrix([[(10, 10), (0, 3)], [(3, 0), (3, 3)]]);
    assert_eq!(solved(&game, None).components[0].profile[1][0].exact, Some(Q::ONE));
}

#[test]
fn a_crossing_of_branches_is_said() {
    // The symmetric branch loses its uniqueness at lambda = 2, where the slope of
    // p -> logistic(lambda (2 p - 1)) at 1/2 becomes 1.
    let game = matrix([[(1, 1), (0, 0)], [(0, 0), (1, 1)]]);
    certified(&game, 1.5).iter().flatten().for_each(|n| near(n, 0.5, 0.0));
    let beyond = solved(&game, Some(6.0));
    // It is proven to be an equilibrium at this precision; that there are others is said.
    assert_eq!(beyond.status, Status::Certified);
    assert!(beyond.unresolved.iter().any(|w| w.contains("meets another")), "{:?}", beyond.unresolved);
    // So is the limit, which the path comes to past that place.
    let limit = solved(&game, None);
    assert_eq!(limit.status, Status::Certified, "{:?}", limit.unresolved);
    assert_eq!(limit.components[0].profile[0][0].exact, Some(Q::new(1, 2)));
    assert!(limit.unresolved.iter().any(|w| w.contains("meets another")), "{:?}", limit.unresolved);
}

/// A centipede: agents' choices follow from the end, in closed form.
#[test]
fn perfect_information_follows_backward() {
    let mut b = TreeBuilder::new("centipede", &["A", "B"]);
    let arms = names(&["take", "pass"]);
    let mut at = None;
    let pays = [(4, 1), (2, 8), (16, 4), (8, 32)];
    for (k, (u, v)) in pays.iter().enumerate() {
        let event = b.decision_event(k % 2, &format!("move{k}"), &arms);
        let set = b.infoset(event, &format!("{k}"));
        let node = b.decision(at, set);
        b.end(Some((node, 0)), None, &[Q::from(*u), Q::from(*v)]);
        at = Some((node, 1));
    }
    b.end(at, None, &[Q::from(64), Q::from(16)]);
    let game = b.finish();
    let lambda = 0.2;
    let profile = certified(&game, lambda);
    let mut value = [64.0, 16.0];
    for (k, (u, v)) in pays.iter().enumerate().rev() {
        let take = [f64::from(*u), f64::from(*v)];
        let p = logistic(lambda * (take[k % 2] - value[k % 2]));
        near(&profile[k][0], p, 1e-12);
        value = [p * take[0] + (1.0 - p) * value[0], p * take[1] + (1.0 - p) * value[1]];
    }
}

/// Beer and quiche with the weak type at 1/10 or 6/10.
fn beer_quiche(weak: Q) -> Game {
    let mut b = TreeBuilder::new("beer", &["Sender", "Receiver"]);
    let kind = b.chance_event(Some(0), "kind", &names(&["weak", "strong"]));
    let send = b.decision_event(0, "meal", &names(&["beer", "quiche"]));
    let answer = b.decision_event(1, "reply", &names(&["duel", "leave"]));
    let types = [b.infoset(send, "weak"), b.infoset(send, "strong")];
    let sets = [b.infoset(answer, "beer"), b.infoset(answer, "quiche")];
    let root = b.chance(None, kind, &[weak.clone(), Q::ONE - weak]);
    for t in 0..2u32 {
        let s = b.decision(Some((root, t)), types[t as usize]);
        for m in 0..2u32 {
            let r = b.decision(Some((s, m)), sets[m as usize]);
            let liked = i64::from((t == 1) == (m == 0));
            b.end(Some((r, 0)), Some("duel"), &[Q::from(liked), Q::from(1 - 2 * i64::from(t))]);
            b.end(Some((r, 1)), Some("leave"), &[Q::from(liked + 2), Q::ZERO]);
        }
    }
    b.finish()
}

/// Damped iteration of the logit replies, from the uniform play, in small steps of lambda.
fn damped(weak: f64, lambda: f64) -> [f64; 4] {
    // Probabilities: weak beer, strong beer, duel after beer, duel after quiche.
    let mut x = [0.5f64; 4];
    let steps = 200;
    for k in 1..=steps {
        let l = lambda * f64::from(k) / f64::from(steps);
        for _ in 0..4_000 {
            let [wb, sb, db, dq] = x;
            // Beer rather than quiche: taste, and two units if there is no duel.
            let beer = |taste: f64| logistic(l * (taste + 2.0 * ((1.0 - db) - (1.0 - dq))));
            let duel = |w: f64, s: f64| {
                let mu = weak * w / (weak * w + (1.0 - weak) * s);
                logistic(l * (mu - (1.0 - mu)))
            };
            let reply = [beer(-1.0), beer(1.0), duel(wb, sb), duel(1.0 - wb, 1.0 - sb)];
            x.iter_mut().zip(reply).for_each(|(x, r)| *x += 0.1 * (r - *x));
        }
    }
    x
}

#[test]
fn a_signalling_game_agrees_with_damped_iteration() {
    for (weak, w) in [(Q::new(1, 10), 0.1), (Q::new(3, 5), 0.6)] {
        let game = beer_quiche(weak);
        for lambda in [0.3, 1.0, 2.5] {
            let profile = certified(&game, lambda);
            let x = damped(w, lambda);
            (0..4).for_each(|h| near(&profile[h][0], x[h], 1e-9));
        }
    }
}

#[test]
fn the_limit_of_a_signalling_game_is_a_sequential_equilibrium() {
    for weak in [Q::new(1, 10), Q::new(3, 5)] {
        let game = beer_quiche(weak);
        let numbers = game.numbers(&[]).expect("the game has numbers");
        let limit = solved(&game, None);
        assert_eq!(limit.status, Status::Certified, "{:?}", limit.unresolved);
        let report = check_assessment(&game, &numbers, &limit.components[0], Concept::Sequential);
        let gap = report.expect("an assessment").gap_sequential.expect("asked for");
        assert!(gap.high <= 1e-9, "{gap:?}");
    }
}

#[test]
fn a_catastrophe_and_a_high_precision_do_not_underflow() {
    let game = matrix([[(1, 0), (0, 1)], [(0, 1), (-1_000_000, 0)]]);
    let profile = certified(&game, 2.0);
    assert!(profile.iter().flatten().all(|n| n.value.is_finite() && n.value >= 0.0));
    let (p, q) = bisected(2.0, |q| q + (1.0 - q) * 1_000_000.0, |p| (1.0 - p) - p);
    near(&profile[0][0], p, 1e-9);
    near(&profile[1][0], q, 1e-9);
}

/// The referee proves the printed enclosures by itself: what is changed is rejected.
#[test]
fn changed_logit_answers_are_rejected() {
    let games = [matrix([[(9, 0), (0, 1)], [(0, 1), (1, 0)]]), beer_quiche(Q::new(1, 10))];
    for game in games {
        let numbers = game.numbers(&[]).expect("the game has numbers");
        let solution = solved(&game, Some(1.7));
        assert_eq!(solution.certificate.logit.as_ref().map(|l| l.lambda.clone()), Some(Q::new(17, 10)));
        let text = serde_json::to_string(&solution).expect("plain data");
        assert_eq!(serde_json::from_str::<Solution>(&text).expect("reads back"), solution);
        let rejected = |what: &str, change: &dyn Fn(&mut Solution)| {
            let mut changed = solution.clone();
            change(&mut changed);
            let verdict = verify(&game, &numbers, &changed);
            assert!(!verdict.accepted, "{what} is accepted");
        };
        fn logit(s: &mut Solution) -> &mut detente_game::certificate::Logit {
            s.certificate.logit.as_mut().expect("there is a precision")
        }
        rejected("a shifted probability", &|s| s.components[0].profile[0][0].value += 1e-6);
        rejected("a slightly shifted probability", &|s| s.components[0].profile[1][1].value += 1e-12);
        rejected("too small a radius", &|s| s.components[0].profile[0][0].radius = Some(1e-19));
        rejected("no radius", &|s| s.components[0].profile[0][0].radius = None);
        rejected("too large a radius", &|s| s.components[0].profile[0][0].radius = Some(1e-8));
        rejected("another precision", &|s| logit(s).lambda = Q::new(171, 100));
        rejected("a precision just beside", &|s| {
            logit(s).lambda = Q::new(17, 10) + Q::parse("1e-9").expect("a number");
        });
        rejected("a negative precision", &|s| logit(s).lambda = Q::new(-17, 10));
        rejected("odds far away", &|s| logit(s).odds[0][1] += 3.0);
        rejected("odds that are no numbers", &|s| logit(s).odds[0][1] = f64::NAN);
        rejected("odds missing", &|s| drop(logit(s).odds.pop()));
        rejected("no proof", &|s| s.certificate.logit = None);
        rejected("a shifted payoff", &|s| s.components[0].payoffs[0].value += 1e-6);
        rejected("too small a payoff radius", &|s| s.components[0].payoffs[0].radius = Some(0.0));
        rejected("a shifted outcome", &|s| s.components[0].outcomes[0].value += 1e-6);
        rejected("a shifted belief", &|s| s.components[0].beliefs[1][0].value += 1e-6);
        rejected("twice the same", &|s| s.components.push(s.components[0].clone()));
        rejected("a stronger word", &|s| s.status = Status::ExactSome);
        rejected("another game", &|s| s.certificate.game = "0".repeat(64));
    }
}

/// Poker with three and four players, far beyond a list of all equilibria: an equilibrium at a precision, and
/// the end of the path.
#[test]
fn poker_of_several_players_is_certified() {
    for players in [3, 4] {
        let game = detente_test::poker::kuhn(players);
        let at = solved(&game, Some(1.0));
        assert_eq!(at.status, Status::Certified, "{:?}", at.unresolved);
        let limit = solved(&game, None);
        assert_eq!(limit.status, Status::Certified, "{:?}", limit.unresolved);
        // The sum of all payoffs is 0.
        let total: f64 = limit.components[0].payoffs.iter().map(|n| n.value).sum();
        assert!(total.abs() < 1e-9, "{total}");
    }
}

#[test]
fn a_negative_precision_is_refused_in_words() {
    let game = matrix([[(1, 0), (0, 1)], [(0, 1), (1, 0)]]);
    let solution = solved(&game, Some(-1.0));
    assert_eq!((solution.status, solution.components.len()), (Status::Numeric, 0));
    assert!(solution.unresolved[0].contains("at least 0"));
}
