"""Which release is this?

The version, in one place: the package's face, the manifest of a run and `pyproject.toml` read it here.
"""

__version__ = "0.2.0"
