//! Councils over their priors: drivers, flips, coalitions and verdicts that can be worked out by hand.

mod support;

use detente_answer::council::Session;
use detente_answer::ensemble::{Depth, DriverKind, EnsembleStudy, Plan, Table, fragility, study, take};
use detente_answer::shares::Finding;
use detente_answer::verdict::Class;
use detente_solve::Silent;

/// Two actors of weight 1 each, so that the mean lies midway; the median is a matter of who is first.
const PAIR: &str = r#"
game "Two"
param north assumed "x" ~ uniform(60, 100) at 80
param idle assumed "x" ~ uniform(0, 1) at 0.5
council talks "Two" {
  issue rate "Rate" scale 0 "none" to 50 "half" to 100 "all"
  actor North
  actor South
  actor East
  capability assumed "x" =
    | North | 50 |
    | South | 30 |
    | East | 20 |
  position assumed "x" =
    | North | north |
    | South | 20 |
    | East | 40 |
  salience out of 100 assumed "x" =
    | North | 100 |
    | South | 100 |
    | East | 100 |
  option models = MODELS
}
claim high "Above half" = settlement(talks, rate) > 45
claim sure "Above a third" = settlement(talks, rate) > 33
claim never "At the top" = settlement(talks, rate) > 99 where north > 70
ask place "Where?" = settlement(talks, rate)
"#;

fn found(models: &str, draws: u64, threads: usize) -> EnsembleStudy {
    let model = support::model(&PAIR.replace("MODELS", models));
    let session = Session::new(&model, &[]).expect("known theories");
    let depth = Depth { plan: Plan { draws, seed: 7, threads }, points: 64, flips: true };
    study(&session, &depth, &Silent).expect("a council")
}

#[test]
fn the_mean_moves_with_half_of_the_strongest() {
    let study = found("mean", 400, 1);
    let issue = &study.councils[0].issues[0];
    // 0.5 * 80 + 0.3 * 20 + 0.2 * 40.
    assert!((issue.base[0].expect("a mean") - 54.0).abs() < 1e-9);
    let spread = issue.spreads[0].expect("draws");
    assert!(spread.low > 44.0 && spread.high < 64.0 && (spread.middle - 54.0).abs() < 2.0, "{spread:?}");
    // One theory: no doubt about theories to speak of.
    assert_eq!(issue.doubt, None);
    let drivers = issue.drivers.as_ref().expect("something moves it");
    assert_eq!(drivers.theory, None);
    assert_eq!(drivers.inputs[0].param, "north");
    assert!((drivers.inputs[0].total.raw() - 1.0).abs() < 0.15, "{drivers:?}");
    // The other parameter is in no formula: it must not be told as a finding.
    assert_eq!(drivers.inputs[1].total.estimate(), None);
    assert_eq!(drivers.inputs[1].first.and_then(|first| first.estimate()), None);
}

#[test]
fn claims_are_decided_per_theory_and_over_draws() {
    let study = found("mean", 400, 1);
    let [high, sure, never] = &study.claims[..] else { panic!("three claims") };
    assert_eq!((high.base_class, sure.finding), (Class::TrueInAll, Finding::Holds));
    assert_eq!(never.finding, Finding::Fails);
    assert!(never.used < 400 && never.used > 200);
    // The mean is 14 + north / 2: it reaches 45 where north is 62.
    let tip = &high.tipping[0];
    assert_eq!(tip.param, "north");
    assert!((tip.value - 62.0).abs() < 0.05, "{tip:?}");
    assert!(sure.tipping.is_empty());
}

