//! The requirements for every event store adapter, as tests that take the adapter.
//!
//! An adapter's test binary implements [`Adapter`] and turns each of [`conformance_cases`] into a test. The
//! suite reads cube tables with plain SQL sums, which every dialect understands, so it needs no planner.

mod cubes;
mod generate;
mod topics;

use std::sync::Arc;

use async_trait::async_trait;
use weir_model::{
    Event, EventKind, FixedClock, Scope, SeenError, Status, Timestamp,
    event::{Decoder, Limits, StepStatus},
    redact::Redactor,
};

pub use cubes::{Figures, figures};
pub use generate::{arrange, history};
pub use topics::{by_client::by_metadata_client, rekeying::ByWord};

use crate::{ErrorKeying, EventStore, Receipt, Submission};

/// Opens stores for the suite.
#[async_trait]
pub trait Adapter: Send + Sync {
    /// A new, empty store that reads this clock.
    async fn open(&self, clock: FixedClock) -> Arc<dyn EventStore>;
    /// Closes the store that [`Adapter::open`] returned last and opens the same data again.
    async fn reopen(&self, store: Arc<dyn EventStore>, clock: FixedClock) -> Arc<dyn EventStore>;
}

/// The suite's clock shows 2026-03-15T12:00:00Z unless a case moves it.
pub const NOW: Timestamp = Timestamp(1_773_576_000_000);

/// The scope that most cases use.
pub fn scope() -> Scope {
    Scope::new(1, 1)
}

/// Every case, by topic, for a macro of the adapter's test binary that turns each into a test. The macro
/// takes `topic { case ... } ...` and calls `conformance::topic::case`, which panics if the adapter fails.
#[macro_export]
macro_rules! conformance_cases {
    ($tests:ident) => {
        $tests! {
            duplicates {
                an_event_is_stored_once_however_often_it_is_sent
                duplicates_are_found_after_a_restart
                records_that_differ_only_in_metadata_each_count
                the_same_id_in_another_project_is_another_event
                concurrent_submissions_are_all_answered
            }
            counting {
                an_execution_counts_once_in_every_order_of_arrival
                a_finished_execution_takes_its_duration_from_its_newest_start
                open_executions_survive_a_restart
                compaction_leaves_fewer_rows_and_the_same_figures
                expired_partials_are_not_written_and_old_ones_are_deleted
                the_newest_name_holds
                sources_and_environments_report_what_has_arrived
                the_watermark_moves_with_each_commit_of_the_project
                a_cost_that_is_the_sum_of_others_counts_once
            }
            identity {
                executions_of_two_workflows_with_one_id_are_two
                the_end_has_values_that_only_the_start_reported
                an_environment_left_out_is_that_of_the_only_execution_known
                records_belong_to_the_only_execution_of_their_name
                records_follow_an_execution_whose_environment_is_reported_much_later
                one_event_with_and_without_its_environment_is_of_one_execution
                an_event_is_a_duplicate_at_its_own_time_only
                a_small_clock_skew_does_not_make_a_second_run
                a_later_end_corrects_the_end_of_its_run
                an_execution_that_is_open_too_long_is_stale_until_it_ends
            }
            retries {
                steps_older_than_a_retry_belong_to_the_original
                a_step_is_a_copy_as_long_as_its_execution_is_a_retry_that_started_later
                copies_move_with_their_execution
            }
            rekeying {
                stored_errors_are_counted_under_new_keys
                a_keying_receives_where_errors_happened
            }
            erasure {
                nothing_stored_names_an_erased_user_and_all_counts_stay
                the_same_id_elsewhere_and_later_is_another_user
            }
            following {
                a_commit_is_announced_to_subscribers_and_can_be_read_then
                finished_executions_are_read_once_and_in_the_order_of_commits
                a_position_stays_the_same_across_a_restart
                only_the_requested_projects_are_read
            }
            prices {
                a_change_of_prices_restates_stored_costs
                a_change_of_prices_moves_what_sums_count_beyond_their_parts
            }
            process {
                the_attempts_of_a_step_are_one_visit
                steps_of_one_instant_follow_each_other_as_sent
                each_run_of_an_execution_has_its_own_steps
                a_start_just_after_an_end_belongs_to_the_run_that_ended
                a_cost_belongs_to_its_step_or_to_the_only_one_that_ran
                a_step_that_contains_others_is_no_activity
                a_long_path_is_cut_and_a_large_map_is_limited
                any_history_gives_what_a_naive_reading_gives
            }
            declared {
                facts_have_the_values_of_their_execution_or_their_own
                an_event_of_an_execution_has_the_values_of_the_execution
                a_record_far_from_its_execution_has_the_values_of_the_execution
                values_beyond_the_bound_count_as_other
                a_value_that_only_an_erased_user_reported_is_gone
                metadata_that_is_not_an_object_of_plain_values_is_ignored
                cubes_of_declared_dimensions_answer_as_raw_facts_do
                rows_of_declared_cubes_expire_and_figures_stay
            }
        }
    };
}

/// The cases as adapters call them: all that [`conformance_cases`] lists, so that none is forgotten.
macro_rules! callable {
    ($($topic:ident { $($case:ident)* })*) => {
        $(#[doc = concat!("Cases about ", stringify!($topic), ".")]
        pub mod $topic {
            $(#[doc = concat!("Panics if the adapter fails `", stringify!($case), "`.")]
            pub async fn $case(adapter: &dyn super::Adapter) {
                super::topics::$topic::$case(adapter).await;
            })*
        })*
    };
}

conformance_cases!(callable);

/// Events from JSON, as a producer would send them, with keys by [`ByWord::First`].
pub fn events(json: &[serde_json::Value]) -> Vec<Event> {
    let decoder = Decoder::new(Limits::default(), Arc::new(Redactor::default()));
    let source: Arc<str> = Arc::from("http");
    let decode = |value: &serde_json::Value| {
        let bytes = value.to_string().into_bytes();
        let event = decoder.decode(&bytes, &source, NOW);
        let event = event.unwrap_or_else(|error| {
            panic!("the suite's own event is rejected: {error} in {value}")
        });
        keyed(event)
    };
    json.iter().map(decode).collect()
}

fn keyed(mut event: Event) -> Event {
    let by = |error_type: &Option<String>, message: &Option<String>| {
        Some(ByWord::First.key(&SeenError::told(error_type.as_deref(), message.as_deref())))
    };
    match &mut event.kind {
        EventKind::Execution(e) if matches!(e.status, Status::Failed | Status::Crashed) => {
            e.error_key = by(&e.error_type, &e.error_message);
        }
        EventKind::Step(s) if s.status == StepStatus::Failed => {
            s.error_key = by(&s.error_type, &s.error_message);
        }
        _ => {}
    }
    event
}

/// Commits events in the suite's scope.
pub async fn commit(store: &dyn EventStore, events: Vec<Event>) -> Receipt {
    commit_in(store, scope(), events).await
}

/// Commits events in a scope.
pub async fn commit_in(store: &dyn EventStore, scope: Scope, events: Vec<Event>) -> Receipt {
    store
        .commit(Submission { scope, events })
        .await
        .expect("the store accepts the events")
}

/// Asserts that cubes and raw rows agree.
pub async fn assert_verified(store: &dyn EventStore, case: &str) {
    let verification = store.verify(None).await.expect("the store verifies");
    assert_eq!(
        verification.differences,
        [],
        "{case}: cubes differ from raw rows"
    );
    assert!(verification.keys > 0, "{case}: nothing was compared");
}
