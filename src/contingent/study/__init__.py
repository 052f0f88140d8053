"""The whole question, start to end, run by run."""
