//! From text to the rows of an `.efg` file, nothing interpreted yet.
//!
//! The tree's shape is implied by the order of rows; a stack of open nodes replaces
//! recursion, so depth costs memory for one number only.

use super::super::error::{FormatError, shown};
use super::super::lex::{Lexer, Token};
use super::super::{MAX_DEPTH, MAX_NODES, MAX_ROWS};
use detente_exact::Q;
use std::collections::BTreeMap;

/// A file: its sets and outcomes, each described once, and its rows in order.
pub(crate) struct RawGame {
    pub title: String,
    pub players: Vec<String>,
    pub comment: String,
    pub sets: Vec<RawSet>,
    pub outcomes: Vec<RawOutcome>,
    pub nodes: Vec<RawNode>,
    pub repairs: Vec<String>,
}

/// An information set, or a chance move where `player` is 0.
pub(crate) struct RawSet {
    pub player: usize,
    pub number: i64,
    pub label: String,
    pub actions: Vec<String>,
    /// One per action of a chance move; empty for players.
    pub probs: Vec<Q>,
    /// Byte position of its description.
    pub at: usize,
}

/// An outcome; `payoffs` is `None` until its description is met.
pub(crate) struct RawOutcome {
    pub number: i64,
    pub label: String,
    pub payoffs: Option<Vec<Q>>,
    /// Byte position of its first mention.
    pub at: usize,
}

/// A row: positions in `sets` and `outcomes`; `set` is `None` at an end of play.
pub(crate) struct RawNode {
    pub parent: Option<(u32, u32)>,
    pub set: Option<u32>,
    pub outcome: Option<u32>,
    /// Byte position of the row.
    pub at: u32,
}

const HEADER: &str = "an extensive game starts with: EFG 2 R \"title\" { \"player 1\" \"player 2\" }";
const ROW: &str = "a row starts with `c` (chance), `p` (a player's move) or `t` (end of play)";

/// Reads all rows.
pub(crate) fn parse(text: &str) -> Result<RawGame, FormatError> {
    let mut rows = Rows::new(text)?;
    // Open nodes: their position, and how many children are still to come and have come.
    let mut open: Vec<(u32, u32, u32)> = Vec::new();
    let mut parent = None;
    loop {
        let children = rows.row(parent)?;
        let id = rows.game.nodes.len() as u32 - 1;
        if children > 0 {
            open.push((id, children, 0));
        }
        while open.last().is_some_and(|(_, left, _)| *left == 0) {
            open.pop();
        }
        let Some((node, left, done)) = open.last_mut() else { break };
        parent = Some((*node, *done));
        *left -= 1;
        *done += 1;
        if open.len() > MAX_DEPTH {
            return Err(rows
                .lexer
                .error(format!("the tree is deeper than {MAX_DEPTH} moves"), "write a shorter game"));
        }
    }
    if rows.lexer.token != Token::End {
        return Err(rows.lexer.expected(
            "the end of the file",
            "the tree is complete here; remove what follows, or check that every set lists all its actions",
        ));
    }
    rows.finish()
}

struct Rows<'a> {
    lexer: Lexer<'a>,
    game: RawGame,
    set_ids: BTreeMap<(usize, i64), u32>,
    outcome_ids: BTreeMap<i64, u32>,
}

