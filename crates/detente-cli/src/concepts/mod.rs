//! What `detente solve --concept …` can be asked: one row per concept, one function each.
//!
//! The one idea: the table says what a concept means, when to use it and who computes it; the option, its
//! help and the call all read the table. A concept is added by a file with one function
//! `answer(&Asked) -> Outcome` and a row.

mod commit;
mod devices;
mod help;
mod listed;
mod maxmin;
mod mediator;
mod nash;
mod objective;
mod perfect;
mod pure;
mod qre;
mod quasi_perfect;
mod reason;
mod reduced;
mod sequential;
mod spe;
mod table;

pub use help::{common_help, help_wanted, long_help, overview};
pub use table::TABLE;

use crate::commands::Format;
use crate::commands::solve::SolveArgs;
use crate::failure::{Failure, Outcome};
use crate::input::unknown;
use crate::output::{print, print_json};
use crate::watch::Watch;
use detente_game::solution::Concept;
use detente_game::{Game, Numbers, PlayerId};
use serde_json::Value;
use std::process::ExitCode;

/// One concept.
#[derive(Debug)]
pub struct Row {
    /// As `--concept` takes it, without the player.
    pub name: &'static str,
    /// Whether `=PLAYER` follows the name.
    pub player: bool,
    /// What it is, with its source; a line.
    pub means: &'static str,
    /// When to use which; a line.
    pub when: &'static str,
    /// How it is found and what is proven of it; a line.
    pub how: &'static str,
    /// The kind of equilibrium, where the answer is a list of them that every command can take.
    pub lists: Option<Concept>,
    /// The options beside those of every concept (`--time-limit`, `--format`) that say something to it.
    pub takes: &'static [Flag],
    /// Answers, has the answer checked, prints it.
    pub answer: fn(&Asked<'_>) -> Outcome,
}

/// An option that speaks to some concepts only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    All,
    One,
    Lambda,
    Branch,
    Plot,
    Threads,
    Seed,
    Checkpoint,
    Arms,
    Rounds,
    Certificate,
    Reduce,
    Objective,
}

impl Flag {
    /// As written in a call.
    pub fn name(self) -> &'static str {
        match self {
            Flag::All => "--all",
            Flag::One => "--one",
            Flag::Lambda => "--lambda",
            Flag::Branch => "--branch",
            Flag::Plot => "--plot",
            Flag::Threads => "--threads",
            Flag::Seed => "--seed",
            Flag::Checkpoint => "--checkpoint",
            Flag::Arms => "--arms",
            Flag::Rounds => "--rounds",
            Flag::Certificate => "--certificate",
            Flag::Reduce => "--reduce",
            Flag::Objective => "--objective",
        }
    }
}

/// What `--concept` says.
#[derive(Clone, Debug)]
pub struct Wish {
    pub row: &'static Row,
    /// The player's name, where the concept is about one.
    pub player: Option<String>,
}

impl Wish {
    /// The row of this kind of equilibrium.
    pub fn of(concept: Concept) -> Wish {
        let row = TABLE.iter().find(|row| row.lists == Some(concept)).unwrap_or(&TABLE[0]);
        Wish { row, player: None }
    }
}

/// Reads what `--concept` says.
///
/// # Errors
/// What can be written instead.
pub fn wish(text: &str) -> Result<Wish, String> {
    let (name, player) = match text.split_once('=') {
        Some((name, player)) => (name, Some(player.to_string())),
        None => (text, None),
    };
    let Some(row) = TABLE.iter().find(|row| row.name == name) else {
        let names: Vec<String> = TABLE.iter().map(Row::written).collect();
        let list = format!("write one of {}; `--concept help` says when to use which", names.join(", "));
        return Err(match meant(name) {
            Some(row) => format!("did you mean `{}`? {list}", row.written()),
            None => list,
        });
    };
    match (row.player, &player) {
        (true, None) => Err(format!("say whose, such as {}=NAME", row.name)),
        (false, Some(_)) => Err(format!("{} is about no single player: write {} alone", row.name, row.name)),
        _ => Ok(Wish { row, player }),
    }
}

