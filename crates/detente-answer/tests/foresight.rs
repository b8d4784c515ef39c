//! Forecasts and scores against closed forms.

mod support;

use detente_answer::draws::Plan;
use detente_answer::foresight::score::Rule;
use detente_answer::foresight::{Foresight, Question, Value, foresee, score};
use detente_model::Model;
use detente_solve::{Settings, Silent};
use support::model;

const THREAT: &str = "players Home, Rival
outcome status_quo { Home: 0, Rival: 1 }
outcome win { Home: 1, Rival: 0 }
outcome climbdown { Home: -a, Rival: 1 }
outcome war { Home: if Home.resolve == strong then 0.25 else -0.6, Rival: -0.5 }
private Home.resolve { strong: q, weak: rest }
play {
  Home chooses message { quiet => end status_quo, threat }
  Rival chooses answer { concede => end win, resist }
  Home chooses finish { fight => end war, back_down => end climbdown }
}
observe \"a threat\" on 2031-03-02 Home.message == threat
observe \"firm\" on 2031-03-09 Rival.answer == resist
";

fn found(model: &Model, draws: u64) -> Foresight {
    let plan = Plan { draws, seed: 1, threads: 2, settings: Settings::default() };
    foresee(model, &plan, &Silent).expect("there are draws")
}

fn chance(found: &Foresight, at: usize) -> (f64, f64) {
    match &found.forecasts[at].value {
        Value::Probability(chance) => (chance.low, chance.high),
        other => panic!("{other:?}"),
    }
}

/// The audience-cost game at q = 0.4, a = 0.3: war given a threat is 20/39, given resistance 2/3.
#[test]
fn a_forecast_uses_what_was_known_on_its_day() {
    let text = format!(
        "{THREAT}param q assumed \"x\" = 0.4\nparam a assumed \"x\" = 0.3
forecast before by 2031-12-31 made 2031-03-03 base 0.1 = prob(war given observed)
forecast after by 2031-12-31 made 2031-03-10 base 0.1 = prob(war given observed)
forecast peace by 2031-12-31 made 2031-03-03 = 1 - prob(war given observed)
resolve before no on 2032-01-01
resolve after yes on 2031-12-31
resolve peace void on 2031-12-31
"
    );
    let model = model(&text);
    let found = found(&model, 50);
    assert_eq!(found.draws, 1, "nothing is uncertain");
    let near = |have: (f64, f64), want: f64| {
        assert!((have.0 - want).abs() < 1e-12 && have.0 == have.1, "{have:?} {want}");
    };
    near(chance(&found, 0), 20.0 / 39.0);
    near(chance(&found, 1), 2.0 / 3.0);
    near(chance(&found, 2), 19.0 / 39.0);
    assert_eq!((found.forecasts[0].evidence.len(), found.forecasts[0].left_out.len()), (1, 1));
    assert_eq!((found.forecasts[1].evidence.len(), found.forecasts[1].left_out.len()), (2, 0));

    let questions: Vec<Question> =
        found.forecasts.iter().map(|outlook| Question { model: "m", outlook }).collect();
    let scores = score(&questions).expect("probabilities");
    let loss = |row: usize, rule: Rule| {
        let found = scores.rows[row].losses.iter().find(|l| l.rule == rule).expect("the rule applies");
        (found.value, found.base.expect("a base rate"))
    };
    let near = |have: f64, want: f64| assert!((have - want).abs() < 1e-12, "{have} {want}");
    near(loss(0, Rule::Brier).0, (20.0f64 / 39.0).powi(2));
    near(loss(0, Rule::Brier).1, 0.01);
    near(loss(1, Rule::Log).0, 1.5f64.ln());
    near(loss(1, Rule::Log).1, 10f64.ln());
    assert_eq!(scores.void, ["m.peace"]);
    let brier = &scores.totals[0].comparison;
    near(brier.mean, ((20.0f64 / 39.0).powi(2) + 1.0 / 9.0) / 2.0);
    near(brier.skill.expect("a base that lost"), 1.0 - brier.mean / 0.41);
    let words: Vec<(&str, usize, usize)> = scores
        .calibration
        .iter()
        .filter(|bin| bin.n > 0)
        .map(|bin| (bin.band.label.as_str(), bin.n, bin.hits))
        .collect();
    assert_eq!(words, [("roughly even chance", 1, 0), ("likely", 1, 1)]);
}

