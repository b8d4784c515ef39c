//! Maps against the game solved at single points, and against closed forms of their borders.

use detente_exact::Q;
use detente_game::Game;
use detente_model::files::Files;
use detente_parametric::{Axis, Map, Plane, map};
use detente_solve::{Settings, Silent};

struct Disk;

impl Files for Disk {
    fn read(&self, path: &str) -> Result<String, String> {
        std::fs::read_to_string(path).map_err(|e| e.to_string())
    }
}

fn model(path: &str) -> Game {
    let path = format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"));
    let loaded = detente_model::load(&Disk, &path, detente_model::Limits::default());
    loaded.model.expect("a model without errors").game
}

fn axis(game: &Game, name: &str, from: Q, to: Q) -> Axis {
    Axis { param: game.find_param(name).expect("a parameter"), from, to }
}

fn over(game: &Game, x: Axis, y: Axis, depth: u32) -> Map {
    let settings = Settings::default();
    let (digest, base) = (game.sha256(), game.base_params());
    map(&Plane { game, digest, base, x, y, depth, settings: &settings, progress: &Silent })
}

/// Regions hold what the game solved at their own points says.
fn agrees(game: &Game, found: &Map) {
    let (x, y) = (game.find_param(&found.x.param), game.find_param(&found.y.param));
    let keys = game.outcome_keys();
    for region in &found.regions {
        let mut params = game.base_params();
        params[x.expect("a parameter").index()] = Q::from_f64(region.sample.0).expect("a number");
        params[y.expect("a parameter").index()] = Q::from_f64(region.sample.1).expect("a number");
        let numbers = game.numbers(&params).expect("a game");
        let solution = detente_solve::solve(game, &numbers, &Settings::default(), &Silent);
        assert_eq!(solution.components.len(), region.equilibria.len(), "{}", region.name);
        for c in solution.components.iter().filter(|_| region.equilibria.len() == 1) {
            for (name, p) in keys.iter().zip(&c.outcomes) {
                let seen = region.equilibria[0].iter().find(|s| s.outcome == *name);
                let (low, high) = seen.map_or((0.0, 0.0), |s| (s.low, s.high));
                assert!(
                    low - 1e-9 <= p.value && p.value <= high + 1e-9,
                    "{} {name} {}",
                    region.name,
                    p.value
                );
            }
        }
    }
}

#[test]
fn what_cannot_be_enclosed_stays_open() {
    // Above q = 2/3 all types threaten and the rival concedes: proven. Below, the mixed equilibrium
    // has an equation too many for enclosures, so nothing is said there, and nothing wrong.
    let game = model("docs/first.det");
    let x = axis(&game, "q", Q::new(1, 10), Q::new(9, 10));
    let found = over(&game, x, axis(&game, "a", Q::new(1, 5), Q::new(2, 5)), 4);
    assert!(found.certified >= 0.25 && found.certified <= 1.0, "{}", found.certified);
    assert!(found.regions.iter().any(|r| r.sample.0 > 2.0 / 3.0));
    agrees(&game, &found);
}

#[test]
fn escalation_is_mapped_by_what_is_played_on_the_path() {
    let game = model("cases/europe-2022/s4-escalation.det");
    let found = over(
        &game,
        axis(&game, "deal", Q::new(1, 5), Q::from(2)),
        axis(&game, "exposed", Q::new(1, 100), Q::new(1, 2)),
        5,
    );
    assert!(found.certified > 0.6, "{}", found.certified);
    let total: f64 = found.regions.iter().map(|r| r.area).sum();
    assert!((total - found.certified).abs() < 1e-9);
    agrees(&game, &found);
}
