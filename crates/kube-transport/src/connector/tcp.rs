use core::convert::Infallible;
use core::error::Error;
use core::future::{Ready, ready};
use core::iter;
use core::task::{Context, Poll};
use core::time::Duration;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::vec;

use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use tower::{Service, ServiceExt as _};

use super::bulk::Bulk;
use super::{Io, Problem};

/// Resolves all addresses of a host.
pub(super) async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, Problem> {
    let failed = |error: io::Error| Problem::Failed(error.into());
    if is_only_numbers(host) && host.parse::<IpAddr>().is_err() {
        const WHY: &str = "that is a number, and neither an address nor a name";
        return Err(failed(io::Error::new(io::ErrorKind::InvalidInput, WHY)));
    }
    let addresses = tokio::net::lookup_host((host, port))
        .await
        .map_err(failed)?;
    Ok(addresses.collect())
}

/// Returns whether the C library reads this as an IPv4 address in its own way (`inet_aton`): `010.0.0.1` as 8.0.0.1,
/// and `1` as 0.0.0.1. To Go it is a name that does not exist.
fn is_only_numbers(host: &str) -> bool {
    let is_number = |part: &str| {
        let (digits, radix) = match part.get(..2) {
            Some("0x" | "0X") => (&part[2..], 16),
            _ => (part, 10),
        };
        digits.chars().all(|c| c.is_digit(radix))
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    !host.is_empty() && host.split('.').all(is_number)
}

/// Connects to the first address that accepts. Tries the other address family after 0.3 seconds, as Go does (RFC 8305).
pub(super) async fn connect(addresses: Vec<SocketAddr>, limit: Duration) -> Result<Io, Problem> {
    let port = addresses.first().map_or(0, SocketAddr::port);
    let several = addresses.len() > 1;
    let mut connector = HttpConnector::new_with_resolver(Resolved(addresses));
    connector.set_nodelay(true);
    // Divided among the addresses, so that one that drops packets leaves time for the next.
    connector.set_connect_timeout(several.then_some(limit));
    // The connector resolves every name.
    let uri = Uri::builder()
        .scheme("http")
        .authority(format!("resolved:{port}"))
        .path_and_query("/")
        .build()
        .map_err(|error| Problem::Failed(error.into()))?;
    match connector.oneshot(uri).await {
        Ok(stream) => Ok(Io::new(Bulk::new(stream.into_inner()))),
        Err(error) if is_timeout(&error) => Err(Problem::TimedOut(limit)),
        Err(error) => Err(Problem::Failed(error.into())),
    }
}

/// Returns whether the last address timed out.
fn is_timeout(error: &(dyn Error + 'static)) -> bool {
    iter::successors(Some(error), |&error| error.source())
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::TimedOut)
}

/// Addresses that are already resolved.
#[derive(Clone)]
struct Resolved(Vec<SocketAddr>);

impl Service<Name> for Resolved {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Name) -> Self::Future {
        ready(Ok(self.0.clone().into_iter()))
    }
}

#[cfg(test)]
mod tests;
