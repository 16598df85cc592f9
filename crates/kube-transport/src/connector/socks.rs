//! SOCKS 5 (RFC 1928) with user name and password (RFC 1929), as in net/http: the proxy resolves names.

use std::net::IpAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use zeroize::Zeroizing;

use super::{Io, Problem, Target};
use crate::proxy::Login;

const VERSION: u8 = 5;
const NO_LOGIN: u8 = 0;
const PASSWORD: u8 = 2;
const PASSWORD_VERSION: u8 = 1;
const CONNECT: u8 = 1;
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;

pub(super) async fn connect(
    io: &mut Io,
    target: &Target,
    login: Option<&Login>,
) -> Result<(), Problem> {
    let methods: &[u8] = match login {
        Some(_) => &[VERSION, 2, NO_LOGIN, PASSWORD],
        None => &[VERSION, 1, NO_LOGIN],
    };
    send(io, methods).await?;
    match (read::<2>(io).await?, login) {
        ([VERSION, NO_LOGIN], _) => {}
        ([VERSION, PASSWORD], Some(login)) => log_in(io, login).await?,
        ([VERSION, _], _) => return Err(Problem::SocksLogin),
        _ => return Err(Problem::NotAProxy),
    }
    let mut request = vec![VERSION, CONNECT, 0];
    match target.host.parse() {
        Ok(IpAddr::V4(address)) => {
            request.push(IPV4);
            request.extend_from_slice(&address.octets());
        }
        Ok(IpAddr::V6(address)) => {
            request.push(IPV6);
            request.extend_from_slice(&address.octets());
        }
        Err(_) => {
            // DNS names are shorter.
            let length = u8::try_from(target.host.len()).map_err(|_| Problem::SocksRefused(8))?;
            request.extend_from_slice(&[NAME, length]);
            request.extend_from_slice(target.host.as_bytes());
        }
    }
    request.extend_from_slice(&target.port.to_be_bytes());
    send(io, &request).await?;
    let [version, code, _, kind] = read::<4>(io).await?;
    if version != VERSION {
        return Err(Problem::NotAProxy);
    }
    if code != 0 {
        return Err(Problem::SocksRefused(code));
    }
    let length = match kind {
        IPV4 => 4,
        IPV6 => 16,
        NAME => read::<1>(io).await?[0].into(),
        _ => return Err(Problem::NotAProxy),
    };
    // The local address and port of the proxy's connection.
    let mut bound = vec![0; length + 2];
    io.read_exact(&mut bound).await.map_err(failed)?;
    Ok(())
}

async fn log_in(io: &mut Io, Login { user, password }: &Login) -> Result<(), Problem> {
    let length = |text: &str| u8::try_from(text.len()).map_err(|_| Problem::SocksLogin);
    let mut request = Zeroizing::new(Vec::with_capacity(3 + user.len() + password.len()));
    request.extend_from_slice(&[PASSWORD_VERSION, length(user)?]);
    request.extend_from_slice(user.as_bytes());
    request.push(length(password)?);
    request.extend_from_slice(password.as_bytes());
    send(io, &request).await?;
    match read::<2>(io).await? {
        [PASSWORD_VERSION, 0] => Ok(()),
        [PASSWORD_VERSION, _] => Err(Problem::SocksLogin),
        _ => Err(Problem::NotAProxy),
    }
}

async fn send(io: &mut Io, bytes: &[u8]) -> Result<(), Problem> {
    io.write_all(bytes).await.map_err(failed)?;
    io.flush().await.map_err(failed)
}

async fn read<const N: usize>(io: &mut Io) -> Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    io.read_exact(&mut bytes).await.map_err(failed)?;
    Ok(bytes)
}

fn failed(error: std::io::Error) -> Problem {
    Problem::Failed(error.into())
}
