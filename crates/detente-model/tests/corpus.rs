//! The corpus: models that must be accepted, with the game they become, and
//! models that must be rejected or warned about, with their messages.
//!
//! Run with `UPDATE=1` to write the records anew, then read the difference.

mod common;

use common::{corpus, load_file, rendered};
use detente_game::{Game, NodeKind};
use detente_model::council::CouncilModel;
use detente_model::{Model, SLUGS};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

/// Compares a text with the record beside a model, or writes the record.
fn record(path: &Path, text: &str, wrong: &mut Vec<String>) {
    let record = path.with_extension("txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&record, text).expect("the record can be written");
    }
    if std::fs::read_to_string(&record).ok().as_deref() != Some(text) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        wrong.push(format!("--- {name} now gives:\n{text}"));
    }
}

/// A short description of a game: size, who knows what where, and payoffs of small games.
fn described(game: &Game) -> String {
    let mut text = String::new();
    let terminals = game.num_terminals();
    let _ = writeln!(
        text,
        "{} nodes, {} plays, {} information sets",
        game.nodes.len(),
        terminals,
        game.infosets.len()
    );
    let numbers = game.numbers(&game.base_params()).expect("base values give a game");
    for param in &game.params {
        let _ = writeln!(text, "param {} = {}", param.name, param.base);
    }
    for chance in game.chances.iter().zip(&numbers.chance) {
        let arms = chance
            .0
            .arms
            .iter()
            .zip(chance.1)
            .map(|(arm, p)| format!("{} {p}", game.events[chance.0.event.index()].arms[*arm as usize]));
        let _ = writeln!(
            text,
            "chance {}: {}",
            game.event_name(chance.0.event),
            arms.collect::<Vec<_>>().join(", ")
        );
    }
    for (at, set) in game.infosets.iter().enumerate().take(24) {
        let actions: Vec<&str> =
            (0..set.actions.len()).map(|a| game.action_name(detente_game::InfosetId(at as u32), a)).collect();
        let _ = writeln!(
            text,
            "{} [{}] {} node(s): {}",
            game.event_name(set.event),
            set.label,
            set.nodes.len(),
            actions.join(", ")
        );
    }
    for (at, node) in game.nodes.iter().enumerate() {
        let NodeKind::Terminal(outcome) = node.kind else { continue };
        if terminals > 16 {
            break;
        }
        let name = outcome.map_or("(none)", |o| &game.outcomes[o.index()].name);
        let pays: Vec<String> = (0..game.players.len())
            .map(|p| numbers.payoffs[at * game.players.len() + p].to_string())
            .collect();
        let _ = writeln!(text, "{name}: {}", pays.join(", "));
    }
    text
}

fn summary(model: &Model) -> String {
    let mut text = described(&model.game);
    for (name, variant) in &model.variants {
        let _ = write!(text, "\nvariant {name}\n{}", described(&variant.game));
    }
    for test in &model.tests {
        if let Some(game) = &test.game {
            let _ = write!(text, "\ntest {}\n{}", test.name, described(game));
        }
    }
    for ask in &model.asks {
        let _ = write!(text, "\nask {}: {:?}", ask.name, ask.body);
    }
    for claim in &model.claims {
        let _ = write!(text, "\nclaim {}: {:?} where {:?}", claim.name, claim.body, claim.restriction);
    }
    for forecast in &model.forecasts {
        let _ = write!(
            text,
            "\nforecast {}: {:?} by {} made {:?}",
            forecast.name, forecast.body, forecast.deadline, forecast.made
        );
        let _ = write!(text, "\n  uses {:?}, leaves out {:?}", forecast.evidence, forecast.later);
        let base = forecast.base.as_ref().map(|base| (&base.value, base.support.citations.len()));
        let _ = write!(
            text,
            "\n  base {base:?}, resolution {:?}",
            forecast.resolution.as_ref().map(|r| (&r.value, r.date))
        );
    }
    for council in &model.councils {
        let _ = write!(text, "\n{}", seated(council, &model.game));
    }
    for ask in &model.council_asks {
        let _ = write!(text, "\nask {}: {:?}", ask.name, ask.body);
    }
    for claim in &model.council_claims {
        let _ = write!(text, "\nclaim {}: {:?} where {:?}", claim.name, claim.body, claim.restriction);
    }
    without_spans(&text)
}

/// A council at the base values, one line for each actor: capability, then position and salience.
fn seated(council: &CouncilModel, game: &Game) -> String {
    let mut text = format!("council {} out of {}, each: {}\n", council.name, council.whole, council.each);
    for issue in &council.issues {
        let marks: Vec<String> =
            issue.marks.iter().map(|(value, words)| format!("{value} {words}")).collect();
        let _ = writeln!(text, "issue {}: {}", issue.name, marks.join(", "));
    }
    let point: Vec<f64> = game.base_params().iter().map(detente_exact::Q::to_f64).collect();
    let numbers = council.numbers(game, &point).expect("base values give a council");
    for (at, actor) in council.actors.iter().enumerate() {
        let _ = write!(text, "{}: {:.3}", actor.name, numbers.capability[at]);
        for (position, salience) in numbers.position[at].iter().zip(&numbers.salience[at]) {
            let _ = write!(text, " | {position:.3} {salience:.3}");
        }
        text.push('\n');
    }
    for (name, option) in &council.options {
        let _ = writeln!(text, "option {name}: {:?}", option.values);
    }
    text
}

/// Spans differ whenever a model is edited and say nothing about its meaning.
fn without_spans(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(", span: Span {") {
        result.push_str(&rest[..at]);
        let end = rest[at..].find('}').map_or(rest.len(), |e| at + e + 1);
        rest = &rest[end..];
    }
    result.push_str(rest);
    result
}

#[test]
fn accepted_models_give_no_message_and_the_recorded_game() {
    let files = corpus("check/accepted", "det");
    assert!(files.len() >= 40, "only {} accepted models", files.len());
    let mut wrong = Vec::new();
    for path in files {
        let loaded = load_file(&path);
        let messages = rendered(&loaded);
        match &loaded.model {
            Some(model) if messages.is_empty() => {
                if let Err(error) = detente_game::recall::check(&model.game) {
                    wrong.push(format!("{}: {error}", path.display()));
                }
                record(&path, &summary(model), &mut wrong);
            }
            _ => wrong.push(format!("--- {} is not accepted:\n{messages}", path.display())),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rejected_models_give_the_recorded_messages() {
    let files = corpus("check/rejected", "det");
    assert!(files.len() >= 45, "only {} rejected models", files.len());
    let mut wrong = Vec::new();
    for path in files {
        let messages = rendered(&load_file(&path));
        assert_ne!(messages, "", "{} is accepted without a word", path.display());
        record(&path, &messages, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_message_is_in_the_list_of_checks() {
    let known: BTreeSet<&str> = SLUGS.iter().chain(detente_syntax::SLUGS).map(|(slug, _)| *slug).collect();
    let mut seen = BTreeSet::new();
    for path in corpus("check/rejected", "det") {
        seen.extend(load_file(&path).diagnostics.iter().map(|d| d.slug));
    }
    let strange: Vec<_> = seen.difference(&known).collect();
    assert!(strange.is_empty(), "not in the list: {strange:?}");
}