#[test]
fn flips_and_the_weakest_link_of_the_mean() {
    let study = found("mean", 50, 1);
    let issue = &study.councils[0].issues[0];
    let flips = issue.flips.as_ref().expect("positions move the mean");
    let position = |name: &str| flips.pulls.iter().find(|p| p.actor == name && p.quantity == "position");
    // 4 points below: North must give up 8, South 13.3, East 20.
    let to = |name: &str| position(name).and_then(|p| p.to[0]).expect("it moves the mean");
    assert!((to("North") - 72.0).abs() < 0.05 && (to("South") - 6.67).abs() < 0.05, "{flips:?}");
    assert_eq!(flips.wanted[0].as_deref(), Some("at most 50"));
    let coalition = issue.coalition.as_ref().expect("North holds it above half");
    assert!(coalition.above && coalition.members.len() == 1);
    assert_eq!(coalition.members[0].actor, "North");
    assert!((coalition.weight - 0.5).abs() < 1e-9);
    // Shapley and Shubik (1954): of weights 50, 30, 20 with more than 50 needed, the first has 4 of 6 orders.
    let power: Vec<f64> = issue.power.iter().map(|p| p.shapley_shubik).collect();
    assert!((power[0] - 4.0 / 6.0).abs() < 1e-9 && (power[1] - 1.0 / 6.0).abs() < 1e-9, "{power:?}");
}

/// A parameter that is in no formula shares in what the one it is tied to does: about half of the squared
/// correlation (Iooss and Prieur 2019, for normal inputs). All shares sum to 1.
#[test]
fn tied_parameters_have_shapley_effects() {
    let text = format!("{}correlate north, idle = 0.8\n", PAIR.replace("MODELS", "mean"));
    let model = support::model(&text);
    let session = Session::new(&model, &[]).expect("known theories");
    let depth = |threads| Depth { plan: Plan { draws: 300, seed: 7, threads }, points: 1600, flips: false };
    let found = study(&session, &depth(1), &Silent).expect("a council");
    let drivers = found.councils[0].issues[0].drivers.as_ref().expect("something moves it");
    assert_eq!((drivers.kind, drivers.points, drivers.left_out), (DriverKind::Shapley, 800, 0));
    let of = |name: &str| drivers.inputs.iter().find(|d| d.param == name).expect(name);
    assert!(drivers.inputs.iter().all(|d| d.first.is_none()));
    let (north, idle) = (of("north").total.raw(), of("idle").total.raw());
    assert!((north + idle - 1.0).abs() < 1e-9);
    assert!((idle - 0.32).abs() < 0.1, "{idle}");
    assert_eq!(found, study(&session, &depth(3), &Silent).expect("a council"));
}

/// 54 is the mean: North must go below 72 for it to leave the upper half, East below 20, South cannot alone.
#[test]
fn a_named_coalition_has_power_as_one_voter_and_a_weakest_link() {
    let model = support::model(&PAIR.replace("MODELS", "mean"));
    let coalition = ("coalition".to_string(), vec!["North".to_string(), "East".to_string()]);
    let session = Session::new(&model, &[coalition]).expect("actors of the council");
    let depth = |threads| Depth { plan: Plan { draws: 120, seed: 7, threads }, points: 0, flips: true };
    let found = study(&session, &depth(1), &Silent).expect("a council");
    let bloc = found.councils[0].issues[0].bloc.clone().expect("it is named");
    assert_eq!((bloc.members.as_slice(), bloc.above), (&["North".to_string(), "East".to_string()][..], true));
    // 70 of 100 carry every vote: as one they are a dictator, apart they have 4/6 and 1/6.
    assert!((bloc.weight - 0.7).abs() < 1e-9 && (bloc.shapley_shubik - 1.0).abs() < 1e-12);
    assert!((bloc.apart - 5.0 / 6.0).abs() < 1e-12 && (bloc.banzhaf - 1.0).abs() < 1e-12);
    let link = &bloc.links[0];
    assert_eq!((link.broken, link.weakest.as_deref()), (Some(false), Some("North")));
    assert!((link.inducement.expect("8 points") - 8.0).abs() < 0.1, "{link:?}");
    // The mean is 14 + north / 2: below half for north < 72, three draws in ten.
    let broken = link.broken_share.expect("draws");
    assert!((broken - 0.3).abs() < 0.12 && link.unbreakable_share == Some(0.0), "{link:?}");
    assert!((link.weakest_share[0] + broken - 1.0).abs() < 1e-9 && link.weakest_share[1] == 0.0);
    assert!(link.spread.is_some_and(|s| s.high < 28.1));
    assert_eq!(found, study(&session, &depth(3), &Silent).expect("a council"));
    assert!(Session::new(&model, &[("coalition".into(), vec!["West".into()])]).is_err());
}

