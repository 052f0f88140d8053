"""Past decisions and missions: what they teach about this one."""
