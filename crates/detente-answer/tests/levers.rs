//! Levers against closed forms and against variants that the author declares.

mod support;

use detente_answer::draws::Plan;
use detente_answer::ends::Ends;
use detente_answer::levers::across::across;
use detente_answer::levers::{AS_IS, Inquiry, Lever, Levers, Measure, levers};
use detente_game::{OutcomeId, PlayerId};
use detente_model::Model;
use detente_model::question::{Body, Conditions, Happening, Number, Query, QueryKind};
use detente_solve::{Settings, Silent};
use support::{asked, model, q, solve, values};

/// What a player could do about an outcome, ask or claim.
fn found(model: &Model, player: &str, name: &str, draws: u64, more: Option<bool>) -> Levers {
    let at = model.game.players.iter().position(|p| p.name == player).expect("a player");
    let outcome = model.game.outcomes.iter().position(|o| o.name == name);
    let body = match outcome {
        Some(o) => {
            let kind = QueryKind::Prob(Happening::Outcome(OutcomeId(o as u32)));
            let query = Query { kind, conditions: Conditions::default(), span: Default::default() };
            Body::Number(Number::Query(Box::new(query)))
        }
        None => match model.asks.iter().find(|a| a.name == name) {
            Some(ask) => ask.body.clone(),
            None => Body::Truth(model.claims.iter().find(|c| c.name == name).expect("a claim").body.clone()),
        },
    };
    let inquiry = Inquiry {
        player: PlayerId(at as u32),
        measure: Measure { name: name.into(), label: String::new(), body },
        more,
        params: None,
        threshold: None,
        plan: Plan { draws, seed: 3, threads: 2, settings: Settings::default() },
    };
    levers(model, &inquiry, &Silent).expect("levers")
}

fn lever<'l>(found: &'l Levers, name: &str) -> &'l Lever {
    let names: Vec<&str> = found.levers.iter().map(|l| l.name.as_str()).collect();
    found.levers.iter().find(|l| l.name == name).unwrap_or_else(|| panic!("no {name} in {names:?}"))
}

fn near(found: Option<Ends>, value: f64, within: f64) {
    let e = found.expect("a value");
    assert!((e.low - value).abs() <= within && (e.high - value).abs() <= within, "{e:?}, not {value}");
}

/// One player: act for `gain`, or stay for 0.3.
const ALONE: &str = r#"
game "One decision"
players P "Decides"
param gain "What acting brings" ~ uniform(0, 1) at 0.5 assumed "x"
outcome acted { P: gain }
outcome stayed { P: 0.3 }
play { P chooses move { act => end acted, stay => end stayed } }
"#;

/// With one player a lever does what the decision problem says: 0.3 of all draws stay, and acting there
/// costs the mean of 0.3 - gain.
#[test]
fn for_one_player_levers_are_the_decision_problem() {
    let model = model(ALONE);
    let found = found(&model, "P", "acted", 4000, Some(true));
    near(found.now, 1.0, 0.0);
    near(lever(&found, "forbid P.move == act").effect, -1.0, 0.0);
    near(lever(&found, "forbid P.move == act").own, -0.2, 1e-12);
    near(lever(&found, "do P.move == stay").effect, -1.0, 0.0);
    let bound = lever(&found, "forbid P.move == stay");
    near(bound.effect, 0.0, 0.0);
    let drawn = bound.drawn.as_ref().expect("draws");
    near(Some(drawn.effect), 0.3, 0.03);
    near(Some(drawn.helps), 0.3, 0.03);
    near(Some(drawn.harms), 0.0, 0.0);
    // The stake is 0.3 + 0.2 at the base values: acting brings 0.5, staying 0.3.
    assert!((found.stake - 0.2).abs() < 1e-12);
    near(drawn.own_stakes, -0.045 / 0.2, 0.03);
    // Bound or merely doing it: alone there is nobody to foresee it.
    let done = lever(&found, "do P.move == act");
    assert_eq!(done.drawn.as_ref().map(|d| (d.effect, d.helps)), Some((drawn.effect, drawn.helps)));
    // A high gain, and to be bound to act, do the same for the outcome.
    assert!(found.levers[..3].iter().any(|l| l.name == "gain = 0.95"));
}

