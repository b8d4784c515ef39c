//! Declares and lowers the statements of `play`.

use super::lower::Lower;
use super::{Named, Scope, unknown};
use crate::program::*;
use detente_diag::Diagnostic;
use detente_game::EventKind;
use detente_syntax::ast::{self, Block, Item, ItemKind, Statement, StatementKind};
use indexmap::IndexMap;

impl Lower<'_> {
    /// Declares the events of a block; `loops` are the `repeat`s around it.
    pub(super) fn declare_block(&mut self, block: &Block, loops: &mut Vec<usize>) {
        for statement in &block.statements {
            match &statement.kind {
                StatementKind::Choose(choose) => self.declare_choose(choose, &statement.doc, loops),
                StatementKind::Chance(chance) => self.declare_chance(chance, &statement.doc, loops),
                StatementKind::Together(inner) => self.declare_block(inner, loops),
                StatementKind::If { then, otherwise, .. } => {
                    self.declare_block(then, loops);
                    if let Some(block) = otherwise {
                        self.declare_block(block, loops);
                    }
                }
                StatementKind::Repeat { counter, body, .. } => {
                    loops.push(self.program.loops.len());
                    self.program.loops.push(LoopDecl { counter: counter.text.clone(), span: statement.span });
                    self.declare_block(body, loops);
                    loops.pop();
                }
                _ => {}
            }
        }
    }

    fn declare_choose(&mut self, choose: &ast::Choose, doc: &str, loops: &mut Vec<usize>) {
        let arms: Vec<&ast::Name> = match &choose.options {
            ast::Options::Menu(arms) => arms.iter().map(|a| &a.action).collect(),
            _ => Vec::new(),
        };
        match self.names.player(&choose.player) {
            Ok(player) => {
                let decl = EventDecl {
                    kind: EventKind::Move,
                    owner: Some(player),
                    name: choose.decision.text.clone(),
                    support: self.support(&choose.caption, doc, choose.decision.span),
                    arms: Vec::new(),
                    numeric: matches!(choose.options, ast::Options::Grid { .. }),
                    loops: loops.clone(),
                    span: choose.decision.span,
                };
                if let Some(event) = self.declare_event(decl, choose.decision.span, true) {
                    self.declare_arms(event, &arms);
                }
            }
            Err(diagnostic) => self.report_all(diagnostic),
        }
        if let ast::Options::Menu(arms) = &choose.options {
            for block in arms.iter().filter_map(|a| a.then.as_ref()) {
                self.declare_block(block, loops);
            }
        }
    }

    fn declare_chance(&mut self, chance: &ast::Chance, doc: &str, loops: &mut Vec<usize>) {
        let arms: Vec<&ast::Name> = chance.arms.iter().map(|a| &a.value).collect();
        let decl = EventDecl {
            kind: EventKind::Chance,
            owner: None,
            name: chance.name.text.clone(),
            support: self.support(&chance.caption, doc, chance.name.span),
            arms: Vec::new(),
            numeric: false,
            loops: loops.clone(),
            span: chance.name.span,
        };
        if let Some(event) = self.declare_event(decl, chance.name.span, true) {
            self.declare_arms(event, &arms);
        }
        for block in chance.arms.iter().filter_map(|a| a.then.as_ref()) {
            self.declare_block(block, loops);
        }
    }

    pub(super) fn lower_play(&mut self, items: &[Item]) {
        let play = items.iter().find_map(|item| match &item.kind {
            ItemKind::Play(block) => Some(block),
            _ => None,
        });
        if let Some(block) = play {
            let mut loops = 0;
            let body = self.block(block, &mut Scope::default(), &mut loops);
            self.program.body = body;
        }
    }

    fn block(&mut self, block: &Block, scope: &mut Scope, loops: &mut usize) -> Vec<Stmt> {
        block
            .statements
            .iter()
            .map(|s| Stmt { kind: self.statement(s, scope, loops), span: s.span })
            .collect()
    }

    fn body(&mut self, block: Option<&Block>, scope: &mut Scope, loops: &mut usize) -> Vec<Stmt> {
        block.map(|b| self.block(b, scope, loops)).unwrap_or_default()
    }

    /// `loops` counts the `repeat`s met so far, in the order in which they were declared.
    fn statement(&mut self, statement: &Statement, scope: &mut Scope, loops: &mut usize) -> StmtKind {
        match &statement.kind {
            StatementKind::Choose(choose) => self.choose(choose, scope, loops),
            StatementKind::Chance(chance) => self.chance(chance, scope, loops),
            StatementKind::Together(block) => StmtKind::Together(self.block(block, scope, loops)),
            StatementKind::Tell { players, what } => {
                let players = self.players(players);
                StmtKind::Tell { players, what: self.formula(what, scope) }
            }
            StatementKind::Pay(pay) => {
                let ledger = pay.name.as_ref().and_then(|name| self.ledger(name, &pay.caption));
                StmtKind::Pay(self.pays(&pay.pays, ledger, scope))
            }
            StatementKind::If { condition, then, otherwise } => StmtKind::If {
                condition: self.formula(condition, scope),
                then: self.block(then, scope, loops),
                otherwise: self.body(otherwise.as_ref(), scope, loops),
            },
            StatementKind::Repeat { counter, from, to, body } => {
                let id = *loops;
                *loops += 1;
                let (from, to) = (self.formula(from, scope), self.formula(to, scope));
                if let Some((_, first)) = self.names.values.get(&counter.text) {
                    let first = *first;
                    self.duplicate(&counter.text, counter.span, first);
                }
                scope.counters.push((counter.text.clone(), id));
                let body = self.block(body, scope, loops);
                scope.counters.pop();
                StmtKind::Repeat { id, from, to, body }
            }
            StatementKind::Leave => {
                if scope.counters.is_empty() {
                    self.report(
                        Diagnostic::error("stray-leave", "`leave` stands outside every `repeat`")
                            .label(statement.span, "nothing to leave")
                            .help("use `end OUTCOME` to end play"),
                    );
                    return StmtKind::Nothing;
                }
                StmtKind::Leave
            }
            StatementKind::End(name) => self.end(name),
            // What a stage plays has been written out; a call left here was reported.
            StatementKind::Run { .. } | StatementKind::Error => StmtKind::Nothing,
        }
    }

    fn end(&mut self, name: &ast::Name) -> StmtKind {
        if name.text.is_empty() {
            return StmtKind::Nothing;
        }
        if let Some((Named::Outcome(outcome), _)) = self.names.values.get(&name.text) {
            return StmtKind::End(*outcome);
        }
        let known: Vec<&str> = self
            .names
            .values
            .iter()
            .filter(|(_, (named, _))| matches!(named, Named::Outcome(_)))
            .map(|(name, _)| name.as_str())
            .collect();
        let diagnostic = unknown(&name.text, name.span, "is not an outcome", known);
        self.report(diagnostic);
        StmtKind::Nothing
    }

    fn players(&mut self, names: &[ast::Name]) -> Vec<usize> {
        let mut players = Vec::new();
        for name in names {
            match self.names.player(name) {
                Ok(player) => players.push(player),
                Err(diagnostic) => self.report_all(diagnostic),
            }
        }
        players
    }

    /// Who sees an event: everybody, if nothing is said.
    fn sight(&mut self, sight: Option<&ast::Sight>) -> Sight {
        let everybody = Sight::everybody(self.program.players.len());
        let Some(sight) = sight else { return everybody };
        let players = self.players(&sight.players);
        match sight.kind {
            ast::SightKind::HiddenFrom => players.into_iter().fold(everybody, Sight::without),
            ast::SightKind::SeenBy => players.into_iter().fold(Sight::NOBODY, Sight::with),
        }
    }

    fn choose(&mut self, choose: &ast::Choose, scope: &mut Scope, loops: &mut usize) -> StmtKind {
        let sight = self.sight(choose.sight.as_ref());
        let player = self.names.players.get(&choose.player.text).map(|(p, _)| *p);
        let event = player.and_then(|p| self.names.owned.get(&(p, choose.decision.text.clone())).copied());
        let options = match &choose.options {
            ast::Options::Menu(arms) => {
                let mut menu = Vec::new();
                for arm in arms {
                    let guard = arm.guard.as_ref().map(|g| self.formula(g, scope));
                    let then = self.body(arm.then.as_ref(), scope, loops);
                    let at = event
                        .and_then(|e| self.program.events[e].arms.iter().position(|a| *a == arm.action.text));
                    if let Some(at) = at {
                        menu.push(MenuArm { arm: at as u32, guard, then, span: arm.span });
                    }
                }
                Options::Menu(menu)
            }
            ast::Options::Grid { lo, hi, points, .. } => Options::Grid {
                lo: self.formula(lo, scope),
                hi: self.formula(hi, scope),
                points: self.formula(points, scope),
            },
            ast::Options::Missing => return StmtKind::Nothing,
        };
        match (event, player) {
            (Some(event), Some(player)) => {
                if !sight.has(player)
                    && let Some(written) = &choose.sight
                    && written.kind == ast::SightKind::HiddenFrom
                {
                    self.report(
                        Diagnostic::error(
                            "hidden-from-self",
                            format!("`{}` cannot be kept from its own move", choose.player.text),
                        )
                        .label(written.span, "a player always knows its own moves")
                        .help("leave that player out of the list"),
                    );
                }
                StmtKind::Choose(Choose { event, player, sight: sight.with(player), options })
            }
            _ => StmtKind::Nothing,
        }
    }

    fn chance(&mut self, chance: &ast::Chance, scope: &mut Scope, loops: &mut usize) -> StmtKind {
        let sight = self.sight(chance.sight.as_ref());
        let event = match self.names.values.get(&chance.name.text) {
            Some((Named::Event(event), _)) => Some(*event),
            _ => None,
        };
        let mut arms = Vec::new();
        for arm in &chance.arms {
            let weight = self.weight(&arm.weight, scope);
            let then = self.body(arm.then.as_ref(), scope, loops);
            let at =
                event.and_then(|e| self.program.events[e].arms.iter().position(|a| *a == arm.value.text));
            if let Some(at) = at {
                arms.push(ChanceArmCode { arm: at as u32, weight, then, span: arm.span });
            }
        }
        match event {
            Some(event) if !arms.is_empty() => StmtKind::Chance(ChanceCode { event, sight, arms }),
            _ => StmtKind::Nothing,
        }
    }

    /// Returns the ledger of a name, declaring it at its first use.
    fn ledger(&mut self, name: &ast::Name, caption: &ast::Caption) -> Option<usize> {
        if name.text.is_empty() {
            return None;
        }
        let support = self.support(caption, "", name.span);
        let known = self.names.ledgers.get(&name.text).copied();
        let at = known.unwrap_or(self.program.ledgers.len());
        if known.is_none() {
            self.names.ledgers.insert(name.text.clone(), at);
            self.program.ledgers.push(LedgerDecl { name: name.text.clone(), support });
        } else if self.program.ledgers[at].support.label.is_empty() {
            self.program.ledgers[at].support.label = support.label;
        }
        Some(at)
    }

    /// Lowers payments; `ledger` is the line for those that name none.
    pub(super) fn pays(&mut self, pays: &ast::Pays, ledger: Option<usize>, scope: &Scope) -> Vec<PayCode> {
        let mut lowered = Vec::new();
        let mut seen: IndexMap<usize, detente_diag::Span> = IndexMap::new();
        for entry in &pays.entries {
            let player = match self.names.player(&entry.player) {
                Ok(player) => player,
                Err(diagnostic) => {
                    self.report_all(diagnostic);
                    continue;
                }
            };
            if let Some(first) = seen.insert(player, entry.player.span) {
                self.duplicate(&entry.player.text, entry.player.span, first);
                continue;
            }
            match &entry.payoff {
                ast::Payoff::Plain(expr) => {
                    lowered.push(PayCode { player, ledger, amount: self.formula(expr, scope) });
                }
                ast::Payoff::Ledger(lines) => {
                    for line in lines {
                        let ledger = self.ledger(&line.name, &line.caption).or(ledger);
                        lowered.push(PayCode { player, ledger, amount: self.formula(&line.value, scope) });
                    }
                }
            }
        }
        lowered
    }
}
