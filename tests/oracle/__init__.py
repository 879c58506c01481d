"""Plain-Python oracles: loops written from the definitions, without Polars."""
