//! Members of an organisation, their permissions, and several organisations on one server.

use serde_json::{Value, json};
use ureq::http::Method;
use weir_e2e::{Client, TestApp, shape};

use super::{PASSWORD, join, person, project, refusal, refused, token_of};

fn patch(client: &Client, path: &str, body: &Value) -> weir_e2e::Answer {
    client.call(Method::PATCH, path).json(body).send()
}

#[test]
fn an_invited_person_joins_with_the_roles_of_the_invitation() {
    let app = TestApp::start();
    let owner = app.owner();
    let project = project(&owner);
    let body = json!({"email": "Ada@Example.com", "name": "Ada", "role": "viewer",
        "projects": [{"projectId": project, "role": "builder"}]});
    let invited = owner.post("/api/v1/invitations").json(&body).send();
    assert_eq!(invited.status, 201, "{}", invited.text());
    insta::assert_json_snapshot!("invitation", shape(&invited.json()));
    let open = owner.get("/api/v1/invitations").send().json();
    assert_eq!(open["invitations"][0]["email"], "ada@example.com");
    assert_eq!(open["invitations"][0].get("link"), None);

    let link = invited.json()["link"].as_str().unwrap().to_owned();
    let stranger = app.client().with_key(None);
    let token = json!({"token": token_of(&link)});
    let shown = stranger
        .post("/api/v1/invitations/show")
        .json(&token)
        .send();
    insta::assert_json_snapshot!("invitation_shown", shape(&shown.json()));
    let accept = |password: &str| {
        let body = json!({"token": token_of(&link), "password": password});
        stranger
            .post("/api/v1/invitations/accept")
            .json(&body)
            .send()
    };
    assert_eq!(refusal(&accept("short")), refused(400, "invalid_parameter"));
    let accepted = accept(PASSWORD);
    assert_eq!(accepted.status, 200, "{}", accepted.text());
    let session = accepted.json();
    assert_eq!(session["user"]["name"], "Ada");
    assert_eq!(
        (&session["role"], &session["projects"][0]["role"]),
        (&json!("viewer"), &json!("builder"))
    );
    assert_eq!(session["permissions"], json!(["read_analytics"]));
    let may = session["projects"][0]["permissions"]
        .as_array()
        .unwrap()
        .clone();
    assert!(may.contains(&json!("manage_settings")) && !may.contains(&json!("manage_keys")));
    assert_eq!(refusal(&accept(PASSWORD)), refused(404, "unknown_link"));
    let people = owner.get("/api/v1/people").send();
    insta::assert_json_snapshot!("people", shape(&people.json()));
    assert_eq!(
        owner.get("/api/v1/invitations").send().json()["invitations"],
        json!([])
    );
}

#[test]
fn a_role_has_the_permissions_of_the_table_and_a_change_takes_effect_immediately() {
    let app = TestApp::start();
    let owner = app.owner();
    let ada = join(&app, &owner, "ada@example.com", &json!({"role": "viewer"}));
    let config = json!({"targetSuccessPct": 97});
    let set_target = |client: &Client| {
        client
            .post("/api/workflow-analytics/sli-config")
            .json(&config)
            .send()
    };
    let read = |client: &Client| client.get("/api/v1/analytics/executions").send().status;
    assert_eq!(read(&ada), 200);
    assert_eq!(
        refusal(&set_target(&ada)),
        refused(403, "missing_permission")
    );
    for path in [
        "/api/v1/people",
        "/api/v1/invitations",
        "/api/v1/api-keys",
        "/api/v1/audit",
    ] {
        assert_eq!(
            refusal(&ada.get(path).send()),
            refused(403, "missing_permission"),
            "{path}"
        );
    }
    let id = person(&owner, "ada@example.com");
    let give =
        |client: &Client, roles: Value| client.put(&format!("/api/v1/people/{id}/roles"), &roles);
    let builder = give(
        &owner,
        json!({"role": null, "projects": [{"projectId": project(&owner), "role": "builder"}]}),
    );
    assert_eq!(builder.status, 200, "{}", builder.text());
    insta::assert_json_snapshot!("person", shape(&builder.json()));
    assert_eq!(set_target(&ada).status, 200);
    assert_eq!(read(&ada), 200);
    assert_eq!(give(&owner, json!({"role": "admin"})).status, 200);
    assert_eq!(ada.get("/api/v1/people").send().status, 200);

    // An admin can assign roles, but not that of an owner; no one can assign roles that do not exist.
    assert_eq!(
        refusal(&give(&ada, json!({"role": "owner"}))),
        refused(403, "missing_permission")
    );
    let invites = json!({"email": "eve@example.com", "role": "owner"});
    let invited = ada.post("/api/v1/invitations").json(&invites).send();
    assert_eq!(refusal(&invited), refused(403, "missing_permission"));
    for (roles, code, field) in [
        (json!({}), "invalid_parameter", "role"),
        (json!({"role": "root"}), "invalid_parameter", "role"),
        (
            json!({"projects": [{"projectId": "x", "role": "viewer"}]}),
            "unknown_project",
            "projects[0].projectId",
        ),
        (
            json!({"projects": [{"projectId": project(&owner), "role": "x"}]}),
            "invalid_parameter",
            "projects[0].role",
        ),
    ] {
        let answer = give(&owner, roles.clone());
        assert_eq!(
            (answer.code().as_str(), &answer.json()["field"]),
            (code, &json!(field)),
            "{roles}"
        );
    }

    let removed = owner.delete(&format!("/api/v1/people/{id}"));
    assert_eq!(removed.status, 204, "{}", removed.text());
    assert_eq!(
        refusal(&ada.get("/api/v1/session").send()),
        refused(401, "unauthenticated")
    );
    let again = owner.delete(&format!("/api/v1/people/{id}"));
    assert_eq!(refusal(&again), refused(404, "unknown_person"));
}

