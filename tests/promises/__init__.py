"""The promises of the project, each held by a test that also shows it would notice a breach."""
