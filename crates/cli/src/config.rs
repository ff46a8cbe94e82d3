//! Configuration: what can be set (`declaration`), how it is read (`layers`), what is refused (`check`), and what
//! it means for the rest of the program (`settings`).

mod check;
mod declaration;
mod layers;
mod settings;
#[cfg(test)]
mod tests;

pub use declaration::{Config, DEFAULT, LogFormat};
pub use layers::unknown_variables;
