"""Prints every published dataset, its key and its columns: `python -m data_access.facts`. README.md's block is this."""

from data_access.facts.product import page

if __name__ == "__main__":
    print(page())