/// Over draws a posterior is a ratio of sums, never a mean of ratios.
#[test]
fn draws_are_weighted_by_the_evidence() {
    let text = format!(
        "{THREAT}param q assumed \"x\" ~ discrete(0.2: 0.5, 0.4: rest) at 0.4\nparam a assumed \"x\" = 0.3
forecast strong by 2031-12-31 made 2031-03-03 = prob(Home.resolve == strong given observed)
"
    );
    // A threat: q from the strong, and as often a half of it from the weak (closed form: bluff 1/3).
    let found = found(&model(&text), 4000);
    let (low, high) = chance(&found, 0);
    assert!((low - 2.0 / 3.0).abs() < 1e-9 && low == high, "{low} {high}");
}

/// Four equal cells: CRPS at y = 1/2 is E|X - y| - E|X - X'| / 2 = 1/4 - 5/32.
#[test]
fn numbers_are_scored_by_their_distribution() {
    let text = "players A, B
private A.cost ~ uniform(0, 1) split 4
outcome peace { A: 0, B: 1 }
outcome war { A: A.cost, B: 0 }
play { A chooses move { stop => end peace, go => end war } }
forecast cost by 2031-12-31 made 2031-03-03 base uniform(0, 1) = mean(A.cost)
forecast kinds by 2031-12-31 made 2031-03-03 ordered base { low: 0.2, middle: 0.5, high: rest }
  = { low: prob(A.cost < 0.2), middle: prob(A.cost > 0.2 and A.cost < 0.8), high: rest }
resolve cost 0.5 on 2031-12-31
resolve kinds high on 2031-12-31
";
    let model = model(text);
    let found = found(&model, 1);
    let questions: Vec<Question> =
        found.forecasts.iter().map(|outlook| Question { model: "m", outlook }).collect();
    let scores = score(&questions).expect("probabilities");
    let near = |have: f64, want: f64, slack: f64| assert!((have - want).abs() < slack, "{have} {want}");
    let crps = &scores.rows[0].losses[0];
    near(crps.value, 0.25 - 5.0 / 32.0, 1e-12);
    near(crps.base.expect("a distribution"), 1.0 / 12.0, 1e-4);
    // 1/4, 1/2, 1/4 and the last happened: ranked (1/4)^2 + (3/4)^2.
    let ranked = scores.rows[1].losses.iter().find(|l| l.rule == Rule::RankedProbability).expect("an order");
    near(ranked.value, 0.0625 + 0.5625, 1e-12);
    near(ranked.base.expect("a list"), 0.04 + 0.49, 1e-12);
}

/// Where the equilibria leave a chance open, so is the score, and a gain must hold at its worst.
#[test]
fn an_interval_has_an_interval_of_scores() {
    let text = "players A, B
outcome both { A: 1, B: 1 }
outcome none { A: 1, B: 1 }
outcome miss { A: 0, B: 0 }
play {
  together { A chooses a { x, y }  B chooses b { x, y } }
  if A.a == x and B.b == x { end both } else if A.a == y and B.b == y { end none }
  end miss
}
forecast meet by 2031-12-31 made 2031-03-03 base 0.5 = prob(both)
forecast place by 2031-12-31 made 2031-03-03 base { both: 0.4, none: 0.4, miss: rest }
  = { both: prob(both), none: prob(none), miss: rest }
resolve meet yes on 2031-12-31
resolve place none on 2031-12-31
";
    let model = model(text);
    let found = found(&model, 1);
    let questions: Vec<Question> =
        found.forecasts.iter().map(|outlook| Question { model: "m", outlook }).collect();
    let scores = score(&questions).expect("probabilities");
    let brier = scores.rows[0].losses.iter().find(|l| l.rule == Rule::Brier).expect("a Brier score");
    assert_eq!((brier.range, brier.value), ((0.0, 1.0), 0.25));
    let several = scores.rows[1].losses.iter().find(|l| l.rule == Rule::Brier).expect("a Brier score");
    assert!(several.range.0 < 1e-12 && (several.range.1 - 2.0).abs() < 1e-12, "{several:?}");
    let log = scores.rows[1].losses.iter().find(|l| l.rule == Rule::Log).expect("a log score");
    assert!(log.range.0 == 0.0 && log.range.1.is_infinite(), "{log:?}");
    let total = &scores.totals[0];
    assert_eq!((total.range, total.skill_range), ((0.0, 1.0), Some((-3.0, 1.0))));
    assert!(!total.distinguishable);
    assert_eq!(scores.several_words, 1);
}
