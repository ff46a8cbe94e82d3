//! The definition of a segment in the API, and its translation into a query.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_model::{Scope, TimeRange, cube::Dimension};
use weir_query::{
    Axis, Filter, Operator, Query, Range,
    records::segments::{Comparator, Condition, Property, Segment, Subject, is_comparable},
    validate::{BOUNDS, validate},
    words::Word,
};

use crate::{AppError, ErrorCode, Reading};

/// The most conditions in a segment.
const MOST_CONDITIONS: usize = 20;
/// The prefix of properties in the metadata of events.
const METADATA: &str = "metadata.";

/// Defines the members of a segment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SegmentDefinition {
    /// Whether members are users or workflows.
    #[serde(default)]
    pub of: SubjectWord,
    /// Whether members must meet all conditions, or any.
    #[serde(default, rename = "match")]
    pub matching: Matching,
    /// The conditions, at most 20. Without conditions, all users or workflows are members.
    #[serde(default)]
    pub conditions: Vec<ConditionDefinition>,
    /// The IANA time zone of relative ranges; UTC by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
}

/// Whether a segment or cohort consists of users or workflows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubjectWord {
    /// Users.
    #[default]
    Users,
    /// Workflows.
    Workflows,
}

/// How conditions are combined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Matching {
    /// All must be met.
    #[default]
    All,
    /// One is enough.
    Any,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum ConditionDefinition {
    /// On the newest value of a property.
    Property(PropertyCondition),
    /// On behaviour: a metric of the catalogue over a range.
    Behaviour(BehaviourCondition),
}

/// A condition on the newest value of a property in events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PropertyCondition {
    /// A dimension (of activity for users, of executions for workflows), or `metadata.` followed by the name
    /// of a field in the metadata of activities and executions.
    #[schema(example = "metadata.plan")]
    pub property: String,
    /// `in` (the default) or `not_in`.
    #[serde(default = "wanted")]
    #[schema(value_type = Operator)]
    pub op: String,
    /// The values; null matches users or workflows without a value.
    pub values: Vec<Option<String>>,
}

/// A condition on the behaviour of a user or workflow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BehaviourCondition {
    /// A metric of the catalogue that is a count, sum or ratio.
    #[schema(example = "activities")]
    pub metric: String,
    /// Filters on the facts of the metric.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
    /// The time range; the last 30 days by default.
    #[serde(default = "last_month")]
    pub range: Range,
    /// How the metric is compared; `at_least` by default.
    #[serde(default)]
    pub op: ComparatorWord,
    /// The value to compare with.
    pub value: f64,
}

/// How a metric is compared with a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ComparatorWord {
    /// At least the value.
    #[default]
    AtLeast,
    /// At most the value.
    AtMost,
    /// Exactly the value.
    Exactly,
}

fn wanted() -> String {
    Operator::In.name().to_owned()
}

fn last_month() -> Range {
    Range {
        last: Some("30d".to_owned()),
        ..Range::default()
    }
}

impl SegmentDefinition {
    /// The values in the conditions, each with whether it is the id of a user.
    pub(crate) fn values_mut(&mut self) -> Vec<(bool, &mut String)> {
        let user = Dimension::User.name();
        let mut named = Vec::new();
        for condition in &mut self.conditions {
            let lists = match condition {
                ConditionDefinition::Property(about) => {
                    vec![(about.property == user, &mut about.values)]
                }
                ConditionDefinition::Behaviour(about) => {
                    let filters = about.filters.iter_mut();
                    let lists =
                        filters.map(|filter| (filter.dimension == user, &mut filter.values));
                    lists.collect()
                }
            };
            for (are_users, values) in lists {
                let values = values.iter_mut().flatten();
                named.extend(values.map(|value| (are_users, value)));
            }
        }
        named
    }
}

impl From<SubjectWord> for Subject {
    fn from(word: SubjectWord) -> Self {
        match word {
            SubjectWord::Users => Subject::Users,
            SubjectWord::Workflows => Subject::Workflows,
        }
    }
}

impl From<ComparatorWord> for Comparator {
    fn from(word: ComparatorWord) -> Self {
        match word {
            ComparatorWord::AtLeast => Comparator::AtLeast,
            ComparatorWord::AtMost => Comparator::AtMost,
            ComparatorWord::Exactly => Comparator::Exactly,
        }
    }
}

