//! Puts the model together: variants, questions, evidence, tests.

mod base_rate;
mod forecasts;
mod levers;

use crate::ask::{Asker, Room};
use crate::council::{ActorInfo, Cell, CouncilModel, IssueInfo, OptionInfo};
use crate::elaborate::{Elaborated, Limits, Settings, constant_value, elaborate, prior_value};
use crate::files::Gathered;
use crate::model::*;
use crate::program::{CellCode, CellDecl, Dist, ParamValue, Program};
use crate::question::{Body, Truth};
use crate::resolve::{Extras, HypothesisCode, Resolved, TestCode};
use detente_diag::{Diagnostic, Severity, Span};
use detente_exact::Q;
use detente_game::{ExprId, Op, ParamId};
use detente_prob::Copula;
use detente_syntax::ast::{self, ItemKind};
use indexmap::IndexMap;

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

fn tests<'a>(gathered: &Gathered, resolved: &Resolved, games: &'a Games, asker: &mut Asker<'a>) -> Vec<Test> {
    let mut tests = Vec::new();
    for (at, code) in resolved.extras.tests.iter().enumerate() {
        let Some(own) = games.tests.get(at) else { continue };
        let (base, variants) = (asker.base, asker.variants.clone());
        if let Some(elaborated) = own {
            asker.base = room(elaborated, true);
            // The model's variants are variants of another tree than this one.
            asker.variants.clear();
            asker.without_variants = true;
        }
        let room = asker.base;
        let mut expects = Vec::new();
        for expect in &code.expects {
            let body = match &expect.near {
                Some(_) => asker.number(&expect.body, room).map(Body::Number),
                None => asker.truth(&expect.body, room).map(Body::Truth),
            };
            let near = expect
                .near
                .as_ref()
                .map(|n| (asker.number(&n.target, room), asker.number(&n.tolerance, room)));
            let near = match near {
                Some((Some(target), Some(tolerance))) => Some((target, tolerance)),
                Some(_) => continue,
                None => None,
            };
            if let Some(body) = body {
                to_council(&body, asker);
                let text = gathered.sources.text(expect.span).to_string();
                expects.push(Expect { some: expect.some, body, near, text, span: expect.span });
            }
        }
        (asker.base, asker.variants) = (base, variants);
        asker.without_variants = false;
        let sets = games.sets[at].clone();
        tests.push(Test {
            name: code.name.clone(),
            sets,
            game: None,
            councils: Vec::new(),
            expects,
            support: code.support.clone(),
        });
    }
    tests
}

/// Gives each test that changes the tree its game.
fn attach(program: &Program, mut tests: Vec<Test>, games: Vec<Option<Elaborated>>) -> Vec<Test> {
    for (test, game) in tests.iter_mut().zip(games) {
        let Some(elaborated) = game else { continue };
        test.councils = councils(program, &elaborated);
        test.game = Some(Box::new(elaborated.game));
    }
    tests
}

fn hypotheses(resolved: &Resolved, asker: &mut Asker) -> Vec<Hypothesis> {
    let mut list = Vec::new();
    for ((item, h), code) in resolved.hypotheses.iter().zip(&resolved.extras.hypotheses) {
        let place = crate::ask::Place::new(asker.base);
        let event = asker.happening(&h.event, &place);
        let prior = hypothesis_prior(resolved, code, asker);
        if let Some(event) = event {
            let support = crate::resolve::support(&h.caption, &item.doc, item.span);
            list.push(Hypothesis { name: h.name.text.clone(), event, prior, support });
        }
    }
    list
}

fn hypothesis_prior(
    resolved: &Resolved,
    code: &HypothesisCode,
    asker: &mut Asker,
) -> Option<HypothesisPrior> {
    let dist = code.prior.as_ref()?;
    let span = dist.span();
    let outside = |asker: &mut Asker, span: Span| {
        asker.report(
            Diagnostic::error("prior-leaks", "the prior of a hypothesis is a probability")
                .label(span, "reaches outside (0, 1)")
                .help("give a number or a range between 0 and 1, such as `0.2 to 0.8`"),
        );
    };
    if let Dist::Point(formula) = dist {
        match constant_value(&resolved.program, formula) {
            Ok(value) if value.is_positive() && value < Q::ONE => return Some(HypothesisPrior::Point(value)),
            Ok(_) => outside(asker, formula.span),
            Err(found) => asker.diagnostics.extend(found),
        }
        return None;
    }
    match prior_value(&resolved.program, dist) {
        Ok(prior) => {
            // `lo to hi` is read as a range of values here; its tails do not matter.
            let (lo, hi) = match &prior {
                detente_prob::Prior::Interval { lo, hi } => (*lo, *hi),
                other => other.support(),
            };
            let inside = match &prior {
                detente_prob::Prior::Interval { .. } => lo > 0.0 && hi < 1.0,
                _ => lo >= 0.0 && hi <= 1.0,
            };
            if inside {
                return Some(HypothesisPrior::Range(prior));
            }
            outside(asker, span);
        }
        Err(found) => asker.diagnostics.extend(found),
    }
    None
}

