//! The metrics. To add one, add a row here; everything else follows.

use weir_model::cube::{Dimension, Family};

use super::{
    Bound::{Lower, Upper},
    Formula::{
        self, Deviation, Difference, Distinct, Max, Mean, MeanDifference, PerFact, Percent,
        Quantile, QuantileBound, Return, Sum, Within, WithinPercent,
    },
    GoodDirection::{self, Down, Neutral, Up},
    Metric, Term,
    Unit::{self, Bytes, Count, Credits, Milliseconds, Minutes, Tokens, Usd},
    Weight,
};

const COUNT: Term = Term::all("count");
const DURATIONS: Term = Term::all("duration_count");
const DURATION: Term = Term::all("duration_sum");
const WAIT: Term = Term::all("wait_sum");

/// Facts with one of the statuses.
const fn status(statuses: &'static [&'static str]) -> Term {
    Term::only("count", Dimension::Status, statuses)
}

const COMPLETED: Term = status(&["completed"]);
const FAILED: Term = status(&["failed"]);
/// Executions without a caller.
const ROOTS: Term = Term::only("count", Dimension::Called, &["root"]);
const SPENT: (Family, Term) = (Family::Costs, Term::all("amount"));
const TIME_SAVED: Term = COMPLETED.weighed(Weight::Time);
const VALUE_SAVED: Term = COMPLETED.weighed(Weight::Money);
const GOAL_WORTH: Term = Term::all("goal_value").weighed(Weight::GoalMoney);
/// Executions that failed or crashed.
const BROKEN: Term = status(&["failed", "crashed"]);
/// Executions that rates are based on: running, waiting and canceled ones are excluded.
const JUDGED: Term = status(&["completed", "failed", "crashed"]);
/// Steps and documents that rates are based on: skipped ones are excluded.
const STEP_JUDGED: Term = status(&["completed", "failed"]);
const ACTIVITY: Term = Term::only("count", Dimension::EventType, &["activity"]);
/// The actions that count as a login.
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
    "executions", "Executions", Count, Up, Sum(COUNT), "Every execution, counted once: open ones by their newest state, finished ones at their end.";
    "completed", "Completed", Count, Up, Sum(COMPLETED), "Executions that completed.";
    "failed", "Failed", Count, Down, Sum(FAILED), "Executions that failed.";
    "crashed", "Crashed", Count, Down, Sum(status(&["crashed"])), "Executions that crashed: the engine gave up, not the workflow.";
    "canceled", "Canceled", Count, Neutral, Sum(status(&["canceled"])), "Executions that were canceled.";
    "running", "Running", Count, Neutral, Sum(status(&["started"])), "Executions that have started and not ended, excluding stale ones.";
    "stale", "Stale", Count, Down, Sum(status(&["stale"])), "Executions that have been open for longer than their workflow ever took, or than the configured limit: their end may have been lost.";
    "waiting", "Waiting", Count, Neutral, Sum(status(&["waiting"])), "Executions that are waiting for something external.";
    "workflows", "Workflows", Count, Neutral, Distinct(Dimension::Workflow), "Distinct workflows that ran.";
    "success_rate", "Success rate", Pct, Up, Percent(COMPLETED, JUDGED), "completed / (completed + failed + crashed); running, waiting and canceled executions are excluded.";
    "failure_rate", "Failure rate", Pct, Down, Percent(BROKEN, JUDGED), "(failed + crashed) / (completed + failed + crashed).";
    "duration_avg", "Mean duration", Milliseconds, Down, Mean(DURATION, DURATIONS), "Mean duration of finished executions.";
    "duration_p50", "Median duration", Milliseconds, Down, Quantile(0.5), "Half of the finished executions took at most this long; accurate within 1 %.";
    "duration_p90", "p90 duration", Milliseconds, Down, Quantile(0.9), "90 % of the finished executions took at most this long; accurate within 1 %.";
    "duration_p95", "p95 duration", Milliseconds, Down, Quantile(0.95), "95 % of the finished executions took at most this long; accurate within 1 %.";
    "duration_p99", "p99 duration", Milliseconds, Down, Quantile(0.99), "99 % of the finished executions took at most this long; accurate within 1 %.";
    "duration_stddev", "Standard deviation of durations", Milliseconds, Down, Deviation, "Standard deviation of the durations of finished executions; accurate within 1 % of the durations.";
    "duration_p50_lower", "Median duration, lower bound", Milliseconds, Down, QuantileBound(0.5, Lower), "Lower 95 % confidence bound of the true median; null with fewer than 6 durations.";
    "duration_p50_upper", "Median duration, upper bound", Milliseconds, Down, QuantileBound(0.5, Upper), "Upper 95 % confidence bound of the true median; null with fewer than 6 durations.";
    "duration_p95_lower", "p95 duration, lower bound", Milliseconds, Down, QuantileBound(0.95, Lower), "Lower 95 % confidence bound of the true p95.";
    "duration_p95_upper", "p95 duration, upper bound", Milliseconds, Down, QuantileBound(0.95, Upper), "Upper 95 % confidence bound of the true p95; null with fewer than 73 durations.";
    "duration_sum", "Total duration", Milliseconds, Neutral, Sum(DURATION), "Sum of the durations of finished executions.";
    "duration_max", "Longest duration", Milliseconds, Down, Max, "Duration of the longest finished execution; accurate within 1 %.";
    "durations", "Timed executions", Count, Neutral, Sum(DURATIONS), "Finished executions whose duration is known.";
    "durations_within", "Executions within threshold", Count, Up, Within, "Finished executions that took at most the query's `threshold` (default 5,000 ms); the threshold is accurate within 1 %.";
    "duration_within_rate", "Rate within threshold", Pct, Up, WithinPercent, "Percentage of the timed executions that took at most the query's `threshold` (default 5,000 ms).";
    "time_saved", "Time saved", Minutes, Up, Sum(TIME_SAVED), "Completed executions, each multiplied by the minutes that a successful run of its workflow is configured to save at that time; workflows without a configured value save nothing.";
    "value_saved", "Value of time saved", Usd, Up, Sum(VALUE_SAVED), "The minutes saved, valued at the hourly rate configured for the workflow.";
    "return_on_investment", "Return on investment", Pct, Up, Return { saved: VALUE_SAVED, reached: (Family::Goals, GOAL_WORTH), spent: SPENT }, "(value_saved + goal_worth - cost) / cost; null if nothing was spent.";
    "cost_per_root_execution", "Cost per root execution", Usd, Down, PerFact(SPENT, ROOTS), "Money spent, divided by the number of executions that no other execution called: the cost of one including everything that it called.";

    Work:
    "work_items", "Work items", Count, Up, Sum(COUNT), "Executions together with their retries: each counts once, when its last execution ends.";
    "work_completed", "Work items completed", Count, Up, Sum(COMPLETED), "Work items whose last execution completed.";
    "work_success_rate", "Work item success rate", Pct, Up, Percent(COMPLETED, JUDGED), "Work items whose last execution completed, of those whose last execution completed, failed or crashed; canceled ones are excluded.";

    Steps:
    "steps", "Steps", Count, Neutral, Sum(COUNT), "Step runs.";
    "steps_completed", "Steps completed", Count, Up, Sum(COMPLETED), "Step runs that completed.";
    "steps_failed", "Steps failed", Count, Down, Sum(FAILED), "Step runs that failed.";
    "steps_skipped", "Steps skipped", Count, Neutral, Sum(status(&["skipped"])), "Step runs that were skipped.";
    "step_success_rate", "Step success rate", Pct, Up, Percent(COMPLETED, STEP_JUDGED), "completed / (completed + failed) of step runs; skipped ones are excluded.";
    "step_durations", "Timed steps", Count, Neutral, Sum(DURATIONS), "Step runs whose duration is known.";
    "step_duration_avg", "Mean step duration", Milliseconds, Down, Mean(DURATION, DURATIONS), "Mean duration of step runs.";
    "step_duration_p50", "Median step duration", Milliseconds, Down, Quantile(0.5), "Half of the step runs took at most this long; accurate within 1 %.";
    "step_duration_p90", "p90 step duration", Milliseconds, Down, Quantile(0.9), "90 % of the step runs took at most this long; accurate within 1 %.";
    "step_duration_p95", "p95 step duration", Milliseconds, Down, Quantile(0.95), "95 % of the step runs took at most this long; accurate within 1 %.";
    "step_duration_p99", "p99 step duration", Milliseconds, Down, Quantile(0.99), "99 % of the step runs took at most this long; accurate within 1 %.";
    "step_duration_stddev", "Standard deviation of step durations", Milliseconds, Down, Deviation, "Standard deviation of the durations of step runs; accurate within 1 % of the durations.";
    "step_duration_sum", "Total step duration", Milliseconds, Neutral, Sum(DURATION), "Sum of the durations of step runs.";
    "step_duration_max", "Longest step", Milliseconds, Down, Max, "Duration of the longest step run; accurate within 1 %.";
    "step_waiting_sum", "Total waiting of steps", Milliseconds, Neutral, Sum(WAIT), "How much of their durations step runs waited for a person or for a time: as sent, or the whole duration of types that wait.";
    "step_waiting_avg", "Mean waiting of steps", Milliseconds, Down, Mean(WAIT, DURATIONS), "step_waiting_sum per timed step run.";
    "step_waiting_rate", "Waiting share of steps", Pct, Neutral, Percent(WAIT, DURATION), "step_waiting_sum, of the durations of step runs.";
    "step_working_sum", "Total working time of steps", Milliseconds, Neutral, Difference(DURATION, WAIT), "The durations of step runs without step_waiting_sum: machine time.";
    "step_working_avg", "Mean working time of steps", Milliseconds, Down, MeanDifference([DURATION, WAIT], DURATIONS), "step_working_sum per timed step run.";
    "step_retries", "Step retries", Count, Down, Sum(Term::all("retries")), "Step runs after the first attempt.";
    "items_in", "Items in", Count, Neutral, Sum(Term::all("items_in")), "Items that steps received.";
    "items_out", "Items out", Count, Neutral, Sum(Term::all("items_out")), "Items that steps produced.";
    "cache_lookups", "Cache lookups", Count, Neutral, Sum(Term::all("cache_lookups")), "Step runs that looked something up in a cache.";
    "cache_hits", "Cache hits", Count, Up, Sum(Term::all("cache_hits")), "Step runs answered from a cache.";
    "cache_hit_rate", "Cache hit rate", Pct, Up, Percent(Term::all("cache_hits"), Term::all("cache_lookups")), "Step runs answered from a cache, of those that looked something up in one.";

    Errors:
    "errors", "Errors", Count, Down, Sum(COUNT), "Executions that failed or crashed, by error type and failed step.";

    Activity:
    "activities", "Activities", Count, Up, Sum(ACTIVITY), "Activity events: what users did.";
    "logins", "Logins", Count, Up, Sum(LOGINS), "Activity events whose action is login, log_in, logged_in, signin, sign_in, signed_in, session.login, session.start, user.login, user.logged_in, user.sign_in, user.signed_in or auth.login.";
    "users", "Users", Count, Up, Distinct(Dimension::User), "Distinct users of any event.";
    "activity_duration_sum", "Activity time", Milliseconds, Neutral, Sum(ACTIVITY_TIME), "Sum of the durations of activity events.";

    Arrivals:
    "events", "Events", Count, Neutral, Sum(COUNT), "Events that were ingested, counted at the time they happened.";

    Costs:
    "cost", "Cost", Usd, Down, Sum(Term::all("amount")), "Money spent.";
    "credits", "Credits", Credits, Down, Sum(Term::all("credits")), "Credits used.";
    "api_calls", "API calls", Count, Neutral, Sum(Term::all("api_calls")), "Calls to paid APIs.";
    "input_tokens", "Input tokens", Tokens, Neutral, Sum(Term::all("input_tokens")), "Tokens sent to language models, including those read from or written to a cache.";
    "output_tokens", "Output tokens", Tokens, Neutral, Sum(Term::all("output_tokens")), "Tokens received from language models, including reasoning tokens.";
    "cache_read_tokens", "Cached input tokens", Tokens, Up, Sum(Term::all("cache_read_tokens")), "Input tokens that were read from a cache.";
    "cache_write_tokens", "Cache write tokens", Tokens, Neutral, Sum(Term::all("cache_write_tokens")), "Input tokens that were written to a cache.";
    "reasoning_tokens", "Reasoning tokens", Tokens, Neutral, Sum(Term::all("reasoning_tokens")), "Output tokens used for reasoning.";
    "cached_token_rate", "Cached token rate", Pct, Up, Percent(Term::all("cache_read_tokens"), Term::all("input_tokens")), "Input tokens that were read from a cache, of all input tokens.";
    "billed_units", "Units", Count, Neutral, Sum(Term::all("units")), "Images, seconds of audio and other units that are neither tokens nor calls; group or filter by unit.";
    "unpriced_records", "Unpriced cost records", Count, Down, Sum(Term::all("unpriced")), "Cost events with tokens, units or an amount in another currency, but without an amount in US dollars and without a price or exchange rate in the price book: their cost is unknown.";
    "cost_records", "Cost records", Count, Neutral, Sum(COUNT), "Cost events.";

    Documents:
    "documents", "Documents", Count, Up, Sum(COUNT), "Documents whose generation was reported, whatever the outcome.";
    "documents_completed", "Documents completed", Count, Up, Sum(COMPLETED), "Documents that were generated.";
    "documents_failed", "Documents failed", Count, Down, Sum(FAILED), "Documents that could not be generated.";
    "document_success_rate", "Document success rate", Pct, Up, Percent(COMPLETED, STEP_JUDGED), "completed / (completed + failed) of documents.";
    "document_duration_p50", "Median document duration", Milliseconds, Down, Quantile(0.5), "Half of the documents took at most this long; accurate within 1 %.";
    "document_duration_p95", "p95 document duration", Milliseconds, Down, Quantile(0.95), "95 % of the documents took at most this long; accurate within 1 %.";
    "document_duration_avg", "Mean document duration", Milliseconds, Down, Mean(DURATION, DURATIONS), "Mean time to generate a document.";
    "document_size_sum", "Document volume", Bytes, Neutral, Sum(Term::all("file_size")), "Sum of the sizes of documents.";

    Queues:
    "queue_events", "Queue events", Count, Neutral, Sum(COUNT), "Movements in and out of queues.";
    "enqueued", "Enqueued", Count, Neutral, Sum(ENQUEUED), "Items put into queues.";
    "dequeued", "Dequeued", Count, Neutral, Sum(DEQUEUED), "Items taken out of queues.";
    "queue_depth_change", "Queue depth change", Count, Down, Difference(ENQUEUED, DEQUEUED), "enqueued - dequeued: how much the queues grew.";
    "queue_wait_p50", "Median queue wait", Milliseconds, Down, Quantile(0.5), "Half of the items waited at most this long; accurate within 1 %.";
    "queue_wait_avg", "Mean queue wait", Milliseconds, Down, Mean(DURATION, DURATIONS), "Mean time that items waited.";
    "queue_wait_p99", "p99 queue wait", Milliseconds, Down, Quantile(0.99), "99 % of the items waited at most this long; accurate within 1 %.";
    "queue_wait_p95", "p95 queue wait", Milliseconds, Down, Quantile(0.95), "95 % of the items waited at most this long; accurate within 1 %.";

    Goals:
    "goals", "Goals reached", Count, Up, Sum(COUNT), "Goals that were reached.";
    "goal_value", "Goal value", Usd, Up, Sum(Term::all("goal_value")), "Sum of the values that goal events report.";
    "goal_worth", "Goal worth", Usd, Up, Sum(GOAL_WORTH), "Goals reached, each at its configured worth at that time; goals without a configured worth count the values that their events report.";
}
