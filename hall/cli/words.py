"""The command line's own words in Vietnamese: usage, headings, what is wrong with the words."""

import argparse
import re
from typing import NoReturn

_WRONG = (
    (r"the following arguments are required: (.*)", r"còn thiếu: \1"),
    (r"unrecognized arguments: (.*)", r"không hiểu: \1"),
    (r"one of the arguments (.*) is required", r"cần một trong: \1"),
    (r"argument (\S+): expected one argument", r"\1: cần một giá trị"),
    (r"argument (\S+): expected at least one argument", r"\1: cần ít nhất một giá trị"),
    (r"argument (\S+): not allowed with argument (\S+)", r"\1 không đi cùng \2"),
    (r"argument (.+?): invalid \w+ value: (.*)", r"\1: giá trị \2 không dùng được"),
    (r"argument (.+?): invalid choice: (.*) \(choose from (.*)\)", r"\1: không có \2; có: \3"),
    (r"argument (\S+): (.*)", r"\1: \2"),
)


class Parser(argparse.ArgumentParser):
    """argparse knows no Vietnamese, and its translations are tied to the machine's locale."""

    def __init__(self, prog: str, description: str) -> None:
        super().__init__(prog=prog, description=description, add_help=False)
        self._positionals.title = "gồm"
        self._optionals.title = "tuỳ chọn"
        self.add_argument("-h", "--help", action="help", help="in phần này rồi thôi")

    def format_usage(self) -> str:
        return super().format_usage().replace("usage:", "cách dùng:", 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "cách dùng:", 1)

    def error(self, message: str) -> NoReturn:
        for pattern, words in _WRONG:
            message = re.sub(f"^{pattern}$", words, message)
        self.exit(2, f"{self.format_usage()}{self.prog}: {message}\n")
