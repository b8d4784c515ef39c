//! The tree format: scenario, model parameters, issues, actors, and how ideals follow positions.
//!
//! The one idea: every element is looked up by the name that the schema gives it, and what is missing is
//! named together with the line of the element that should hold it.

use super::{KtabError, Scenario, Table, percent_position, percent_salience};
use crate::council::Actor;
use crate::spatial::options::{Named, SpatialOptions, Transition};
use roxmltree::{Document, Node};

/// Reads a scenario from KTAB's XML.
///
/// # Errors
/// All faults of the text, each with its line where one is at fault.
pub fn read_xml(text: &str) -> Result<Scenario, Vec<KtabError>> {
    let text = text.trim_start_matches('\u{feff}');
    let document = Document::parse(text)
        .map_err(|error| vec![KtabError::at(error.pos().row as usize, format!("this is no XML: {error}"))])?;
    let mut reader = Reader { errors: Vec::new() };
    let scenario = reader.scenario(document.root_element());
    if reader.errors.is_empty() { scenario } else { Err(reader.errors) }
}

/// Collects faults while reading.
struct Reader {
    errors: Vec<KtabError>,
}

impl Reader {
    fn scenario(&mut self, root: Node) -> Result<Scenario, Vec<KtabError>> {
        if !root.has_tag_name("Scenario") {
            let name = root.tag_name().name();
            self.fault(root, format!("the outermost element is `{name}`; a scenario begins with `Scenario`"));
        }
        let seed = self.seed(root);
        let mut options = self.options(root, seed);
        let table = self.table(root);
        options.affinity = self.affinity(root, &table.actors);
        if !self.errors.is_empty() {
            return Err(Vec::new());
        }
        Ok(Scenario {
            name: child_text(root, "name").unwrap_or_default(),
            description: child_text(root, "desc").unwrap_or_default(),
            council: table.council()?,
            options,
            seed,
        })
    }

    fn fault(&mut self, node: Node, message: impl Into<String>) {
        self.errors.push(KtabError::at(line(node), message));
    }

    fn seed(&mut self, root: Node) -> Option<u64> {
        let node = child(root, "prngSeed")?;
        let text = text_of(node);
        let seed = text.parse().ok();
        if seed.is_none() && !text.is_empty() {
            self.fault(node, format!("the seed `{text}` is not a whole number from 0 to 2^64 - 1"));
        }
        seed
    }

    fn options(&mut self, root: Node, seed: Option<u64>) -> SpatialOptions {
        let mut options = SpatialOptions::default();
        let Some(node) = child(root, "ModelParameters") else { return options };
        self.choice(node, "VictoryProbModel", &mut options.victory);
        self.choice(node, "PCEModel", &mut options.election);
        self.choice(node, "VotingRule", &mut options.voting);
        self.choice(node, "BigRAdjust", &mut options.risk_adjust);
        self.choice(node, "BigRRange", &mut options.risk_range);
        self.choice(node, "ThirdPartyCommit", &mut options.third_party);
        self.choice(node, "InterVecBrgn", &mut options.interpolation);
        self.choice(node, "BargnModel", &mut options.offers);
        match child(node, "StateTransitions").map(|node| (node, text_of(node))) {
            None => {}
            Some((_, name)) if name == "Deterministic" => {}
            Some((_, name)) if name == "Stochastic" => {
                options.transition = Transition::Stochastic { seed: seed.unwrap_or(0), draw: 0 };
            }
            Some((node, name)) => {
                self.fault(node, format!("`{name}` is neither Deterministic nor Stochastic"));
            }
        }
        options
    }

    fn choice<T: Named>(&mut self, parent: Node, element: &str, into: &mut T) {
        let Some(node) = child(parent, element) else { return };
        let text = text_of(node);
        // The schema and the program of this format spell these two differently.
        let name = match text.as_str() {
            "Proportional" => "Prop",
            "No" => "None",
            other => other,
        };
        match T::from_name(name) {
            Some(choice) => *into = choice,
            None => {
                let known: Vec<&str> = T::NAMES.iter().map(|(_, name)| *name).collect();
                self.fault(node, format!("`{text}` is no {element}; choose among {}", known.join(", ")));
            }
        }
    }

