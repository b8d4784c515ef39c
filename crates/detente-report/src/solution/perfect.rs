//! Perfect Bayesian equilibria as text and as JSON.
//!
//! The one idea: the definition is named first, then what is never played, then one equilibrium of each
//! connected set in the same form as any other list.

use crate::names::set_name;
use crate::paint::{Paint, printable};
use crate::solution::json::solution_json;
use crate::solution::open::open_lines;
use crate::solution::text::component;
use detente_exact::Q;
use detente_game::beliefs::{Assessment, Definition, Perfect};
use detente_game::solution::{Component, Concept, Num, OutcomeSet, Solution, Status};
use detente_game::{Game, InfosetId, NodeId, NodeKind, Numbers};
use serde_json::{Value, json};

/// The concept's name in a sentence, and as the command line writes it.
pub fn definition_name(definition: Definition) -> (&'static str, &'static str) {
    match definition {
        Definition::Weak => ("weak perfect Bayesian", "weak-pbe"),
        Definition::Plausibility => ("plausibility-based perfect Bayesian", "plausibility"),
    }
}

fn definition_sentence(definition: Definition) -> &'static str {
    match definition {
        Definition::Weak => {
            "Definition: at every set the whole continuation is best given the beliefs there; beliefs follow \
             Bayes' rule where play comes and are free elsewhere."
        }
        Definition::Plausibility => {
            "Definition: as weak perfect Bayesian, and all beliefs come from one plausibility order of the nodes, \
             with Bayes' rule among nodes of one rank (after Bonanno 2013)."
        }
    }
}

/// What a list of them is.
fn listed_sentence(definition: Definition) -> &'static str {
    match definition {
        Definition::Weak => {
            "Listed: one out of each connected set of the Nash equilibria of the game without what is never best; not \
             every point of such a set need be one."
        }
        Definition::Plausibility => {
            "Listed: one out of each connected set of subgame-perfect equilibria; not every point of such a set need be \
             one."
        }
    }
}

/// What stays open, in words.
fn open(answer: &Perfect, complete: bool) -> Vec<String> {
    let mut open = answer.within.unresolved.clone();
    let empty = (0..answer.within.components.len())
        .filter(|k| !answer.found.iter().any(|f| f.component as usize == *k))
        .count();
    if empty > 0 {
        open.push(format!(
            "{empty} connected sets of {} equilibria of the reduced game hold no such equilibrium that was found, and none is \
             excluded",
            if answer.definition == Definition::Weak { "Nash" } else { "subgame-perfect" },
        ));
    }
    if !complete && open.is_empty() {
        open.push("that there are no others is not proven".into());
    }
    open
}

/// Returns the answer as text, ending in a newline.
pub fn perfect_text(
    game: &Game,
    numbers: &Numbers,
    answer: &Perfect,
    complete: bool,
    colour: bool,
) -> String {
    let paint = Paint { colour };
    let (name, _) = definition_name(answer.definition);
    let mut lines = vec![match complete {
        true => format!(
            "{}: every {name} equilibrium lies in a connected set of which one is shown.",
            paint.good("exact-complete")
        ),
        false => format!(
            "{}: each of these {name} equilibria is proven; there may be others.",
            paint.strong("exact-some")
        ),
    }];
    lines.push(definition_sentence(answer.definition).into());
    lines.push(listed_sentence(answer.definition).into());
    lines.extend(
        removed(game, answer).into_iter().map(|line| format!("never best at its set: {}", printable(&line))),
    );
    lines.extend(
        open_lines(&open(answer, complete))
            .into_iter()
            .map(|why| format!("{} {}", paint.warn("unresolved:"), printable(&why))),
    );
    let mut out = lines.join("\n") + "\n";
    let is_table = game.is_strategic_form();
    for (k, found) in answer.found.iter().enumerate() {
        out.push('\n');
        component(&mut out, game, k, &shown(game, numbers, answer, found), is_table, paint);
    }
    out
}

