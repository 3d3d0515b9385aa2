"""All regions of the real pilot, from the mirror."""

import pandas as pd
import pytest

import gridworld
from seqshift import raw, storage
from seqshift.domains import energy
from seqshift.schemas.features import features as schema

EASTERN, CENTRAL = "America/New_York", "America/Chicago"
CITIES = {"KIAH": "TXHOUSTO", "KDFW": "TXDALLAS", "KORD": "ILCHICAG"}
CITIES |= {"KEWR": "NJNEWARK", "KRDU": "NCRALEIG"}
NEW_YORK = [f"NYIS-ZON{letter}" for letter in "ABCDEFGHIJK"]
MID_ATLANTIC = [f"PJM-{zone}" for zone in "AE BC DPL JC ME PE PEP PL PN PS".split()]
# Early source and series, late series, airports, states, zone of the local day.
REGIONS = {
    "COAST": ("ercot", "COAST", ["ERCO-COAS"], "KIAH", "TX", CENTRAL),
    "EAST": ("ercot", "EAST", ["ERCO-EAST"], "KDFW", "TX", CENTRAL),
    "FAR_WEST": ("ercot", "FAR_WEST", ["ERCO-FWES"], "KDFW", "TX", CENTRAL),
    "NORTH": ("ercot", "NORTH", ["ERCO-NRTH"], "KDFW", "TX", CENTRAL),
    "NORTH_C": ("ercot", "NORTH_C", ["ERCO-NCEN"], "KDFW", "TX", CENTRAL),
    "SOUTHERN": ("ercot", "SOUTHERN", ["ERCO-SOUT"], "KIAH", "TX", CENTRAL),
    "SOUTH_C": ("ercot", "SOUTH_C", ["ERCO-SCEN"], "KIAH", "TX", CENTRAL),
    "WEST": ("ercot", "WEST", ["ERCO-WEST"], "KDFW", "TX", CENTRAL),
    "NYIS": ("nyiso", "NYISO", NEW_YORK, "KEWR", "NY", EASTERN),
    "AEP": ("pjm", "AEP", ["PJM-AEP"], "KORD KRDU", "OH WV VA IN KY MI", EASTERN),
    "DAYTON": ("pjm", "DAYTON", ["PJM-DAY"], "KORD KEWR", "OH", EASTERN),
    "DOM": ("pjm", "DOM", ["PJM-DOM"], "KRDU", "VA", EASTERN),
    "DUQ": ("pjm", "DUQ", ["PJM-DUQ"], "KORD KEWR", "PA", EASTERN),
    "COMED": ("pjm", "COMED", ["PJM-CE"], "KORD", "IL", CENTRAL),
    "PJMW": ("pjm", "PJMW", ["PJM-AP"], "KORD KEWR KRDU", "WV PA MD VA", EASTERN),
    "PJME": ("pjm", "PJME", MID_ATLANTIC, "KEWR", "NJ PA MD DE DC", EASTERN),
}
# A year of the early source and its mean MW, mean MW of 2020, first day.
LEVELS = {
    "COAST": (2018, 12_165, 12_210, "2002-01-01"),
    "EAST": (2018, 1_490, 1_625, "2002-01-01"),
    "FAR_WEST": (2018, 2_860, 3_682, "2002-01-01"),
    "NORTH": (2018, 869, 943, "2002-01-01"),
    "NORTH_C": (2018, 13_872, 13_153, "2002-01-01"),
    "SOUTHERN": (2018, 3_562, 3_478, "2002-01-01"),
    "SOUTH_C": (2018, 6_857, 6_906, "2002-01-01"),
    "WEST": (2018, 1_275, 1_375, "2002-01-01"),
    "NYIS": (2019, 17_789, 17_094, "2004-01-01"),
    "AEP": (2017, 14_484, 14_044, "2004-10-01"),
    "DAYTON": (2017, 1_974, 1_931, "2004-10-01"),
    "DOM": (2017, 11_058, 11_513, "2005-05-01"),
    "DUQ": (2017, 1_542, 1_475, "2005-01-01"),
    "COMED": (2017, 11_046, 10_618, "2004-05-01"),
    "PJMW": (2017, 5_500, 5_547, "2002-04-01"),
    "PJME": (2017, 30_651, 29_223, "2002-01-01"),
}
FOLDERS = {
    "ercot": "energy_ercot_native_load",
    "pjm": "energy_pjm_kaggle",
    "nyiso": "energy_nyiso",
    "eia930": "energy_eia930_2020_2024",
    "udayton": "weather_udayton_1995_2014",
    "meteostat": "weather_meteostat_2020_2024",
    "eia860": "energy_eia860_solar",
    "eia861m": "energy_eia861m",
}
ROLES = {
    "load": ["ercot", "pjm", "nyiso", "eia930"],
    "weather": ["udayton", "meteostat"],
    "capacity": ["eia860"],
    "sales": ["eia861m"],
}
NAMES = ["load", "cdd", "hdd", "temp_mean", "is_holiday", "solar_share"]


