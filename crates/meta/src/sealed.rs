//! The kinds of sealed secrets and where each is stored. This is the only declaration: the code that opens
//! secrets and the code that seals them again under a new master key both read it.

macro_rules! sealed {
    ($($(#[doc = $doc:literal])* $variant:ident = $table:literal, $row:literal, $column:literal,
        $words:literal, $whose:literal;)*) => {
        /// A kind of sealed secret. A sealed value is bound to its purpose and its row.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Sealed {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Sealed {
            /// Every kind.
            pub const ALL: &'static [Sealed] = &[$(Sealed::$variant,)*];

            /// The purpose that a value is bound to: its table and column.
            pub(crate) fn purpose(self) -> &'static str {
                match self { $(Sealed::$variant => concat!($table, ".", $column),)* }
            }

            /// A description of the secret, which the name of its owner completes.
            pub fn words(self) -> &'static str {
                match self { $(Sealed::$variant => $words,)* }
            }

            pub(crate) const fn table(self) -> &'static str {
                match self { $(Sealed::$variant => $table,)* }
            }

            pub(crate) const fn select(self) -> &'static str {
                match self { $(Sealed::$variant => concat!(
                    "SELECT ", $row, " AS row, ", $column, " AS sealed, ", $whose, " AS whose FROM ", $table,
                    " WHERE ", $column, " IS NOT NULL"),)* }
            }

            pub(crate) const fn update(self) -> &'static str {
                match self { $(Sealed::$variant => concat!(
                    "UPDATE ", $table, " SET ", $column, " = $1 WHERE ", $row, " = $2"),)* }
            }
        }
    };
}

// The table, the expression that identifies a row permanently, and the BLOB column with the secret; a
// description of the secret, and the expression for the name of its owner.
sealed! {
    /// The secret of a person's second factor.
    SecondFactor = "second_factors", "person_id", "secret",
        "the second factor of", "(SELECT email FROM people WHERE id = person_id)";
    /// The key of the encrypted event store, and the one that ids are derived with.
    StoreKey = "store_keys", "id", "sealed", "the key of",
        "CASE id WHEN 'ids of events' THEN id ELSE 'the encrypted ' || id END";
    /// The client secret with which Weir authenticates to an identity provider.
    ClientSecret = "identity_providers", "id", "client_secret", "the secret for the identity provider", "name";
    /// The key of a tenant's pseudonyms.
    PseudonymKey = "privacy", "CAST(tenant_key AS TEXT)", "pseudonym_key",
        "the key of the pseudonyms in the organisation", "(SELECT name FROM tenants WHERE key = tenant_key)";
    /// A known text, by which a start checks whether the master key is the right one.
    Probe = "master_key_probe", "id", "sealed", "the master key's", "id";
}
