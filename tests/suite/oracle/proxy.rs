//! Through which proxy a server is reached: the settings of a file, one a line, answered by Go and by us.

use std::fs;

use conformance::oracle::{Answer, Oracle};
use conformance::paths;
use conformance::suite::Test;
use conformance::tests;
use kube_transport::{Proxy, ProxyEnvironment};
use serde_json::{Map, Value, json};

pub(crate) const TESTS: &[Test] = tests!["proxy":
    a_setting_leads_where_go_goes,
];

fn a_setting_leads_where_go_goes() {
    let file = fs::read_to_string(paths::workspace().join("tests/proxies/settings.txt")).unwrap();
    let lines: Vec<_> = file
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let settings: Vec<_> = lines.iter().map(|line| setting(line)).collect();
    let answers = Oracle::start().ask_all(&settings);
    let mut asked = [0, 0, 0];
    for ((line, setting), theirs) in lines.iter().zip(&settings).zip(&answers) {
        let ours = ours(setting);
        match (&ours, theirs) {
            (Ok(ours), Answer::Ok(theirs)) => {
                assert_eq!(ours, theirs, "{line}");
                asked[usize::from(ours.is_null())] += 1;
            }
            (Err(()), Answer::Error(_)) => asked[2] += 1,
            _ => panic!("{line}: ours {ours:?}, Go's {theirs:?}"),
        }
    }
    assert!(
        asked.iter().sum::<usize>() >= 60 && asked.iter().all(|&times| times > 3),
        "{asked:?}"
    );
}

/// The question of a line.
fn setting(line: &str) -> Value {
    let (server, settings) = line.split_once(' ').unwrap_or((line, ""));
    let mut environment = Map::new();
    let mut proxy_url = Value::from("");
    for setting in settings.split(" ; ").filter(|setting| !setting.is_empty()) {
        let (name, value) = setting.split_once('=').unwrap();
        let value = Value::from(value.replace("PROXY", "proxy.example:3128"));
        match name {
            "proxy-url" => proxy_url = value,
            name => drop(environment.insert(name.to_owned(), value)),
        }
    }
    json!({"op": "proxy", "server": server, "proxy_url": proxy_url, "environment": environment})
}

fn ours(setting: &Value) -> Result<Value, ()> {
    let proxy = match setting["proxy_url"].as_str().unwrap() {
        "" => {
            let env = |name: &str| Some(setting["environment"][name].as_str()?.into());
            let server = setting["server"].as_str().unwrap().parse().unwrap();
            ProxyEnvironment::new(env)
                .proxy_for(&server)
                .map_err(drop)?
        }
        url => Some(url.parse::<Proxy>().map_err(drop)?),
    };
    let Some(proxy) = proxy else {
        return Ok(Value::Null);
    };
    let shown = proxy.to_string();
    let mut answer = json!({
        "scheme": shown.split_once("://").unwrap().0,
        "host": proxy.host(),
        "port": proxy.port().to_string(),
    });
    if let Some((user, password)) = proxy.expose_login() {
        answer["user"] = user.into();
        answer["password"] = password.into();
    }
    Ok(answer)
}
