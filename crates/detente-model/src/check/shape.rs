//! What is declared but never used, offered or reached.

use crate::assemble::{Assembled, Games};
use crate::program::Program;
use crate::resolve::{Named, Resolved, words};
use detente_diag::{Diagnostic, FileId};

/// Outcomes never ended in, moves and arms never reached.
pub(super) fn reached(program: &Program, games: &Games, found: &mut Vec<Diagnostic>) {
    let facts = &games.base.facts;
    for (outcome, ended) in program.outcomes.iter().zip(&facts.ended) {
        if !ended && !outcome.name.is_empty() {
            found.push(
                Diagnostic::warning("unreached", format!("no play ends in `{}`", outcome.name))
                    .label(outcome.span, "never reached")
                    .help(format!("add `end {}` where it belongs, or remove it", outcome.name)),
            );
        }
    }
    for (at, event) in program.events.iter().enumerate() {
        let offered = &facts.offered[at];
        let name = program.event_name(at);
        if offered.is_empty() {
            found.push(
                Diagnostic::warning("unreached", format!("no play reaches `{name}`"))
                    .label(event.span, "never asked")
                    .help("check the conditions before it, or remove it"),
            );
            continue;
        }
        let never: Vec<&String> = (0..event.arms.len())
            .filter(|arm| !offered.contains(&(*arm as u32)))
            .map(|arm| &event.arms[arm])
            .collect();
        if !never.is_empty() {
            found.push(
                Diagnostic::warning("unreached", format!("`{name}` never offers {}", words(&never)))
                    .label(event.span, "its guard is never true")
                    .help("correct the guard, or remove the action"),
            );
        }
    }
}

/// Names of the model's own file that no formula and no question uses.
pub(super) fn unused(resolved: &Resolved, assembled: &Assembled, found: &mut Vec<Diagnostic>) {
    let names = &resolved.names;
    let used = |name: &String| names.used.contains(name) || assembled.used.contains(name);
    let values = names.values.iter().filter_map(|(name, (named, span))| match named {
        Named::Const(_) => Some((name, *span, "const")),
        Named::Param(_) => Some((name, *span, "param")),
        _ => None,
    });
    let calls = names.calls.iter().map(|(name, (callee, span))| {
        let kind = match callee {
            crate::resolve::Callee::Function(_) => "fn",
            crate::resolve::Callee::Table(_) => "table",
        };
        (name, *span, kind)
    });
    for (name, span, kind) in values.chain(calls) {
        // An included library may bring more than one model needs.
        if span.file == FileId(0) && !used(name) {
            found.push(
                Diagnostic::warning("unused", format!("nothing uses {kind} `{name}`"))
                    .label(span, "declared here")
                    .help("use it or remove it"),
            );
        }
    }
}
