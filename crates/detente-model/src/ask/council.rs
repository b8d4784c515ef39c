//! Questions about councils: `settlement(talks, entry)`, `power(talks, entry, Russia, Belarus)`, …
//!
//! The one idea: such a question is a call whose first argument is a council. A last argument may name
//! the theory that answers; without one the answer is that of all theories the council's options name.
//! `in` a variant asks the council that its settings make.

use super::Asker;
use crate::check::options::THEORIES;
use crate::council::{CouncilQuery, CouncilQueryKind};
use crate::program::CouncilDecl;
use crate::question::{Number, Relation, Truth};
use crate::resolve::{Named, unknown, words};
use detente_diag::{Diagnostic, Span};
use detente_exact::Q;
use detente_syntax::ast::{BinaryOp, Expr, ExprKind, Name};
use detente_syntax::words::COUNCIL_QUESTIONS;

/// The questions whose answer is an actor.
const ACTOR_QUESTIONS: [&str; 2] = ["winner", "weakest"];

/// How each question is asked.
fn usage(question: &str) -> &'static str {
    match question {
        "settlement" => "settlement(council, issue)",
        "position" => "position(council, actor, issue)",
        "stated" => "stated(council, actor, issue)",
        "distance" => "distance(council, actor, actor, issue)",
        "power" => "power(council, issue, actor, actor, ...)",
        "capability" => "capability(council, actor)",
        "salience" => "salience(council, actor, issue)",
        "inducement" => "inducement(council, issue, actor, actor, ...)",
        "weakest" => "weakest(council, issue, actor, actor, ...) == actor",
        _ => "winner(council, issue) == actor",
    }
}

