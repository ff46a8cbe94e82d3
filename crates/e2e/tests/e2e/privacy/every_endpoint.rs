//! Users mentioned in every field of events, and every response that a reader can get.

use serde_json::{Value, json};
use weir_e2e::{Client, News, TestApp};

use super::{RANGE, owner::Owner};

/// Ids that are not plain words; the fields contain them in different spellings.
const IDS: [&str; 6] = [
    "Ada Lovelace-81",
    "o'brien.4711",
    "auth0|5f7c8ec7c3",
    "Jürgen Müßig",
    "(carl)77",
    "DOMAIN\\bob2",
];
/// Metrics of every family of facts.
const METRICS: [&str; 9] = [
    "executions",
    "errors",
    "steps",
    "activities",
    "cost",
    "documents",
    "goals",
    "events",
    "queue_wait_p95",
];

fn percent(text: &str) -> String {
    let written = text.bytes().map(|byte| match byte.is_ascii_alphanumeric() {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    written.collect()
}

fn events_of(id: &str, number: usize) -> Vec<Value> {
    let (large, address) = (id.to_uppercase(), percent(id));
    let event = |kind: &str, minute: u32, more: Value| {
        let mut event = json!({"type": kind, "workflowId": format!("flow-{id}"), "userId": id,
            "workflowName": format!("Flow of {large}"), "executionId": format!("run_{id}_{number}"),
            "workflowVersion": format!("v-{address}"), "environment": format!("at {id}"),
            "timestamp": format!("2024-03-{:02}T10:{minute:02}:00Z", 4 + number),
            "metadata": {"by": id, (id): "key", "nested": [{"u": address}], "who": large,
                "json": json!({"u": id}).to_string()}});
        for (name, value) in more.as_object().unwrap() {
            event[name] = value.clone();
        }
        event
    };
    let wrong = json!({"errorType": format!("NoMailbox:{large}"), "errorStep": format!("mail-{id}"),
        "errorMessage": format!("no box of {large} at /users/{address}/x: {}", json!({"u": id}))});
    let failed = |mut more: Value| {
        let wrong = wrong.as_object().unwrap().clone();
        more.as_object_mut().unwrap().extend(wrong);
        more
    };
    let done = format!("done_{id}_{number}");
    vec![
        // The path of a completed execution is the funnel of its workflow.
        event(
            "step",
            3,
            json!({"executionId": done, "stepId": format!("mail-{id}"), "status": "completed", "duration": 5}),
        ),
        event(
            "execution",
            4,
            json!({"executionId": done, "status": "completed", "duration": 9}),
        ),
        event(
            "execution",
            0,
            json!({"status": "started", "triggerType": format!("hook/{id}"), "triggerId": id}),
        ),
        event(
            "execution",
            9,
            failed(
                json!({"status": "failed", "subjectId": id, "triggerId": address,
            "parentExecutionId": format!("parent-{large}"), "retryOf": format!("run {id}")}),
            ),
        ),
        event(
            "step",
            2,
            json!({"stepId": format!("mail-{id}"), "parentStepId": format!("batch-{id}"), "stepName": format!("Mail to {large}"),
            "stepType": format!("mail/{address}"), "status": "failed", "errorType": format!("E-{id}"),
            "errorMessage": format!("bounced: {address}")}),
        ),
        event(
            "cost",
            3,
            json!({"dollarAmount": "0.25", "provider": format!("provider_{id}"),
            "model": format!("model@{id}"), "actionType": format!("act-{large}"), "partOf": format!("part-{id}")}),
        ),
        event(
            "activity",
            4,
            json!({"action": format!("login_{id}"), "sessionId": format!("session:{large}"),
            "resource": format!("user-{id}"), "resourceId": address}),
        ),
        event(
            "document",
            6,
            json!({"kind": format!("pdf of {id}"), "status": "completed"}),
        ),
        event(
            "queue",
            7,
            json!({"queue": format!("queue-{id}"), "action": "dequeued", "waitMs": 3}),
        ),
        event(
            "goal",
            8,
            json!({"goalId": format!("goal.{id}"), "subjectId": large}),
        ),
    ]
}

/// The ids that a text contains: as they are, in JSON, and in URLs, in upper or lower case.
fn named_in(text: &str) -> Vec<&'static str> {
    let text = text.to_lowercase();
    let has = |id: &&&str| {
        let json = Value::from(**id).to_string();
        let ways = [
            id.to_string(),
            json.trim_matches('"').to_owned(),
            percent(id),
        ];
        let large = id.to_uppercase().to_lowercase();
        ways.iter().any(|way| text.contains(&way.to_lowercase())) || text.contains(&large)
    };
    IDS.iter().filter(has).copied().collect()
}

/// Responses with their requests.
type Asked = Vec<(String, String)>;

/// What lists show a reader; the ids in it are used in further requests.
struct Shown {
    executions: Value,
    groups: Value,
    segments: Value,
    worths: Value,
    projects: Value,
}

impl Shown {
    fn to(reader: &Client) -> Self {
        let list = |path: &str, name: &str| reader.get(path).send().json()[name].clone();
        Self {
            executions: list(&format!("/api/v1/executions?{RANGE}"), "executions"),
            groups: list(&format!("/api/v1/errors/groups?{RANGE}"), "errors"),
            segments: list("/api/v1/analytics/segments", "segments"),
            worths: list("/api/v1/worth", "worths"),
            projects: list("/api/v1/projects", "projects"),
        }
    }

    /// The values for `{id}` in a path of the API.
    fn ids(&self, path: &str) -> Vec<String> {
        let (list, names) = match path {
            _ if path.contains("/executions/{") => (&self.executions, &["id", "executionId"][..]),
            _ if path.contains("/users/{") => (&self.executions, &["userId"][..]),
            _ if path.contains("/workflows/{") => (&self.executions, &["workflowId"][..]),
            _ if path.contains("/groups/{") => (&self.groups, &["errorGroup"][..]),
            _ if path.contains("/segments/{") => (&self.segments, &["id"][..]),
            _ if path.contains("/goals/{") => (&self.worths, &["id"][..]),
            _ => (&self.projects, &["id"][..]),
        };
        let rows = list.as_array().expect("a list").iter();
        let ids = rows.flat_map(|row| names.iter().map(move |name| row[*name].as_str()));
        ids.flatten().map(str::to_owned).collect()
    }
}

/// Paths of an endpoint with the parameters that show most.
fn paths(path: &str, get: &Value, shown: &Shown) -> Vec<String> {
    let names = get["parameters"].as_array().into_iter().flatten();
    let names: Vec<&str> = names.filter_map(|one| one["name"].as_str()).collect();
    let range = match names.contains(&"from") {
        true => RANGE,
        false => "",
    };
    let mut queries = vec![range.to_owned()];
    if names.contains(&"a") && names.contains(&"b") {
        let rows = shown.executions.as_array().into_iter().flatten();
        let ids: Vec<&str> = rows.filter_map(|row| row["id"].as_str()).collect();
        let pairs = ids
            .windows(2)
            .map(|pair| format!("a={}&b={}", pair[0], pair[1]));
        queries = pairs.collect();
    }
    for by in ["groupBy", "by", "breakdown"] {
        if names.contains(&by) {
            let words = ["user", "workflow", "error_type", "model", "provider"];
            queries.extend(words.map(|word| format!("{range}&{by}={word}")));
        }
    }
    let filled = match path.find('{').zip(path.find('}')) {
        None => vec![path.to_owned()],
        Some((from, to)) => {
            let ids = shown.ids(path).into_iter();
            ids.map(|id| format!("{}{}{}", &path[..from], percent(&id), &path[to + 1..]))
                .collect()
        }
    };
    let all = filled.iter().flat_map(|path| {
        let queries = queries.iter();
        queries.map(move |query| format!("{path}?{query}"))
    });
    all.collect()
}

/// Everything that a reader can GET, with ids from lists.
fn pages(app: &TestApp, reader: &Client) -> Asked {
    let shown = Shown::to(reader);
    let api = app.get("/openapi.json").json();
    let mut asked = Vec::new();
    for (path, methods) in api["paths"].as_object().unwrap() {
        // Streams are tested below; logins redirect elsewhere.
        if methods["get"].is_null() || path.contains("/sse/") || path.contains("/oidc/") {
            continue;
        }
        for path in paths(path, &methods["get"], &shown) {
            let answer = reader
                .get(&path)
                .header("accept", "application/json")
                .send();
            assert!(answer.status < 500, "{path}: {}", answer.text());
            let opens = path.starts_with("/api/v1/executions/");
            assert!(!opens || answer.status == 200, "{path}: {}", answer.text());
            asked.push((path, answer.text()));
        }
    }
    asked
}

/// Figures by every dimension, and other requests with POST.
fn questions(reader: &Client) -> Asked {
    let range = json!({"from": "2024-03-01T00:00:00Z", "to": "2024-04-01T00:00:00Z"});
    let catalog = reader.get("/api/v1/catalog").send().json();
    let mut asked: Vec<(&str, Value)> = Vec::new();
    for dimension in catalog["dimensions"].as_array().unwrap() {
        for metric in METRICS {
            asked.push((
                "/api/v1/query",
                json!({"metrics": [metric], "dimensions": [dimension["name"]], "range": range}),
            ));
        }
    }
    asked.push((
        "/api/v1/analytics/retention",
        json!({"of": "users", "range": range}),
    ));
    asked.push(("/api/v1/analytics/segments/preview", json!({"of": "users"})));
    asked.push((
        "/api/v1/analytics/segments/preview",
        json!({"of": "workflows"}),
    ));
    let rule = json!({"pattern": "no box", "group": "boxes"});
    asked.push(("/api/v1/errors/rules/dry-run", json!({"rules": [rule]})));
    let asked = asked.into_iter().map(|(path, body)| {
        let answer = reader.post(path).json(&body).send();
        assert!(answer.status < 500, "{path} {body}: {}", answer.text());
        (format!("{path} {body}"), answer.text())
    });
    asked.collect()
}

/// Creates what mentions users, as the owner: segments, budgets, worths, rules and dimensions.
fn prepare(owner: &Owner, project: &str) {
    for (number, id) in IDS.iter().enumerate() {
        owner.post("/api/v1/analytics/segments", &json!({"name": format!("With {id}"), "definition": {"of": "workflows",
            "conditions": [{"type": "property", "property": "workflow", "values": [format!("flow-{id}")]},
            {"type": "property", "property": "user", "values": [id]}]}}));
        owner.put(
            &format!("/api/v1/goals/{}/worth", percent(&format!("goal.{id}"))),
            &json!({"periods": [{"value": number + 1}]}),
        );
        owner.put(
            &format!("/api/v1/workflows/{}/rules", percent(&format!("flow-{id}"))),
            &json!({"rules": [{"kind": "never", "step": format!("mail-{id}")}]}),
        );
    }
    let budgets = IDS.iter().map(|id| {
        json!({"name": format!("budget of {id}"), "level": "workflow", "workflowId": format!("flow-{id}"),
            "metric": "cost", "amount": 5, "period": "month"})
    });
    owner.put(
        "/api/v1/analytics/costs/budgets",
        &json!({"budgets": budgets.collect::<Vec<_>>()}),
    );
    let rules = IDS.iter().map(|id| json!({"pattern": "nothing like it", "note": format!("for {id}"), "group": format!("of {id}")}));
    owner.put(
        "/api/v1/errors/rules",
        &json!({"rules": rules.collect::<Vec<_>>(), "note": format!("by {}", IDS[0])}),
    );
    owner.put(
        &format!("/api/v1/projects/{project}/dimensions"),
        &json!({"dimensions": [{"key": "by"}, {"key": "who"}]}),
    );
}

#[test]
fn no_response_names_a_user_however_fields_mention_them() {
    let app = TestApp::with_own_keys();
    let (owner, reader) = (Owner::of(&app), app.client_with("read key"));
    let events: Vec<Value> = (0..)
        .zip(IDS)
        .flat_map(|(number, id)| events_of(id, number))
        .collect();
    let count = events.len();
    let taken = app.client_with("ingest key").post_events(&json!(events));
    assert_eq!(taken.json()["accepted"], count, "{}", taken.text());
    let project = reader.get("/api/v1/projects").send().json()["projects"][0].clone();
    prepare(&owner, project["id"].as_str().unwrap());

    let clear: Vec<(String, String)> = [pages(&app, &reader), questions(&reader)].concat();
    let naming = clear
        .iter()
        .filter(|(_, text)| !named_in(text).is_empty())
        .count();
    assert!(
        naming > 100,
        "only {naming} of {} responses name a user",
        clear.len()
    );
    owner.anonymize(true);
    let veiled = [pages(&app, &reader), questions(&reader)].concat();
    assert_eq!(veiled.len(), clear.len());
    let telling: Vec<String> = veiled
        .iter()
        .filter(|(_, text)| !named_in(text).is_empty())
        .map(|(asked, text)| format!("{asked} names {:?}: {:.600}", named_in(text), text))
        .collect();
    assert!(
        telling.is_empty(),
        "{} answers:\n{}",
        telling.len(),
        telling.join("\n")
    );
    let veiling = veiled
        .iter()
        .filter(|(_, text)| text.contains("u_"))
        .count();
    assert!(
        veiling >= naming,
        "{veiling} responses show pseudonyms, {naming} named a user before"
    );
}

#[test]
fn live_updates_name_no_user_either() {
    let app = TestApp::with_own_keys();
    let (owner, reader) = (Owner::of(&app), app.client_with("read key"));
    owner.anonymize(true);
    let project = reader.get("/api/v1/projects").send().json()["projects"][0].clone();
    let tenant = project["tenant"]["id"].as_str().unwrap();
    let path = format!("/api/v1/sse/counts/{tenant}?last=7d&events=execution.completed");
    let poll = |last: &str| {
        let path = format!("{path}&lastEventId={last}");
        reader
            .get(&path)
            .header("accept", "application/json")
            .send()
            .json()
    };
    let start = poll("")["id"].as_str().unwrap().to_owned();
    let mut stream = reader.get(&path).follow(Some(&start)).unwrap();
    let events: Vec<Value> = (0..)
        .zip(IDS)
        .flat_map(|(number, id)| events_of(id, number))
        .collect();
    let sent = app.client_with("ingest key").post_events(&json!(events));
    assert_eq!(sent.json()["rejected"], 0, "{}", sent.text());
    let polled = poll(&start);
    assert_eq!(
        polled["executions"].as_array().unwrap().len(),
        2 * IDS.len(),
        "{polled}"
    );
    assert_eq!(named_in(&polled.to_string()), [""; 0], "{polled}");
    for _ in IDS {
        let News { data, .. } = stream.next_of("execution.completed");
        assert_eq!(named_in(&data.to_string()), [""; 0], "{data}");
        assert!(
            data["workflow_id"].as_str().unwrap().starts_with("flow-u_"),
            "{data}"
        );
        let opened = reader
            .get(&format!(
                "/api/v1/executions/{}",
                data["id"].as_str().unwrap()
            ))
            .send();
        assert_eq!(opened.status, 200, "{data}: {}", opened.text());
    }
    owner.anonymize(false);
    assert_eq!(named_in(&poll(&start).to_string()), IDS);
}
