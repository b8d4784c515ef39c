//! Questions, claims and observations, against the game or a council.

use super::day;
use crate::ask::Asker;
use crate::files::Gathered;
use crate::model::*;
use crate::question::{Body, Truth};
use detente_diag::{Diagnostic, Span};
use detente_syntax::ast::{self, ItemKind};
use indexmap::IndexMap;

#[derive(Default)]
pub(super) struct Parts {
    pub(super) asks: Vec<Ask>,
    pub(super) claims: Vec<Claim>,
    pub(super) council_asks: Vec<Ask>,
    pub(super) council_claims: Vec<Claim>,
    pub(super) observes: Vec<Observe>,
    pub(super) names: IndexMap<String, Span>,
}

impl Parts {
    pub(super) fn item(&mut self, item: &ast::Item, asker: &mut Asker, gathered: &Gathered) {
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

    pub(super) fn name(&mut self, name: &ast::Name, asker: &mut Asker) {
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
pub(super) fn to_council(body: &Body, asker: &mut Asker) -> bool {
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
pub(super) fn restriction(expr: &ast::Expr, of_council: bool, asker: &mut Asker) -> Option<Truth> {
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
