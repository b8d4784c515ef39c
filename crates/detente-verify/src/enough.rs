//! Whether all that the conditions on what is free allow is an equilibrium.
//!
//! The one idea: a piece says what may vary in each stage, and stages are played independently once
//! it is clear which equilibria of subgames go together; so each stage shows its own part.

use crate::allowed::all_in;
use crate::cell::perfect_payoffs;
use crate::claim::Claim;
use crate::joins::Contacts;
use crate::listed::Entry;
use crate::numbers::is_text_of;
use crate::pieces::Fitting;
use crate::ranges::Ranges;
use crate::rows::Rules;
use detente_game::certificate::{Certificate, Proof};
use detente_game::solution::Component;
use std::collections::BTreeSet;

/// Components with pieces that are not shown to hold equilibria only.
pub struct Enough {
    pub open: BTreeSet<u32>,
}

impl Enough {
    pub fn new(
        rules: &Rules,
        certificate: &Certificate,
        components: &[Component],
        used: &[Vec<BTreeSet<u32>>],
    ) -> Enough {
        let told = components.iter().zip(0..).filter(|(c, _)| !c.inequalities.is_empty());
        let one_way = |k: u32| {
            let nested = certificate.stages.iter().zip(&used[k as usize]).rev().skip(1);
            nested.into_iter().all(|(stage, cells)| {
                stage.components.iter().filter(|list| list.iter().any(|c| cells.contains(c))).count() <= 1
            })
        };
        let open = told.filter(|(c, k)| !is_text_of(rules.tree.game, c) || !one_way(*k));
        Enough { open: open.map(|(_, k)| k).collect() }
    }

    /// Compares one stage's part of every piece with the choices of cells that fit it.
    pub fn add_stage(
        &mut self,
        at: &Contacts,
        components: &[Component],
        ranges: &Ranges,
        fitting: &[Fitting],
        programs: &mut usize,
    ) {
        let tree = &at.rules.stages[at.stage as usize];
        for (k, c) in components.iter().enumerate() {
            if c.inequalities.is_empty() || self.open.contains(&(k as u32)) {
                continue;
            }
            let is_shown = if let Proof::PerfectInformation { .. } = at.certificate.proof {
                // Where ties are the same to everybody, any of the best actions will do.
                let actions = tree.sets.iter().flat_map(|d| at.rules.tree.actions(d.set));
                let certain = perfect_payoffs(at.rules, tree).is_ok();
                certain && actions.into_iter().all(|a| ranges.is_attained((k as u32, Entry::Action(a))))
            } else {
                c.conditions.iter().enumerate().all(|(p, conditions)| {
                    let claim = Claim::new(at.rules, tree, &ranges.listed[k], conditions);
                    fitting[k].iter().filter(|(_, pieces)| pieces.contains(&p)).any(|(cells, _)| {
                        at.state(cells).is_ok_and(|state| all_in(at, &state, &claim, programs))
                    })
                })
            };
            if !is_shown {
                self.open.insert(k as u32);
            }
        }
    }
}
