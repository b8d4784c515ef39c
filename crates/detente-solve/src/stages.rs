//! The whole solve: subgames innermost first, each a stage with its own proof.
//!
//! A subgame whose equilibria all have single payoff vectors is replaced by a
//! terminal in the stages above, which then choose among its components. Other
//! subgames stay part of the stage around them.

use crate::cells::{Cell, Value};
use crate::contact;
use crate::describe;
use crate::join::{self, Joined};
use crate::known::Known;
use crate::left::Left;
use crate::search::Search;
use crate::settings::{Half, Progress, Settings};
use crate::stage::{Kind, Stage, Weight};
use detente_exact::Q;
use detente_game::certificate::{self, Certificate};
use detente_game::solution::{Component, Concept, Solution, Status};
use detente_game::{Game, NodeId, Numbers};
use std::collections::{BTreeMap, BTreeSet};

/// A stage with its answer.
pub struct Solved {
    pub stage: Stage,
    pub root: NodeId,
    pub cells: Vec<Cell>,
    pub joined: Vec<Joined>,
    /// One payoff vector per component, if each has one.
    pub payoffs: Option<Vec<Vec<Q>>>,
    pub proof: certificate::Proof,
    /// Where cells of one component touch.
    pub joins: Vec<certificate::Join>,
    pub open: Vec<String>,
    /// Cases left open, as far as they can be told.
    pub left: Vec<Left>,
}

/// Most components of a subgame for it to be cut off; beyond, it is solved in place.
const MAX_OPTIONS: usize = 64;

/// Returns the equilibria of the game at these numbers, with their proof.
pub fn solve(game: &Game, numbers: &Numbers, settings: &Settings, progress: &dyn Progress) -> Solution {
    solve_with(game, numbers, settings, None, progress)
}

/// As [`solve`], for a game solved before at other numbers: its known branches are tried first.
/// The answer rests on a proof of its own, at these numbers.
pub fn solve_again(
    game: &Game,
    numbers: &Numbers,
    settings: &Settings,
    known: &Known,
    progress: &dyn Progress,
) -> Solution {
    let direct = matches!(settings.concept, Concept::Spe | Concept::Sequential) && !settings.path_only;
    if direct
        && crate::perfect::applies(game)
        && let Some(found) = crate::strict::solve(game, numbers, settings.concept, &known.digest)
    {
        return found;
    }
    solve_with(game, numbers, settings, Some(known), progress)
}

/// Most actions in all for which a one-shot game with a tree is searched by cases: there the
/// referee replays more of what is said about a component than it does for a table.
const FEW_ACTIONS: usize = 6;

/// Most actions in all for which one equilibrium of three or more players is looked for by cases.
const FEW_FOR_ONE: usize = 12;

/// Whether one equilibrium of several players is first looked for among pure plans.
fn seeks_pure_first(game: &Game, settings: &Settings) -> bool {
    settings.one && !settings.by_cases && settings.concept == Concept::Nash && game.players.len() > 2
}

/// Whether one equilibrium of several players is best looked for at the end of the logit path.
fn walks_first(game: &Game, settings: &Settings) -> bool {
    let actions: usize = game.infosets.iter().map(|h| h.actions.len()).sum();
    settings.one
        && !settings.by_cases
        && game.players.len() > 2
        && actions > FEW_FOR_ONE
        && !crate::perfect::applies(game)
}

fn is_wide(game: &Game) -> bool {
    game.infosets.iter().map(|h| h.actions.len()).sum::<usize>() > FEW_ACTIONS
}

fn solve_with(
    game: &Game,
    numbers: &Numbers,
    settings: &Settings,
    known: Option<&Known>,
    progress: &dyn Progress,
) -> Solution {
    let mut found = by_the_right_way(game, numbers, settings, known, progress);
    if found.certificate.game.is_empty() {
        found.certificate.game = known.map_or_else(|| game.sha256(), |k| k.digest.clone());
    }
    found
}

