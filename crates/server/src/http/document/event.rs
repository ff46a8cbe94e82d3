//! The schema of events: the names in `weir_model::event`, with their meanings. Tests check every field
//! against the decoder.

mod fields;

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ArrayBuilder, KnownFormat, Object, ObjectBuilder, OneOfBuilder, Ref, RefOr, Schema,
        SchemaFormat, Type,
    },
};

use fields::{Field, Kind, TYPES};

/// The body of `POST /api/v1/events` as JSON: one event, or an array of them.
pub(in crate::http) struct EventInput;

/// One event.
struct AnyEvent;

impl PartialSchema for EventInput {
    fn schema() -> RefOr<Schema> {
        let event = Ref::from_schema_name("Event");
        OneOfBuilder::new()
            .description(Some("One event, or an array of events."))
            .item(event.clone())
            .item(ArrayBuilder::new().items(event).build())
            .into()
    }
}

impl ToSchema for EventInput {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push(("Event".to_owned(), AnyEvent::schema()));
        for &(word, name, fields) in TYPES {
            schemas.push((name.to_owned(), event(word, fields)));
        }
    }
}

impl PartialSchema for AnyEvent {
    fn schema() -> RefOr<Schema> {
        let types = OneOfBuilder::new().description(Some(
            "An event of one of seven types. Field names are camelCase; snake_case is also accepted.",
        ));
        TYPES
            .iter()
            .fold(types, |all, &(_, name, _)| {
                all.item(Ref::from_schema_name(name))
            })
            .into()
    }
}

fn event(word: &'static str, fields: &[&[Field]]) -> RefOr<Schema> {
    let mut object = ObjectBuilder::new()
        .property("type", text().enum_values(Some([word])))
        .required("type");
    for &(name, kind, required, meaning) in fields.iter().copied().flatten() {
        object = object.property(name, property(kind, meaning));
        if required {
            object = object.required(name);
        }
    }
    object.into()
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn property(kind: Kind, meaning: &'static str) -> Object {
    let number = |kind| ObjectBuilder::new().schema_type(kind);
    let schema = match kind {
        Kind::Text => text(),
        Kind::Currency => text().pattern(Some("^[A-Za-z]{3}$")),
        Kind::Whole => number(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
            .minimum(Some(0)),
        Kind::Decimal => number(Type::Number),
        Kind::Time => text().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))),
        Kind::Boolean => number(Type::Boolean),
        Kind::Object => number(Type::Object),
        Kind::Word(words) => text().enum_values(Some(words())),
    };
    schema.description(Some(meaning)).build()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Map, Value, json};
    use weir_model::{
        Timestamp,
        event::{Decoder, EventErrorCode, Limits},
        redact::Redactor,
    };

    use super::*;

    const NOW: Timestamp = Timestamp(1_760_000_000_000);

    fn decode(event: &Map<String, Value>) -> Result<(), (EventErrorCode, Option<String>)> {
        let decoder = Decoder::new(Limits::default(), Arc::new(Redactor::default()));
        let bytes = serde_json::to_vec(event).unwrap();
        match decoder.decode(&bytes, &"http".into(), NOW) {
            Ok(_) => Ok(()),
            Err(error) => Err((error.code, error.field)),
        }
    }

    fn example(kind: Kind) -> Value {
        match kind {
            Kind::Text => json!("x"),
            Kind::Currency => json!("EUR"),
            Kind::Whole => json!(1),
            Kind::Decimal => json!(1.5),
            Kind::Time => json!(NOW.to_string()),
            Kind::Boolean => json!(true),
            Kind::Object => json!({}),
            Kind::Word(words) => json!(words()[0]),
        }
    }

    fn event_of(word: &str, fields: &[&[Field]], required_only: bool) -> Map<String, Value> {
        let mut event = Map::from_iter([("type".to_owned(), json!(word))]);
        for &(name, kind, required, _) in fields.iter().copied().flatten() {
            if required || !required_only {
                event.insert(name.to_owned(), example(kind));
            }
        }
        // These must be UUIDs.
        let mut set = |name: &str, value: Value| {
            if let Some(field) = event.get_mut(name) {
                *field = value;
            }
        };
        for name in ["retryOfId", "parentId"] {
            set(name, json!("040b1855-f8de-8ee4-99f0-52b126b44e56"));
        }
        // They include cached and reasoning tokens.
        for name in ["inputTokens", "outputTokens"] {
            set(name, json!(10));
        }
        // A step is not its own parent, and waits no longer than it takes.
        set("parentStepId", json!("y"));
        set("waitDuration", json!(0));
        // These types require one of two fields.
        match word {
            "step" => event.insert("endTime".to_owned(), example(Kind::Time)),
            "goal" => event.insert("subjectId".to_owned(), example(Kind::Text)),
            _ => None,
        };
        event
    }

    #[test]
    fn the_decoder_accepts_what_the_document_describes() {
        for &(word, _, fields) in TYPES {
            assert_eq!(
                decode(&event_of(word, fields, false)),
                Ok(()),
                "{word}, every field"
            );
            assert_eq!(
                decode(&event_of(word, fields, true)),
                Ok(()),
                "{word}, required fields"
            );
        }
    }

    #[test]
    fn the_decoder_knows_every_field_that_the_document_names() {
        for &(word, _, fields) in TYPES {
            for &(name, ..) in fields.iter().copied().flatten() {
                let mut event = event_of(word, fields, false);
                event.insert(name.to_owned(), json!([1]));
                let wrong = Err((EventErrorCode::WrongType, Some(name.to_owned())));
                assert_eq!(decode(&event), wrong, "{word}.{name}");
            }
        }
    }

    #[test]
    fn the_decoder_requires_what_the_document_requires() {
        for &(word, _, fields) in TYPES {
            for &(name, _, required, _) in fields.iter().copied().flatten() {
                let mut event = event_of(word, fields, false);
                event.remove(name);
                assert_eq!(decode(&event).is_err(), required, "{word}.{name}");
            }
        }
    }
}
