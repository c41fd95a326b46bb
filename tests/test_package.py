"""What is shipped: the wheel holds the tree, the sdist holds no interviews, every import is declared."""

import ast
import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import packages_distributions

import pytest


@pytest.fixture(scope="module")
def built(root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, root]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl")), next(folder.glob("*.tar.gz"))


def test_wheel_holds_every_file_of_the_package(root, built):
    with zipfile.ZipFile(built[0]) as wheel:
        shipped = {n for n in wheel.namelist() if ".dist-info/" not in n}
    package = root / "pipeline" / "subtheme"
    tree = {
        f"subtheme/{p.relative_to(package)}" for p in package.rglob("*") if p.is_file() and "__pycache__" not in p.parts
    }
    beside = {n for n in shipped if n.startswith(("subtheme/sample_study/", "subtheme/configs/"))}
    assert shipped - beside == tree
    assert {n.removeprefix("subtheme/sample_study/") for n in beside if "sample_study" in n} == {
        str(p.relative_to(root / "data" / "sample")) for p in (root / "data" / "sample").rglob("*") if p.is_file()
    }


def test_sdist_holds_only_what_is_named(built):
    with tarfile.open(built[1]) as sdist:
        tops = {name.split("/")[1] for name in sdist.getnames() if "/" in name}
        data = {name.split("/", 1)[1] for name in sdist.getnames() if "/data/" in name}
    assert tops <= {
        "pipeline", "configs", "data", "docs", "tests", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md",
        "Makefile", "constraints.txt", "pyproject.toml", "PKG-INFO", ".gitignore",
    }  # fmt: skip
    assert all(name.startswith(("data/sample", "data/README.md")) for name in data)


def test_wheel_alone_runs_help_and_scores(root, built, tmp_path):
    target = tmp_path / "site"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", target, built[0]], check=True
    )
    (tmp_path / "C.csv").write_text("participant,code\nP1,split-shifts\nP2,working-time\n")
    (tmp_path / "P.csv").write_text("participant,case\nP1,A\nP2,A\nP3,A\n")
    environment = {**os.environ, "PYTHONPATH": str(target)}
    start = [sys.executable, "-c", "from subtheme.cli.app import main; main()"]
    assert (
        "score"
        in subprocess.run([*start, "--help"], env=environment, capture_output=True, text=True, check=True).stdout
    )
    words = ["score", "--codings", "C.csv", "--participants", "P.csv", "--json"]
    words += ["--codebook", str(target / "subtheme" / "configs" / "cob.codebook.toml")]
    done = subprocess.run([*start, *words], env=environment, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert json.loads(done.stdout)["overall"]["present"] == 1
    where = subprocess.run(
        [sys.executable, "-c", "import subtheme; print(subtheme.__file__)"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(target) in where.stdout
    sample = (
        "from subtheme.study.sample import sample_files as f; print(f().as_posix(), (f() / 'manifest.json').is_file())"
    )
    done = subprocess.run(
        [sys.executable, "-c", sample], env=environment, capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.split() == [(target / "subtheme" / "sample_study").as_posix(), "True"]


def _imported(root):
    names = set()
    for path in (root / "pipeline").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - {"subtheme"}


def _plain(requirement):
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=!~\[; ]", requirement)[0]).lower()


def test_every_import_is_declared(root):
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    declared = {_plain(r) for r in project["dependencies"]}
    declared |= {_plain(r) for extra in project["optional-dependencies"].values() for r in extra}
    declared |= {"torch", "transformers", "tokenizers"}  # come with sentence-transformers
    providers = packages_distributions()
    missing = {name for name in _imported(root) if not {_plain(d) for d in providers.get(name, [name])} & declared}
    assert missing == set()


def test_no_pickle_in_the_source(root):
    assert _imported(root).isdisjoint({"joblib", "dill", "skops"})
    for path in (root / "pipeline").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imports = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        assert "pickle" not in imports, path.name


def test_no_module_is_too_long_or_nameless(root):
    for path in (root / "pipeline").rglob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path
        assert path.stem not in {"utils", "util", "helpers", "helper", "common", "misc"}


def test_every_stage_has_a_line_on_the_map(root):
    text = (root / "pipeline" / "README.md").read_text()
    for folder in (root / "pipeline" / "subtheme").iterdir():
        if folder.is_dir() and folder.name != "__pycache__" and any(folder.glob("*.py")):
            assert f"`{folder.name}/`" in text
