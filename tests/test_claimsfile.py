"""The file of claims: read as written, and refused in one sentence."""

import hashlib

import pytest
import yaml

from claimtexts import ABLATION, CONTRAST, GOOD
from seqshift import claimsfile
from seqshift.errors import BadInput


@pytest.fixture
def path(tmp_path):
    """Return a function that writes claims and returns their path."""

    def write(content) -> str:
        text = content if isinstance(content, str) else yaml.safe_dump(content)
        (tmp_path / "claims.yaml").write_text(text)
        return str(tmp_path / "claims.yaml")

    return write


def test_the_claims_of_the_project_are_well_formed(repo):
    claims = claimsfile.read(repo / "config/claims.yaml")
    names = [claim["id"] for claim in claims]
    assert names[:3] == ["H1-temporal", "H1-spatial", "H1-extreme"]
    assert {claim["source"] for claim in claims} == {
        *("O1", "O2", "O3", "O4", "O5", "C2", "C3", "C4"),
    }
    config = yaml.safe_load((repo / "config/config.yaml").read_text())
    claimsfile.check_thresholds(claims, config["statistics"]["thresholds"])
    named = {claim[k].get("model") for claim in claims for k in ("first", "second")
             if k in claim}  # fmt: skip
    variants = {name for claim in claims for name in claim.get("variants", {})}
    paper = yaml.safe_load((repo / "config/paper.yaml").read_text())
    known = {*config["models"], *paper["models"]}
    assert (named - {None}) | variants <= known


def test_the_digest_is_that_of_the_bytes(path):
    text = yaml.safe_dump([GOOD])
    expected = hashlib.sha256(text.encode()).hexdigest()
    assert claimsfile.digest(path([GOOD])) == expected


def test_good_claims_of_each_kind_are_read(path):
    other = [GOOD, CONTRAST | {"id": "H2"}, ABLATION | {"id": "H3"}]
    assert claimsfile.read(path(other)) == other


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("- id: [", "is not YAML"),
        ("id: H1", "holds no list of claims"),
        ("[]", "holds no list of claims"),
        ("- just words", "is not a mapping"),
        ([GOOD, GOOD], "two claims with the id H1"),
        ([{k: v for k, v in GOOD.items() if k != "held"}], "held is missing"),
        ([GOOD | {"statement": 3}], "statement is missing or no text"),
        ([GOOD | {"threshold": "high"}], "threshold is 'high'; write a number"),
        ([GOOD | {"threshold": True}], "write a number"),
        ([GOOD | {"test": "hope"}], "unknown test .* choose one of"),
        ([GOOD | {"family": "mine"}], "unknown family"),
        ([GOOD | {"family": "claims"}], "unknown family"),
        ([GOOD | {"rows": "most"}], "unknown rows"),
        ([{k: v for k, v in GOOD.items() if k != "rows"}], "needs the key rows"),
        ([GOOD | {"colour": "red"}], "unknown key .* 'colour'"),
        ([GOOD | {"where": "natural"}], "where is 'natural'; write a mapping"),
        ([GOOD | {"test": "controls", "family": "none"}], "list the names of the rows"),
        ([CONTRAST | {"side": "left"}], "unknown side"),
        ([CONTRAST | {"family": "all"}], "the family of a test of kind contrast"),
        ([CONTRAST | {"first": {"seed": 1}}], "must name a model or a modality"),
        ([CONTRAST | {"first": {"modality": "mixup"}}], "must both be models"),
        ([ABLATION | {"variants": {"deep": "up"}}], "unknown side of a variant"),
        ([ABLATION | {"threshold": 1.1}], "threshold of an ablation is 1"),
    ],
)
def test_a_malformed_file_gives_one_sentence(path, content, words):
    with pytest.raises(BadInput, match=words) as caught:
        claimsfile.read(path(content))
    assert "\n" not in str(caught.value) and "claims.yaml" in str(caught.value)


def test_a_claim_may_not_name_another_threshold_than_is_tested():
    with pytest.raises(BadInput, match="change statistics.thresholds, not the claim"):
        claimsfile.check_thresholds([GOOD], {"g_ratio": 1.4})
    claimsfile.check_thresholds([GOOD, CONTRAST], {"g_ratio": 1.5})
