//! Random draws of whole models: the same set of equilibria as the exact path, or the draw is sent there.

mod common;

use common::cases::{Model, models, values, written};
use detente_batch::{Batch, Block, LANES, Why, Work, signature};
use detente_exact::Q;
use detente_game::solution::Concept;
use detente_solve::{Settings, Silent, solve};
use std::collections::BTreeMap;

/// Compares draws of one model; returns how many were settled and why the others were not.
fn compare(model: &Model, draws: u64) -> (u64, BTreeMap<Why, u64>) {
    let game = model.game();
    let whole = Batch::with_constants(game, Concept::Sequential, &Block::new(game), &model.own)
        .expect("probabilities that sum to 1");
    let drawn = |index: u64| values(game, 5, index).into_iter().filter(|(p, _)| !model.own.contains(p));
    let mut work = Work::default();
    let (mut settled, mut sent) = (0, BTreeMap::new());
    for start in (0..draws).step_by(LANES) {
        let mut block = Block::new(game);
        for lane in 0..LANES {
            for (p, v) in drawn(start + lane as u64) {
                block.set(p, lane, v);
            }
        }
        whole.load(&block, &mut work);
        for lane in 0..LANES.min((draws - start) as usize) {
            let found = match whole.solve(&work, lane) {
                Ok(found) => found,
                Err(why) => {
                    *sent.entry(why).or_default() += 1;
                    continue;
                }
            };
            settled += 1;
            let mut params = game.base_params();
            for (p, v) in drawn(start + lane as u64) {
                params[p] = Q::from_f64(v).expect("draws are finite");
            }
            let Ok(numbers) = game.numbers(&params) else { panic!("no game at a settled draw") };
            let solution = solve(game, &numbers, &Settings::default(), &Silent);
            let place = format!("{}, draw {}", model.name, start + lane as u64);
            assert!(solution.unresolved.is_empty(), "{place}: {:?}", solution.unresolved);
            let mine: Vec<Vec<u64>> =
                found.equilibria.iter().map(|e| e.plays.iter().map(|p| p.used()).collect()).collect();
            let theirs: Vec<_> = solution.components.iter().map(|c| (&c.profile, &c.free)).collect();
            assert_eq!(found.signature(), signature(&solution), "{place}: {mine:?} {theirs:?}");
            common::cases::inside(&found, &solution, &place);
        }
    }
    (settled, sent)
}

#[test]
fn the_case_of_europe() {
    let (mut report, mut low) = (String::new(), false);
    for model in models("cases/europe-2022") {
        let draws = 96;
        let (settled, sent) = compare(&model, draws);
        report.push_str(&format!("{}: {settled} of {draws} settled, {sent:?}\n", model.name));
        // The later models have ties by design, and other shapes.
        let early = ["s1", "s2", "s3", "s4", "s5"].iter().any(|s| model.name.starts_with(s));
        low |= early && settled * 100 < draws * 99;
    }
    println!("{report}");
    assert!(!low, "{report}");
}

#[test]
fn the_classics_and_crises() {
    let mut report = String::new();
    let mut settled_in = 0;
    for folder in ["models/classics", "models/crises"] {
        for model in models(folder) {
            let (settled, sent) = compare(&model, 32);
            settled_in += u64::from(settled > 0);
            report.push_str(&format!("{}: {settled} of 32 settled, {sent:?}\n", model.name));
        }
    }
    println!("{report}");
    assert!(settled_in >= 4, "{report}");
}

#[test]
fn random_games_of_every_kind() {
    use common::cases::random_models;
    let mut report = String::new();
    let mut settled_in = 0;
    for model in random_models() {
        let (settled, sent) = compare(&model, 32);
        settled_in += u64::from(settled > 16);
        report.push_str(&format!("{}: {settled} of 32 settled, {sent:?}\n", model.name));
    }
    println!("{report}");
    assert!(settled_in >= 40, "{report}");
}

/// Words that cost nothing, said by two or three kinds who all want the same: alone, and before other things.
#[test]
fn free_talk_is_one_component() {
    // The exact path takes its time over three kinds with three words.
    for (kinds, words, draws) in [(2, 2, 96), (2, 3, 32), (3, 2, 32), (3, 3, 4)] {
        let names = ["low", "middle", "high"];
        let chances = ["a", "b", "rest"];
        let arms: Vec<String> = (0..kinds)
            .map(|k| format!("{}: {}", names[k], if k + 1 == kinds { "rest" } else { chances[k] }))
            .collect();
        let said: Vec<String> = (0..words).map(|w| format!("word{w}")).collect();
        let text = format!(
            r#"
game "Free talk"
players S "Speaks", R "Answers"
param a ~ uniform(0.1, 0.5) at 0.3 assumed "x"
param b ~ uniform(0.1, 0.4) at 0.3 assumed "x"
param low ~ uniform(-1, 1) at 0.5 assumed "x"
param middle ~ uniform(-1, 1) at 0.5 assumed "x"
param high ~ uniform(-1, 1) at -0.5 assumed "x"
param eager ~ uniform(0.1, 1) at 0.5 assumed "x"
outcome out {{ S: 0.2, R: 0 }}
outcome refused {{ S: 0, R: 0 }}
outcome granted {{
  S: (if kind == low then eager else 1)
  R: (if kind == low then low else if kind == high then high else middle)
}}
play {{
  S chooses enter {{ stay => end out, enter }}
  chance kind seen by S {{ {} }}
  S chooses word {{ {} }}
  R chooses reply {{ grant => end granted, refuse => end refused }}
}}
"#,
            arms.join(", "),
            said.join(", ")
        )
        .replace("kind == high", if kinds == 3 { "kind == high" } else { "kind == middle" });
        let model = written(&format!("{kinds} kinds, {words} words"), &text);
        let (settled, sent) = compare(&model, draws);
        assert!(settled + 1 >= draws, "{}: {settled}, {sent:?}", model.name);
    }
}