/// Dresher's inspection: the violator mixes at cost over harm; whoever commits to inspect stops it.
const INSPECTION: &str = r#"
game "Inspection"
players Inspector "Pays 1 to look; harmed by 4 unless looking", Other "Gains 1 unseen, loses 3 if caught"
outcome quiet { Inspector: 0, Other: 0 }
outcome looked { Inspector: -1, Other: 0 }
outcome harmed { Inspector: -4, Other: 1 }
outcome caught { Inspector: -1, Other: -3 }
play {
  together {
    Inspector chooses look { yes, no }
    Other chooses act { violate, comply }
  }
  if Inspector.look == yes and Other.act == violate { end caught }
  if Inspector.look == yes { end looked }
  if Other.act == violate { end harmed }
  end quiet
}
ask violated = prob(Other.act == violate)
claim rare = prob(Other.act == violate) < 0.1
"#;

#[test]
fn to_commit_is_foreseen_and_to_do_is_not() {
    let model = model(INSPECTION);
    let found = found(&model, "Inspector", "violated", 0, Some(false));
    near(found.now, 0.25, 1e-12);
    near(lever(&found, "forbid Inspector.look == no").effect, -0.25, 1e-12);
    near(lever(&found, "forbid Inspector.look == no").own, 0.0, 1e-12);
    near(lever(&found, "forbid Inspector.look == yes").effect, 0.75, 1e-12);
    near(lever(&found, "forbid Inspector.look == yes").own, -3.0, 1e-12);
    near(lever(&found, "do Inspector.look == yes").effect, 0.0, 1e-12);
    assert_eq!(found.levers[0].name, "forbid Inspector.look == no");
    let policies: Vec<&str> = found.chosen.maximin.iter().map(|k| found.table[*k].policy.as_str()).collect();
    assert_eq!(policies, vec!["forbid Inspector.look == no"]);
    let claim = self::found(&model, "Inspector", "rare", 0, None);
    assert!(claim.statement);
    near(claim.now, 0.0, 0.0);
    near(lever(&claim, "forbid Inspector.look == no").after, 1.0, 0.0);
}

/// The harm hurts the inspector, so less of it is better, and its own payoffs say so.
#[test]
fn the_player_s_own_payoffs_say_which_way_is_better() {
    let model = model(INSPECTION);
    let harm = found(&model, "Inspector", "harmed", 0, None);
    assert!(!harm.more && harm.because.contains("Inspector gets -4 where it happens"), "{}", harm.because);
    assert!(found(&model, "Other", "harmed", 0, None).more);
}

const THREATS: &str = include_str!("../../../docs/first.det");

/// A lever is the variant that its name is written as.
#[test]
fn a_lever_is_the_variant_of_its_name() {
    let variant = "\nvariant firm { forbid Rival.answer == concede }\nask firm_war = prob(war in firm)\n\
                   ask plain_war = prob(war)\n";
    let model = model(&format!("{THREATS}{variant}"));
    let point = solve(&model, &[]);
    let value =
        |name: &str| values(&asked(&model, &point, name))[0].clone().expect("one equilibrium").to_f64();
    let found = found(&model, "Rival", "war", 60, None);
    let firm = lever(&found, "forbid Rival.answer == concede");
    near(firm.after, value("firm_war"), 1e-12);
    near(firm.effect, value("firm_war") - value("plain_war"), 1e-12);
    assert_eq!(found.scenarios, vec!["base values", "bluff", "not bluff"]);
    assert_eq!(found.table[0].policy, AS_IS);
    assert_eq!(found.incomplete, 0);
    assert!(found.levers.iter().all(|l| l.drawn.as_ref().is_some_and(|d| d.used == 60)));
    // Regret is measured against the best policy of the same draw, so the best has none.
    let least =
        found.levers.iter().filter_map(|l| l.drawn.as_ref()).map(|d| d.regret.low).fold(1.0, f64::min);
    assert!((0.0..0.2).contains(&least));
}

