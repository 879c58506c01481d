"""Facts: built from the store's rows by dataset and month, published as Parquet, completed when they are read."""