    fn table(&mut self, root: Node) -> Table {
        let issues = child(root, "Dimensions").map(|node| texts(node, "dName")).unwrap_or_default();
        if issues.is_empty() {
            self.fault(root, "no issue is named; list them as `dName` in `Dimensions`");
        }
        let mut table = Table {
            issues,
            actors: Vec::new(),
            lines: Vec::new(),
            capability: Vec::new(),
            position: Vec::new(),
            salience: Vec::new(),
        };
        let actors = child(root, "Actors");
        if actors.is_none() {
            self.fault(root, "the element `Actors` is missing");
        }
        for node in actors.iter().flat_map(|node| children(*node, "Actor")) {
            let name = child_text(node, "name").unwrap_or_default();
            if name.is_empty() {
                self.fault(node, "an actor has no `name`");
            }
            let capability = self.number(node, child(node, "capability"), &name, "capability");
            let position = self.row(node, &name, "Position", "dCoord", &table.issues);
            let salience = self.row(node, &name, "Salience", "dSal", &table.issues);
            let description = child_text(node, "description").unwrap_or_default();
            table.actors.push(Actor { name, description });
            table.lines.push(line(node));
            table.capability.push(capability);
            table.position.push(position);
            table.salience.push(salience);
        }
        table
    }

    /// Reads one number per issue.
    fn row(&mut self, actor: Node, name: &str, group: &str, element: &str, issues: &[String]) -> Vec<f64> {
        let Some(node) = child(actor, group) else {
            self.fault(actor, format!("actor `{name}` has no `{group}`"));
            return Vec::new();
        };
        let entries: Vec<Node> = children(node, element).collect();
        if entries.len() != issues.len() {
            let (found, wanted) = (entries.len(), issues.len());
            self.fault(
                node,
                format!("actor `{name}` has {found} `{element}` for {wanted} issues; give one per issue"),
            );
            return Vec::new();
        }
        let group = group.to_lowercase();
        let mut numbers = Vec::with_capacity(issues.len());
        for (entry, issue) in entries.into_iter().zip(issues) {
            numbers.push(self.number(node, Some(entry), name, &format!("{group} on `{issue}`")));
        }
        numbers
    }

    fn number(&mut self, parent: Node, node: Option<Node>, actor: &str, what: &str) -> f64 {
        let text = node.map(text_of).unwrap_or_default();
        let place = node.unwrap_or(parent);
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => return number,
            Err(_) if text.is_empty() => self.fault(place, format!("the {what} of actor `{actor}` is empty")),
            _ => self.fault(place, format!("the {what} of actor `{actor}` is `{text}`, not a number")),
        }
        f64::NAN
    }

    /// Reads how ideals follow positions; who is not mentioned follows itself.
    fn affinity(&mut self, root: Node, actors: &[Actor]) -> Option<Vec<Vec<f64>>> {
        let node = child(root, "IdealAdjustment")?;
        let n = actors.len();
        let mut table: Vec<Vec<f64>> =
            (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
        for pair in children(node, "iaPair") {
            let mut index = |element: &str| {
                let name = child_text(pair, element).unwrap_or_default();
                let found = actors.iter().position(|actor| actor.name == name);
                if found.is_none() {
                    self.fault(pair, format!("`{element}` names `{name}`, who is no actor"));
                }
                found
            };
            let (i, j) = (index("adjustingIdeal"), index("referencePos"));
            if let (Some(i), Some(j)) = (i, j) {
                let name = &actors[i].name;
                table[i][j] = self.number(pair, child(pair, "adjust"), name, "adjustment");
            }
        }
        Some(table)
    }
}

fn line(node: Node) -> usize {
    node.document().text_pos_at(node.range().start).row as usize
}

fn children<'a>(parent: Node<'a, 'a>, name: &str) -> impl Iterator<Item = Node<'a, 'a>> {
    let name = name.to_owned();
    parent.children().filter(move |node| node.is_element() && node.tag_name().name() == name)
}

fn child<'a>(parent: Node<'a, 'a>, name: &str) -> Option<Node<'a, 'a>> {
    children(parent, name).next()
}

