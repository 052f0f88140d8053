"""The answer: what a minister's adviser carries into the room, with every number open to question."""
