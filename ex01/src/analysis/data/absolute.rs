//! How is a proxy asked for a whole address? ureq asks for a tunnel only, and a proxy for plain http may refuse that.
//!
//! The request names the proxy as its host and the address as its path. On its way out, the path loses its first slash:
//! `GET /http://host/ HTTP/1.1` becomes `GET http://host/ HTTP/1.1`. Source: RFC 9112, section 3.2.2.

use ureq::Error;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

/// What comes before the slash.
const METHOD: &[u8] = b"GET ";

/// Connections that ask for whole addresses.
#[derive(Debug)]
pub struct Absolute;

/// One of these connections.
#[derive(Debug)]
pub struct Line<T> {
    inner: T,
    /// Whether the first line of the request was not sent yet.
    first: bool,
}

impl<In: Transport> Connector<In> for Absolute {
    type Out = Line<In>;

    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        Ok(chained.map(|inner| Line { inner, first: true }))
    }
}

impl<T: Transport> Transport for Line<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let output = self.inner.buffers().output();
        let slash = METHOD.len();
        let begins = output[..amount].starts_with(METHOD) && output.get(slash) == Some(&b'/');
        if !std::mem::take(&mut self.first) || !begins {
            return self.inner.transmit_output(amount, timeout);
        }
        output.copy_within(slash + 1..amount, slash);
        self.inner.transmit_output(amount - 1, timeout)
    }

    fn maybe_await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.inner.maybe_await_input(timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