#[test]
fn there_is_always_an_owner() {
    let app = TestApp::start();
    let owner = app.owner();
    let id = person(&owner, app.email());
    let demoted = owner.put(
        &format!("/api/v1/people/{id}/roles"),
        &json!({"role": "admin"}),
    );
    assert_eq!(refusal(&demoted), refused(409, "last_owner"));
    let gone = owner.delete(&format!("/api/v1/people/{id}"));
    assert_eq!(refusal(&gone), refused(409, "last_owner"));
    assert_eq!(owner.get("/api/v1/session").send().json()["role"], "owner");
    let second = join(&app, &owner, "ada@example.com", &json!({"role": "owner"}));
    let demoted = second.put(
        &format!("/api/v1/people/{id}/roles"),
        &json!({"role": "viewer"}),
    );
    assert_eq!(demoted.status, 200, "{}", demoted.text());
    assert_eq!(owner.get("/api/v1/session").send().json()["role"], "viewer");
}

#[test]
fn an_invitation_can_be_withdrawn_and_a_member_cannot_be_invited_again() {
    let app = TestApp::start();
    let owner = app.owner();
    let body = json!({"email": "ada@example.com", "role": "viewer"});
    let invited = owner.post("/api/v1/invitations").json(&body).send().json();
    let path = format!("/api/v1/invitations/{}", invited["id"].as_str().unwrap());
    assert_eq!(owner.delete(&path).status, 204);
    assert_eq!(refusal(&owner.delete(&path)), refused(404, "not_found"));
    let token = json!({"token": token_of(invited["link"].as_str().unwrap())});
    let shown = app
        .client()
        .with_key(None)
        .post("/api/v1/invitations/show")
        .json(&token)
        .send();
    assert_eq!(refusal(&shown), refused(404, "unknown_link"));
    let myself = json!({"email": app.email(), "role": "viewer"});
    let member = owner.post("/api/v1/invitations").json(&myself).send();
    assert_eq!(refusal(&member), refused(409, "already_member"));
    for (bad, field) in [
        (json!({"email": "ada", "role": "viewer"}), "email"),
        (json!({"email": "ada@example.com"}), "role"),
        (
            json!({"email": "ada@example.com", "role": "viewer", "name": ""}),
            "name",
        ),
    ] {
        let answer = owner.post("/api/v1/invitations").json(&bad).send();
        assert_eq!(refusal(&answer), refused(400, "invalid_parameter"), "{bad}");
        assert_eq!(answer.json()["field"], field, "{bad}");
    }
}

