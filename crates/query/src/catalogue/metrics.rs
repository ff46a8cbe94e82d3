//! The metrics. To add one, add a row here; everything else follows.

use weir_model::cube::{Dimension, Family};

use crate::worth::Weight;

use super::{
    Bound::{Lower, Upper},
    Formula::{
        self, Deviation, Difference, Distinct, Max, Mean, PerFact, Percent, Quantile,
        QuantileBound, Return, Sum, Within, WithinPercent,
    },
    GoodDirection::{self, Down, Neutral, Up},
    Metric, Term,
    Unit::{self, Bytes, Count, Credits, Milliseconds, Minutes, Tokens, Usd},
};

const COUNT: Term = Term::all("count");
const DURATIONS: Term = Term::all("duration_count");
const DURATION: Term = Term::all("duration_sum");

/// Facts of one status.
const fn status(statuses: &'static [&'static str]) -> Term {
    Term::only("count", Dimension::Status, statuses)
}

const COMPLETED: Term = status(&["completed"]);
const FAILED: Term = status(&["failed"]);
/// Executions that nobody called.
const ROOTS: Term = Term::only("count", Dimension::Called, &["root"]);
const SPENT: (Family, Term) = (Family::Costs, Term::all("amount"));
const TIME_SAVED: Term = COMPLETED.weighed(Weight::Time);
const VALUE_SAVED: Term = COMPLETED.weighed(Weight::Money);
const GOAL_WORTH: Term = Term::all("goal_value").weighed(Weight::GoalMoney);
/// Executions that ended badly.
const BROKEN: Term = status(&["failed", "crashed"]);
/// Executions with a verdict: running, waiting and canceled ones stay out of rates.
const JUDGED: Term = status(&["completed", "failed", "crashed"]);
/// Steps and documents with a verdict: skipped ones stay out.
const STEP_JUDGED: Term = status(&["completed", "failed"]);
const ACTIVITY: Term = Term::only("count", Dimension::EventType, &["activity"]);
/// The actions that are taken for a login.
const LOGINS: Term = Term::only(
    "count",
    Dimension::Action,
    &[
        "login",
        "log_in",
        "logged_in",
        "signin",
        "sign_in",
        "signed_in",
        "session.login",
        "session.start",
        "user.login",
        "user.logged_in",
        "user.sign_in",
        "user.signed_in",
        "auth.login",
    ],
);
const ACTIVITY_TIME: Term = Term::only("duration_sum", Dimension::EventType, &["activity"]);
const ENQUEUED: Term = Term::only("count", Dimension::QueueAction, &["enqueued"]);
const DEQUEUED: Term = Term::only("count", Dimension::QueueAction, &["dequeued"]);

macro_rules! metrics {
    ($($family:ident: $($name:literal, $label:literal, $unit:ident, $good:ident, $formula:expr, $description:literal;)*)*) => {
        /// Every metric, in the order of the catalogue.
        pub const METRICS: &[Metric] = &[$($(
            Metric {
                name: $name,
                label: $label,
                unit: $unit as Unit,
                good: $good as GoodDirection,
                family: Family::$family,
                formula: $formula as Formula,
                description: $description,
            },
        )*)*];
    };
}

use super::Unit::Percent as Pct;

