"""The YAML before and between its checks: `motcua config new|show|migrate`."""
