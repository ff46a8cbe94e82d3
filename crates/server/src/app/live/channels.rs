//! Answers shared by subscribers: one task for each question, as long as it has listeners.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

use super::EACH;
use crate::app::AppError;

/// After this long without a commit, a task recomputes anyway, because ranges that end now keep moving.
const ANYWAY: Duration = Duration::from_secs(30);

/// The newest answer to each question that has listeners.
pub(super) struct Channels<K, V>(Arc<Mutex<HashMap<K, watch::Sender<V>>>>);

impl<K, V> Default for Channels<K, V> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Clone + Eq + Hash + Send + 'static, V: Send + Sync + 'static> Channels<K, V> {
    /// Subscribes to a question. If it had no listeners, the answer starts as `initial`, and `look` updates
    /// it at every beat of the pulse.
    pub(super) fn listen<Looking>(
        &self,
        key: K,
        initial: V,
        pulse: Pulse,
        look: impl FnMut(watch::Sender<V>) -> Looking + Send + 'static,
    ) -> watch::Receiver<V>
    where
        Looking: Future<Output = Result<(), AppError>> + Send,
    {
        let mut channels = self.channels();
        if let Some(sender) = channels.get(&key) {
            return sender.subscribe();
        }
        let (sender, receiver) = watch::channel(initial);
        channels.insert(key.clone(), sender.clone());
        let channels = Self(Arc::clone(&self.0));
        tokio::spawn(async move { channels.keep(key, sender, pulse, look).await });
        receiver
    }

    async fn keep<Looking>(
        self,
        key: K,
        sender: watch::Sender<V>,
        mut pulse: Pulse,
        mut look: impl FnMut(watch::Sender<V>) -> Looking,
    ) where
        Looking: Future<Output = Result<(), AppError>>,
    {
        loop {
            match pulse.next(&sender).await {
                Beat::Look => {
                    if let Err(error) = look(sender.clone()).await {
                        tracing::warn!(%error, "could not compute a live answer; retrying");
                        pulse.again();
                    }
                }
                Beat::Unheard if self.forget(&key) => return,
                Beat::Unheard => {}
                Beat::Stopped => return,
            }
        }
    }

    /// Forgets a question without listeners; returns whether it did.
    fn forget(&self, key: &K) -> bool {
        let mut channels = self.channels();
        let unheard = channels
            .get(key)
            .is_none_or(|sender| sender.receiver_count() == 0);
        if unheard {
            channels.remove(key);
        }
        unheard
    }

    fn channels(&self) -> MutexGuard<'_, HashMap<K, watch::Sender<V>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a task is to do next.
#[derive(Debug, PartialEq, Eq)]
enum Beat {
    /// Something may have changed.
    Look,
    /// There are no listeners left.
    Unheard,
    /// The server is stopping.
    Stopped,
}

/// Decides when a task recomputes: after a relevant commit, but no more often than the lull allows, and
/// periodically.
pub(super) struct Pulse {
    /// Changes with every commit.
    pub commits: watch::Receiver<u64>,
    /// The newest commit that concerns the task.
    pub newest: Box<dyn Fn() -> u64 + Send + Sync>,
    /// The newest commit that the answer includes.
    pub seen: u64,
    /// The shortest time between two computations; longer if there are many listeners.
    pub lull: Duration,
    /// Whether the server is stopping.
    pub stopped: watch::Receiver<bool>,
    /// When the answer was last computed.
    pub looked: Instant,
}

impl Pulse {
    async fn next<V>(&mut self, heard: &watch::Sender<V>) -> Beat {
        let mut stopped = self.stopped.clone();
        tokio::select! {
            () = self.due(heard.receiver_count()) => {
                self.looked = Instant::now();
                Beat::Look
            }
            () = heard.closed() => Beat::Unheard,
            _ = stopped.wait_for(|stopped| *stopped) => Beat::Stopped,
        }
    }

    /// Causes another computation, because the last one failed.
    fn again(&mut self) {
        self.seen = 0;
    }

