//! A sweep says what the draws say one by one, and parts add up to the same bits.

use super::identity::{Run, identity, plain};
use super::row::{Job, Row, rows};
use super::sample::{draws_of, sample, summary_of};
use super::state::State;
use super::summary::summary;
use crate::draws::{Plan, take};
use crate::sampler::{Points, Sampler};
use crate::solved::{all_games, solve};
use crate::study::study;
use detente_game::solution::Concept;
use detente_model::Model;
use detente_solve::{Settings, Silent};

const MODEL: &str = r#"
game "Entry" players Entrant, Incumbent
param f "Cost of a fight" assumed "wide" ~ uniform(-1, 1) at 0.5
param s "Share of tough ones" assumed "wide" ~ uniform(0.05, 0.95) at 0.3
correlate f, s = 0.5 assumed "tough ones fight cheaply"
private Incumbent.kind { tough: s, soft: rest }
outcome out { Entrant: 0, Incumbent: 2 }
outcome shared { Entrant: 1, Incumbent: 1 }
outcome fought { Entrant: -1, Incumbent: if Incumbent.kind == tough then 1.5 else -f }
play {
  Entrant chooses entry { stay => end out, enter }
  Incumbent chooses reply { fight => end fought, share => end shared }
}
observe "It enters" on 2020-01-01 Entrant.entry == enter
hypothesis tough "It is tough" prior 0.2 to 0.6 = Incumbent.kind == tough
ask war "How likely is a fight?" = prob(fought)
ask seen "Given entry?" = prob(fought given Entrant.entry == enter)
ask enters "Does it enter?" = prob(Entrant.entry == enter) > 0.5
claim deterred "Entry is deterred" = prob(out) > 0.5
claim often "Entry is deterred where tough ones are many" = prob(out) > 0.5 where s > 0.6
"#;

struct Memory;

impl detente_model::files::Files for Memory {
    fn read(&self, _: &str) -> Result<String, String> {
        Ok(MODEL.into())
    }
}

fn model() -> Model {
    let loaded = detente_model::load(&Memory, "m.det", detente_model::Limits::default());
    loaded.model.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
}

fn state(model: &Model, rows: &[Row]) -> State {
    let mut state = State::new(
        model.game.outcome_keys().len(),
        model.claims.len(),
        model.asks.len(),
        model.hypotheses.len(),
    );
    rows.iter().for_each(|row| state.add(row));
    state
}

fn run(sobol: bool) -> Run {
    Run { seed: 3, sobol, draws: 200, concept: Concept::Sequential, lambda: None, logit: None }
}

#[test]
fn a_random_sweep_says_what_the_study_says() {
    let model = model();
    let sampler = Sampler::new(&model).unwrap();
    let plan = Plan { draws: 200, seed: 3, threads: 1, settings: Settings::default() };
    let known = study(&model, &sampler, 3, &take(&model, &sampler, &plan, &Silent));
    let job = Job::new(&model, &sampler, Points::Random, 3, Settings::default(), &Silent);
    let list = rows(&job, 0, 200, &Silent).unwrap();
    let found = summary(&identity(&model, &sampler, &run(false)), &state(&model, &list));
    assert_eq!(found.refuted, known.refuted);
    assert!((found.effective.unwrap() - known.effective.unwrap()).abs() < 1e-9);
    for (a, b) in found.claims.iter().zip(&known.claims) {
        assert_eq!((a.used, a.columns.len()), (b.used, b.columns.len()));
        for (a, b) in a.columns.iter().zip(&b.columns) {
            assert_eq!((a.true_in_all, a.undefined, a.finding), (b.true_in_all, b.undefined, b.finding));
            assert_eq!(a.weighted.is_some(), b.weighted.is_some());
            let (Some(a), Some(b)) = (&a.weighted, &b.weighted) else { continue };
            for (a, b) in [(a.true_in_all, b.true_in_all), (a.false_in_all, b.false_in_all)] {
                assert!((a.0 - b.0).abs() < 1e-12 && (a.1 - b.1).abs() < 1e-12, "{a:?} {b:?}");
            }
        }
    }
    for (a, b) in found.asks.iter().zip(&known.asks) {
        assert_eq!((a.undefined, a.classes), (b.undefined, b.classes));
        match (&a.pooled, &b.pooled) {
            (Some(a), Some(b)) => {
                assert!(a.low <= b.low + 1e-12 && b.low - a.low < 1e-3, "{a:?} {b:?}");
                assert!(b.high <= a.high + 1e-12 && a.high - b.high < 1e-3, "{a:?} {b:?}");
            }
            (a, b) => assert!(a.is_none() && b.is_none()),
        }
        if let (Some(a), Some(b)) = (a.low, b.low) {
            a.iter().zip(&b).for_each(|(a, b)| assert!((a - b).abs() < 0.03, "{a} {b}"));
        }
    }
    // An outcome's bounds are those of the question about it.
    let war = found.outcomes.iter().find(|o| o.name == "fought").unwrap();
    let asked = found.asks[0].pooled.as_ref().unwrap();
    assert!((war.all.low.value - asked.low).abs() < 1e-3 && (war.all.high.value - asked.high).abs() < 1e-3);
}

