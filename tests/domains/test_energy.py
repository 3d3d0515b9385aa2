import copy

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gridworld
from seqshift import localdays, raw, storage
from seqshift.domains import energy
from seqshift.errors import BadInput
from seqshift.schemas.features import features as schema
from seqshift.simulate import grid

CHICAGO = "America/Chicago"
START, END = "2016-01-01", "2016-12-31"
NAMES = ["load", "cdd", "hdd", "temp_mean", "is_holiday", "solar_share"]
DAYS = pd.date_range(START, END, unit="ns")


def hourly(days=DAYS, zone=CHICAGO, **mw):
    """Return LOAD_HOURLY of series with constant or given MW on whole local days."""
    ends = localdays.hours_of(days, zone)
    frames = [
        pd.DataFrame({"series": name, "utc_end": ends, "mw": mw_of, "flag": ""})
        for name, mw_of in mw.items()
    ]
    return pd.concat(frames, ignore_index=True)


def weather(days=DAYS, **mean):
    """Return WEATHER_DAILY of stations with constant or given temperature."""
    frames = [
        pd.DataFrame({"station": name, "date": days, "t_mean": t, "flag": ""})
        for name, t in mean.items()
    ]
    return pd.concat(frames, ignore_index=True).assign(t_max=np.nan, t_min=np.nan)


def degree_days(days=DAYS, **values):
    """Return DEGREE_DAYS of stations with constant cooling and heating."""
    frames = [
        pd.DataFrame({"station": name, "date": days, "cdd": c, "hdd": h, "flag": ""})
        for name, (c, h) in values.items()
    ]
    return pd.concat(frames, ignore_index=True)


def monthly(column, first="2015-01-01", months=24, **values):
    """Return CAPACITY (of PV power only) or SALES_MONTHLY of states."""
    index = pd.date_range(first, periods=months, freq="MS", unit="ns")
    frames = [
        pd.DataFrame({"state": state, "month": index, column: value, "flag": ""})
        for state, value in values.items()
    ]
    table = pd.concat(frames, ignore_index=True)
    return table.assign(total_mw=np.nan) if column == "pv_mw" else table


def marked(table, rows, rule):
    """Return the table with a rule in the flag of these rows."""
    return table.assign(flag=table["flag"].mask(np.isin(table.index, rows), rule))


def tables():
    return {
        "load": {"old": hourly(X=100.0)},
        "weather": {"airport": weather(KX=20.0)},
        "capacity": {"solar": monthly("pv_mw", TX=10.0)},
        "sales": {"sales": monthly("mwh", TX=72_000.0)},
    }


def spec(**changes):
    region = {"series": {"old": ["X"]}, "stations": {"airport": ["KX"]}}
    region |= {"states": ["TX"], "timezone": CHICAGO, "station_class": "A"}
    return {
        "sources": {key: list(names) for key, names in tables().items()},
        "entities": {"seen": ["ALFA"], "unseen": []},
        "regions": {"ALFA": region},
        "start": START,
        "end": END,
        "features": NAMES,
        "target": {"name": "load", "horizons": [1]},
    } | changes


def region(**changes):
    return {"ALFA": spec()["regions"]["ALFA"] | changes}


def features(given=None, **changes):
    wanted = spec(**changes)
    frame = energy.features(given or tables(), wanted)
    names, horizons = wanted["features"], wanted["target"]["horizons"]
    return storage.validate(frame, schema(names, horizons), "features")


def day(frame, date):
    return frame[frame["date"] == date].iloc[0]


def test_a_day_holds_23_24_or_25_hours_of_energy():
    frame = features()
    assert len(frame) == 366
    loads = {date: day(frame, date)["load"] for date in ("2016-03-13", "2016-11-06")}
    assert loads == {"2016-03-13": 2300.0, "2016-11-06": 2500.0}
    assert day(frame, "2016-07-01")["load"] == 2400.0


def test_degree_days_holidays_and_steps_follow_by_hand():
    given = tables()
    given["weather"]["airport"] = weather(KX=np.where(DAYS.month < 7, 25.0, 10.0))
    frame = features(given)
    june, july = day(frame, "2016-06-30"), day(frame, "2016-07-04")
    assert (june["cdd"], june["hdd"]) == (pytest.approx(25 - 18.333), 0.0)
    assert (july["cdd"], july["hdd"]) == (0.0, pytest.approx(18.333 - 10))
    assert june["is_holiday"] == 0 and july["is_holiday"] == 1
    assert frame["is_holiday"].sum() == 10
    assert july["step"] - june["step"] == 4
    assert day(frame, "2016-01-01")["step"] == 16_801  # days since 1970-01-01