    async fn due(&mut self, listeners: usize) {
        let lull = self.lull.max(EACH.saturating_mul(listeners as u32));
        sleep_until(self.looked + lull).await;
        loop {
            self.commits.mark_unchanged();
            let newest = (self.newest)();
            if newest > self.seen {
                self.seen = newest;
                return;
            }
            tokio::select! {
                Ok(()) = self.commits.changed() => {}
                () = sleep_until(self.looked + ANYWAY) => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    const LULL: Duration = Duration::from_millis(20);

    /// A store of one number, and its channels.
    struct World {
        commits: watch::Sender<u64>,
        stop: watch::Sender<bool>,
        looks: Arc<AtomicU64>,
        channels: Channels<&'static str, u64>,
    }

    impl World {
        fn new() -> Self {
            Self {
                commits: watch::Sender::new(5),
                stop: watch::Sender::new(false),
                looks: Arc::default(),
                channels: Channels::default(),
            }
        }

        fn listen(&self) -> watch::Receiver<u64> {
            let (commits, looks) = (self.commits.subscribe(), Arc::clone(&self.looks));
            let newest = commits.clone();
            let pulse = Pulse {
                commits: commits.clone(),
                newest: Box::new(move || *newest.borrow()),
                seen: 5,
                lull: LULL,
                stopped: self.stop.subscribe(),
                looked: Instant::now(),
            };
            let look = move |sender: watch::Sender<u64>| {
                looks.fetch_add(1, Ordering::Relaxed);
                sender.send_replace(*commits.borrow());
                async { Ok(()) }
            };
            self.channels.listen("all", 5, pulse, look)
        }
    }

    #[tokio::test]
    async fn many_listeners_share_one_task_that_computes_once_for_many_commits() {
        let world = World::new();
        let mut listeners: Vec<_> = (0..100).map(|_| world.listen()).collect();
        for sequence in 6..=40 {
            world.commits.send_replace(sequence);
        }
        for listener in &mut listeners {
            listener.wait_for(|&seen| seen == 40).await.unwrap();
        }
        assert_eq!(world.looks.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn computations_are_separated_by_a_lull() {
        let world = World::new();
        let mut listener = world.listen();
        let before = Instant::now();
        world.commits.send_replace(6);
        listener.wait_for(|&seen| seen == 6).await.unwrap();
        world.commits.send_replace(7);
        listener.wait_for(|&seen| seen == 7).await.unwrap();
        assert!(before.elapsed() >= LULL * 2, "{:?}", before.elapsed());
        assert_eq!(world.looks.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn a_question_without_listeners_is_forgotten() {
        let world = World::new();
        let (first, second) = (world.listen(), world.listen());
        drop(first);
        assert!(!world.channels.forget(&"all"), "one still listens");
        drop(second);
        let forgotten = async {
            while !world.channels.channels().is_empty() {
                tokio::task::yield_now().await;
            }
        };
        let deadline = Duration::from_secs(30);
        tokio::time::timeout(deadline, forgotten).await.unwrap();
        let again = world.listen();
        assert_eq!(*again.borrow(), 5, "it starts again");
    }

    #[tokio::test]
    async fn a_failed_computation_is_retried() {
        let world = World::new();
        let commits = world.commits.subscribe();
        let newest = commits.clone();
        let pulse = Pulse {
            commits,
            newest: Box::new(move || *newest.borrow()),
            seen: 5,
            lull: LULL,
            stopped: world.stop.subscribe(),
            looked: Instant::now(),
        };
        let mut tries = 0;
        let look = move |sender: watch::Sender<u64>| {
            tries += 1;
            let now = tries;
            async move {
                if now < 3 {
                    return Err(AppError::internal("busy"));
                }
                sender.send_replace(now);
                Ok(())
            }
        };
        let mut listener = world.channels.listen("other", 0, pulse, look);
        world.commits.send_replace(6);
        listener.wait_for(|&tries| tries == 3).await.unwrap();
    }
}
