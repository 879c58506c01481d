"""A first look at Parquet files in a process of its own: a file made to exhaust or crash its reader ends that one.

`python -m data_access.feeds.probe` reads paths, a line each, and prints a line for each: what is wrong, or nothing. It
may take so much memory and no more; where it dies, the file that it was reading is named by the line that is missing.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

LIMIT = "NPD_PROBE_BYTES"
MEMORY = 4 << 30  # bytes of address space, where $NPD_PROBE_BYTES says nothing else
SECONDS_EACH, SECONDS_PER_MB = 30, 2  # of a processor; a busy machine takes longer by the clock
BUSY = 20
ROWS_AT_ONCE = 200_000
AT_ONCE = 1 << 30  # bytes that one batch of rows may unpack to
UNPACKED, TIMES = 2 << 30, 200  # bytes, and times its size, to which a whole file may unpack
DIED = "it takes too much memory or time to unpack, or breaks its reader"


def unreadable(paths: Sequence[Path]) -> tuple[Path, str] | None:
    """Return the first of some Parquet files that must not be read, and why; None: all may."""
    if not paths:
        return None
    size = sum(path.stat().st_size for path in paths)
    patience = SECONDS_EACH * len(paths) + SECONDS_PER_MB * (size >> 20)
    asked = "".join(f"{path.absolute()}\n" for path in paths)
    command = [sys.executable, "-m", "data_access.feeds.probe", str(patience)]
    try:
        waits = patience * BUSY
        done = subprocess.run(command, input=asked, capture_output=True, text=True, timeout=waits, cwd=_ROOT)
        lines = done.stdout.splitlines()
    except subprocess.TimeoutExpired as late:
        lines = (late.stdout or b"").decode().splitlines()
    found = [*lines, *[DIED] * (len(paths) - len(lines))]
    return next(((path, why) for path, why in zip(paths, found, strict=False) if why), None)


_ROOT = Path(__file__).resolve().parents[2]


def _main() -> None:
    # Arrow imports NumPy where there is one, for arrays that nobody asks for here: that was a third of the whole look.
    sys.modules["numpy"] = None
    most = int(os.environ.get(LIMIT) or MEMORY)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[1]), int(sys.argv[1])))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin:
        print(_wrong_with(Path(line.removesuffix("\n"))), flush=True)


def _wrong_with(path: Path) -> str:
    import pyarrow as pa
    import pyarrow.parquet as parquet

    most, unpacked = max(UNPACKED, TIMES * path.stat().st_size), 0
    try:
        with parquet.ParquetFile(path, pre_buffer=False) as file:
            for batch in file.iter_batches(batch_size=ROWS_AT_ONCE, use_threads=False):
                batch.validate(full=True)  # texts that are no UTF-8, indices that lead nowhere
                taken = sum(map(_bytes_written_out, batch.columns))
                unpacked += taken
                if taken > AT_ONCE or unpacked > most:
                    return f"its {path.stat().st_size:,} bytes unpack to more than {(unpacked - 1) >> 30} GB"
    except MemoryError:  # Arrow's says "malloc of size 9650432 failed": no sentence for who sent the file
        return DIED
    except (pa.ArrowException, OSError) as error:
        return " ".join(str(error).split())[:200] or type(error).__name__
    return ""


def _bytes_written_out(values: Any) -> int:
    """Measure values as they are when each stands for itself: a dictionary holds a long one once for a million rows."""
    import pyarrow as pa

    kinds, kind = pa.types, values.type
    if kinds.is_dictionary(kind) and _is_text(kind.value_type):
        return _length(values.dictionary, values.indices)
    if kinds.is_struct(kind):
        return sum(map(_bytes_written_out, values.flatten()))
    if kinds.is_nested(kind) and not kinds.is_map(kind):
        return values.nbytes + _bytes_written_out(values.flatten())
    return _length(values) if kinds.is_string_view(kind) else values.nbytes


def _length(texts: Any, taken: Any = None) -> int:
    """Add up the bytes of texts, or of those of them that are `taken`, each as often as it is."""
    import pyarrow as pa
    import pyarrow.compute as compute  # here: it takes as long to import as the rest, and most files have none of these

    lengths = compute.binary_length(texts).cast(pa.int64())
    return compute.sum(lengths if taken is None else lengths.take(taken)).as_py() or 0


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    named = pa.types
    tests = (named.is_string, named.is_large_string, named.is_binary, named.is_large_binary, named.is_string_view)
    return any(test(kind) for test in tests)


if __name__ == "__main__":
    _main()
