"""Passwords and PINs hashed in a moment: the program's own way takes 19 ms for each, on purpose."""

from argon2 import PasswordHasher

from decisionaid.casework import passwords

SHIPPED = {"_hasher": passwords._hasher, "_nobody": passwords._nobody}
"""What the program itself uses, for the tests that ask about it."""

passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
passwords._nobody = passwords._hasher.hash("nobody")
