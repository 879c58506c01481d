"""The input contract: every feed's columns and tables, the named rules of its rows, and the reading of files."""
