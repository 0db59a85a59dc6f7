//! How is a proxy asked for a whole address? ureq asks it for a tunnel only, which a proxy of plain http may refuse.
//!
//! The request goes to the proxy with the address as its path, and loses the path's first slash on its way out:
//! `GET /http://host/ HTTP/1.1` becomes `GET http://host/ HTTP/1.1`. Source: RFC 9112, section 3.2.2.

use ureq::Error;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

/// What stands before the slash.
const METHOD: &[u8] = b"GET ";

/// Connections whose requests name whole addresses.
#[derive(Debug)]
pub struct Absolute;

/// One of them.
#[derive(Debug)]
pub struct Line<T> {
    inner: T,
    /// Whether the request's first line is still to come.
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
