//! Puts the model together: variants, questions, evidence, tests.

mod base_rate;
mod councils;
mod doubt;
mod forecasts;
mod levers;
mod tests;

use crate::ask::{Asker, Room};
use crate::elaborate::{Elaborated, Limits, Settings, constant_value, elaborate};
use crate::files::Gathered;
use crate::model::*;
use crate::program::{ParamValue, Program};
use crate::question::{Body, Truth};
use crate::resolve::{Extras, Resolved, TestCode};
use councils::councils;
use detente_diag::{Diagnostic, Severity, Span};
use detente_exact::Q;
use detente_game::{Op, ParamId};
use detente_syntax::ast::{self, ItemKind};
use doubt::{correlations, hypotheses};
use indexmap::IndexMap;
use tests::{attach, tests};

/// A model with what its checks need.
pub(crate) struct Assembled {
    pub model: Model,
    pub used: Vec<String>,
    pub diagnostics: Vec<Diagnostic>,
}

/// The games of a model: itself, its variants, and tests that change the tree.
pub(crate) struct Games {
    pub base: Elaborated,
    pub variants: Vec<Elaborated>,
    /// One for each test whose settings change the tree.
    pub tests: Vec<Option<Elaborated>>,
    /// Plain settings of each test.
    pub sets: Vec<Vec<(ParamId, Q)>>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Elaborates the base game, then variants and tests. Stops at errors in the base game.
pub(crate) fn games(program: &Program, extras: &Extras, limits: Limits) -> Games {
    let mut base = elaborate(program, &Settings::default(), limits);
    let diagnostics = std::mem::take(&mut base.diagnostics);
    let mut games = Games { base, variants: Vec::new(), tests: Vec::new(), sets: Vec::new(), diagnostics };
    if detente_diag::has_errors(&games.diagnostics) || !games.base.complete {
        return games;
    }
    for variant in &extras.variants {
        let mut elaborated = elaborate(program, &variant.settings, limits);
        let title = &variant.name;
        games.diagnostics.extend(within(
            &mut elaborated,
            &format!("in variant `{title}`"),
            variant.support.span,
        ));
        games.variants.push(elaborated);
    }
    for test in &extras.tests {
        let (sets, game) = settings(program, test, &games.base, limits);
        if let Some(mut elaborated) = game {
            let title = format!("in test \"{}\"", test.name);
            games.diagnostics.extend(within(&mut elaborated, &title, test.support.span));
            games.tests.push(Some(elaborated));
        } else {
            games.tests.push(None);
        }
        games.sets.push(sets);
    }
    games
}

/// Errors of a game other than the base game, with the item that made it.
fn within(elaborated: &mut Elaborated, place: &str, span: Span) -> Vec<Diagnostic> {
    placed(std::mem::take(&mut elaborated.diagnostics), place, span)
}

/// Errors with the variant or test in whose game they occur.
pub(crate) fn placed(found: Vec<Diagnostic>, place: &str, span: Span) -> Vec<Diagnostic> {
    found
        .into_iter()
        .filter(|d| d.severity == Severity::Error)
        .map(|mut d| {
            d.message = format!("{place}: {}", d.message);
            let start = Span { end: span.start + 1, ..span };
            d.label(start, "changes the game here")
        })
        .collect()
}

/// A test's settings: plain values, or a game of its own where they change the tree.
fn settings(
    program: &Program,
    test: &TestCode,
    base: &Elaborated,
    limits: Limits,
) -> (Vec<(ParamId, Q)>, Option<Elaborated>) {
    let mut sets = Vec::new();
    let mut plain = test.settings.consts.is_empty();
    for (at, value) in &test.settings.params {
        let id = ParamId(*at as u32);
        let own = base.facts.param_exprs[*at]
            .is_some_and(|expr| base.game.tape.ops[expr.0 as usize] == Op::Param(id));
        match value {
            ParamValue::Fixed(formula) if own => match constant_value(program, formula) {
                Ok(value) => sets.push((id, value)),
                Err(_) => plain = false,
            },
            _ => plain = false,
        }
    }
    if plain { (sets, None) } else { (Vec::new(), Some(elaborate(program, &test.settings, limits))) }
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

#[derive(Default)]
struct Parts {
    asks: Vec<Ask>,
    claims: Vec<Claim>,
    council_asks: Vec<Ask>,
    council_claims: Vec<Claim>,
    observes: Vec<Observe>,
    names: IndexMap<String, Span>,
}

impl Parts {
    fn item(&mut self, item: &ast::Item, asker: &mut Asker, gathered: &Gathered) {
        let room = asker.base;
        let support = |caption: &ast::Caption| crate::resolve::support(caption, &item.doc, item.span);
        match &item.kind {
            ItemKind::Ask(ask) => {
                self.name(&ask.name, asker);
                if let Some(body) = asker.body(&ask.body, room) {
                    let to_council = to_council(&body, asker);
                    let ask = Ask { name: ask.name.text.clone(), body, support: support(&ask.caption) };
                    if to_council { &mut self.council_asks } else { &mut self.asks }.push(ask);
                }
            }
            ItemKind::Claim(claim) => {
                self.name(&claim.name, asker);
                let body = asker.truth(&claim.body, room).map(Body::Truth);
                let to_council = body.as_ref().is_some_and(|body| to_council(body, asker));
                let of_council = to_council || body.is_none();
                let restriction = claim.restriction.as_ref().and_then(|r| restriction(r, of_council, asker));
                if let Some(Body::Truth(body)) = body {
                    let name = claim.name.text.clone();
                    let claim = Claim { name, body, restriction, support: support(&claim.caption) };
                    if to_council { &mut self.council_claims } else { &mut self.claims }.push(claim);
                }
            }
            ItemKind::Observe(observe) => {
                let place = crate::ask::Place::new(room);
                if let Some(event) = asker.happening(&observe.event, &place) {
                    self.observes.push(Observe {
                        date: observe.date.map(day),
                        event,
                        text: gathered.sources.text(observe.event.span).to_string(),
                        support: support(&observe.caption),
                    });
                }
            }
            _ => {}
        }
    }

    fn name(&mut self, name: &ast::Name, asker: &mut Asker) {
        if name.text.is_empty() {
            return;
        }
        if let Some(first) = self.names.get(&name.text) {
            asker.report(
                Diagnostic::error(
                    "duplicate-name",
                    format!("`{}` is asked, claimed or forecast twice", name.text),
                )
                .label(name.span, "again here")
                .label(*first, "first here")
                .help("give one of them another name"),
            );
        }
        self.names.entry(name.text.clone()).or_insert(name.span);
    }
}

/// Is a council asked? One formula may not ask a council and a game at once.
fn to_council(body: &Body, asker: &mut Asker) -> bool {
    let (mut council, mut game) = (None, None);
    body.council_queries(&mut |query| council = council.or(Some(query.span)));
    body.queries(&mut |query| game = game.or(Some(query.span)));
    if let (Some(council), Some(game)) = (council, game) {
        asker.report(
            Diagnostic::error("type-mismatch", "this asks a council and a game at once")
                .label(council, "of a council")
                .label(game, "of the game")
                .help("ask each by itself"),
        );
    }
    // Without a `play` even a claim about params alone is the council's.
    council.is_some() || (game.is_none() && asker.base.game.nodes.is_empty())
}

/// `where …` restricts draws, so it may speak only of what is drawn: parameters, and cells of councils
/// in a claim about them.
fn restriction(expr: &ast::Expr, of_council: bool, asker: &mut Asker) -> Option<Truth> {
    let room = asker.base;
    let truth = asker.truth(expr, room)?;
    let mut asks = None;
    truth.queries(&mut |query| asks = asks.or(Some(query.span)));
    let mut cells = None;
    truth.council_queries(&mut |query| match query.kind.needs_theory() {
        true => asks = asks.or(Some(query.span)),
        false => cells = cells.or(Some(query.span)),
    });
    let help = match asker.program.councils.is_empty() {
        true => "put the condition into the claim, or restrict a param: `where threat >= 0.4`",
        false => {
            "put the condition into the claim, or restrict a param or a cell: `where threat >= 0.4`, \
             `where stated(council, actor, issue) >= 60`, `capability(...)`, `salience(...)`"
        }
    };
    if let Some(span) = asks {
        asker.report(
            Diagnostic::error("where-needs-params", "`where` may speak of params only")
                .label(span, "asks about the solution")
                .help(help),
        );
        return None;
    }
    if let Some(span) = cells.filter(|_| !of_council) {
        asker.report(
            Diagnostic::error(
                "where-needs-params",
                "`where` of a claim about the game speaks of params only",
            )
            .label(span, "a cell of a council")
            .help("name a `param` in the cell and restrict that param"),
        );
        return None;
    }
    Some(truth)
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
