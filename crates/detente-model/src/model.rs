//! The elaborated model: the game, its variants, and everything that is said about them.
//!
//! Plain data. A reader needs no source text: names are resolved, labels and
//! sources stand beside what they support.

use crate::bib::Bibliography;
use crate::council::CouncilModel;
use crate::forecast::Forecast;
use crate::question::{Body, Happening, Number, Truth};
use detente_diag::Span;
use detente_exact::Q;
use detente_game::{EventId, ExprId, Game, ParamId, PlayerId};
use detente_prob::Prior;
use indexmap::IndexMap;

/// A model, checked and elaborated.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The game itself; its title, players, outcomes and labels are those of the text.
    pub game: Game,
    /// The doc comment above `game`.
    pub doc: String,
    /// Games that differ from it, solved on their own, in the order of the text.
    pub variants: IndexMap<String, Variant>,
    pub params: Vec<ParamInfo>,
    pub consts: Vec<ConstInfo>,
    /// Support of players, outcomes, events, ledgers, tables, functions and constants, by name.
    pub supports: IndexMap<String, Support>,
    pub asks: Vec<Ask>,
    pub claims: Vec<Claim>,
    /// Observations in the order of the text.
    pub observes: Vec<Observe>,
    pub hypotheses: Vec<Hypothesis>,
    /// Forecasts in the order of the text.
    pub forecasts: Vec<Forecast>,
    pub tests: Vec<Test>,
    /// Councils in the order of the text.
    pub councils: Vec<CouncilModel>,
    /// Questions about councils.
    pub council_asks: Vec<Ask>,
    /// Claims about councils.
    pub council_claims: Vec<Claim>,
    pub correlations: Vec<Correlation>,
    /// What players are said to be able to change, in the order of the text; each is a variant, too.
    pub levers: Vec<Lever>,
    /// Parameters that data are to tell.
    pub estimates: Vec<ParamId>,
    /// The analyst's prior of λ, if the model states one.
    pub precision: Option<Precision>,
    /// Paths of the bibliographies, as resolved.
    pub bibliographies: Vec<String>,
    /// All entries of all bibliographies.
    pub sources: Bibliography,
}

/// Label, doc comment and sources of one item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Support {
    pub label: String,
    pub doc: String,
    pub citations: Vec<Cited>,
    pub assumed: Option<String>,
    pub span: Span,
}

/// A citation: the bibliography's key and where in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cited {
    pub key: String,
    pub locator: Option<String>,
    pub span: Span,
}

/// A constant and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct ConstInfo {
    pub name: String,
    pub value: Q,
    pub support: Support,
}

/// A parameter; its position is its `ParamId` in the game and in every variant.
#[derive(Clone, Debug, PartialEq)]
pub struct ParamInfo {
    pub name: String,
    pub kind: ParamKind,
    pub support: Support,
}

/// What a parameter is.
#[derive(Clone, Debug, PartialEq)]
pub enum ParamKind {
    /// Drawn from the prior in `Game::params`.
    Prior,
    /// One fixed value.
    Fixed,
    /// A formula over other parameters; `Game::params` holds its value at their base
    /// values, and the tape uses the formula, so overriding it changes nothing.
    Formula(ExprId),
}

/// A game of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    pub game: Game,
    /// The model's councils as the settings make them; their cells lie on this game's tape.
    pub councils: Vec<CouncilModel>,
    pub support: Support,
    /// Parameters that the variant sets; all others take the value of the draw.
    pub sets: Vec<ParamId>,
}

/// `lever`: a change of the game that a player can bring about, in names that hold in every game.
#[derive(Clone, Debug, PartialEq)]
pub struct Lever {
    pub name: String,
    pub player: PlayerId,
    pub support: Support,
    /// Decisions (`West.reply`) and the actions that they lose.
    pub forbids: Vec<(String, String)>,
    pub sets: Vec<(ParamId, Q)>,
    /// Private facts (`Russia.aim`) and players who learn them at the start.
    pub reveals: Vec<(String, PlayerId)>,
}

/// `precision`: the prior of λ, in 1 / payoff.
#[derive(Clone, Debug, PartialEq)]
pub struct Precision {
    pub prior: detente_prob::Prior,
    pub support: Support,
}

/// `ask`: a number or a statement to be computed.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    pub name: String,
    pub body: Body,
    pub support: Support,
}

/// `claim`: a statement to be decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    pub name: String,
    pub body: Truth,
    /// Restricts the draws; holds no query.
    pub restriction: Option<Truth>,
    pub support: Support,
}

/// A day of the calendar; ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    pub year: u16,
    pub month: u8,
    pub day: u8,
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// `observe`: what was seen, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Observe {
    pub date: Option<Day>,
    pub event: Happening,
    /// The formula as written.
    pub text: String,
    pub support: Support,
}

/// `hypothesis`: a statement about the play, with the analyst's own prior.
#[derive(Clone, Debug, PartialEq)]
pub struct Hypothesis {
    pub name: String,
    pub event: Happening,
    pub prior: Option<HypothesisPrior>,
    pub support: Support,
}

/// The analyst's own prior of a hypothesis.
#[derive(Clone, Debug, PartialEq)]
pub enum HypothesisPrior {
    Point(Q),
    /// A range, such as `0.2 to 0.8`.
    Range(Prior),
}

/// `test`: settings and expectations.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    pub name: String,
    /// Values put in place of base values.
    pub sets: Vec<(ParamId, Q)>,
    /// The game to use where a setting changes the tree; ids in `expects` then point into it.
    pub game: Option<Box<Game>>,
    /// The councils on that game's tape; empty where there is none.
    pub councils: Vec<CouncilModel>,
    pub expects: Vec<Expect>,
    pub support: Support,
}

/// One expectation.
#[derive(Clone, Debug, PartialEq)]
pub struct Expect {
    /// One equilibrium is enough; otherwise every equilibrium must satisfy it.
    pub some: bool,
    pub body: Body,
    /// Target and tolerance, where `body` is a number.
    pub near: Option<(Number, Number)>,
    /// The expectation as written.
    pub text: String,
    pub span: Span,
}

/// `correlate a, b = 0.6`: Spearman's rank correlation.
#[derive(Clone, Debug, PartialEq)]
pub struct Correlation {
    pub left: ParamId,
    pub right: ParamId,
    pub rank: f64,
    pub support: Support,
}

impl Model {
    /// Returns whether the model has a game to solve; a file may hold a council only.
    pub fn has_play(&self) -> bool {
        !self.game.nodes.is_empty()
    }

    /// Returns the game that a query's conditions name.
    pub fn game_of(&self, variant: Option<usize>) -> &Game {
        variant.and_then(|v| self.variants.get_index(v)).map_or(&self.game, |(_, v)| &v.game)
    }

    /// Returns the event with this full name (`West.reply[2]`) in the base game.
    pub fn find_event(&self, name: &str) -> Option<EventId> {
        (0..self.game.events.len()).map(|i| EventId(i as u32)).find(|e| self.game.event_name(*e) == name)
    }
}
