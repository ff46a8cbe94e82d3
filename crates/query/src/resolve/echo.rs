//! A resolved query as the answer's `query`, in the words of a request.

use serde::{Serialize, Serializer, ser::SerializeMap};
use utoipa::ToSchema;

use crate::{
    axis::Axis,
    catalogue::Metric,
    validate::{OrderBy, OrderKey, ValidFilter, ValidQuery},
    words::Operator,
};

/// A range of time.
#[derive(ToSchema)]
#[allow(dead_code, reason = "describes the JSON of a TimeRange")]
pub struct ResolvedRange {
    /// The first moment in the range.
    #[schema(value_type = String, format = DateTime)]
    from: String,
    /// The first moment after the range.
    #[schema(value_type = String, format = DateTime)]
    to: String,
}

/// The sort order with the words of the request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EchoedOrder(pub Vec<(OrderKey, String)>);

pub fn echoed(valid: &ValidQuery) -> Vec<(OrderKey, String)> {
    let name = |key: &OrderKey| match key.by {
        OrderBy::Time => "time",
        OrderBy::Metric(i) => valid.metrics[i].name,
        OrderBy::Dimension(i) => valid.dimensions[i].name(),
    };
    let named = |key: &OrderKey| (*key, name(key).to_owned());
    valid.order.iter().map(named).collect()
}

/// Serialises the names of metrics. Fails if the serialiser does.
pub fn metric_names<S: Serializer>(metrics: &[&'static Metric], s: S) -> Result<S::Ok, S::Error> {
    s.collect_seq(metrics.iter().map(|metric| metric.name))
}

/// Serialises the names of dimensions. Fails if the serialiser does.
pub fn dimension_names<S: Serializer>(dimensions: &[Axis], s: S) -> Result<S::Ok, S::Error> {
    s.collect_seq(dimensions.iter().map(Axis::name))
}

/// Serialises an order. Fails if the serialiser does.
pub fn order_words<S: Serializer>(order: &EchoedOrder, s: S) -> Result<S::Ok, S::Error> {
    s.collect_seq(order.0.iter().map(EchoedKey))
}

struct EchoedKey<'a>(&'a (OrderKey, String));

impl Serialize for EchoedKey<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (key, name) = self.0;
        let kind = match key.by {
            OrderBy::Metric(_) => "metric",
            OrderBy::Time | OrderBy::Dimension(_) => "dimension",
        };
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry(kind, name)?;
        map.serialize_entry("direction", &key.direction)?;
        map.end()
    }
}

impl Serialize for ValidFilter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let null = self.null.then_some(None);
        let values: Vec<Option<&String>> = self.values.iter().map(Some).chain(null).collect();
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("dimension", self.axis.name())?;
        map.serialize_entry::<_, Operator>("op", &self.op)?;
        map.serialize_entry("values", &values)?;
        map.end()
    }
}
