"""Many runs, reproducible anywhere."""
