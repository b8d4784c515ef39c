//! A council's cells while they are filled: what each is called, and where it was given.

use crate::program::*;
use detente_diag::Span;
use detente_exact::Q;
use detente_syntax::ast::Quantity;

/// A council whose cells are being filled.
pub(super) struct Grid {
    pub(super) decl: CouncilDecl,
    /// Where each cell was given first, and the errors that make a second message needless.
    pub(super) capability: Vec<Given>,
    pub(super) position: Vec<Vec<Given>>,
    pub(super) salience: Vec<Vec<Given>>,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Given {
    Not,
    Here(Span),
}

/// One cell: which actor, which number, which issue.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) actor: usize,
    pub(super) quantity: Quantity,
    pub(super) issue: usize,
}

impl Grid {
    pub(super) fn new(mut decl: CouncilDecl) -> Grid {
        let (actors, issues) = (decl.actors.len(), decl.issues.len());
        let empty = || (0..actors).map(|_| (0..issues).map(|_| None).collect()).collect();
        decl.capability = (0..actors).map(|_| None).collect();
        decl.position = empty();
        decl.salience = empty();
        let not = vec![vec![Given::Not; issues]; actors];
        Grid { decl, capability: vec![Given::Not; actors], position: not.clone(), salience: not }
    }

    pub(super) fn given(&mut self, place: Place) -> &mut Given {
        match place.quantity {
            Quantity::Capability => &mut self.capability[place.actor],
            Quantity::Position => &mut self.position[place.actor][place.issue],
            Quantity::Salience => &mut self.salience[place.actor][place.issue],
        }
    }

    pub(super) fn put(&mut self, place: Place, cell: CellDecl) {
        let slot = match place.quantity {
            Quantity::Capability => &mut self.decl.capability[place.actor],
            Quantity::Position => &mut self.decl.position[place.actor][place.issue],
            Quantity::Salience => &mut self.decl.salience[place.actor][place.issue],
        };
        *slot = Some(cell);
    }

    /// "the position of `Russia` on `entry`".
    pub(super) fn words(&self, place: Place) -> String {
        let actor = &self.decl.actors[place.actor].name;
        match place.quantity {
            Quantity::Capability => format!("the capability of `{actor}`"),
            other => {
                format!("the {} of `{actor}` on `{}`", other.word(), self.decl.issues[place.issue].name)
            }
        }
    }

    /// The cell's own name among the parameters: `talks.Russia.position.entry`.
    pub(super) fn name(&self, place: Place) -> String {
        let (council, actor) = (&self.decl.name, &self.decl.actors[place.actor].name);
        match place.quantity {
            Quantity::Capability => format!("{council}.{actor}.capability"),
            other => {
                format!("{council}.{actor}.{}.{}", other.word(), self.decl.issues[place.issue].name)
            }
        }
    }

    /// "Russia: position on Ukraine's way into NATO".
    pub(super) fn label(&self, place: Place) -> String {
        let or = |label: &str, name: &str| if label.is_empty() { name } else { label }.to_string();
        let actor = &self.decl.actors[place.actor].name;
        match place.quantity {
            Quantity::Capability => format!("{actor}: capability"),
            other => {
                let issue = &self.decl.issues[place.issue];
                format!("{actor}: {} on {}", other.word(), or(&issue.support.label, &issue.name))
            }
        }
    }

    /// Where a range in this cell is cut off.
    pub(super) fn ends(&self, place: Place) -> Option<(Q, Q)> {
        match place.quantity {
            Quantity::Capability => None,
            Quantity::Salience => Some((Q::ZERO, self.decl.whole.clone())),
            Quantity::Position => {
                let marks = &self.decl.issues[place.issue].marks;
                Some((marks.first()?.0.clone(), marks.last()?.0.clone()))
            }
        }
    }
}
