"""Damaged raw files: one sentence or the right frame, never a bare traceback."""

import gzip
import lzma
import shutil

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rawkinds
from seqshift import raw, sidecar, storage
from seqshift.errors import BadInput
from seqshift.schemas.raw import TABLES

PACKED = {".gz": gzip, ".xz": lzma}
# Real files of this form end within their last line: a cut volume cannot be told.
MAY_LACK_THE_LAST_LINE_FEED = ["yahoo"]
FEW = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module", params=rawkinds.modules())
def original(request, tmp_path_factory):
    """Return kind, folder of its simulated files, and their frame."""
    kind = request.param
    folder = rawkinds.simulate(kind, tmp_path_factory.mktemp("fuzz") / kind)
    source = rawkinds.source(kind)
    return kind, folder, source.read(folder, rawkinds.spec(kind))


def damaged(original, tmp_path_factory, path, content):
    """Return a copy of the folder in which one file has this content."""
    copy = tmp_path_factory.mktemp("copy") / original[0]
    shutil.copytree(original[1], copy)
    (copy / path.name).write_bytes(content)
    return copy


def draw_file(data, folder):
    return data.draw(st.sampled_from(sidecar.files(folder)))


def unpacked(path):
    """Return the text bytes of a file and the way back."""
    pack = PACKED.get(path.suffix)
    content = path.read_bytes()
    if pack is None:
        return content, bytes
    return pack.decompress(content), pack.compress


def attempt(kind, folder):
    """Return the frame of a folder, or the sentence that refuses it."""
    source = rawkinds.source(kind)
    try:
        frame = source.read(folder, rawkinds.spec(kind))
        return storage.validate(frame, TABLES[source.TABLE], folder)
    except BadInput as error:
        text = str(error)
        assert str(folder) in text, f"no place in: {text}"
        assert ";" in text or ":" in text, f"no remedy in: {text}"
        assert "\n" not in text
        return text


def keyed(frame, kind):
    keys = TABLES[rawkinds.source(kind).TABLE].metadata["keys"]
    return frame.set_index(keys).sort_index()


@FEW
@given(data=st.data())
def test_flipped_bits_never_end_in_a_traceback(original, tmp_path_factory, data):
    kind, folder, _ = original
    path = draw_file(data, folder)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] ^= 1 << data.draw(st.integers(0, 7))
    attempt(kind, damaged(original, tmp_path_factory, path, bytes(content)))


@FEW
@given(data=st.data())
def test_a_flipped_bit_in_the_text_never_ends_in_a_traceback(
    original, tmp_path_factory, data
):
    kind, folder, _ = original
    path = draw_file(data, folder)
    content, pack = unpacked(path)
    content = bytearray(content)
    place = data.draw(st.integers(0, min(len(content), 4000) - 1))
    content[place] ^= 1 << data.draw(st.integers(0, 7))
    attempt(kind, damaged(original, tmp_path_factory, path, pack(bytes(content))))


@FEW
@given(data=st.data())
def test_a_cut_file_is_refused_or_gives_no_other_rows(original, tmp_path_factory, data):
    kind, folder, frame = original
    path = draw_file(data, folder)
    content, pack = unpacked(path)
    end = data.draw(st.integers(0, len(content) - 1))
    cut = damaged(original, tmp_path_factory, path, pack(content[:end]))
    found = attempt(kind, cut)
    if isinstance(found, str):
        return
    left, whole = keyed(found, kind), keyed(frame, kind)
    extra = left.index.difference(whole.index)
    assert extra.empty, f"rows that the whole file does not have: {extra[:3]}"
    if kind in MAY_LACK_THE_LAST_LINE_FEED:
        return
    sound = left[left["flag"] == ""].drop(columns="flag")
    pd.testing.assert_frame_equal(sound, whole.loc[sound.index, sound.columns])


@FEW
@given(data=st.data())
def test_moved_lines_are_refused_or_give_the_same_frame(
    original, tmp_path_factory, data
):
    kind, folder, frame = original
    path = draw_file(data, folder)
    content, pack = unpacked(path)
    lines = content.splitlines(keepends=True)
    if len(lines) < 3 or b"\x00" in content:
        return
    first, second = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    lines[first], lines[second] = lines[second], lines[first]
    moved = damaged(original, tmp_path_factory, path, pack(b"".join(lines)))
    found = attempt(kind, moved)
    if not isinstance(found, str):
        values = [column for column in frame if column != "flag"]
        pd.testing.assert_frame_equal(
            keyed(found[values], kind), keyed(frame[values], kind)
        )


@FEW
@given(data=st.data())
def test_another_encoding_is_refused_or_gives_the_same_frame(
    original, tmp_path_factory, data
):
    kind, folder, frame = original
    path = draw_file(data, folder)
    content, pack = unpacked(path)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return
    name = data.draw(st.sampled_from(["utf-16", "utf-32", "utf-8-sig", "cp037"]))
    try:
        coded = text.encode(name)
    except UnicodeEncodeError:
        return
    other = damaged(original, tmp_path_factory, path, pack(coded))
    found = attempt(kind, other)
    if not isinstance(found, str):
        pd.testing.assert_frame_equal(found, frame)


@FEW
@given(data=st.data())
def test_after_fetch_no_altered_file_is_read_at_all(original, tmp_path_factory, data):
    kind, folder, _ = original
    names = [path.name for path in sidecar.files(folder)]
    place = tmp_path_factory.mktemp("raw") / kind
    shutil.copytree(folder, place)
    spec = rawkinds.spec(kind, origin="simulate")
    storage.write_json(raw.listing(spec, place, names), place / "manifest.json")
    path = place / data.draw(st.sampled_from(names))
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(
        st.integers(1, 255)
    )
    path.write_bytes(content)
    with pytest.raises(BadInput, match="does not have the sha256"):
        raw.read(spec, place / "manifest.json")
