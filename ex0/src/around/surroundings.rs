//! What surrounds this process? A container, CI, WSL, Nix, an SSH session, and cargo.
//!
//! Container managers leave marks, and we look for these, the most reliable mark first. The name of process 1 proves nothing.

use serde::Serialize;

use super::rust_side::{self, RustSide};
use crate::support::PyPath;
use crate::support::World;
use crate::support::files;
use crate::support::in_words;

/// Something that was found, and the evidence.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Detected {
    #[serde(serialize_with = "in_words")]
    pub name: Name,
    #[serde(rename = "evidence", serialize_with = "in_words")]
    pub sign: Sign,
}

/// What was found.
#[derive(Debug, PartialEq, Eq)]
pub enum Name {
    /// The name that it has for us.
    Known(&'static str),
    /// The name that it gives itself.
    Own(String),
    PodmanImage(String),
    WslDistribution(String),
    /// A Nix shell: `pure` or `impure`.
    NixShell(String),
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
    fn of(name: Name, sign: Sign) -> Self {
        Self { name, sign }
    }

    fn known(name: &'static str, sign: Sign) -> Self {
        Self::of(Name::Known(name), sign)
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
    pub rust: RustSide,
}

/// Everything around this process.
pub fn read_surroundings(world: &World) -> Surroundings {
    let root = PyPath::from("/");
    let release = rustix::system::uname();
    Surroundings {
        system: std::env::consts::OS,
        container: container(&root, world),
        ci: ci(world),
        wsl: wsl(world, &release.release().to_string_lossy()),
        nix: nix(world),
        ssh: ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"]
            .iter()
            .find(|it| world.non_empty(it).is_some())
            .map(|it| Detected::known("ssh", Sign::IsSet(it))),
        rust: rust_side::read_rust_side(world),
    }
}

/// The container, if its manager left a mark under `root`.
fn container(root: &PyPath, world: &World) -> Option<Detected> {
    let there = |name: &str| Some(root.os_join(name)).filter(files::exists);
    let text = |path: &PyPath| files::text(path).unwrap_or_default();
    if let Some(path) = there("run/host/container-manager") {
        let name = match text(&path).trim() {
            "" => Name::Known("OCI"),
            own => Name::Own(own.to_owned()),
        };
        return Some(Detected::of(name, Sign::IsThere(path)));
    }
    if let Some(path) = there("run/.containerenv") {
        let text = text(&path);
        let image = |line: &str| Some(line.strip_prefix("image=\"")?.strip_suffix('"')?.to_owned());
        let image = text.lines().find_map(image);
        let name = image.map_or(Name::Known("Podman"), Name::PodmanImage);
        return Some(Detected::of(name, Sign::IsThere(path)));
    }
    // WSL writes this mark too, but it is not a container.
    let is_wsl = |it: &PyPath| text(it).trim() == "wsl";
    if let Some(path) = there("run/systemd/container").filter(|it| !is_wsl(it)) {
        let name = match text(&path).trim() {
            "docker" => Name::Known("Docker"),
            "" => Name::Known("systemd"),
            own => Name::Own(own.to_owned()),
        };
        return Some(Detected::of(name, Sign::IsThere(path)));
    }
    if let Some(path) = there(".dockerenv") {
        return Some(Detected::known("Docker", Sign::IsThere(path)));
    }
    let kubernetes = "KUBERNETES_SERVICE_HOST";
    if world.non_empty(kubernetes).is_some() {
        return Some(Detected::known("Kubernetes", Sign::IsSet(kubernetes)));
    }
    let own = world
        .non_empty("container")
        .filter(|it| it.bytes() != b"wsl")?;
    let name = Name::Own(own.lossy().into_owned());
    Some(Detected::of(name, Sign::IsSet("container")))
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
        .find_map(|(name, called)| on(name).map(|_| Detected::known(called, Sign::IsSet(name))))
}

/// WSL, by its variable or by the kernel's release.
fn wsl(world: &World, release: &str) -> Option<Detected> {
    if let Some(name) = world.non_empty("WSL_DISTRO_NAME") {
        let name = Name::WslDistribution(name.lossy().into_owned());
        return Some(Detected::of(name, Sign::IsSet("WSL_DISTRO_NAME")));
    }
    let says = "microsoft";
    release
        .to_lowercase()
        .contains(says)
        .then(|| Detected::known("WSL", Sign::KernelSays(says)))
}

/// A Nix shell, by its variable or by a folder on PATH.
fn nix(world: &World) -> Option<Detected> {
    if let Some(value) = world.non_empty("IN_NIX_SHELL") {
        let name = Name::NixShell(value.lossy().into_owned());
        return Some(Detected::of(name, Sign::IsSet("IN_NIX_SHELL")));
    }
    let store = "/nix/store";
    let mut entries = world.non_empty("PATH")?.entries();
    let in_store = entries.any(|it| it.bytes().starts_with(b"/nix/store/"));
    in_store.then(|| Detected::known("Nix", Sign::PathLeadsInto(store)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A world of these variables.
    fn world(variables: &[(&str, &str)]) -> World {
        World::of(variables, "/")
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
        assert_eq!(found.map(|it| it.name.to_string()).as_deref(), expected);
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
            &[("run/systemd/container", "wsl\n"), (".dockerenv", "")],
            Some("Docker"),
        );
        check_container(
            &[("run/host/container-manager", "podman\n")],
            Some("podman"),
        );
    }

    #[test]
    fn a_variable_shows_the_ci_service() {
        let name = |variables: &[(&str, &str)]| ci(&world(variables)).map(|it| it.name.to_string());
        assert_eq!(
            name(&[("CI", "true"), ("GITHUB_ACTIONS", "true")]).as_deref(),
            Some("GitHub Actions")
        );
        assert_eq!(name(&[("CI", "1")]).as_deref(), Some("CI"));
        assert_eq!(name(&[("CI", "false")]), None);
        assert_eq!(name(&[]), None);
    }

    #[test]
    fn a_container_is_looked_for_in_wsl_too() {
        let container = |variables: &[(&str, &str)]| read_surroundings(&world(variables)).container;
        let expected = container(&[("container", "oci")]);
        assert!(expected.is_some());
        let found = container(&[("container", "oci"), ("WSL_DISTRO_NAME", "Ubuntu")]);
        assert_eq!(found, expected);
    }

    #[test]
    fn wsl_and_nix_are_not_plain_linux() {
        assert_eq!(wsl(&world(&[]), "6.1.0-amd64"), None);
        let found = wsl(&world(&[]), "5.15.90.1-Microsoft-standard-WSL2");
        assert_eq!(found.unwrap().name, Name::Known("WSL"));
        assert_eq!(
            nix(&world(&[("IN_NIX_SHELL", "pure")])).unwrap().name,
            Name::NixShell("pure".to_owned())
        );
        assert_eq!(
            nix(&world(&[("PATH", "/bin:/nix/store/x/bin")]))
                .unwrap()
                .name,
            Name::Known("Nix")
        );
        assert_eq!(nix(&world(&[("PATH", "/bin")])), None);
    }
}