fn correlations(
    resolved: &Resolved,
    base: &Elaborated,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Correlation> {
    let mut list: Vec<Correlation> = Vec::new();
    let params = &resolved.program.params;
    for code in &resolved.extras.correlations {
        let value = match constant_value(&resolved.program, &code.value) {
            Ok(value) => value,
            Err(found) => {
                diagnostics.extend(found);
                continue;
            }
        };
        let without = [code.left, code.right].into_iter().find(|p| base.game.params[*p].prior.is_none());
        let problem = if let Some(param) = without {
            Some(format!("`{}` has no prior", params[param].name))
        } else if code.left == code.right {
            Some("a param cannot be correlated with itself".to_string())
        } else {
            None
        };
        let pair = [(code.left, code.right, value.to_f64())];
        let problem = problem.or_else(|| Copula::new(params.len(), &pair).err().map(|e| e.to_string()));
        if let Some(problem) = problem {
            diagnostics.push(bad_correlation(&problem, code.support.span));
            continue;
        }
        let (left, right) = (ParamId(code.left as u32), ParamId(code.right as u32));
        list.push(Correlation { left, right, rank: value.to_f64(), support: code.support.clone() });
    }
    let pairs: Vec<(usize, usize, f64)> =
        list.iter().map(|c| (c.left.index(), c.right.index(), c.rank)).collect();
    if let (Err(error), Some(last)) = (Copula::new(params.len(), &pairs), list.last()) {
        diagnostics.push(bad_correlation(&error.to_string(), last.support.span));
    }
    list
}

fn bad_correlation(problem: &str, span: Span) -> Diagnostic {
    Diagnostic::error("bad-correlation", problem)
        .label(span, "cannot hold")
        .help("correlate two different params with priors, between -1 and 1; pairs that are not named have 0")
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

fn councils(program: &Program, base: &Elaborated) -> Vec<CouncilModel> {
    let cell = |decl: &Option<CellDecl>, expr: Option<ExprId>| {
        let decl = decl.as_ref()?;
        let param = match decl.value {
            CellCode::Param(at) => Some(ParamId(at as u32)),
            CellCode::Formula(_) => None,
        };
        Some(Cell { expr: expr?, param, support: decl.support.clone() })
    };
    let row = |decls: &[Option<CellDecl>], exprs: &[Option<ExprId>]| -> Vec<Cell> {
        decls.iter().zip(exprs).filter_map(|(decl, expr)| cell(decl, *expr)).collect()
    };
    let grid = |decls: &[Vec<Option<CellDecl>>], exprs: &[Vec<Option<ExprId>>]| -> Vec<Vec<Cell>> {
        decls.iter().zip(exprs).map(|(d, e)| row(d, e)).collect()
    };
    let all = program.councils.iter().zip(&base.facts.councils);
    all.map(|(decl, exprs)| CouncilModel {
        name: decl.name.clone(),
        support: decl.support.clone(),
        issues: (decl.issues.iter())
            .map(|i| IssueInfo { name: i.name.clone(), support: i.support.clone(), marks: i.marks.clone() })
            .collect(),
        actors: (decl.actors.iter())
            .map(|a| ActorInfo { name: a.name.clone(), support: a.support.clone() })
            .collect(),
        capability: row(&decl.capability, &exprs.capability),
        position: grid(&decl.position, &exprs.position),
        salience: grid(&decl.salience, &exprs.salience),
        whole: decl.whole.clone(),
        each: decl.each,
        options: (decl.options.iter())
            .map(|o| (o.name.clone(), OptionInfo { values: o.values.clone(), support: o.support.clone() }))
            .collect(),
    })
    .collect()
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
