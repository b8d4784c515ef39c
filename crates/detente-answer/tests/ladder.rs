//! The escalation ladder: all equilibria at one rung, proven ones at three.

mod support;

use detente_answer::solved::on_big_stack;
use detente_game::solution::{Concept, Solution, Status};
use detente_model::Model;
use detente_solve::{Settings, Silent};
use detente_verify::verify;

/// The published model with this many rungs.
fn ladder(rungs: u32) -> Model {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/crises/escalation-ladder.det");
    let text = std::fs::read_to_string(path).expect("the model");
    assert!(text.contains("const rungs = 3"));
    support::model(&text.replace("const rungs = 3", &format!("const rungs = {rungs}")))
}

/// Solves and has the referee confirm the status and every gap at every set.
fn confirmed(model: &Model, settings: &Settings) -> Solution {
    on_big_stack(|| {
        let game = &model.game;
        let numbers = game.numbers(&game.base_params()).expect("the base values suit");
        let solution = detente_solve::solve(game, &numbers, settings, &Silent);
        let verdict = verify(game, &numbers, &solution);
        assert!(verdict.accepted, "{:?}", verdict.rejected);
        assert_eq!(verdict.proven, solution.status, "{:?}", verdict.open);
        assert!(!solution.components.is_empty());
        for report in &verdict.components {
            assert_eq!(report.local.len(), game.infosets.len());
            for gap in report.local.iter().flat_map(|l| [&l.one_shot, &l.continuation]) {
                assert!(gap.high <= 1e-9, "{gap:?}");
            }
        }
        solution
    })
    .expect("a thread")
}

#[test]
fn one_rung_is_complete() {
    let solution = confirmed(&ladder(1), &Settings::default());
    assert_eq!(solution.status, Status::ExactComplete, "{:?}", solution.unresolved);
}

#[test]
fn three_rungs_end_by_themselves_with_a_proven_answer() {
    let model = ladder(3);
    assert_eq!((model.game.nodes.len(), model.game.infosets.len()), (2_107, 47));
    let solution = confirmed(&model, &Settings::default());
    assert!(matches!(solution.status, Status::ExactSome | Status::Certified), "{:?}", solution.status);
    assert!(solution.unresolved.iter().any(|w| w.contains("too large")), "{:?}", solution.unresolved);
}

#[test]
fn the_logit_path_alone_proves_three_rungs() {
    let settings = Settings { concept: Concept::Sequential, path_only: true, ..Settings::default() };
    let solution = confirmed(&ladder(3), &settings);
    assert!(matches!(solution.status, Status::ExactSome | Status::Certified), "{:?}", solution.status);
}
