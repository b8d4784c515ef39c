//! Elaboration: runs `play` along every path and writes the flat game.
//!
//! Constants, menus and loops are evaluated now; payoffs and probabilities
//! become tape over the parameters. An information set is the player, the
//! decision and everything that player has seen, in order, own moves included;
//! so perfect recall holds by construction.

mod council;
mod eval;
mod events;
mod joint;
mod knowledge;
mod lookup;
mod memo;
mod moves;
mod operators;
mod prior;
mod rest;
mod run;
mod size;
mod value;

use crate::program::{Dist, Formula, ParamValue, Program, Sight};
use detente_diag::{Diagnostic, Span};
use detente_exact::Q;
use detente_game::game::Ledger;
use detente_game::{Chance, Pay};
use detente_game::{ChanceId, EventId, ExprId, Game, InfosetId, Outcome, ParamId, PayListId, Player, Seen};
use memo::Fast;
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub(crate) use lookup::needs_index;
pub use size::Estimate;

/// What may not be exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most nodes a game may have.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { nodes: 4_000_000 }
    }
}

/// How a variant or test differs from the model.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub consts: BTreeMap<usize, Formula>,
    pub params: BTreeMap<usize, ParamValue>,
    /// Event and arm that may not be chosen.
    pub forbid: Vec<(usize, u32, Span)>,
    /// Private fact and a player who learns it at the start.
    pub reveal: Vec<(usize, usize)>,
}

/// An elaborated game and what the checks want to know about it.
#[derive(Debug)]
pub struct Elaborated {
    pub game: Game,
    pub facts: Facts,
    pub diagnostics: Vec<Diagnostic>,
    /// False if building stopped early; the game is then incomplete.
    pub complete: bool,
}

/// Observations made while elaborating.
#[derive(Debug, Default)]
pub struct Facts {
    /// Declared event behind each game event.
    pub decl: Vec<usize>,
    /// Arms offered somewhere, by declared event.
    pub offered: Vec<BTreeSet<u32>>,
    /// Declared events that some formula read.
    pub read: Vec<bool>,
    /// Outcomes in which some play ends.
    pub ended: Vec<bool>,
    /// Parameters on the tape.
    pub param_exprs: Vec<Option<ExprId>>,
    /// Values of the constants.
    pub consts: Vec<Option<Q>>,
    /// Irrational constants on the tape.
    pub irrational: Vec<Option<ExprId>>,
    /// Where each probability and payment stands first.
    pub sites: BTreeMap<ExprId, Span>,
    /// Where each chance move stands first.
    pub chance_sites: Vec<Span>,
    /// `tell` statements by place: how often they told something, and how often something new.
    pub told: BTreeMap<Span, (usize, usize)>,
    /// States of knowledge in which a player is sometimes asked and sometimes not.
    pub mixed: Vec<Mixed>,
    /// Who sees each declared event, by place of its statement.
    pub sights: Vec<Option<Sight>>,
    /// Cells of each council on the tape.
    pub councils: Vec<CouncilExprs>,
}

/// Where the cells of a council stand on the tape; `None` after an error.
#[derive(Debug, Default)]
pub struct CouncilExprs {
    pub capability: Vec<Option<ExprId>>,
    /// `[actor][issue]`
    pub position: Vec<Vec<Option<ExprId>>>,
    /// `[actor][issue]`
    pub salience: Vec<Vec<Option<ExprId>>>,
}

/// One player, one state of knowledge, several ways in which it ends.
#[derive(Debug)]
pub struct Mixed {
    pub player: usize,
    /// Event that the player is asked in some of the plays.
    pub asked: EventId,
    /// What the player has seen.
    pub seen: Vec<Seen>,
    /// Histories in which it is asked, and histories in which it is not.
    pub with: Vec<Vec<(EventId, u32)>>,
    pub without: Vec<Vec<(EventId, u32)>>,
}

