"""The questions a brief answers, one module each, in the order in which they are asked."""
