//! A game at one parameter point as `.nfg` text.

use super::super::error::FormatError;
use super::super::strict::{Outcomes, braced, plain, table_labels};
use super::build::cell_name;
use super::reduce::reduce;
use crate::game::{Game, NodeId, NodeKind};
use crate::numbers::Numbers;
use detente_exact::Q;
use std::fmt::Write as _;

/// Writes a game at `numbers` so that pygambit 16.7 reads it. A tree is written as its
/// reduced strategic form, with expected payoffs and without outcomes.
///
/// # Errors
/// A tree with too many strategies for a table.
pub fn write(game: &Game, numbers: &Numbers) -> Result<String, FormatError> {
    if game.strategic { Ok(table(game, numbers)) } else { tree(game, numbers) }
}

fn header(game: &Game, strategies: &[Vec<String>], comment: &str) -> String {
    let players = table_labels(game.players.iter().map(|p| p.name.as_str()));
    let quoted = |labels: &[String]| labels.iter().map(|l| format!("\"{l}\"")).collect::<Vec<_>>().join(" ");
    let lists: Vec<String> = strategies.iter().map(|s| format!("{{ {} }}", quoted(s))).collect();
    format!(
        "NFG 1 R \"{}\" {{ {} }}\n{{ {} }}\n\"{comment}\"\n\n",
        plain(&game.title),
        quoted(&players),
        lists.join(" ")
    )
}

fn tree(game: &Game, numbers: &Numbers) -> Result<String, FormatError> {
    let reduced = reduce(game, numbers)?;
    let strategies: Vec<_> =
        reduced.strategies.iter().map(|s| table_labels(s.iter().map(String::as_str))).collect();
    let mut out = header(game, &strategies, &plain(&game.comment));
    push_payoffs(&mut out, reduced.payoffs.chunks(game.players.len().max(1)));
    Ok(out)
}

fn push_payoffs<'a>(out: &mut String, cells: impl Iterator<Item = &'a [Q]>) {
    for cell in cells {
        let line: Vec<String> = cell.iter().map(Q::to_string).collect();
        out.push_str(&line.join(" "));
        out.push('\n');
    }
}

fn table(game: &Game, numbers: &Numbers) -> String {
    let arms: Vec<Vec<String>> = game
        .infosets
        .iter()
        .map(|h| {
            let arms = &game.events[h.event.index()].arms;
            h.actions.iter().map(|a| arms[*a as usize].clone()).collect()
        })
        .collect();
    let strategies: Vec<_> = arms.iter().map(|s| table_labels(s.iter().map(String::as_str))).collect();
    let sizes: Vec<usize> = arms.iter().map(Vec::len).collect();
    let cells: Vec<NodeId> = (0..sizes.iter().product()).map(|cell| leaf(game, cell, &sizes)).collect();
    let named_by_strategies =
        cells.iter().enumerate().all(|(cell, node)| match game.nodes[node.index()].kind {
            NodeKind::Terminal(Some(o)) => game.outcomes[o.index()].name == cell_name(cell, &sizes, &arms),
            _ => false,
        });
    if named_by_strategies {
        let mut out = header(game, &strategies, &plain(&game.comment));
        let players = game.players.len();
        push_payoffs(
            &mut out,
            cells.iter().map(|n| &numbers.payoffs[n.index() * players..(n.index() + 1) * players]),
        );
        return out;
    }
    let outcomes = Outcomes::new(game, numbers);
    let mut out = header(game, &strategies, &outcomes.comment);
    out.push_str("{\n");
    for (label, payoffs) in &outcomes.list {
        let numbers = braced(payoffs.iter());
        let _ = writeln!(out, "{{ \"{label}\" {}", &numbers[2..]);
    }
    out.push_str("}\n");
    let numbers: Vec<String> = cells.iter().map(|n| outcomes.of(*n).to_string()).collect();
    for line in numbers.chunks(sizes.first().copied().unwrap_or(1).max(1)) {
        out.push_str(&line.join(" "));
        out.push('\n');
    }
    out
}

/// The end of play of a cell, counted with the first player's strategy fastest.
fn leaf(game: &Game, cell: usize, sizes: &[usize]) -> NodeId {
    let mut rest = cell;
    let mut node = NodeId(0);
    for size in sizes {
        node = game.children(node)[rest % size];
        rest /= size;
    }
    node
}