impl Asker<'_> {
    /// Is this a question to a council?
    pub(super) fn asks_council(&self, name: &Name) -> bool {
        let declared = self.names.calls.contains_key(&name.text);
        !declared && !self.program.councils.is_empty() && COUNCIL_QUESTIONS.contains(&name.text.as_str())
    }

    /// Resolves a question to a council.
    pub(super) fn council_number(
        &mut self,
        name: &Name,
        args: &[Expr],
        variant: Option<&Name>,
        span: Span,
    ) -> Option<Number> {
        if ACTOR_QUESTIONS.contains(&name.text.as_str()) {
            self.report(
                Diagnostic::error("type-mismatch", format!("`{}` is an actor, not a number", name.text))
                    .label(span, "used as a number")
                    .help(format!("compare it: `{}`", usage(&name.text))),
            );
            return None;
        }
        let (council, rest, theory) = self.address(name, args, span)?;
        let decl = &self.program.councils[council];
        let kind = self.council_kind(&name.text, decl, rest, span)?;
        self.council_query(council, kind, theory, variant, span)
    }

    fn council_query(
        &mut self,
        council: usize,
        kind: CouncilQueryKind,
        theory: Option<(String, Span)>,
        variant: Option<&Name>,
        span: Span,
    ) -> Option<Number> {
        if let Some((_, place)) = theory.as_ref().filter(|_| !kind.needs_theory()) {
            self.report(
                Diagnostic::error("wrong-arguments", "this is the same in every theory")
                    .label(*place, "has no effect")
                    .help("leave it out"),
            );
            return None;
        }
        let theory = theory.map(|(word, _)| word);
        let variant = match variant {
            Some(name) => Some(self.variant_at(name)?),
            None => None,
        };
        Some(Number::Council(Box::new(CouncilQuery { council, kind, theory, variant, span })))
    }

    /// `winner(council, issue) == actor` or `weakest(…) == actor`, on either side.
    pub(super) fn council_actor(&mut self, op: BinaryOp, left: &Expr, right: &Expr) -> Option<Option<Truth>> {
        let call = |e: &Expr| match &e.kind {
            ExprKind::Call { name, args, variant }
                if ACTOR_QUESTIONS.contains(&name.text.as_str()) && self.asks_council(name) =>
            {
                Some((name.clone(), args.clone(), variant.clone(), e.span))
            }
            _ => None,
        };
        let ((name, args, variant, span), other) = match (call(left), call(right)) {
            (Some(found), _) => (found, right),
            (None, Some(found)) => (found, left),
            (None, None) => return None,
        };
        let relation = match op {
            BinaryOp::Equal => Relation::Equal,
            BinaryOp::NotEqual => Relation::NotEqual,
            _ => {
                self.report(
                    Diagnostic::error(
                        "type-mismatch",
                        format!("a {} is an actor, neither more nor less", name.text),
                    )
                    .label(span, "compared by size")
                    .help(format!("write `{}`", usage(&name.text))),
                );
                return Some(None);
            }
        };
        Some(self.actor_truth((&name, &args, variant.as_ref()), span, relation, other))
    }

    fn actor_truth(
        &mut self,
        (name, args, variant): (&Name, &[Expr], Option<&Name>),
        span: Span,
        relation: Relation,
        other: &Expr,
    ) -> Option<Truth> {
        let (council, rest, theory) = self.address(name, args, span)?;
        let decl = &self.program.councils[council];
        let actor = self.actor(decl, other)?;
        let kind = match (name.text.as_str(), rest) {
            ("weakest", rest) => {
                let (issue, actors) = self.issue_and_actors(&name.text, decl, rest, span)?;
                if !actors.contains(&actor) {
                    self.report(
                        Diagnostic::error("wrong-arguments", "this actor is not one of those asked about")
                            .label(other.span, "never the weakest of them")
                            .help("name it among the actors, or compare with one of them"),
                    );
                    return None;
                }
                CouncilQueryKind::Weakest { issue, actors, actor }
            }
            (_, []) => CouncilQueryKind::Winner { issue: self.only_issue(decl, span)?, actor },
            (_, [issue]) => CouncilQueryKind::Winner { issue: self.issue(decl, issue)?, actor },
            _ => return self.wrong_count(&name.text, span),
        };
        let query = self.council_query(council, kind, theory, variant, span)?;
        Some(Truth::Compare(relation, Box::new(query), Box::new(Number::Const(Q::ONE))))
    }

    /// The council, the arguments after it, and the theory named last.
    #[allow(clippy::type_complexity, reason = "three parts of one list, used here only")]
    fn address<'e>(
        &mut self,
        name: &Name,
        args: &'e [Expr],
        span: Span,
    ) -> Option<(usize, &'e [Expr], Option<(String, Span)>)> {
        let named = args.first().and_then(bare_word).map(|word| (word, self.names.values.get(word)));
        let council = match named {
            Some((_, Some((Named::Council(at), _)))) => *at,
            _ => {
                let known: Vec<&str> = self.program.councils.iter().map(|c| c.name.as_str()).collect();
                match args.first().zip(named) {
                    Some((first, (word, _))) => {
                        self.report(unknown(word, first.span, "is not a council", known));
                    }
                    None => {
                        self.wrong_count::<()>(&name.text, span);
                    }
                }
                return None;
            }
        };
        self.used.push(self.program.councils[council].name.clone());
        let rest = &args[1..];
        if let Some((last, before)) = rest.split_last()
            && let Some(word) = bare_word(last)
            && THEORIES.contains(&word)
        {
            return Some((council, before, Some((word.to_string(), last.span))));
        }
        Some((council, rest, None))
    }

    fn council_kind(
        &mut self,
        question: &str,
        decl: &CouncilDecl,
        rest: &[Expr],
        span: Span,
    ) -> Option<CouncilQueryKind> {
        use CouncilQueryKind::*;
        // With one issue its name may be left out.
        match (question, rest) {
            ("settlement", []) => Some(Settlement { issue: self.only_issue(decl, span)? }),
            ("settlement", [issue]) => Some(Settlement { issue: self.issue(decl, issue)? }),
            ("capability", [actor]) => Some(Capability { actor: self.actor(decl, actor)? }),
            ("position" | "stated" | "salience", [actor] | [actor, _]) => {
                let actor = self.actor(decl, actor);
                let issue = match rest.get(1) {
                    Some(issue) => self.issue(decl, issue),
                    None => self.only_issue(decl, span),
                };
                let (actor, issue) = (actor?, issue?);
                Some(match question {
                    "stated" => Stated { actor, issue },
                    "salience" => Salience { actor, issue },
                    _ => Position { actor, issue },
                })
            }
            ("distance", [a, b] | [a, b, _]) => {
                let (a, b) = (self.actor(decl, a), self.actor(decl, b));
                let issue = match rest.get(2) {
                    Some(issue) => self.issue(decl, issue),
                    None => self.only_issue(decl, span),
                };
                Some(Distance { actors: (a?, b?), issue: issue? })
            }
            ("power" | "inducement", rest) => {
                let (issue, actors) = self.issue_and_actors(question, decl, rest, span)?;
                Some(match question {
                    "power" => Power { issue, actors },
                    _ => Inducement { issue, actors },
                })
            }
            _ => self.wrong_count(question, span),
        }
    }

    /// An issue, which may be left out where there is only one, and some actors, each once.
    fn issue_and_actors(
        &mut self,
        question: &str,
        decl: &CouncilDecl,
        rest: &[Expr],
        span: Span,
    ) -> Option<(usize, Vec<usize>)> {
        let Some(first) = rest.first() else { return self.wrong_count(question, span) };
        let is_issue = bare_word(first).is_some_and(|w| decl.issues.iter().any(|issue| issue.name == w));
        let (issue, actors) = match is_issue || decl.issues.len() > 1 {
            true => (self.issue(decl, first)?, &rest[1..]),
            false => (0, rest),
        };
        if actors.is_empty() {
            return self.wrong_count(question, span);
        }
        let mut list: Vec<usize> = Vec::new();
        for actor in actors {
            let at = self.actor(decl, actor)?;
            if list.contains(&at) {
                self.report(
                    Diagnostic::error("duplicate-name", "this actor is named twice")
                        .label(actor.span, "again here")
                        .help("name each member once"),
                );
                return None;
            }
            list.push(at);
        }
        Some((issue, list))
    }

    fn wrong_count<T>(&mut self, question: &str, span: Span) -> Option<T> {
        self.report(
            Diagnostic::error("wrong-arguments", format!("`{question}` is asked in another way"))
                .label(span, "these arguments do not fit")
                .help(format!("write `{}`; a theory such as `median` may stand last", usage(question))),
        );
        None
    }

    fn only_issue(&mut self, decl: &CouncilDecl, span: Span) -> Option<usize> {
        if decl.issues.len() == 1 {
            return Some(0);
        }
        let names: Vec<&str> = decl.issues.iter().map(|i| i.name.as_str()).collect();
        self.report(
            Diagnostic::error("wrong-arguments", "on which issue?").label(span, "names none").help(format!(
                "issues of `{}`: {}",
                decl.name,
                words(&names)
            )),
        );
        None
    }

    fn issue(&mut self, decl: &CouncilDecl, expr: &Expr) -> Option<usize> {
        let names: Vec<&str> = decl.issues.iter().map(|i| i.name.as_str()).collect();
        self.member(expr, &names, &format!("is not an issue of `{}`", decl.name))
    }

    fn actor(&mut self, decl: &CouncilDecl, expr: &Expr) -> Option<usize> {
        let names: Vec<&str> = decl.actors.iter().map(|a| a.name.as_str()).collect();
        self.member(expr, &names, &format!("is not an actor of `{}`", decl.name))
    }

    fn member(&mut self, expr: &Expr, names: &[&str], what: &str) -> Option<usize> {
        let word = bare_word(expr).unwrap_or("");
        let found = names.iter().position(|name| *name == word);
        if found.is_none() {
            match word.is_empty() {
                true => self.report(
                    Diagnostic::error("type-mismatch", format!("this {what}"))
                        .label(expr.span, "a name is needed here")
                        .help(format!("known here: {}", words(names))),
                ),
                false => {
                    let known = names.iter().copied();
                    self.report(unknown(word, expr.span, what, known));
                }
            }
        }
        found
    }
}

/// The word that an argument consists of.
fn bare_word(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Ref(r) if r.owner.is_none() && r.index.is_empty() => Some(&r.name.text),
        _ => None,
    }
}
