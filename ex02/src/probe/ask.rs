//! How does the oracle ask database and endpoint at once, without waiting too long?

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::answer::{Connections, Why};
use super::http::Unanswered;
use super::{database, endpoint, http};
use crate::config::Config;
use crate::sources::Sources;
use crate::words::{Outside, Words};

/// How long the thread may take to say that the time is over.
const LAST_STEPS: Duration = Duration::from_millis(200);

/// The machines that may be asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Machines {
    /// Only this one.
    ThisOne,
    /// Also others (`--probe`).
    All,
}

/// The hosts beyond this machine that will be asked. A note names them first.
pub fn destinations(config: &Config, machines: Machines) -> Vec<Words> {
    let database = database::database_to_ask(config, machines).ok();
    let database = database.filter(|it| !it.is_local()).map(|it| {
        let hosts = it.hosts().into_iter().map(Outside::from);
        Words::joined(hosts, ", ")
    });
    let endpoint = endpoint::endpoint_to_ask(config, machines).ok();
    let endpoint = endpoint.filter(|it| !it.is_local());
    let endpoint = endpoint.map(|it| Outside::from(it.host).into());
    database.into_iter().chain(endpoint).collect()
}

/// Asks the database and the endpoint, if they may be asked.
pub fn ask(
    config: &Config,
    sources: &Sources,
    machines: Machines,
    timeout: Duration,
) -> Connections {
    // It may ask git, which has its own time.
    let key = endpoint::key(config, sources, timeout);
    let deadline = Instant::now() + timeout;
    let database = database::database_to_ask(config, machines);
    let database = database.map(|it| {
        let waiting = start(it.clone(), database::ask);
        (it, waiting)
    });
    let endpoint = endpoint::endpoint_to_ask(config, machines).map(|it| {
        let key = key.as_ref().ok().cloned();
        start(it, move |it| {
            let answers = http::ask(it, key.as_ref(), deadline);
            answers.map_err(|why| match why {
                Unanswered::Late => Why::Late(timeout),
                why => Why::Http(why),
            })
        })
    });
    let database = match database {
        Ok((database, waiting)) => {
            database::known(&database, wait(waiting.as_ref(), deadline, timeout))
        }
        Err(known) => known,
    };
    // When only the answer with the key is late, the other one is still to come.
    let last = deadline + LAST_STEPS;
    let answers = endpoint.map(|waiting| wait(waiting.as_ref(), last, timeout));
    let (api, zion) = endpoint::known(config, key.err().flatten(), answers);
    Connections {
        database,
        api,
        zion,
    }
}

/// Asks in a thread of its own, if the system has a free one. The thread ends with the process.
fn start<Q: Send + 'static, A: Send + 'static>(
    whom: Q,
    question: impl FnOnce(&Q) -> A + Send + 'static,
) -> Option<Receiver<A>> {
    let (sender, receiver) = mpsc::channel();
    let started = thread::Builder::new().spawn(move || sender.send(question(&whom)));
    started.ok().map(|_| receiver)
}

/// Waits for the answer, at most until the deadline.
fn wait<T>(
    answer: Option<&Receiver<Result<T, Why>>>,
    deadline: Instant,
    timeout: Duration,
) -> Result<T, Why> {
    let left = deadline.saturating_duration_since(Instant::now());
    let answer = answer.ok_or(Why::NoThread)?;
    answer
        .recv_timeout(left)
        .unwrap_or_else(|error| match error {
            RecvTimeoutError::Timeout => Err(Why::Late(timeout)),
            RecvTimeoutError::Disconnected => Err(Why::Bug),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_stops_is_no_missing_thread() {
        let (sender, receiver) = mpsc::channel::<Result<(), Why>>();
        drop(sender);
        let second = Duration::from_secs(1);
        let why = |it| wait(it, Instant::now() + second, second).unwrap_err();
        assert!(matches!(why(Some(&receiver)), Why::Bug));
        assert!(matches!(why(None), Why::NoThread));
    }
}
