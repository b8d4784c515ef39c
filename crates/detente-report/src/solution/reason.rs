//! Rationalizable plans, and equilibria without mixing, as text and as JSON.
//!
//! The one idea: what is left stands first, then what went and why, in the players' own words.

use super::lines::{rounding, say};
use crate::number::num_json;
use crate::paint::{Paint, printable};
use crate::solution::device::{actions, head, joint};
use detente_exact::Q;
use detente_game::device::Plan;
use detente_game::reason::{Best, Rationalizable, Selection};
use detente_game::solution::Num;
use detente_game::{Game, Numbers};
use serde_json::{Value, json};

/// Returns the rationalizable plans as text, ending in a newline.
pub fn rationalizable_text(game: &Game, numbers: &Numbers, found: &Rationalizable, colour: bool) -> String {
    let word = Paint { colour }.good("exact-complete");
    let gone: usize = found.rounds.iter().map(Vec::len).sum();
    let mut lines = vec![format!(
        "{word}: {} plans are rationalizable, {gone} are not, by {} of strict dominance.",
        found.left.len(),
        match found.rounds.len() {
            1 => "one round".to_string(),
            n => format!("{n} rounds"),
        }
    )];
    lines.push("A plan is said at the sets it comes to.".to_string());
    let several = game.players.len() > 2;
    let undecided = |best: &Best| several && !found.independent.iter().any(|i| same(i, best));
    if several {
        let open = found.left.iter().filter(|best| undecided(best)).count();
        lines.push("Beliefs about several others may be correlated (Brandenburger and Dekel 1987).".into());
        lines.push(match open {
            0 => "With independent beliefs (Bernheim 1984; Pearce 1984) the same plans are rationalizable.".into(),
            n => format!(
                "With independent beliefs (Bernheim 1984; Pearce 1984) {} of them surely are; {n}, marked *, may not be.",
                found.independent.len()
            ),
        });
    }
    lines.extend(rounding(numbers));
    for (p, player) in game.players.iter().enumerate() {
        lines.push(String::new());
        lines.push(format!("{} may play", printable(&player.name)));
        let own = found.left.iter().filter(|best| best.player.index() == p);
        lines.extend(own.map(|best| {
            let mark = if undecided(best) { " *" } else { "" };
            format!("  {}{mark}", joint(game, &best.plan))
        }));
    }
    if gone > 0 {
        lines.push(String::new());
    }
    for (k, round) in found.rounds.iter().enumerate() {
        for beaten in round {
            let mixture: Vec<String> = beaten
                .mixture
                .iter()
                .map(|(plan, w)| match w.is_one() {
                    true => joint(game, plan),
                    false => format!("{} of ({})", say(w), joint(game, plan)),
                })
                .collect();
            let better = mixture.join(" and ");
            lines.push(format!("round {}: {} is beaten by {better}", k + 1, joint(game, &beaten.plan)));
        }
    }
    lines.join("\n") + "\n"
}

fn same(one: &Best, other: &Best) -> bool {
    one.player == other.player && one.plan == other.plan
}

