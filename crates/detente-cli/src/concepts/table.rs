//! The table of concepts.
//!
//! The one idea: the order is that of the help: equilibria first, strongest demands first, then what is
//! no list of equilibria.

use crate::concepts::{Flag, Row, commit, devices, maxmin, nash, qre, sequential, spe};
use detente_game::solution::Concept;

/// All concepts.
pub const TABLE: &[Row] = &[
    Row {
        name: "sequential",
        player: false,
        means: "sequential equilibrium: best play at every set, beliefs that are limits of mistakes (Kreps and Wilson 1982)",
        when: "the default: threats and off-path beliefs matter",
        how: "proof search for all of them; one Nash equilibrium where a zero-sum game is too large to list",
        lists: Some(Concept::Sequential),
        takes: &[Flag::All, Flag::One, Flag::Certificate],
        answer: sequential::answer,
    },
    Row {
        name: "spe",
        player: false,
        means: "subgame-perfect equilibrium: Nash in every subgame (Selten 1965)",
        when: "moves are seen, and beliefs play no part",
        how: "proof search for all of them",
        lists: Some(Concept::Spe),
        takes: &[Flag::All, Flag::One, Flag::Certificate],
        answer: spe::answer,
    },
    Row {
        name: "nash",
        player: false,
        means: "Nash equilibrium: nobody gains by another plan (Nash 1951)",
        when: "one simultaneous move, or to see what threats alone could hold up",
        how: "proof search, or all equilibria of a table; one by linear program or regret minimisation where large",
        lists: Some(Concept::Nash),
        takes: &[Flag::All, Flag::One, Flag::Certificate],
        answer: nash::answer,
    },
    Row {
        name: "qre",
        player: false,
        means: "agent logit quantal response equilibrium (McKelvey and Palfrey 1998)",
        when: "people err, the less the more it costs them; --lambda says how precisely they choose",
        how: "path following; at a given --lambda certified, without it the limit of the path",
        lists: Some(Concept::Qre),
        takes: &[Flag::Lambda, Flag::One, Flag::Certificate],
        answer: qre::answer,
    },
    Row {
        name: "ce",
        player: false,
        means: "correlated equilibrium: what a device can bring about that tells each player its plan at the start (Aumann 1974)",
        when: "players share signals or a trusted adviser; every Nash equilibrium lies within the ranges",
        how: "linear programs over plans, up to 10,000 combinations; both ends of every range proven",
        lists: None,
        takes: &[],
        answer: devices::at_start,
    },
    Row {
        name: "efce",
        player: false,
        means: "extensive-form correlated equilibrium: each move is told where it is due (von Stengel and Forges 2008)",
        when: "as ce, where telling everything at the start would give away too much",
        how: "as ce",
        lists: None,
        takes: &[],
        answer: devices::where_due,
    },
    Row {
        name: "cce",
        player: false,
        means: "coarse correlated equilibrium: players accept the device before they hear anything (Moulin and Vial 1978)",
        when: "players can bind themselves to follow, or learn by regret",
        how: "as ce",
        lists: None,
        takes: &[],
        answer: devices::never,
    },
    Row {
        name: "commit",
        player: true,
        means: "commitment: what it is worth to announce one's plan first and be believed (von Stackelberg 1934)",
        when: "two players, and one can bind itself in public",
        how: "one linear program per answer of the other side (Conitzer and Sandholm 2006); proven best",
        lists: None,
        takes: &[],
        answer: commit::answer,
    },
    Row {
        name: "maxmin",
        player: true,
        means: "secure play: what the player can be sure of, whatever the others do (von Neumann 1928)",
        when: "nothing is known of the others' aims",
        how: "an exact linear program over the sequence form; proven by playing against both plans",
        lists: None,
        takes: &[],
        answer: maxmin::answer,
    },
];