/// Free talk as a variant has it: what it sets to nothing costs nothing.
#[test]
fn free_talk_by_a_variant() {
    let narratives = models("cases/plan-b-2024").into_iter().filter(|m| m.name.starts_with("s9"));
    for model in narratives {
        let (settled, sent) = compare(&model, 64);
        println!("{}: {settled}, {sent:?}", model.name);
        assert!(settled >= 60, "{}: {settled}, {sent:?}", model.name);
    }
}

/// Units sent to places at once, where a chance of getting one's way cannot leave 0 and 1: many moves are as
/// good as others in a draw, and which ones changes from draw to draw.
#[test]
fn chances_that_are_capped_tie_moves() {
    let (mut report, mut all) = (String::new(), 0);
    for (places, units) in [(2, 2), (2, 3), (3, 1), (3, 2)] {
        for lowest in ["0.1", "0.5", "0.9"] {
            let model = written(
                &format!("{places} places, {units} units, edge from {lowest}"),
                &contest(places, units, lowest),
            );
            let (settled, sent) = compare(&model, 96);
            all += settled;
            report.push_str(&format!("{}: {settled} of 96, {sent:?}\n", model.name));
        }
    }
    assert!(all >= 700, "{report}");
}

/// Two sides send units to places; a unit more than the other raises the chance by the edge.
fn contest(places: usize, units: usize, lowest: &str) -> String {
    let mut plans: Vec<Vec<usize>> = vec![vec![]];
    for _ in 0..places {
        plans = plans.iter().flat_map(|p| (0..=units).map(|n| [&p[..], &[n]].concat())).collect();
    }
    plans.retain(|p| p.iter().sum::<usize>() == units);
    let names: Vec<String> = (0..plans.len()).map(|k| format!("plan{k}")).collect();
    let sent = |side: &str, place: usize| {
        let arms: String = (1..plans.len())
            .map(|k| format!("if {side}.plan == plan{k} then {} else ", plans[k][place]))
            .collect();
        format!("fn {}{place}() = {arms}{}\n", side.to_lowercase(), plans[0][place])
    };
    let mut text = format!(
        "game \"Contest\"\nplayers A \"Attacks\", B \"Bars the way\"\n\
         param edge ~ uniform({lowest}, 1.2) at 1 assumed \"x\"\n\
         param force ~ uniform(0.5, 1.5) at 0.8 assumed \"x\"\n\
         param cost ~ uniform(0, 0.3) at 0.1 assumed \"x\"\n"
    );
    for place in 0..places {
        text += &format!("param worth{place} ~ uniform(0.2, 1) at 0.{} assumed \"x\"\n", 4 + place);
        text += &format!("param harm{place} ~ uniform(0.2, 1) at 0.{} assumed \"x\"\n", 8 - place);
        text += &sent("A", place);
        text += &sent("B", place);
        text +=
            &format!("fn way{place}() = max(0, min(1, 1 / 2 + edge * (force * a{place}() - b{place}())))\n");
    }
    let sum = |of: &str| (0..places).map(|k| format!("{of}{k} * way{k}()")).collect::<Vec<_>>().join(" + ");
    text + &format!(
        "outcome done {{ A: {} - cost * a0(), B: -({}) }}\n\
         play {{ together {{ A chooses plan {{ {list} }} B chooses plan {{ {list} }} }} end done }}\n",
        sum("worth"),
        sum("harm"),
        list = names.join(", ")
    )
}

/// Either of two equal allies may be tempted first: it is the same to whoever tempts, and not to them.
#[test]
fn a_start_that_is_the_same_to_whoever_chooses() {
    let wedges = models("cases/plan-b-2024").into_iter().filter(|m| m.name.starts_with("s12-wedges"));
    for model in wedges {
        let (settled, sent) = compare(&model, 96);
        println!("{}: {settled}, {sent:?}", model.name);
        assert!(settled >= 94, "{}: {settled}, {sent:?}", model.name);
    }
}

/// The same with a chance on the way, and a third move that is better in some draws.
#[test]
fn either_of_two_starts_with_a_chance_after() {
    let model = written(
        "two doors",
        r#"
game "Two doors"
players A "Opens one", B "Answers"
param seen ~ uniform(-1, 1) at 0.3 assumed "x"
param unseen ~ uniform(-1, 1) at 0.2 assumed "x"
param away ~ uniform(-1, 1) at -0.2 assumed "x"
param near ~ uniform(-1, 1) at 0.1 assumed "x"
param far ~ uniform(-1, 1) at 0.4 assumed "x"
param luck ~ uniform(0.1, 0.9) at 0.5 assumed "x"
outcome out { A: away, B: 0 }
outcome hit { A: (if weather == clear then seen else unseen), B: (if A.door == left then near else far) }
outcome missed { A: 0, B: 0 }
play {
  A chooses door { leave => end out, left, right }
  chance weather { clear: luck, fog: rest }
  B chooses answer { shoot => end hit, wait => end missed }
}
"#,
    );
    let (settled, sent) = compare(&model, 96);
    assert!(settled >= 94, "{settled}, {sent:?}");
}
