//! Draws, shares, witnesses and flips against thresholds known in closed form.

mod support;

use detente_answer::draws::{Draw, Drawing, Plan, take, take_near};
use detente_answer::examine::{Depth, at_base, examine};
use detente_answer::flip::{Ground, fragility};
use detente_answer::sampler::Sampler;
use detente_answer::shares::Finding;
use detente_answer::solved::{Memory, all_games};
use detente_answer::verdict::Class;
use detente_answer::why::{add_flips, why};
use detente_answer::witness::Place;
use detente_exact::Q;
use detente_prob::families::{normal_cdf, normal_quantile};
use detente_solve::{Settings, Silent};
use support::model;

/// A attacks if and only if p - c > 0; B never minds.
const ATTACK: &str = r#"
game "Attack if it pays"
players A "Attacker", B "Defender"
param p "Chance of winning" ~ uniform(0, 1) at 0.6 assumed "x"
param c "Cost" ~ uniform(0.2, 0.4) at 0.3 assumed "x"
private A.mood "Mood" { bold: p, shy: rest }
outcome war "War" { A: p - c, B: 0 }
outcome peace "Peace" { A: 0, B: 1 }
play {
  A chooses move {
    attack => end war
    wait => end peace
  }
}
observe "It attacked" assumed "x" on 2020-01-01 A.move == attack
hypothesis bold "A is bold" assumed "x" = A.mood == bold
ask war = prob(war)
ask bold_now = prob(A.mood == bold given observed)
claim attacks "A attacks" = prob(war) > 0.5
claim weak_claim "War or peace" = prob(war) + prob(peace) == 1
claim never "War is certain and impossible" = prob(war) > 1
claim only_high "Where p is large" = prob(war) > 0.5 where p >= 0.5
claim nowhere = prob(war) > 0.5 where p >= 2
correlate p, c = 0.5
"#;

fn plan(draws: u64, threads: usize) -> Plan {
    Plan { draws, seed: 7, threads, settings: Settings::default() }
}

#[test]
fn draws_do_not_depend_on_the_number_of_threads() {
    let model = model(ATTACK);
    let sampler = Sampler::new(&model).expect("correlations that fit");
    let one = take(&model, &sampler, &plan(40, 1), &Silent);
    let two = take(&model, &sampler, &plan(40, 2), &Silent);
    assert_eq!(one.len(), 40);
    assert_eq!(one, two);
    assert_eq!(one[..10], take(&model, &sampler, &plan(10, 2), &Silent)[..]);
}

#[test]
fn draws_do_not_depend_on_the_order_in_which_they_are_taken() {
    let model = model(ATTACK);
    let sampler = Sampler::new(&model).expect("correlations that fit");
    let point = at_base(&model, &plan(40, 1), &Silent).expect("a game");
    let in_order = take_near(&model, &sampler, &plan(40, 2), &point, &Silent);
    let drawing = Drawing::new(&model, &sampler, &Settings::default(), Some(&point));
    // 17 and 40 have no common factor, so every draw is taken once.
    for index in (0..40u64).map(|k| (17 * k + 5) % 40) {
        let alone = drawing.block(&sampler, &plan(1, 1), (index, index + 1), &Silent).swap_remove(0);
        assert_eq!(alone, in_order[index as usize]);
        let bits = |d: &Draw| d.values.iter().map(|v| v.to_bits()).collect::<Vec<u64>>();
        assert_eq!(bits(&alone), bits(&in_order[index as usize]));
    }
}

