//! Questions to the game: `prob`, `mean`, `value`, `belief`, `gain`, and the decision that each is about.

use super::{Asker, Place, Room};
use crate::question::*;
use detente_diag::Diagnostic;
use detente_game::{EventId, PlayerId};
use detente_syntax::ast::{self, BinaryOp, Expr, ExprKind};

impl<'a> Asker<'a> {
    pub(super) fn query(&mut self, expr: &Expr, room: Room<'a>) -> Option<Number> {
        if room.game.nodes.is_empty() {
            self.no_game(expr.span);
            return None;
        }
        let (kind, conditions) = match &expr.kind {
            ExprKind::Prob { event, conditions } => {
                let (conditions, room) = self.conditions(conditions, room)?;
                (QueryKind::Prob(self.happening(event, &Place::new(room))?), conditions)
            }
            ExprKind::Mean { number, conditions } => {
                let (conditions, room) = self.conditions(conditions, room)?;
                (QueryKind::Mean(self.play_number(number, &Place::new(room))?), conditions)
            }
            ExprKind::Value { player, conditions } => {
                let player = self.player(player);
                let (conditions, _) = self.conditions(conditions, room)?;
                (QueryKind::Value(player?), conditions)
            }
            ExprKind::Belief { player, event, at, conditions } => {
                let player = self.player(player);
                let (conditions, room) = self.conditions(conditions, room)?;
                let place = Place::new(room);
                let event = self.happening(event, &place)?;
                let at_span = at.span;
                let at = self.decision(at, player?, &place, at_span)?;
                (QueryKind::Belief { player: player?, event, at }, conditions)
            }
            ExprKind::Gain { player, better, worse, at, conditions } => {
                let player = self.player(player)?;
                let (conditions, room) = self.conditions(conditions, room)?;
                (self.gain(player, better, worse, at.as_ref(), &Place::new(room))?, conditions)
            }
            _ => return None,
        };
        Some(Number::Query(Box::new(Query { kind, conditions, span: expr.span })))
    }

    /// A question about a game, in a file that holds none.
    pub(super) fn no_game(&mut self, span: detente_diag::Span) {
        self.report(
            Diagnostic::error("no-play", "the model has no `play`, so there is no game to ask about")
                .label(span, "asks about a game")
                .help("ask about the council: `settlement(council, issue)`; or add `play { ... }`"),
        );
    }

    pub(super) fn player(&mut self, name: &ast::Name) -> Option<PlayerId> {
        match self.names.player(name) {
            Ok(player) => Some(PlayerId(player as u32)),
            Err(diagnostic) => {
                self.diagnostics.extend(diagnostic);
                None
            }
        }
    }

    /// A decision of this player.
    pub(super) fn decision(
        &mut self,
        reference: &ast::Ref,
        player: PlayerId,
        place: &Place<'a>,
        span: detente_diag::Span,
    ) -> Option<EventId> {
        let decl = self.event_decl(reference)?;
        let event = &self.program.events[decl];
        if event.kind != detente_game::EventKind::Move || event.owner != Some(player.index()) {
            let name = self.program.event_name(decl);
            let who = self.program.players[player.index()].name.clone();
            self.report(
                Diagnostic::error("type-mismatch", format!("`{name}` is not a decision of {who}"))
                    .label(span, "beliefs and gains are taken where the player itself decides")
                    .help(format!("name a move of {who}")),
            );
            return None;
        }
        let found = self.events(decl, reference, place)?;
        if found.is_none() {
            let name = self.program.event_name(decl);
            self.report(
                Diagnostic::error("never-happens", format!("`{name}` never happens in this game"))
                    .label(span, "asked here"),
            );
        }
        found
    }

    pub(super) fn gain(
        &mut self,
        player: PlayerId,
        better: &Expr,
        worse: &Expr,
        at: Option<&ast::Ref>,
        place: &Place<'a>,
    ) -> Option<QueryKind> {
        let (full, better_arm) = split_action(better);
        let (_, worse_arm) = split_action(worse);
        let event = match at.or(full) {
            Some(reference) => self.decision(reference, player, place, reference.span)?,
            None => self.decision_with(player, better_arm, worse_arm, place)?,
        };
        let better = self.arm(event, better_arm, place);
        let worse = self.arm(event, worse_arm, place);
        Some(QueryKind::Gain { player, event, better: better?, worse: worse? })
    }

    /// The only decision of a player that offers both actions.
    fn decision_with(
        &mut self,
        player: PlayerId,
        better: &Expr,
        worse: &Expr,
        place: &Place<'a>,
    ) -> Option<EventId> {
        let word = |e: &Expr| match &e.kind {
            ExprKind::Ref(r) if r.owner.is_none() => r.name.text.clone(),
            _ => String::new(),
        };
        let (a, b) = (word(better), word(worse));
        let game = place.room.game;
        let found: Vec<EventId> = (0..game.events.len())
            .filter(|at| {
                let e = &game.events[*at];
                e.kind == detente_game::EventKind::Move
                    && e.owner == Some(player)
                    && e.arms.contains(&a)
                    && e.arms.contains(&b)
            })
            .map(|at| EventId(at as u32))
            .collect();
        if let [only] = found[..] {
            return Some(only);
        }
        let who = self.program.players[player.index()].name.clone();
        let message = if found.is_empty() {
            format!("{who} has no decision between `{a}` and `{b}`")
        } else {
            format!("{who} decides between `{a}` and `{b}` more than once")
        };
        let names: Vec<String> = found.iter().map(|e| game.event_name(*e)).collect();
        let help = match names.first() {
            Some(name) => format!("say where: `gain({who}, {a} over {b} at {name})`"),
            None => "name two actions of one menu".to_string(),
        };
        self.report(
            Diagnostic::error("which-decision", message)
                .label(better.span.to(worse.span), "asked here")
                .help(help),
        );
        None
    }
}

/// Splits `P.move == action` into the move and the action; a bare action has no move.
fn split_action(expr: &Expr) -> (Option<&ast::Ref>, &Expr) {
    if let ExprKind::Binary { op: BinaryOp::Equal, left, right, .. } = &expr.kind
        && let ExprKind::Ref(r) = &left.kind
    {
        return (Some(r), right);
    }
    (None, expr)
}