/// Elaborates a program under settings.
pub fn elaborate(program: &Program, settings: &Settings, limits: Limits) -> Elaborated {
    let mut builder = Builder::new(program, settings, limits);
    builder.places();
    builder.constants();
    builder.parameters();
    builder.councils();
    if !builder.failed() && program.has_play() {
        if let Some(diagnostic) = size::refuse(&mut builder) {
            builder.report(diagnostic);
            builder.stopped = true;
        } else {
            builder.run();
            builder.watch_mixed();
        }
    }
    builder.finish()
}

/// Evaluates a formula over the constants of a program; `None` if it needs more than them.
pub fn constant_value(program: &Program, formula: &Formula) -> Result<Q, Vec<Diagnostic>> {
    let settings = Settings::default();
    let mut builder = Builder::new(program, &settings, Limits::default());
    builder.places();
    let value = builder.known_number(formula, "a value here");
    value.ok_or(builder.diagnostics)
}

/// Builds and checks a prior over the constants of a program.
pub fn prior_value(program: &Program, dist: &Dist) -> Result<detente_prob::Prior, Vec<Diagnostic>> {
    let settings = Settings::default();
    let mut builder = Builder::new(program, &settings, Limits::default());
    builder.places();
    let prior = builder.prior(dist);
    prior.ok_or(builder.diagnostics)
}

/// The state of elaboration.
pub(crate) struct Builder<'p> {
    program: &'p Program,
    settings: &'p Settings,
    limits: Limits,
    game: Game,
    facts: Facts,
    diagnostics: Vec<Diagnostic>,
    reported: BTreeSet<(&'static str, Span)>,
    /// True if building stopped early.
    stopped: bool,
    /// The statement being run.
    here: Span,
    /// Counter of each `repeat`; `None` outside it.
    counters: Vec<Option<i64>>,
    /// Arm taken by each game event on the current path.
    taken: Vec<Option<u32>>,
    path: Vec<(EventId, u32)>,
    /// Game events by declared event and round.
    event_ids: Vec<Fast<Vec<i64>, EventId>>,
    /// Events that stand for a statement told, by its place and round.
    told_ids: BTreeMap<(Span, Vec<i64>, String), EventId>,
    /// Formulas evaluated: for the current statement, and in all.
    effort: (u64, u64),
    chance_ids: HashMap<Chance, ChanceId>,
    pay_ids: HashMap<Vec<Pay>, PayListId>,
    memo: memo::Memo,
    infoset_ids: Fast<(usize, EventId, u32), InfosetId>,
    /// What can be known: previous state and what was seen; state 0 is nothing.
    knowledge: Vec<(u32, Seen)>,
    knowledge_ids: Fast<(u32, Seen), u32>,
    /// Knowledge of each information set.
    infoset_knowledge: Vec<u32>,
    /// How each state of knowledge ends, by state times players plus player.
    ends: Vec<knowledge::Ends>,
    /// States to look at again: (player, knowledge).
    watch: BTreeMap<(usize, u32), Mixed>,
    watching: bool,
}