impl Reading {
    /// A definition translated into a query. Fails if it is not valid or control data cannot be read.
    pub(crate) async fn compiled(
        &self,
        scope: Scope,
        definition: &SegmentDefinition,
    ) -> Result<Segment, AppError> {
        if definition.conditions.len() > MOST_CONDITIONS {
            let detail = "The segment has too many conditions.";
            let error = AppError::new(ErrorCode::InvalidParameter, detail).field("conditions");
            return Err(error.fix(format!("at most {MOST_CONDITIONS}")));
        }
        let subject = Subject::from(definition.of);
        let zone = definition.timezone.as_deref();
        let mut conditions = Vec::new();
        for (i, condition) in definition.conditions.iter().enumerate() {
            let compiled = match condition {
                ConditionDefinition::Property(about) => property(subject, about),
                ConditionDefinition::Behaviour(about) => {
                    self.behaviour(scope, subject, about, zone).await
                }
            };
            conditions.push(compiled.map_err(|error| at(error, &format!("conditions[{i}]")))?);
        }
        Ok(Segment {
            subject,
            all: definition.matching == Matching::All,
            conditions,
            ever: TimeRange {
                from: BOUNDS.from,
                to: self.clock.now(),
            },
        })
    }

    async fn behaviour(
        &self,
        scope: Scope,
        subject: Subject,
        about: &BehaviourCondition,
        timezone: Option<&str>,
    ) -> Result<Condition, AppError> {
        let query = Query {
            metrics: vec![about.metric.clone()],
            filters: about.filters.clone(),
            range: about.range.clone(),
            timezone: timezone.map(str::to_owned),
            ..Query::default()
        };
        let query = query.by([subject.dimension().name()]);
        let prepared = Box::new(self.prepared(scope, &query).await?);
        if !is_comparable(&prepared) || !about.value.is_finite() {
            let detail = format!("`{}` cannot be used in a segment.", about.metric);
            let error = AppError::new(ErrorCode::InvalidParameter, detail).field("metric");
            return Err(error.fix("a metric that is a count, sum or ratio, and a finite value"));
        }
        Ok(Condition::Behaviour {
            prepared,
            comparator: about.op.into(),
            value: about.value,
        })
    }
}

fn property(subject: Subject, about: &PropertyCondition) -> Result<Condition, AppError> {
    let property = match about.property.strip_prefix(METADATA) {
        Some(field) => Property::Metadata(metadata_field(field)?),
        None => Property::Dimension(dimension(subject, &about.property)?),
    };
    let op = Operator::parse(&about.op, "op")?;
    let mut values: Vec<String> = about.values.iter().flatten().cloned().collect();
    values.sort();
    values.dedup();
    let null = about.values.contains(&None);
    if !(1..=500).contains(&about.values.len()) {
        let detail = "The condition has no values, or too many.";
        let error = AppError::new(ErrorCode::InvalidParameter, detail).field("values");
        return Err(error.fix("1 to 500 values"));
    }
    Ok(Condition::Property {
        property,
        wanted: op == Operator::In,
        values,
        null,
    })
}

fn metadata_field(field: &str) -> Result<String, AppError> {
    let harmless = |c: char| c.is_alphanumeric() || "_-. :/".contains(c);
    if (1..=200).contains(&field.len()) && field.chars().all(harmless) {
        return Ok(field.to_owned());
    }
    let detail = format!("`{field}` is not a valid field of metadata.");
    let error = AppError::new(ErrorCode::InvalidParameter, detail).field("property");
    Err(error.fix("metadata. followed by letters, digits, _ - . : / or spaces"))
}

/// The dimension of this name. Fails if the facts of the subject do not have it.
fn dimension(subject: Subject, word: &str) -> Result<Dimension, AppError> {
    let metric = match subject {
        Subject::Users => "activities",
        Subject::Workflows => "executions",
    };
    let valid = validate(&Query::metrics([metric]).by([word]), &[]);
    let valid = valid.map_err(|error| AppError::from(error).field("property"))?;
    valid
        .dimensions
        .first()
        .and_then(Axis::common)
        .ok_or_else(|| AppError::internal("a valid query by a dimension has none"))
}

/// Renames the error's field from a part of the query to the part of the definition it came from.
fn at(mut error: AppError, place: &str) -> AppError {
    let field = error.field.as_deref().unwrap_or_default();
    error.field = Some(match field {
        "" => place.to_owned(),
        "timezone" => field.to_owned(),
        "metrics[0]" => format!("{place}.metric"),
        field if field.starts_with("dimensions") => format!("{place}.metric"),
        field => format!("{place}.{field}"),
    });
    error
}
