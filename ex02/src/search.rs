//! Where does a secret stand in files and in past commits?

pub mod needles;
pub mod places;
pub mod shapes;
pub mod work_tree;
pub mod objects;