/// The solution by the first way that fits the game and what was asked.
fn by_the_right_way(
    game: &Game,
    numbers: &Numbers,
    settings: &Settings,
    known: Option<&Known>,
    progress: &dyn Progress,
) -> Solution {
    if settings.concept == Concept::Qre {
        return crate::qre::solve(game, numbers, settings, progress);
    }
    if settings.path_only
        && let Some(found) = crate::polish::fallback(game, numbers, settings, &[], progress)
    {
        return found;
    }
    if seeks_pure_first(game, settings)
        && let Some(found) = crate::pure::one(game, numbers, progress)
    {
        return found;
    }
    if walks_first(game, settings)
        && let Some(found) = crate::polish::fallback(game, numbers, settings, &[], progress)
        && found.status != Status::Numeric
    {
        return found;
    }
    let digest = || known.map_or_else(|| game.sha256(), |k| k.digest.clone());
    if !settings.by_cases
        && (game.strategic || is_wide(game))
        && let Some(found) = crate::matrix::solve(game, numbers, settings, &digest, progress)
    {
        return found;
    }
    if !settings.by_cases
        && (settings.concept == Concept::Nash || !crate::perfect::applies(game))
        && let Some(found) = crate::quasi::solve(game, numbers, settings, progress)
    {
        return found;
    }
    if !settings.by_cases
        && let Some(found) = crate::large::two_players(game, numbers, settings, progress)
    {
        return found;
    }
    if settings.concept != Concept::Nash && crate::perfect::applies(game) {
        return crate::perfect::solve(game, numbers, settings.concept);
    }
    if game.nodes.len() > crate::lean::MANY_NODES && !settings.by_cases && !settings.large_too {
        let sought = concept_name(settings.concept);
        let why = format!("the game is too large to list every {sought} equilibrium: this is one profile");
        if let Some(found) = crate::large::any(game, numbers, &[why], progress) {
            return found;
        }
    }
    let mut roots = if settings.concept == Concept::Nash {
        vec![NodeId(0)]
    } else {
        detente_game::subgames::subgame_roots(game)
    };
    roots.retain(|r| !matches!(game.nodes[r.index()].kind, detente_game::NodeKind::Terminal(_)));
    if !roots.contains(&NodeId(0)) {
        roots.push(NodeId(0));
    }
    // Parents precede children in the node array, so descending order is innermost first.
    roots.sort_unstable_by(|a, b| b.cmp(a));
    let half = Half(progress);
    let searching: &dyn Progress = if crate::polish::is_long(game) { &half } else { progress };
    let mut solved: Vec<Solved> = vec![];
    let mut cut: BTreeMap<NodeId, (usize, Vec<Vec<Q>>)> = BTreeMap::new();
    for root in roots {
        let stage = Stage::new(game, numbers, root, &cut);
        let s = solve_stage(stage, root, settings, known.and_then(|k| k.proof(root.0)), searching);
        let usable = s.open.is_empty() && s.payoffs.as_ref().is_some_and(|p| p.len() <= MAX_OPTIONS);
        let whole = root == NodeId(0);
        if whole || (usable && !s.joined.is_empty()) {
            if !whole {
                cut.insert(root, (solved.len(), s.payoffs.clone().expect("just checked")));
            }
            solved.push(s);
        }
    }
    if settings.concept == Concept::Spe && solved.iter().any(|s| skips_subgames(game, s)) {
        return sequential_only(game, numbers, settings, progress);
    }
    let found = finish(game, numbers, settings, solved, digest());
    if settings.concept == Concept::Nash
        && !settings.one
        && !settings.by_cases
        && !found.unresolved.is_empty()
        && let Some(all) = crate::polyhedra::solve(game, numbers, &found.unresolved, progress)
    {
        return all;
    }
    let found = crate::weaker::added(game, numbers, settings, found, progress);
    if !found.components.is_empty() {
        return found;
    }
    if let Some(found) = crate::quasi::at_last(game, numbers, settings, &found.unresolved) {
        return found;
    }
    if let Some(found) = crate::polish::fallback(game, numbers, settings, &found.unresolved, progress) {
        return found;
    }
    if game.infosets.is_empty() {
        return found;
    }
    crate::large::any(game, numbers, &found.unresolved, progress).unwrap_or(found)
}

/// Whether some equilibria of the stage never reach a subgame that is still part of it, so
/// that being best on the path says nothing about play there.
fn skips_subgames(game: &Game, s: &Solved) -> bool {
    let roots = detente_game::subgames::subgame_roots(game);
    let inside = s.stage.nodes.iter().filter(|n| n.game != s.root && roots.contains(&n.game));
    let decides = |n: &&crate::stage::Node| matches!(n.kind, Kind::Decision(_) | Kind::Chance);
    let paths: Vec<&Vec<(usize, Weight)>> = inside.filter(decides).map(|n| &n.path).collect();
    let positive = |c: &Cell, w: Weight| {
        matches!(c.state.status[w as usize], crate::state::Status::Positive) || c.strict.contains(&w)
    };
    s.cells.iter().any(|c| paths.iter().any(|p| p.iter().any(|(_, w)| !positive(c, *w))))
}

/// The subgame-perfect equilibria that are sequential too, where the others were not searched.
fn sequential_only(game: &Game, numbers: &Numbers, settings: &Settings, progress: &dyn Progress) -> Solution {
    let why = "a subgame whose equilibria pay differently is not always reached: \
               only subgame-perfect equilibria that are also sequential are listed";
    let mut found = crate::weaker::sequential(game, numbers, settings, progress);
    found.unresolved.insert(0, why.into());
    if found.components.is_empty() {
        let fallback = crate::quasi::at_last(game, numbers, settings, &found.unresolved)
            .or_else(|| crate::polish::fallback(game, numbers, settings, &found.unresolved, progress));
        return fallback.unwrap_or(Solution { concept: Concept::Spe, status: Status::Numeric, ..found });
    }
    found.concept = Concept::Spe;
    found.status = Status::ExactSome;
    found.certificate.concept = concept_name(Concept::Spe).into();
    found.certificate.stages = vec![];
    found
}

