//! From a studied council to its part of the page.

use super::super::fill::called;
use super::super::{Citation, Grid};
use super::{CouncilPart, IssuePart, Picture, claims, tables, words};
use crate::chart::{self, Chart};
use detente_answer::ensemble::{CouncilStudy, EnsembleStudy, IssueStudy};
use detente_diag::Sources;
use detente_model::Model;
use detente_model::model::Cited;

/// A file with councils, and everything that was found.
pub struct CouncilStudied<'m> {
    /// The file's name without its ending.
    pub name: String,
    pub model: &'m Model,
    pub texts: &'m Sources,
    pub study: EnsembleStudy,
}

/// Returns one part for each council of a file.
pub fn council_parts(m: &CouncilStudied, cite: &dyn Fn(&[Cited]) -> Vec<Citation>) -> Vec<CouncilPart> {
    let councils = m.study.councils.iter().enumerate();
    councils.map(|(at, council)| part(m, at, council, cite)).collect()
}

fn part(
    m: &CouncilStudied,
    at: usize,
    council: &CouncilStudy,
    cite: &dyn Fn(&[Cited]) -> Vec<Citation>,
) -> CouncilPart {
    let first = at == 0;
    let title = match m.study.councils.len() {
        1 => called(&m.model.game.title, &m.name).to_string(),
        _ => format!("{}: {}", called(&m.model.game.title, &m.name), called(&council.label, &council.name)),
    };
    let paragraphs = m.model.doc.split("\n\n").map(str::to_string).filter(|p| !p.trim().is_empty());
    let (whole, by_issue) = charts_of(council);
    let pictures = whole.iter().chain(by_issue.iter().flatten());
    CouncilPart {
        model: m.name.clone(),
        name: council.name.clone(),
        title,
        paragraphs: if first { paragraphs.collect() } else { vec![] },
        about: words::about(m, at, council),
        settlements: tables::settlements(council, m.study.draws),
        moves: words::moves(council),
        pictures: pictures
            .map(|c| Picture { slug: c.slug.clone(), title: c.title.clone(), data: c.data.clone() })
            .collect(),
        charts: whole,
        issues: council
            .issues
            .iter()
            .zip(by_issue)
            .map(|(issue, charts)| issue_part(m, council, issue, charts))
            .collect(),
        claims: if first { claims::claim_rows(m, cite) } else { vec![] },
        answers: if first { tables::answers(&m.study) } else { Grid::default() },
    }
}

fn issue_part(
    m: &CouncilStudied,
    council: &CouncilStudy,
    issue: &IssueStudy,
    charts: Vec<Chart>,
) -> IssuePart {
    IssuePart {
        title: called(&issue.label, &issue.name).to_string(),
        answer: words::settlement(council, issue),
        charts,
        drivers: tables::drivers(m.model, issue),
        flips: tables::flips(council, issue),
        power: tables::power(issue),
        link: words::link(council, issue),
        coalition: tables::coalition(council, issue),
        bloc: words::bloc(issue),
        links: tables::bloc(council, issue),
    }
}

/// Returns all pictures of a council: those of the whole, and those of each issue.
pub fn charts_of(council: &CouncilStudy) -> (Vec<Chart>, Vec<Vec<Chart>>) {
    let by_issue = council.issues.iter().enumerate().map(|(at, issue)| {
        let mut charts = vec![chart::theories(council, issue)];
        if let Some(course) = &council.course {
            let name = called(&issue.label, &issue.name);
            charts.push(chart::positions(course, at, name, &issue.marks));
            charts.push(chart::influence(course, at, name, &issue.marks, &tables::baselines(council, issue)));
        }
        for chart in &mut charts {
            let kind = chart.slug.split('-').next().unwrap_or_default().to_string();
            chart.slug = format!("{kind}-{}", issue.name);
        }
        charts
    });
    let by_issue = by_issue.collect();
    let whole = council.course.iter().flat_map(|course| [chart::gains(course, 0), chart::pressure(course)]);
    (whole.collect(), by_issue)
}

/// Returns all pictures of a council in one list, for files.
pub fn council_charts(council: &CouncilStudy) -> Vec<Chart> {
    let (mut all, by_issue) = charts_of(council);
    all.extend(by_issue.into_iter().flatten());
    all
}