#[test]
fn shares_witnesses_and_flips_find_the_threshold() {
    let model = model(ATTACK);
    let plan = plan(300, 2);
    let point = at_base(&model, &plan, &Silent).expect("a game");
    let found = examine(&model, &point, &Depth { plan, robustness: true }, &Silent).expect("findings");
    let study = found.study.as_ref().expect("draws");
    assert_eq!((study.draws, study.incomplete), (300, 0));
    let column = |k: usize| &study.claims[k].columns[0];
    // P(p > c) = 0.7.
    let share = column(0).true_in_all as f64 / 300.0;
    assert!((share - 0.7).abs() < 0.08, "{share}");
    assert_eq!(column(0).finding, Finding::Depends);
    assert_eq!(column(1).finding, Finding::Holds);
    assert_eq!(column(2).finding, Finding::Fails);
    assert_eq!(column(3).finding, Finding::Holds);
    assert_eq!(study.claims[4].used, 0);
    assert_eq!(column(4).finding, Finding::Vacuous);
    // Where it did not attack, the observation refutes the draw; so it attacked in all that are left.
    assert_eq!(study.refuted, Some(column(0).false_in_all + column(0).undefined));
    let weighted = column(0).weighted.as_ref().expect("observations");
    assert_eq!(weighted.true_in_all, (1.0, 1.0));
    let effective = study.effective.expect("observations");
    assert!((effective - column(0).true_in_all as f64).abs() < 1e-6);
    // The pooled posterior is the mean of p where p > c, about 0.65; the prior mean is 0.5.
    let bold = &study.hypotheses[0];
    assert!(bold.low == bold.high && (0.6..0.7).contains(&bold.low), "{bold:?}");
    assert_eq!(study.asks[1].pooled.as_ref().map(|p| p.low), Some(bold.low));
    assert_eq!(study.claims[0].drivers[0].param, "p");

    let witness = found.claims[0].witness.as_ref().expect("p below c");
    assert_eq!(witness.place, Place::Corner);
    // The cost stays at its base value, as the chance alone suffices.
    assert!(witness.in_all && witness.params.len() == 1, "{:?}", witness.params);
    assert!(witness.params[0].0 == "p" && witness.params[0].1 < Q::new(3, 10));
    assert!(found.claims[1].witness.is_none(), "a tautology has no witness");
    assert_eq!(found.claims[2].witness.as_ref().map(|w| w.place), Some(Place::Base));
    let flips = &found.claims[0].flips;
    assert_eq!((flips[0].param.as_str(), flips[0].above), ("p", None));
    assert!((flips[0].below.expect("p falls to c") - 0.3).abs() < 1e-3, "{flips:?}");
    assert_eq!(flips[1].nearest(), None, "no cost in its range reaches 0.6");

    let json = serde_json::to_string(&found).expect("plain data");
    let back: detente_answer::examine::Findings = serde_json::from_str(&json).expect("its own JSON");
    assert_eq!(back, found);
}

#[test]
fn an_explanation_names_the_change_that_ends_the_choice() {
    let model = model(ATTACK);
    let plan = plan(0, 1);
    let point = at_base(&model, &plan, &Silent).expect("a game");
    let mut list = why(&point.hands(), model.find_event("A.move").expect("a decision"));
    let games = all_games(&model);
    let settings = &plan.settings;
    let sampler = Sampler::new(&model).expect("correlations that fit");
    let memory = Memory::of(&point);
    let ground = Ground::new(&model, &sampler, &games, settings, &memory, 2, &Silent);
    add_flips(&mut list, &ground, 1, &Silent);
    assert!(list.iter().all(|w| w.flips.iter().any(|f| f.nearest().is_some_and(|x| (x - 0.3).abs() < 1e-3))));
}

/// Stops at once.
struct Stop;

impl detente_solve::Progress for Stop {
    fn keep_going(&self, _done: f64) -> bool {
        false
    }
}

#[test]
fn a_cancelled_study_keeps_no_draw_that_was_cut_short() {
    let model = model(ATTACK);
    let sampler = Sampler::new(&model).expect("correlations that fit");
    assert!(take(&model, &sampler, &plan(50, 2), &Stop).is_empty());
}

#[test]
fn the_least_joint_change_is_that_of_the_closed_form_and_the_proof_comes_near_it() {
    let model = model(ATTACK);
    let claims: Vec<_> = model.claims.iter().collect();
    let settings = Settings::default();
    let found = fragility(&model, &claims, &settings, 2, &Silent).expect("a game");
    assert_eq!(found, fragility(&model, &claims, &settings, 1, &Silent).expect("a game"));
    let attacks = &found[0];
    let joint = attacks.joint.as_ref().expect("p falls or c rises");
    // The attack ends where p = c: with p uniform on [0, 1] and c on [0.2, 0.4], over all scores of c.
    // A rank correlation of 1/2 is one of 2 sin(pi / 12) between scores.
    let start = normal_quantile(0.6);
    let tie = 2.0 * (std::f64::consts::PI / 12.0).sin();
    let distance = |z: f64| {
        let p = normal_quantile(0.2 + 0.2 * normal_cdf(z)) - start;
        ((p * p - 2.0 * tie * p * z + z * z) / (1.0 - tie * tie)).sqrt()
    };
    let closest = (-4000..4000).map(|k| distance(f64::from(k) / 1000.0)).fold(f64::INFINITY, f64::min);
    assert!((joint.distance - closest).abs() < 0.01, "{} {closest}", joint.distance);
    // The tipped point has short numbers, lies just behind, and was solved there.
    assert_eq!(joint.becomes, Class::FalseInAll);
    let to = |name: &str| joint.moves.iter().find(|m| m.param == name).map(|m| m.to).expect("both move");
    assert!(to("p") < to("c") && to("c") - to("p") < 0.03, "{:?}", joint.moves);
    let steady = attacks.steady.expect("one condition, nearly straight");
    assert!(steady < closest && steady > 0.4 * closest, "{steady} {closest}");
    // What no parameter changes is safe as far as proofs are looked for.
    assert_eq!((found[1].joint.as_ref(), found[1].weakest()), (None, None));
}