/// The actions that no such equilibrium plays.
fn removed(game: &Game, answer: &Perfect) -> Vec<String> {
    let all = answer.removed.iter().flatten();
    all.map(|r| {
        format!(
            "{}: {}",
            set_name(game, InfosetId(r.set)),
            game.action_name(InfosetId(r.set), r.action as usize)
        )
    })
    .collect()
}

/// Returns the answer as the JSON object that `detente solve --concept weak-pbe|plausibility` prints; see
/// `docs/schema/perfect.schema.json`.
pub fn perfect_json(game: &Game, numbers: &Numbers, answer: &Perfect, complete: bool, seconds: f64) -> Value {
    let components = answer.found.iter().map(|found| shown(game, numbers, answer, found)).collect();
    let status = if complete { Status::ExactComplete } else { Status::ExactSome };
    let solution = Solution {
        concept: Concept::Sequential,
        status,
        unresolved: open(answer, complete),
        components,
        certificate: Default::default(),
    };
    let mut json = solution_json(game, numbers, &solution, seconds);
    // The answer is about beliefs; what a game is worth is told where its equilibria are listed.
    if let Some(entries) = json.as_object_mut() {
        entries.remove("value");
    }
    json["format"] = json!({"name": "detente-perfect", "version": 1});
    json["concept"] = definition_name(answer.definition).1.into();
    json["definition"] = definition_sentence(answer.definition).into();
    json["never_best"] = removed(game, answer).into();
    json
}

/// An equilibrium in the form of a list's entry.
fn shown(game: &Game, numbers: &Numbers, answer: &Perfect, found: &Assessment) -> Component {
    let exact = |list: &[Q]| -> Vec<Num> { list.iter().cloned().map(Num::exact).collect() };
    let mut reach = vec![Q::ONE; game.nodes.len()];
    let keys = game.outcome_keys();
    let mut outcomes = vec![Q::ZERO; keys.len()];
    let mut payoffs = vec![Q::ZERO; game.players.len()];
    for (n, node) in game.nodes.iter().enumerate() {
        if let Some((parent, arm)) = node.parent {
            let p = match game.nodes[parent.index()].kind {
                NodeKind::Decision(h) => &found.profile[h.index()][arm as usize],
                NodeKind::Chance(c) => &numbers.chance[c.index()][arm as usize],
                NodeKind::Terminal(_) => continue,
            };
            reach[n] = &reach[parent.index()] * p;
        }
        if let Some(key) = game.outcome_key(NodeId(n as u32)) {
            outcomes[key] += &reach[n];
            for (p, sum) in payoffs.iter_mut().enumerate() {
                *sum += &(&reach[n] * numbers.payoff(game, NodeId(n as u32), p));
            }
        }
    }
    let reached = |set: &detente_game::Infoset| set.nodes.iter().any(|n| !reach[n.index()].is_zero());
    let within = &answer.within.components[found.component as usize];
    let point = |k: usize| (Num::exact(outcomes[k].clone()), Num::exact(outcomes[k].clone()));
    // Keys of the smaller game are the same but for plays without an outcome.
    let range = |k: usize| within.outcome_range.get(k).cloned().unwrap_or_else(|| point(k));
    let varies = within.outcome_set != OutcomeSet::Point;
    Component {
        profile: found.profile.iter().map(|p| exact(p)).collect(),
        beliefs: found.beliefs.iter().map(|p| exact(p)).collect(),
        reached: game.infosets.iter().map(reached).collect(),
        payoffs: exact(&payoffs),
        outcome_range: (0..keys.len()).map(|k| if varies { range(k) } else { point(k) }).collect(),
        outcomes: exact(&outcomes),
        outcome_set: if varies { OutcomeSet::Enclosure } else { OutcomeSet::Point },
        outcome_vertices: vec![],
        free: vec![],
        inequalities: vec![vec![]],
        conditions: vec![],
        intuitive: None,
        tremble: vec![],
        gap_nash: Num::exact(Q::ZERO),
        gap_sequential: Some(Num::exact(Q::ZERO)),
    }
}
