//! How is a PostgreSQL server asked without async code?

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use tokio::runtime::{Builder, Runtime};
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
    /// Logs in. `refusal` says what an error of the client means.
    pub fn open<T>(
        config: &Config,
        tls: T,
        refusal: impl FnOnce(&Error) -> Refusal,
    ) -> Result<Self, Refusal>
    where
        T: MakeTlsConnect<Socket>,
        T::Stream: 'static,
    {
        // It needs files of its own, and the process may have too many already.
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Refusal::Unreached(error.kind()))?;
        let connected = runtime.block_on(config.connect(tls));
        let (client, connection) = connected.map_err(|error| refusal(&error))?;
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
