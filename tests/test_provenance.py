import pytest

from seqshift import provenance

SCRIPT = "workflow/scripts/work.py"


@pytest.fixture
def tree(tmp_path):
    """Return a tiny repository: a script, a library, two plug-ins, an environment."""
    files = {
        SCRIPT: "from seqshift import low\nlow.go()\n",
        "src/seqshift/__init__.py": "",
        "src/seqshift/low.py": 'def go():\n    """Go."""\n    return 1\n',
        "src/seqshift/models/__init__.py": "",
        "src/seqshift/models/mlp.py": "from seqshift.low import go\nSIZE = 1\n",
        "src/seqshift/models/lstm.py": "SIZE = 2\n",
        "envs/torch.yaml": "channels:\n  - conda-forge\ndependencies:\n  - numpy =2\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def digest(tree, *modules):
    for name in ("digest", "essence", "imports", "_tree", "_locate"):
        getattr(provenance, name).cache_clear()
    return provenance.digest(tree, SCRIPT, modules, "torch")


def edit(tree, name, old, new):
    path = tree / name
    path.write_text(path.read_text().replace(old, new))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (SCRIPT, "low.go()", "low.go() # why"),
        (
            "src/seqshift/low.py",
            '"""Go."""',
            '"""Go elsewhere.\n\n    At once.\n    """',
        ),
        ("src/seqshift/low.py", "    return", "\n    # because\n    return"),
        ("src/seqshift/models/lstm.py", "2", "3"),
        ("envs/torch.yaml", "numpy =2", "numpy =2 # exact"),
    ],
)
def test_comments_docstrings_and_other_plug_ins_do_not_count(tree, name, old, new):
    before = digest(tree, "seqshift.models.mlp")
    edit(tree, name, old, new)
    assert digest(tree, "seqshift.models.mlp") == before


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (SCRIPT, "low.go()", "low.go(2)"),
        ("src/seqshift/low.py", "return 1", "return 2"),
        ("src/seqshift/models/mlp.py", "1", "3"),
        ("envs/torch.yaml", "numpy =2", "numpy =3"),
    ],
)
def test_code_selected_plug_ins_and_packages_count(tree, name, old, new):
    before = digest(tree, "seqshift.models.mlp")
    edit(tree, name, old, new)
    assert digest(tree, "seqshift.models.mlp") != before


def test_a_moved_folder_keeps_its_digest(tree, tmp_path_factory):
    before = digest(tree)
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "clone"
    tree.rename(elsewhere)
    assert digest(elsewhere) == before


def test_an_unknown_module_is_refused(tree):
    with pytest.raises(FileNotFoundError, match="seqshift.models.gru"):
        digest(tree, "seqshift.models.gru")
