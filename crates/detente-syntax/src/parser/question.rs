//! Questions: `prob`, `mean`, `value`, `belief`, `gain` and their conditions.
//!
//! The one idea: `do`, `given`, `in` come in the order in which they apply,
//! so that a reader never wonders which goes first.

use super::Parser;
use crate::ast::{BinaryOp, Conditions, Expr, ExprKind, Given, Intervention, Name, Ref};
use crate::token::TokenKind;
use crate::tree::NodeKind;
use detente_diag::Diagnostic;

/// The conditions of a question, in the order in which they must stand.
const ORDER: &[&str] = &["do", "given", "in"];

impl Parser<'_> {
    /// `prob(…)` and its like; the word and `(` are known to be here.
    pub(super) fn question(&mut self) -> Expr {
        let first = self.at;
        let word = self.peek_text(0);
        self.bump();
        let open = self.here();
        self.bump();
        let assign_ends = std::mem::replace(&mut self.assign_ends, false);
        let kind = match word {
            "prob" => {
                let event = Box::new(self.condition_free());
                let conditions = self.conditions();
                ExprKind::Prob { event, conditions }
            }
            "mean" => {
                let number = Box::new(self.condition_free());
                let conditions = self.conditions();
                ExprKind::Mean { number, conditions }
            }
            "value" => {
                let player = self.name("a player");
                let conditions = self.conditions();
                ExprKind::Value { player, conditions }
            }
            "belief" => self.belief(),
            _ => self.gain(),
        };
        self.assign_ends = assign_ends;
        self.close_paren(open);
        self.node(NodeKind::Question, first);
        Expr { kind, span: self.span_from(first) }
    }

    /// A formula up to a condition word.
    fn condition_free(&mut self) -> Expr {
        self.level(1)
    }

    /// `P, X at P.decision …`
    fn belief(&mut self) -> ExprKind {
        let player = self.name("a player");
        self.expect(TokenKind::Comma, "`,` and the event believed");
        let event = Box::new(self.condition_free());
        let at = if self.eat_word("at") {
            self.reference()
        } else {
            self.expected_with(
                "`at` and a decision",
                Some("for instance `belief(Rival, Home.resolve == weak at Rival.answer)`"),
            );
            self.missing_ref()
        };
        ExprKind::Belief { player, event, at, conditions: self.conditions() }
    }

    /// `P, a over b [at P.decision] …`
    fn gain(&mut self) -> ExprKind {
        let player = self.name("a player");
        self.expect(TokenKind::Comma, "`,` and two actions: `a over b`");
        let better = Box::new(self.condition_free());
        let over = self.eat_word("over");
        if !over {
            self.expected_with(
                "`over` and the other action",
                Some("for instance `gain(Home, threat over quiet at Home.message)`"),
            );
        }
        let worse = Box::new(match over {
            true => self.condition_free(),
            false => self.error_expr(self.at),
        });
        let at = self.eat_word("at").then(|| self.reference());
        ExprKind::Gain { player, better, worse, at, conditions: self.conditions() }
    }

    fn missing_ref(&self) -> Ref {
        let span = self.here();
        let name = Name { text: String::new(), span };
        Ref { owner: None, name, index: Vec::new(), span }
    }

    /// `[ "do" … ] [ "given" expr [ "as" "evidence" ] ] [ "in" ID ]`
    pub(super) fn conditions(&mut self) -> Conditions {
        let first = self.at;
        let mut conditions = Conditions::default();
        let mut reached = 0;
        while self.is(TokenKind::Word) {
            let word = self.peek_text(0);
            let Some(place) = ORDER.iter().position(|one| *one == word) else {
                break;
            };
            if place < reached {
                self.out_of_order(word);
            }
            reached = reached.max(place + 1);
            let start = self.at;
            self.bump();
            match word {
                "do" => conditions.interventions = self.interventions(),
                "given" => conditions.given = Some(self.given(start)),
                _ => conditions.variant = Some(self.name("a variant after `in`")),
            }
        }
        self.node(NodeKind::Conditions, first);
        conditions
    }

    fn out_of_order(&mut self, word: &str) {
        let help = match word {
            "do" => "`do` applies first: `prob(X do A.move == m given E)`; join several with `and`",
            "given" => "write `given` once, after `do` and before `in`; join several with `and`",
            _ => "one question is asked in one game",
        };
        self.error(
            Diagnostic::error("condition-order", format!("`{word}` out of its place"))
                .label(self.here(), "")
                .help(help),
        );
    }

    fn given(&mut self, first: usize) -> Given {
        let event = Box::new(self.condition_free());
        let as_evidence = self.eat_word("as");
        if as_evidence {
            self.expect_word("evidence", "`evidence` after `as`");
        }
        Given { event, as_evidence, span: self.span_from(first) }
    }

    /// `P.move == m and …`, read as a formula and taken apart.
    fn interventions(&mut self) -> Vec<Intervention> {
        let expr = self.condition_free();
        let mut found = Vec::new();
        let mut waiting = vec![expr];
        while let Some(expr) = waiting.pop() {
            let span = expr.span;
            match expr.kind {
                ExprKind::Binary { op: BinaryOp::And, left, right, .. } => {
                    waiting.push(*right);
                    waiting.push(*left);
                }
                ExprKind::Binary { op: BinaryOp::Equal, left, right, .. }
                    if matches!(left.kind, ExprKind::Ref(_)) =>
                {
                    if let ExprKind::Ref(target) = left.kind {
                        found.push(Intervention { target, action: *right, span });
                    }
                }
                ExprKind::Error => {}
                _ => self.diagnostics.push(
                    Diagnostic::error("syntax", "`do` needs a move and what it is set to")
                        .label(span, "this is neither")
                        .help("write `do A.move == m`, several joined by `and`"),
                ),
            }
        }
        found
    }
}
