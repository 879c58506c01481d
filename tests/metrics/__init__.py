"""Tests of the pure core, one file per room."""
