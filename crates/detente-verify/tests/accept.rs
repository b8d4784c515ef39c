//! Hand-written solutions of classic games are accepted, with the gaps they have.

mod common;
#[path = "common/games.rs"]
mod games;

use common::*;
use detente_game::certificate::Proof;
use detente_game::solution::{Concept, Status};
use detente_verify::verify;

fn accept(case: &games::Case) -> detente_verify::Verdict {
    let verdict = verify(&case.0, &numbers(&case.0), &case.1);
    assert!(verdict.accepted, "{:?} {:?}", verdict.rejected.map(|r| r.to_string()), verdict.open);
    assert_eq!(verdict.proven, case.1.status);
    verdict
}

#[test]
fn entry_deterrence_in_every_concept() {
    assert_eq!(accept(&games::entry_sequential()).cells, vec![vec![0]]);
    accept(&games::entry_perfect());
    assert_eq!(accept(&games::entry_nash()).cells, vec![vec![0, 1]]);
}

#[test]
fn matching_pennies_and_a_stage_around_it() {
    accept(&games::pennies(Concept::Sequential, "sequential"));
    accept(&games::pennies(Concept::Nash, "nash"));
    accept(&games::fight_or_not());
}

#[test]
fn the_horse_by_both_kinds_of_belief_step() {
    accept(&games::horse(true));
    accept(&games::horse(false));
}

#[test]
fn opposite_beliefs_about_one_tremble_are_excluded() {
    accept(&games::shared_tremble());
}

#[test]
fn an_irrational_mixture_is_proven_by_its_box() {
    let verdict = accept(&games::irrational());
    assert!(verdict.components[0].gap_nash.exact.is_none());
    assert!(verdict.components[0].gap_nash.high < 1e-10);
    let mut claimed = games::irrational();
    claimed.1.status = Status::ExactComplete;
    assert!(!verify(&claimed.0, &numbers(&claimed.0), &claimed.1).accepted);
}

#[test]
fn a_bare_cell_proves_nothing() {
    let (g, mut s) = games::horse(true);
    s.certificate.stages[0].proof = Proof::Cell { cell: 0 };
    s.certificate.stages[0].components = vec![vec![0]];
    let verdict = verify(&g, &numbers(&g), &s);
    assert!(!verdict.accepted && !verdict.complete);
    s.status = Status::ExactSome;
    assert!(verify(&g, &numbers(&g), &s).accepted, "the equilibrium itself is exact");
}

#[test]
fn a_deep_proof_does_not_overflow() {
    let (g, mut s) = games::horse(true);
    let mut proof = std::mem::replace(&mut s.certificate.stages[0].proof, Proof::Cell { cell: 0 });
    for _ in 0..20_000 {
        proof = Proof::Both { parts: vec![proof] };
    }
    s.certificate.stages[0].proof = proof;
    assert!(verify(&g, &numbers(&g), &s).accepted);
    // Dropping nested boxes recurses, so take the proof apart by hand.
    let mut proof = s.certificate.stages.remove(0).proof;
    while let Proof::Both { mut parts } = proof {
        proof = parts.remove(0);
    }
}
