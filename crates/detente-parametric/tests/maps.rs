//! Maps against the game solved at single points, and against closed forms of their borders.

use detente_exact::Q;
use detente_game::Game;
use detente_model::files::Files;
use detente_parametric::plane::Geometry;
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
    map(&Plane { game, base: game.base_params(), x, y, depth, settings: &settings, progress: &Silent }, &[])
}

/// A model's map with both sides given as fractions.
fn of(path: &str, x: (&str, Q, Q), y: (&str, Q, Q), depth: u32) -> Map {
    let game = model(path);
    let found = over(&game, axis(&game, x.0, x.1, x.2), axis(&game, y.0, y.1, y.2), depth);
    agrees(&game, &found);
    covers(&found);
    found
}

fn q(num: i64, den: i64) -> Q {
    Q::new(num, den)
}

fn equations(found: &Map) -> Vec<&str> {
    let mut list: Vec<&str> = found.curves.iter().map(|c| c.equation.as_str()).collect();
    list.sort_unstable();
    list.dedup();
    list
}

/// The formula of an outcome in the one equilibrium of the region with this sample's letter.
fn formula<'a>(found: &'a Map, region: &str, outcome: &str) -> &'a str {
    let region = found.regions.iter().find(|r| r.name == region).expect("a region");
    let seen = region.equilibria[0].iter().find(|s| s.outcome == outcome).expect("an outcome");
    seen.formula.as_deref().unwrap_or_default()
}

