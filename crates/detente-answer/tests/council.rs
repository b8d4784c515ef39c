//! Councils against closed forms: means, shares, winners, verdicts over theories, equal bits over draws.

use detente_answer::bargain::{Verdict, bargain};
use detente_answer::council::Session;
use detente_answer::ensemble::{Plan, Table};
use detente_answer::held::hold;
use detente_model::files::Files;
use detente_model::{Limits, Model, load};
use detente_solve::Silent;

struct One(String);

impl Files for One {
    fn read(&self, _: &str) -> Result<String, String> {
        Ok(self.0.clone())
    }
}

const TALKS: &str = r#"
param push assumed "x" ~ uniform(0, 20) at 10
council talks {
  issue tax scale 0 "none" to 100 "all"
  issue aid scale 0 "none" to 10 "all"
  actor North
  actor South
  actor East
  capability assumed "x" =
    | North | 30 |
    | South | 20 |
    | East  | 50 |
  position assumed "x" =
    |       | tax       | aid    |
    | North | 80 + push | 2      |
    | South | 20 to 60 at 40 | 4 |
    | East  | 10        | 9      |
  salience out of 100 assumed "x" =
    |       | tax | aid |
    | North | 50  | 20  |
    | South | 50  | 20  |
    | East  | 10  | 80  |
  option models = mean, median
}
ask level = settlement(talks, tax)
ask one = settlement(talks, tax, median)
ask share = power(talks, tax, North, East)
ask apart = distance(talks, North, East, tax)
claim high = settlement(talks, tax) > 50
claim north = winner(talks, tax, median) == North
claim split = settlement(talks, tax) > 70
claim pushed = stated(talks, North, tax) >= 95 where push >= 15
"#;

fn model() -> Model {
    let loaded = load(&One(TALKS.into()), "talks.det", Limits::default());
    loaded.model.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
}

#[test]
fn baselines_shares_and_verdicts_are_those_of_the_closed_forms() {
    let model = model();
    let session = Session::new(&model, &[]).expect("options exist");
    let table = Table::new(&model).expect("no correlations");
    let plan = Plan { draws: 0, seed: 1, threads: 1 };
    let found = bargain(&session, &table, &plan, false, &Silent).expect("a council");
    // Weights on tax: 15, 10, 5; positions 90, 40, 10.
    let mean = (15.0 * 90.0 + 10.0 * 40.0 + 5.0 * 10.0) / 30.0;
    let values = |at: usize| -> Vec<f64> { found.asks[at].by.iter().filter_map(|b| b.value).collect() };
    assert!((values(0)[0] - mean).abs() < 1e-12, "{:?}", values(0));
    assert_eq!(found.asks[0].by.len(), 2);
    assert_eq!(found.asks[1].by.len(), 1);
    assert_eq!(values(1), vec![values(0)[1]]);
    assert!((values(2)[0] - 20.0 / 30.0).abs() < 1e-12);
    assert_eq!(values(3), vec![80.0]);
    let verdicts: Vec<Verdict> = found.claims.iter().map(|c| c.verdict).collect();
    // Half of the weight stands at 90, half below: the median is anywhere between 40 and 90.
    assert_eq!(verdicts[3], Verdict::Fails);
    assert!(!found.claims[3].applies);
    assert_eq!(verdicts.len(), 4);
    let holds = |at: usize| values(0)[0] > at as f64 && values(0)[1] > at as f64;
    assert_eq!(verdicts[0] == Verdict::Holds, holds(50));
    assert_ne!(verdicts[2], Verdict::Holds);
}

#[test]
fn draws_repeat_to_the_bit_and_restrictions_count() {
    let model = model();
    let session = Session::new(&model, &[]).expect("options exist");
    let table = Table::new(&model).expect("no correlations");
    let plan = |threads: usize| Plan { draws: 200, seed: 7, threads };
    let once = bargain(&session, &table, &plan(1), false, &Silent).expect("a council");
    assert_eq!(once, bargain(&session, &table, &plan(3), false, &Silent).expect("a council"));
    let pushed = &once.claims[3];
    // One draw in four is pushed; there North stands at 95 or above.
    assert!((30..=70).contains(&pushed.counted), "{}", pushed.counted);
    assert_eq!(pushed.by[0].share, Some(1.0));
    let spread = once.councils[0].issues[0].spreads[0].expect("draws were made");
    assert!(spread.low < spread.middle && spread.middle < spread.high);
}

#[test]
fn options_on_the_line_replace_those_of_the_model() {
    let model = model();
    let only = |word: &str| vec![("models".to_string(), vec![word.to_string()])];
    let session = Session::new(&model, &only("spatial")).expect("the theory exists");
    let shown: Vec<&str> =
        session.voices[0].iter().filter(|v| !v.only_named).map(|v| v.word.as_str()).collect();
    assert_eq!(shown, ["spatial"]);
    // A question that names the median is still answered by it.
    assert!(session.voices[0].iter().any(|v| v.only_named && v.word == "median"));
    assert!(Session::new(&model, &only("oracle")).is_err());
    assert!(Session::new(&model, &[("voting".into(), vec!["often".into()])]).is_err());
    assert!(Session::new(&model, &[("voting".into(), vec!["prop_bin".into()])]).is_ok());
}

