//! Councils between two kinds of file: a model in our language, and a scenario of KTAB.
//!
//! The one idea: what a scenario says is written down in full, choices included, and what a format
//! cannot hold is told, never dropped in silence. A name that is no word of the language becomes one, and
//! its label keeps it as it was, so that the way back ends where it began.

use crate::council::{declared, seated};
use crate::theories::{Choice, Seats, Voice, spatial_words, voices};
use detente_bargain::ktab::Scenario;
use detente_bargain::spatial::SpatialOptions;
use detente_bargain::spatial::options::Transition;
use detente_bargain::{Actor, Council, CouncilData, SalienceRule, forecast};
use detente_game::Game;
use detente_model::council::CouncilModel;
use detente_model::is_reserved;
use detente_model::model::Support;

/// Returns the choices of a scenario as options of a council.
pub fn choices(scenario: &Scenario) -> Vec<Choice> {
    let seats = Seats::of(&scenario.council);
    let mut list = spatial_words(&scenario.options, &seats.actors);
    // A deterministic scenario may hold a seed, too; it is kept for whoever makes it stochastic.
    if let (Some(seed), false) = (scenario.seed, list.iter().any(|(name, _)| name == "seed")) {
        list.push(("seed".into(), vec![crate::theories::seed_word(seed)]));
    }
    list
}

/// Returns a scenario as a model with one council.
///
/// # Errors
/// Numbers that the language refuses: an actor without any capability.
pub fn to_model(scenario: &Scenario, source: &str) -> Result<String, String> {
    let council = &scenario.council;
    let powerless = (0..council.actors().len()).find(|i| council.capability(*i) <= 0.0);
    if let Some(actor) = powerless {
        let name = &council.actors()[actor].name;
        return Err(format!(
            "actor `{name}` has capability 0 and can do nothing; leave it out, or give it some"
        ));
    }
    let mut taken = Vec::new();
    let issues: Vec<String> = council.issues().iter().map(|i| word(&i.name, "issue", &mut taken)).collect();
    let actors: Vec<String> = council.actors().iter().map(|a| word(&a.name, "actor", &mut taken)).collect();
    let assumed = quoted(&format!("as in {source}"));
    let mut text = doc("", &scenario.description);
    let name = word(&scenario.name, "council", &mut Vec::new());
    text.push_str(&format!("council {name}{} {{\n", label(&scenario.name)));
    for (issue, name) in council.issues().iter().zip(&issues) {
        let end = |words: &str, which: &str| match words.trim().is_empty() {
            true => quoted(&format!("the {which} end; the file does not say what it means")),
            false => quoted(words),
        };
        let caption = if issue.name == *name { String::new() } else { label(&issue.name) };
        text.push_str(&format!(
            "  issue {name}{caption} scale {} {} to {} {}\n",
            issue.low,
            end(&issue.low_label, "lower"),
            issue.high,
            end(&issue.high_label, "upper")
        ));
    }
    for (actor, name) in council.actors().iter().zip(&actors) {
        text.push_str(&actor_line(actor, name));
    }
    let data = council.data();
    let row = |cells: &[f64]| cells.iter().map(f64::to_string).collect::<Vec<_>>().join(" | ");
    let head = format!("    | | {} |\n", issues.join(" | "));
    text.push_str(&format!("  capability assumed {assumed} =\n"));
    for (at, name) in actors.iter().enumerate() {
        text.push_str(&format!("    | {name} | {} |\n", council.capability(at)));
    }
    text.push_str(&format!("  position assumed {assumed} =\n{head}"));
    for (at, name) in actors.iter().enumerate() {
        text.push_str(&format!("    | {name} | {} |\n", row(&data.position[at])));
    }
    let each = if data.salience_rule == SalienceRule::Each { " each" } else { "" };
    text.push_str(&format!("  salience out of {}{each} assumed {assumed} =\n{head}", data.full_salience));
    for (at, name) in actors.iter().enumerate() {
        text.push_str(&format!("    | {name} | {} |\n", row(&data.salience[at])));
    }
    for (name, values) in choices(scenario) {
        let renamed = |value: &String| {
            council
                .actor_named(value)
                .filter(|_| name == "affinity")
                .map_or(value.clone(), |at| actors[at].clone())
        };
        let values: Vec<String> = values.iter().map(renamed).collect();
        text.push_str(&format!("  option {name} = {}\n", values.join(", ")));
    }
    text.push_str("}\n");
    Ok(text)
}

/// A label holds the description; or the name itself, where the word that stands for it differs.
fn actor_line(actor: &Actor, name: &str) -> String {
    let plain = actor.name == *name && identifier(&actor.description, "actor") != *name;
    match plain {
        true => format!("  actor {name}{}\n", label(&actor.description)),
        false => format!("{}  actor {name}{}\n", doc("  ", &actor.description), label(&actor.name)),
    }
}

