"""GPIO lines through the kernel's character devices (libgpiod), for gpiozero.

`factory` is what gpiozero is given; `lines` holds the chip's requests and the thread that reads
their edges; `requesting` asks for a line with as much as its chip can do; `chips` finds the chip;
`debounce` is pure. Needed of the machine: /dev/gpiochip* for reading and writing, and
/sys/dev/char, where libgpiod looks whether that file is a GPIO chip. Nothing of /proc.
"""
