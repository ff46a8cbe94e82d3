//! Error messages, for every operation of the OpenAPI document: a code, the place and the
//! fix, in words for people. Each parameter and each field of each body gets invalid values.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use ureq::http::Method;
use weir_e2e::{Answer, Client, TestApp, events::execution};

/// Terms of the implementation, which must not appear in messages. `variant` may: a process has variants, and a
/// parser's "unknown variant" is among the phrases below.
const OF_THE_PROGRAM: &[&str] = &[
    "u8",
    "u16",
    "u32",
    "u64",
    "usize",
    "i8",
    "i16",
    "i32",
    "i64",
    "isize",
    "f32",
    "f64",
    "struct",
    "enum",
    "tuple",
    "newtype",
    "untagged",
    "serde",
    "Option",
    "Vec",
    "Some",
    "bool",
    "str",
    "deserialize",
];
/// The beginnings of messages of the JSON and query parsers, which must not appear either.
const OF_THE_READER: &[&str] = &[
    "expected one of",
    "expected `",
    "missing field",
    "unknown field",
    "unknown variant",
    "invalid type",
    "invalid value",
    "duplicate field",
    "invalid digit",
    "did not match",
    "provided string",
    "at line",
];
/// Operations that are skipped: they end what the others need, count attempts, or respond with a stream.
const NOT_TRIED: &[(&str, &str)] = &[
    ("delete", "/api/v1/session"),
    ("get", "/api/v1/session/oidc"),
    ("get", "/api/v1/session/oidc/callback"),
];
const BAD_PARAMETERS: &[&str] = &[
    "nonsense%20%C3%A9",
    "-1",
    "99999999999999999999",
    "1.5",
    "2026-13-45T00:00:00-24:00",
];

struct Operation {
    method: String,
    path: String,
    /// Names of query parameters.
    parameters: Vec<String>,
    /// Names of the fields of its JSON body, if it takes one.
    fields: Option<Vec<String>>,
}

/// The operations of the document that are tested.
fn operations(document: &Value) -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if NOT_TRIED.contains(&(method, path)) {
                continue;
            }
            let parameters = operation["parameters"]
                .as_array()
                .map_or(&[][..], Vec::as_slice);
            let in_query = parameters
                .iter()
                .filter(|parameter| parameter["in"] == "query");
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            all.push(Operation {
                method: method.clone(),
                path: path.clone(),
                parameters: in_query
                    .map(|p| p["name"].as_str().unwrap().to_owned())
                    .collect(),
                fields: schema.is_object().then(|| fields(document, schema)),
            });
        }
    }
    all
}

/// The names of the fields of a schema, with references resolved.
fn fields(document: &Value, schema: &Value) -> Vec<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return fields(document, &document["components"]["schemas"][name]);
    }
    let own = schema["properties"]
        .as_object()
        .into_iter()
        .flat_map(|own| own.keys().cloned());
    let parts = ["allOf", "oneOf", "anyOf"]
        .iter()
        .filter_map(|how| schema[how].as_array());
    let parts = parts.flatten().flat_map(|part| fields(document, part));
    own.chain(parts).collect()
}

/// What is wrong with an error message; nothing if the response is not an error, or all is well.
fn faults(answer: &Answer, named: Option<&str>) -> Vec<String> {
    if !(400..500).contains(&answer.status) || answer.status == 429 {
        return if answer.status >= 500 && answer.status != 503 {
            vec![format!("status {}", answer.status)]
        } else {
            Vec::new()
        };
    }
    let problem = answer.json();
    if problem.get("accepted").is_some() {
        // The response has an error for each event.
        return Vec::new();
    }
    let text = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
    let mut faults = Vec::new();
    let code = text("code");
    if code.is_empty()
        || !code
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    {
        faults.push(format!("code {code:?}"));
    }
    if answer.status == 400 {
        let field = text("field");
        if field.is_empty() {
            faults.push("no field".to_owned());
        }
        if named.is_some_and(|named| !field.starts_with(named)) {
            faults.push(format!("field {field:?} instead of {named:?}"));
        }
        if text("fix").is_empty() {
            faults.push("no fix".to_owned());
        }
    }
    let message = [text("title"), text("detail"), text("fix")].join("\n");
    let words = message.split(|c: char| !c.is_ascii_alphanumeric());
    faults.extend(
        words
            .filter(|word| OF_THE_PROGRAM.contains(word))
            .map(|word| format!("says {word}")),
    );
    let phrases = OF_THE_READER
        .iter()
        .filter(|phrase| message.contains(**phrase));
    faults.extend(phrases.map(|phrase| format!("says {phrase:?}")));
    if text("title").ends_with('.') || !text("detail").ends_with(['.', '!', '?']) {
        faults.push("is not a title and a sentence".to_owned());
    }
    faults
}