def test_targets_look_ahead_and_naive_values_whole_weeks_back():
    given = tables()
    number = np.repeat(np.arange(len(DAYS)), localdays.lengths(DAYS, CHICAGO))
    given["load"]["old"] = hourly(X=100.0 + number)
    frame = features(given, target={"name": "load", "horizons": [1, 3, 9]})
    load = frame["load"]
    row = 100
    assert frame.loc[row, ["target_1", "target_3", "target_9"]].tolist() == [
        load[row],
        load[row + 2],
        load[row + 8],
    ]
    assert frame.loc[row, ["naive_1", "naive_3", "naive_9"]].tolist() == [
        load[row - 7],
        load[row - 5],
        load[row - 6],
    ]
    assert frame.loc[:6, "naive_1"].isna().all()
    assert frame["target_9"].isna().sum() == 8


def test_the_series_of_a_region_add_up_and_count_only_together():
    given = tables()
    given["load"]["old"] = hourly(X=100.0, Y=50.0)
    both = given["load"]["old"]
    owners = localdays.day_of(pd.DatetimeIndex(both["utc_end"]), CHICAGO)
    given["load"]["old"] = both[(both["series"] == "X") | (owners != "2016-05-02")]
    frame = features(given, regions=region(series={"old": ["X", "Y"]}))
    assert day(frame, "2016-07-01")["load"] == 150.0 * 24
    gone = DAYS.difference(frame["date"])
    assert gone.strftime("%m-%d").tolist() == ["05-02"]


def test_the_source_that_is_listed_first_wins_and_the_later_continues():
    given = tables()
    given["load"] = {"old": hourly(DAYS[:50], X=100.0), "new": hourly(DAYS[40:], Z=7.0)}
    given["weather"] = {
        "airport": weather(DAYS[:50], KX=10.0),
        "later": weather(DAYS[40:], KA=20.0, KB=30.0),
    }
    sources = spec()["sources"] | {"load": ["old", "new"]}
    sources |= {"weather": ["airport", "later"]}
    places = region(
        series={"old": ["X"], "new": ["Z"]},
        stations={"airport": ["KX"], "later": ["KA", "KB"]},
    )
    frame = features(given, sources=sources, regions=places)
    assert frame["load"].iloc[[45, 50]].tolist() == [2400.0, 168.0]
    assert frame["temp_mean"].iloc[[45, 50]].tolist() == [10.0, 25.0]


def test_solar_share_is_that_of_the_month_before():
    given = tables()
    power = np.r_[np.zeros(14), 30.0, np.full(9, 60.0)]  # first plant in March 2016
    given["capacity"]["solar"] = monthly("pv_mw", TX=power)
    frame = features(given)
    share = frame.set_index("date")["solar_share"]
    assert share["2016-03-31"] == 0.0
    assert share["2016-04-01"] == share["2016-04-30"] == 30 / (72_000 / 744)
    assert share["2016-05-01"] == 60 / (72_000 / 720)


def test_states_add_up_and_sales_are_held_outside_their_span():
    given = tables()
    given["capacity"]["solar"] = monthly("pv_mw", TX=10.0, OK=5.0)
    given["sales"]["sales"] = monthly(
        "mwh", "2016-05-01", 2, TX=[74_400.0, 72_000.0], OK=[0.1, 72_000.0]
    )
    frame = features(given, regions=region(states=["TX", "OK"]))
    share = frame.set_index("date")["solar_share"]
    assert share["2016-01-01"] == pytest.approx(15 / (100 + 0.1 / 744))
    assert share["2016-12-31"] == pytest.approx(15 / 200)


def test_missing_weather_or_short_days_leave_no_row():
    given = tables()
    given["weather"]["airport"] = weather(DAYS.delete(100), KX=20.0)
    load = given["load"]["old"].copy()
    load.loc[24 * 200 : 24 * 200 + 4, "mw"] = np.nan
    given["load"]["old"] = load
    frame = features(given)
    gone = DAYS.difference(frame["date"])
    assert len(gone) == 2 and DAYS[100] in gone
    assert set(frame["step"].diff().dropna()) == {1, 2}