impl<'p> Builder<'p> {
    fn new(program: &'p Program, settings: &'p Settings, limits: Limits) -> Builder<'p> {
        let mut game = Game { title: program.title.clone(), ..Game::default() };
        for player in &program.players {
            game.players.push(Player { name: player.name.clone(), label: player.support.label.clone() });
        }
        for outcome in &program.outcomes {
            game.outcomes.push(Outcome { name: outcome.name.clone(), label: outcome.support.label.clone() });
        }
        for ledger in &program.ledgers {
            game.ledgers.push(Ledger { name: ledger.name.clone(), label: ledger.support.label.clone() });
        }
        game.pay_lists.push(Vec::new());
        let events = program.events.len();
        let facts = Facts {
            offered: vec![BTreeSet::new(); events],
            read: vec![false; events],
            sights: vec![None; events],
            ended: vec![false; program.outcomes.len()],
            param_exprs: vec![None; program.params.len()],
            consts: vec![None; program.consts.len()],
            irrational: vec![None; program.consts.len()],
            ..Facts::default()
        };
        Builder {
            program,
            settings,
            limits,
            game,
            facts,
            diagnostics: Vec::new(),
            reported: BTreeSet::new(),
            stopped: false,
            here: Span::default(),
            counters: vec![None; program.loops.len()],
            taken: Vec::new(),
            path: Vec::new(),
            event_ids: vec![Fast::default(); events],
            told_ids: BTreeMap::new(),
            effort: (0, 0),
            memo: memo::Memo::default(),
            chance_ids: HashMap::new(),
            pay_ids: HashMap::from([(Vec::new(), PayListId(0))]),
            infoset_ids: Fast::default(),
            knowledge: vec![(0, Seen { event: EventId(u32::MAX), arm: 0 })],
            knowledge_ids: Fast::default(),
            infoset_knowledge: Vec::new(),
            ends: Vec::new(),
            watch: BTreeMap::new(),
            watching: false,
        }
    }

    /// Reports a message once for each place.
    fn report(&mut self, diagnostic: Diagnostic) {
        let key = (diagnostic.slug, diagnostic.span().unwrap_or_default());
        if self.reported.insert(key) {
            self.diagnostics.push(diagnostic);
        }
    }

    fn failed(&self) -> bool {
        detente_diag::has_errors(&self.diagnostics)
    }

    /// Gives every parameter its place; a formula may name one before it has a prior.
    fn places(&mut self) {
        let params = self.program.params.iter();
        self.game.params.extend(params.map(|decl| detente_game::Param {
            name: decl.name.clone(),
            label: decl.support.label.clone(),
            unit: decl.unit.clone(),
            prior: None,
            base: Q::ZERO,
        }));
    }

    fn constants(&mut self) {
        for at in 0..self.program.consts.len() {
            self.constant(at);
        }
    }

    fn parameters(&mut self) {
        for at in 0..self.program.params.len() {
            self.param(at);
        }
        self.formula_bases();
    }

    /// Gives parameters that are formulas their value at the base values of the others.
    fn formula_bases(&mut self) {
        let values = self.game.tape.eval_exact(&self.game.base_params());
        for at in 0..self.program.params.len() {
            let Some(expr) = self.facts.param_exprs[at] else { continue };
            let own = self.game.tape.ops[expr.0 as usize] == detente_game::Op::Param(ParamId(at as u32));
            if !own && let Ok((value, _)) = &values[expr.0 as usize] {
                self.game.params[at].base = value.clone();
            }
        }
    }

    fn finish(mut self) -> Elaborated {
        self.name_infosets();
        Elaborated {
            complete: !self.stopped && (!self.game.nodes.is_empty() || !self.program.has_play()),
            game: self.game,
            facts: self.facts,
            diagnostics: self.diagnostics,
        }
    }

    /// Returns what a state of knowledge holds, in the order in which it was seen.
    fn seen(&self, state: u32) -> Vec<Seen> {
        let mut seen = Vec::new();
        let mut at = state;
        while at != 0 {
            let (before, last) = &self.knowledge[at as usize];
            seen.push(last.clone());
            at = *before;
        }
        seen.reverse();
        seen
    }

    fn name_infosets(&mut self) {
        for at in 0..self.game.infosets.len() {
            let seen = self.seen(self.infoset_knowledge[at]);
            let label = seen
                .iter()
                .map(|s| {
                    let arm = &self.game.events[s.event.index()].arms[s.arm as usize];
                    format!("{}={arm}", self.game.event_name(s.event))
                })
                .collect::<Vec<_>>()
                .join(", ");
            self.game.infosets[at].seen = seen;
            self.game.infosets[at].label = if label.is_empty() { "start".to_string() } else { label };
        }
    }
}
