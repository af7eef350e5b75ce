"""The Debian package on a machine: which versions lie there, which one runs, how one is tried.

Installed halls alone have one. Nothing here knows of the hall: the trial asks the command `motcua`,
of the version that runs and of the one that shall (docs/package.md).
"""
