"""A page on this machine where an analyst changes a case, sees at once what that does, and issues the brief."""
