"""The loops give the same whether Python runs them as they are or Numba has compiled them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import compiled, grid
from metrics import stays as engine
from metrics.compiled import fingerprint, loops, machine_code
from metrics.kernels import kth
from metrics.location import epochs, every, lowest
from metrics.presence import presence
from tests.laws import examples
from tests.metrics.stays.force import GROUND, REDRAWN, SPOTS, duties_frame, fixes_frame
from tests.metrics.stays.test_laws import force, oracle

DAY = REDRAWN
PLAIN, COMPILED = loops(0), loops(compiled.MANY)


def test_few_rows_are_looped_over_as_they_are_and_many_by_machine_code():
    assert not hasattr(PLAIN.judged, "py_func")
    assert COMPILED.judged.py_func.__code__ is PLAIN.judged.__code__
    assert {name for name in compiled.KERNELS if not hasattr(getattr(COMPILED, name), "py_func")} == set()


@examples(25)
@given(force(), st.booleans())
def test_compiled_stays_are_those_of_the_interpreter(drawn, by_day):
    fixes, duties = drawn
    days = sorted({oracle.clock(second)[0] for _, second, *_ in fixes})
    counted = (days[0], days[-1]) if by_day and days else None

    def found(many):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(compiled, "MANY", many)
            each = engine.officer_stays(fixes_frame(fixes), duties_frame(duties), GROUND, counted=counted)
            seen = presence(each.visible.lazy(), ["A1", "B2"]).collect()
        return each.visibility, each.visible, each.hotspot_stays, each.fix_counts, seen

    for plain, machine in zip(found(1_000), found(0), strict=True):
        assert machine.equals(plain)


def test_cells_are_looked_up_alike_in_numpy_in_the_loop_and_compiled(monkeypatch):
    chance = np.random.default_rng(5)
    spots = np.array([*SPOTS.values(), (np.nan, 52.4), (-1.99, np.nan), (-400, 52.4), (-1.99, 1e9), (np.inf, -np.inf)])
    lon, lat = np.concatenate([spots, chance.uniform((-2.01, 52.39), (-1.97, 52.43), (3_000, 2))]).T.copy()
    for index in (GROUND.neighbourhoods, GROUND.premises, GROUND.hotspots):
        numpys = lowest(index, lon, lat, DAY), every(index, lon, lat, DAY)
        cells = index.grids[int(epochs(index, DAY)[0])]
        labels = grid.labels_at(cells, lon, lat)
        assert PLAIN.labels(lon, lat, *grid.cells_of(cells)).tolist() == labels.tolist()
        taken = lon, lat, *grid.cells_of(cells), grid.sets_of(cells), grid.outlines_of(cells)
        found, unsure, own = PLAIN.lowest_held(*taken)
        sure = np.setdiff1d(np.arange(len(lon)), unsure)
        assert found[sure].tolist() == numpys[0][sure].tolist()
        assert (labels[unsure] >= cells.first_edge).all()
        assert own.tolist() == labels[unsure].tolist()
        with monkeypatch.context() as patch:
            patch.setattr(compiled, "MANY", 0)
            assert grid.labels_at(cells, lon, lat).tolist() == labels.tolist()
            assert lowest(index, lon, lat, DAY).tolist() == numpys[0].tolist()
            assert [part.tolist() for part in every(index, lon, lat, DAY)] == [part.tolist() for part in numpys[1]]


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=30), st.data())
def test_the_value_at_a_rank_is_that_of_the_sorted_values(values, data):
    rank = data.draw(st.integers(0, len(values) - 1))
    assert kth(np.array([*values, -99]), len(values), rank) == sorted(values)[rank]


def test_machine_code_is_kept_by_the_constants_that_are_in_it():
    names = vars(PLAIN)
    assert fingerprint(names) in COMPILED.judged.py_func.__qualname__
    assert fingerprint({**names, "FASTEST": 2 * names["FASTEST"]}) != fingerprint(names)


def test_where_no_machine_code_can_be_kept_it_is_made_all_the_same():
    own = {}
    exec("def doubled(number):\n    return 2 * number", own)  # of no file: Numba has nowhere to keep it by
    doubled = machine_code(own["doubled"])
    assert (doubled(21), type(doubled).__name__) == (42, "CPUDispatcher")
