use super::*;
use crate::ErrorCode as Code;

fn request(json: serde_json::Value) -> FunnelRequest {
    serde_json::from_value(json).unwrap()
}

#[test]
fn a_step_is_an_event_or_a_choice_of_events() {
    let request = request(serde_json::json!({
        "steps": ["enrolled", {"label": "Paid", "any": ["step:pay", "goal:paid"]}],
        "order": "strict", "window": "7d", "unit": "subject", "breakdown": "triggerType",
        "exclusions": [{"event": "failed_step:pay"}], "start_date": "2026-01-01",
    }));
    let found = request.parsed().unwrap();
    assert_eq!(found.steps[1].label.as_deref(), Some("Paid"));
    assert_eq!(found.steps[1].any.len(), 2);
    assert_eq!(found.breakdown, Some(Dimension::TriggerType));
    let (what, between) = request.excluded(2).unwrap();
    assert_eq!(what[0].to_string(), "failed_step:pay");
    assert_eq!((between[0].after, between[0].before), (1, 2));
    assert_eq!(request.frame("w").from.as_deref(), Some("2026-01-01"));
    let funnel = found.funnel(between).unwrap();
    assert_eq!((funnel.steps, funnel.order), (2, Order::Strict));
}

#[test]
fn an_error_names_the_field_and_the_fix() {
    let many = vec!["enrolled"; 21];
    for (json, field, fix) in [
        (
            serde_json::json!({"steps": ["complete"]}),
            "steps[0]",
            "completed",
        ),
        (
            serde_json::json!({"steps": [{"any": []}]}),
            "steps[0]",
            "1 to 20",
        ),
        (serde_json::json!({"steps": many}), "steps", "1 to 20"),
        (
            serde_json::json!({"steps": ["goal"], "order": "stric"}),
            "order",
            "strict",
        ),
        (
            serde_json::json!({"steps": ["goal"], "unit": "subjects"}),
            "unit",
            "subject",
        ),
        (
            serde_json::json!({"steps": ["goal"], "window": "7"}),
            "window",
            "7d",
        ),
        (
            serde_json::json!({"steps": ["goal"], "breakdown": "versions"}),
            "breakdown",
            "version",
        ),
        (
            serde_json::json!({"steps": ["goal"], "breakdown_limit": 0}),
            "breakdown_limit",
            "1 to 100",
        ),
        (
            serde_json::json!({"steps": ["goal"], "exclusions": [{"event": "failed"}]}),
            "exclusions[0]",
            "two steps",
        ),
        (
            serde_json::json!({"steps": ["enrolled", "goal"], "exclusions": [{"event": "failed", "before": 3}]}),
            "exclusions[0]",
            "two steps",
        ),
    ] {
        let request = request(json.clone());
        let found = request.parsed().and_then(|parsed| {
            let (_, between) = request.excluded(parsed.steps.len())?;
            parsed.funnel(between)
        });
        let error = found.unwrap_err();
        assert!(matches!(error.code, Code::Query(_)), "{json}");
        assert_eq!(error.field.as_deref(), Some(field), "{json}");
        assert!(error.fix.unwrap().contains(fix), "{json}");
    }
}