const ALLIES: &str = r#"
param offer assumed "x" ~ uniform(0, 100) at 50
param made_good assumed "x" = 0
council allies {
  issue measures scale 0 "dropped" to 100 "kept"
  actor North
  actor South
  capability assumed "x" =
    | North | 30 |
    | South | 10 |
  position assumed "x" =
    | North | max(0, 90 - offer * (1 - made_good)) |
    | South | 0 to 20 at 10 |
  salience assumed "x" =
    | North | 0.5 |
    | South | 0.5 |
  option models = mean, median
  option side_a = North
  option side_b = South
  option no_agreement = 20
  option breakdown_cost = 0.1, 0.1
}
variant together "Half of the offer is made good" { set made_good = 0.5 }
variant bought { set offer = 90 }
claim helps = settlement(allies, measures in together) > settlement(allies, measures)
claim kept = settlement(allies, measures) >= 20
claim strong = settlement(allies, measures, mean in bought) == 0.25 * stated(allies, South)
claim cells = settlement(allies, measures, mean) < 60 where stated(allies, South, measures) >= 15 and capability(allies, North) == 30 and salience(allies, South) == 0.5
ask split = settlement(allies, measures, nash)
test "at half" {
  expect settlement(allies, measures, mean) near 32.5 within 0.000001
  expect settlement(allies, measures) > 30
  expect some settlement(allies, measures) > 35
  expect settlement(allies, measures, mean in bought) near 2.5 within 0.000001
}
test "a larger offer" {
  set offer = 80
  expect settlement(allies, measures) near 10 within 0.01
  expect some settlement(allies, measures) > 50
}
test "another formula" {
  set made_good = offer / 100
  expect settlement(allies, measures, mean) near 51.25 within 0.000001
}
"#;

/// North at 40 with weight 15 against South at 10 with 5: the mean is 32.5, below the middle already. Without an
/// offer North stands at 90 and the mean at 70: North must go 26.7 points; for the median, which is North, 40.
#[test]
fn coalitions_break_at_their_weakest_link() {
    let asks = r#"
variant free { set offer = 0 }
ask broken = inducement(allies, North, mean)
ask whole = inducement(allies, measures, North, mean in free)
ask median = inducement(allies, North, median in free)
claim weak = weakest(allies, North, South, mean in free) == North
claim none_is_left = weakest(allies, North, mean) == North
claim helps_to_hold = inducement(allies, North in free) > inducement(allies, North)
"#;
    let loaded = load(&One(format!("{ALLIES}{asks}")), "allies.det", Limits::default());
    let model = loaded.model.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
    let session = Session::new(&model, &[]).expect("options exist");
    let table = Table::new(&model).expect("no correlations");
    let plan = Plan { draws: 20, seed: 3, threads: 1 };
    let found = bargain(&session, &table, &plan, false, &Silent).expect("a council");
    let ask = |name: &str| found.asks.iter().find(|a| a.name == name).and_then(|a| a.by[0].value);
    assert_eq!(ask("broken"), Some(0.0));
    assert!((ask("whole").expect("a move") - 80.0 / 3.0).abs() < 0.1, "{:?}", ask("whole"));
    assert!((ask("median").expect("a move") - 40.0).abs() < 0.1, "{:?}", ask("median"));
    let verdict = |name: &str| found.claims.iter().find(|c| c.name == name).map(|c| c.verdict);
    assert_eq!(verdict("weak"), Some(Verdict::Holds));
    assert_eq!(verdict("none_is_left"), Some(Verdict::Fails));
    assert_eq!(verdict("helps_to_hold"), Some(Verdict::Holds));
}

