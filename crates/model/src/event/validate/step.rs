//! Checks a step, and derives what its producer left out.

use super::{
    super::{
        EventError, EventErrorCode as Code, EventType, StepEvent, StepStatus, waits, wire::Wire,
    },
    check::{Check, Checked},
};

impl Check<'_> {
    pub(super) fn step(&self, wire: &Wire) -> Checked<StepEvent> {
        let start_time = self.moment("startTime", wire.start_time)?;
        let end_time = self.moment("endTime", wire.end_time)?;
        let between = match (start_time, end_time) {
            (Some(start), Some(end)) if end < start => {
                let detail = "endTime is before startTime";
                return Err(EventError::new(Code::OutOfRange, "endTime", detail));
            }
            (Some(start), Some(end)) => Some(end.0 - start.0),
            _ => None,
        };
        let step_id = self.needed("stepId", &wire.step_id, EventType::Step)?;
        let step_type = self.text("stepType", &wire.step_type)?;
        let duration = self.duration("duration", wire.duration)?.or(between);
        Ok(StepEvent {
            execution_id: self.needed("executionId", &wire.execution_id, EventType::Step)?,
            parent_step_id: self.parent_step(wire, &step_id)?,
            wait_duration: self.waited(wire, step_type.as_deref(), duration)?,
            step_id,
            step_name: self.attribute("stepName", &wire.step_name)?,
            step_type,
            status: self.word("status", &wire.status, StepStatus::ALL, |s| s.name())?,
            start_time,
            end_time,
            duration,
            attempt: self.count("attempt", wire.attempt)?,
            input_size: self.count("inputSize", wire.input_size)?,
            output_size: self.count("outputSize", wire.output_size)?,
            items_in: self.count("itemsIn", wire.items_in)?,
            items_out: self.count("itemsOut", wire.items_out)?,
            credits_used: self.amount("creditsUsed", wire.credits_used)?,
            cache_hit: wire.cache_hit,
            error_type: self.attribute("errorType", &wire.error_type)?,
            error_message: self.message(&wire.error_message),
            error_key: None,
        })
    }

    /// The step that contains this one.
    fn parent_step(&self, wire: &Wire, step_id: &str) -> Checked<Option<String>> {
        let parent = self.text("parentStepId", &wire.parent_step_id)?;
        if parent.as_deref() == Some(step_id) {
            let detail = "parentStepId is the step's own stepId; send the id of the step that \
                contains this one, or leave it out";
            return Err(EventError::new(Code::OutOfRange, "parentStepId", detail));
        }
        Ok(parent)
    }

    /// How much of its duration the step waited: as sent, or judged by its type.
    fn waited(
        &self,
        wire: &Wire,
        step_type: Option<&str>,
        duration: Option<i64>,
    ) -> Checked<Option<i64>> {
        match (self.duration("waitDuration", wire.wait_duration)?, duration) {
            (Some(wait), Some(duration)) if wait > duration => {
                let detail = format!(
                    "waitDuration is {wait}, but the step took {duration} ms; send how much of its duration it waited"
                );
                Err(EventError::new(Code::OutOfRange, "waitDuration", detail))
            }
            (Some(1..), None) => {
                let detail = "waitDuration is part of the duration; send duration too, or startTime and endTime";
                Err(EventError::new(Code::MissingField, "duration", detail))
            }
            (Some(wait), Some(_)) => Ok(Some(wait)),
            (None, Some(duration)) => {
                let is_waiting = step_type.is_some_and(waits);
                Ok(Some(if is_waiting { duration } else { 0 }))
            }
            (_, None) => Ok(None),
        }
    }
}