def region(early, series, late, airports, states, zone):
    cities = [CITIES[code] for code in airports.split()]
    return {
        "series": {early: [series], "eia930": late},
        "stations": {"udayton": cities, "meteostat": airports.split()},
        "states": states.split(),
        "timezone": zone,
    }


def needed(kind):
    """Return the patterns of the files that the pilot reads."""
    late = [name for row in REGIONS.values() for name in row[2]]
    zones = [row[1] for row in REGIONS.values() if row[0] == "pjm"]
    return {
        "eia930": [f"{name}.csv*" for name in late],
        "udayton": [f"{name}.txt*" for name in CITIES.values()],
        "pjm": [f"{name}_hourly.csv*" for name in [*zones, "NI"]],
        "eia860": ["3_3_Solar_Y2024.xlsx"],
    }.get(kind)


@pytest.fixture(scope="module")
def tables(mirror, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pilot")
    found = {}
    for role, kinds in ROLES.items():
        found[role] = {}
        for kind in kinds:
            spec = {"kind": kind, "origin": "mirror", "folder": FOLDERS[kind]}
            spec |= {"licence": "", "redistributable": False, "files": needed(kind)}
            raw.obtain(spec, None, mirror, folder / kind)
            found[role][kind] = raw.read(
                {"kind": kind}, folder / kind / "manifest.json"
            )
    return found


@pytest.mark.slow
@pytest.mark.mirror
def test_all_real_regions_have_features_at_the_known_levels(tables):
    spec = {
        "sources": ROLES,
        "entities": {"seen": list(REGIONS), "unseen": []},
        "regions": {name: region(*row) for name, row in REGIONS.items()},
        "start": "2002-01-01",
        "end": "2024-08-08",
        "features": NAMES,
        "target": {"horizons": [1]},
    }
    frame = energy.features(tables, spec)
    storage.validate(frame, schema(NAMES, [1]), "pilot")
    spans = frame.groupby("entity")["date"].agg(["min", "max"])
    for name, (_, _, _, first) in LEVELS.items():
        assert spans.loc[name].tolist() == [
            pd.Timestamp(first),
            pd.Timestamp("2024-08-08"),
        ]
    late = frame[frame["date"] >= "2020-01-01"]
    assert (late.groupby("entity").size() == 1682).all()


@pytest.mark.slow
@pytest.mark.mirror
def test_levels_of_all_real_regions_agree_with_the_known_ones(tables):
    means = {}
    for kind, table in tables["load"].items():
        local = table.assign(year=table["utc_end"].dt.year)
        means[kind] = local.groupby(["series", "year"])["mw"].mean()
    for name, (early, series, late, *_) in REGIONS.items():
        year, level, level_2020, _ = LEVELS[name]
        assert means[early][series, year] == pytest.approx(level, rel=0.01), name
        total = sum(means["eia930"][zone, 2020] for zone in late)
        assert total == pytest.approx(level_2020, rel=0.01), name
    growth = means["eia930"]["ERCO-FWES", 2024]
    assert growth == pytest.approx(6_778, rel=0.01)


@pytest.mark.slow
@pytest.mark.mirror
def test_data_rules_of_the_real_files_are_counted(tables):
    load = tables["load"]
    series = len(load["ercot"]["series"].unique())
    ercot = gridworld.rules(load["ercot"])
    assert ercot == {
        "E5": series * 4 * 24,  # 31 December of four leap years
        "E6": series * 15 * 5840,  # two of three stamps up to 2016
        "E7": series * 2 * 366,
        "E8": series * 17 * 2,
    }
    pjm = gridworld.rules(load["pjm"])
    assert pjm["E13"] == 2 and "E14" not in pjm and "E3" not in pjm
    assert pjm["E12"] == 7 + 2  # one hour of all zones and two of AEP
    assert gridworld.rules(load["nyiso"]) == {}
    eia930 = gridworld.rules(load["eia930"])
    assert eia930["E1c"] == 4 and set(eia930) == {"E1c", "E17"}
    imputed = load["eia930"]["flag"].str.contains("E17")
    share = imputed.groupby(load["eia930"]["series"]).mean()
    assert share.idxmax() == "PJM-ME" and share.max() < 0.013
