"""A part of the mutated files of tests.bench.fuzz: none half-loaded, none that takes long or much."""

from tests.bench.fuzz import megabytes, run

FILES = 500  # python -m tests.bench.fuzz tries ten thousand
SECONDS, MEGABYTES = 60, 1500  # for one file, on a busy machine; for all of them, above the memory at the start


def test_mutated_files_are_refused_or_read_and_nothing_else() -> None:
    before = megabytes()
    tried = list(run(FILES, seed=2))
    assert len(tried) == FILES
    assert {"read", "refused", "loaded", "load refused"} == {became for became, _ in tried}
    assert max(seconds for _, seconds in tried) < SECONDS
    assert megabytes() - before < MEGABYTES
