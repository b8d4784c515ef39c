//! A model with some of its parameters held at a value.
//!
//! The one idea: to set a parameter is to stop doubting it. It has one value from then on, in the base case
//! and in every draw, and is tied to nothing.

use crate::solved::with_formulas;
use detente_exact::Q;
use detente_game::ParamId;
use detente_model::Model;
use detente_model::model::ParamKind;

/// Holds parameters at these values; rank correlations with them are dropped.
///
/// # Errors
/// The name of a parameter that is a formula over others: it has no value of its own.
pub fn hold(model: &mut Model, values: &[(ParamId, Q)]) -> Result<(), String> {
    for (id, value) in values {
        let at = id.index();
        if matches!(model.params.get(at).map(|info| &info.kind), Some(ParamKind::Formula(_))) {
            return Err(model.game.params[at].name.clone());
        }
        model.game.params[at].base = value.clone();
        model.game.params[at].prior = None;
        if let Some(info) = model.params.get_mut(at) {
            info.kind = ParamKind::Fixed;
        }
    }
    model.correlations.retain(|tie| values.iter().all(|(id, _)| *id != tie.left && *id != tie.right));
    let filled = with_formulas(model, &model.game.base_params());
    for (param, value) in model.game.params.iter_mut().zip(filled) {
        param.base = value;
    }
    Ok(())
}
