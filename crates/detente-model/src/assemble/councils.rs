//! Councils with the place of each cell on the tape.

use crate::council::{ActorInfo, Cell, CouncilModel, IssueInfo, OptionInfo};
use crate::elaborate::Elaborated;
use crate::program::{CellCode, CellDecl, Program};
use detente_game::{ExprId, ParamId};

/// The councils of one elaborated model: itself, a variant, or a test.
pub(super) fn councils(program: &Program, base: &Elaborated) -> Vec<CouncilModel> {
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
