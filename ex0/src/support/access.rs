//! What may this user do? The kernel answers, for the effective user and groups.

use std::fs::File;

use rustix::fs::{AtFlags, FileType, Stat};
use rustix::io::Errno;

use super::{PyPath, files};

/// The type of the file. If the last part of the path is a link, it is not followed.
pub fn file_type(path: &PyPath) -> Result<FileType, Errno> {
    let stat = rustix::fs::lstat(path.as_path())?;
    Ok(FileType::from_raw_mode(stat.st_mode))
}

/// May the effective user execute it?
pub fn may_execute(path: &PyPath) -> bool {
    may(path, rustix::fs::Access::EXEC_OK).is_ok()
}

/// May the effective user change what is in the folder? Write permission alone is not enough: a new file needs search permission too.
pub fn may_write(folder: &PyPath) -> bool {
    may_write_if_there(folder) == Some(true)
}

/// May the effective user write into this file?
pub fn may_overwrite(file: &PyPath) -> bool {
    may(file, rustix::fs::Access::WRITE_OK).is_ok()
}

fn may(path: &PyPath, access: rustix::fs::Access) -> Result<(), Errno> {
    let asked = |flags| rustix::fs::accessat(rustix::fs::CWD, path.as_path(), access, flags);
    // An old sandbox does not know the call for the effective user, and refuses it. The older call asks for the real user.
    match asked(AtFlags::EACCESS) {
        Err(Errno::PERM) => asked(AtFlags::empty()),
        answer => answer,
    }
}

/// The same, and `None` if it does not exist. A file in place of it or of a folder above is a no: nobody can make the path.
pub fn may_write_if_there(folder: &PyPath) -> Option<bool> {
    let access = rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK;
    // The slash at the end refuses a file.
    match may(&folder.os_join(""), access) {
        Ok(()) => Some(true),
        Err(Errno::NOENT) => None,
        Err(_) => Some(false),
    }
}

/// May the effective user see which files are in the folder, and use them? Of the system's own libraries this is not asked: each question is
/// a system call.
pub fn may_list(folder: &PyPath) -> bool {
    if folder.is_inside(&"/usr/lib".into()) {
        return true;
    }
    let access = rustix::fs::Access::READ_OK | rustix::fs::Access::EXEC_OK;
    may(folder, access).is_ok()
}

/// The facts of a regular file, and may the effective user read it? If everybody may, this is not asked.
pub fn readable(file: &PyPath) -> Option<(Stat, bool)> {
    let stat = rustix::fs::stat(file.as_path()).ok()?;
    let is_open = || may(file, rustix::fs::Access::READ_OK).is_ok();
    let may_read = stat.st_mode & 0o444 == 0o444 || is_open();
    FileType::from_raw_mode(stat.st_mode)
        .is_file()
        .then_some((stat, may_read))
}

/// The folder on the way to a file that this user may not enter, or the file that this user may not read; `None` if there is neither.
pub fn closed(path: &PyPath) -> Option<PyPath> {
    let mut path = path.clone();
    // A link may lead behind the closed folder.
    for _ in 0..40 {
        match rustix::fs::stat(path.as_path()) {
            Err(Errno::ACCESS) => {}
            Err(_) => return None,
            Ok(_) => return may(&path, rustix::fs::Access::READ_OK).err().map(|_| path),
        }
        let way: Vec<PyPath> = path.climb_to_root().collect();
        let is_there = |it: &PyPath| rustix::fs::stat(it.as_path()).is_ok();
        let at = way.iter().position(is_there)?;
        if !may_execute(&way[at]) {
            return Some(way[at].clone());
        }
        let link = &way[at.checked_sub(1)?];
        let target = link.dirname_or_root().os_join(files::link(link)?);
        let rest = path.bytes().get(link.bytes().len() + 1..);
        path = target.os_join(rest.unwrap_or_default());
    }
    None
}

/// Does this process act for another user or group than the one who started it?
pub fn is_for_two_users() -> bool {
    use rustix::process::{getegid, geteuid, getgid, getuid};
    getuid() != geteuid() || getgid() != getegid()
}

/// Is its file system mounted read-only? Then its owner, and even root, may change nothing there.
pub fn is_read_only(path: &PyPath) -> bool {
    let flags = rustix::fs::statvfs(path.as_path()).map(|it| it.f_flag);
    flags.is_ok_and(|it| it.contains(rustix::fs::StatVfsMountFlags::RDONLY))
}

/// Is the file system of this open file mounted so that nothing may be executed there?
pub fn is_noexec(file: &File) -> bool {
    let flags = rustix::fs::fstatvfs(file).map(|it| it.f_flag);
    flags.is_ok_and(|it| it.contains(rustix::fs::StatVfsMountFlags::NOEXEC))
}

/// Does it belong to the effective user, or is this user root?
pub fn is_mine(path: &PyPath) -> bool {
    let user = rustix::process::geteuid();
    user.is_root() || rustix::fs::stat(path.as_path()).is_ok_and(|it| it.st_uid == user.as_raw())
}

/// Does it belong to this user, and do its own bits keep the user out: one of these is not set? Root is never kept out so.
pub fn bars_its_owner(path: &PyPath, bits: u32) -> bool {
    let user = rustix::process::geteuid();
    let stat = rustix::fs::stat(path.as_path());
    !user.is_root() && stat.is_ok_and(|it| it.st_uid == user.as_raw() && it.st_mode & bits != bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_not_there_is_neither_yes_nor_no_and_a_file_in_the_way_is_no() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| PyPath::from(folder.path()).os_join(name);
        std::fs::write(folder.path().join("file"), "").unwrap();
        assert_eq!(may_write_if_there(&at("")), Some(true));
        assert_eq!(may_write_if_there(&at("none/lib")), None);
        assert_eq!(may_write_if_there(&at("file/lib")), Some(false));
        assert_eq!(may_write_if_there(&at("file")), Some(false));
    }
}
