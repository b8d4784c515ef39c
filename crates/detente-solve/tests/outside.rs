//! Roots of polynomial systems that give an action a weight it cannot have are left out with
//! a proof, and nothing else can be left out that way.

mod differential;

use detente_exact::Q;
use detente_game::Game;
use detente_game::certificate::{BoxProof, BoxStep, Proof, Variable};
use detente_game::solution::{Concept, Solution};
use detente_test::random::Payoffs;
use detente_test::{Shape, random_game};
use detente_verify::verify;
use differential::{numbers, solved, with_room};

/// Games whose proofs leave roots out, or keep them.
fn games() -> Vec<Game> {
    let payoffs = Payoffs::Integers(3);
    let private = Shape::PrivateTypes { players: 3, types: 2, actions: 2, payoffs };
    let menus = Shape::General { players: 3, infosets: 6, menu: 3, payoffs };
    let mut list: Vec<Game> = [10, 149].map(|seed| random_game(seed, private)).into();
    list.extend([12, 131].map(|seed| random_game(seed, menus)));
    list
}

/// Calls `visit` for each box proof, with the boxes in the order of a walk.
fn box_proofs(proof: &mut Proof, visit: &mut dyn FnMut(&mut BoxProof)) {
    if let Proof::Boxes { boxes } = proof {
        visit(boxes);
    }
    proof.next_mut().into_iter().for_each(|p| box_proofs(p, visit));
}

/// The steps of a box search, in order.
fn steps(step: &mut BoxStep, visit: &mut dyn FnMut(&mut BoxStep)) {
    visit(step);
    match step {
        BoxStep::Bisect(_, low, high) => {
            steps(low, visit);
            steps(high, visit);
        }
        BoxStep::Shrink { then, .. } | BoxStep::Cuts { then, .. } => steps(then, visit),
        _ => {}
    }
}

/// Calls `visit` for each step of each box search of a solution.
fn each_step(solution: &mut Solution, visit: &mut dyn FnMut(&[Variable], &mut BoxStep)) {
    for stage in &mut solution.certificate.stages {
        box_proofs(&mut stage.proof, &mut |boxes| {
            let BoxProof { variables, root, .. } = boxes;
            steps(root, &mut |step| visit(variables, step));
        });
    }
}

/// The answer with its `number`th step of some kind changed; `None` if there are not so many, or
/// it cannot be changed so.
fn changed(
    solution: &Solution,
    number: usize,
    change: &dyn Fn(&[Variable], &mut BoxStep) -> Option<()>,
) -> Option<Solution> {
    let mut mutant = solution.clone();
    let (mut at, mut done) = (0, None);
    each_step(&mut mutant, &mut |variables, step| {
        if matches!(step, BoxStep::Outside { .. } | BoxStep::Root { .. }) {
            if at == number {
                done = change(variables, step);
            }
            at += 1;
        }
    });
    done.map(|()| mutant)
}

/// What a step that leaves a root out must not say instead, by name.
type Change = (&'static str, fn(&[Variable], &mut BoxStep) -> Option<()>);

const CHANGES: [Change; 6] = [
    ("another point", |_, step| {
        let BoxStep::Outside { point: Some(x), .. } = step else { return None };
        x[0] = &x[0] + &Q::new(1, 1_000_000);
        Some(())
    }),
    ("a point too short", |_, step| {
        let BoxStep::Outside { point: Some(x), .. } = step else { return None };
        x.pop();
        Some(())
    }),
    ("another action of the set", |variables, step| {
        let BoxStep::Outside { infoset, action, point: Some(x), .. } = step else { return None };
        let usable = |(v, q): (&Variable, &Q)| match v {
            Variable::Weight(h, a) if h == infoset && a != action && q.is_positive() => Some(*a),
            _ => None,
        };
        *action = variables.iter().zip(x.iter()).find_map(usable)?;
        Some(())
    }),
    ("a set that is none", |_, step| {
        let BoxStep::Outside { infoset, .. } = step else { return None };
        *infoset = 9_999;
        Some(())
    }),
    ("a box that does not hold the searched one", |_, step| {
        let BoxStep::Outside { low, high, .. } = step else { return None };
        let middle = (&low[0] + &high[0]) / Q::from(2);
        low[0] = middle;
        Some(())
    }),
    ("an equilibrium left out", |variables, step| {
        let BoxStep::Root { low, high, .. } = step else { return None };
        let Variable::Weight(infoset, action) = variables[0] else { return None };
        *step = BoxStep::Outside { low: low.clone(), high: high.clone(), point: None, infoset, action };
        Some(())
    }),
];

/// Whether the weight that is wrong is no unknown itself but was written by the others of its set.
fn is_eliminated(variables: &[Variable], step: &BoxStep) -> bool {
    let BoxStep::Outside { infoset, action, .. } = step else { return false };
    !variables.contains(&Variable::Weight(*infoset, *action))
}

#[test]
fn only_impossible_roots_can_be_left_out() {
    with_room(|| {
        let (mut outside, mut eliminated) = (0, 0);
        let mut tried = [0; CHANGES.len()];
        for game in games() {
            let mut solution = solved(&game, Concept::Sequential);
            let verdict = verify(&game, &numbers(&game), &solution);
            assert!(verdict.accepted, "{}: {:?}", game.title, verdict.rejected);
            let mut count = 0;
            each_step(&mut solution, &mut |variables, step| {
                count += usize::from(matches!(step, BoxStep::Outside { .. } | BoxStep::Root { .. }));
                outside += usize::from(matches!(step, BoxStep::Outside { .. }));
                eliminated += usize::from(is_eliminated(variables, step));
            });
            for (number, (k, (what, change))) in
                (0..count).flat_map(|n| CHANGES.iter().enumerate().map(move |c| (n, c)))
            {
                let Some(mutant) = changed(&solution, number, change) else { continue };
                tried[k] += 1;
                let verdict = verify(&game, &numbers(&game), &mutant);
                assert!(!verdict.accepted, "{}: {what} is accepted at {number}", game.title);
            }
        }
        assert!(outside >= 3 && eliminated >= 2, "{outside} roots left out, {eliminated} by what is written");
        assert!(tried.iter().all(|n| *n > 0), "changes tried: {tried:?}");
    });
}
