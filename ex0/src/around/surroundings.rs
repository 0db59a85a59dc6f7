//! What surrounds this process? A container, CI, WSL, Nix, an SSH session, and cargo.
//!
//! Container managers leave marks, and we look for these, the most reliable mark first. The name of process 1 proves nothing.

use serde::Serialize;

use super::rust_side::{self, RustSide};
use crate::support::PyPath;
use crate::support::World;
use crate::support::escape::in_words;
use crate::support::files;

/// Something that was found, and the evidence.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Detected {
    pub name: String,
    #[serde(rename = "evidence", serialize_with = "in_words")]
    pub sign: Sign,
}

/// The evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sign {
    IsSet(&'static str),
    IsThere(PyPath),
    /// The kernel's release contains this word.
    KernelSays(&'static str),
    /// PATH has a folder in this place.
    PathLeadsInto(&'static str),
}

impl Detected {
    fn new(name: impl Into<String>, sign: Sign) -> Self {
        Self {
            name: name.into(),
            sign,
        }
    }
}

/// Everything around the process. `None` means: we looked and found nothing.
#[derive(Debug, Serialize)]
pub struct Surroundings {
    /// The operating system for which this program was built.
    pub system: &'static str,
    pub container: Option<Detected>,
    pub ci: Option<Detected>,
    /// Windows Subsystem for Linux.
    pub wsl: Option<Detected>,
    pub nix: Option<Detected>,
    pub ssh: Option<Detected>,
    #[serde(skip)]
    pub rust: RustSide,
}

/// Everything around this process.
pub fn read_surroundings(world: &World) -> Surroundings {
    let root = PyPath::from("/");
    let release = rustix::system::uname();
    let wsl = wsl(world, &release.release().to_string_lossy());
    Surroundings {
        system: std::env::consts::OS,
        // WSL writes the same marks, but it is not a container.
        container: if wsl.is_some() {
            None
        } else {
            container(&root, world)
        },
        ci: ci(world),
        wsl,
        nix: nix(world),
        ssh: ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"]
            .iter()
            .find(|it| world.non_empty(it).is_some())
            .map(|it| Detected::new("ssh", Sign::IsSet(it))),
        rust: rust_side::read_rust_side(world),
    }
}

/// The container, if its manager left a mark under `root`.
fn container(root: &PyPath, world: &World) -> Option<Detected> {
    let there = |name: &str| Some(root.os_join(name)).filter(files::exists);
    if let Some(path) = there("run/host/container-manager") {
        let name = files::text(&path)
            .map(|it| it.trim().to_owned())
            .filter(|it| !it.is_empty());
        return Some(Detected::new(
            name.unwrap_or_else(|| "OCI".to_owned()),
            Sign::IsThere(path),
        ));
    }
    if let Some(path) = there("run/.containerenv") {
        let text = files::text(&path).unwrap_or_default();
        let image = text
            .lines()
            .find_map(|line| Some(line.strip_prefix("image=\"")?.strip_suffix('"')?.to_owned()));
        return Some(Detected::new(
            image.map_or_else(|| "Podman".to_owned(), |it| format!("Podman ({it})")),
            Sign::IsThere(path),
        ));
    }
    if let Some(path) = there("run/systemd/container") {
        let name = files::text(&path)
            .map(|it| it.trim().to_owned())
            .unwrap_or_default();
        match name.as_str() {
            "wsl" => return None,
            "docker" => return Some(Detected::new("Docker", Sign::IsThere(path))),
            "" => return Some(Detected::new("systemd", Sign::IsThere(path))),
            name => return Some(Detected::new(name, Sign::IsThere(path))),
        }
    }
    if let Some(path) = there(".dockerenv") {
        return Some(Detected::new("Docker", Sign::IsThere(path)));
    }
    let variables = [("KUBERNETES_SERVICE_HOST", "Kubernetes"), ("container", "")];
    variables.iter().find_map(|(name, called)| {
        let value = world.non_empty(name)?.lossy().into_owned();
        Some(Detected::new(
            if called.is_empty() {
                value
            } else {
                (*called).to_owned()
            },
            Sign::IsSet(name),
        ))
    })
}

/// The service whose variable is set. `CI` alone means an unknown service.
fn ci(world: &World) -> Option<Detected> {
    let services = [
        ("GITHUB_ACTIONS", "GitHub Actions"),
        ("GITLAB_CI", "GitLab CI"),
        ("CIRCLECI", "CircleCI"),
        ("TRAVIS", "Travis CI"),
        ("JENKINS_URL", "Jenkins"),
        ("TF_BUILD", "Azure Pipelines"),
        ("BUILDKITE", "Buildkite"),
        ("TEAMCITY_VERSION", "TeamCity"),
        ("FORGEJO_ACTIONS", "Forgejo Actions"),
        ("CI", "CI"),
    ];
    let on = |name: &str| {
        world
            .non_empty(name)
            .filter(|it| !matches!(it.bytes(), b"false" | b"0"))
    };
    services
        .iter()
        .find_map(|(name, called)| on(name).map(|_| Detected::new(*called, Sign::IsSet(name))))
}

/// WSL, by its variable or by the kernel's release.
fn wsl(world: &World, release: &str) -> Option<Detected> {
    if let Some(name) = world.non_empty("WSL_DISTRO_NAME") {
        let sign = Sign::IsSet("WSL_DISTRO_NAME");
        return Some(Detected::new(format!("WSL ({})", name.lossy()), sign));
    }
    let says = "microsoft";
    release
        .to_lowercase()
        .contains(says)
        .then(|| Detected::new("WSL", Sign::KernelSays(says)))
}

/// A Nix shell, by its variable or by a folder on PATH.
fn nix(world: &World) -> Option<Detected> {
    if let Some(value) = world.non_empty("IN_NIX_SHELL") {
        let sign = Sign::IsSet("IN_NIX_SHELL");
        return Some(Detected::new(format!("{} Nix shell", value.lossy()), sign));
    }
    let store = "/nix/store";
    let mut entries = world.non_empty("PATH")?.entries();
    let in_store = entries.any(|it| it.bytes().starts_with(b"/nix/store/"));
    in_store.then(|| Detected::new("Nix", Sign::PathLeadsInto(store)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A world of these variables.
    fn world(variables: &[(&str, &str)]) -> World {
        let variables: Vec<_> = variables
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()))
            .collect();
        World::new(variables.into_iter(), PyPath::from("/"))
    }

    /// Compares the container that is found when these files exist.
    #[track_caller]
    fn check_container(marks: &[(&str, &str)], expected: Option<&str>) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in marks {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let found = container(&PyPath::from(folder.path()), &World::default());
        assert_eq!(found.map(|it| it.name).as_deref(), expected);
    }

    #[test]
    fn the_most_reliable_mark_shows_the_container() {
        check_container(&[], None);
        check_container(&[(".dockerenv", "")], Some("Docker"));
        check_container(
            &[
                (".dockerenv", ""),
                ("run/.containerenv", "image=\"fedora\"\n"),
            ],
            Some("Podman (fedora)"),
        );
        check_container(&[("run/systemd/container", "docker\n")], Some("Docker"));
        check_container(&[("run/systemd/container", "wsl\n")], None);
        check_container(
            &[("run/host/container-manager", "podman\n")],
            Some("podman"),
        );
    }

    #[test]
    fn a_variable_shows_the_ci_service() {
        let name = |variables: &[(&str, &str)]| ci(&world(variables)).map(|it| it.name);
        assert_eq!(
            name(&[("CI", "true"), ("GITHUB_ACTIONS", "true")]).as_deref(),
            Some("GitHub Actions")
        );
        assert_eq!(name(&[("CI", "1")]).as_deref(), Some("CI"));
        assert_eq!(name(&[("CI", "false")]), None);
        assert_eq!(name(&[]), None);
    }

    #[test]
    fn wsl_and_nix_are_not_plain_linux() {
        assert_eq!(wsl(&world(&[]), "6.1.0-amd64"), None);
        let found = wsl(&world(&[]), "5.15.90.1-Microsoft-standard-WSL2");
        assert_eq!(found.unwrap().name, "WSL");
        assert_eq!(
            nix(&world(&[("IN_NIX_SHELL", "pure")])).unwrap().name,
            "pure Nix shell"
        );
        assert_eq!(
            nix(&world(&[("PATH", "/bin:/nix/store/x/bin")]))
                .unwrap()
                .name,
            "Nix"
        );
        assert_eq!(nix(&world(&[("PATH", "/bin")])), None);
    }
}