/// The concept that other spellings and abbreviations mean.
fn meant(name: &str) -> Option<&'static Row> {
    let letters = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect()
    };
    let name = match letters(name).as_str() {
        "ne" => "nash".to_string(),
        "se" | "seq" | "sequentialequilibrium" => "sequential".into(),
        "subgameperfect" | "subgame" | "sgpe" | "sgp" => "spe".into(),
        "pbe" | "wpbe" | "perfectbayesian" => "weakpbe".into(),
        "logit" | "quantal" | "quantalresponse" => "qre".into(),
        "qpe" => "quasiperfect".into(),
        "correlated" => "ce".into(),
        "coarsecorrelated" | "coarse" => "cce".into(),
        "stackelberg" | "commitment" => "commit".into(),
        "minmax" | "minimax" | "security" => "maxmin".into(),
        other => other.to_string(),
    };
    TABLE.iter().find(|row| letters(row.name) == name)
}

impl Row {
    /// As a user writes it.
    pub fn written(&self) -> String {
        if self.player { format!("{}=PLAYER", self.name) } else { self.name.to_string() }
    }
}

/// One question: the game, its numbers and the call.
pub struct Asked<'a> {
    pub game: &'a Game,
    pub numbers: &'a Numbers,
    pub args: &'a SolveArgs,
    pub wish: Wish,
}

impl Asked<'_> {
    /// The player that the concept is about.
    ///
    /// # Errors
    /// The game has no player of this name.
    pub fn player(&self) -> Result<PlayerId, Failure> {
        let name = self.wish.player.as_deref().unwrap_or_default();
        let players = &self.game.players;
        let at = players.iter().position(|p| p.name == name);
        let at = at.ok_or_else(|| unknown("player", name, players.iter().map(|p| p.name.as_str())))?;
        Ok(PlayerId(at as u32))
    }

    /// Starts the clock.
    pub fn watch(&self) -> Watch {
        self.args.options.watch("solving").threads(self.args.workers())
    }

    /// Prints in the form that was asked for.
    ///
    /// # Errors
    /// A stream that is full or closed.
    pub fn print(&self, text: impl FnOnce() -> String, json: impl FnOnce() -> Value) -> Outcome {
        match self.args.format {
            Format::Text => print(&text())?,
            Format::Json => print_json(&json())?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// An answer that every finite game has did not come out.
pub fn broken(why: &str) -> Failure {
    Failure::input(why, "please report this game: every finite game has an answer")
}

/// The referee does not confirm what was found, so nothing is printed.
pub fn refused(why: &str) -> Failure {
    broken(&format!("the referee does not confirm this answer: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_by_its_own_words() {
        for row in TABLE {
            let text = if row.player { format!("{}=A=B", row.name) } else { row.name.to_string() };
            let read = wish(&text).expect("a row of the table");
            assert_eq!(read.row.name, row.name);
            assert_eq!(read.player.as_deref(), row.player.then_some("A=B"));
        }
        assert!(wish("maxmin").is_err_and(|why| why.contains("maxmin=NAME")));
        assert!(wish("NASH").is_err_and(|why| why.starts_with("did you mean `nash`?")));
        assert!(wish("weak_pbe").is_err_and(|why| why.starts_with("did you mean `weak-pbe`?")));
        assert!(wish("nash=A").is_err());
        assert!(wish("perfect").is_err_and(|why| why.contains("nash") && why.contains("commit=PLAYER")));
    }

    #[test]
    fn every_kind_of_equilibrium_has_its_row() {
        for kind in [Concept::Nash, Concept::Spe, Concept::Sequential, Concept::Qre] {
            assert_eq!(Wish::of(kind).row.lists, Some(kind));
        }
    }
}
