//! Councils against closed forms: means, shares, winners, verdicts over theories, equal bits over draws.

use detente_answer::bargain::{Draws, Verdict, bargain};
use detente_answer::council::Session;
use detente_answer::sampler::Sampler;
use detente_model::files::Files;
use detente_model::{Limits, Model, load};

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
    let sampler = Sampler::new(&model).expect("no correlations");
    let base = model.game.base_params();
    let found = bargain(&session, &base, &sampler, Draws { number: 0, seed: 1 }, false).expect("a council");
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
    let sampler = Sampler::new(&model).expect("no correlations");
    let base = model.game.base_params();
    let draws = Draws { number: 200, seed: 7 };
    let once = bargain(&session, &base, &sampler, draws, false).expect("a council");
    assert_eq!(once, bargain(&session, &base, &sampler, draws, false).expect("a council"));
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