/// Two equilibria of a coordination game: no lever has one number where they differ.
#[test]
fn effects_range_over_the_equilibria() {
    let text = r#"
game "Meet"
players A "a", B "b"
outcome here { A: 2, B: 1 }
outcome there { A: 1, B: 2 }
outcome apart { A: 0, B: 0 }
play {
  together { A chooses x { h, t }  B chooses y { h, t } }
  if A.x == h and B.y == h { end here }
  if A.x == t and B.y == t { end there }
  end apart
}
"#;
    let model = model(text);
    let found = found(&model, "A", "here", 0, Some(true));
    assert_eq!(found.now, Some(Ends { low: 0.0, high: 1.0 }));
    let bound = lever(&found, "forbid A.x == t");
    assert_eq!(bound.after, Some(Ends::point(1.0)));
    assert_eq!(bound.effect, Some(Ends { low: 0.0, high: 1.0 }));
    // `do` stays within an equilibrium: where B goes there, A alone changes nothing for the better.
    let done = lever(&found, "do A.x == h").effect.expect("defined");
    assert!(done.low >= 0.0 && done.high > 0.0 && done.high < 1.0, "{done:?}");
}

#[test]
fn rival_models_are_scenarios() {
    let cheap = INSPECTION.replace("Inspector: -4", "Inspector: -2");
    let (one, two) = (model(INSPECTION), model(&cheap));
    let of = |m: &Model| found(m, "Inspector", "violated", 0, Some(false));
    let both = across(&[("four".into(), of(&one)), ("two".into(), of(&two))]).expect("shared levers");
    assert_eq!(both.models, vec!["four", "two"]);
    near(both.table[0].cells[1], 0.5, 1e-12);
    let best = both.chosen.minimax_regret.iter().map(|k| both.table[*k].policy.as_str()).collect::<Vec<_>>();
    assert_eq!(best, vec!["forbid Inspector.look == no"]);
    assert!(across(&[("four".into(), of(&one))]).is_none());
    assert_eq!(q(1, 4).to_f64(), both.table[0].cells[0].expect("a value").low);
}

#[test]
fn threads_change_nothing() {
    let model = model(THREATS);
    let run = |threads: usize| {
        let mut inquiry = Inquiry {
            player: PlayerId(0),
            measure: Measure {
                name: "speaks".into(),
                label: String::new(),
                body: Body::Truth(model.claims[0].body.clone()),
            },
            more: None,
            params: None,
            threshold: None,
            plan: Plan { draws: 20, seed: 5, threads, settings: Settings::default() },
        };
        inquiry.plan.threads = threads;
        levers(&model, &inquiry, &Silent).expect("levers")
    };
    assert_eq!(run(1), run(3));
}

/// A declared lever is the variant of the same changes, and then no number is guessed to be the player's.
#[test]
fn a_declared_lever_is_the_variant_of_its_changes() {
    let first = include_str!("../../../docs/first.det");
    let text = format!(
        "{first}\nlever arming \"Arms that make a climbdown dearer\" assumed \"x\" by Home {{ set a = 0.55 }}\n\
         lever candour \"Home shows its will and makes no empty offer\" by Home {{\n  reveal Home.resolve to Rival\n  \
         set a = 0.4\n}}\nlever firm \"Rival shuts the door\" by Rival {{ forbid Rival.answer == concede }}\n\
         ask armed = prob(war in arming)\nask open = prob(war in candour)\nask shut = prob(war in firm)\n\
         ask plain = prob(war)\n"
    );
    let model = model(&text);
    let point = solve(&model, &[]);
    let number =
        |name: &str| values(&asked(&model, &point, name))[0].clone().expect("one equilibrium").to_f64();
    let home = found(&model, "Home", "war", 50, Some(false));
    for (lever_name, variant) in [("lever arming", "armed"), ("lever candour", "open")] {
        near(lever(&home, lever_name).after, number(variant), 1e-12);
        near(lever(&home, lever_name).effect, number(variant) - number("plain"), 1e-12);
    }
    assert!(home.levers.iter().all(|l| !l.name.starts_with("a = ") && l.name != "lever firm"));
    let rival = found(&model, "Rival", "war", 0, Some(false));
    near(lever(&rival, "lever firm").after, number("shut"), 1e-12);
    assert!(lever(&rival, "lever firm").after == lever(&rival, "forbid Rival.answer == concede").after);
}
