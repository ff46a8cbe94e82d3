//! The closed sets of words in events: types, states and error classes.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// Every value.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];
            /// The name in the API and in storage.
            pub fn name(self) -> &'static str { match self { $($name::$variant => $word,)* } }
            /// The value with this name.
            pub fn from_name(word: &str) -> Option<Self> {
                match word { $($word => Some($name::$variant),)* _ => None }
            }
        }
    };
}

words! {
    /// The event types.
    EventType {
        /// A state of an execution.
        Execution = "execution",
        /// A finished step.
        Step = "step",
        /// A cost.
        Cost = "cost",
        /// A user's action.
        Activity = "activity",
        /// A generated document.
        Document = "document",
        /// A movement in a queue.
        Queue = "queue",
        /// A goal that was reached.
        Goal = "goal",
    }
}

words! {
    /// The state of an execution. Of two states at the same time, the later one in this list
    /// counts.
    Status {
        /// Running.
        Started = "started",
        /// Waiting for a time or a person.
        Waiting = "waiting",
        /// Ended successfully.
        Completed = "completed",
        /// Ended with an error.
        Failed = "failed",
        /// Stopped on purpose.
        Canceled = "canceled",
        /// Ended because the engine crashed.
        Crashed = "crashed",
    }
}

impl Status {
    /// Whether the execution has ended.
    pub fn is_terminal(self) -> bool {
        !matches!(self, Status::Started | Status::Waiting)
    }
}

words! {
    /// How a step ended.
    StepStatus {
        /// Ended successfully.
        Completed = "completed",
        /// Ended with an error.
        Failed = "failed",
        /// Not run.
        Skipped = "skipped",
    }
}

words! {
    /// Whether a document was generated.
    DocumentStatus {
        /// Generated.
        Completed = "completed",
        /// Generation failed.
        Failed = "failed",
    }
}

words! {
    /// What happened in a queue.
    QueueAction {
        /// An item was added.
        Enqueued = "enqueued",
        /// An item was removed.
        Dequeued = "dequeued",
    }
}

words! {
    /// The class of an error.
    ErrorClass {
        /// A call did not complete in time.
        Timeout = "timeout",
        /// A host could not be reached, or not securely.
        Network = "network",
        /// Credentials or permissions were rejected.
        Auth = "auth",
        /// Too many requests in a short time; a later attempt can succeed.
        RateLimit = "rate_limit",
        /// The input was rejected.
        Validation = "validation",
        /// Something named in the request does not exist.
        NotFound = "not_found",
        /// The other side failed internally.
        Server = "server",
        /// A limit is used up: credits, a plan's quota, connections, memory, disk space.
        Quota = "quota",
        /// The workflow's own code or expression is wrong.
        Code = "code",
        /// None of the others, as far as the error message shows.
        Unknown = "unknown",
    }
}
