#[test]
fn three() {
    for name in ["ultimatum", "audience", "ladder"] {
        let mut files = indexmap::IndexMap::<String, String>::new();
        files.insert(name.into(), std::fs::read_to_string(format!("../../tests/elaborate/{name}.det")).unwrap());
        files.insert("refs.bib".into(), String::new());
        files.insert("lib/attitudes.det".into(), String::new());
        let l = detente_model::load::load(&files, name, Default::default());
        println!("{}", detente_diag::render_terminal_all(&l.sources, &l.diagnostics, false));
        if let Some(e) = l.elaborated {
            let mut sets = vec![0; e.game.players.len()];
            for h in &e.game.infosets { sets[h.player.index()] += 1; }
            println!("{name}: {} nodes {:?} tape {} mixed {}", e.game.nodes.len(), sets, e.game.tape.ops.len(), e.facts.mixed.len());
            detente_game::recall::check(&e.game).unwrap();
            println!("{:?}", e.game.numbers(&e.game.base_params()).map(|n| n.rounded));
        }
    }
}