def test_degree_days_of_their_own_source_take_the_place_of_those_of_the_mean():
    given = tables() | {"degree_days": {"cpc": degree_days(TX=(3.0, 1.0), OK=(5.0, 0))}}
    sources = spec()["sources"] | {"degree_days": ["cpc"]}
    stations = {"airport": ["KX"], "cpc": ["TX", "OK"]}
    frame = features(given, sources=sources, regions=region(stations=stations))
    assert (frame["cdd"] == 4.0).all() and (frame["hdd"] == 0.5).all()
    assert (frame["temp_mean"] == 20.0).all()
    given["degree_days"]["cpc"] = given["degree_days"]["cpc"].drop(index=[10, 40])
    frame = features(given, sources=sources, regions=region(stations=stations))
    assert DAYS.difference(frame["date"]).equals(DAYS[[10, 40]])


def test_degree_days_alone_need_no_temperatures():
    given = tables() | {"degree_days": {"cpc": degree_days(TX=(3.0, 1.0))}}
    sources = spec()["sources"] | {"degree_days": ["cpc"], "weather": []}
    changes = {"sources": sources, "regions": region(stations={"cpc": ["TX"]})}
    frame = features(given, features=["load", "cdd", "hdd"], **changes)
    assert len(frame) == len(DAYS)
    with pytest.raises(BadInput, match="unknown feature .* 'temp_mean'.* cdd, hdd"):
        features(given, features=["load", "temp_mean"], **changes)


def test_the_share_of_all_power_takes_the_place_of_that_of_mean_load():
    given = tables()
    solar = given["capacity"]["solar"]
    given["capacity"]["solar"] = solar.assign(total_mw=40.0)
    sources = spec()["sources"] | {"sales": []}
    assert (features(given, sources=sources)["solar_share"] == 0.25).all()
    given["capacity"]["solar"] = solar
    with pytest.raises(BadInput, match="so the role sales is needed"):
        features(given, sources=sources)


def test_repaired_is_the_share_of_the_values_of_a_day():
    given = tables()
    given["load"]["old"] = hourly(X=100.0, Y=50.0)
    both = given["load"]["old"]
    owners = localdays.day_of(pd.DatetimeIndex(both["utc_end"]), CHICAGO)
    first = np.flatnonzero((owners == "2016-05-02") & (both["series"] == "X"))
    given["load"]["old"] = marked(marked(both, first[:3], "E12"), first[5:9], "E8")
    given["weather"]["airport"] = marked(
        weather(KX=20.0, KY=21.0), [200, 366 + 201], "W1"
    )
    places = region(series={"old": ["X", "Y"]}, stations={"airport": ["KX", "KY"]})
    frame = features(given, regions=places)
    repaired = frame.set_index("date")["repaired"]
    assert repaired["2016-05-02"] == 3 / (2 * 24)
    assert (repaired[DAYS[[200, 201]]] == 1 / 2).all()
    assert (repaired > 0).sum() == 3


def test_repaired_counts_the_values_of_the_source_that_wins():
    given = tables()
    given["load"]["new"] = marked(hourly(X=7.0), range(9000), "E17")
    sources = spec()["sources"] | {"load": ["old", "new"]}
    given["load"]["old"] = hourly(DAYS[:50], X=100.0)
    places = region(series={"old": ["X"], "new": ["X"]})
    frame = features(given, sources=sources, regions=places)
    assert (frame["repaired"][:50] == 0).all()
    assert (frame["repaired"][51:] == 1).all()


def test_hours_that_a_day_lacks_count_as_repaired():
    given = tables()
    whole = hourly(X=100.0)
    hour = (whole["utc_end"].dt.hour == 12) & (whole["utc_end"] >= "2016-06-01")
    given["load"]["old"] = whole[~hour].reset_index(drop=True)
    places = region(series={"old": ["X"]})
    repaired = features(given, regions=places).set_index("date")["repaired"]
    assert repaired["2016-06-02":].between(1 / 25.1, 1 / 23.9).all()
    assert (repaired[:"2016-05-30"] == 0).all()


