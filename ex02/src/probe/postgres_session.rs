//! How is a PostgreSQL server asked without async code?

use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Instant;

use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout_at;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Config, Error, SimpleQueryMessage, Socket};

use super::refusal::Refusal;

/// A login that a server accepted.
pub struct Session {
    client: Client,
    /// Sends what the client says and reads what the server answers, while somebody waits for it.
    connection: Pin<Box<dyn Future<Output = Result<(), Error>>>>,
    runtime: Runtime,
}

impl Session {
    /// Logs in before the deadline. `refusal` says what an error of the client means, and is told whether
    /// somebody had accepted the connection by then.
    pub fn open<T>(
        config: &Config,
        tls: T,
        deadline: Option<Instant>,
        refusal: impl FnOnce(&Error, bool) -> Refusal,
    ) -> Result<Self, Refusal>
    where
        T: MakeTlsConnect<Socket>,
        T::Stream: 'static,
    {
        // It needs files of its own, and the process may have too many already.
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Refusal::Unreached(error.kind()))?;
        let accepted = Arc::new(AtomicBool::new(false));
        let noted = Noted {
            tls,
            accepted: Arc::clone(&accepted),
        };
        let connected = runtime.block_on(async {
            let connecting = config.connect(noted);
            match deadline {
                Some(deadline) => timeout_at(deadline.into(), connecting).await,
                None => Ok(connecting.await),
            }
        });
        let connected = connected.map_err(|_| Refusal::Unreached(io::ErrorKind::TimedOut))?;
        let (client, connection) =
            connected.map_err(|error| refusal(&error, accepted.load(Ordering::Relaxed)))?;
        Ok(Self {
            client,
            connection: Box::pin(connection),
            runtime,
        })
    }

    /// Asks, and waits for the answer. The connection's own error says more than the client's, which knows
    /// only that the connection is gone.
    pub fn ask(&mut self, question: &str) -> Result<Vec<SimpleQueryMessage>, Error> {
        let mut answer = pin!(self.client.simple_query(question));
        let connection = &mut self.connection;
        self.runtime
            .block_on(poll_fn(|context| match connection.as_mut().poll(context) {
                Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
                _ => answer.as_mut().poll(context),
            }))
    }

    /// Says goodbye. A server that was not told writes a warning into its log.
    pub fn end(self) {
        drop(self.client);
        // Everything was answered. How the connection ends does not matter.
        let _ = self.runtime.block_on(self.connection);
    }
}

/// Notes that a connection was accepted: only then does the client prepare its encryption. The kind of its
/// error does not tell.
struct Noted<T> {
    tls: T,
    accepted: Arc<AtomicBool>,
}

impl<T: MakeTlsConnect<Socket>> MakeTlsConnect<Socket> for Noted<T> {
    type Stream = T::Stream;
    type TlsConnect = T::TlsConnect;
    type Error = T::Error;

    fn make_tls_connect(&mut self, domain: &str) -> Result<T::TlsConnect, T::Error> {
        self.accepted.store(true, Ordering::Relaxed);
        self.tls.make_tls_connect(domain)
    }
}
