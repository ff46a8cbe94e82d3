//! How long it takes to decode, validate and redact an event: `cargo bench -p weir-model`.
//!
//! Prints the fastest of many rounds for each kind of event, in nanoseconds per event: on a machine
//! that does other work as well, the fastest round varies least.

use std::{
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

use weir_model::{
    Timestamp,
    event::{Decoder, Limits},
};

const NOW: Timestamp = Timestamp(1_773_576_000_000);
const ROUNDS: usize = 300;
const PER_ROUND: usize = 500;

/// A name, and an event as producers send it.
const EVENTS: &[(&str, &str)] = &[
    (
        "a completed execution",
        r#"{"type":"execution","timestamp":"2026-03-15T10:00:00.250Z","workflowId":"wf-invoice-intake","workflowName":"Invoice intake",
        "executionId":"184467","status":"completed","duration":8421,"environment":"production","triggerType":"webhook",
        "triggerId":"hook-7","userId":"user-42","subjectId":"customer-1834","stepCount":9}"#,
    ),
    (
        "a failed execution",
        r#"{"type":"execution","timestamp":"2026-03-15T10:00:00.250Z","workflowId":"wf-invoice-intake","workflowName":"Invoice intake",
        "executionId":"0f8fad5b-d9cb-469f-a165-70867728950e","status":"failed","duration":8421,"errorType":"NodeApiError","errorStep":"Send invoice",
        "errorMessage":"Request to https://api.example.com/v2/invoices/184467/send failed with status code 429: rate limit of 60 requests a minute exceeded, retry after 12 s",
        "userId":"user-42","subjectId":"customer-1834"}"#,
    ),
    (
        "a step",
        r#"{"type":"step","executionId":"184467","workflowId":"wf-invoice-intake","stepId":"fetch","stepName":"Fetch customer record","stepType":"httpRequest",
        "status":"completed","startTime":"2026-03-15T10:00:00Z","endTime":"2026-03-15T10:00:00.412Z","inputSize":512,"outputSize":20480,"itemsIn":1,"itemsOut":12}"#,
    ),
    (
        "an execution with metadata",
        r#"{"type":"execution","timestamp":"2026-03-15T10:00:00.250Z","workflowId":"wf-invoice-intake","workflowName":"Invoice intake",
        "executionId":"184467","status":"completed","duration":8421,
        "metadata":{"client":"Contoso Ltd","region":"eu-west-1","campaign":"spring-2026","requestId":"0f8fad5b-d9cb-469f-a165-70867728950e",
        "inputTokens":1520,"outputTokens":311,"model":"large-3","tags":["priority","invoice","emea"],"source":{"file":"backup-2026-11-26-10-15-04.tar","line":812},
        "url":"https://example.com/invoices?page=2&sort=date"}}"#,
    ),
    (
        "an activity",
        r#"{"type":"activity","timestamp":"2026-03-15T10:00:00Z","userId":"user-42","sessionId":"s-19","action":"workflow_edited","resource":"workflow","resourceId":"wf-invoice-intake"}"#,
    ),
];

fn round(decoder: &Decoder, source: &Arc<str>, event: &[u8]) -> Duration {
    let begun = Instant::now();
    for _ in 0..PER_ROUND {
        black_box(decoder.decode(black_box(event), source, NOW)).expect("a good event");
    }
    begun.elapsed()
}

fn main() {
    let decoder = Decoder::new(Limits::default(), Arc::default());
    let source = Arc::from("http");
    let mut sum = 0;
    for (name, event) in EVENTS {
        let rounds = (0..ROUNDS).map(|_| round(&decoder, &source, event.as_bytes()));
        let fastest = rounds.min().expect("there are rounds").as_nanos();
        let each = fastest / PER_ROUND as u128;
        sum += each;
        println!("{each:>6} ns  {name}");
    }
    println!("{sum:>6} ns  all of them");
}