metrics! {
    Executions:
    "executions", "Executions", Count, Up, Sum(COUNT), "Every execution once: open ones by their newest state, finished ones at their end.";
    "completed", "Completed", Count, Up, Sum(COMPLETED), "Executions that completed.";
    "failed", "Failed", Count, Down, Sum(FAILED), "Executions that failed.";
    "crashed", "Crashed", Count, Down, Sum(status(&["crashed"])), "Executions that crashed: the engine, not the workflow, gave up.";
    "canceled", "Canceled", Count, Neutral, Sum(status(&["canceled"])), "Executions that were canceled.";
    "running", "Running", Count, Neutral, Sum(status(&["started"])), "Executions that have started and not ended, stale ones aside.";
    "stale", "Stale", Count, Down, Sum(status(&["stale"])), "Executions that are open for longer than their workflow ever took, or than configured: their end may have been lost.";
    "waiting", "Waiting", Count, Neutral, Sum(status(&["waiting"])), "Executions that wait for something outside.";
    "workflows", "Workflows", Count, Neutral, Distinct(Dimension::Workflow), "Different workflows that ran.";
    "success_rate", "Success rate", Pct, Up, Percent(COMPLETED, JUDGED), "completed / (completed + failed + crashed); running, waiting and canceled stay out.";
    "failure_rate", "Failure rate", Pct, Down, Percent(BROKEN, JUDGED), "(failed + crashed) / (completed + failed + crashed).";
    "duration_avg", "Mean duration", Milliseconds, Down, Mean(DURATION, DURATIONS), "Mean duration of finished executions.";
    "duration_p50", "Median duration", Milliseconds, Down, Quantile(0.5), "Half of the finished executions took no longer; within 1 %.";
    "duration_p90", "p90 duration", Milliseconds, Down, Quantile(0.9), "90 % of the finished executions took no longer; within 1 %.";
    "duration_p95", "p95 duration", Milliseconds, Down, Quantile(0.95), "95 % of the finished executions took no longer; within 1 %.";
    "duration_p99", "p99 duration", Milliseconds, Down, Quantile(0.99), "99 % of the finished executions took no longer; within 1 %.";
    "duration_stddev", "Deviation of durations", Milliseconds, Down, Deviation, "Standard deviation of the durations of finished executions; within 1 % of them.";
    "duration_p50_lower", "Median duration, lower bound", Milliseconds, Down, QuantileBound(0.5, Lower), "The least true median that the durations measured do not contradict, at 95 %; null below 6 durations.";
    "duration_p50_upper", "Median duration, upper bound", Milliseconds, Down, QuantileBound(0.5, Upper), "The largest true median that the durations measured do not contradict, at 95 %; null below 6 durations.";
    "duration_p95_lower", "p95 duration, lower bound", Milliseconds, Down, QuantileBound(0.95, Lower), "The least true p95 that the durations measured do not contradict, at 95 %.";
    "duration_p95_upper", "p95 duration, upper bound", Milliseconds, Down, QuantileBound(0.95, Upper), "The largest true p95 that the durations measured do not contradict, at 95 %; null below 73 durations.";
    "duration_sum", "Total duration", Milliseconds, Neutral, Sum(DURATION), "Durations of finished executions, added up.";
    "duration_max", "Longest duration", Milliseconds, Down, Max, "The longest finished execution; within 1 %.";
    "durations", "Timed executions", Count, Neutral, Sum(DURATIONS), "Finished executions whose duration is known.";
    "durations_within", "Executions in time", Count, Up, Within, "Finished executions that took no longer than the query's `threshold` (5,000 ms without one); the threshold holds within 1 %.";
    "duration_within_rate", "Rate in time", Pct, Up, WithinPercent, "Percentage of the timed executions that took no longer than the query's `threshold` (5,000 ms without one).";
    "time_saved", "Time saved", Minutes, Up, Sum(TIME_SAVED), "Completed executions, each times the minutes that a successful run of its workflow is set to save at that time; workflows without a worth save nothing.";
    "value_saved", "Value of the time saved", Usd, Up, Sum(VALUE_SAVED), "The minutes saved at the hourly rate that their workflow is set to save.";
    "return_on_investment", "Return on investment", Pct, Up, Return { saved: VALUE_SAVED, reached: (Family::Goals, GOAL_WORTH), spent: SPENT }, "(value_saved + goal_worth - cost) / cost; null where nothing was spent.";
    "cost_per_root_execution", "Cost per root execution", Usd, Down, PerFact(SPENT, ROOTS), "Money spent over the executions that nobody called: what one costs with all that it called.";

    Work:
    "work_items", "Pieces of work", Count, Up, Sum(COUNT), "Executions together with their retries: each counts once, when its last execution ended.";
    "work_completed", "Work completed", Count, Up, Sum(COMPLETED), "Pieces of work whose last execution completed.";
    "work_success_rate", "Success rate of work", Pct, Up, Percent(COMPLETED, JUDGED), "Pieces of work that completed, over those that completed, failed or crashed in their last execution; canceled ones stay out.";

    Steps:
    "steps", "Steps", Count, Neutral, Sum(COUNT), "Step runs.";
    "steps_completed", "Steps completed", Count, Up, Sum(COMPLETED), "Step runs that completed.";
    "steps_failed", "Steps failed", Count, Down, Sum(FAILED), "Step runs that failed.";
    "steps_skipped", "Steps skipped", Count, Neutral, Sum(status(&["skipped"])), "Step runs that were skipped.";
    "step_success_rate", "Step success rate", Pct, Up, Percent(COMPLETED, STEP_JUDGED), "completed / (completed + failed) of step runs; skipped ones stay out.";
    "step_durations", "Timed steps", Count, Neutral, Sum(DURATIONS), "Step runs whose duration is known.";
    "step_duration_avg", "Mean step duration", Milliseconds, Down, Mean(DURATION, DURATIONS), "Mean duration of step runs.";
    "step_duration_p50", "Median step duration", Milliseconds, Down, Quantile(0.5), "Half of the step runs took no longer; within 1 %.";
    "step_duration_p90", "p90 step duration", Milliseconds, Down, Quantile(0.9), "90 % of the step runs took no longer; within 1 %.";
    "step_duration_p95", "p95 step duration", Milliseconds, Down, Quantile(0.95), "95 % of the step runs took no longer; within 1 %.";
    "step_duration_p99", "p99 step duration", Milliseconds, Down, Quantile(0.99), "99 % of the step runs took no longer; within 1 %.";
    "step_duration_stddev", "Deviation of step durations", Milliseconds, Down, Deviation, "Standard deviation of the durations of step runs; within 1 % of them.";
    "step_duration_sum", "Total step duration", Milliseconds, Neutral, Sum(DURATION), "Durations of step runs, added up.";
    "step_duration_max", "Longest step", Milliseconds, Down, Max, "The longest step run; within 1 %.";
    "step_retries", "Step retries", Count, Down, Sum(Term::all("retries")), "Step runs beyond the first attempt.";
    "items_in", "Items in", Count, Neutral, Sum(Term::all("items_in")), "Items that steps took in.";
    "items_out", "Items out", Count, Neutral, Sum(Term::all("items_out")), "Items that steps put out.";
    "cache_lookups", "Cache lookups", Count, Neutral, Sum(Term::all("cache_lookups")), "Step runs that asked a cache.";
    "cache_hits", "Cache hits", Count, Up, Sum(Term::all("cache_hits")), "Step runs answered from a cache.";
    "cache_hit_rate", "Cache hit rate", Pct, Up, Percent(Term::all("cache_hits"), Term::all("cache_lookups")), "Step runs answered from a cache, of those that asked one.";

    Errors:
    "errors", "Errors", Count, Down, Sum(COUNT), "Executions that failed or crashed, by error type and failed step.";

    Activity:
    "activities", "Activities", Count, Up, Sum(ACTIVITY), "Activity events: what users did.";
    "logins", "Logins", Count, Up, Sum(LOGINS), "Activity events whose action is login, log_in, logged_in, signin, sign_in, signed_in, session.login, session.start, user.login, user.logged_in, user.sign_in, user.signed_in or auth.login.";
    "users", "Users", Count, Up, Distinct(Dimension::User), "Different users of any event.";
    "activity_duration_sum", "Time active", Milliseconds, Neutral, Sum(ACTIVITY_TIME), "Durations of activity events, added up.";

    Arrivals:
    "events", "Events", Count, Neutral, Sum(COUNT), "Events that were ingested, at the time they happened.";

    Costs:
    "cost", "Cost", Usd, Down, Sum(Term::all("amount")), "Money spent.";
    "credits", "Credits", Credits, Down, Sum(Term::all("credits")), "Credits used.";
    "api_calls", "API calls", Count, Neutral, Sum(Term::all("api_calls")), "Calls to paid interfaces.";
    "input_tokens", "Input tokens", Tokens, Neutral, Sum(Term::all("input_tokens")), "Tokens sent to language models, those read from a cache or written to it among them.";
    "output_tokens", "Output tokens", Tokens, Neutral, Sum(Term::all("output_tokens")), "Tokens received from language models, those of reasoning among them.";
    "cache_read_tokens", "Cached input tokens", Tokens, Up, Sum(Term::all("cache_read_tokens")), "Input tokens that were read from a cache.";
    "cache_write_tokens", "Tokens written to a cache", Tokens, Neutral, Sum(Term::all("cache_write_tokens")), "Input tokens that were written to a cache.";
    "reasoning_tokens", "Reasoning tokens", Tokens, Neutral, Sum(Term::all("reasoning_tokens")), "Output tokens that were reasoning.";
    "cached_token_rate", "Rate of cached tokens", Pct, Up, Percent(Term::all("cache_read_tokens"), Term::all("input_tokens")), "Input tokens that were read from a cache, of all input tokens.";
    "billed_units", "Units", Count, Neutral, Sum(Term::all("units")), "Images, seconds of sound and other units that are neither tokens nor calls; group or filter by unit.";
    "unpriced_records", "Cost records without a price", Count, Down, Sum(Term::all("unpriced")), "Cost events with tokens, units or money in another currency, without US dollars of their own and without a price or an exchange rate in the book: what they cost is not known.";
    "cost_records", "Cost records", Count, Neutral, Sum(COUNT), "Cost events.";

    Documents:
    "documents", "Documents", Count, Up, Sum(COUNT), "Documents that were to be generated.";
    "documents_completed", "Documents completed", Count, Up, Sum(COMPLETED), "Documents that were generated.";
    "documents_failed", "Documents failed", Count, Down, Sum(FAILED), "Documents that could not be generated.";
    "document_success_rate", "Document success rate", Pct, Up, Percent(COMPLETED, STEP_JUDGED), "completed / (completed + failed) of documents.";
    "document_duration_p50", "Median document duration", Milliseconds, Down, Quantile(0.5), "Half of the documents took no longer; within 1 %.";
    "document_duration_p95", "p95 document duration", Milliseconds, Down, Quantile(0.95), "95 % of the documents took no longer; within 1 %.";
    "document_duration_avg", "Mean document duration", Milliseconds, Down, Mean(DURATION, DURATIONS), "Mean duration of making documents.";
    "document_size_sum", "Document volume", Bytes, Neutral, Sum(Term::all("file_size")), "Sizes of documents, added up.";

    Queues:
    "queue_events", "Queue events", Count, Neutral, Sum(COUNT), "Movements in and out of queues.";
    "enqueued", "Enqueued", Count, Neutral, Sum(ENQUEUED), "Items put into queues.";
    "dequeued", "Dequeued", Count, Neutral, Sum(DEQUEUED), "Items taken out of queues.";
    "queue_depth_change", "Queue depth change", Count, Down, Difference(ENQUEUED, DEQUEUED), "enqueued - dequeued: how much longer the queues became.";
    "queue_wait_p50", "Median queue wait", Milliseconds, Down, Quantile(0.5), "Half of the items waited no longer; within 1 %.";
    "queue_wait_avg", "Mean queue wait", Milliseconds, Down, Mean(DURATION, DURATIONS), "Mean time that items waited.";
    "queue_wait_p99", "p99 queue wait", Milliseconds, Down, Quantile(0.99), "99 % of the items waited no longer; within 1 %.";
    "queue_wait_p95", "p95 queue wait", Milliseconds, Down, Quantile(0.95), "95 % of the items waited no longer; within 1 %.";

    Goals:
    "goals", "Goals reached", Count, Up, Sum(COUNT), "Goals that were reached.";
    "goal_value", "Goal value", Usd, Up, Sum(Term::all("goal_value")), "Values of goals reached, added up.";
    "goal_worth", "Worth of goals", Usd, Up, Sum(GOAL_WORTH), "Goals reached, each times what it is set to be worth at that time; of goals without a worth the values that their events tell.";
}
