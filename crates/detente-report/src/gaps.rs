//! What profiles of any origin leave to gain: text and JSON.
//!
//! The one idea: the largest gain stands first, then each player with what it earns and what a best reply
//! would add.

use crate::number::{full_num, gap_text, num_json};
use crate::paint::{pad, printable};
use detente_game::Game;
use detente_game::solution::Num;
use detente_verify::{Gap, PlayerGap, widest};
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// A number between the bounds that the referee found.
fn num(gap: &Gap) -> Num {
    match &gap.exact {
        Some(q) => Num::exact(q.clone()),
        None => {
            let middle = gap.low / 2.0 + gap.high / 2.0;
            Num::within(middle, (gap.high - middle).max(middle - gap.low).next_up())
        }
    }
}

/// Returns what each player of each profile could gain, as `detente verify --profile --format json` prints it.
pub fn gaps_json(game: &Game, profiles: &[Vec<PlayerGap>]) -> Value {
    let one = |players: &Vec<PlayerGap>| {
        let each = game.players.iter().zip(players).map(|(p, found)| {
            let entry = json!({"payoff": num_json(&num(&found.payoff)), "gain": num_json(&num(&found.gain))});
            (p.name.clone(), entry)
        });
        let gap = widest(players).map(|gap| gap_text(&num(&gap)));
        json!({"gap": gap, "players": Value::Object(each.collect::<Map<_, _>>())})
    };
    json!({
        "format": "detente-gaps",
        "version": 1,
        "detente": env!("CARGO_PKG_VERSION"),
        "game": {"title": game.title, "sha256": game.sha256()},
        "profiles": profiles.iter().map(one).collect::<Vec<Value>>(),
    })
}

/// Returns the same for reading.
pub fn gaps_text(game: &Game, profiles: &[Vec<PlayerGap>]) -> String {
    let width = game.players.iter().map(|p| p.name.chars().count()).max().unwrap_or(0);
    let mut out = String::new();
    for (k, players) in profiles.iter().enumerate() {
        let gap = widest(players);
        let _ = match &gap {
            Some(gap) if gap.is_zero() => {
                writeln!(out, "profile {}: a Nash equilibrium; nobody gains by another plan.", k + 1)
            }
            Some(gap) => {
                writeln!(out, "profile {}: no player gains more than {} by another plan.", k + 1, said(gap))
            }
            None => writeln!(out, "profile {}: there are no players.", k + 1),
        };
        for (player, found) in game.players.iter().zip(players) {
            let name = pad(&printable(&player.name), width);
            let payoff = full_num(&num(&found.payoff));
            let _ = writeln!(out, "  {name}  earns {payoff}; a best reply adds {}", said(&found.gain));
        }
    }
    out
}

fn said(gap: &Gap) -> String {
    match &gap.exact {
        Some(q) => full_num(&Num::exact(q.clone())),
        None => format!("at most {:e}", gap.high),
    }
}