/// A council of a model as a scenario, and what the scenario's formats cannot hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Converted {
    pub scenario: Scenario,
    /// Each a sentence.
    pub lost: Vec<String>,
}

/// Returns a council of a model at one point of its parameters as a scenario of KTAB.
///
/// # Errors
/// Numbers that make no council there, or options that do not exist.
pub fn from_model(council: &CouncilModel, game: &Game, point: &[f64]) -> Result<Converted, String> {
    let declared: Vec<Choice> = declared(council);
    let voices = voices(&declared, &Seats::of_model(council))?;
    let options = voices.iter().find_map(spatial).unwrap_or_default();
    let named = seated(council, game, point)?;
    let mut data: CouncilData = named.into_data();
    for (issue, info) in data.issues.iter_mut().zip(&council.issues) {
        (issue.name, _) = names(&info.name, &info.support, "issue");
    }
    for (actor, info) in data.actors.iter_mut().zip(&council.actors) {
        (actor.name, actor.description) = names(&info.name, &info.support, "actor");
    }
    let council_numbers = Council::new(data)
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))?;
    let (name, _) = names(&council.name, &council.support, "council");
    let lost = lost(council, &declared, &options);
    let seed = declared.iter().find(|(name, _)| name == "seed");
    let seed = seed.and_then(|(_, values)| values.first()?.parse().ok());
    let description = council.support.doc.trim().to_string();
    Ok(Converted { scenario: Scenario { name, description, council: council_numbers, options, seed }, lost })
}

fn spatial(voice: &Voice) -> Option<SpatialOptions> {
    match &voice.named.model {
        forecast::Model::Spatial(options, _) if voice.word == "spatial" => Some(options.clone()),
        _ => None,
    }
}

/// What neither CSV nor XML has a place for.
fn lost(council: &CouncilModel, declared: &[Choice], options: &SpatialOptions) -> Vec<String> {
    const KEPT: [&str; 11] = [
        "voting",
        "victory",
        "election",
        "risk_range",
        "risk_adjust",
        "third_party",
        "interpolation",
        "offers",
        "transition",
        "seed",
        "affinity",
    ];
    let mut lost = Vec::new();
    let priors = council.cells().filter(|cell| cell.param.is_some()).count();
    if priors > 0 {
        lost.push(format!("{priors} cells with ranges or priors are written as one number each"));
    }
    for issue in &council.issues {
        let (low, high) = issue.ends();
        if (low, high) != (0.0, 100.0) {
            lost.push(format!("the scale of `{}` from {low} to {high} is carried onto 0 to 100", issue.name));
        }
    }
    if council.each {
        lost.push("saliences rated each by itself become shares of one attention".into());
    }
    lost.push("what the ends of scales mean, and sources, are left out".into());
    let left: Vec<&str> =
        declared.iter().map(|(name, _)| name.as_str()).filter(|name| !KEPT.contains(name)).collect();
    if !left.is_empty() {
        lost.push(format!("options without a place there: {}", left.join(", ")));
    }
    if options.transition != Transition::Deterministic {
        lost.push("the same seed gives other random numbers in KTAB".into());
    }
    lost
}

/// The name and the description behind a word of the language with its label.
fn names(name: &str, support: &Support, kind: &str) -> (String, String) {
    let word = identifier(&support.label, kind);
    // Of names that become one word all but the first have a number behind it.
    let number = name.strip_prefix(&word).map(|rest| rest.trim_start_matches('_'));
    let same = number.is_some_and(|n| n.chars().all(|c| c.is_ascii_digit()));
    match same && !support.label.is_empty() {
        true => (support.label.clone(), support.doc.trim().replace('\n', " ")),
        false => (name.to_string(), support.label.clone()),
    }
}

/// A word of the language that stands for a name: letters, digits and `_`.
fn identifier(name: &str, kind: &str) -> String {
    let mut word: String = name.trim().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    if word.chars().all(|c| c == '_') {
        word = kind.to_string();
    }
    if !word.starts_with(|c: char| c.is_alphabetic() || c == '_') || is_reserved(&word) {
        word = format!("{kind}_{word}");
    }
    word
}

/// The same, different from all words taken before.
fn word(name: &str, kind: &str, taken: &mut Vec<String>) -> String {
    let first = identifier(name, kind);
    let mut word = first.clone();
    let mut number = 2;
    while taken.contains(&word) {
        word = format!("{first}_{number}");
        number += 1;
    }
    taken.push(word.clone());
    word
}

fn label(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() { String::new() } else { format!(" {}", quoted(text)) }
}

fn quoted(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A doc comment of one line.
fn doc(indent: &str, text: &str) -> String {
    let text: String = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.is_empty() { String::new() } else { format!("{indent}/// {text}\n") }
}
