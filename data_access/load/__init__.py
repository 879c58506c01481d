"""A load: find the files, check and store their rows, build the facts of the months they touch, report."""
