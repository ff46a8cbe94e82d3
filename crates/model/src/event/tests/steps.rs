use super::*;
use crate::event::StepEvent;

/// A step with some fields changed.
fn step(changes: Value) -> Result<StepEvent, EventError> {
    let decoded = decode(&event("step", changes))?;
    let EventKind::Step(step) = decoded.kind else {
        panic!("{decoded:?} is no step");
    };
    Ok(step)
}

/// The code, field and text of the error.
fn error(changes: Value) -> (Code, Option<String>, String) {
    let error = step(changes).unwrap_err();
    (error.code, error.field, error.detail)
}

#[test]
fn a_wait_is_taken_as_sent_or_judged_by_the_type() {
    let waited = |changes| step(changes).unwrap().wait_duration;
    let sent = json!({"stepType": "http", "duration": 100, "waitDuration": 40});
    assert_eq!(waited(sent), Some(40));
    // The producer knows better than the word.
    let sent = json!({"stepType": "form", "duration": 100, "wait_duration": 0});
    assert_eq!(waited(sent), Some(0));
    assert_eq!(
        waited(json!({"stepType": "userTask", "duration": 100})),
        Some(100)
    );
    let between = json!({"stepType": "wait", "startTime": NOW.0 - 90, "endTime": NOW.0 - 20});
    assert_eq!(waited(between), Some(70));
    for stepless in [
        json!({"duration": 100}),
        json!({"stepType": "http", "duration": 100}),
    ] {
        assert_eq!(waited(stepless), Some(0));
    }
    assert_eq!(waited(json!({"stepType": "wait"})), None);
    assert_eq!(waited(json!({"waitDuration": 0})), None);
}

#[test]
fn a_wait_longer_than_its_step_is_rejected_with_the_fix() {
    let (code, field, detail) = error(json!({"duration": 100, "waitDuration": 101}));
    assert_eq!(
        (code, field.as_deref()),
        (Code::OutOfRange, Some("waitDuration"))
    );
    assert!(
        detail.contains("101") && detail.contains("100 ms"),
        "{detail}"
    );
    let (code, field, detail) = error(json!({"waitDuration": 5}));
    assert_eq!(
        (code, field.as_deref()),
        (Code::MissingField, Some("duration"))
    );
    assert!(detail.contains("send duration"), "{detail}");
    let (code, field, _) = error(json!({"duration": 100, "waitDuration": -1}));
    assert_eq!(
        (code, field.as_deref()),
        (Code::OutOfRange, Some("waitDuration"))
    );
    let (code, field, _) = error(json!({"duration": 100, "waitDuration": 0.5}));
    assert_eq!(
        (code, field.as_deref()),
        (Code::WrongType, Some("waitDuration"))
    );
}

#[test]
fn a_step_has_a_parent_other_than_itself() {
    let parent = |changes| step(changes).unwrap().parent_step_id;
    assert_eq!(
        parent(json!({"parentStepId": "loop"})).as_deref(),
        Some("loop")
    );
    assert_eq!(
        parent(json!({"parent_step_id": 7})).as_deref(),
        Some("7"),
        "numbers are ids, too"
    );
    assert_eq!(parent(json!({"parentStepId": ""})), None);
    let (code, field, detail) = error(json!({"parentStepId": "s"}));
    assert_eq!(
        (code, field.as_deref()),
        (Code::OutOfRange, Some("parentStepId"))
    );
    assert!(detail.contains("leave it out"), "{detail}");
}

#[test]
fn what_a_step_waited_and_its_parent_do_not_change_its_id() {
    let id = |changes| decode(&event("step", changes)).unwrap().id;
    assert_eq!(
        id(json!({"duration": 9})),
        id(json!({"duration": 9, "waitDuration": 4, "parentStepId": "loop"}))
    );
}
