//! Labels and outcomes as the strictest reader wants them.
//!
//! pygambit 16.7 accepts labels of printable ASCII with single spaces inside, nonempty
//! and unique; and it knows one payoff vector per outcome. Where a name is needed for
//! several payoff vectors they are `x`, `x#2`, ... and the file's comment says so.

use super::labels::distinct;
use crate::game::{Game, NodeId, NodeKind, OutcomeId};
use crate::numbers::Numbers;
use detente_exact::Q;
use std::collections::BTreeMap;

/// Begins the comment of a file written here: in such a file a label `x#2` is another
/// payoff vector of the outcome `x`, and `(none)` is the end of play without a name.
pub(crate) const COMMENT: &str = "Written by detente; outcomes x and x#2 share the name x.";

/// What an author's comment is without ours.
pub(crate) fn own_comment(comment: &str) -> String {
    comment.strip_prefix(COMMENT).unwrap_or(comment).trim().to_string()
}

/// The label under which an end of play without a name but with payoffs is written.
pub(crate) const NO_NAME: &str = "(none)";

/// The name behind an outcome's label in a file with [`COMMENT`]; `None` for no name.
pub(crate) fn outcome_name(label: &str) -> Option<&str> {
    let stem = label.rsplit_once('#').filter(|(stem, n)| !stem.is_empty() && n.parse::<u32>().is_ok());
    Some(stem.map_or(label, |(stem, _)| stem)).filter(|name| *name != NO_NAME)
}

/// Rewrites a label in printable ASCII with single spaces inside.
pub(crate) fn plain(label: &str) -> String {
    let mut out = String::with_capacity(label.len());
    for c in label.chars() {
        match c {
            '"' => out.push('\''),
            '\\' => out.push('/'),
            '!'..='~' => out.push(c),
            c if c.is_whitespace() || c.is_control() => out.push(' '),
            c => out.push_str(transliterated(c)),
        }
    }
    out.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Letters of western and central European languages without their marks; else `?`.
fn transliterated(c: char) -> &'static str {
    const TABLE: [(&str, &str); 36] = [
        ("ÀÁÂÃÅĀĂĄ", "A"),
        ("àáâãåāăą", "a"),
        ("Ä", "Ae"),
        ("ä", "ae"),
        ("Æ", "AE"),
        ("æ", "ae"),
        ("ÇĆČ", "C"),
        ("çćč", "c"),
        ("ĎĐÐ", "D"),
        ("ďđð", "d"),
        ("ÈÉÊËĒĖĘĚ", "E"),
        ("èéêëēėęě", "e"),
        ("ÌÍÎÏĪİ", "I"),
        ("ìíîïīı", "i"),
        ("ŁĽ", "L"),
        ("łľ", "l"),
        ("ÑŃŇ", "N"),
        ("ñńň", "n"),
        ("ÒÓÔÕØŌŐ", "O"),
        ("òóôõøōő", "o"),
        ("Ö", "Oe"),
        ("ö", "oe"),
        ("ŘŔ", "R"),
        ("řŕ", "r"),
        ("ŚŞŠȘ", "S"),
        ("śşšș", "s"),
        ("ß", "ss"),
        ("ŤŢȚ", "T"),
        ("ťţț", "t"),
        ("ÙÚÛŪŮŰ", "U"),
        ("ùúûūůű", "u"),
        ("Üü", "ue"),
        ("ÝŸ", "Y"),
        ("ýÿ", "y"),
        ("ŹŻŽźżž", "z"),
        ("–—−", "-"),
    ];
    TABLE.iter().find(|(from, _)| from.contains(c)).map_or("?", |(_, to)| to)
}

/// Rewrites labels in printable ASCII and makes them unique.
pub(crate) fn plain_distinct<'a>(labels: impl Iterator<Item = &'a str>) -> Vec<String> {
    let labels: Vec<String> = labels.map(plain).collect();
    distinct(&labels, |k| (k + 1).to_string()).0
}

/// Labels for the header of a table. pygambit 16.7 calls the entries of a list 1, 2, ... before it names them in
/// turn, and refuses a name that a later entry still has as its number; then all numbers are called `no. 2`.
pub(crate) fn table_labels<'a>(labels: impl Iterator<Item = &'a str>) -> Vec<String> {
    let labels = plain_distinct(labels);
    let is_number = |l: &str| l.parse::<usize>().is_ok_and(|n| n.to_string() == l);
    let clash = |(k, l): (usize, &String)| {
        is_number(l) && (k + 2..=labels.len()).any(|later| later.to_string() == *l)
    };
    if !labels.iter().enumerate().any(clash) {
        return labels;
    }
    let named: Vec<String> =
        labels.iter().map(|l| if is_number(l) { format!("no. {l}") } else { l.clone() }).collect();
    distinct(&named, |k| (k + 1).to_string()).0
}

/// Lists all nodes as a file lists them: parents first, then branch after branch.
pub(crate) fn walk(game: &Game) -> Vec<NodeId> {
    let mut order = Vec::with_capacity(game.nodes.len());
    let mut stack = vec![NodeId(0)];
    while let Some(node) = stack.pop() {
        order.push(node);
        stack.extend(game.children(node).iter().rev());
    }
    order
}

