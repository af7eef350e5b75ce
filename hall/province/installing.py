"""The database of a province on its own server: roles, database, who may be whom. Again and again.

system's user motcua-province ── peer ──▶ role motcua-province, owner of everything
root                          ── peer ──▶ role root, which acts as motcua-province at once
"""

from hall.province.postgres_tools import PostgresTools

# The system's user that the service runs as (systemd/province), and its role.
OWNER = "motcua-province"
# Of the server, as `SHOW server_version_num` counts: Debian 12 has 15.
OLDEST = 150_000

_ROLES = r"""
SELECT 'CREATE ROLE "{owner}" LOGIN'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{owner}') \gexec
SELECT 'CREATE ROLE root LOGIN IN ROLE "{owner}"'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'root') \gexec
"""
# What a word means must not depend on the language of the machine.
_DATABASE = r"""
SELECT 'CREATE DATABASE "{name}" OWNER "{owner}" TEMPLATE template0 ENCODING ''UTF8'' '
       'LOCALE ''C.UTF-8'''
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{name}') \gexec
"""
# What root makes here belongs to the owner.
_ROOT_IS_OWNER = """
ALTER ROLE root IN DATABASE "{name}" SET role = '{owner}';
"""


def make_database(tools: PostgresTools, owner: str = OWNER) -> None:
    """What is there stays. Raises ToolFailed."""
    script = _ROLES + _DATABASE + _ROOT_IS_OWNER
    tools.administer(script.format(name=tools.name, owner=owner))


def let_root_be_owner(tools: PostgresTools, owner: str = OWNER) -> None:
    """Where root has a role at all: a database that took another's place does not know it."""
    if tools.administer("SELECT 1 FROM pg_roles WHERE rolname = 'root'").strip():
        tools.administer(_ROOT_IS_OWNER.format(name=tools.name, owner=owner))
