"""What people did, kept as rows with an author and a time."""
