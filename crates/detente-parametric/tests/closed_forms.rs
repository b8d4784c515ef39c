//! Thresholds against closed forms of published models, and of games whose answer is an exercise.

use detente_exact::Q;
use detente_game::Game;
use detente_model::files::Files;
use detente_parametric::{Line, Thresholds, thresholds};
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

struct Text(&'static str);

impl Files for Text {
    fn read(&self, _path: &str) -> Result<String, String> {
        Ok(self.0.to_string())
    }
}

fn game(text: &'static str) -> Game {
    let loaded = detente_model::load(&Text(text), "game.det", detente_model::Limits::default());
    let shown: Vec<String> = loaded.diagnostics.iter().map(|d| format!("{d:?}")).collect();
    loaded.model.unwrap_or_else(|| panic!("{shown:?}")).game
}

fn along(game: &Game, param: &str, from: Q, to: Q) -> Thresholds {
    let settings = Settings::default();
    let line = Line {
        digest: game.sha256(),
        base: game.base_params(),
        param: game.find_param(param).expect("a parameter"),
        game,
        from,
        to,
        settings: &settings,
        tries: usize::MAX,
        progress: &Silent,
    };
    thresholds(&line)
}

fn exact(found: &Thresholds) -> Vec<String> {
    found.thresholds.iter().map(|t| t.at.text()).collect()
}

/// The formula of an outcome's probability in one equilibrium of a piece.
fn formula(found: &Thresholds, piece: usize, equilibrium: usize, outcome: &str) -> String {
    let e = &found.pieces[piece].equilibria[equilibrium];
    let found = e.outcomes.iter().find(|o| o.outcome == outcome).expect("an outcome");
    found.formula.clone().unwrap_or_default()
}

fn words(found: &Thresholds, k: usize) -> String {
    found.thresholds[k].reasons.iter().map(|r| r.words.clone()).collect::<Vec<_>>().join("; ")
}

/// Number of components on each piece.
fn counts(found: &Thresholds) -> Vec<usize> {
    found.pieces.iter().map(|p| p.equilibria.len()).collect()
}

#[test]
fn audience_costs_fearon_1994() {
    // The rival is indifferent if a threat leaves a third of weak types: all of them threaten
    // once q / (q + 1 - q) reaches 2/3. War happens if a resolved type is resisted.
    for path in ["docs/first.det", "models/classics/audience-costs.det"] {
        let found = along(&model(path), "q", Q::new(1, 10), Q::new(9, 10));
        assert!(found.complete);
        assert_eq!(exact(&found), ["2/3"], "{path}");
        assert_eq!(formula(&found, 0, 0, "war"), "10/13 q");
        assert_eq!(formula(&found, 1, 0, "win"), "1");
        assert!(words(&found, 0).contains("Rival is indifferent between concede and resist"), "{path}");
        // The set at the point is larger than on either side: a tie.
        let here = found.thresholds[0].here.as_ref().expect("a rational value is solved");
        let wins: Vec<f64> =
            here.equilibria.iter().flatten().filter(|o| o.0 == "win").map(|o| o.1.high).collect();
        assert_eq!(wins, [1.0]);
        // 1 / (1 + a) of the threats are resisted, whatever a is.
        let found = along(&model(path), "a", Q::new(1, 5), Q::new(2, 5));
        assert!(found.complete && found.thresholds.is_empty());
        assert_eq!(formula(&found, 0, 0, "war"), "(2/5) / (a + 1)");
    }
}

#[test]
fn beer_and_quiche_cho_kreps_1987() {
    let found = along(&model("models/classics/beer-quiche.det"), "weak", Q::new(1, 50), Q::new(9, 10));
    assert!(found.complete);
    assert_eq!(exact(&found), ["1/2"]);
    assert_eq!(counts(&found), [2, 1]);
    assert!(words(&found, 0).contains("Bully is indifferent between leave and fight"));
}

#[test]
fn entry_deterrence_selten_1978() {
    let found = along(&model("models/classics/entry-deterrence.det"), "fight_pays", Q::from(-1), Q::from(4));
    assert!(found.complete);
    assert_eq!(exact(&found), ["2"]);
    assert_eq!(formula(&found, 0, 0, "shared"), "1");
    assert_eq!(formula(&found, 1, 0, "out"), "1");
    assert!(words(&found, 0).contains("Incumbent is indifferent between cooperate and fight"));
}

#[test]
fn reputation_kreps_wilson_1982() {
    // With b = 1/2, the second entrant is kept out at a share of b, the first one at b squared.
    let game = model("models/classics/reputation.det");
    let found = along(&game, "d", Q::new(1, 50), Q::new(3, 5));
    assert!(found.complete);
    assert_eq!(exact(&found), ["1/4", "1/2"]);
    // In b, the first of these is where b squared is the share of 1/10: an irrational number.
    let found = along(&game, "b", Q::new(1, 5), Q::new(4, 5));
    assert!(found.complete);
    let root = found.thresholds[0].at.root.as_ref().expect("an irrational value");
    let polynomial: Vec<i64> = root.polynomial.iter().filter_map(Q::to_i64).collect();
    assert_eq!(polynomial, [-1, 0, 10]);
    assert!((found.thresholds[0].at.value - 0.1f64.sqrt()).abs() < 1e-15);
}

#[test]
fn spence_1973() {
    let found = along(&model("models/classics/spence-education.det"), "low", Q::new(1, 10), Q::new(9, 10));
    assert!(found.complete);
    assert_eq!(exact(&found), ["1/4", "3/4"]);
}

/// Two types of the defender: the challenger asks for what all grant, or for what the one that
/// bears more grants.
const ULTIMATUM: &str = r#"
game "Two types"
players A "Challenger", B "Defender"
param h "Share of those who bear more" assumed "test" ~ uniform(0.1, 0.9) at 0.4
param c "Challenger's cost" assumed "test" ~ uniform(0.02, 0.5) at 0.1
private B.cost { low: rest, high: h }
outcome small { A: 0.6, B: 0.4 }
outcome large { A: 0.8, B: 0.2 }
outcome war { A: 0.5 - c, B: if B.cost == low then 0.35 else 0.1 }
play {
  A chooses demand { modest, bold }
  B chooses reply {
    accept => if A.demand == modest { end small } else { end large }
    refuse => end war
  }
}
"#;

#[test]
fn ultimatum_fearon_1995() {
    // A bold demand pays if h (0.8 - 0.5 + c) > 0.6 - 0.5 + c: with c = 0.1, above h = 1/2.
    let found = along(&game(ULTIMATUM), "h", Q::new(1, 10), Q::new(9, 10));
    assert!(found.complete);
    assert_eq!(exact(&found), ["1/2"]);
    assert_eq!(formula(&found, 1, 0, "war"), "-h + 1");
    assert!(words(&found, 0).contains("A is indifferent between modest and bold"));
    // With h = 0.4: 0.4 (0.3 + c) = 0.1 + c at c = 1/30.
    let found = along(&game(ULTIMATUM), "c", Q::new(1, 50), Q::new(1, 2));
    assert!(found.complete);
    assert_eq!(exact(&found), ["1/30"]);
}

/// A symmetric game in which one action is dominant below 1/3, the other above 2/3.
const SYMMETRIC: &str = r#"
game "Symmetric"
players A, B
param x "How good it is to meet at one" assumed "test" ~ uniform(0, 1) at 0.5
outcome both_one { A: 3 * x - 1, B: 3 * x - 1 }
outcome both_two { A: 2 - 3 * x, B: 2 - 3 * x }
outcome apart { A: 0, B: 0 }
play {
  together {
    A chooses move { one, two }
    B chooses move { one, two }
  }
  if A.move == B.move { if A.move == one { end both_one } else { end both_two } } else { end apart }
}
"#;

#[test]
fn a_symmetric_game_has_three_equilibria_between_its_thresholds() {
    let found = along(&game(SYMMETRIC), "x", Q::ZERO, Q::ONE);
    assert!(found.complete);
    assert_eq!(exact(&found), ["1/3", "2/3"]);
    assert_eq!(counts(&found), [1, 3, 1]);
    // Both mix with probability 2 - 3x on one.
    let mixed = (0..3).map(|k| formula(&found, 1, k, "both_one")).find(|f| f.contains('x'));
    assert_eq!(mixed.as_deref(), Some("9 x^2 - 12 x + 4"));
}

const PIECEWISE: &str = r#"
game "Piecewise"
players A
param x "Any" assumed "test" ~ uniform(0, 2) at 0.5
outcome risky { A: if x < 1 then max(x, 0.4) else x * x - 0.5 }
outcome safe { A: 0.75 }
play { A chooses move { go => end risky, stay => end safe } }
"#;

#[test]
fn conditionals_split_the_range_and_roots_may_be_irrational() {
    // Up to 1 the risk pays above 3/4; at 1 it falls to 1/2; it pays again from sqrt(5) / 2.
    let found = along(&game(PIECEWISE), "x", Q::ZERO, Q::from(2));
    assert!(found.complete, "{:?}", found.gaps);
    let at: Vec<f64> = found.thresholds.iter().map(|t| t.at.value).collect();
    assert_eq!(at.len(), 3, "{at:?}");
    assert_eq!(exact(&found)[..2], ["3/4", "1"]);
    assert!((at[2] - 5f64.sqrt() / 2.0).abs() < 1e-15);
    let root = found.thresholds[2].at.root.as_ref().expect("an irrational value");
    let polynomial: Vec<i64> = root.polynomial.iter().filter_map(Q::to_i64).collect();
    assert_eq!(polynomial, [-5, 0, 4]);
}

const EXPONENTIAL: &str = r#"
game "Exponential"
players A
param x "Any" assumed "test" ~ uniform(0, 2) at 0.5
outcome risky { A: exp(x) }
outcome safe { A: 2 }
play { A chooses move { go => end risky, stay => end safe } }
"#;

#[test]
fn a_threshold_may_be_the_zero_of_an_exponential() {
    let found = along(&game(EXPONENTIAL), "x", Q::ZERO, Q::from(2));
    assert_eq!(found.thresholds.len(), 1);
    let at = &found.thresholds[0].at;
    assert!((at.value - 2f64.ln()).abs() < 1e-15, "{at:?}");
    let zero = at.zero.as_ref().expect("no polynomial has it as a root");
    assert!(zero.sure && zero.low.to_f64() <= 2f64.ln() && 2f64.ln() <= zero.high.to_f64(), "{zero:?}");
    assert_eq!(zero.equation, "exp(x) = 2");
    assert!(words(&found, 0).contains("A is indifferent between stay and go"), "{}", words(&found, 0));
    assert_eq!(counts(&found), [1, 1]);
    assert!(found.complete, "{:?}", found.gaps);
}

/// Each of two banks keeps its deposits while the other one's customers do: a mixed equilibrium whose
/// chances hold an irrational function of the parameter.
const MIXED_ROOT: &str = r#"
game "A mixture with a root in it"
players A, B
param x "Any" assumed "test" ~ uniform(0.5, 5) at 2
outcome both { A: sqrt(x), B: sqrt(x) }
outcome none { A: 1, B: 1 }
outcome apart { A: 0, B: 0 }
play {
  together {
    A chooses move { one, two }
    B chooses move { one, two }
  }
  if A.move == B.move { if A.move == one { end both } else { end none } } else { end apart }
}
"#;

#[test]
fn mixtures_may_be_functions_with_roots_in_them() {
    // Both play one with probability 1 / (1 + sqrt(x)), whatever x is.
    let found = along(&game(MIXED_ROOT), "x", Q::new(1, 2), Q::from(5));
    assert!(found.complete, "{:?}", found.gaps);
    assert_eq!(counts(&found), [3]);
    let mixed = (0..3).map(|k| formula(&found, 0, k, "none")).find(|f| f.contains("sqrt"));
    assert!(mixed.is_some_and(|f| f.contains("sqrt(x)^2")), "{:?}", found.pieces);
    let e = found.pieces[0].equilibria.iter().find(|e| e.outcomes.iter().all(|o| o.from.high < 1.0));
    let none = e.and_then(|e| e.outcomes.iter().find(|o| o.outcome == "none")).expect("the mixed one");
    let at = |x: f64| (x.sqrt() / (1.0 + x.sqrt())).powi(2);
    assert!((none.from.high - at(0.5)).abs() < 1e-12 && (none.to.high - at(5.0)).abs() < 1e-12);
}

#[test]
fn private_costs_fearon_1995_on_a_grid_of_demands() {
    // Types j = 0..7 bear costs (2 j + 1) / 40; the demand 3/5 + k/20 is met by all but k of them, so
    // that one more step pays while c_A < 7/20 - k/10.
    let game = model("models/classics/fearon-ultimatum.det");
    let found = along(&game, "c_A", Q::new(1, 100), Q::new(3, 10));
    assert!(found.complete, "{:?}", found.gaps);
    let matters: Vec<String> = found.thresholds.iter().filter(|t| t.matters).map(|t| t.at.text()).collect();
    assert_eq!(matters, ["1/20", "3/20", "1/4"]);
    // With k types refusing, war has the chance k/8.
    let war: Vec<String> = (0..4).map(|piece| formula(&found, piece, 0, "war")).collect();
    assert_eq!(war, ["1/2", "3/8", "1/4", "1/8"]);
}

/// Pieces must agree with the game solved by itself, at points that were not looked at before.
#[test]
fn pieces_agree_with_the_game_solved_inside() {
    for (path, param) in [
        ("docs/first.det", "q"),
        ("models/classics/extended-deterrence.det", "p"),
        ("models/classics/unilateral-deterrence.det", "hard_C"),
        ("models/classics/reputation.det", "b"),
        ("cases/europe-2022/s2-two-aims.det", "cost"),
        ("cases/europe-2022/s3-four-reasons.det", "home"),
    ] {
        let game = model(path);
        let prior = game.params[game.find_param(param).expect("a parameter").index()].prior.clone();
        let ends = prior.map(|p| (p.quantile(0.02), p.quantile(0.98))).expect("a prior");
        let digits = |x: f64| Q::parse(&format!("{x:.3}")).expect("a decimal");
        let found = along(&game, param, digits(ends.0), digits(ends.1));
        assert!(found.complete, "{path}");
        for piece in &found.pieces {
            for share in [0.07, 0.52, 0.93] {
                let at = piece.from.value + (piece.to.value - piece.from.value) * share;
                let at = Q::from_f64(at).expect("a number");
                let mut params = game.base_params();
                params[game.find_param(param).expect("a parameter").index()] = at.clone();
                let numbers = game.numbers(&params).expect("a game");
                let solution = detente_solve::solve(&game, &numbers, &Settings::default(), &Silent);
                assert_eq!(solution.components.len(), piece.equilibria.len(), "{path} {at}");
                for e in piece.equilibria.iter().filter(|e| !e.varies) {
                    // What stays the same at both ends and has a formula stays so in between.
                    let same = solution.components.iter().any(|c| {
                        e.outcomes.iter().zip(&c.outcomes).all(|(o, n)| {
                            let constant = o.from.exact.is_some() && o.from.exact == o.to.exact;
                            let fixed = constant && o.formula.as_ref().is_some_and(|f| !f.contains(param));
                            !fixed || n.exact == o.from.exact
                        })
                    });
                    assert!(same, "{path} {at} {}", e.name);
                }
            }
        }
    }
}