/// Regions share the plane: their drawn areas sum to what is proven, up to the size of a box.
fn covers(found: &Map) {
    let plane = (found.x.to - found.x.from) * (found.y.to - found.y.from);
    let ring = |points: &Vec<(f64, f64)>| {
        assert_eq!(points.first(), points.last(), "a ring is closed");
        points.windows(2).map(|w| w[0].0 * w[1].1 - w[1].0 * w[0].1).sum::<f64>() / 2.0
    };
    let drawn = |g: &Geometry| match g {
        Geometry::MultiPolygon(list) => list.iter().flatten().map(ring).sum::<f64>(),
        _ => 0.0,
    };
    let total: f64 = found.regions.iter().map(|r| drawn(&r.geometry)).sum::<f64>() / plane;
    assert!(
        (total - found.certified).abs() < 4.0 / f64::from(found.resolution),
        "{total} of {}",
        found.certified
    );
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
fn audience_costs_by_resolve_and_cost_fearon_1994() {
    // Below q = 2/3 weak types threaten so often that the rival is indifferent, and it resists so
    // often that they are: the mixed equilibrium has an equation more than unknowns. From a = 3/5
    // on, even weak types would rather fight than back down.
    let found = of("docs/first.det", ("q", q(1, 10), q(9, 10)), ("a", q(1, 5), q(2, 5)), 6);
    assert!(found.certified >= 0.999, "{}", found.certified);
    assert_eq!(equations(&found), ["q = 2/3"]);
    assert_eq!(found.regions.len(), 2);
    assert_eq!(formula(&found, "A", "war"), "q / (a + 1)");
    assert_eq!(formula(&found, "B", "win"), "1");
    assert!(found.curves[0].reasons[0].words.starts_with("Rival is indifferent between concede and resist"));
    let Geometry::LineString(line) = &found.curves[0].geometry else { panic!("a line") };
    assert!(line.iter().all(|p| (p.0 - 2.0 / 3.0).abs() < 1e-9), "{line:?}");
    let wide =
        of("models/classics/audience-costs.det", ("q", q(1, 20), q(19, 20)), ("a", q(1, 20), q(4, 5)), 6);
    assert_eq!(equations(&wide), ["a = 3/5", "q = 2/3"]);
    assert_eq!(wide.corners.len(), 1);
    assert_eq!(wide.corners[0].exact, Some((q(2, 3), q(3, 5))));
}

#[test]
fn reputation_kreps_and_wilson_1982() {
    // Two markets are left: the first entrant is deterred where the share of strong monopolists
    // exceeds b squared, the second where it exceeds b.
    let found = of("models/classics/reputation.det", ("d", q(1, 50), q(3, 5)), ("b", q(1, 5), q(4, 5)), 6);
    assert!(found.certified >= 0.99, "{}", found.certified);
    assert_eq!(equations(&found), ["b = d", "d = b^2"]);
    for curve in found.curves.iter().filter(|c| c.equation == "d = b^2") {
        let Geometry::LineString(line) = &curve.geometry else { panic!("a line") };
        assert!(line.len() > 8 && line.iter().all(|p| (p.0 - p.1 * p.1).abs() < 1e-9), "{line:?}");
    }
}

#[test]
fn beer_and_quiche_cho_and_kreps_1987() {
    // While not being fought is worth more than the right breakfast, both types may pool on either one
    // if fewer than half are weak, and else they mix; below that, each type eats what it likes.
    let found =
        of("models/classics/beer-quiche.det", ("weak", q(1, 50), q(9, 10)), ("worth", q(1, 2), q(3, 1)), 6);
    assert!(found.certified >= 0.999, "{}", found.certified);
    assert_eq!(equations(&found), ["weak = 1/2", "worth = 1"]);
    let mut counts: Vec<usize> = found.regions.iter().map(|r| r.equilibria.len()).collect();
    counts.sort_unstable();
    assert_eq!(counts, [1, 1, 2]);
    // Separating: the weak are recognised, and there are as many duels as weak newcomers.
    let low = found.regions.iter().find(|r| r.sample.1 < 1.0).expect("a region below 1");
    assert_eq!(formula(&found, &low.name, "duel"), "weak");
    assert_eq!(found.corners.len(), 1);
    assert_eq!(found.corners[0].exact, Some((q(1, 2), q(1, 1))));
}

#[test]
fn private_costs_fearon_1995_are_proven_on_a_coarse_map() {
    // With demands and types on grids, acceptance changes where p is an odd number of fortieths, and one
    // step more stops to pay at c_A = p less a multiple of a twentieth.
    let game = model("models/classics/fearon-ultimatum.det");
    let found =
        over(&game, axis(&game, "p", q(27, 50), q(16, 25)), axis(&game, "c_A", q(1, 50), q(9, 50)), 3);
    assert!(found.resolution > 8, "a coarse map is cut on where borders crowd");
    assert!(found.certified > 0.98, "{} {:?}", found.certified, found.open);
    let expected = [
        "c_A = p - 1/2",
        "c_A = p - 11/20",
        "c_A = p - 2/5",
        "c_A = p - 3/5",
        "c_A = p - 9/20",
        "p = 23/40",
        "p = 5/8",
    ];
    assert_eq!(equations(&found), expected);
}

#[test]
fn irrational_borders_keep_their_equation() {
    let found = of("models/classics/reputation.det", ("a", q(11, 10), q(4, 1)), ("b", q(1, 5), q(4, 5)), 5);
    assert_eq!(equations(&found), ["10 b^2 - 1 = 0"]);
}

#[test]
fn unilateral_deterrence_zagare_and_kilgour_2000() {
    let found = of(
        "models/classics/unilateral-deterrence.det",
        ("hard_C", q(1, 50), q(3, 5)),
        ("hard_D", q(1, 50), q(3, 5)),
        6,
    );
    assert!(found.certified >= 0.999, "{}", found.certified);
    assert_eq!(equations(&found), ["hard_C = 1/2"]);
    assert_eq!(formula(&found, "A", "status_quo"), "1 - 2 hard_C");
    assert_eq!(formula(&found, "B", "conflict"), "hard_C hard_D");
}

#[test]
fn extended_deterrence_zagare_and_kilgour_2003() {
    // The patron supports the ally for sure once war costs it less than the ally is worth.
    let found =
        of("models/classics/extended-deterrence.det", ("r", q(1, 10), q(4, 5)), ("w", q(1, 2), q(2, 1)), 6);
    assert!(found.certified >= 0.99, "{}", found.certified);
    assert_eq!(equations(&found), ["w = r"]);
    assert_eq!(formula(&found, "A", "realigned"), "(w + 1) / (15 r + 15)");
}

#[test]
fn escalation_is_mapped_by_what_is_played_on_the_path() {
    let found = of(
        "cases/europe-2022/s4-escalation.det",
        ("deal", q(1, 5), q(2, 1)),
        ("exposed", q(1, 100), q(1, 2)),
        6,
    );
    assert!(found.certified > 0.95, "{}", found.certified);
    // The full list of borders is known as fractions, and where they meet, too.
    assert!(equations(&found).contains(&"deal = 3/8"), "{:?}", equations(&found));
    assert!(found.corners.iter().all(|c| c.exact.is_some()));
    assert!(found.solved < 60, "{}", found.solved);
}

#[test]
fn overlapping_equilibria_are_shown_as_such() {
    // Both join or neither does: two pure equilibria and a mixed one between them.
    let found = of(
        "cases/europe-2022/s5-enlargement.det",
        ("threat", q(1, 20), q(4, 5)),
        ("alone", q(0, 1), q(3, 10)),
        6,
    );
    assert!(found.certified > 0.98, "{}", found.certified);
    let three = found.regions.iter().find(|r| r.equilibria.len() == 3).expect("an overlap");
    assert!(three.title.starts_with("3 equilibria"), "{}", three.title);
    assert!(equations(&found).contains(&"alone = threat - 7/20"));
    assert!(found.corners.iter().any(|c| c.exact == Some((q(7, 17), q(21, 340)))));
}

#[test]
fn the_cases_are_proven_nearly_everywhere() {
    for (path, x, y) in [
        ("s1-crisis-diplomacy", ("bent", q(1, 100), q(3, 4)), ("harm", q(0, 1), q(13, 10))),
        ("s2-two-aims", ("settling", q(1, 25), q(24, 25)), ("risk", q(1, 20), q(6, 5))),
        ("s3-four-reasons", ("exposed_war", q(-1, 1), q(8, 5)), ("predator", q(1, 25), q(24, 25))),
    ] {
        let found = of(&format!("cases/europe-2022/{path}.det"), x, y, 6);
        assert!(found.certified >= 0.98, "{path}: {}", found.certified);
    }
}

/// A mixed equilibrium with an exponential in a payoff: the inspection game with fine exp(s).
#[test]
fn borders_with_exponentials_are_followed_too() {
    let text = r#"game "Inspection"
players Firm, Office
param s "Size of the fine, in logarithms" assumed "a test" ~ uniform(-1, 1) at 0
param c "What an inspection costs" assumed "a test" ~ uniform(0.5, 3) at 1
outcome caught   { Firm: -1, Office: exp(s) - c }
outcome unseen   { Firm: 1, Office: 0 }
outcome in_vain  { Firm: 0, Office: -c }
outcome at_peace { Firm: 0, Office: 0 }
play {
  together {
    Firm chooses act { cheat, comply }
    Office chooses look { inspect, rest }
  }
  if Firm.act == cheat { if Office.look == inspect { end caught } else { end unseen } }
  else { if Office.look == inspect { end in_vain } else { end at_peace } }
}
"#;
    struct Text(String);
    impl Files for Text {
        fn read(&self, _path: &str) -> Result<String, String> {
            Ok(self.0.clone())
        }
    }
    let loaded = detente_model::load(&Text(text.into()), "game.det", detente_model::Limits::default());
    let shown: Vec<String> = loaded.diagnostics.iter().map(|d| format!("{d:?}")).collect();
    let game = loaded.model.unwrap_or_else(|| panic!("{shown:?}")).game;
    let found = over(&game, axis(&game, "s", q(-1, 1), q(1, 1)), axis(&game, "c", q(1, 2), q(3, 1)), 6);
    assert!(found.certified > 0.97, "{} {:?}", found.certified, found.open);
    assert!(found.regions.len() == 2, "{:?}", found.regions);
    // Inspecting pays where exp(s) is above c.
    for curve in &found.curves {
        let Geometry::LineString(line) = &curve.geometry else { panic!("a line") };
        assert!(line.iter().all(|p| (p.0.exp() - p.1).abs() < 1e-6), "{} {line:?}", curve.equation);
    }
    assert!(!found.curves.is_empty());
}
