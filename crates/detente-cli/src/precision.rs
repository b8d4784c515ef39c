//! What `--lambda` says: one precision for all, or one for each player by name.
//!
//! The one idea: names are read without the game at hand and are matched with its players later; nobody is
//! left out in silence.

use crate::failure::Failure;
use crate::input::unknown;
use detente_exact::Q;

/// Precisions of quantal response, in 1 / payoff units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Precision {
    All(Q),
    /// In the order of the call.
    Each(Vec<(String, Q)>),
}

impl Precision {
    /// Reads `2.5` or `Home=2,Rival=5`.
    ///
    /// # Errors
    /// What can be written instead.
    pub fn parse(text: &str) -> Result<Precision, String> {
        if !text.contains('=') {
            return Ok(Precision::All(number(text)?));
        }
        let part = |part: &str| {
            let (name, value) = part.rsplit_once('=').ok_or("write PLAYER=NUMBER for each player")?;
            Ok((name.trim().to_string(), number(value)?))
        };
        let list: Vec<(String, Q)> = text.split(',').map(part).collect::<Result<_, String>>()?;
        let twice = |k: usize| list[..k].iter().any(|(name, _)| *name == list[k].0);
        match (0..list.len()).find(|k| twice(*k)) {
            Some(k) => Err(format!("{} is given two precisions", list[k].0)),
            None => Ok(Precision::Each(list)),
        }
    }

    /// The largest precision, and each player's as a multiple of it (none where all have the same).
    ///
    /// # Errors
    /// A name that no player has, or a player without a precision.
    pub fn of(&self, players: &[&str]) -> Result<(Option<Q>, Vec<Q>), Failure> {
        let list = match self {
            Precision::All(lambda) => return Ok((Some(lambda.clone()), vec![])),
            Precision::Each(list) => list,
        };
        if let Some((name, _)) = list.iter().find(|(name, _)| !players.contains(&name.as_str())) {
            return Err(unknown("player", name, players.iter().copied()));
        }
        let given = |player: &&str| list.iter().find(|(name, _)| name == player).map(|(_, q)| q.clone());
        if let Some(missing) = players.iter().find(|p| given(p).is_none()) {
            return Err(Failure::misuse(
                format!("no precision is given for {missing}"),
                format!("add `,{missing}=NUMBER` to --lambda, or write one number for all"),
            ));
        }
        let each: Vec<Q> = players.iter().filter_map(given).collect();
        let top = each.iter().cloned().reduce(Q::max).unwrap_or(Q::ZERO);
        if top.is_zero() {
            return Ok((Some(top), vec![]));
        }
        let weights = each.iter().map(|q| q / &top).collect();
        Ok((Some(top), weights))
    }
}

fn number(text: &str) -> Result<Q, String> {
    match Q::parse(text.trim()) {
        Some(x) if !x.is_negative() && x.to_f64().is_finite() => Ok(x),
        _ => Err("write a number that is not negative, such as 2.5 or 5/2, or one per player, as in A=2,B=5"
            .to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_or_one_for_each_player() {
        assert_eq!(Precision::parse("5/2"), Ok(Precision::All(Q::new(5, 2))));
        let each = Precision::parse("Rival=2, Us =5").expect("two players");
        let (top, weights) = each.of(&["Us", "Rival"]).expect("both are named");
        assert_eq!((top, weights), (Some(Q::from(5)), vec![Q::ONE, Q::new(2, 5)]));
        assert!(each.of(&["Us", "Rival", "Third"]).is_err());
        assert!(each.of(&["Us", "Them"]).is_err());
        for wrong in ["", "-1", "A=2,B", "A=2,A=3", "A=x", "inf"] {
            assert!(Precision::parse(wrong).is_err(), "{wrong}");
        }
    }
}
