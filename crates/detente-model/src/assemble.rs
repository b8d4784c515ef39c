//! Puts the model together: variants, questions, evidence, tests.

mod base_rate;
mod councils;
mod doubt;
mod evidence;
mod forecasts;
mod games;
mod levers;
mod questions;
mod tests;

pub(crate) use games::{Games, games, placed};

use crate::ask::{Asker, Room};
use crate::elaborate::Elaborated;
use crate::files::Gathered;
use crate::model::*;
use crate::program::Program;
use crate::resolve::Resolved;
use councils::councils;
use detente_diag::Diagnostic;
use detente_game::{Op, ParamId};
use detente_syntax::ast::{self, ItemKind};
use doubt::{correlations, hypotheses};
use indexmap::IndexMap;
use questions::{Parts, to_council};
use tests::{attach, tests};

/// A model with what its checks need.
pub(crate) struct Assembled {
    pub model: Model,
    pub used: Vec<String>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Resolves all questions and builds the model.
pub(crate) fn assemble(gathered: &Gathered, resolved: &Resolved, games: Games) -> Assembled {
    let items = &gathered.items;
    let observations: Vec<&ast::Expr> = items
        .iter()
        .filter_map(|item| match &item.kind {
            ItemKind::Observe(observe) => Some(&observe.event),
            _ => None,
        })
        .collect();
    let variants = resolved.extras.variants.iter().zip(&games.variants);
    let mut asker = Asker {
        program: &resolved.program,
        names: &resolved.names,
        hypotheses: &resolved.hypotheses,
        functions: &resolved.functions,
        tables: &resolved.tables,
        observations,
        before: None,
        base: room(&games.base, false),
        variants: variants.map(|(v, e)| (v.name.clone(), room(e, true))).collect(),
        diagnostics: Vec::new(),
        used: Vec::new(),
        open: Vec::new(),
        effort: 0,
        calls: 0,
        without_variants: false,
    };
    let mut parts = Parts::default();
    for item in items {
        parts.item(item, &mut asker, gathered);
    }
    let forecasts = forecasts::forecasts(gathered, resolved, &mut parts, &mut asker);
    let tests = tests(gathered, resolved, &games, &mut asker);
    let hypotheses = hypotheses(resolved, &mut asker);
    let (mut diagnostics, used) = (asker.diagnostics, asker.used);
    let correlations = correlations(resolved, &games.base, &mut diagnostics);
    let levers = levers::levers(resolved, &games.base, &mut diagnostics);
    let precision = levers::precision(resolved, &mut diagnostics);
    let model = Model {
        levers,
        estimates: resolved.extras.estimates.iter().map(|at| ParamId(*at as u32)).collect(),
        precision,
        doc: resolved.program.doc.clone(),
        variants: variants_of(resolved, games.variants),
        params: params(&resolved.program, &games.base),
        consts: consts(&resolved.program, &games.base),
        supports: supports(&resolved.program),
        asks: parts.asks,
        claims: parts.claims,
        observes: parts.observes,
        hypotheses,
        forecasts,
        tests: attach(&resolved.program, tests, games.tests),
        councils: councils(&resolved.program, &games.base),
        council_asks: parts.council_asks,
        council_claims: parts.council_claims,
        correlations,
        bibliographies: gathered.bibliographies.clone(),
        sources: gathered.entries.clone(),
        game: games.base.game,
    };
    Assembled { model, used, diagnostics }
}

/// A date of the text as plain data.
fn day(date: ast::Date) -> Day {
    Day { year: date.year, month: date.month, day: date.day }
}

fn room(elaborated: &Elaborated, lenient: bool) -> Room<'_> {
    Room { game: &elaborated.game, facts: &elaborated.facts, lenient }
}

fn variants_of(resolved: &Resolved, games: Vec<Elaborated>) -> IndexMap<String, Variant> {
    let codes = resolved.extras.variants.iter();
    codes
        .zip(games)
        .map(|(code, elaborated)| {
            let sets = code.settings.params.keys().map(|at| ParamId(*at as u32)).collect();
            let councils = councils(&resolved.program, &elaborated);
            let support = code.support.clone();
            (code.name.clone(), Variant { game: elaborated.game, councils, support, sets })
        })
        .collect()
}

fn params(program: &Program, base: &Elaborated) -> Vec<ParamInfo> {
    let info = |(at, decl): (usize, &crate::program::ParamDecl)| {
        let expr = base.facts.param_exprs[at];
        let own = Op::Param(ParamId(at as u32));
        let kind = match expr {
            Some(expr) if base.game.tape.ops[expr.0 as usize] != own => ParamKind::Formula(expr),
            _ if base.game.params[at].prior.is_some() => ParamKind::Prior,
            _ => ParamKind::Fixed,
        };
        ParamInfo { name: decl.name.clone(), kind, support: decl.support.clone() }
    };
    program.params.iter().enumerate().map(info).collect()
}

fn consts(program: &Program, base: &Elaborated) -> Vec<ConstInfo> {
    let consts = program.consts.iter().zip(&base.facts.consts);
    consts
        .filter_map(|(decl, value)| {
            let value = value.clone()?;
            Some(ConstInfo { name: decl.name.clone(), value, support: decl.support.clone() })
        })
        .collect()
}

fn supports(program: &Program) -> IndexMap<String, Support> {
    let mut supports: IndexMap<String, Support> = IndexMap::new();
    let mut add = |name: String, support: &Support| {
        supports.entry(name).or_insert_with(|| support.clone());
    };
    program.players.iter().for_each(|d| add(d.name.clone(), &d.support));
    program.outcomes.iter().for_each(|d| add(d.name.clone(), &d.support));
    (0..program.events.len()).for_each(|e| add(program.event_name(e), &program.events[e].support));
    program.ledgers.iter().for_each(|d| add(d.name.clone(), &d.support));
    program.tables.iter().for_each(|d| add(d.name.clone(), &d.support));
    program.functions.iter().for_each(|d| add(d.name.clone(), &d.support));
    supports
}
