"""The command line: one module per command, each only parses, loads, calls and writes."""
