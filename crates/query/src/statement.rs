//! What a planner hands to a store.

/// What a column of users' ids is called in the rows of a statement, and in no other way: by this name
/// they are found where they must not be shown.
pub const USER_COLUMN: &str = "user";

/// SQL with its parameters in the order of their placeholders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Statement {
    /// The text.
    pub sql: String,
    /// What the placeholders stand for.
    pub parameters: Vec<Parameter>,
}

/// A bound value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Parameter {
    /// Text.
    Text(String),
    /// The id of a user: text, which whoever may not identify users gives as a pseudonym.
    User(String),
    /// A 64-bit integer: keys, epoch milliseconds, limits.
    Integer(i64),
}