#[test]
fn creating_and_changing_projects_needs_a_permission_in_the_organisation() {
    let app = TestApp::start();
    let owner = app.owner();
    let made = owner
        .post("/api/v1/projects")
        .json(&json!({"name": "Support"}))
        .send();
    assert_eq!(made.status, 201, "{}", made.text());
    insta::assert_json_snapshot!("project", shape(&made.json()));
    let path = format!("/api/v1/projects/{}", made.json()["id"].as_str().unwrap());
    let taken = patch(&owner, &path, &json!({"name": "Default"}));
    assert_eq!(refusal(&taken), refused(409, "name_taken"));
    let taken = owner
        .post("/api/v1/projects")
        .json(&json!({"name": "Support"}))
        .send();
    assert_eq!(refusal(&taken), refused(409, "name_taken"));
    let change = json!({"name": "Help", "environments": ["staging", "production"]});
    let changed = patch(&owner, &path, &change);
    assert_eq!(changed.status, 200, "{}", changed.text());
    assert_eq!(changed.json()["name"], "Help");
    assert_eq!(
        changed.json()["environments"],
        json!(["production", "staging"])
    );
    let unknown = patch(
        &owner,
        "/api/v1/projects/0192f3a4-5b6c-7d8e-9f01-23456789abcd",
        &change,
    );
    assert_eq!(refusal(&unknown), refused(404, "unknown_project"));
    let bad = patch(&owner, &path, &json!({"environments": [""]}));
    assert_eq!(refusal(&bad), refused(400, "invalid_parameter"));

    // A person with a role in one project sees only that project.
    let roles = json!({"projects": [{"projectId": made.json()["id"], "role": "admin"}]});
    let ada = join(&app, &owner, "ada@example.com", &roles);
    let seen = ada.get("/api/v1/session").send().json();
    assert_eq!(seen["projects"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&seen["projects"][0]["name"], &seen["role"]),
        (&json!("Help"), &Value::Null)
    );
    let hidden = project(&owner);
    let answer = ada
        .get(&format!("/api/v1/analytics/executions?projectId={hidden}"))
        .send();
    assert_eq!(refusal(&answer), refused(404, "unknown_project"));
    assert_eq!(
        refusal(&patch(&ada, &path, &change)),
        refused(403, "missing_permission")
    );
    assert_eq!(ada.get("/api/v1/api-keys").send().status, 200);
}

#[test]
fn a_member_of_two_organisations_is_in_one_at_a_time() {
    let app = TestApp::start();
    let owner = app.owner();
    let made = app.place().weir(&["tenant", "create", "Second"]);
    assert_eq!(made.code, Some(0), "{made:?}");
    let link = made.out.trim().rsplit(' ').next().unwrap().to_owned();
    let stranger = app.client().with_key(None);
    let come = |password: &str| {
        let body = json!({"token": token_of(&link), "email": app.email(), "name": "Somebody", "password": password});
        stranger.post("/api/v1/setup").json(&body).send()
    };
    // A person with an account joins with its password, and keeps their name.
    assert_eq!(
        refusal(&come("another password")),
        refused(401, "invalid_credentials")
    );
    let second = come(&app.password());
    assert_eq!(second.status, 200, "{}", second.text());
    let session = second.json();
    assert_eq!(
        (&session["tenant"]["name"], &session["user"]["name"]),
        (&json!("Second"), &json!("Owner"))
    );
    assert_eq!(session["tenants"].as_array().unwrap().len(), 2);

    let there = stranger.with_session(&second);
    let first_project = project(&owner);
    let hidden = there
        .get(&format!(
            "/api/v1/analytics/executions?projectId={first_project}"
        ))
        .send();
    assert_eq!(refusal(&hidden), refused(404, "unknown_project"));
    let first = owner.get("/api/v1/session").send().json()["tenant"]["id"].clone();
    let switched = there.put("/api/v1/session/tenant", &json!({"tenantId": first}));
    assert_eq!(switched.status, 200, "{}", switched.text());
    assert_eq!(switched.json()["tenant"]["name"], "Default");
    assert_eq!(
        there
            .get(&format!(
                "/api/v1/analytics/executions?projectId={first_project}"
            ))
            .send()
            .status,
        200
    );
    for unknown in ["x", "0192f3a4-5b6c-7d8e-9f01-23456789abcd"] {
        let answer = there.put("/api/v1/session/tenant", &json!({"tenantId": unknown}));
        assert_eq!(refusal(&answer), refused(404, "unknown_tenant"));
    }
}
