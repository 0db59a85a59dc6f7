//! Is a line of code in a `.pth` file that of a well-known tool, and nothing else?
//!
//! Such lines make packages and environments work. Each statement of the line is compared as a whole. The module that it imports is known by
//! its name only; its text is not read.
//!
//! Source: setuptools `_distutils_hack`, `namespaces.py` and `editable_wheel.py`; virtualenv; editables; scikit-build-core; meson-python.

use crate::support::PyPath;

/// The files of a tool: how the name begins and ends, and the statements. `@` is a part of a name, `''` any text.
type Tool = (&'static str, &'static str, &'static [&'static str]);

const TOOLS: [Tool; 7] = [
    (
        "distutils-precedence",
        ".pth",
        &[
            "import os",
            "var = 'SETUPTOOLS_USE_DISTUTILS'",
            "enabled = os.environ.get(var, 'local') == 'local'",
            "enabled = os.environ.get(var, 'stdlib') == 'local'",
            "enabled and __import__('_distutils_hack').add_shim()",
        ],
    ),
    ("_virtualenv", ".pth", &["import _virtualenv"]),
    (
        "__editable__",
        ".pth",
        &["import __editable__@", "__editable__@.install()"],
    ),
    ("_editable_impl_", ".pth", &["import _editable_impl_@"]),
    ("_", "_editable.pth", &["import _@_editable"]),
    ("", "-editable.pth", &["import _@_editable_loader"]),
    ("", "-nspkg.pth", &NAME_SPACE),
];

/// The statements of setuptools for a name space, from all its versions.
const NAME_SPACE: [&str; 19] = [
    "import sys, types, os",
    "has_mfs = sys.version_info > (3, 5)",
    "p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('',))",
    "p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('', ''))",
    "p = os.path.join('', *('',))",
    "p = os.path.join('', *('', ''))",
    "importlib = __import__('importlib.util')",
    "importlib = has_mfs and __import__('importlib.util')",
    "__import__('importlib.machinery')",
    "has_mfs and __import__('importlib.machinery')",
    "m = sys.modules.setdefault('', importlib.util.module_from_spec(importlib.machinery.PathFinder.find_spec('', [os.path.dirname(p)])))",
    "m = has_mfs and sys.modules.setdefault('', importlib.util.module_from_spec(importlib.machinery.PathFinder.find_spec('', [os.path.dirname(p)])))",
    "m = not ie and sys.modules.setdefault('', types.ModuleType(''))",
    "m = ie and sys.modules.setdefault('', types.ModuleType(''))",
    "m = m or sys.modules.setdefault('', types.ModuleType(''))",
    "mp = (m or []) and m.__dict__.setdefault('__path__',[])",
    "(p not in mp) and mp.append(p)",
    "m and setattr(sys.modules[''], '', m)",
    "ie = os.path.exists(os.path.join(p,'__init__.py'))",
];

/// The texts that must be those of the statement: another one could import or set something else.
const FIXED: [&str; 9] = [
    "SETUPTOOLS_USE_DISTUTILS",
    "local",
    "stdlib",
    "_distutils_hack",
    "importlib.util",
    "importlib.machinery",
    "sitedir",
    "__path__",
    "__init__.py",
];

/// Are all statements of the line those of the tool that writes this file?
pub fn is_well_known(file: &PyPath, line: &[u8]) -> bool {
    let name = file.basename();
    let (Some(name), Ok(line)) = (name.text(), std::str::from_utf8(line)) else {
        return false;
    };
    TOOLS.iter().any(|(start, end, forms)| {
        let is_its_file = name.starts_with(start) && name.ends_with(end);
        let statements = line.split(';').map(str::trim).filter(|it| !it.is_empty());
        is_its_file
            && statements
                .map(without_texts)
                .all(|it| forms.iter().any(|form| fits(&it, form)))
    })
}

/// The statement with `''` for each text that a tool fills in. A text with a quote or a backslash stays: then no form fits.
fn without_texts(statement: &str) -> String {
    let quote = if statement.contains('\'') { '\'' } else { '"' };
    if statement.contains('\\') {
        return statement.to_owned();
    }
    let parts = statement.split(quote).enumerate();
    let parts = parts.map(|(at, part)| {
        let is_text = at % 2 == 1 && !FIXED.contains(&part);
        if is_text { "" } else { part }
    });
    parts.collect::<Vec<_>>().join("'")
}

/// Is the statement of this form?
fn fits(statement: &str, form: &str) -> bool {
    let Some((start, end)) = form.split_once('@') else {
        return statement == form;
    };
    let name = statement
        .strip_prefix(start)
        .and_then(|it| it.strip_suffix(end));
    name.is_some_and(|it| it.chars().all(|c| c.is_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(file: &str, line: &str, expected: bool) {
        assert_eq!(
            is_well_known(&file.into(), line.as_bytes()),
            expected,
            "{line}"
        );
    }

    const HACK: &str = "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, 'local') == 'local'; enabled and __import__('_distutils_hack').add_shim(); ";

    const ZOPE: &str = "import sys, types, os;has_mfs = sys.version_info > (3, 5);p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('zope',));importlib = has_mfs and __import__('importlib.util');has_mfs and __import__('importlib.machinery');m = has_mfs and sys.modules.setdefault('zope', importlib.util.module_from_spec(importlib.machinery.PathFinder.find_spec('zope', [os.path.dirname(p)])));m = m or sys.modules.setdefault('zope', types.ModuleType('zope'));mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)";

    #[test]
    fn the_lines_of_tools_are_known_as_a_whole() {
        check("distutils-precedence.pth", HACK, true);
        check("_virtualenv.pth", "import _virtualenv", true);
        check(
            "__editable__.neo-1.pth",
            "import __editable___neo_1_finder; __editable___neo_1_finder.install()",
            true,
        );
        check("_editable_impl_neo.pth", "import _editable_impl_neo", true);
        check("_neo_editable.pth", "import _neo_editable", true);
        check("neo-editable.pth", "import _neo_editable_loader", true);
        check("zope.interface-nspkg.pth", ZOPE, true);
        check(
            "a-nspkg.pth",
            &format!("{ZOPE};m and setattr(sys.modules['zope'], 'interface', m)"),
            true,
        );
    }

    #[test]
    fn more_code_in_such_a_line_is_not_known() {
        check(
            "distutils-precedence.pth",
            &format!("{HACK} import sys; sys.prefix = ''"),
            false,
        );
        check(
            "distutils-precedence.pth",
            &HACK.replace("_distutils_hack", "neo"),
            false,
        );
        check("distutils-precedence.pth", "import os; var = 'PATH'", false);
        check("_virtualenv.pth", "import _virtualenv, neo", false);
        check(
            "__editable__.neo.pth",
            "import __editable__ as it, sys; sys.prefix = ''",
            false,
        );
        check(
            "_neo_editable.pth",
            "import _thread, sys; sys.prefix = ''",
            false,
        );
        check(
            "a-nspkg.pth",
            "import sys, types, os; sys.prefix = ''",
            false,
        );
        check(
            "a-nspkg.pth",
            &ZOPE.replace("importlib.machinery'", "neo'"),
            false,
        );
        check("neo.pth", HACK, false);
    }
}