#[test]
fn the_draws_of_a_sample_are_those_that_are_taken_one_by_one() {
    let model = model();
    let sampler = Sampler::new(&model).unwrap();
    let plan = Plan { draws: 150, seed: 3, threads: 2, settings: Settings::default() };
    let known = take(&model, &sampler, &plan, &Silent);
    let base = model.game.base_params();
    let point = solve(&model, &base, &all_games(&model), &Settings::default(), &Silent).unwrap();
    let job = Job::near(&sampler, Points::Random, 3, Settings::default(), (&model, &point));
    let rows = sample(&job, 150, 2, &Silent);
    assert_eq!(draws_of(&rows), known);
    // What they say together is what the sweep of the same draws says.
    let id = identity(&model, &sampler, &run(false));
    assert_eq!(summary_of(&id, &rows), summary(&id, &state(&model, &rows)));
    assert!(job.exact_share(64) <= 1.0);
}

#[test]
fn parts_add_up_to_the_same_bits() {
    let model = model();
    let sampler = Sampler::new(&model).unwrap();
    let job = || {
        let points = sampler.sobol(3).unwrap();
        Job::new(&model, &sampler, points, 3, Settings::default(), &Silent)
    };
    let all = rows(&job(), 0, 96, &Silent).unwrap();
    let whole = state(&model, &all);
    let mut merged = state(&model, &[]);
    // Parts of another run of the program, out of order.
    for (from, to) in [(64, 96), (0, 5), (17, 64), (5, 17)] {
        let part = state(&model, &rows(&job(), from, to, &Silent).unwrap());
        let text = serde_json::to_string(&part).unwrap();
        merged.merge(&serde_json::from_str(&text).unwrap());
    }
    assert_eq!(serde_json::to_string(&merged).unwrap(), serde_json::to_string(&whole).unwrap());
    assert_eq!(merged, whole);
}

#[test]
fn an_identity_tells_models_and_runs_apart_but_not_layouts() {
    let one = model();
    let sampler = Sampler::new(&one).unwrap();
    let id = identity(&one, &sampler, &run(true));
    assert_eq!(id.difference(&id.clone()), None);
    struct Text(String);
    impl detente_model::files::Files for Text {
        fn read(&self, _: &str) -> Result<String, String> {
            Ok(self.0.clone())
        }
    }
    let loaded = |text: String| {
        let loaded = detente_model::load(&Text(text), "m.det", detente_model::Limits::default());
        loaded.model.unwrap()
    };
    let (here, there) = (plain(&one), plain(&loaded(format!("// a remark\n\n{MODEL}"))));
    let same = here.bytes().zip(there.bytes()).take_while(|(a, b)| a == b).count();
    let near = |text: &str| text.chars().skip(same.saturating_sub(80)).take(160).collect::<String>();
    assert!(here == there, "{} / {}", near(&here), near(&there));
    let other = |text: String| {
        let model = loaded(text);
        identity(&model, &Sampler::new(&model).unwrap(), &run(true))
    };
    let comment = other(format!("// a remark\n\n{MODEL}"));
    assert_eq!(id.difference(&comment), None);
    let claim = other(MODEL.replace("prob(out) > 0.5 where", "prob(out) > 0.6 where"));
    assert_eq!(id.difference(&claim).unwrap(), "it is of another version of this model");
    let prior = other(MODEL.replace("uniform(-1, 1)", "uniform(-1, 2)"));
    assert!(id.difference(&prior).is_some());
    let seed = identity(&one, &sampler, &Run { seed: 4, ..run(true) });
    assert_eq!(id.difference(&seed).unwrap(), "it has seed 4 instead of 3");
    // Shards cover all blocks once.
    let id = identity(&one, &sampler, &Run { draws: 5000, ..run(true) });
    for n in [1, 3, 7, 100] {
        let list: Vec<u64> = (1..=n).flat_map(|i| id.shard(i, n)).collect();
        assert_eq!(list, (0..id.blocks()).collect::<Vec<_>>());
    }
    assert_eq!(id.block(id.blocks() - 1).to, 5000);
}
