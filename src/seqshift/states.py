"""The 48 contiguous states of the US: postal code, FIPS code, name."""

from seqshift.errors import choose

_STATES = """\
AL 01 Alabama
AZ 04 Arizona
AR 05 Arkansas
CA 06 California
CO 08 Colorado
CT 09 Connecticut
DE 10 Delaware
FL 12 Florida
GA 13 Georgia
ID 16 Idaho
IL 17 Illinois
IN 18 Indiana
IA 19 Iowa
KS 20 Kansas
KY 21 Kentucky
LA 22 Louisiana
ME 23 Maine
MD 24 Maryland
MA 25 Massachusetts
MI 26 Michigan
MN 27 Minnesota
MS 28 Mississippi
MO 29 Missouri
MT 30 Montana
NE 31 Nebraska
NV 32 Nevada
NH 33 New Hampshire
NJ 34 New Jersey
NM 35 New Mexico
NY 36 New York
NC 37 North Carolina
ND 38 North Dakota
OH 39 Ohio
OK 40 Oklahoma
OR 41 Oregon
PA 42 Pennsylvania
RI 44 Rhode Island
SC 45 South Carolina
SD 46 South Dakota
TN 47 Tennessee
TX 48 Texas
UT 49 Utah
VT 50 Vermont
VA 51 Virginia
WA 53 Washington
WV 54 West Virginia
WI 55 Wisconsin
WY 56 Wyoming
"""
# Codes of Alaska, the District of Columbia, Hawaii and the territories.
ELSEWHERE = ("02", "11", "15", "60", "66", "69", "72", "78")


def fips() -> dict[str, str]:
    """Return FIPS code -> postal code."""
    return {code: postal for postal, code, _ in _rows()}


def names() -> dict[str, str]:
    """Return postal code -> name, in the order of the names."""
    return {postal: name for postal, _, name in _rows()}


def name(postal: str) -> str:
    """Return the name of a state.

    Raises
    ------
    BadInput
        If there is none of this postal code.
    """
    if postal not in names():
        raise choose("state", postal, list(names()))
    return names()[postal]


def _rows() -> list[list[str]]:
    return [line.split(" ", 2) for line in _STATES.splitlines()]


def wanted(spec: dict, found: list[str]) -> list[str]:
    """Return the states of a file that `spec["query"]["names"]` asks for, sorted.

    All of them if it names none.

    Raises
    ------
    BadInput
        If a state that is asked for is not in the file.
    """
    chosen = spec.get("query", {}).get("names") or found
    for name in chosen:
        if name not in found:
            raise choose("state in the files of this source", name, found)
    return sorted(chosen)