impl<'a> Rows<'a> {
    fn new(text: &'a str) -> Result<Rows<'a>, FormatError> {
        let mut lexer = Lexer::new(text)?;
        let (title, players) = lexer.header("EFG", "2", HEADER)?;
        let comment = lexer.text_if_any()?.unwrap_or_default();
        let game = RawGame {
            title,
            players,
            comment,
            sets: vec![],
            outcomes: vec![],
            nodes: vec![],
            repairs: vec![],
        };
        Ok(Rows { lexer, game, set_ids: BTreeMap::new(), outcome_ids: BTreeMap::new() })
    }

    /// Reads one row and returns its number of children.
    fn row(&mut self, parent: Option<(u32, u32)>) -> Result<u32, FormatError> {
        let at = self.lexer.at as u32;
        if self.lexer.token == Token::End {
            let help = "every action needs the rows of what follows it; add the missing rows";
            return Err(self.lexer.error("the file ends in the middle of the tree", help));
        }
        if self.game.nodes.len() >= MAX_ROWS {
            return Err(self
                .lexer
                .error(format!("the tree has more than {MAX_ROWS} nodes"), "write a smaller game"));
        }
        let kind = match &self.lexer.token {
            Token::Word(word) => word.clone(),
            _ => String::new(),
        };
        if !matches!(kind.as_str(), "c" | "p" | "t") {
            return Err(self.lexer.expected("a row", ROW));
        }
        self.lexer.advance()?;
        // The node's own label is not used.
        self.lexer.text("the node's label in quotation marks", "write \"\" for none")?;
        let set = match kind.as_str() {
            "c" => Some(self.set(0)?),
            "p" => {
                let player = self.player()?;
                Some(self.set(player)?)
            }
            _ => None,
        };
        let outcome = self.outcome()?;
        self.game.nodes.push(RawNode { parent, set, outcome, at });
        Ok(set.map_or(0, |s| self.game.sets[s as usize].actions.len() as u32))
    }

    fn player(&mut self) -> Result<usize, FormatError> {
        let at = self.lexer.at;
        let number = self.lexer.integer(1, "the player's number")? as usize;
        if number <= self.game.players.len() {
            return Ok(number);
        }
        let message = format!("there is no player {number}; the game lists {}", self.game.players.len());
        Err(FormatError::at(
            self.lexer.text,
            at,
            message,
            "players are numbered from 1 in the order of the header",
        ))
    }

    /// Reads a set's number and, if it follows, its description.
    fn set(&mut self, player: usize) -> Result<u32, FormatError> {
        let at = self.lexer.at;
        let number = self.lexer.integer(i64::from(i32::MIN), "the number of the information set")?;
        let known = self.set_ids.get(&(player, number)).copied();
        let label = self.lexer.text_if_any()?;
        if self.lexer.token != Token::Open {
            return match known {
                Some(id) if label.is_none() => Ok(id),
                _ => Err(self.lexer.expected("the actions in braces", "describe a set where it is first used: { \"up\" \"down\" }, with a probability after each action of chance")),
            };
        }
        let (actions, probs) = self.actions(player == 0)?;
        let set = RawSet { player, number, label: label.unwrap_or_default(), actions, probs, at };
        if let Some(id) = known {
            self.compare(id as usize, set)?;
            return Ok(id);
        }
        let id = self.game.sets.len() as u32;
        self.game.sets.push(set);
        self.set_ids.insert((player, number), id);
        Ok(id)
    }

    fn actions(&mut self, chance: bool) -> Result<(Vec<String>, Vec<Q>), FormatError> {
        const HELP: &str = "list the actions in quotation marks, and close the list with `}`";
        self.lexer.brace(Token::Open, "`{`", HELP)?;
        let (mut actions, mut probs) = (Vec::new(), Vec::new());
        while self.lexer.token != Token::Close {
            if actions.len() >= MAX_NODES {
                return Err(self.lexer.error("there are too many actions", "write a smaller game"));
            }
            actions.push(self.lexer.text("an action's label", HELP)?);
            if chance {
                probs.push(self.lexer.number("the probability of this branch of chance")?);
            }
        }
        if actions.is_empty() {
            return Err(self
                .lexer
                .error("a move needs at least one action", "list one, or end the play here with a `t` row"));
        }
        self.lexer.advance()?;
        Ok((actions, probs))
    }

    /// A second description of a set must have the same branches; the first one's labels count.
    fn compare(&mut self, id: usize, again: RawSet) -> Result<(), FormatError> {
        let first = &self.game.sets[id];
        let what = match first.player {
            0 => format!("chance move {}", first.number),
            player => format!("information set {} of player {player}", first.number),
        };
        let error =
            |message: String, help: &str| Err(FormatError::at(self.lexer.text, again.at, message, help));
        if first.actions.len() != again.actions.len() {
            let (here, before) = (again.actions.len(), first.actions.len());
            let message = format!("{what} has {here} actions here and {before} before");
            return error(message, "give this node a set of its own, or the same actions");
        }
        if first.probs != again.probs {
            let message = format!("{what} has other probabilities here than before");
            return error(message, "give this node a chance number of its own");
        }
        if first.actions != again.actions || (first.label != again.label && !again.label.is_empty()) {
            let repair = format!("{what} is described twice with different labels; the first ones count");
            self.game.repairs.push(repair);
        }
        Ok(())
    }

    /// Reads an outcome's number and, if it follows, its description.
    fn outcome(&mut self) -> Result<Option<u32>, FormatError> {
        let at = self.lexer.at;
        let number = self.lexer.integer(i64::from(i32::MIN), "the outcome's number, 0 for none,")?;
        let label = self.lexer.text_if_any()?;
        let payoffs = if self.lexer.token == Token::Open { Some(self.payoffs()?) } else { None };
        if number == 0 {
            let empty = label.unwrap_or_default().is_empty() && payoffs.iter().flatten().all(Q::is_zero);
            return if empty {
                Ok(None)
            } else {
                Err(FormatError::at(
                    self.lexer.text,
                    at,
                    "outcome 0 stands for no outcome, but it has a label or payoffs",
                    "number outcomes from 1",
                ))
            };
        }
        let id = *self.outcome_ids.entry(number).or_insert_with(|| {
            self.game.outcomes.push(RawOutcome { number, label: String::new(), payoffs: None, at });
            self.game.outcomes.len() as u32 - 1
        });
        let outcome = &mut self.game.outcomes[id as usize];
        match (&outcome.payoffs, payoffs) {
            (Some(first), Some(again)) if *first != again => {
                let message = format!("outcome {number} has other payoffs here than before");
                return Err(FormatError::at(
                    self.lexer.text,
                    at,
                    message,
                    "give this end of play an outcome number of its own",
                ));
            }
            (None, Some(payoffs)) => {
                outcome.payoffs = Some(payoffs);
                outcome.label = label.unwrap_or_default();
                return Ok(Some(id));
            }
            _ => {}
        }
        match label {
            Some(label) if outcome.payoffs.is_some() && !label.is_empty() && label != outcome.label => {
                self.game.repairs.push(format!(
                    "outcome {number} has a second label {}; the first one, {}, counts",
                    shown(&label),
                    shown(&outcome.label)
                ));
            }
            Some(label) if outcome.payoffs.is_none() => outcome.label = label,
            _ => {}
        }
        Ok(Some(id))
    }

    fn payoffs(&mut self) -> Result<Vec<Q>, FormatError> {
        let count = self.game.players.len();
        let help = format!("give one payoff per player, {count} in all: {{ 1, 2 }}");
        self.lexer.brace(Token::Open, "`{`", &help)?;
        let mut payoffs = Vec::new();
        while self.lexer.token != Token::Close {
            if payoffs.len() == count {
                return Err(self.lexer.expected("`}`", &help));
            }
            payoffs.push(self.lexer.number("a payoff")?);
        }
        if payoffs.len() < count {
            return Err(self.lexer.error(format!("{} of {count} payoffs", payoffs.len()), help));
        }
        self.lexer.advance()?;
        Ok(payoffs)
    }

    fn finish(mut self) -> Result<RawGame, FormatError> {
        if let Some(missing) = self.game.outcomes.iter().find(|o| o.payoffs.is_none()) {
            let message = format!("outcome {} has no payoffs anywhere in the file", missing.number);
            let help = "describe it where it is first used: a label in quotation marks and { payoffs }; or write 0 for none";
            return Err(FormatError::at(self.lexer.text, missing.at, message, help));
        }
        if self.lexer.cleaned {
            self.game.repairs.push("line breaks and other control characters in labels are spaces".into());
        }
        Ok(self.game)
    }
}
