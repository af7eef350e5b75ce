"""GPIO lines through the kernel's character devices (libgpiod), for gpiozero.

`factory` is what gpiozero is given; `lines` holds the chip's requests and the thread that reads
their edges (`listening`); `requesting` asks for a line with as much as its chip can do; `chips`
finds the chip; `debounce` and `header` (which pins may be wired) are pure.

Needed of the machine: /dev/gpiochip* for reading and writing, and /sys/dev/char, where libgpiod
looks whether that file is a GPIO chip. Nothing of /proc, no folder to write in.
"""
