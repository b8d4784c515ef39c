//! The lossless tree: every byte of the text, in nested nodes.
//!
//! The one idea: a node is a range of tokens, and ranges nest. The parser
//! only says "this stretch is a `Param`"; sorting the stretches gives the tree.

use crate::token::{Token, TokenKind};

macro_rules! node_kinds {
    ($($name:ident),* $(,)?) => {
        /// What a node is; the names are those of the grammar document.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs)]
        pub enum NodeKind { $($name),* }

        /// Every kind, for tests that compare them with the grammar document.
        pub const NODE_KINDS: &[NodeKind] = &[$(NodeKind::$name),*];
    };
}

node_kinds! {
    File, Game, Bibliography, Include, Unit, Players, Const, Param, Private, Correlate, Fn, Table,
    Outcome, Play, Observe, Hypothesis, Claim, Ask, Stage, Joint, Case, Forecast, Resolve, Council, Variant, Lever, Estimate, Precision, Test,
    Caption, Dist, Row, Cell, PrivateArms, PrivateArm, Changes, Forbid, Set, Reveal, Steps, Expect,
    Base, Formal, Run, CaseBody, CouncilBody, Issue, Scale, Actor, ActorLines, ActorLine, Matrix, CouncilRow, CouncilCell, CouncilOption,
    Block, Choose, Chance, Together, Tell, Pay, If, Repeat, Leave, End,
    Sight, Menu, ChoiceArm, Grid, ChanceArms, ChanceArm, Pays, PayEntry, Ledger, LedgerLine,
    Ref, Literal, Unary, Binary, Conditional, Paren, Call, Quantified, Question, Conditions,
    Error,
}

impl NodeKind {
    /// Is it a list in braces?
    pub fn is_group(self) -> bool {
        use NodeKind::*;
        matches!(
            self,
            Block
                | Menu
                | ChanceArms
                | PrivateArms
                | Pays
                | Ledger
                | Changes
                | Steps
                | CouncilBody
                | CaseBody
                | ActorLines
        )
    }

    /// Is it a line of a table?
    pub fn is_row(self) -> bool {
        matches!(self, NodeKind::Row | NodeKind::CouncilRow)
    }
}

/// One node of a [`Tree`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Its first token.
    pub first: u32,
    /// One past its last token.
    pub end: u32,
    /// The nodes inside it, in order.
    pub children: Vec<u32>,
}

/// A node or a token, in the order of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    /// The index of a node.
    Node(u32),
    /// The index of a token.
    Token(u32),
}

/// The lossless tree of one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// The nodes, parents before children; the first is the file.
    pub nodes: Vec<Node>,
    /// The tokens; they cover the text.
    pub tokens: Vec<Token>,
}

impl Tree {
    /// Builds a tree from stretches of tokens, given inner ones first.
    pub(crate) fn new(tokens: Vec<Token>, stretches: Vec<(NodeKind, u32, u32)>) -> Tree {
        let mut order: Vec<usize> = (0..stretches.len()).collect();
        // Outer before inner: of equal ranges the one that was closed later is outer.
        order.sort_by_key(|at| {
            let (_, first, end) = stretches[*at];
            (first, std::cmp::Reverse(end), std::cmp::Reverse(*at))
        });
        let mut nodes =
            vec![Node { kind: NodeKind::File, first: 0, end: tokens.len() as u32, children: Vec::new() }];
        let mut open: Vec<usize> = vec![0];
        for at in order {
            let (kind, first, end) = stretches[at];
            while open.len() > 1 && open.last().is_some_and(|top| nodes[*top].end < end) {
                open.pop();
            }
            while open.len() > 1 && open.last().is_some_and(|top| nodes[*top].end <= first) {
                open.pop();
            }
            let parent = open.last().copied().unwrap_or(0);
            let index = nodes.len();
            nodes[parent].children.push(index as u32);
            nodes.push(Node { kind, first, end, children: Vec::new() });
            open.push(index);
        }
        Tree { nodes, tokens }
    }

    /// What stands directly inside a node, in the order of the text.
    pub fn elements(&self, node: u32) -> Vec<Element> {
        let node = &self.nodes[node as usize];
        let mut elements = Vec::new();
        let mut at = node.first;
        for child in &node.children {
            let inner = &self.nodes[*child as usize];
            elements.extend((at..inner.first).map(Element::Token));
            elements.push(Element::Node(*child));
            at = inner.end;
        }
        elements.extend((at..node.end).map(Element::Token));
        elements
    }

    /// The text, put together again from the leaves of the tree.
    pub fn text(&self, text: &str) -> String {
        let mut result = String::with_capacity(text.len());
        let mut waiting = vec![Element::Node(0)];
        while let Some(element) = waiting.pop() {
            match element {
                Element::Token(at) => result.push_str(self.tokens[at as usize].text(text)),
                Element::Node(node) => waiting.extend(self.elements(node).into_iter().rev()),
            }
        }
        result
    }

    /// For each token, the innermost node that holds it.
    pub(crate) fn parents(&self) -> Vec<u32> {
        let mut parents = vec![0u32; self.tokens.len()];
        // Parents come before children, so the last writer is the innermost.
        for (index, node) in self.nodes.iter().enumerate() {
            let range = node.first as usize..node.end as usize;
            parents[range].fill(index as u32);
        }
        parents
    }

    /// The tokens that the parser reads.
    pub(crate) fn significant(&self) -> Vec<u32> {
        let tokens = self.tokens.iter().enumerate();
        tokens.filter(|(_, token)| !token.kind.is_trivia()).map(|(at, _)| at as u32).collect()
    }

    /// The kind of a token.
    pub(crate) fn kind(&self, token: u32) -> TokenKind {
        self.tokens[token as usize].kind
    }
}
