"""The officers of a folder of fixes by number: each text that a file has for one is read, stripped and named once."""

from dataclasses import dataclass, field

import numpy as np
import polars as pl
import pyarrow as pa

from data_access.feeds.pseudonyms import officers

NOBODY = 2**32 - 1  # the number of an empty text, and of none


@dataclass(kw_only=True, eq=False)
class Roll:
    """Officers numbered in the order in which they come. `naming`: the key that the store names them with, or None."""

    naming: bytes | None
    _by_text: dict[str | None, int] = field(default_factory=lambda: {None: NOBODY})
    _by_name: dict[str, int] = field(default_factory=dict)

    @property
    def officers(self) -> pl.Enum:
        """The names of all officers so far, in the order of their numbers."""
        return pl.Enum(list(self._by_name))

    def numbers(self, column: pa.ChunkedArray) -> pl.Series:
        """Return the number of each row's officer (UInt32); `column` is a dictionary, or text."""
        dictionaries = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        parts = [self._numbers(part) for part in dictionaries.chunks]
        return pl.Series("officer_id", np.concatenate(parts) if parts else [], dtype=pl.UInt32)

    def _numbers(self, part: pa.DictionaryArray) -> np.ndarray:
        texts = [*part.dictionary.to_pylist(), None]
        if new := [text for text in texts if text not in self._by_text]:
            self._name(new)
        number = np.array([self._by_text[text] for text in texts], dtype=np.uint32)
        given = part.indices.fill_null(len(texts) - 1) if part.null_count else part.indices
        return number[given.to_numpy()]

    def _name(self, texts: list[str]) -> None:
        named = officers(pl.Series(texts, dtype=pl.String), self.naming).cast(pl.String)
        for text, name in zip(texts, named, strict=True):
            self._by_text[text] = NOBODY if name is None else self._by_name.setdefault(name, len(self._by_name))