/// The error messages with faults, each kind once.
#[derive(Default)]
struct Found {
    wrong: BTreeMap<String, String>,
    refused: usize,
    asked: usize,
}

impl Found {
    fn look(&mut self, what: &str, answer: &Answer, named: Option<&str>) {
        self.asked += 1;
        self.refused += usize::from((400..500).contains(&answer.status));
        for fault in faults(answer, named) {
            self.wrong
                .entry(format!("{what}: {fault}"))
                .or_insert_with(|| answer.text());
        }
    }
}

fn filled(app: &TestApp) -> impl Fn(&str) -> String + use<> {
    let projects = app.get("/api/v1/projects").json();
    let project = projects["projects"][0]["id"].as_str().unwrap().to_owned();
    move |path: &str| {
        let id = if path.contains("/projects/{id}") {
            &project
        } else {
            "w"
        };
        path.replace("{id}", id)
            .replace("{tenant_id}", "t")
            .replace("{user_id}", "u")
            .replace("{userId}", "u")
    }
}

fn try_parameters(client: &Client, operation: &Operation, path: &str, found: &mut Found) {
    let call = |query: &str| {
        let method: Method = operation.method.to_uppercase().parse().unwrap();
        let call = client.call(method, &format!("{path}?{query}"));
        match operation.fields {
            Some(_) => call.json(&json!({})).send(),
            None => call.send(),
        }
    };
    let what = format!("{} {}", operation.method, operation.path);
    found.look(&format!("{what}?zzz"), &call("zzz=1"), None);
    found.look(&format!("{what}?metadata."), &call("metadata.zzz=1"), None);
    for parameter in operation
        .parameters
        .iter()
        .filter(|name| *name != "projectId")
    {
        for value in BAD_PARAMETERS {
            let answer = call(&format!("{parameter}={value}"));
            found.look(&format!("{what}?{parameter}={value}"), &answer, None);
        }
    }
}

fn try_bodies(client: &Client, operation: &Operation, path: &str, found: &mut Found) {
    let Some(fields) = &operation.fields else {
        return;
    };
    let call = |body: &Value| {
        let method: Method = operation.method.to_uppercase().parse().unwrap();
        client.call(method, path).json(body).send()
    };
    let what = format!("{} {}", operation.method, operation.path);
    for body in [
        json!([]),
        json!(7),
        json!("x"),
        json!(null),
        json!({}),
        json!({"zzz": 1}),
    ] {
        found.look(&format!("{what} {body}"), &call(&body), None);
    }
    for field in fields {
        for value in [
            json!(7.5),
            json!(-1),
            json!("nonsense"),
            json!(true),
            json!([[]]),
            json!({"zzz": 1}),
            json!([7]),
        ] {
            let body = json!({ field.as_str(): value });
            found.look(&format!("{what} {body}"), &call(&body), None);
        }
    }
}

#[test]
fn every_error_message_names_the_place_and_the_fix() {
    let app = TestApp::start();
    app.take(&json!([execution(
        "w",
        "w",
        "failed",
        "2026-01-01T00:00:00Z"
    )]));
    let document = app.get("/openapi.json").json();
    let filled = filled(&app);
    let owner = app.owner();
    let (mut found, mut tried) = (Found::default(), BTreeSet::new());
    for operation in operations(&document) {
        let path = filled(&operation.path);
        // Streams are polled once, as clients without streams do.
        if operation.path.contains("/sse/") || operation.path.ends_with("/stream") {
            continue;
        }
        try_parameters(&owner, &operation, &path, &mut found);
        try_bodies(&owner, &operation, &path, &mut found);
        tried.insert(operation.path);
    }
    let wrong = &found.wrong;
    assert!(
        wrong.is_empty(),
        "{} of {} refusals: {wrong:#?}",
        wrong.len(),
        found.refused
    );
    assert!(
        tried.len() > 60 && found.refused > 300,
        "{} operations, {} refusals",
        tried.len(),
        found.refused
    );
}
