"""The only room that reads and writes: the store, what goes into it, and who may see what of it."""