#[test]
fn doubt_about_theories_is_kept_apart() {
    let study = found("mean, median, spatial", 300, 2);
    let issue = &study.councils[0].issues[0];
    let doubt = issue.doubt.expect("three theories");
    assert!(doubt.share_of_theories > 0.0 && doubt.share_of_theories < 1.0, "{doubt:?}");
    assert!(doubt.over_theories.0 < doubt.over_theories.1);
    let theory = issue.drivers.as_ref().and_then(|d| d.theory.clone()).expect("three theories");
    assert!(theory.total.estimate().is_some(), "{theory:?}");
}

#[test]
fn threads_change_no_bit() {
    let model = support::model(&PAIR.replace("MODELS", "mean, median, eu_sure, spatial, exchange"));
    let session = Session::new(&model, &[]).expect("known theories");
    let table = Table::new(&model).expect("no correlations");
    let one = take(&session, &table, &Plan { draws: 100, seed: 3, threads: 1 }, &Silent);
    let four = take(&session, &table, &Plan { draws: 100, seed: 3, threads: 4 }, &Silent);
    assert_eq!(one, four);
    assert_eq!(one.len(), 100);
    let longer = take(&session, &table, &Plan { draws: 120, seed: 3, threads: 2 }, &Silent);
    assert_eq!(longer[..100], one[..]);
    assert_eq!(found("mean, spatial", 60, 1), found("mean, spatial", 60, 3));
}

/// Two of equal weight, each with a normal wish: the mean crosses its line where both give way alike.
const PULLED: &str = r#"
game "Pulled"
param north assumed "x" ~ normal(60, 10) at 60
param south assumed "x" ~ normal(60, 10) at 60
param idle assumed "x" ~ uniform(0, 1) at 0.5
council talks "Two" {
  issue rate "Rate" scale 0 "none" to 50 "half" to 100 "all"
  actor North
  actor South
  capability assumed "x" =
    | North | 50 |
    | South | 50 |
  position assumed "x" =
    | North | max(0, min(100, north)) |
    | South | max(0, min(100, south)) |
  salience out of 100 assumed "x" =
    | North | 100 |
    | South | 100 |
  option models = mean
}
claim high "Above half" = settlement(talks, rate) > 50
claim sum "Of weight" = power(talks, rate, North, South) > 0.5
claim elsewhere "Where North is weak" = settlement(talks, rate) > 50 where north < 50
"#;

#[test]
fn the_nearest_joint_change_of_a_mean_is_that_of_a_plane() {
    let model = support::model(PULLED);
    let session = Session::new(&model, &[]).expect("known theories");
    let plan = Plan { draws: 300, seed: 7, threads: 2 };
    let [high, sum, elsewhere] = &fragility(&session, &plan, &Silent).expect("a council")[..] else {
        panic!("three claims")
    };
    // (north + south) / 2 = 50 is a line at distance 10 · √2 / 10 from (60, 60), in standard deviations.
    let joint = high.joint.as_ref().expect("a change");
    assert!((joint.distance - std::f64::consts::SQRT_2).abs() < 0.03, "{joint:?}");
    assert_eq!((joint.moves.len(), joint.becomes), (2, Class::FalseInAll));
    // One alone must go down by 20, which is two standard deviations.
    let alone = high.weakest().expect("one alone does it");
    assert!((alone.below.expect("downwards") - 40.0).abs() < 0.1 && alone.above.is_none(), "{alone:?}");
    assert!((alone.deviations.expect("a spread") - 2.0).abs() < 0.02);
    // What holds whatever the numbers has no flip, and what does not speak of the base values none either.
    assert_eq!((sum.class, &sum.joint, sum.weakest()), (Class::TrueInAll, &None, None));
    assert_eq!((elsewhere.class, &elsewhere.joint), (Class::Undefined, &None));
}
