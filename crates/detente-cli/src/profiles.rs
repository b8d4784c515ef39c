//! Profiles that someone else found, read from text.
//!
//! The one idea: what another program prints is taken as it stands: a line `NE,1/2,1/2,…` with the
//! probabilities of all actions, player by player, or the JSON that `detente solve` prints.

use detente_exact::Q;
use detente_game::Game;
use serde_json::Value;

/// How far from 1 printed probabilities may sum up; the largest then takes the rest.
const SLACK: f64 = 1e-6;

/// Reads all profiles of a text: a probability per information set and action.
///
/// # Errors
/// In words, with the line where the text is one of lines.
pub fn read(game: &Game, text: &str) -> Result<Vec<Vec<Vec<Q>>>, String> {
    if text.trim_start().starts_with('{') {
        return from_json(game, text);
    }
    let order = by_player(game);
    let mut found = vec![];
    for (k, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        found.push(from_line(game, &order, line).map_err(|why| format!("line {}: {why}", k + 1))?);
    }
    if found.is_empty() { Err("there is no profile".into()) } else { Ok(found) }
}

/// The information sets, those of the first player first.
fn by_player(game: &Game) -> Vec<usize> {
    let mut order: Vec<usize> = (0..game.infosets.len()).collect();
    order.sort_by_key(|h| game.infosets[*h].player.index());
    order
}

fn from_line(game: &Game, order: &[usize], line: &str) -> Result<Vec<Vec<Q>>, String> {
    let line = line.trim();
    let line = line.strip_prefix("NE,").or_else(|| line.strip_prefix("NE ")).unwrap_or(line);
    let words = line.split([',', ' ', ';', '\t']).filter(|w| !w.is_empty());
    let number = |w: &str| Q::parse(w).ok_or_else(|| format!("`{w}` is no number"));
    let list: Vec<Q> = words.map(number).collect::<Result<_, String>>()?;
    let wanted: usize = game.infosets.iter().map(|h| h.actions.len()).sum();
    if list.len() != wanted {
        return Err(format!("{} numbers instead of one for each of the {wanted} actions", list.len()));
    }
    let mut profile = vec![vec![]; game.infosets.len()];
    let mut rest = list.into_iter();
    for h in order {
        let own = rest.by_ref().take(game.infosets[*h].actions.len()).collect();
        profile[*h] = settled(game, *h, own)?;
    }
    Ok(profile)
}

/// The profiles of a printed answer.
fn from_json(game: &Game, text: &str) -> Result<Vec<Vec<Vec<Q>>>, String> {
    let value: Value = serde_json::from_str(text).map_err(|e| format!("this is no JSON: {e}"))?;
    let list = value["equilibria"].as_array().ok_or("there is no list `equilibria`")?;
    let number = |n: &Value| match n["exact"].as_str() {
        Some(exact) => Q::parse(exact).ok_or_else(|| format!("`{exact}` is no number")),
        None => n["value"].as_f64().and_then(Q::from_f64).ok_or_else(|| format!("{n} is no number")),
    };
    let one = |equilibrium: &Value| -> Result<Vec<Vec<Q>>, String> {
        let sets = equilibrium["profile"].as_array().ok_or("an equilibrium has no `profile`")?;
        if sets.len() != game.infosets.len() {
            return Err(format!("{} sets are listed instead of {}", sets.len(), game.infosets.len()));
        }
        let set = |(h, entry): (usize, &Value)| {
            let id = detente_game::InfosetId(h as u32);
            let actions = 0..game.infosets[h].actions.len();
            let own = actions.map(|a| number(&entry["actions"][game.action_name(id, a)]));
            settled(game, h, own.collect::<Result<_, String>>()?)
        };
        sets.iter().enumerate().map(set).collect()
    };
    list.iter().map(one).collect()
}

/// Probabilities that sum to 1: rounded ones are put right at the largest.
fn settled(game: &Game, set: usize, mut list: Vec<Q>) -> Result<Vec<Q>, String> {
    let sum: Q = list.iter().cloned().sum();
    let off = (&sum - &Q::ONE).to_f64().abs();
    if off > SLACK || list.iter().any(Q::is_negative) {
        let name = detente_game::names::set_name(game, detente_game::InfosetId(set as u32));
        return Err(format!("the probabilities at {name} are not some that sum to 1"));
    }
    if let Some(most) = (0..list.len()).max_by(|a, b| list[*a].cmp(&list[*b]).then(b.cmp(a))) {
        list[most] = &list[most] + &(Q::ONE - sum);
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAME: &str = "NFG 1 R \"t\" { \"A\" \"B\" } { 2 3 }\n1 2 3 4 5 6 7 8 9 10 11 12\n";

    #[test]
    fn lines_of_other_programs_are_read() {
        let game = detente_game::formats::nfg::read(GAME).expect("a valid game");
        let found = read(&game, "NE,1/2,1/2,0,0,1\n\n0.333333, 0.666667, 0 1 0\n").expect("two profiles");
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], vec![vec![Q::new(1, 2); 2], vec![Q::ZERO, Q::ZERO, Q::ONE]]);
        assert_eq!(found[1][0][0], Q::new(333_333, 1_000_000));
        let rounded = read(&game, "NE,0.333333,0.666666,0,0,1").expect("a profile");
        assert_eq!(rounded[0][0].iter().cloned().sum::<Q>(), Q::ONE);
        for (wrong, words) in [
            ("", "no profile"),
            ("NE,1,0,1", "line 1: 3 numbers"),
            ("NE,1,1,0,0,1", "A."),
            ("NE,2,-1,0,0,1", "sum to 1"),
            ("NE,x,1,0,0,1", "`x`"),
            ("{\"equilibria\": 3}", "equilibria"),
        ] {
            assert!(read(&game, wrong).is_err_and(|why| why.contains(words)), "{wrong}");
        }
    }
}
