//! The escalation ladder: all equilibria at one rung, proven ones at three.

use detente_answer::solved::on_big_stack;
use detente_game::Game;
use detente_game::solution::{Concept, Solution, Status};
use detente_model::files::Files;
use detente_solve::{Settings, Silent};
use detente_verify::verify;

/// The published model, read from its folder.
struct Folder(std::path::PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<String, String> {
        std::fs::read_to_string(self.0.join(path)).map_err(|e| e.to_string())
    }
}

/// The game with three rungs, or its variant with one.
fn ladder(rungs: u32) -> Game {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    let loaded = detente_model::load(&Folder(folder), "crises/escalation-ladder.det", Default::default());
    let model = loaded.model.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics));
    if rungs == 1 { model.variants["one_rung"].game.clone() } else { model.game }
}

/// Solves and has the referee confirm the status and every gap at every set.
fn confirmed(game: &Game, settings: &Settings) -> Solution {
    on_big_stack(|| {
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
    let game = ladder(3);
    assert_eq!((game.nodes.len(), game.infosets.len()), (2_107, 47));
    let solution = confirmed(&game, &Settings::default());
    assert!(matches!(solution.status, Status::ExactSome | Status::Certified), "{:?}", solution.status);
    assert!(solution.unresolved.iter().any(|w| w.contains("too large")), "{:?}", solution.unresolved);
}

#[test]
fn the_logit_path_alone_proves_three_rungs() {
    let settings = Settings { concept: Concept::Sequential, path_only: true, ..Settings::default() };
    let solution = confirmed(&ladder(3), &settings);
    assert!(matches!(solution.status, Status::ExactSome | Status::Certified), "{:?}", solution.status);
}
