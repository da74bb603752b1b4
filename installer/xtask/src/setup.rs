//! Brings a machine from "Rust, Node and git" to everything that build, tests and demo need. Does nothing twice.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::{python, shell};

/// Debian packages by what they are for. `--no-install-recommends`: nothing here wants a desktop environment.
const PACKAGES: &[(&str, &[&str])] = &[
    ("to compile and link", &["build-essential", "pkg-config", "perl", "make"]),
    ("to link smart card readers", &["libpcsclite-dev"]),
    ("to link the window (Tauri on WebKitGTK)", &["libwebkit2gtk-4.1-dev"]),
    ("to read virtual smart cards through the real service", &["pcscd", "vsmartcard-vpcd", "opensc"]),
    ("to isolate tests in namespaces of their own", &["iproute2", "util-linux", "mount"]),
    ("to print on a real IPP printer without paper", &["cups-ipp-utils", "dbus"]),
    ("to keep keys in a real keyring", &["gnome-keyring"]),
    ("to keep the account service's data in a real PostgreSQL", &["postgresql-15"]),
    ("to try the account service's contract with schemathesis", &["python3", "python3-venv"]),
    ("to look at printed pages", &["poppler-utils", "zbar-tools", "qpdf"]),
    ("to drive and photograph the window", &["webkit2gtk-driver", "xvfb", "xauth", "chromium"]),
];

/// Cargo tools with the versions that the suite was made with.
const TOOLS: &[(&str, &str, &str)] = &[
    ("cargo-deny", "0.20.2", "licences, sources and bans of dependencies"),
    ("tauri-driver", "2.1.0", "drives the window by WebDriver"),
];

/// Node.js versions that the front end's tools support: this line from its minor version on, or the later one and all after.
const NODE: [(u32, u32); 2] = [(20, 19), (22, 12)];

pub(crate) fn run(root: &Path, check: bool) -> Result<()> {
    let packages = missing_packages();
    let tools = missing_tools();
    let node = node_problem();
    let modules = !root.join("ui/node_modules/.package-lock.json").exists();
    let schemathesis = !python::is_ready(root);
    if packages.is_empty() && tools.is_empty() && node.is_none() && !modules && !schemathesis {
        println!("setup: nothing is missing");
        return Ok(());
    }
    for (reason, names) in &packages {
        println!("setup: Debian packages {} ({reason})", names.join(" "));
    }
    for (name, version, reason) in &tools {
        println!("setup: cargo tool {name} {version} ({reason})");
    }
    if modules {
        println!("setup: npm packages of ui/ (the user interface)");
    }
    if schemathesis {
        println!(
            "setup: schemathesis from the Python package index (the account service held to its contract)"
        );
    }
    if let Some(problem) = &node {
        println!("setup: {problem}");
    }
    if check {
        bail!("this machine lacks what is named above; `cargo xtask setup` installs it");
    }
    if let Some(problem) = node {
        bail!("{problem}; it can't be installed from here");
    }
    let names: Vec<&str> = packages.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    if !names.is_empty() {
        install_packages(root, &names)?;
    }
    for (name, version, _) in tools {
        shell::run(root, "cargo", &["install", "--locked", "--quiet", "--version", version, name])
            .with_context(|| format!("{name} {version} could not be installed from the crate registry"))?;
    }
    if modules {
        shell::run(&root.join("ui"), "npm", &["ci", "--no-audit", "--no-fund"])
            .context("the npm packages of ui/ could not be installed")?;
    }
    // Its test says that it is skipped: one tool of many that look at the contract.
    if schemathesis && let Err(error) = python::install(root) {
        println!("skipped: schemathesis could not be installed: {error:#}");
    }
    Ok(())
}

fn missing_packages() -> Vec<(&'static str, Vec<&'static str>)> {
    PACKAGES
        .iter()
        .map(|(reason, names)| {
            (*reason, names.iter().copied().filter(|name| !installed(name)).collect::<Vec<_>>())
        })
        .filter(|(_, names)| !names.is_empty())
        .collect()
}

fn installed(package: &str) -> bool {
    shell::read("dpkg-query", &["-W", "-f", "${db:Status-Status}", package])
        .is_some_and(|status| status == "installed")
}

fn missing_tools() -> Vec<(&'static str, &'static str, &'static str)> {
    let list = shell::read("cargo", &["install", "--list"]).unwrap_or_default();
    let wanted = |(name, version, _): &&(&str, &str, &str)| {
        !list.lines().any(|line| line.starts_with(&format!("{name} v{version}:")))
    };
    TOOLS.iter().filter(wanted).copied().collect()
}

fn node_problem() -> Option<String> {
    let [(line, minor), later] = NODE;
    let wanted = format!("Node.js {line}.{minor}, or {}.{} and later, with npm", later.0, later.1);
    let Some(said) = shell::read("node", &["--version"]) else {
        return Some(format!("{wanted} is needed and not there"));
    };
    let mut numbers =
        said.trim().trim_start_matches('v').split('.').map_while(|number| number.parse::<u32>().ok());
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let fits = (version.0 == line && version.1 >= minor) || version >= later;
    (!fits).then(|| format!("{wanted} is needed, this is {}", said.trim()))
}

fn install_packages(root: &Path, names: &[&str]) -> Result<()> {
    if shell::read("apt-get", &["--version"]).is_none() {
        bail!(
            "this is no Debian; please install the equivalents of {} by hand, then call again",
            names.join(" ")
        );
    }
    let root_user = shell::read("id", &["-u"]).is_some_and(|id| id.trim() == "0");
    let sudo = shell::read("sudo", &["--version"]).is_some();
    let prefix: &[&str] = match (root_user, sudo) {
        (true, _) => &["env", "DEBIAN_FRONTEND=noninteractive"],
        (false, true) => &["sudo", "env", "DEBIAN_FRONTEND=noninteractive"],
        (false, false) => bail!(
            "installing packages needs an administrator; please ask one to run\n  apt-get install --no-install-recommends {}",
            names.join(" ")
        ),
    };
    let call = |arguments: &[&str]| {
        let all: Vec<&str> = prefix.iter().chain(arguments).copied().collect();
        let (program, rest) = all.split_first().context("no command")?;
        shell::run(root, program, rest)
    };
    call(&["apt-get", "-q", "update"])
        .context("the package lists could not be refreshed: is this machine online?")?;
    let mut install = vec!["apt-get", "-qq", "install", "-y", "--no-install-recommends"];
    install.extend(names);
    call(&install).context("a Debian package could not be installed; its name is in the message above")
}