/// Returns equilibria without mixing and how they compare as text, ending in a newline.
pub fn selection_text(game: &Game, numbers: &Numbers, found: &Selection, colour: bool) -> String {
    let word = Paint { colour }.good("exact-complete");
    let strict = found.equilibria.iter().filter(|e| e.strict).count();
    let mut lines = vec![format!(
        "{word}: {} Nash equilibria without mixing, {strict} of them strict.",
        found.equilibria.len()
    )];
    lines.extend(rounding(numbers));
    for (k, point) in found.equilibria.iter().enumerate() {
        let pays: Vec<String> = game
            .players
            .iter()
            .zip(&point.payoffs)
            .map(|(p, q)| format!("{} {}", printable(&p.name), say(q)))
            .collect();
        let kind = if point.strict { "strict" } else { "not strict" };
        lines.push(String::new());
        lines.push(format!("P{}  {kind}  payoffs  {}", k + 1, pays.join("   ")));
        lines.push(format!("    {}", joint(game, &point.plan)));
    }
    lines.push(String::new());
    lines.push("payoff dominance (more for every player)".into());
    let pairs = found.payoff.iter().map(|(a, b)| format!("  P{} over P{}", a + 1, b + 1));
    lines.extend(pairs);
    if found.payoff.is_empty() {
        lines.push("  none".into());
    }
    lines.push(
        "risk dominance (Harsanyi and Selten 1988: the larger product of what deviating alone costs)".into(),
    );
    lines.push(
        "  of the table of two plans each that both equilibria span: all there is to it with two plans each; for larger \
         games they trace a path from a prior, which is not done here"
            .into(),
    );
    if game.players.len() != 2 {
        lines.push("  defined here for two players only".into());
    } else if found.risk.is_empty() {
        lines.push("  no two strict equilibria in which both players do something else".into());
    }
    for risk in &found.risk {
        let (one, two) = (risk.pair.0 + 1, risk.pair.1 + 1);
        let (p, q) = &risk.products;
        let verdict = match p.cmp(q) {
            std::cmp::Ordering::Greater => format!("P{one} over P{two}"),
            std::cmp::Ordering::Less => format!("P{two} over P{one}"),
            std::cmp::Ordering::Equal => format!("P{one} and P{two} alike"),
        };
        lines.push(format!("  {verdict}  (products {} and {})", say(p), say(q)));
    }
    lines.join("\n") + "\n"
}

/// Returns the rationalizable plans as JSON; see `docs/schema/rationalizable.schema.json`.
pub fn rationalizable_json(game: &Game, numbers: &Numbers, found: &Rationalizable, seconds: f64) -> Value {
    let mut json = head(game, numbers, "detente-rationalizable", "rationalizable", seconds);
    let mixed = |list: &[(Plan, Q)]| -> Vec<Value> {
        list.iter()
            .map(|(plan, w)| json!({"probability": num_json(&Num::exact(w.clone())), "plan": actions(game, plan)}))
            .collect()
    };
    let name = |p: detente_game::PlayerId| game.players[p.index()].name.clone();
    json["left"] = found
        .left
        .iter()
        .map(
            |b| json!({"player": name(b.player), "plan": actions(game, &b.plan), "belief": mixed(&b.belief)}),
        )
        .collect();
    if game.players.len() > 2 {
        let listed = found.independent.iter();
        json["independent"] = listed
            .map(|b| json!({"player": name(b.player), "plan": actions(game, &b.plan), "belief": mixed(&b.belief)}))
            .collect();
    }
    let rounds = found.rounds.iter().map(|round| -> Value {
        round
            .iter()
            .map(|b| {
                json!({"player": name(b.player), "plan": actions(game, &b.plan), "beaten_by": mixed(&b.mixture)})
            })
            .collect()
    });
    json["rounds"] = rounds.collect();
    json
}

/// Returns equilibria without mixing and how they compare as JSON; see `docs/schema/dominance.schema.json`.
pub fn selection_json(game: &Game, numbers: &Numbers, found: &Selection, seconds: f64) -> Value {
    let mut json = head(game, numbers, "detente-dominance", "dominance", seconds);
    let num = |q: &Q| num_json(&Num::exact(q.clone()));
    let id = |k: u32| format!("P{}", k + 1);
    let equilibria = found.equilibria.iter().enumerate().map(|(k, point)| {
        let pays = game.players.iter().zip(&point.payoffs).map(|(p, q)| (p.name.clone(), num(q)));
        json!({
            "id": id(k as u32),
            "strict": point.strict,
            "payoffs": Value::Object(pays.collect()),
            "plan": actions(game, &point.plan),
        })
    });
    json["equilibria"] = equilibria.collect();
    json["payoff_dominance"] =
        found.payoff.iter().map(|(a, b)| json!({"dominates": id(*a), "dominated": id(*b)})).collect();
    let risks = found.risk.iter().map(|r| {
        json!({"pair": [id(r.pair.0), id(r.pair.1)], "products": [num(&r.products.0), num(&r.products.1)]})
    });
    json["risk_dominance"] = risks.collect();
    json
}