/// What an outcome of the file stands for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    /// A payment on the way.
    Payment,
    /// An end of play.
    End(Option<OutcomeId>),
}

/// The outcomes of a file: one per name and payoff vector, numbered from 1.
pub(crate) struct Outcomes {
    /// Label and payoffs of outcome `k + 1`.
    pub list: Vec<(String, Vec<Q>)>,
    /// Outcome number of every node, 0 for none.
    pub of_node: Vec<u32>,
    /// The comment of the file: ours, if the labels need it, then the author's.
    pub comment: String,
}

impl Outcomes {
    /// Collects the outcomes of a game in order of first use on a walk.
    pub fn new(game: &Game, numbers: &Numbers) -> Outcomes {
        let vectors = pay_vectors(game, numbers);
        let mut ids: BTreeMap<(Use, u32), u32> = BTreeMap::new();
        let mut uses: Vec<(Use, u32)> = Vec::new();
        let mut of_node = vec![0; game.nodes.len()];
        for id in walk(game) {
            let node = &game.nodes[id.index()];
            let pays = vectors.of_list[node.pays.index()];
            let key = match node.kind {
                NodeKind::Terminal(Some(o)) => Some(Use::End(Some(o))),
                _ if pays == 0 => None,
                NodeKind::Terminal(None) => Some(Use::End(None)),
                _ => Some(Use::Payment),
            };
            of_node[id.index()] = key.map_or(0, |key| {
                *ids.entry((key.clone(), pays)).or_insert_with(|| {
                    uses.push((key, pays));
                    uses.len() as u32
                })
            });
        }
        let (labels, comment) = labels(game, &uses);
        let list = labels
            .into_iter()
            .zip(&uses)
            .map(|(label, (_, pays))| (label, vectors.list[*pays as usize].clone()))
            .collect();
        let comments = [comment.to_string(), plain(&game.comment)];
        let comment = comments.into_iter().filter(|c| !c.is_empty()).collect::<Vec<_>>().join(" ");
        Outcomes { list, of_node, comment }
    }

    /// Returns the outcome number of a node.
    pub fn of(&self, node: NodeId) -> u32 {
        self.of_node[node.index()]
    }
}

fn labels(game: &Game, uses: &[(Use, u32)]) -> (Vec<String>, &'static str) {
    let names = plain_distinct(game.outcomes.iter().map(|o| o.name.as_str()));
    let base = |names: &[String]| -> Vec<String> {
        let label = |(key, _): &(Use, u32)| match key {
            Use::Payment => "payment".to_string(),
            Use::End(Some(o)) => names[o.index()].clone(),
            Use::End(None) => NO_NAME.to_string(),
        };
        uses.iter().map(label).collect()
    };
    let (labels, changed) = distinct(&base(&names), |k| (k + 1).to_string());
    if changed.is_empty() && !uses.iter().any(|(key, _)| *key == Use::End(None)) {
        return (labels, "");
    }
    // A number sign of the author's own must not be taken for one of ours.
    let safe = names.iter().map(|n| if outcome_name(n) == Some(n) { n.clone() } else { n.replace('#', "_") });
    let safe: Vec<String> = safe.collect();
    (distinct(&base(&safe), |k| (k + 1).to_string()).0, COMMENT)
}

/// Distinct payoff vectors; 0 is the zero vector.
struct PayVectors {
    list: Vec<Vec<Q>>,
    of_list: Vec<u32>,
}

fn pay_vectors(game: &Game, numbers: &Numbers) -> PayVectors {
    let zero = vec![Q::ZERO; game.players.len()];
    let mut ids = BTreeMap::from([(zero.clone(), 0u32)]);
    let mut list = vec![zero.clone()];
    let of_list = game.pay_lists.iter().map(|pays| {
        let mut vector = zero.clone();
        for pay in pays {
            if let Some(Some(amount)) = numbers.tape.get(pay.amount.0 as usize) {
                vector[pay.player.index()] += amount;
            }
        }
        *ids.entry(vector.clone()).or_insert_with(|| {
            list.push(vector);
            list.len() as u32 - 1
        })
    });
    let of_list = of_list.collect();
    PayVectors { list, of_list }
}

/// Writes numbers between braces.
pub(crate) fn braced<'a>(numbers: impl Iterator<Item = &'a Q>) -> String {
    let parts: Vec<String> = numbers.map(Q::to_string).collect();
    format!("{{ {} }}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{outcome_name, plain};

    #[test]
    fn labels_become_printable_ascii() {
        assert_eq!(plain("  Zürich \"a\\b\"\t– ł  "), "Zuerich 'a/b' - l");
        assert_eq!(plain("\u{4e2d}"), "?");
    }

    #[test]
    fn numbered_labels_share_a_name() {
        assert_eq!(outcome_name("war#2"), Some("war"));
        assert_eq!(outcome_name("#2"), Some("#2"));
        assert_eq!(outcome_name("(none)#3"), None);
    }
}