fn solve_stage(
    stage: Stage,
    root: NodeId,
    settings: &Settings,
    known: Option<&certificate::Proof>,
    progress: &dyn Progress,
) -> Solved {
    let mut search = Search::new(&stage, settings, progress);
    let (proof, tree) = search.run(known);
    let (concept, cells, mut open, left) = (search.concept, search.cells, search.open, search.left);
    let join::Connected { components: joined, joins, tested } =
        join::components(&stage, concept, &cells, &tree);
    if !tested {
        open.push("too many combinations of parts to test which touch: listed components may be one".into());
    }
    // Asked only of subgames, which may be cut off.
    let payoffs = match root {
        NodeId(0) => None,
        _ => joined.iter().map(|j| describe::single_payoffs(&stage, &cells, j)).collect(),
    };
    Solved { stage, root, cells, joined, payoffs, proof, joins, open, left }
}

fn finish(
    game: &Game,
    numbers: &Numbers,
    settings: &Settings,
    solved: Vec<Solved>,
    digest: String,
) -> Solution {
    let mut unresolved: Vec<String> = solved.iter().flat_map(|s| s.open.clone()).collect();
    unresolved.dedup();
    let left: Vec<&Left> = solved.iter().flat_map(|s| &s.left).collect();
    unresolved.extend(crate::wording::cases_left(game, &left));
    let components = describe::components(game, numbers, settings.concept, &solved);
    let order = describe::order(&components);
    let top = solved.len() - 1;
    let mut stages: Vec<certificate::Stage> = Vec::with_capacity(solved.len());
    for (k, s) in solved.into_iter().enumerate() {
        let mut lists: Vec<Vec<u32>> = s.joined.iter().map(cell_list).collect();
        if k == top && lists.len() == order.len() {
            lists = order.iter().map(|i| std::mem::take(&mut lists[*i])).collect();
        }
        let points = points(&s);
        stages.push(certificate::Stage {
            root: s.root.0,
            nested: s.stage.nested.iter().map(|n| n.0 as u32).collect(),
            payoffs: if k == top { vec![] } else { s.payoffs.unwrap_or_default() },
            components: lists,
            proof: s.proof,
            joins: s.joins,
            points,
        });
    }
    let mut unordered: Vec<Option<Component>> = components.into_iter().map(Some).collect();
    let mut components: Vec<Component> = order.iter().filter_map(|i| unordered[*i].take()).collect();
    if settings.concept == Concept::Sequential {
        crate::intuitive::mark(game, numbers, &mut components);
    }
    let status = match (unresolved.is_empty(), components.is_empty()) {
        (true, _) => Status::ExactComplete,
        (false, false) => Status::ExactSome,
        (false, true) => Status::Numeric,
    };
    let certificate = Certificate {
        version: 1,
        game: digest,
        params: numbers.params.clone(),
        concept: concept_name(settings.concept).into(),
        stages,
        logit: None,
        matrix: None,
        sequences: None,
        coarse: None,
    };
    Solution { concept: settings.concept, status, unresolved, components, certificate }
}

/// Returns the name of a concept as certificates write it.
pub fn concept_name(concept: Concept) -> &'static str {
    match concept {
        Concept::Nash => "nash",
        Concept::Spe => "spe",
        Concept::Sequential => "sequential",
        Concept::Qre => "qre",
    }
}

/// One point of each cell that is a factor of several, where there is something to join.
fn points(s: &Solved) -> Vec<(u32, certificate::Weights)> {
    if s.joins.is_empty() {
        return vec![];
    }
    let several = s.joined.iter().flat_map(|j| &j.products).filter(|p| p.factors.len() > 1);
    let cells: BTreeSet<usize> = several.flat_map(|p| p.factors.iter().flatten().copied()).collect();
    let point = |c: usize| {
        let exact = s.cells[c].point.iter().filter_map(|(v, value)| match value {
            Value::Exact(q) => Some((*v, q.clone())),
            Value::Within(..) => None,
        });
        (c as u32, contact::named(&s.stage, exact.collect()))
    };
    cells.into_iter().map(point).collect()
}

fn cell_list(joined: &Joined) -> Vec<u32> {
    let mut list: Vec<u32> =
        joined.products.iter().flat_map(|p| &p.factors).flatten().map(|c| *c as u32).collect();
    list.sort_unstable();
    list.dedup();
    list
}