fn text_of(node: Node) -> String {
    node.text().unwrap_or_default().trim().to_owned()
}

fn child_text(parent: Node, name: &str) -> Option<String> {
    child(parent, name).map(text_of)
}

fn texts(parent: Node, name: &str) -> Vec<String> {
    children(parent, name).map(text_of).collect()
}

/// Writes a scenario as KTAB's XML.
///
/// The format has no place for what only this crate lets one choose: rounding, stops, the least gain, the
/// target's view, and which draw of a seed.
pub fn write_xml(scenario: &Scenario) -> String {
    let (council, options) = (&scenario.council, &scenario.options);
    let (seed, transition) = match options.transition {
        Transition::Deterministic => (scenario.seed.unwrap_or(0), "Deterministic"),
        Transition::Stochastic { seed, .. } => (seed, "Stochastic"),
    };
    let mut page = Page { text: String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"), depth: 0 };
    page.open("Scenario");
    page.line("name", &scenario.name);
    page.line("desc", &scenario.description);
    page.line("prngSeed", &seed.to_string());
    page.open("ModelParameters");
    page.line("VictoryProbModel", options.victory.name());
    page.line("PCEModel", options.election.name());
    page.line("StateTransitions", transition);
    page.line("VotingRule", options.voting.name());
    page.line("BigRAdjust", options.risk_adjust.name());
    page.line("BigRRange", options.risk_range.name());
    page.line("ThirdPartyCommit", options.third_party.name());
    page.line("InterVecBrgn", options.interpolation.name());
    page.line("BargnModel", options.offers.name());
    page.close("ModelParameters");
    page.open("Dimensions");
    council.issues().iter().for_each(|issue| page.line("dName", &issue.name));
    page.close("Dimensions");
    page.open("Actors");
    for (i, actor) in council.actors().iter().enumerate() {
        page.open("Actor");
        page.line("name", &actor.name);
        page.line("description", &actor.description);
        page.line("capability", &council.capability(i).to_string());
        for (group, element, number) in [
            ("Position", "dCoord", &percent_position as &dyn Fn(&_, usize, usize) -> f64),
            ("Salience", "dSal", &percent_salience),
        ] {
            page.open(group);
            (0..council.issues().len()).for_each(|k| page.line(element, &number(council, i, k).to_string()));
            page.close(group);
        }
        page.close("Actor");
    }
    page.close("Actors");
    if let Some(affinity) = &options.affinity {
        write_affinity(&mut page, council.actors(), affinity);
    }
    page.close("Scenario");
    page.text
}

/// Pairs that say no more than that an actor follows itself are left out; the schema wants no empty list.
fn write_affinity(page: &mut Page, actors: &[Actor], affinity: &[Vec<f64>]) {
    let rows = affinity.iter().enumerate();
    let pairs = rows.flat_map(|(i, row)| row.iter().enumerate().map(move |(j, adjust)| (i, j, *adjust)));
    let told: Vec<(usize, usize, f64)> =
        pairs.filter(|(i, j, adjust)| *adjust != f64::from(u8::from(i == j))).collect();
    if told.is_empty() {
        return;
    }
    page.open("IdealAdjustment");
    for (i, j, adjust) in told {
        page.open("iaPair");
        page.line("adjustingIdeal", &actors[i].name);
        page.line("referencePos", &actors[j].name);
        page.line("adjust", &adjust.to_string());
        page.close("iaPair");
    }
    page.close("IdealAdjustment");
}

/// A tree being written.
struct Page {
    text: String,
    depth: usize,
}

impl Page {
    fn indent(&mut self) {
        (0..self.depth).for_each(|_| self.text.push_str("  "));
    }

    fn open(&mut self, name: &str) {
        self.indent();
        self.text.push_str(&format!("<{name}>\n"));
        self.depth += 1;
    }

    fn close(&mut self, name: &str) {
        self.depth -= 1;
        self.indent();
        self.text.push_str(&format!("</{name}>\n"));
    }

    fn line(&mut self, name: &str, text: &str) {
        self.indent();
        let text: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
        let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        self.text.push_str(&format!("<{name}>{text}</{name}>\n"));
    }
}
