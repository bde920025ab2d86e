"""What the service does, one function a use case.

Each takes the store, the principal who asks and plain values; API, pages and command line
call the same functions, so they cannot disagree.
"""
