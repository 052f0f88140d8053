"""The answer, said so that a tired adviser gets it right."""