#[test]
fn variants_tests_cells_and_two_sides() {
    let loaded = load(&One(ALLIES.into()), "allies.det", Limits::default());
    let model = loaded.model.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
    let session = Session::new(&model, &[]).expect("options exist");
    let table = Table::new(&model).expect("no correlations");
    let plan = Plan { draws: 300, seed: 3, threads: 2 };
    let found = bargain(&session, &table, &plan, false, &Silent).expect("a council");
    assert_eq!(found.undefined, 0);
    let verdicts: Vec<Verdict> = found.claims.iter().map(|c| c.verdict).collect();
    assert_eq!(verdicts, [Verdict::Holds; 4]);
    assert!(!found.claims[3].applies);
    // Any offer above 0 is in part made good, so nothing falsifies the first claim but a tie.
    assert!(found.claims[0].by.iter().all(|b| b.share > Some(0.9)));
    assert!((50..=100).contains(&found.claims[3].counted), "{}", found.claims[3].counted);
    // North must be bought far enough; South's own place cannot do it alone.
    let witness = found.claims[1].witness.as_ref().expect("a large offer falsifies it");
    assert!(witness.in_all && witness.theories == ["mean", "median"]);
    assert_eq!(witness.params.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["offer"]);
    // Positions 40 and 10 are 0.3 of the scale apart, and each side cares 0.5; failing costs both alike.
    let split = found.asks[0].by[0].value.expect("both gain");
    assert!((split - 20.0).abs() < 1e-9, "{split}");
    let results: Vec<_> = model
        .tests
        .iter()
        .map(|t| detente_answer::tests::run(&model, t, &detente_solve::Settings::default(), &Silent))
        .collect();
    let passed = |test: usize| -> Vec<bool> { results[test].expects.iter().map(|e| e.passed).collect() };
    assert_eq!(passed(0), [true, true, true, true], "{:?}", results[0]);
    assert_eq!(passed(1), [true, false], "{:?}", results[1]);
    assert_eq!(passed(2), [true], "{:?}", results[2]);
    assert_eq!(results[1].expects[1].failing[0].equilibria, ["mean"]);
}

/// What is set is in doubt no more: it has one value in every draw, and formulas over it follow.
#[test]
fn a_parameter_that_is_set_is_no_longer_drawn() {
    let mut model = model();
    let push = model.game.find_param("push").expect("declared");
    hold(&mut model, &[(push, detente_exact::Q::new(20, 1))]).expect("not a formula");
    let session = Session::new(&model, &[]).expect("options exist");
    let table = Table::new(&model).expect("no correlations");
    assert!(table.sampler.uncertain().all(|(param, _)| param != push));
    let found = bargain(&session, &table, &Plan { draws: 50, seed: 7, threads: 1 }, false, &Silent)
        .expect("a council");
    // North stands at 100 in every draw.
    assert_eq!((found.claims[3].applies, found.claims[3].counted), (true, 50));
    assert_eq!(found.claims[3].by[0].share, Some(1.0));
}

/// A seed counts wherever it stands: before or after the transition that it belongs to, in the model or on
/// the command line.
#[test]
fn the_order_of_seed_and_transition_does_not_matter() {
    let settled = |options: &str, overrides: &[(&str, &str)]| {
        let text = TALKS.replace("option models = mean, median", options);
        let model = load(&One(text), "talks.det", Limits::default()).model.expect("sound");
        let over: Vec<(String, Vec<String>)> =
            overrides.iter().map(|(n, v)| (n.to_string(), vec![v.to_string()])).collect();
        let session = Session::new(&model, &over).expect("options exist");
        let table = Table::new(&model).expect("no correlations");
        let places = |draw| session.at_draw(&table.base, draw).expect("a council")[0].played[0].clone();
        (0..6).map(places).collect::<Vec<_>>()
    };
    let (models, stochastic) = ("option models = spatial\n", "option transition = stochastic\n");
    let after = settled(&format!("{models}{stochastic}option seed = 5"), &[]);
    assert_eq!(after, settled(&format!("{models}option seed = 5\n{stochastic}"), &[]));
    assert_eq!(after, settled(models, &[("seed", "5"), ("transition", "stochastic")]));
    assert_eq!(after, settled(models, &[("transition", "stochastic"), ("seed", "5")]));
    assert_eq!(after, settled(&format!("{models}{stochastic}"), &[("seed", "5")]));
    assert_eq!(after, settled(&format!("{models}option seed = 5"), &[("transition", "stochastic")]));
    assert_ne!(after, settled(&format!("{models}{stochastic}option seed = 6"), &[]));
}

/// Chances inside of a theory fall anew in each draw, and the same way when asked again.
#[test]
fn stochastic_transitions_spread_over_draws() {
    let model = model();
    let options: Vec<(String, Vec<String>)> =
        [("models", "spatial"), ("transition", "stochastic"), ("seed", "5")]
            .map(|(name, value)| (name.to_string(), vec![value.to_string()]))
            .to_vec();
    let session = Session::new(&model, &options).expect("options exist");
    let point: Vec<f64> = model.game.base_params().iter().map(detente_exact::Q::to_f64).collect();
    let settled = |draw: u64| -> f64 {
        let sittings = session.at_draw(&point, draw).expect("a council");
        sittings[0].played[0].as_ref().expect("played").outcome[0]
    };
    let places: Vec<f64> = (0..20).map(settled).collect();
    assert_eq!(places, (0..20).map(settled).collect::<Vec<_>>());
    let (low, high) =
        (places.iter().copied().fold(100.0, f64::min), places.iter().copied().fold(0.0, f64::max));
    assert!(high - low > 1.0, "{places:?}");
}
