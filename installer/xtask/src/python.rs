//! schemathesis, in an environment of its own under `target/`: it asks the reference account service for what the contract
//! allows and forbids, and nothing of it reaches the machine or the product.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::shell;

/// Every package with its version and the hashes of its files, made from `requirements.in` beside it by
/// `pip-compile --generate-hashes --strip-extras`.
const REQUIREMENTS: &str = "tests/contract/schemathesis/requirements.txt";
/// Where the contract's test looks for it.
const ENVIRONMENT: &str = "target/schemathesis";
/// In the environment, the requirements that are installed: written last.
const INSTALLED: &str = "installed.txt";

/// Whether these very versions are there.
pub(crate) fn is_ready(root: &Path) -> bool {
    let installed = fs::read(root.join(ENVIRONMENT).join(INSTALLED)).ok();
    installed.is_some() && installed == fs::read(root.join(REQUIREMENTS)).ok()
}

/// Makes the environment anew.
pub(crate) fn install(root: &Path) -> Result<()> {
    shell::run(root, "python3", &["-m", "venv", "--clear", ENVIRONMENT])?;
    let python = root.join(ENVIRONMENT).join("bin/python").display().to_string();
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];
    let only = ["--require-hashes", "--only-binary", ":all:", "--requirement", REQUIREMENTS];
    shell::run(root, &python, &[&pip[..], &only[..]].concat())?;
    let requirements = root.join(REQUIREMENTS);
    fs::copy(&requirements, root.join(ENVIRONMENT).join(INSTALLED))
        .with_context(|| format!("copying {}", requirements.display()))?;
    Ok(())
}
