//! Cells of councils: each becomes a place on the tape.

use super::{Builder, CouncilExprs};
use crate::program::{CellCode, CellDecl};
use detente_game::ExprId;

impl<'p> Builder<'p> {
    pub(super) fn councils(&mut self) {
        let program = self.program;
        for council in &program.councils {
            let mut exprs = CouncilExprs::default();
            for actor in 0..council.actors.len() {
                exprs.capability.push(self.cell(&council.capability[actor]));
                exprs.position.push(council.position[actor].iter().map(|c| self.cell(c)).collect());
                exprs.salience.push(council.salience[actor].iter().map(|c| self.cell(c)).collect());
            }
            self.facts.councils.push(exprs);
        }
    }

    fn cell(&mut self, cell: &'p Option<CellDecl>) -> Option<ExprId> {
        match &cell.as_ref()?.value {
            CellCode::Param(at) => self.param(*at),
            CellCode::Formula(formula) => {
                let expr = self.number_expr(formula, &[])?;
                self.facts.sites.entry(expr).or_insert(formula.span);
                Some(expr)
            }
        }
    }
}
