//! From text to a table, names not yet repaired.

use super::super::error::FormatError;
use super::super::lex::{Lexer, Token};
use super::super::{MAX_NODES, MAX_PAYOFFS};
use detente_exact::Q;

/// A table as the file has it.
pub(crate) struct RawTable {
    pub title: String,
    pub players: Vec<String>,
    pub comment: String,
    pub strategies: Vec<Vec<String>>,
    pub cells: Cells,
    pub repairs: Vec<String>,
}

/// The two variants of the body; cells with the first player's strategy fastest.
pub(crate) enum Cells {
    /// Payoffs of all players, cell after cell.
    Payoffs(Vec<Q>),
    /// Outcomes with label and payoffs, and the outcome's number in each cell, 0 for none.
    Outcomes(Vec<(String, Vec<Q>)>, Vec<u32>),
}

const HEADER: &str = "a strategic game starts with: NFG 1 R \"title\" { \"player 1\" \"player 2\" } { { \"up\" \"down\" } { \"left\" \"right\" } }";

/// Reads a table.
pub(crate) fn parse(text: &str) -> Result<RawTable, FormatError> {
    let mut lexer = Lexer::new(text)?;
    let (title, players) = lexer.header("NFG", "1", HEADER)?;
    let strategies = strategies(&mut lexer, players.len())?;
    let comment = lexer.text_if_any()?.unwrap_or_default();
    let count = cell_count(&lexer, &strategies)?;
    let cells = if lexer.token == Token::Open {
        let list = outcomes(&mut lexer, players.len())?;
        let mut cells = Vec::new();
        for _ in 0..count {
            let number = lexer.integer(0, "the number of a cell's outcome, 0 for none,")? as usize;
            if number > list.len() {
                return Err(lexer.error(
                    format!("there is no outcome {number}; the file lists {}", list.len()),
                    "outcomes are numbered from 1 in the order of the list",
                ));
            }
            cells.push(number as u32);
        }
        Cells::Outcomes(list, cells)
    } else {
        let mut payoffs = Vec::new();
        for _ in 0..count * players.len() {
            payoffs.push(lexer.number("a payoff")?);
        }
        Cells::Payoffs(payoffs)
    };
    if lexer.token != Token::End {
        return Err(lexer.expected(
            "the end of the file",
            "the table is complete here; remove what follows, or check the numbers of strategies",
        ));
    }
    let mut repairs = Vec::new();
    if lexer.cleaned {
        repairs.push("line breaks and other control characters in labels are spaces".into());
    }
    Ok(RawTable { title, players, comment, strategies, cells, repairs })
}

/// Reads the strategies: labels per player, or numbers of strategies.
fn strategies(lexer: &mut Lexer, players: usize) -> Result<Vec<Vec<String>>, FormatError> {
    const HELP: &str =
        "list the strategies, { { \"up\" \"down\" } { \"left\" \"right\" } }, or how many there are, { 2 2 }";
    let start = lexer.at;
    lexer.brace(Token::Open, "the strategies in braces", HELP)?;
    let mut lists: Vec<Vec<String>> = Vec::new();
    while lexer.token != Token::Close {
        if lists.len() == players {
            return Err(lexer.expected("`}`", "there is one list of strategies per player"));
        }
        if lexer.token == Token::Open {
            let list = lexer.labels("`{`")?;
            if list.is_empty() {
                return Err(lexer.error("a player without strategies", HELP));
            }
            lists.push(list);
        } else {
            let at = lexer.at;
            let count = lexer.integer(1, "a number of strategies")? as usize;
            let so_far: usize = lists.iter().map(Vec::len).sum();
            if so_far + count > MAX_NODES {
                return Err(FormatError::at(
                    lexer.text,
                    at,
                    format!("{count} strategies are too many"),
                    "write a smaller game",
                ));
            }
            lists.push((1..=count).map(|k| k.to_string()).collect());
        }
    }
    if lists.len() < players {
        return Err(FormatError::at(
            lexer.text,
            start,
            format!("strategies for {} of {players} players", lists.len()),
            HELP,
        ));
    }
    lexer.advance()?;
    Ok(lists)
}

/// The number of cells, if the table and its tree fit the bounds.
fn cell_count(lexer: &Lexer, strategies: &[Vec<String>]) -> Result<usize, FormatError> {
    let (mut layer, mut nodes) = (1usize, 1usize);
    for list in strategies {
        layer = layer.saturating_mul(list.len());
        nodes = nodes.saturating_add(layer);
        if nodes > MAX_NODES || nodes.saturating_mul(strategies.len()) > MAX_PAYOFFS {
            return Err(lexer.error("the table has too many cells", "write a game with fewer strategies"));
        }
    }
    Ok(layer)
}

/// Reads a list of outcomes: `{ { "label" 1, 2 } ... }`.
fn outcomes(lexer: &mut Lexer, players: usize) -> Result<Vec<(String, Vec<Q>)>, FormatError> {
    const HELP: &str =
        "write outcomes as { { \"war\" 0, 0 } { \"peace\" 1, 1 } }, each with one payoff per player";
    lexer.brace(Token::Open, "`{`", HELP)?;
    let mut list = Vec::new();
    while lexer.token != Token::Close {
        lexer.brace(Token::Open, "an outcome in braces", HELP)?;
        let label = lexer.text("the outcome's label", HELP)?;
        let mut payoffs = Vec::new();
        while lexer.token != Token::Close {
            if payoffs.len() == players {
                return Err(lexer.expected("`}`", HELP));
            }
            payoffs.push(lexer.number("a payoff")?);
        }
        if payoffs.len() < players {
            return Err(lexer.error(format!("{} of {players} payoffs", payoffs.len()), HELP));
        }
        lexer.advance()?;
        list.push((label, payoffs));
    }
    lexer.advance()?;
    Ok(list)
}
