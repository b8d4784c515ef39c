//! The value of information against closed forms: decision problems, and a game in which knowing hurts.

mod support;

use detente_answer::draws::Plan;
use detente_answer::ends::Ends;
use detente_answer::voi::{Voi, voi};
use detente_game::PlayerId;
use detente_model::Model;
use detente_prob::families::{normal_cdf, normal_density};
use detente_solve::{Settings, Silent};
use support::{asked, model, solve, values};

fn found(model: &Model, player: &str, draws: u64) -> Voi {
    let at = model.game.players.iter().position(|p| p.name == player).expect("a player");
    let plan = Plan { draws, seed: 11, threads: 2, settings: Settings::default() };
    voi(model, PlayerId(at as u32), &plan, &Silent).expect("a value")
}

fn near(e: Ends, value: f64, within: f64) {
    assert!((e.low - value).abs() <= within && (e.high - value).abs() <= within, "{e:?}, not {value}");
}

/// The mean gain of a choice between a normal number and 0, over taking it always (mean above 0).
fn unit_loss(mean: f64, sd: f64) -> f64 {
    sd * normal_density(mean / sd) - mean * normal_cdf(-mean / sd)
}

/// Raiffa and Schlaifer's linear decision: act for the sum of two normal numbers, or stay for 0.
#[test]
fn perfect_information_of_a_linear_decision_is_the_normal_loss() {
    let model = model(
        r#"
game "Invest"
players P "Decides"
param large ~ normal(0.1, 0.4) at 0.1 assumed "x"
param small ~ normal(0.1, 0.05) at 0.1 assumed "x"
param idle ~ normal(0, 1) at 0 assumed "x"
outcome acted { P: large + small + 0 * idle }
outcome stayed { P: 0 }
play { P chooses move { act => end acted, stay => end stayed } }
"#,
    );
    let found = found(&model, "P", 3000);
    let worth = |name: &str| {
        found.params.iter().find(|p| p.name == name).and_then(|p| p.private.clone()).expect("a private value")
    };
    let all = found.everything.clone().expect("a value");
    near(all.value, unit_loss(0.2, (0.4f64 * 0.4 + 0.05 * 0.05).sqrt()), 1.5 * all.error);
    let large = worth("large");
    assert!(large.distinguishable);
    near(large.value, unit_loss(0.2, 0.4), 1.5 * large.error);
    assert!(large.value.high <= all.value.high + 1e-9);
    // The true value of `small` is 5e-7 and that of `idle` is 0: no finding, and never below 0.
    for name in ["small", "idle"] {
        let worth = worth(name);
        assert!(!worth.distinguishable && worth.value.low >= 0.0, "{name} {worth:?}");
    }
    assert_eq!(found.params[0].name, "large");
    assert_eq!(found.plan.first().map(|(_, a)| a.as_str()), Some("act"));
    // With one player nobody reacts: openly is quietly, with the other numbers at their base values.
    let public = found.params[0].public.expect("a public value");
    near(public, unit_loss(0.2, 0.4), 0.004);
    // Over the other numbers: the mean of the loss over `small`, with an error that shows its spread.
    let drawn = found.params[0].public_drawn.as_ref().expect("draws of the others");
    let steps = 400;
    let mean: f64 = (0..steps)
        .map(|k| {
            0.1 + 0.05 * detente_prob::families::normal_quantile((f64::from(k) + 0.5) / f64::from(steps))
        })
        .map(|small| if 0.1 + small > 0.0 { unit_loss(0.1 + small, 0.4) } else { 0.0 })
        .sum::<f64>()
        / f64::from(steps);
    assert!(drawn.error > 0.0 && drawn.error < 0.02, "{drawn:?}");
    near(drawn.mean, mean, 1.5 * drawn.error + 0.004);
}

/// A uniform number from -1 to 2 against 0: knowing it is worth 2/3 - 1/2.
#[test]
fn a_uniform_number_is_worth_a_sixth() {
    let model = model(
        r#"
game "Take it"
players P "Decides"
param gain ~ uniform(-1, 2) at 0.5 assumed "x"
outcome taken { P: gain }
outcome left { P: 0 }
play { P chooses move { take => end taken, leave => end left } }
"#,
    );
    let found = found(&model, "P", 3000);
    let private = found.params[0].private.clone().expect("a value");
    near(private.value, 1.0 / 6.0, 1.5 * private.error);
    // Cells of the prior have one value each: the cell around 0 loses a little.
    near(found.params[0].public.expect("a value"), 1.0 / 6.0, 0.002);
    assert!(found.everything.expect("a value").changes.low > 0.28);
}

/// Kamien, Tauman and Zamir, "On the value of information in a strategic conflict", 1990: two players
/// guess a card, one after the other. Equal guesses bring 2 each; else the right one gets 6. Without
/// knowledge the second guesses otherwise, 3 each; if the first is known to know, the second repeats.
const CARD: &str = r#"
game "A guess in public"
players First "Guesses first", Second "Hears it", Dealer "Holds the card"
private Dealer.card { red: 1/2, black: rest }
outcome same { First: 2, Second: 2, Dealer: 0 }
outcome first_right { First: 6, Second: 0, Dealer: 0 }
outcome second_right { First: 0, Second: 6, Dealer: 0 }
play {
  First chooses guess { red, black }
  Second chooses reply { red, black }
  if First.guess == Second.reply { end same }
  if First.guess == Dealer.card { end first_right }
  end second_right
}
"#;

#[test]
fn to_know_the_card_quietly_is_worth_three_and_openly_costs_one() {
    let model = model(CARD);
    let first = found(&model, "First", 0);
    near(first.value_now.expect("a value"), 3.0, 1e-9);
    let fact = &first.facts[0];
    assert_eq!(fact.name, "Dealer.card");
    near(fact.private.expect("a value"), 3.0, 1e-9);
    near(fact.to_player.base.expect("a value"), -1.0, 1e-9);
    near(fact.to_all.as_ref().and_then(|p| p.base).expect("a value"), -1.0, 1e-9);
    // The second gains nothing in the open either; quietly it takes 6 whenever the first is wrong.
    let second = found(&model, "Second", 0);
    near(second.facts[0].private.expect("a value"), 1.0, 1e-9);
    assert!(second.everything.is_none() && second.params.is_empty());
}

/// Telling a fact on the flat game is `reveal` in the language.
#[test]
fn openly_is_the_variant_that_reveals() {
    let text = include_str!("../../../docs/first.det");
    let variant = "\nvariant open { reveal Home.resolve to Rival }\nask openly = value(Rival in open)\n\
                   ask plainly = value(Rival)\n";
    let model = model(&format!("{text}{variant}"));
    let point = solve(&model, &[]);
    let value =
        |name: &str| values(&asked(&model, &point, name))[0].clone().expect("one equilibrium").to_f64();
    let found = found(&model, "Rival", 400);
    let fact = &found.facts[0];
    near(fact.to_player.base.expect("a value"), value("openly") - value("plainly"), 1e-12);
    assert!(fact.to_all.is_none());
    assert!(fact.private.is_some_and(|e| e.low > 0.0));
    let drawn = fact.private_drawn.as_ref().expect("draws");
    assert!(drawn.mean.low > drawn.error && drawn.negative.high == 0.0);
    // Knowing the fact is never worth less quietly than nothing; no parameter is worth less than 0.
    assert!(found.params.iter().filter_map(|p| p.private.as_ref()).all(|w| w.value.low >= 0.0));
    assert!(found.indicators.iter().any(|i| i.event == "Home.finish"));
}
