//! Does an answer begin as one of HTTP/1?
//!
//! ureq gives the same error to a server of another protocol and to one with a header that breaks a rule. So
//! the bytes are looked at on their way to ureq.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ureq::Error;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

/// Looks at the beginning of the last answer.
#[derive(Clone, Debug, Default)]
pub struct Beginning(Arc<AtomicBool>);

impl Beginning {
    /// True when the last answer began with the name of HTTP/1.
    pub fn is_http(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl<T: Transport> Connector<T> for Beginning {
    type Out = Watched<T>;

    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        transport: Option<T>,
    ) -> Result<Option<Watched<T>>, Error> {
        self.0.store(false, Ordering::Relaxed);
        let seen = Arc::clone(&self.0);
        Ok(transport.map(|transport| Watched { transport, seen }))
    }
}

/// A connection whose answer is looked at.
#[derive(Debug)]
pub struct Watched<T> {
    transport: T,
    seen: Arc<AtomicBool>,
}

impl<T: Transport> Transport for Watched<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.transport.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.transport.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let more = self.transport.await_input(timeout)?;
        if self.transport.buffers().input().starts_with(b"HTTP/1.") {
            self.seen.store(true, Ordering::Relaxed);
        }
        Ok(more)
    }

    fn is_open(&mut self) -> bool {
        self.transport.is_open()
    }

    fn is_tls(&self) -> bool {
        self.transport.is_tls()
    }
}
