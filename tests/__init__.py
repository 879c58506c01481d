"""Tests: a folder per layer, so that tests/metrics is not mistaken for metrics."""
