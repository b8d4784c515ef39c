//! A claim of which all shares of variance are known: that one uniform number exceeds another.

use super::{Depth, Effect, design, explain, targets};
use crate::sampler::Sampler;
use crate::sweep::columns::columns;
use crate::sweep::identity::{Run, identity};
use crate::sweep::{Job, rows};
use detente_game::solution::Concept;
use detente_model::Model;
use detente_solve::{Settings, Silent};

const MODEL: &str = r#"
game "Take it" players A
param gain "What it brings" assumed "wide" ~ uniform(0, 1)
param cost "What it costs" assumed "wide" ~ uniform(0, 1)
param noise "Nothing" assumed "wide" ~ uniform(0, 1)
outcome taken { A: gain - cost + 0 * noise }
outcome left { A: 0 }
play { A chooses x { take => end taken, leave => end left } }
claim takes "It is taken" = prob(taken) > 0.5
claim always "Somebody is there" = prob(taken or left) > 0.5
"#;

struct Text(String);

impl detente_model::files::Files for Text {
    fn read(&self, _: &str) -> Result<String, String> {
        Ok(self.0.clone())
    }
}

fn model(text: String) -> Model {
    let loaded = detente_model::load(&Text(text), "m.det", detente_model::Limits::default());
    loaded.model.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
}

fn findings(model: &Model, depth: &Depth) -> Vec<super::Findings> {
    let sampler = Sampler::new(model).unwrap();
    let run =
        Run { seed: 1, sobol: true, draws: 512, concept: Concept::Sequential, lambda: None, logit: None };
    let id = identity(model, &sampler, &run);
    let points = sampler.sobol(1).unwrap();
    let job = Job::new(model, &sampler, points, 1, Settings::default(), &Silent);
    let list = rows(&job, 0, 512, &Silent).unwrap();
    let table = targets(&id, &columns(&id, &list), 0.5);
    let mut found = explain(&table, depth);
    let solves = design(&job, &sampler, &id, depth, &mut found, &Silent).unwrap();
    assert!(solves > 0);
    found
}

fn depth() -> Depth {
    Depth { points: 512, orders: 0, resamples: 50, seed: 1, threads: 2 }
}

fn near(effect: &Effect, truth: f64) {
    assert!((effect.raw() - truth).abs() < 0.08, "{effect:?} {truth}");
}

#[test]
fn shares_of_variance_are_the_known_ones_and_rules_name_what_matters() {
    let found = findings(&model(MODEL.into()), &Depth { orders: 200, ..depth() });
    let takes = found.iter().find(|f| f.name == "takes").unwrap();
    // E[y | gain] = gain, of variance 1/12; that of y is 1/4.
    let sobol = takes.sobol.as_ref().unwrap();
    for row in &sobol[..2] {
        near(&row.first, 1.0 / 3.0);
        near(&row.total, 2.0 / 3.0);
    }
    assert_eq!((sobol[2].first.estimate(), sobol[2].total.estimate()), (None, None));
    let shapley = takes.shapley.as_ref().unwrap();
    near(&shapley[0].effect, 0.5);
    near(&shapley[1].effect, 0.5);
    assert_eq!(shapley[2].effect.estimate(), None);
    let given = takes.given.as_ref().unwrap();
    assert!(given[0].delta.estimate().is_some() && given[2].delta.estimate().is_none(), "{given:?}");
    let said = takes.boxes.iter().chain(&takes.rules).chain(&takes.rules_against);
    let sentences: Vec<&str> = said.map(|s| s.sentence.as_str()).collect();
    assert!(!takes.boxes.is_empty() && !takes.rules.is_empty() && !takes.rules_against.is_empty());
    assert!(sentences.iter().all(|s| s.contains("gain") || s.contains("cost")), "{sentences:?}");
    assert!(sentences[0].starts_with("When ") && sentences[0].contains("`takes` holds in"), "{sentences:?}");
    // What is always true has nothing to explain, and says so.
    let always = found.iter().find(|f| f.name == "always").unwrap();
    assert!(always.sobol.is_none() && always.boxes.is_empty());
    let words = always.notes.join(" ");
    assert!(words.contains("the same in every draw") && words.contains("holds in every draw"), "{words}");
}

#[test]
fn correlated_parameters_get_fair_shares_instead_of_indices() {
    let text = format!("{MODEL}correlate gain, noise = 0.9 assumed \"they go together\"\n");
    let found = findings(&model(text), &depth());
    let takes = found.iter().find(|f| f.name == "takes").unwrap();
    assert!(takes.sobol.is_none());
    let shapley = takes.shapley.as_ref().unwrap();
    let sum: f64 = shapley.iter().map(|r| r.effect.raw()).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    // What does nothing itself gets a share through what it is tied to.
    assert!(shapley[2].effect.estimate().is_some_and(|e| e > 0.05), "{shapley:?}");
}
