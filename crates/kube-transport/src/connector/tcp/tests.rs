use std::net::{Ipv4Addr, Ipv6Addr};

use tokio::net::{TcpListener, TcpSocket, TcpStream};

use super::*;

const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const OTHER_V4: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

/// How an address responds.
#[derive(Clone, Copy, PartialEq, Debug)]
enum State {
    Alive,
    /// Refuses connections.
    Dead,
    /// Drops packets like a firewall: its accept queue is full.
    Silent,
}
use State::{Alive, Dead, Silent};

/// The addresses of one host at one port, until dropped.
struct Host {
    addresses: Vec<SocketAddr>,
    listeners: Vec<(State, TcpListener)>,
    held: (Vec<TcpSocket>, Vec<TcpStream>),
}

impl Host {
    async fn of(wanted: &[(IpAddr, State)]) -> Self {
        let mut host = Self {
            addresses: Vec::new(),
            listeners: Vec::new(),
            held: (Vec::new(), Vec::new()),
        };
        for (socket, (_, state)) in at_one_port(wanted).into_iter().zip(wanted) {
            let address = socket.local_addr().unwrap();
            host.addresses.push(address);
            match state {
                Dead => host.held.0.push(socket),
                Alive => host.listeners.push((Alive, socket.listen(16).unwrap())),
                Silent => {
                    host.listeners.push((Silent, socket.listen(1).unwrap()));
                    let moment = Duration::from_millis(300);
                    let another = || tokio::time::timeout(moment, TcpStream::connect(address));
                    while let Ok(waiting) = another().await {
                        host.held.1.push(waiting.unwrap());
                    }
                }
            }
        }
        host
    }
}

/// Binds without listening.
fn at_one_port(wanted: &[(IpAddr, State)]) -> Vec<TcpSocket> {
    let bind = |ip: IpAddr, port| {
        let socket = match ip {
            IpAddr::V4(_) => TcpSocket::new_v4(),
            IpAddr::V6(_) => TcpSocket::new_v6(),
        };
        let socket = socket.unwrap();
        socket.bind((ip, port).into()).map(|()| socket)
    };
    bind(V6, 0).expect("IPv6 is on: ::1 is an address of this machine");
    loop {
        let mut port = 0;
        let sockets = wanted.iter().map(|(ip, _)| {
            let socket = bind(*ip, port)?;
            port = socket.local_addr()?.port();
            Ok(socket)
        });
        // Another process may have that port at another address.
        if let Ok(sockets) = sockets.collect::<io::Result<_>>() {
            return sockets;
        }
    }
}

/// Checks that the one listening address is reached.
async fn is_reached(wanted: &[(IpAddr, State)]) {
    let host = Host::of(wanted).await;
    let connected = connect(host.addresses.clone(), Duration::from_secs(4)).await;
    assert!(connected.is_ok(), "{wanted:?}: {:?}", connected.err());
    let alive = host.listeners.iter().find(|(state, _)| *state == Alive);
    alive.unwrap().1.accept().await.unwrap();
}

#[tokio::test]
async fn one_listening_address_is_enough() {
    is_reached(&[(V6, Alive)]).await;
    is_reached(&[(V4, Dead), (OTHER_V4, Alive)]).await;
    is_reached(&[(V4, Dead), (V6, Alive)]).await;
    is_reached(&[(V6, Dead), (V4, Alive)]).await;
    is_reached(&[(V6, Dead), (V4, Dead), (OTHER_V4, Alive)]).await;
    is_reached(&[(V4, Dead), (V6, Alive), (OTHER_V4, Dead)]).await;
}

#[tokio::test]
async fn a_silent_address_leaves_time_for_the_next() {
    is_reached(&[(V4, Silent), (V6, Alive)]).await;
    is_reached(&[(V6, Silent), (V4, Alive)]).await;
    is_reached(&[(V4, Silent), (OTHER_V4, Alive)]).await;
    is_reached(&[(V6, Dead), (V4, Silent), (OTHER_V4, Alive)]).await;
}

#[tokio::test]
async fn failures_of_all_addresses_are_distinguished() {
    let told = async |wanted: &[(IpAddr, State)]| {
        let host = Host::of(wanted).await;
        let connected = connect(host.addresses.clone(), Duration::from_secs(1)).await;
        connected.err().unwrap()
    };
    let refused = told(&[(V4, Dead), (V6, Dead)]).await;
    assert!(matches!(refused, Problem::Failed(_)), "{refused:?}");
    let swallowed = told(&[(V4, Silent), (V6, Silent)]).await;
    assert!(matches!(swallowed, Problem::TimedOut(_)), "{swallowed:?}");
}

#[tokio::test]
async fn a_number_is_not_a_name() {
    for host in [
        "010.0.0.1",
        "1",
        "127.1",
        "0x7f.0.0.1",
        "2130706433",
        "1.2.3.4.",
    ] {
        let found = resolve(host, 443).await;
        assert!(
            matches!(found, Err(Problem::Failed(_))),
            "{host}: {found:?}"
        );
    }
    for host in ["127.0.0.1", "::1", "localhost"] {
        assert!(resolve(host, 443).await.is_ok(), "{host}");
    }
    for host in ["cp.1", "0xyz", "1a", "x"] {
        assert!(!is_only_numbers(host), "{host}");
    }
}
