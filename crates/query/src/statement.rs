//! What a planner passes to a store.

/// The name of every column of user ids in the rows of a statement: this name identifies
/// the ids that must be hidden from callers who may not see them.
pub const USER_COLUMN: &str = "user";

/// SQL with its parameters in the order of their placeholders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Statement {
    /// The text.
    pub sql: String,
    /// The values of the placeholders.
    pub parameters: Vec<Parameter>,
}

/// A bound value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Parameter {
    /// Text.
    Text(String),
    /// A user id. Callers who may not identify users give a pseudonym instead.
    User(String),
    /// A 64-bit integer: keys, epoch milliseconds, limits.
    Integer(i64),
}
