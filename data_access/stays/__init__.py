"""The visibility engine as a job of its own, on one machine or on Apache Spark."""
