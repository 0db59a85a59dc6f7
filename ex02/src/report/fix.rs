//! How does the report say where to set a variable, and to what?

use crate::config::Problem;
use crate::sources::Layer;
use crate::variables::named;
use crate::words::Words;

/// How to set the variable of this problem in the place that wins: a weaker place would change nothing.
pub fn fix(problem: &Problem) -> Words {
    let Some(spec) = problem.variable.and_then(named) else {
        return Words::default();
    };
    let set_it = Words::from(spec.name) + " or set it to " + spec.wanted;
    match (problem.layer, &problem.place) {
        (Some(Layer::Process), _) => {
            Words::from("in the process environment, which wins over every file, unset ") + set_it
        }
        (Some(layer), Some(place)) if layer > Layer::Env => {
            Words::from("in ") + place + ", which wins over .env, delete " + set_it
        }
        (_, place) if spec.is_secret() => {
            let file = place.as_ref().map_or(".env".into(), |it| it.file.clone());
            Words::from("put your own ") + spec.name + " into " + file + ", which git must ignore"
        }
        _ => Words::from("set ") + spec.name + " to " + spec.wanted,
    }
}