def test_the_daily_maximum_is_a_feature_only_where_it_is_wanted():
    given = tables()
    given["weather"]["airport"] = weather(KX=20.0).assign(t_max=30.0)
    frame = features(given, features=[*NAMES, "temp_max"])
    assert (frame["temp_max"] == 30.0).all()
    with pytest.raises(BadInput, match="no day with all features|no region has a day"):
        features(tables(), features=[*NAMES, "temp_max"])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"features": ["load", "wind"]}, "unknown feature .* 'wind'.*solar_share"),
        ({"entities": {"seen": ["BETA"], "unseen": []}}, "unknown region 'BETA'"),
        (
            {"regions": region(series={"old": ["W"]})},
            "unknown series of source old 'W'",
        ),
        ({"regions": region(stations={"airport": ["W"]})}, "station .* 'W': .* KX"),
        ({"regions": region(states=["TX", "OK"])}, "unknown state in the sales 'OK'"),
        ({"regions": region(series={})}, "ALFA has no day of load"),
        ({"start": "2017-06-01", "end": "2017-07-01"}, "no region has a day"),
    ],
)
def test_a_wrong_spec_is_refused(changes, words):
    with pytest.raises(BadInput, match=words):
        features(**changes)


def noisy():
    """Return tables of random values over the days of 2016."""
    rng = np.random.default_rng(0)
    given = tables()
    load = hourly(X=100.0)
    given["load"]["old"] = load.assign(mw=rng.uniform(50, 150, len(load)))
    given["weather"]["airport"] = weather(KX=rng.uniform(-10, 35, len(DAYS)))
    given["capacity"]["solar"] = monthly("pv_mw", TX=rng.uniform(0, 50, 24))
    given["sales"]["sales"] = monthly("mwh", TX=rng.uniform(6e4, 9e4, 24))
    return given


@settings(max_examples=16, deadline=None)
@given(st.integers(2, 300), st.sampled_from(["load", "weather", "capacity", "sales"]))
def test_later_raw_values_change_no_earlier_row(number, role):
    date = DAYS[number]
    before, after = noisy(), copy.deepcopy(noisy())
    (source, table), *_ = after[role].items()
    stamp, value = {
        "load": ("utc_end", "mw"),
        "weather": ("date", "t_mean"),
        "capacity": ("month", "pv_mw"),
        "sales": ("month", "mwh"),
    }[role]
    limit = localdays.to_utc(DAYS[[number]], CHICAGO)[0] if role == "load" else date
    late = table[stamp] > limit if role == "load" else table[stamp] >= limit
    table = table.assign(**{value: table[value].mask(late, 1.5 * table[value] + 1)})
    after[role][source] = table
    wanted = {"target": {"name": "load", "horizons": [1, 2]}}
    first, second = features(before, **wanted), features(after, **wanted)
    columns = ["date", "step", "naive_1", "naive_2", "target_1", *NAMES]
    early = first["date"] < date
    pd.testing.assert_frame_equal(first[columns][early], second[columns][early])
    assert not first.equals(second)


def test_features_of_simulated_sources_recover_the_world(tmp_path):
    world_spec = gridworld.spec(shift="both", trend=True)
    world = grid.make(world_spec)
    kinds = {"load": "eia930", "weather": "meteostat"}
    kinds |= {"capacity": "eia860", "sales": "eia861m"}
    given = {}
    for role, kind in kinds.items():
        source = {"kind": kind, "origin": "simulate", "licence": "MIT"}
        source |= {"redistributable": True}
        raw.obtain(source, world_spec, None, tmp_path / kind)
        given[role] = {
            kind: raw.read({"kind": kind}, tmp_path / kind / "manifest.json")
        }
    regions = {
        name: {
            "series": {"eia930": [name]},
            "stations": {"meteostat": [name]},
            "states": [world.states[name]],
            "timezone": world.timezone,
        }
        for name in gridworld.NAMES
    }
    frame = features(
        given,
        regions=regions,
        sources={role: [kind] for role, kind in kinds.items()},
        entities={"seen": gridworld.NAMES[:2], "unseen": gridworld.NAMES[2:]},
        start="2015-01-01",
        end="2017-12-31",
        features=[*NAMES, "temp_max"],
    )
    assert len(frame) == 3 * len(world.days)
    for name, truth, error in (
        ("load", world.load, 2e-3),
        ("temp_mean", world.temp_mean, 0.0501),
        ("temp_max", world.temp_max, 0.0501),
    ):
        found = frame.pivot(index="date", columns="entity", values=name)
        np.testing.assert_allclose(found, truth, rtol=0, atol=error)
    share = frame.pivot(index="date", columns="entity", values="solar_share")
    ratio = share["NORTH"] / world.solar_share["NORTH"]
    assert ratio.between(0.5, 1.6).all()
    holiday = frame[frame["entity"] == "EAST"].set_index("date")["is_holiday"]
    assert (holiday == world.holiday).all()
