//! What a planner hands to a store.

/// SQL with its parameters in the order of their placeholders.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statement {
    /// The text.
    pub sql: String,
    /// What the placeholders stand for.
    pub parameters: Vec<Parameter>,
}

/// A bound value.
#[derive(Clone, Debug, PartialEq)]
pub enum Parameter {
    /// Text.
    Text(String),
    /// A 64-bit integer: keys, epoch milliseconds, limits.
    Integer(i64),
}
