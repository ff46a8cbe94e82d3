//! All differences between databases, in one place.
//!
//! Statements have the same shape everywhere: journeys, sessions and retention need window functions, lists in an order
//! and the row with the largest value, which DuckDB and ClickHouse both have under other names. So a dialect is a
//! closed list of expressions, an `enum` whose arms the compiler counts, and not a trait that writes statements.

use weir_model::sketch::MAX_VALUE;

/// The SQL dialect of a database. The store owns it: `weir_store::EventStore::dialect`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// DuckDB.
    DuckDb,
}

impl Dialect {
    /// The placeholder of the next parameter.
    pub fn placeholder(self) -> &'static str {
        match self {
            Self::DuckDb => "?",
        }
    }

    /// The sum of an integer column over rows that meet a condition: as a 64-bit integer, which a larger sum is held
    /// at, or as floating point.
    pub fn sum(self, column: &str, condition: Option<&str>, large: bool) -> String {
        match self {
            // DuckDB sums into 128 bits.
            Self::DuckDb => {
                let filter = condition.map(|condition| format!(" FILTER (WHERE {condition})"));
                let sum = format!("sum({column}){}", filter.unwrap_or_default());
                match large {
                    true => format!("CAST({sum} AS DOUBLE)"),
                    false => format!("held({sum})"),
                }
            }
        }
    }

    /// The value in the row with the largest moment, among rows where neither is null.
    pub fn latest(self, value: &str, moment: &str) -> String {
        match self {
            Self::DuckDb => format!("arg_max({value}, {moment})"),
        }
    }

    /// The product of two integers, which may be larger than 64 bits.
    pub fn product(self, a: &str, b: &str) -> String {
        match self {
            Self::DuckDb => format!("CAST({a} AS HUGEINT) * {b}"),
        }
    }

    /// The start of the step that contains a moment; `moment` is not before `origin`.
    pub fn step(self, moment: &str, origin: i64, width: i64) -> String {
        match self {
            Self::DuckDb => format!("{origin} + ({moment} - ({origin})) // {width} * {width}"),
        }
    }

    /// What one row adds to [`Dialect::sum`], with the same type.
    pub fn addend(self, column: &str, condition: Option<&str>, large: bool) -> String {
        match self {
            Self::DuckDb => {
                let kind = if large { "DOUBLE" } else { "BIGINT" };
                match condition {
                    Some(condition) => {
                        format!("CAST(CASE WHEN {condition} THEN {column} END AS {kind})")
                    }
                    None => format!("CAST({column} AS {kind})"),
                }
            }
        }
    }

    /// The non-null values of a column in a group as a list.
    pub fn list(self, column: &str) -> String {
        match self {
            Self::DuckDb => format!("list({column}) FILTER (WHERE {column} IS NOT NULL)"),
        }
    }

    /// The values of a group as an ordered list.
    pub fn list_in_order(self, column: &str, order: &str) -> String {
        match self {
            Self::DuckDb => format!("list({column} ORDER BY {order})"),
        }
    }

    /// The rows of some columns as a list.
    pub fn list_of_rows(self, columns: &[&str]) -> String {
        match self {
            Self::DuckDb => {
                let fields: Vec<_> = columns
                    .iter()
                    .map(|column| format!("{0} := {0}", self.identifier(column)))
                    .collect();
                format!("list(struct_pack({}))", fields.join(", "))
            }
        }
    }

    /// The position of a row in its raw table: rows are stored in the order in which they were sent.
    pub fn row_place(self) -> &'static str {
        match self {
            Self::DuckDb => "rowid",
        }
    }

    /// The value below which this share of a column's values lies, between 0 and 1, interpolated between
    /// neighbouring values (R type 7); null without values.
    pub fn quantile(self, column: &str, share: f64) -> String {
        match self {
            Self::DuckDb => format!("quantile_cont({column}, {share})"),
        }
    }

    /// The value of a column in the row where another column is smallest, among rows where it is not null.
    pub fn first_by(self, column: &str, least: &str) -> String {
        let (column, least) = (self.identifier(column), self.identifier(least));
        match self {
            Self::DuckDb => {
                format!("arg_min({column}, {least}) FILTER (WHERE {column} IS NOT NULL)")
            }
        }
    }

    /// The join with the one row of the right side that comes last before the left side's row, by
    /// the inequality of its condition.
    pub fn newest_join(self) -> &'static str {
        match self {
            Self::DuckDb => "ASOF JOIN",
        }
    }

    /// The `n`th largest value of a column, or its smallest value if there are fewer.
    pub fn nth_largest(self, column: &str, n: u32) -> String {
        match self {
            Self::DuckDb => format!("list_min(max({column}, {n}))"),
        }
    }

    /// A null of the type of a sketch.
    pub fn null_sketch(self) -> &'static str {
        match self {
            Self::DuckDb => "CAST(NULL AS BLOB)",
        }
    }

    /// The distinct values of an integer expression as an ascending list.
    pub fn distinct_list(self, expression: &str) -> String {
        match self {
            Self::DuckDb => format!("list_sort(list(DISTINCT CAST({expression} AS BIGINT)))"),
        }
    }

    /// The integer quotient of a non-negative expression and a width.
    pub fn whole_quotient(self, expression: &str, width: i64) -> String {
        match self {
            Self::DuckDb => format!("{expression} // {width}"),
        }
    }

    /// The value in the row with the largest moment; for equal moments, the largest value.
    pub fn newest(self, value: &str, moment: &str) -> String {
        match self {
            Self::DuckDb => format!("max(struct_pack(t := {moment}, v := {value})).v"),
        }
    }

    /// Quantiles of an expression over the rows of a group that meet a condition, by nearest rank, as a list;
    /// each is null without values.
    pub fn quantiles(self, expression: &str, of: &[f64], condition: Option<&str>) -> String {
        match self {
            Self::DuckDb => {
                let of: Vec<_> = of.iter().map(f64::to_string).collect();
                let filter = condition.map(|condition| format!(" FILTER (WHERE {condition})"));
                let filter = filter.unwrap_or_default();
                format!("quantile_disc({expression}, [{}]){filter}", of.join(", "))
            }
        }
    }

    /// An element of a list, counted from 1.
    pub fn element(self, list: &str, position: usize) -> String {
        match self {
            Self::DuckDb => format!("{list}[{position}]"),
        }
    }

    /// An unsigned number of 64 bits that stands for a text: the lower half of its MD5, so that every
    /// database gives the same.
    pub fn text_number(self, text: &str) -> String {
        match self {
            Self::DuckDb => format!("md5_number_lower({text})"),
        }
    }

    /// The sum of unsigned numbers of 64 bits, modulo 2^64; 0 without numbers.
    pub fn wrapping_sum(self, numbers: &str) -> String {
        match self {
            // DuckDB sums into 128 bits.
            Self::DuckDb => {
                format!("CAST(coalesce(sum({numbers}), 0) % 18446744073709551616 AS UBIGINT)")
            }
        }
    }

    /// The field that `path` selects from a JSON object, as text; null if there is no such field.
    pub fn json_text(self, object: &str, path: &str) -> String {
        match self {
            Self::DuckDb => format!("json_extract_string({object}, {path})"),
        }
    }

    /// The path of a field of a JSON object, for [`Dialect::json_text`].
    pub fn json_path(self, field: &str) -> String {
        match self {
            Self::DuckDb => format!("$.\"{}\"", field.replace('"', "")),
        }
    }

    /// Whether a text contains another one, ignoring case; false if it is null.
    pub fn contains(self, text: &str, part: &str) -> String {
        match self {
            Self::DuckDb => format!("coalesce(contains(lower({text}), lower({part})), false)"),
        }
    }

    /// A quoted identifier: the name may be a reserved word.
    pub fn identifier(self, name: &str) -> String {
        match self {
            Self::DuckDb => format!("\"{}\"", name.replace('"', "\"\"")),
        }
    }
}

/// The bucket of a value as [`weir_model::sketch::bucket_of`] computes it, as an expression over an
/// integer column. The logarithm may be off by one next to a power of two: the bucket is the same,
/// because 127 at one shift and 63 at the next name the same bucket.
pub fn sketch_bucket_sql(dialect: Dialect, column: &str) -> String {
    match dialect {
        Dialect::DuckDb => {
            let value = format!("least(greatest({column}, 0), {MAX_VALUE})");
            let exponent = format!("CAST(floor(log2(greatest({value}, 1))) AS BIGINT)");
            let shift = format!("greatest({exponent} - 6, 0)");
            format!("{shift} * 64 + ({value} >> {shift})")
        }
    }
}
